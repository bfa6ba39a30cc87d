use std::ops::Range;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::path::Path;
use crate::model::time::Moment;
use crate::model::zone::{self, OffSeason, Zone};

rule! {
    /// Finds zone labels that contradict the season: CET in July, EDT in January.
    ///
    /// The label says standard time while local clocks show summer time, so the time is an hour off
    /// if the writer meant the local clock. It is taken literally, like `+01:00`. Prose counts too
    /// ("escalated at 15:06 CET") if the day is certain: it is next to the time, or no day of the
    /// incident has that season.
    ///
    /// ```yaml
    /// milestones: {detected_at: 2026-07-17 14:09 CET}     # 14:09 CEST was meant, an hour earlier
    /// ```
    SeasonMismatch = "season-mismatch", Warning, "a zone label of the wrong season"
}

/// A longer incident may include both seasons.
const LONGEST: TimeDelta = TimeDelta::days(60);

fn check(context: &Context, findings: &mut Findings) {
    if !may_hold_label(context.text) {
        return;
    }
    let mut found_labels: Vec<(Contradiction, usize)> = Vec::new();
    for found in labels(context.text).filter_map(|label| contradiction(&label, context)) {
        match found_labels.iter_mut().find(|(first, _)| first.season.label == found.season.label) {
            Some((_, more)) => *more += 1,
            None => found_labels.push((found, 0)),
        }
    }
    for (Contradiction { season, has_date, is_certain, span }, more) in found_labels {
        let OffSeason { label, place, in_use, .. } = &season;
        let message = match has_date {
            true => season.to_string(),
            false => {
                format!("{label} contradicts the season: the clock of {place} is {in_use} then")
            }
        };
        let finding = findings.add(Path::root(), message).spanning(span);
        finding.hint(format!(
            "write {in_use} or {place} if that clock was meant, and the offset if not"
        ));
        if more > 0 {
            finding.hint(format!(
                "the label is in {more} more {}",
                if more == 1 { "place" } else { "places" }
            ));
        }
        if !is_certain {
            finding
                .graded(Level::Note)
                .hint(format!("{label} has other meanings too; `time_zone:` says which"));
        }
    }
}

/// A label after a clock time, or one that is stated for all of them.
struct Label<'a> {
    label: &'a str,
    clock: NaiveTime,
    /// The range of the clock time with its label in the text.
    span: Range<usize>,
    date: Option<NaiveDate>,
}

struct Contradiction {
    season: OffSeason,
    has_date: bool,
    /// Whether the label has one meaning, or the zone of the file decides.
    is_certain: bool,
    span: Range<usize>,
}

fn contradiction(label: &Label<'_>, context: &Context) -> Option<Contradiction> {
    let home = context.incident.time_zone.as_deref().and_then(|name| name.parse::<Zone>().ok());
    let (first, last) = match label.date {
        Some(date) => (date, date),
        None => days_of(&context.text[label.span.clone()], context)?,
    };
    let on =
        |date: NaiveDate| zone::off_season_in_prose(date.and_time(label.clock), label.label, home);
    // No place changes its clock twice in two months.
    let ((season, has_others), _) = (on(first)?, on(last)?);
    Some(Contradiction {
        season,
        has_date: label.date.is_some(),
        is_certain: !has_others,
        span: label.span.clone(),
    })
}

/// The first and the last possible day of a time in prose: those around the entries that contain
/// it, or else those of the whole incident.
fn days_of(written: &str, context: &Context) -> Option<(NaiveDate, NaiveDate)> {
    let incident = context.incident;
    let entries = incident
        .timeline
        .iter()
        .filter(|entry| entry.text.contains(written))
        .filter_map(|entry| entry.at);
    let mut times: Vec<Moment> = entries.collect();
    if times.is_empty() {
        times.extend(incident.milestones.known().map(|(_, milestone)| milestone.at));
        times.extend(incident.timeline.iter().filter_map(|entry| entry.at));
        times.extend(
            incident
                .impact
                .windows
                .iter()
                .flat_map(|window| [Some(window.start), window.end])
                .flatten(),
        );
    }
    let first = times.iter().map(|time| time.earliest()).min()?;
    let last = times.iter().map(|time| time.latest()).max()?;
    let day = TimeDelta::days(1);
    (last - first <= LONGEST).then(|| ((first - day).date_naive(), (last + day).date_naive()))
}

/// The fast path: whether capital letters follow a digit, am or pm, or "in". Most files contain
/// none and are scanned in one pass.
fn may_hold_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_behind_a_clock = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '(']);
        before.ends_with(|c: char| c.is_ascii_digit() || matches!(c, 'm' | 'M' | 'n'))
    };
    let starts = |at: usize| {
        bytes[at].is_ascii_uppercase()
            && bytes.get(at + 1).is_some_and(u8::is_ascii_uppercase)
            && at.checked_sub(1).is_none_or(|before| !bytes[before].is_ascii_uppercase())
    };
    let has_capitals = |chunk: &[u8]| {
        // Without an early exit, so that the compiler can vectorise it.
        let pairs = chunk.iter().zip(&chunk[1..]);
        pairs.fold(false, |found, (one, next)| {
            found | (one.is_ascii_uppercase() & next.is_ascii_uppercase())
        })
    };
    // Each chunk overlaps the next one by one byte.
    let chunks = (0..bytes.len()).step_by(CHUNK).map(|from| from..bytes.len().min(from + CHUNK));
    let holding =
        chunks.filter(|chunk| has_capitals(&bytes[chunk.start..bytes.len().min(chunk.end + 1)]));
    holding.flatten().any(|at| starts(at) && is_behind_a_clock(at))
}

/// The number of bytes that are compared together.
const CHUNK: usize = 64;

/// Every label in the text in a plausible position. Comment lines are skipped.
fn labels(text: &str) -> impl Iterator<Item = Label<'_>> {
    let beside_clocks = text.match_indices(':').filter_map(|(colon, _)| beside_clock(text, colon));
    let of_all = text.match_indices(" in ").filter_map(|(at, found)| {
        let says_times = ["ime", "imes", "imes are"].iter().any(|end| text[..at].ends_with(end));
        let start = at + found.len();
        let label = says_times.then(|| label_at(text, start))??;
        let span = start..start + label.len();
        Some(Label { label, clock: NaiveTime::from_hms_opt(12, 0, 0)?, span, date: None })
    });
    let labels = beside_clocks.chain(of_all).filter(|label| zone::is_label(label.label));
    labels.filter(|label| {
        let line = text[..label.span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let before = &text[line..label.span.start];
        !before.trim_start().starts_with('#') && !before.contains(" # ")
    })
}

/// The clock time around that colon, if a label follows it.
fn beside_clock(text: &str, colon: usize) -> Option<Label<'_>> {
    let bytes = text.as_bytes();
    let digit = |at: usize| {
        bytes.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'))
    };
    let minute = digit(colon + 1)? * 10 + digit(colon + 2)?;
    let ones = digit(colon.checked_sub(1)?)?;
    let tens = colon.checked_sub(2).and_then(digit);
    let start = colon - if tens.is_some() { 2 } else { 1 };
    // `09:15:20:` and `2026-03:17` are not clock times, and neither is the text after the colon of
    // the hour.
    if start > 0 && matches!(bytes[start - 1], b':' | b'.' | b'0'..=b'9') {
        return None;
    }
    let mut hour = tens.unwrap_or(0) * 10 + ones;
    let mut rest = &text[colon + 3..];
    if let Some(seconds) = rest.strip_prefix(':') {
        rest = seconds.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    }
    let spaced = rest.trim_start_matches(' ');
    for (half, is_pm) in [("am", false), ("AM", false), ("pm", true), ("PM", true)] {
        if let Some(after) = spaced.strip_prefix(half) {
            (hour, rest) = (hour % 12 + if is_pm { 12 } else { 0 }, after);
        }
    }
    let label_start = text.len() - rest.trim_start_matches([' ', '(']).len();
    let label = label_at(text, label_start)?;
    let end = label_start + label.len();
    let date = date_before(&text[..start]).or_else(|| date_after(&text[end..]));
    Some(Label { label, clock: NaiveTime::from_hms_opt(hour, minute, 0)?, span: start..end, date })
}

/// Capital letters that may be a label.
fn label_at(text: &str, start: usize) -> Option<&str> {
    let rest = text.get(start..)?;
    let length = rest.bytes().take_while(u8::is_ascii_uppercase).count();
    let ends = !rest[length..]
        .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '+' | '-' | '/' | '_'));
    (matches!(length, 2..=5) && ends).then(|| &rest[..length])
}

fn date_before(text: &str) -> Option<NaiveDate> {
    let text = text.trim_end_matches([' ', 'T', ',', '|']);
    let date = text.get(text.len().checked_sub(10)?..)?;
    date.parse().ok()
}

fn date_after(text: &str) -> Option<NaiveDate> {
    let text = text.trim_start_matches([' ', ',', ')', '|']);
    text.strip_prefix("on ").unwrap_or(text).get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::{entry, with};
    use crate::analysis::rules::tests::shown;
    use crate::model::Incident;
    use crate::model::milestone::MilestoneName::{ImpactStart, ResolvedAt};

    fn found(text: &str, incident: &Incident) -> Vec<String> {
        shown(
            &SeasonMismatch,
            &Context::new(incident, &Definitions::default(), &[], None).with_text(text),
        )
    }

    /// An incident of a day, in a zone.
    fn on(day: &str, zone: Option<&str>) -> Incident {
        let at = |clock: &str| format!("{day}T{clock}Z");
        let mut incident = with("x", &[(ImpactStart, &at("10:00")), (ResolvedAt, &at("14:06"))]);
        incident.time_zone = zone.map(str::to_owned);
        incident
    }

    #[test]
    fn stored_label_of_the_other_season_is_reported() {
        assert_eq!(
            found("milestones:\n  detected_at: 2023-06-11 15:06 CET\n", &on("2023-06-11", None)),
            [
                "warning : CET contradicts the season: on 2023-06-11 the clock of Europe/Berlin is CEST; taken literally it is 2023-06-11T14:06:00Z, by that clock 2023-06-11T13:06:00Z"
            ]
        );
        assert_eq!(found("at: 2023-01-11T15:06:09 EDT", &on("2023-01-11", None)).len(), 1);
        assert!(found("at: 2023-06-11 15:06 CEST", &on("2023-06-11", None)).is_empty());
        assert!(found("at: 2023-01-11 15:06 CET", &on("2023-01-11", None)).is_empty());
        assert!(
            found("at: 2023-06-11 15:06 MST", &on("2023-06-11", None)).is_empty(),
            "Arizona keeps it all year"
        );
        assert_eq!(
            found("at: 2023-06-11 15:06 MST", &on("2023-06-11", Some("America/Denver"))).len(),
            1
        );
        assert!(
            found("at: 2023-06-11 15:06 CET", &on("2023-06-11", Some("Africa/Algiers"))).is_empty()
        );
        assert_eq!(
            found("at: 2023-06-11 15:06 GMT", &on("2023-06-11", Some("Europe/London"))).len(),
            1
        );
        assert!(
            found("at: 2023-06-11 15:06 GMT", &on("2023-06-11", None)).is_empty(),
            "it is used for UTC"
        );
    }

    #[test]
    fn prose_is_checked_where_the_day_is_certain() {
        let summer = on("2023-06-11", None);
        let says = "CET contradicts the season: the clock of Europe/Berlin is CEST then";
        assert_eq!(
            found("summary: Escalated at 3:06 pm CET.", &summer),
            [format!("warning : {says}")]
        );
        assert_eq!(
            found("summary: Escalated at 15:06 (CET).", &summer),
            [format!("warning : {says}")]
        );
        assert_eq!(
            found("summary: |\n  All times in CET.", &summer),
            [format!("warning : {says}")]
        );
        assert_eq!(found("text: at 15:06 CET on 2023-07-01", &on("2023-01-11", None)).len(), 1);
        assert!(found("text: at 15:06 CET on 2023-12-01", &summer).is_empty());
        assert!(
            found("summary: Escalated at 15:06 CET.", &on("2023-03-26", None)).is_empty(),
            "the day of the change"
        );
        assert!(
            found("summary: Escalated at 15:06 CET.", &with("x", &[])).is_empty(),
            "no day is known"
        );
        let mut long = on("2023-06-11", None);
        long.timeline = vec![
            entry("2023-01-11T10:00Z", "Began at 11:00 CET."),
            entry("2023-06-11T10:00Z", "At 12:00 CET."),
        ];
        assert_eq!(
            found("- text: Began at 11:00 CET.\n- text: At 12:00 CET.", &long).len(),
            1,
            "each entry has its day"
        );
        assert!(found("summary: At 13:00 CET.", &long).is_empty());
    }

    #[test]
    fn repeated_label_gives_one_finding() {
        let text = "a: 2023-06-11 15:06 CET\nb: 2023-06-11 15:08 CET\nc: 2023-06-11 15:09 PST\n";
        let summer = on("2023-06-11", None);
        let lines = found(text, &summer);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[1].starts_with("note : PST"), "Manila's is as good: {}", lines[1]);
        let definitions = Definitions::default();
        let context = Context::new(&summer, &definitions, &[], None).with_text(text);
        let findings = crate::analysis::rules::check(&context);
        let cet = findings.iter().find(|finding| finding.rule == "season-mismatch").unwrap();
        assert_eq!(cet.hints[1], "the label is in 1 more place");
        assert_eq!(&text[cet.span.clone().unwrap()], "15:06 CET");
    }

    #[test]
    fn text_that_only_resembles_a_label_is_ignored() {
        let summer = on("2023-06-11", None);
        for text in [
            "# 2023-06-11 15:06 CET",
            "at: 2023-06-11T13:06Z # 15:06 CET",
            "image: api:10:15 CETUS",
            "text: 15:06 CET-2",
            "text: 15:06 is in CET",
            "text: ratio 3:15 EST1",
            "::10: CET ß:ß CET 1:",
            "text: 10:15:20:30 CET",
            "text: it arrived just in EST",
        ] {
            assert!(found(text, &summer).is_empty(), "{text}: {:?}", found(text, &summer));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "([0-9:T ,|(]|CET|EST|pm|times in |ß|2023-06-11){0,30}") {
            found(&text, &on("2023-06-11", None));
        }
    }
}
