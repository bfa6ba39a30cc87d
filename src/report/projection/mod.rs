//! The part of an incident that an audience may read.
//!
//! Every output is made from a [`Projection`]: the template view, the figures, the metadata, the
//! attached source and the exported tables. A projection contains an [`Incident`] without the
//! data that its audience may not read, so later steps cannot print that data by mistake. See
//! [`super::audience`] for what each audience may read.
//!
//! For the public, the names of people in texts become pseudonyms, and the terms of `[redaction]`
//! in `posthoc.toml` are removed from every text.

mod fields;
mod folded;
mod links;
mod pattern;
mod people;
mod protection;
mod removal;
mod texts;

use std::borrow::Cow;
use std::ops::Deref;

use serde_yaml::Value;

pub use protection::{Protected, Protection};
pub use removal::Removal;

use super::audience::Audience;
use crate::model::Incident;
use crate::model::evidence::Trust;
use crate::model::path::{Path, Step};

/// An incident as its audience may read it.
#[derive(Debug, Clone)]
pub struct Projection {
    incident: Incident,
    audience: Audience,
    removals: Vec<Removal>,
    protected: Vec<Protected>,
    /// For each remaining entry, its index in the file.
    entries: Vec<usize>,
    /// The number of entries in the file.
    all_entries: usize,
}

impl Deref for Projection {
    type Target = Incident;

    fn deref(&self) -> &Incident {
        &self.incident
    }
}

impl Projection {
    /// The part of `incident` that `audience` may read. `trust` selects the evidence for the
    /// milestones, as in [`Audience::without_seconds`].
    pub fn new(
        incident: &Incident,
        audience: Audience,
        protection: &Protection,
        trust: Trust,
    ) -> Self {
        let coarse = audience.without_seconds(incident, trust);
        let mut removals = fields::coarser(incident, &coarse);
        let mut projected = match coarse {
            Cow::Borrowed(_) => incident.clone(),
            Cow::Owned(coarse) => coarse,
        };
        // The status can depend on entries that the audience may not read, so it is fixed first.
        projected.status = incident.status();
        let entries = fields::drop_entries(&mut projected, audience, &mut removals);
        let mut protected = Vec::new();
        if audience == Audience::Public {
            let people = people::people(incident, protection);
            fields::drop_internals(&mut projected, &mut removals);
            let edited = texts::Edit { people: &people, terms: &protection.terms };
            projected = edited.apply(projected, &|path| original(path, &entries), &mut removals);
            protected = words(&people, protection);
        }
        Projection {
            all_entries: incident.timeline.len(),
            incident: projected,
            audience,
            removals,
            protected,
            entries,
        }
    }

    /// The audience.
    pub fn audience(&self) -> Audience {
        self.audience
    }

    /// Returns the incident without the record of removals.
    pub fn into_incident(self) -> Incident {
        self.incident
    }

    /// The values that were left out or replaced, in file order where it is known.
    pub fn removals(&self) -> &[Removal] {
        &self.removals
    }

    /// The words that no output for the audience may contain.
    pub fn protected(&self) -> &[Protected] {
        &self.protected
    }

    /// The first protected word that is still in the incident, with its path. The id and numbers
    /// cannot be redacted, so a word can remain there.
    pub fn survivor(&self) -> Option<(&Protected, Path)> {
        if self.protected.is_empty() {
            return None;
        }
        let tree = serde_yaml::to_value(&self.incident).ok()?;
        let mut found = Vec::new();
        each_text(&tree, &Path::root(), &mut found);
        found.into_iter().find_map(|(path, text)| {
            let word = self.protected.iter().find(|word| word.is_in(&text))?;
            Some((word, path))
        })
    }

    /// The number of entries that were left out.
    pub fn omitted_entries(&self) -> usize {
        self.all_entries - self.entries.len()
    }

    /// Maps the index of an entry in the projection to its index in the file.
    pub fn index_in_file(&self, entry: usize) -> usize {
        self.entries.get(entry).copied().unwrap_or(entry)
    }
}

/// The words that no output may contain: terms, and names of people.
fn words(people: &people::People, protection: &Protection) -> Vec<Protected> {
    let terms = protection.terms.iter().map(|pattern| Protected {
        word: pattern.word().to_owned(),
        what: "a term of [redaction] in posthoc.toml",
        pattern: pattern.clone(),
    });
    // A single word can also occur in the text of a template, such as the name of a month.
    let full =
        people.in_texts().filter(|(pattern, _)| pattern.word().contains(char::is_whitespace));
    let names = full.map(|(pattern, _)| Protected {
        word: pattern.word().to_owned(),
        what: "the name of a person",
        pattern: pattern.clone(),
    });
    terms.chain(names).collect()
}

/// Collects every text and number in `value`, with its path.
fn each_text(value: &Value, path: &Path, found: &mut Vec<(Path, String)>) {
    match value {
        Value::String(text) => found.push((path.clone(), text.clone())),
        Value::Number(number) => found.push((path.clone(), number.to_string())),
        Value::Sequence(list) => list
            .iter()
            .enumerate()
            .for_each(|(index, inner)| each_text(inner, &path.clone().then(index), found)),
        Value::Mapping(map) => {
            for (key, inner) in map {
                let key = key.as_str().unwrap_or_default();
                let path = path.clone().then(key);
                found.push((path.clone(), key.to_owned()));
                each_text(inner, &path, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Tagged(_) => {}
    }
}

/// Maps a path in the projection to the path in the file, where the index of an entry may differ.
fn original(path: &Path, entries: &[usize]) -> Path {
    let mut steps = path.0.clone();
    if let [Step::Key(key), Step::Index(index), ..] = steps.as_mut_slice()
        && key == "timeline"
        && let Some(known) = entries.get(*index)
    {
        *index = *known;
    }
    Path(steps)
}

#[cfg(test)]
mod tests;
