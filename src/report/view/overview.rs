//! What the first page answers: how long, who, detected, notified, mitigated, cause, fix, next.
//!
//! An unknown figure has no place here; one line at the end names what is not recorded.

use serde::Serialize;

use super::shapes::{ActionView, RolesView};
use crate::analysis::duration_name::DurationName;
use crate::analysis::gap::Remark;
use crate::analysis::phases::Duration;
use crate::markdown::{Block, Document, plain_text};
use crate::model::evidence::Choice;
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::{Kind, Review, Status};
use crate::report::{Report, phrasing, when};
use crate::text::clean::sentences;
use crate::text::{capitalized, counted, grouped, shortened};

/// The answers of the first page.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct OverviewView {
    /// Severity, status and the like, each in one or two words.
    pub labels: Vec<String>,
    /// The beginning of the summary, without Markdown: at most six lines.
    pub summary: Option<String>,
    /// At most five figures, those that are known.
    pub figures: Vec<KeyFigureView>,
    /// What the figure of the impact shows, in a sentence; null without windows of impact.
    pub finding: Option<String>,
    /// Cause, fix and next steps, as far as they are recorded.
    pub columns: Vec<ShortView>,
    /// Services, roles and the like, each in a line; at the end what is not recorded.
    pub facts: Vec<KeyFactView>,
}

/// A line of the first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct KeyFactView {
    /// What it is: `Services`.
    pub label: &'static str,
    /// What is known of it.
    pub value: String,
}

/// A figure of the first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct KeyFigureView {
    /// What it is: `Affected for`.
    pub label: String,
    /// The figure: `1 h 19 min`.
    pub value: String,
    /// A few words on it, such as when or how; empty if there is nothing to add.
    pub detail: String,
}

/// A part of the record in a few lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ShortView {
    /// `Cause`, `Fix` or `Next`.
    pub title: &'static str,
    /// A count to show beside the title; empty if there is none.
    pub note: String,
    /// The lines.
    pub lines: Vec<ShortLineView>,
}

/// A line of a [`ShortView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ShortLineView {
    /// A word to emphasise before the text, such as `Overdue`.
    pub lead: Option<&'static str>,
    /// The text, without Markdown.
    pub text: String,
}

/// The longest value that fits into a cell of the band, in characters.
const LONGEST_VALUE: usize = 16;
/// The longest answer, in characters: about three lines of a third of the page.
const LONGEST_ANSWER: usize = 170;
/// The longest summary on a page of its own, in characters: about six lines.
const LONGEST_SUMMARY: usize = 460;
/// The longest line of facts, in characters.
const LONGEST_FACT: usize = 220;
/// The most follow-ups on the first page.
const MOST_NEXT: usize = 3;

impl OverviewView {
    pub(super) fn new(report: &Report, action_items: &[ActionView]) -> Self {
        let cause = {
            let causes = &report.incident.root_causes;
            let first = causes.first();
            let text = first.and_then(|cause| cause.short.as_deref().or(Some(&cause.text)));
            let more = causes.len().saturating_sub(1);
            let note = if more > 0 { format!("and {more} more") } else { String::new() };
            ShortView::of("Cause", note, text)
        };
        let fix = {
            let resolution = report.incident.resolution.as_ref();
            let text = resolution.and_then(|resolution| {
                [&resolution.short, &resolution.permanent, &resolution.temporary]
                    .into_iter()
                    .find_map(|text| text.as_deref())
            });
            ShortView::of("Fix", String::new(), text)
        };
        OverviewView {
            labels: labels(report),
            summary: report
                .incident
                .summary
                .as_deref()
                .and_then(|text| short_of(text, LONGEST_SUMMARY)),
            figures: figures(report),
            finding: finding(report),
            columns: [cause, fix, next(action_items)].into_iter().flatten().collect(),
            facts: facts(report),
        }
    }
}

/// `Partial outage for ~46 min, degraded for 33 min.`
fn finding(report: &Report) -> Option<String> {
    let parts: Vec<String> = report
        .impact
        .by_level
        .iter()
        .map(|(name, length)| {
            let level = if name == "unknown" { "impact" } else { phrasing::level(name) };
            format!("{} for {length}", level.to_lowercase())
        })
        .collect();
    let so_far = if report.impact.open { " so far" } else { "" };
    (!parts.is_empty()).then(|| format!("{}{so_far}.", capitalized(&parts.join(", "))))
}

fn labels(report: &Report) -> Vec<String> {
    let incident = &report.incident;
    let kind =
        (incident.kind() != Kind::Incident).then(|| phrasing::kind(incident.kind()).to_owned());
    let severity = incident.severity.as_deref().map(str::to_uppercase);
    let status = incident.status().map(|status| phrasing::status(status).to_owned());
    let reopened = match report.reopened {
        0 => None,
        1 => Some("Reopened once".to_owned()),
        times => Some(format!("Reopened {times} times")),
    };
    let review = (incident.review() != Review::Published && report.audience().may_read_internals())
        .then(|| match incident.review() {
            Review::Draft => "Draft".to_owned(),
            other => format!("Write-up {}", phrasing::review(other)),
        });
    [kind, severity, status, reopened, review].into_iter().flatten().collect()
}

fn figures(report: &Report) -> Vec<KeyFigureView> {
    let first = impact(report);
    let known = first.as_ref().map(|figure| figure.value.clone()).unwrap_or_default();
    let choices = report.choices();
    let since = [
        (DurationName::Ttd, MilestoneName::DetectedAt, "Detected after"),
        (DurationName::Ttn, MilestoneName::FirstNoticeAt, "First notice after"),
    ]
    .into_iter()
    .filter_map(|(name, milestone, label)| after(report, &choices, name, milestone, label));
    // Of mitigation, recovery and resolution the first that is known and says something new.
    let end = [
        (DurationName::Ttm, MilestoneName::MitigatedAt, "Mitigated after"),
        (DurationName::Restore, MilestoneName::ImpactEnd, "Restored after"),
        (DurationName::Ttr, MilestoneName::ResolvedAt, "Resolved after"),
    ]
    .into_iter()
    .filter_map(|(name, milestone, label)| after(report, &choices, name, milestone, label))
    .find(|figure| figure.value != known);
    first.into_iter().chain(who(report)).chain(since).chain(end).collect()
}

/// How long users were affected; else how long the page reported it; else only when it was.
fn impact(report: &Report) -> Option<KeyFigureView> {
    let incident = &report.incident;
    let milestones = &incident.milestones;
    let figure = |label: &str, value: String, detail: String| {
        Some(KeyFigureView { label: label.to_owned(), value, detail })
    };
    let days = incident.occurred().map(|at| when::days(at, report.zone));
    if incident.kind() == Kind::NearMiss {
        return figure("Customer impact", "None".to_owned(), days.unwrap_or_default());
    }
    let windows = &report.impact.windows;
    let start = windows.iter().map(|window| window.start).min();
    let end = windows.iter().filter_map(|window| window.end).max().filter(|_| !report.impact.open);
    if let Some(length) = report.impact.union {
        let label = if report.impact.open { "Affected so far" } else { "Affected for" };
        return figure(label, length.to_string(), span(report, start, end));
    }
    let reported = known(report, DurationName::Reported);
    if let Some(length) = reported.and_then(|duration| duration.value.as_ref().ok()) {
        let (from, to) =
            (milestones.at(MilestoneName::FirstNoticeAt), milestones.at(MilestoneName::ResolvedAt));
        return figure("Reported for", length.to_string(), span(report, from, to));
    }
    figure("Date", days?, String::new())
}

/// `3 Feb 2026, ~10:12 – 11:31 CET`.
fn span(report: &Report, from: Option<Moment>, to: Option<Moment>) -> String {
    let Some(from) = from else { return String::new() };
    let day = when::day(from, report.zone);
    let clocks: Vec<String> = [Some(from), to]
        .into_iter()
        .flatten()
        .map(|at| when::clock(at, report.zone, day))
        .collect();
    let clocks = match clocks.as_slice() {
        [only] => format!("since {only}"),
        // `13:01 – 13:02 – 13:37` would not say where the one interval ends.
        both if both.iter().any(|clock| clock.contains('–')) => both.join(" to "),
        both => both.join(" – "),
    };
    let label = report.zone.label(from.earliest());
    format!("{}, {clocks} {label}", day.format("%-d %b %Y"))
}

/// How many were affected, by the first count that is short enough to be read at a glance.
fn who(report: &Report) -> Option<KeyFigureView> {
    let measures: Vec<(&str, String)> = super::impact::figures(report)
        .map(|(label, figure)| (label, grouped(&figure.to_string())))
        .collect();
    let is_count = |value: &str| {
        value.chars().count() <= LONGEST_VALUE && value.contains(|c: char| c.is_ascii_digit())
    };
    let at = measures.iter().position(|(_, value)| is_count(value))?;
    let others: Vec<String> = measures
        .iter()
        .enumerate()
        .filter(|&(other, (_, value))| other != at && is_count(value))
        .map(|(_, (label, value))| format!("{}: {value}", label.to_lowercase()))
        .take(2)
        .collect();
    let (label, value) = measures.into_iter().nth(at)?;
    Some(KeyFigureView { label: label.to_owned(), value, detail: others.join(", ") })
}

fn known(report: &Report, name: DurationName) -> Option<&Duration> {
    report.durations.iter().find(|duration| duration.name == name && duration.value.is_ok())
}

/// A duration, with the clock time at its end and how that is known.
fn after(
    report: &Report,
    choices: &[Choice],
    name: DurationName,
    milestone: MilestoneName,
    label: &str,
) -> Option<KeyFigureView> {
    let duration = known(report, name)?;
    let length = duration.value.as_ref().ok()?;
    let choice = choices.iter().find(|choice| choice.name == milestone);
    let from = report.incident.occurred().map(|at| when::day(at, report.zone));
    let clock =
        choice.zip(from).map(|(choice, day)| when::clock(choice.milestone.at, report.zone, day));
    let basis = choice.map(|choice| phrasing::basis_of(choice.milestone.basis, choice.witness));
    let basis = basis.map(|basis| basis.trim_start_matches("an ").trim_start_matches("a "));
    let detail: Vec<&str> = [clock.as_deref(), basis].into_iter().flatten().collect();
    let detail = detail.join(", ");
    let (label, value) = match duration.remark {
        Some(Remark::Proactive(lead)) => {
            (label.replace("after", "before impact by"), lead.to_string())
        }
        _ => (label.to_owned(), length.to_string()),
    };
    Some(KeyFigureView { label, value, detail })
}

impl ShortView {
    /// The first sentence of a text in Markdown, and the second where both are short.
    fn of(title: &'static str, note: String, text: Option<&str>) -> Option<ShortView> {
        let text = in_short(text?)?;
        Some(ShortView { title, note, lines: vec![ShortLineView { lead: None, text }] })
    }
}

fn in_short(markdown: &str) -> Option<String> {
    short_of(markdown, LONGEST_ANSWER)
}

/// The first sentences of a text that have at most `longest` characters; a first sentence that is
/// longer is cut.
pub(crate) fn short_of(markdown: &str, longest: usize) -> Option<String> {
    let document = Document::fragment(markdown);
    let first = document.blocks.iter().find_map(|block| match block {
        Block::Paragraph(content) => Some(plain_text(content)),
        Block::List { items, .. } => items.iter().flatten().find_map(|block| match block {
            Block::Paragraph(content) => Some(plain_text(content)),
            _ => None,
        }),
        _ => None,
    })?;
    let mut short = String::new();
    for sentence in sentences(&first) {
        let length = short.chars().count() + 1 + sentence.chars().count();
        if !short.is_empty() && length > longest {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(sentence);
    }
    // What introduces a list or a block of code ends here.
    if short.ends_with(':') {
        short.pop();
        short.push('.');
    }
    (!short.is_empty()).then(|| shortened(&short, longest + 40))
}

/// The open follow-ups that come first: overdue, then by their day, then in the file's order.
fn next(items: &[ActionView]) -> Option<ShortView> {
    if items.is_empty() {
        return None;
    }
    let mut open: Vec<&ActionView> = items.iter().filter(|item| item.open).collect();
    open.sort_by_key(|item| (item.overdue != Some(true), item.due.is_none(), item.due.clone()));
    let done = items.len() - open.len();
    let note = match done {
        0 => counted(items.len(), "follow-up"),
        _ => format!("{}, {done} done", counted(items.len(), "follow-up")),
    };
    let mut lines: Vec<ShortLineView> = open
        .iter()
        .take(MOST_NEXT)
        .filter_map(|item| {
            let text = shortened(&in_short(&item.text)?, 110);
            let text = text.trim_end_matches('.');
            let who = item.owner.as_ref().map_or_else(String::new, |owner| format!(" · {owner}"));
            let lead = (item.overdue == Some(true)).then_some("Overdue");
            Some(ShortLineView { lead, text: format!("{text}{who}") })
        })
        .collect();
    let more = open.len().saturating_sub(MOST_NEXT);
    if more > 0 {
        lines.push(ShortLineView { lead: None, text: format!("and {more} more") });
    }
    if open.is_empty() {
        lines.push(ShortLineView { lead: None, text: "All follow-ups are done".to_owned() });
    }
    Some(ShortView { title: "Next", note, lines })
}

fn facts(report: &Report) -> Vec<KeyFactView> {
    let incident = &report.incident;
    let (services, regions) = (incident.services.join(", "), incident.regions.join(", "));
    let roles = RolesView::new(&incident.roles, report.audience());
    let day = incident.occurred().map(|at| when::day(at, report.zone));
    let severities: Vec<String> = incident
        .severity_history
        .iter()
        .map(|change| {
            let known = day.unwrap_or_else(|| when::day(change.at, report.zone));
            format!("{} from {}", change.to, when::clock(change.at, report.zone, known))
        })
        .collect();
    let mut facts = vec![
        ("Services", services),
        ("Regions", regions),
        ("Not affected", incident.impact.not_affected.join(", ")),
        ("Commander", roles.commander.unwrap_or_default()),
        ("Communications", roles.comms.unwrap_or_default()),
        ("Severity", severities.join(", ")),
    ];
    if report.audience().may_read_internals() {
        let related = super::record::related(&incident.related);
        facts.extend(related.into_iter().map(|other| (other.label, other.id)));
    }
    facts.push(("Not recorded", not_recorded(report)));
    facts.retain(|(_, value)| !value.is_empty());
    facts
        .into_iter()
        .map(|(label, value)| KeyFactView { label, value: shortened(&value, LONGEST_FACT) })
        .collect()
}

/// Which milestones an incident should have and this one has not. What has not happened yet is not
/// missing.
fn not_recorded(report: &Report) -> String {
    let incident = &report.incident;
    if matches!(incident.kind(), Kind::NearMiss | Kind::Maintenance) {
        return String::new();
    }
    let is_over = incident.status() == Some(Status::Resolved);
    let expected = MilestoneName::ALL.iter().filter(|name| match name {
        MilestoneName::TriggerAt | MilestoneName::DeclaredAt => false,
        MilestoneName::MitigatedAt | MilestoneName::ImpactEnd | MilestoneName::ResolvedAt => {
            is_over
        }
        MilestoneName::ImpactStart
        | MilestoneName::DetectedAt
        | MilestoneName::AcknowledgedAt
        | MilestoneName::FirstNoticeAt
        | MilestoneName::IdentifiedAt => true,
    });
    let missing: Vec<&str> = expected
        .filter(|name| incident.milestones.at(**name).is_none())
        .map(|name| phrasing::milestone_noun(*name).trim_start_matches("the "))
        .collect();
    missing.join(", ")
}
