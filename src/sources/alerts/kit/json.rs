//! The whole reader of a vendor that sends JSON.

use serde_json::Value;
use serde_json::value::RawValue;

use super::log::Log;
use super::node::Node;
use crate::diag::Warned;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead};
use crate::sources::record::Record;
use crate::sources::source::{Evidence, ReadError, ReadOptions, Source, Verdict, Yields};
use crate::sources::warnings::Warnings;

/// A reader of JSON alerts: one document, a list of records, or one record a line.
pub(in crate::sources) struct JsonAlerts {
    pub(in crate::sources::alerts) id: &'static str,
    pub(in crate::sources::alerts) about: &'static str,
    /// What people call the system: the actor of what no person did.
    pub(in crate::sources::alerts) system: &'static str,
    pub(in crate::sources::alerts) evidence: Evidence,
    /// The path of the list of records in a document that wraps one: `messages`. A document without
    /// it is a record itself.
    pub(in crate::sources::alerts) list: Option<&'static str>,
    /// Whether the head of a text is in this format. Paths begin at a record, wherever that is.
    pub(in crate::sources::alerts) is_record: fn(Head<'_>) -> bool,
    /// Adds the steps that a record describes; reports a record that describes none.
    pub(in crate::sources::alerts) read: fn(Node<'_>, &mut Log<'_>),
}

/// The head of a text, seen from one of its records.
#[derive(Clone, Copy)]
pub(in crate::sources::alerts) struct Head<'a> {
    head: &'a JsonHead,
    /// Where the record is: nothing, `[]` or `.messages[]`.
    at: &'a str,
}

impl<'a> Head<'a> {
    /// Whether the record has all of those paths: `event.event_type`.
    pub(in crate::sources::alerts) fn has(self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.head.has(&format!("{}.{path}", self.at)))
    }

    /// The scalar at a path of the record.
    pub(in crate::sources::alerts) fn first(self, path: &str) -> Option<&'a str> {
        self.head.first(&format!("{}.{path}", self.at))
    }
}

impl Source for JsonAlerts {
    fn id(&self) -> &'static str {
        self.id
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn evidence(&self) -> Evidence {
        self.evidence
    }

    fn yields(&self) -> Yields {
        Yields::Evidence
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        let wrapped = self.list.map(|list| format!(".{list}[]"));
        let places = ["", "[]"].into_iter().chain(wrapped.as_deref());
        if places.into_iter().any(|at| (self.is_record)(Head { head: &head, at })) {
            Verdict::Yes
        } else {
            Verdict::No("its records have other fields")
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut log = Log::new(Warnings::new(input, &decoded).in_zone(options.zone), self.system);
        let body = decoded.body();
        let (mut at, mut count) = (0, 0);
        while !body[at..].trim().is_empty() {
            let mut documents = serde_json::Deserializer::from_str(&body[at..]).into_iter::<&RawValue>();
            while let Some(Ok(document)) = documents.next() {
                count += 1;
                for record in records(document, self.list) {
                    log.next(record.get());
                    match serde_json::from_str::<Value>(record.get()) {
                        Ok(value) => (self.read)(Node(Some(&value)), &mut log),
                        Err(error) => log.warn(format!("this record cannot be read: {}", json::reason(&error))),
                    }
                }
            }
            at += documents.byte_offset();
            if count == 0 {
                // Reading it as a whole makes an error with its place.
                json::parse::<&RawValue>(&decoded, body)?;
            }
            // One record a line: what is wrong with one line is not wrong with the next.
            let rest = body[at..].trim_start();
            if !rest.is_empty() {
                let line = rest.split('\n').next().unwrap_or_default();
                log.next(line);
                log.warn("this line is not JSON and was left out");
                at = body.len() - rest.len() + line.len();
            }
        }
        Ok(log.finish())
    }
}

/// The records of a document: its elements, those of its list, or itself.
fn records<'a>(document: &'a RawValue, list: Option<&str>) -> Vec<&'a RawValue> {
    if let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(document.get()) {
        return elements.into_iter().flat_map(|element| records(element, list)).collect();
    }
    let inner = list.and_then(|list| {
        let members: std::collections::BTreeMap<std::borrow::Cow<'_, str>, &RawValue> =
            serde_json::from_str(document.get()).ok()?;
        serde_json::from_str::<Vec<&RawValue>>(members.get(list)?.get()).ok()
    });
    inner.unwrap_or_else(|| vec![document])
}
