//! Netlify StatusKit: an incident is a Markdown file with TOML front matter, from which Hugo makes
//! the page.
//!
//! `date` is when the file was created, and so the announcement; the start and end of the impact
//! are unknown. The leading text is of that time, and the posts follow, oldest first, each with a
//! timestamp after it, or before it in some files. `resolved = true` has no time: only a post with
//! that state gives the time of the resolution. The template misspells `affectedsystems`, and so do
//! files made from it.

use crate::diag::Warned;
use crate::sources::decode;
use crate::sources::front::{self, FrontKind};
use crate::sources::input::Input;
use crate::sources::record::Record;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::incident_file;
use crate::sources::status::kit::page_body::{segments, stamps_first};
use crate::sources::status::kit::page_file::Matter;
use crate::sources::warnings::Warnings;

pub(crate) struct StatusKit;

impl Source for StatusKit {
    fn id(&self) -> &'static str {
        "netlify-statuskit"
    }

    fn severities(&self) -> SeverityWords {
        incident_file::SEVERITIES
    }

    fn about(&self) -> &'static str {
        "Netlify StatusKit: an incident's Markdown file with TOML front matter"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        // Statusfy has TOML too, between other fences.
        if decode::head(input).starts_with("---") {
            return Verdict::No("its settings are not between lines of `+++`");
        }
        incident_file::sniff(input, FrontKind::Toml)
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let front = front::split(decoded.body())
            .filter(|front| front.kind == FrontKind::Toml)
            .ok_or_else(|| ReadError::new("no TOML between two lines of `+++` at its beginning"))?;
        let matter = Matter::parse(&front, &decoded)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let parts = stamps_first(front.body).unwrap_or_else(|| segments(front.body));
        let record =
            incident_file::incident(&matter, &parts, input, options.zone, &decoded, &mut warnings)?;
        Ok(warnings.finished(vec![Record::Incident(record)]))
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
            .posts
            .iter()
            .map(|Post { at, word, text, .. }| {
                let word = if *word == "resolved" { "Resolved" } else { "Investigating" };
                format!("\n**{word}**: {text} {{{{< track \"{at}\" >}}}}\n")
            })
            .collect();
        let Incident { title, revised, .. } = one;
        format!(
            "+++\ntitle = \"{title}\"\ndate = {}\nlastmod = {revised}\nseverity = \"partial-outage\"\naffectedsystems = [\"Builds\"]\nresolved = false\n+++\n{posts}",
            one.first().at
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timeline::State;
    use crate::sources::status::kit::api::testing::{outline, read};

    const FILE: &str = "+++\ntitle = \"Builds fail\"\ndate = 2026-02-10T20:10:01.000Z\nseverity = \"partial-outage\"\naffectedsystems = [\n  \"Builds\"\n]\nresolved = true\n+++\n
Builds fail.\nWe look.\n\n**Update**: Still so. {{< track \"2026-02-10T21:00:00.000Z\" >}}\n\n**Resolved**: Over. {{< track \"2026-02-10T22:10:00.000Z\" >}}";

    #[test]
    fn leading_text_is_dated_by_the_file_and_the_closing_post_is_the_end() {
        let (incidents, warnings) = read(&StatusKit, FILE);
        let incident = &incidents[0];
        assert_eq!(
            outline(incident),
            [
                "2026-02-10T20:10:01Z - Builds fail.  \nWe look.",
                "2026-02-10T21:00:00Z update Still so.",
                "2026-02-10T22:10:00Z resolved Over."
            ]
        );
        assert_eq!(incident.announced.unwrap().to_string(), "2026-02-10T20:10:01Z");
        assert_eq!(
            (incident.impact_start, incident.impact_end, incident.resolved),
            (None, None, None)
        );
        assert_eq!(
            (incident.state, incident.impact_word.as_deref()),
            (Some(State::Resolved), Some("partial-outage"))
        );
        assert_eq!(incident.components, [(String::new(), "Builds".to_owned())]);
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn maintenance_is_recognised_and_date_without_zone_is_an_error() {
        let text = FILE
            .replace("partial-outage", "under-maintenance")
            .replace("affectedsystems", "affectedsytems");
        let (incidents, _) = read(&StatusKit, &text);
        assert_eq!((incidents[0].maintenance, incidents[0].state), (true, Some(State::Completed)));
        assert_eq!((incidents[0].impact_word.as_deref(), incidents[0].components.len()), (None, 1));
        let text = FILE.replace("20:10:01.000Z", "20:10:01");
        let error = StatusKit.read(&Input::new("x.md", text), &ReadOptions::default()).unwrap_err();
        assert!(error.message.contains("has no zone") && error.hint.unwrap().contains("--zone"));
    }
}
