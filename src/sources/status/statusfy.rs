//! Statusfy: an incident is a Markdown file with YAML front matter, as documented in its guide
//! "Incidents" (`docs/guide/incidents.md` in its repository).
//!
//! The names and severities are those of Netlify StatusKit, its model; `date` is "the creation date
//! of the incident". A post is a container, `::: update TITLE | TIME`, in any order and with a
//! title in any language. A maintenance has its start in `scheduled`, and its length in minutes in
//! `duration`. The front matter may be TOML (`---toml`); JSON (`---json`), which the guide allows
//! too, is not read.

use chrono::TimeDelta;

use crate::diag::Warned;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::front::{self, FrontKind};
use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::incident_file;
use crate::sources::status::kit::page_body::Segment;
use crate::sources::status::kit::page_file::Matter;
use crate::sources::warnings::Warnings;

pub(crate) struct Statusfy;

impl Source for Statusfy {
    fn id(&self) -> &'static str {
        "statusfy-markdown"
    }

    fn severities(&self) -> SeverityWords {
        incident_file::SEVERITIES
    }

    fn about(&self) -> &'static str {
        "Statusfy: an incident's Markdown file with YAML front matter"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let kind = if is_toml(&decode::head(input)) { FrontKind::Toml } else { FrontKind::Yaml };
        incident_file::sniff(input, kind)
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let front = front::split(decoded.body())
            .filter(|front| front.kind == FrontKind::Yaml || is_toml(decoded.body()))
            .ok_or_else(|| {
                ReadError::new("no settings between two lines of `---` at its beginning")
            })?;
        let matter = Matter::parse(&front, &decoded)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let parts = containers(front.body);
        let mut record =
            incident_file::incident(&matter, &parts, input, options.zone, &decoded, &mut warnings)?;
        if record.maintenance {
            record.scheduled = scheduled(&matter, &mut warnings);
            record.state = record.state.or(record.scheduled.map(|_| State::Scheduled));
        }
        Ok(warnings.finished(vec![Record::Incident(record)]))
    }
}

/// Whether the front matter is TOML, between lines of `---toml` and `---`.
pub(super) fn is_toml(text: &str) -> bool {
    text.trim_start_matches('\u{FEFF}').starts_with("---toml")
}

/// The plan of a maintenance, with its end if its length is given.
fn scheduled(matter: &Matter<'_>, warnings: &mut Warnings<'_>) -> Option<(Moment, Option<Moment>)> {
    let from = matter.time_or_warning("scheduled", warnings)?;
    let minutes =
        matter.line("duration").and_then(|text| text.parse().ok()).and_then(TimeDelta::try_minutes);
    let until =
        minutes.and_then(|length| from.earliest().checked_add_signed(length)).map(Moment::exact);
    if until.is_none() {
        warnings.about(
            matter.place("duration"),
            "`duration` is not a number of minutes: the planned end is unknown",
        );
    }
    Some((from, until))
}

/// The containers of a text, and the text between them.
fn containers(body: &str) -> Vec<Segment<'_>> {
    let mut parts = Vec::new();
    let (mut at, mut plain, mut open) = (0, 0, None);
    for line in body.split_inclusive('\n') {
        let end = at + line.len();
        let marked =
            line.trim().strip_prefix(":::").map(|rest| rest.trim_start_matches(':').trim());
        match (marked, open) {
            (Some(""), Some((title, start))) => {
                push_container(body, title, start, at, &mut parts);
                (plain, open) = (end, None);
            }
            (Some(kind), None) => {
                if let Some(title) =
                    kind.strip_prefix("update").filter(|title| title.starts_with([' ', '\t']))
                {
                    push_plain(&body[plain..at], &mut parts);
                    open = Some((title.trim(), end));
                }
            }
            _ => {}
        }
        at = end;
    }
    match open {
        // Its closing line is missing, so its end is unknown.
        Some((title, start)) => push_container(body, title, start, body.len(), &mut parts),
        None => push_plain(&body[plain..], &mut parts),
    }
    parts
}

/// A container from its title to `end`; its text begins at `start`.
fn push_container<'a>(
    body: &'a str,
    title: &'a str,
    start: usize,
    end: usize,
    parts: &mut Vec<Segment<'a>>,
) {
    let (word, stamp) = match title.rsplit_once('|') {
        Some((word, stamp)) => (word.trim(), Some(stamp.trim())),
        None => (title, None),
    };
    let from = title.as_ptr() as usize - body.as_ptr() as usize;
    parts.push(Segment {
        word,
        stamp,
        is_tracked: true,
        text: body[start..end].trim(),
        whole: body[from..end].trim(),
    });
}

fn push_plain<'a>(part: &'a str, parts: &mut Vec<Segment<'a>>) {
    let whole = part.trim();
    if !whole.is_empty() {
        parts.push(Segment { word: "", stamp: None, is_tracked: false, text: whole, whole });
    }
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::files(format, IdOf::Number, Revision::Incident, written)
    }

    fn written(one: &Incident<'_>) -> String {
        let posts: String = one
            .newest()
            .map(|Post { at, word, text, .. }| {
                let word = if *word == "resolved" { "Resolved" } else { "Investigating" };
                format!("\n::: update {word} | {at}\n{text}\n:::\n")
            })
            .collect();
        let Incident { number, title, revised, .. } = one;
        format!(
            "---\nid: {number}\ntitle: {title}\ndate: {}\nmodified: {revised}\nseverity: degraded-performance\naffectedsystems:\n  - api\nresolved: false\n---\n{posts}",
            one.first().at
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};

    const FILE: &str = "---\nid: 382ee1ab\ntitle: Slow files\ndescription: Files were slow.\ndate: 2026-01-28T18:28:48.878Z\nmodified: 2026-01-28T20:28:48.878Z\nseverity: degraded-performance\naffectedsystems:\n  - api\n  - cdn\nresolved: true\n---\n\n<!-- a remark -->\nFiles were slow.\n
::: update Resolved | 2026-01-28T23:58:48.878Z\nAll is well.\n\nThanks.\n:::\n\n::: update En curso | 2026-01-28T19:28:48.878Z\nMiramos.\n:::\n";

    #[test]
    fn containers_are_posts_in_any_order_and_language() {
        let (incidents, warnings) = read(&Statusfy, FILE);
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            [
                "2026-01-28T18:28:48.878Z - Files were slow.",
                "2026-01-28T19:28:48.878Z - En curso | 2026-01-28T19:28:48.878Z  \nMiramos.",
                "2026-01-28T23:58:48.878Z resolved All is well.\n\nThanks."
            ]
        );
        assert_eq!((incident.id.as_str(), incident.state), ("382ee1ab", Some(State::Resolved)));
        assert_eq!(incident.components.len(), 2);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("unknown state `En curso`"), "{warnings:?}");
    }

    #[test]
    fn maintenance_has_its_plan() {
        let planned = FILE
            .replace(
                "degraded-performance",
                "under-maintenance\nscheduled: 2026-02-01T10:00:00Z\nduration: '90'",
            )
            .replace("resolved: true", "resolved: false");
        let (incidents, _) = read(&Statusfy, &planned);
        let (from, until) = incidents[0].scheduled.unwrap();
        assert_eq!(
            (from.to_string().as_str(), until.unwrap().to_string().as_str()),
            ("2026-02-01T10:00:00Z", "2026-02-01T11:30:00Z")
        );
        assert_eq!((incidents[0].maintenance, incidents[0].state), (true, Some(State::Scheduled)));
        let (incidents, warnings) = read(&Statusfy, &planned.replace("'90'", "long"));
        assert_eq!(incidents[0].scheduled, Some((from, None)));
        assert!(warnings[1].contains(":9:1: warning: `duration` is not a number"), "{warnings:?}");
    }

    #[test]
    fn unclosed_or_undated_container_is_not_lost() {
        let (incidents, _) = read(
            &Statusfy,
            &FILE.replace("::: update En curso | 2026-01-28T19:28:48.878Z", "::: update Soon"),
        );
        assert!(
            outline(&incidents[0])[0].ends_with("Files were slow.\n\nSoon  \nMiramos."),
            "{:?}",
            outline(&incidents[0])
        );
        let (incidents, _) = read(&Statusfy, FILE.trim_end().trim_end_matches(":::"));
        assert_eq!(incidents[0].updates.len(), 3);
    }
}
