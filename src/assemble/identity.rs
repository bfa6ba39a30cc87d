//! Determines which incident a record belongs to.
//!
//! The id of a record distinguishes it from others on its page. If a system has one sequence of ids
//! for all its pages, that is enough. If each page or installation counts from 1, the page is part
//! of the identity. The page is identified by the addresses of the record and its input, and by the
//! one in the file. An unknown page may be any page.

use std::collections::BTreeMap;

use super::Provenance;
use crate::model::origin::SourceInfo;
use crate::sources::record::IncidentRecord;
use crate::sources::{family, page};

/// What distinguishes an incident of a status page from all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Identity<'r> {
    /// The family of the format, and the id in it.
    key: (&'r str, &'r str),
    /// The page, by each of its known addresses; empty if the id is unique by itself.
    pages: Vec<String>,
}

/// How certain it is that two records belong to one incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// They have the same id, and nothing contradicts it.
    Id,
    /// They have the same id on the same page.
    PageAndId,
}

impl<'r> Identity<'r> {
    /// The identity of `record`, which was imported with `from`.
    pub(crate) fn of(record: &'r IncidentRecord, from: &'r Provenance) -> Self {
        Self::new(&record.id, from, record.url.as_deref())
    }

    /// The identity of the maintenance that `record` is the overrun of.
    pub(crate) fn of_overrun(record: &'r IncidentRecord, from: &'r Provenance) -> Option<Self> {
        Some(Self::new(record.overrun_of.as_deref()?, from, record.url.as_deref()))
    }

    /// The identity of the monitor that recorded `record`.
    pub(crate) fn of_monitor(record: &'r IncidentRecord, from: &'r Provenance) -> Option<Self> {
        Some(Self::new(&record.watched.as_ref()?.monitor, from, record.url.as_deref()))
    }

    /// The identity of the monitor whose record `source` is, if it is one.
    pub(crate) fn of_source_monitor(source: &'r SourceInfo) -> Option<Self> {
        let own = Self::of_source(source)?;
        let (monitor, _) = own.key.1.rsplit_once('-')?;
        Some(Identity { key: (own.key.0, monitor), ..own })
    }

    fn new(id: &'r str, from: &'r Provenance, address: Option<&str>) -> Self {
        let addresses = address.into_iter().chain(from.url.as_deref());
        let mut pages: Vec<String> =
            addresses.filter_map(|address| page(&from.format, address)).collect();
        pages.dedup();
        Identity { key: (family(&from.format), id), pages }
    }

    /// The identity of the record that `source` is; `None` if it is not a record.
    pub(crate) fn of_source(source: &'r SourceInfo) -> Option<Self> {
        let (format, id) = source.format.as_deref().zip(source.record.as_deref())?;
        let pages =
            source.url.as_deref().and_then(|address| page(format, address)).into_iter().collect();
        Some(Identity { key: (family(format), id), pages })
    }

    /// How certainly `other` is the same incident; `None` if it is another one.
    pub(crate) fn likeness(&self, other: &Identity) -> Option<Likeness> {
        if self.key != other.key {
            return None;
        }
        if self.pages.is_empty() || other.pages.is_empty() {
            return Some(Likeness::Id);
        }
        self.pages.iter().any(|page| other.pages.contains(page)).then_some(Likeness::PageAndId)
    }
}

/// A map from identities to values.
#[derive(Debug)]
pub(crate) struct ByIdentity<'k, T> {
    known: BTreeMap<(&'k str, &'k str), Vec<(Identity<'k>, T)>>,
}

impl<T> Default for ByIdentity<'_, T> {
    fn default() -> Self {
        ByIdentity { known: BTreeMap::new() }
    }
}

impl<'k, T> ByIdentity<'k, T> {
    /// Adds a value of an incident.
    pub(crate) fn insert(&mut self, identity: Identity<'k>, thing: T) {
        self.known.entry(identity.key).or_default().push((identity, thing));
    }

    /// The values of that incident, in the order of insertion. If some certainly belong to its
    /// page, only these are returned, without those that may belong to any page.
    pub(crate) fn of<'s>(&'s self, wanted: &Identity<'s>) -> Vec<&'s T> {
        let likely: Vec<(Likeness, &T)> = self
            .known
            .get(&wanted.key)
            .into_iter()
            .flatten()
            .filter_map(|(identity, thing)| Some((identity.likeness(wanted)?, thing)))
            .collect();
        let best = likely.iter().map(|(likeness, _)| *likeness).max();
        likely
            .into_iter()
            .filter(|(likeness, _)| Some(*likeness) == best)
            .map(|(_, thing)| thing)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(format: &str, url: Option<&str>) -> SourceInfo {
        SourceInfo {
            format: Some(format.into()),
            record: Some("7".into()),
            url: url.map(str::to_owned),
            ..SourceInfo::default()
        }
    }

    fn likeness(format: &str, one: Option<&str>, other: Option<&str>) -> Option<Likeness> {
        let (one, other) = (source(format, one), source(format, other));
        Identity::of_source(&one)?.likeness(&Identity::of_source(&other)?)
    }

    #[test]
    fn page_local_ids_are_distinguished_by_page() {
        let (a, b) = (
            Some("https://status.a.example/incidents/7"),
            Some("https://STATUS.b.example:443/api/v1/incidents"),
        );
        assert_eq!(likeness("cachet", a, b), None);
        assert_eq!(
            likeness("cachet", a, Some("http://Status.A.example/api/incidents")),
            Some(Likeness::PageAndId)
        );
        assert_eq!(likeness("cachet", a, None), Some(Likeness::Id));
        assert_eq!(likeness("cachet", None, None), Some(Likeness::Id));
        assert_eq!(likeness("statuspage-v2", a, b), Some(Likeness::Id), "its ids are global");
        assert_eq!(likeness("a-format-of-old", a, b), None);
        let (one, other) = (source("cachet", a), source("uptime-kuma", a));
        assert_eq!(
            Identity::of_source(&one).unwrap().likeness(&Identity::of_source(&other).unwrap()),
            None
        );
    }

    #[test]
    fn record_belongs_to_its_named_page_and_its_fetched_page() {
        let from = Provenance {
            format: "cachet".into(),
            url: Some("https://a.example/api".into()),
            ..Provenance::default()
        };
        let mut record = IncidentRecord::new("7".into(), "It broke".into());
        record.url = Some("http://localhost/incidents/7".into());
        let own = Identity::of(&record, &from);
        let is_it =
            |url: &str| own.likeness(&Identity::of_source(&source("cachet", Some(url))).unwrap());
        assert_eq!(is_it("http://localhost/incidents/7"), Some(Likeness::PageAndId));
        assert_eq!(is_it("https://a.example/api/incidents"), Some(Likeness::PageAndId));
        assert_eq!(is_it("https://b.example/api"), None);
    }

    #[test]
    fn certain_page_match_excludes_possible_ones() {
        let [any, a, b] = [None, Some("https://a.example"), Some("https://b.example")]
            .map(|url| source("cachet", url));
        let [any, a, b] = [&any, &a, &b].map(|source| Identity::of_source(source).unwrap());
        let mut known = ByIdentity::default();
        known.insert(any.clone(), "any");
        assert_eq!(known.of(&a), [&"any"]);
        known.insert(a.clone(), "a");
        assert_eq!(
            (known.of(&a), known.of(&b), known.of(&any)),
            (vec![&"a"], vec![&"any"], vec![&"any", &"a"])
        );
    }
}
