//! Home-made status pages: lists of incidents in JSON or in a table, with common field names or
//! those of `[formats.NAME]`.

use crate::diag::Warned;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::intake::Intake;
use crate::sources::mapping::{self, Fields, MappedKind};
use crate::sources::object_records::{Gather, gather};
use crate::sources::reader::Text;
use crate::sources::record::Record;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::warnings::Warnings;

pub(crate) struct HomeMade;

impl Source for HomeMade {
    fn id(&self) -> &'static str {
        "incident-records"
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords::COMMON
    }

    fn about(&self) -> &'static str {
        "Home-made lists of incidents: JSON or a table with a start, a title, and perhaps updates"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn is_last_resort(&self) -> bool {
        true
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match mapping::guess(input) {
            Some(mapping)
                if mapping.kind == MappedKind::Incidents && mapping.mistake().is_none() =>
            {
                Verdict::LastResort
            }
            _ => Verdict::No("not a list of incidents with a time and a title"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let warnings = Warnings::new(input, &decoded).in_zone(options.zone).read_on(options.today);
        let text = Text { input, decoded: &decoded, mapping: options.mapping.as_deref() };
        let fields = Fields::of(text)?;
        let mut found = Incidents { intake: Intake::new(warnings), records: Vec::new() };
        gather(
            text,
            &fields.lists(),
            |_| true,
            &mut found,
            |node, found| {
                let incident = mapping::incident(node, &fields, &mut found.intake);
                found.records.extend(incident.map(Record::Incident));
            },
        )?;
        fields.check(found.records.len())?;
        found.intake.finish(found.records)
    }
}

struct Incidents<'a> {
    intake: Intake<'a>,
    records: Vec<Record>,
}

impl<'a> Gather<'a> for Incidents<'a> {
    fn intake(&mut self) -> &mut Intake<'a> {
        &mut self.intake
    }
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::None, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let incidents = list(all, |one| {
            let posts = list(&one.posts, |Post { at, word, text, .. }| {
                format!(r#"{{"at": "{at}", "status": "{word}", "text": "{text}"}}"#)
            });
            let (number, title, start) = (one.number, one.title, one.first().at);
            format!(
                r#"{{"id": "{number}", "title": "{title}", "severity": "major", "created": "{start}", "updates": [{posts}]}}"#
            )
        });
        format!(r#"{{"incidents": [{incidents}]}}"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::outline;

    #[test]
    fn starts_ends_and_updates_are_read() {
        let text = r#"{"incidents": [
            {"id": "a-1", "title": "Shop is slow", "description": "Pages take a minute.", "severity": "major", "service": "Shop", "startedAt": "2026-03-01T10:00:00Z", "resolvedAt": "2026-03-01T11:00:00Z",
             "updates": [{"at": "2026-03-01T11:00:00Z", "status": "operational", "text": "All is well."}, {"at": "2026-03-01T10:05:00Z", "status": "investigating", "text": "We look."}]},
            {"id": "a-2", "service": "Mail", "status": "down", "startedAt": "2026-03-02T10:00:00Z", "resolvedAt": null, "updates": []}]}"#;
        let input = Input::new("page.json", text);
        assert_eq!(HomeMade.sniff(&input), Verdict::LastResort);
        let read = HomeMade.read(&input, &ReadOptions::default()).unwrap();
        let shown = |record: &Record| {
            let Record::Incident(incident) = record else { panic!("{record:?}") };
            let time = |at: Option<crate::model::time::Moment>| {
                at.map_or("-".to_owned(), |at| at.to_string())
            };
            let head = format!(
                "{} {} {} to {} {:?} {:?}",
                incident.id,
                incident.title,
                time(incident.impact_start),
                time(incident.resolved),
                incident.impact_word,
                incident.components
            );
            [vec![head], outline(incident)].concat().join("\n  ")
        };
        let lines: Vec<String> = read.value.iter().map(shown).collect();
        assert_eq!(read.warnings, []);
        insta::assert_snapshot!(lines.join("\n"), @r#"
        a-1 Shop is slow 2026-03-01T10:00:00Z to 2026-03-01T11:00:00Z Some("major") [("", "Shop")]
          2026-03-01T10:05:00Z investigating We look.
          2026-03-01T11:00:00Z resolved All is well.
        a-2 Mail: down 2026-03-02T10:00:00Z to - None [("", "Mail")]
        "#);
    }
}
