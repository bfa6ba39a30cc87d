//! Netlify StatusKit: an incident is a Markdown file with TOML settings, from which Hugo makes the
//! page.
//!
//! `date` is when the file was made, and so the announcement; nothing says when the harm began or
//! ended. The text at the top is of that time, and the posts follow it, the oldest first, each with
//! a stamp after it, or in files of other authors before it. `resolved = true` has no time of its own: when it was resolved only a post that
//! says so tells. The template misspells `affectedsystems`, and so do files made from it.

use crate::diag::Warned;
use crate::model::timeline::State;
use crate::model::zone::Zone;
use crate::sources::decode::{self, Decoded};
use crate::sources::front::{self, FrontKind};
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{Evidence, ReadError, ReadOptions, Source, Verdict, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::stamp::Order;
use crate::sources::status::kit::page_body::{Segment, segments, stamps_first};
use crate::sources::status::kit::page_file::{Matter, keys, stem};
use crate::sources::status::kit::page_posts::stamped;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};

/// The reader.
pub struct StatusKit;

/// Of this product and of those made after it; maintenance is a kind of its own.
pub(super) const SEVERITIES: SeverityWords =
    SeverityWords(&[("degraded-performance", "minor"), ("partial-outage", "major"), ("major-outage", "critical")]);

/// The severity of planned work.
const MAINTENANCE: &str = "under-maintenance";

/// The names of the list of what is affected, and what the template calls it.
const AFFECTED: [&str; 2] = ["affectedsystems", "affectedsytems"];

impl Source for StatusKit {
    fn id(&self) -> &'static str {
        "netlify-statuskit"
    }

    fn severities(&self) -> SeverityWords {
        SEVERITIES
    }

    fn about(&self) -> &'static str {
        "Netlify StatusKit: an incident's Markdown file with TOML front matter"
    }

    fn evidence(&self) -> Evidence {
        Evidence::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn sniff(&self, input: &Input) -> Verdict {
        // Statusfy has TOML too, between other lines.
        if decode::head(input).starts_with("---") {
            return Verdict::No("its settings are not between lines of `+++`");
        }
        sniff(input, FrontKind::Toml)
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let front = front::split(decoded.body())
            .filter(|front| front.kind == FrontKind::Toml)
            .ok_or_else(|| ReadError::new("no TOML between two lines of `+++` at its beginning"))?;
        let matter = Matter::parse(&front, &decoded)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let parts = stamps_first(front.body).unwrap_or_else(|| segments(front.body));
        let record = incident(&matter, &parts, input, options.zone, &decoded, &mut warnings)?;
        Ok(warnings.finished(vec![Record::Incident(record)]))
    }
}

/// Whether `input` has settings of that kind, with the names that these products have for them.
pub(super) fn sniff(input: &Input, kind: FrontKind) -> Verdict {
    let head = decode::head(input);
    let Some(front) = front::split(&head) else { return Verdict::No("no front matter") };
    let keys = keys(&front);
    let has = |key: &str| keys.iter().any(|known| known == key);
    if front.kind == kind && has("title") && has("severity") && AFFECTED.iter().any(|key| has(key)) {
        Verdict::Yes
    } else {
        Verdict::No("its front matter has no `severity` with `affectedsystems`, or is of another kind")
    }
}

/// The incident of a file whose text has these parts.
///
/// # Errors
/// [`ReadError`] when it has no `date`.
pub(super) fn incident(
    matter: &Matter<'_>,
    parts: &[Segment<'_>],
    input: &Input,
    zone: Option<Zone>,
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) -> Result<IncidentRecord, ReadError> {
    let date = matter.date(decoded, warnings)?;
    let mut found = stamped(parts, date, &matter.offsets(), Order::OldestFirst, zone, warnings);
    // Some products have a summary for the list of incidents, which often is how the text begins.
    let summary = matter.text("description").map(str::trim).filter(|summary| !found.text.contains(summary));
    let text = [summary.unwrap_or_default(), &found.text].join("\n\n");
    let text = clean_markdown(&text, TextKind::Markdown);
    found.posts.insert(0, Post { at: date, word: String::new(), state: None, text });
    found.posts.retain(|post| !post.text.is_empty());
    let severity = matter.line("severity");
    let maintenance = severity.as_deref() == Some(MAINTENANCE);
    let title = matter.line("title");
    let id = matter.line("id").or_else(|| stem(input));
    let id = id.unwrap_or_else(|| api::content_id(&[title.as_deref().unwrap_or_default(), &date.to_string()]));
    let over = if maintenance { State::Completed } else { State::Resolved };
    let updates = posts::updates(found.posts, Order::OldestFirst);
    let revised = matter.revised(warnings);
    Ok(IncidentRecord {
        maintenance,
        impact_word: severity.filter(|_| !maintenance),
        announced: api::announced(Some(date), &updates),
        state: matter.flag("resolved").filter(|resolved| *resolved).map(|_| over),
        components: api::ungrouped(AFFECTED.iter().flat_map(|key| matter.names(key))),
        revised: api::revised(revised, &updates),
        updates,
        lacks_zone: found.lacks_zone,
        ..IncidentRecord::new(id.clone(), title.unwrap_or(id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};

    const FILE: &str = "+++\ntitle = \"Builds fail\"\ndate = 2026-02-10T20:10:01.000Z\nseverity = \"partial-outage\"\naffectedsystems = [\n  \"Builds\"\n]\nresolved = true\n+++\n
Builds fail.\nWe look.\n\n**Update**: Still so. {{< track \"2026-02-10T21:00:00.000Z\" >}}\n\n**Resolved**: Over. {{< track \"2026-02-10T22:10:00.000Z\" >}}";

    #[test]
    fn the_text_at_the_top_is_of_the_date_and_the_end_is_the_post_that_says_so() {
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
        assert_eq!((incident.impact_start, incident.impact_end, incident.resolved), (None, None, None));
        assert_eq!((incident.state, incident.impact_word.as_deref()), (Some(State::Resolved), Some("partial-outage")));
        assert_eq!(incident.components, [(String::new(), "Builds".to_owned())]);
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn maintenance_is_told_and_a_date_without_a_zone_is_an_error() {
        let text = FILE.replace("partial-outage", "under-maintenance").replace("affectedsystems", "affectedsytems");
        let (incidents, _) = read(&StatusKit, &text);
        assert_eq!((incidents[0].maintenance, incidents[0].state), (true, Some(State::Completed)));
        assert_eq!((incidents[0].impact_word.as_deref(), incidents[0].components.len()), (None, 1));
        let text = FILE.replace("20:10:01.000Z", "20:10:01");
        let error = StatusKit.read(&Input::new("x.md", text), &ReadOptions::default()).unwrap_err();
        assert!(error.message.contains("has no zone") && error.hint.unwrap().contains("--zone"));
    }
}
