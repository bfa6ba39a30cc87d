//! Words before a colon: `**Severity**: SEV2`, `Time to repair: 4h 12m`, `First detected 13:42`.

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::plain;
use crate::model::claims::ClaimName;
use crate::model::milestone::MilestoneName;
use crate::sources::naming::{self, Match};

/// What the value behind a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// The title.
    Title,
    /// The day of the incident.
    Date,
    /// The day on which the document was written or published.
    Dated,
    /// Who wrote it.
    Authors,
    /// How bad it was.
    Severity,
    /// Where it stands.
    Status,
    /// What was affected.
    Services,
    /// Who owns it.
    Teams,
    /// Free words.
    Tags,
    /// Who led the response.
    Commander,
    /// Who kept the notes.
    Scribe,
    /// Who owns the write-up.
    Owner,
    /// Who else responded.
    Responders,
    /// The zone of the times.
    Zone,
    /// From when to when it lasted.
    Span,
    /// A published length.
    Claim(ClaimName),
    /// When something happened that durations are computed from.
    Milestone(MilestoneName),
}

use ClaimName::{Duration, Repair, Tta, Ttd, Ttm, Ttr};
use MilestoneName::{
    AcknowledgedAt, DeclaredAt, DetectedAt, FirstNoticeAt, IdentifiedAt, ImpactEnd, ImpactStart,
    MitigatedAt, ResolvedAt, TriggerAt,
};

/// The labels of each field, in lower case, without marks and articles.
const FIELDS: &[(Field, &[&str])] = &[
    (Field::Zone, &["timezone", "time zone", "times in", "zone", "tz"]),
    (
        Field::Span,
        &[
            "time",
            "times",
            "incident time",
            "outage window",
            "impact window",
            "incident window",
            "window",
            "period",
            "incident period",
            "outage period",
            "time frame",
            "timeframe",
            "time period",
            "outage time",
            "downtime window",
        ],
    ),
    (Field::Title, &["title", "incident title", "incident name"]),
    (
        Field::Date,
        &[
            "date",
            "incident date",
            "date of incident",
            "day",
            "date of outage",
            "outage date",
            "when",
            "dates",
        ],
    ),
    (
        Field::Dated,
        &[
            "published",
            "published on",
            "publish date",
            "publication date",
            "posted",
            "posted on",
            "date published",
            "report date",
            "reported on",
            "date of report",
            "pubdate",
            "created",
            "written on",
            "review date",
        ],
    ),
    (
        Field::Authors,
        &[
            "author",
            "authors",
            "written by",
            "prepared by",
            "postmortem author",
            "post mortem author",
        ],
    ),
    (Field::Severity, &["severity", "sev", "severity level", "incident severity", "sev level"]),
    (Field::Status, &["status", "state", "incident status"]),
    (
        Field::Services,
        &[
            "services",
            "service",
            "affected services",
            "services affected",
            "affected systems",
            "systems affected",
            "affected service",
            "service affected",
            "components",
            "affected components",
            "impacted services",
            "services impacted",
            "systems",
        ],
    ),
    (Field::Teams, &["team", "teams", "owning team", "project", "responsible team"]),
    (Field::Tags, &["tags", "labels", "keywords"]),
    (
        Field::Commander,
        &["incident commander", "commander", "ic", "incident lead", "incident manager"],
    ),
    (Field::Scribe, &["scribe"]),
    (
        Field::Owner,
        &[
            "owner",
            "owners",
            "postmortem owner",
            "post mortem owner",
            "incident owner",
            "document owner",
        ],
    ),
    (
        Field::Responders,
        &["involved", "people involved", "responders", "incident responders", "on call", "oncall"],
    ),
    (
        Field::Claim(Duration),
        &[
            "duration",
            "outage duration",
            "incident duration",
            "total duration",
            "downtime",
            "total downtime",
            "time to recovery",
            "time to recover",
            "time to restore",
            "time to restoration",
            "impact duration",
            "length",
            "duration of incident",
            "duration of outage",
            "duration of impact",
            "mttr recovery",
            "time to restore service",
            "outage length",
            "total time",
            "total outage time",
            "total time down",
            "time down",
        ],
    ),
    (Field::Claim(Ttd), &["time to detect", "time to detection", "ttd", "mttd", "detection time"]),
    (
        Field::Claim(Tta),
        &[
            "time to acknowledge",
            "time to acknowledgement",
            "time to acknowledgment",
            "tta",
            "mtta",
            "time to engage",
        ],
    ),
    (Field::Claim(Ttm), &["time to mitigate", "time to mitigation", "ttm", "mttm"]),
    (Field::Claim(Ttr), &["time to resolve", "time to resolution", "ttr", "mttr"]),
    (Field::Claim(Repair), &["time to repair", "time to fix", "repair time"]),
    (
        Field::Milestone(ImpactStart),
        &[
            "fault occurs",
            "fault occurred",
            "start",
            "started",
            "start time",
            "incident start",
            "outage start",
            "impact start",
            "impact started",
            "incident started",
            "outage started",
            "outage began",
            "incident began",
            "start of impact",
            "start of incident",
            "start of outage",
            "began",
            "problem started",
            "issue started",
            "time of incident",
            "incident start time",
            "start date",
            "time started",
            "impact began",
            "incident from",
            "outage from",
            "start of disruption",
            "started at",
            "began at",
            "downtime start",
            "down",
            "went down",
            "down at",
            "down since",
        ],
    ),
    (
        Field::Milestone(DetectedAt),
        &[
            "first detected",
            "fault detected",
            "team aware",
            "detected",
            "incident detected",
            "issue detected",
            "detected at",
            "time detected",
            "time of detection",
            "detection",
            "discovered",
            "problem detected",
            "first noticed",
            "noticed",
            "we were alerted",
            "alerted",
            "discovery",
        ],
    ),
    (
        Field::Milestone(AcknowledgedAt),
        &["acknowledged", "incident acknowledged", "alert acknowledged", "time acknowledged"],
    ),
    (
        Field::Milestone(DeclaredAt),
        &[
            "declared",
            "incident declared",
            "incident raised",
            "incident opened",
            "time declared",
            "declared at",
        ],
    ),
    (
        Field::Milestone(FirstNoticeAt),
        &[
            "customers notified",
            "users notified",
            "first notice",
            "first public notice",
            "status page updated",
        ],
    ),
    (
        Field::Milestone(IdentifiedAt),
        &[
            "cause identified",
            "root cause identified",
            "root cause found",
            "issue identified",
            "problem identified",
        ],
    ),
    (
        Field::Milestone(MitigatedAt),
        &[
            "mitigated",
            "incident mitigated",
            "impact mitigated",
            "time mitigated",
            "issue mitigated",
        ],
    ),
    (
        Field::Milestone(ImpactEnd),
        &[
            "repaired",
            "incident repaired",
            "recovered",
            "recovery",
            "restored",
            "service restored",
            "services restored",
            "impact end",
            "impact ended",
            "end of impact",
            "outage ended",
            "outage end",
            "end of outage",
            "service recovered",
            "time of recovery",
            "recovered at",
            "restored at",
            "incident until",
            "outage until",
            "end of disruption",
            "downtime end",
            "up",
            "back up",
            "up at",
            "back online",
            "came back",
        ],
    ),
    (
        Field::Milestone(ResolvedAt),
        &[
            "resolved",
            "incident resolved",
            "issue resolved",
            "resolved at",
            "end",
            "ended",
            "end time",
            "incident end",
            "incident ended",
            "time resolved",
            "closed",
            "incident closed",
            "resolution time",
            "incident end time",
            "end date",
            "fully resolved",
            "time of resolution",
        ],
    ),
    (Field::Milestone(TriggerAt), &["triggered", "change deployed", "trigger", "deployed at"]),
];

/// A label is no longer, in words.
const LONGEST: usize = 7;

/// What the value behind `label` is.
pub(super) fn field(label: &str) -> Option<Field> {
    let words = words(label);
    FIELDS.iter().find(|(_, labels)| labels.contains(&words.as_str())).map(|(field, _)| *field)
}

/// The words of a label, in lower case, without marks, articles and what stands in brackets.
fn words(label: &str) -> String {
    let plain = naming::letters(label);
    let words = plain.split_whitespace().filter(|word| !["the", "a", "an"].contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// A label that begins a line, and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label<'a> {
    /// The words of the label, plain.
    pub(super) name: String,
    /// What stands behind it on the line.
    pub(super) value: &'a str,
    /// Whether it is written bold.
    pub(super) is_bold: bool,
}

impl Label<'_> {
    /// Whether the label has a meaning: a section's, whole, or a field's.
    pub(super) fn is_known(&self) -> bool {
        field(&self.name).is_some()
            || naming::section(&self.name).is_some_and(|(_, sure)| sure == Match::Exact)
    }
}

/// The label that `line` begins with: `**Impact**: …`, `**Impact:** …`, `**Key events**`, `Impact: …`.
pub(super) fn label(line: &str) -> Option<Label<'_>> {
    let line = line.trim();
    for mark in ["**", "__"] {
        let Some(rest) = line.strip_prefix(mark) else { continue };
        let (name, value) = rest.split_once(mark)?;
        let has_colon = name.trim_end().ends_with(':') || value.trim_start().starts_with(':');
        let name = name.trim().trim_end_matches(':').trim_end();
        let value = value.trim_start().trim_start_matches(':').trim();
        let is_label = (has_colon || value.is_empty()) && is_short(name);
        return is_label.then(|| Label { name: plain(name), value, is_bold: true });
    }
    let (name, value) = line.split_once(':')?;
    let is_label = name.starts_with(char::is_alphabetic)
        && is_short(name)
        && !name.contains(['`', '[', '|', '<', '.', ','])
        && (value.is_empty() || value.starts_with(char::is_whitespace));
    is_label.then(|| Label { name: plain(name), value: value.trim(), is_bold: false })
}

/// A line of several fields, as `author: A. date: 2026-03-20 project: B`, cut before each label. A
/// line of one, or of none, is whole.
pub(super) fn cut(line: &str) -> Vec<&str> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\s)(?P<label>[A-Za-z]+(?: [A-Za-z]+)?):\s")
            .expect("an expression of ours")
    });
    let labels = LABEL.captures_iter(line).filter_map(|found| found.name("label"));
    let starts: Vec<usize> =
        labels.filter(|label| field(label.as_str()).is_some()).map(|label| label.start()).collect();
    if starts.len() < 2 || line[..starts[0]].trim() != "" {
        return vec![line];
    }
    let ends = starts[1..].iter().copied().chain([line.len()]);
    starts.iter().zip(ends).map(|(start, end)| line[*start..end].trim_end()).collect()
}

fn is_short(name: &str) -> bool {
    !name.is_empty() && name.split_whitespace().count() <= LONGEST && !name.contains('\n')
}

/// Whether a value says that nobody knows or has written it yet: `?`, `TBD`, `Xh Xm`, `N/A`.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value
        .trim()
        .trim_matches(['*', '_', '`', '(', ')', '<', '>', '[', ']', '{', '}', '.'])
        .to_lowercase();
    let is_blank = value
        .chars()
        .all(|c| matches!(c, '?' | 'x' | 'h' | 'm' | '-' | '–' | '—' | '_' | ' ' | ':' | '.'));
    is_blank
        || [
            "tbd",
            "tba",
            "tbc",
            "n/a",
            "na",
            "todo",
            "unknown",
            "none",
            "xxx",
            "not known",
            "xx minutes",
            "x minutes",
            "minutes",
            "hours",
        ]
        .contains(&value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_is_found_at_the_start_of_a_line() {
        let told = |line: &str| {
            label(line).map(|label| (label.name, label.value.to_owned(), label.is_bold))
        };
        let some = |name: &str, value: &str, bold| Some((name.to_owned(), value.to_owned(), bold));
        assert_eq!(told("**Impact**: All users"), some("Impact", "All users", true));
        assert_eq!(told("**Impact:** All users"), some("Impact", "All users", true));
        assert_eq!(told("**Key events**"), some("Key events", "", true));
        assert_eq!(told("__Status__:"), some("Status", "", true));
        assert_eq!(told("Severity: SEV2"), some("Severity", "SEV2", false));
        assert_eq!(told("**Note** that it failed"), None);
        for line in [
            "https://example.com",
            "At 13:36 it failed",
            "We saw one thing, and another: both failed",
            "Plain",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }

    #[test]
    fn line_with_several_fields_is_split() {
        assert_eq!(
            cut("author: Ann B. date: 2026-03-20 project: Shop"),
            ["author: Ann B.", "date: 2026-03-20", "project: Shop"]
        );

        for line in
            ["Impact: all users", "We know the date: unknown, author: unknown", "author: only one"]
        {
            assert_eq!(cut(line), [line]);
        }
    }

    #[test]
    fn each_label_maps_to_one_field() {
        let all: Vec<&str> = FIELDS.iter().flat_map(|(_, labels)| labels.iter().copied()).collect();
        for label in &all {
            assert_eq!(
                all.iter().filter(|other| *other == label).count(),
                1,
                "{label} is there twice"
            );
            assert_eq!(*label, words(label), "{label} could never be found");
        }
        assert_eq!(field("Time to Repair"), Some(Field::Claim(Repair)));
        assert_eq!(field("The date of the incident (UTC)"), Some(Field::Date));
        assert_eq!(field("Anything else"), None);
    }

    #[test]
    fn placeholders_are_not_values() {
        for value in ["", "?", "TBD", "Xh Xm", "N/A", "--", "<tbd>", "xx minutes"] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["4h 9m", "1", "max", "hm, an hour"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
