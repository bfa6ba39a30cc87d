//! Finds free ids for many new files at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::id::IncidentId;

/// The ids in use.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
    /// The number that is probably free next, by the id without a number: a thousand incidents with
    /// one title and day do not each try all numbers.
    next: BTreeMap<IncidentId, usize>,
}

impl Names {
    /// Starts with the ids that are in use.
    pub(crate) fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Names { taken: taken.into_iter().collect(), next: BTreeMap::new() }
    }

    /// `wanted`, or the same id with the first free number after it; it is in use from now on.
    pub(crate) fn take(&mut self, wanted: IncidentId) -> IncidentId {
        if self.taken.insert(wanted.as_str().to_owned()) {
            return wanted;
        }
        let number = self.next.entry(wanted.clone()).or_insert(2);
        loop {
            let numbered = wanted.numbered(*number);
            *number += 1;
            if self.taken.insert(numbered.as_str().to_owned()) {
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_new_file_gets_a_unique_name() {
        let id = |text: &str| text.parse::<IncidentId>().unwrap();
        let mut names = Names::new(["a".to_owned(), "a-3".to_owned()]);
        let taken: Vec<String> = (0..3).map(|_| names.take(id("a")).to_string()).collect();
        assert_eq!(
            (taken, names.take(id("b"))),
            (vec!["a-2".into(), "a-4".into(), "a-5".into()], id("b"))
        );
    }

    #[test]
    fn numbering_takes_linear_time() {
        let id: IncidentId = "a".parse().unwrap();
        let mut names = Names::new(Vec::new());
        for looked_at in 0..1000 {
            assert_eq!(
                names.next.get(&id).map_or(0, |next| next - 2),
                usize::saturating_sub(looked_at, 1)
            );
            names.take(id.clone());
        }
    }
}
