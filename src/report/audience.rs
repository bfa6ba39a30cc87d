//! Who reads a report, and what is left out for them.

use crate::model::timeline::{Entry, Visibility};
use crate::model::words::words;

words! {
    /// Who a report is for. Ordered: each reads what those before it may read.
    Audience {
        /// Everyone. Names of people, findings about the record and paths of files are left out.
        Public = "public",
        /// The company.
        Internal = "internal",
        /// A few people.
        Restricted = "restricted",
    }
}

impl Audience {
    /// Whether an entry is shown. A hidden one never is.
    pub fn may_read(self, entry: &Entry) -> bool {
        let least = match entry.visibility() {
            Visibility::Public => Audience::Public,
            Visibility::Internal => Audience::Internal,
            Visibility::Restricted => Audience::Restricted,
        };
        !entry.hidden && self >= least
    }

    /// Whether people are named.
    pub fn may_read_names(self) -> bool {
        self >= Audience::Internal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_audience_reads_what_the_wider_ones_read() {
        let entry = |visibility, hidden| Entry { visibility, hidden, ..Entry::default() };
        let read = |visibility, hidden| {
            Audience::ALL.iter().filter(|audience| audience.may_read(&entry(visibility, hidden))).count()
        };
        assert_eq!(read(Some(Visibility::Public), false), 3);
        assert_eq!(read(None, false), 2, "internal is the default");
        assert_eq!(read(Some(Visibility::Restricted), false), 1);
        assert_eq!(read(Some(Visibility::Public), true), 0, "hidden");
    }
}
