//! An incident's Markdown file with the front matter of Netlify StatusKit, which Statusfy uses too.

use super::api;
use super::feed::posts::{self, Post};
use super::feed::timestamp::Order;
use super::page_body::Segment;
use super::page_file::{Matter, keys, stem};
use super::page_posts::stamped;
use crate::model::timeline::State;
use crate::model::zone::Zone;
use crate::sources::decode::{self, Decoded};
use crate::sources::front::{self, FrontKind};
use crate::sources::input::Input;
use crate::sources::record::IncidentRecord;
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, Verdict};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};

/// The severities of this product and its successors; maintenance is one of them.
pub(in crate::sources::status) const SEVERITIES: SeverityWords = SeverityWords(&[
    ("degraded-performance", "minor"),
    ("partial-outage", "major"),
    ("major-outage", "critical"),
]);

/// The severity of planned work.
const MAINTENANCE: &str = "under-maintenance";

/// The names of the list of affected systems, including the template's misspelling.
const AFFECTED: [&str; 2] = ["affectedsystems", "affectedsytems"];

/// Whether `input` has such front matter.
pub(in crate::sources::status) fn sniff(input: &Input, kind: FrontKind) -> Verdict {
    let head = decode::head(input);
    let Some(front) = front::split(&head) else { return Verdict::No("no front matter") };
    let keys = keys(&front);
    let has = |key: &str| keys.iter().any(|known| known == key);
    if front.kind == kind && has("title") && has("severity") && AFFECTED.iter().any(|key| has(key))
    {
        Verdict::Yes
    } else {
        Verdict::No(
            "its front matter has no `severity` with `affectedsystems`, or is of another kind",
        )
    }
}

/// The incident of a file with these parts.
///
/// # Errors
/// [`ReadError`] if it has no `date`.
pub(in crate::sources::status) fn incident(
    matter: &Matter<'_>,
    parts: &[Segment<'_>],
    input: &Input,
    zone: Option<Zone>,
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) -> Result<IncidentRecord, ReadError> {
    let date = matter.date(decoded, warnings)?;
    let mut found = stamped(parts, date, &matter.offsets(), Order::OldestFirst, zone, warnings);
    // Some products have a summary for the list of incidents, which often repeats the start of the
    // text.
    let summary =
        matter.text("description").map(str::trim).filter(|summary| !found.text.contains(summary));
    let text = [summary.unwrap_or_default(), &found.text].join("\n\n");
    let text = clean_markdown(&text, TextKind::Markdown);
    found.posts.insert(0, Post { at: date, created: None, word: String::new(), state: None, text });
    found.posts.retain(|post| !post.text.is_empty());
    let severity = matter.line("severity");
    let maintenance = severity.as_deref() == Some(MAINTENANCE);
    let title = matter.line("title");
    let id = matter.line("id").or_else(|| stem(input));
    let id = id.unwrap_or_else(|| {
        api::content_id(&[title.as_deref().unwrap_or_default(), &date.to_string()])
    });
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
