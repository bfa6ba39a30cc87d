//! cState: an incident is a Markdown file with YAML front matter, from which Hugo makes the page.
//!
//! `date` and `resolvedWhen` bound the impact: the page shows "resolved after … of downtime"
//! between them (`layouts/issues/issue.html`). Only the timestamps of the posts give the
//! announcement. The newest post comes first. Text before a horizontal rule is a postmortem, which
//! has no timestamp and is placed after the last known time, as approximate. Text without its own
//! timestamp is one post at `date`, as on the page.
//!
//! Everything is typed by hand, and times without a zone are common. They are read in the zone that
//! the user gives; without one a timestamp stays in the text, and a `date` is an error.

use crate::diag::Warned;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::model::zone::Zone;
use crate::sources::decode::{self, Decoded};
use crate::sources::front::{self, FrontKind};
use crate::sources::input::Input;
use crate::sources::record::{IncidentRecord, Record, UntimedPost};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::Order;
use crate::sources::status::kit::page_body::{postmortem, segments};
use crate::sources::status::kit::page_file::{Matter, keys, stem};
use crate::sources::status::kit::page_posts::stamped;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};
use chrono::TimeDelta;

pub(crate) struct CState;

/// From a notice to an outage.
const SEVERITIES: SeverityWords =
    SeverityWords(&[("notice", "none"), ("disrupted", "major"), ("down", "critical")]);

/// Two times of the same event contradict each other if they are further apart than this.
const TOLERANCE: TimeDelta = TimeDelta::hours(1);

/// Posts further than this from their incident belong to another one, or have a wrong date.
const FAR: TimeDelta = TimeDelta::days(1);

impl Source for CState {
    fn id(&self) -> &'static str {
        "cstate"
    }

    fn severities(&self) -> SeverityWords {
        SEVERITIES
    }

    fn about(&self) -> &'static str {
        "cState: an incident's Markdown file with YAML front matter; give --zone where its times have none"
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
        let head = decode::head(input);
        let Some(front) = front::split(&head) else { return Verdict::No("no front matter") };
        let keys = keys(&front);
        let has = |key: &str| keys.iter().any(|known| known == key);
        let is_issue =
            || front.head.lines().any(|line| is_setting(line, "section", |value| value == "issue"));
        let has_severity = || {
            front.head.lines().any(|line| is_setting(line, "severity", |word| SEVERITIES.has(word)))
        };
        if front.kind != FrontKind::Yaml || !has("title") || !has("date") {
            Verdict::No("its front matter is not that of an incident")
        } else if has("resolvedwhen") || is_issue() || has_severity() && has("affected") {
            Verdict::Yes
        } else {
            Verdict::No("its front matter has no `section: issue` and no `resolvedWhen`")
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let front = front::split(decoded.body())
            .filter(|front| front.kind == FrontKind::Yaml)
            .ok_or_else(|| ReadError::new("no YAML between two lines of `---` at its beginning"))?;
        let matter = Matter::parse(&front, &decoded)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        if matter.flag("informational") == Some(true) {
            let message = "it is informational, which the page shows separately from incidents, and was left out";
            warnings.about(matter.place("informational"), message);
            return Ok(warnings.finished(Vec::new()));
        }
        if matter.flag("draft") == Some(true) {
            warnings.about(matter.place("draft"), "it is a draft: the page never showed it");
        }
        let record = incident(&matter, front.body, input, options.zone, &decoded, &mut warnings)?;
        Ok(warnings.finished(vec![Record::Incident(record)]))
    }
}

/// Whether a line of YAML sets such a value.
fn is_setting(line: &str, key: &str, is_it: fn(&str) -> bool) -> bool {
    let value = line
        .split_once(':')
        .filter(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value.trim());
    value.is_some_and(|value| is_it(value.trim_matches(['"', '\''])))
}

fn incident(
    matter: &Matter<'_>,
    body: &str,
    input: &Input,
    zone: Option<Zone>,
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) -> Result<IncidentRecord, ReadError> {
    let date = matter.date(decoded, warnings)?;
    let is_resolved = matter.flag("resolved");
    let resolved = matter.time_or_warning("resolvedWhen", warnings).filter(|resolved| {
        let is_after = resolved.latest() >= date.earliest();
        if !is_after {
            let message = format!(
                "`resolvedWhen` ({resolved}) is before `date` ({date}): when it was over is unknown"
            );
            warnings.about(matter.place("resolvedWhen"), message);
        }
        is_after && is_resolved != Some(false)
    });
    let (write_up, rest) =
        postmortem(body).map_or((None, body), |(write_up, rest)| (Some(write_up), rest));
    let mut found =
        stamped(&segments(rest), date, &matter.offsets(), Order::NewestFirst, zone, warnings);
    let first = found.posts.iter().map(|post| post.at).min();
    compare(matter, date, resolved, &found.posts, warnings);
    if !found.text.is_empty() {
        let text = clean_markdown(&found.text, TextKind::Markdown);
        found.posts.push(Post { at: date, created: None, word: String::new(), state: None, text });
    }
    let mut untimed = Vec::new();
    if let Some(write_up) = write_up {
        // Its publication time is unknown; being after the end is only a bound.
        let text = clean_markdown(write_up, TextKind::Markdown);
        untimed.push(UntimedPost {
            id: "postmortem".to_owned(),
            state: Some(State::Postmortem),
            text,
        });
    }
    let title = matter.line("title");
    let id = matter.line("id").or_else(|| stem(input));
    let id = id.unwrap_or_else(|| {
        api::content_id(&[title.as_deref().unwrap_or_default(), &date.to_string()])
    });
    found.posts.retain(|post| !post.text.is_empty());
    Ok(IncidentRecord {
        impact_word: matter.line("severity"),
        impact_start: Some(date),
        impact_end: resolved,
        announced: first,
        resolved,
        state: is_resolved.filter(|resolved| *resolved).map(|_| State::Resolved),
        components: api::ungrouped(matter.names("affected")),
        revised: api::revised(matter.revised(warnings), &[]),
        updates: posts::updates(found.posts, Order::NewestFirst),
        untimed,
        lacks_zone: found.lacks_zone,
        ..IncidentRecord::new(id.clone(), title.unwrap_or(id))
    })
}

/// Reports contradictions between the posts and the settings; both are kept.
fn compare(
    matter: &Matter<'_>,
    date: Moment,
    resolved: Option<Moment>,
    posts: &[Post],
    warnings: &mut Warnings<'_>,
) {
    let apart = |one: Moment, other: Moment| (one.earliest() - other.earliest()).abs();
    if let Some(first) = posts.iter().map(|post| post.at).min()
        && (first.latest() + TOLERANCE < date.earliest() || apart(first, date) > FAR)
    {
        let message = format!(
            "its posts begin at {first}, its `date` is {date}; one of them is likely mistyped"
        );
        warnings.about(matter.place("date"), message);
    }
    let over =
        posts.iter().filter(|post| post.state == Some(State::Resolved)).map(|post| post.at).max();
    if let (Some(over), Some(resolved)) = (over, resolved)
        && apart(over, resolved) > TOLERANCE
    {
        let message =
            format!("its posts say that it was resolved at {over}, `resolvedWhen` says {resolved}");
        warnings.about(matter.place("resolvedWhen"), message);
    }
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
