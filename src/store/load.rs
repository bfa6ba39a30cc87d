//! One file's text to one incident, or every mistake in it.
//!
//! The common case is one pass of typed reading. Only when that fails is the text read again, into
//! a tree, in which every mistake is looked for.

use std::path::Path as FilePath;

use serde_yaml::Value;

use super::advice;
use super::locate::Locator;
use super::mistakes::{Checked, covers, in_file_order, told};
use super::syntax;
use super::wrong_time::{about_time, zone_hint};
use crate::diag::{Diagnostic, Place};
use crate::model::origin::SourceInfo;
use crate::model::path::Path;
use crate::model::zone::{Zone, with_home};
use crate::model::{Incident, SCHEMA};
use crate::sources;
use crate::yaml::bounds;
use crate::yaml::cuts::{self, Cut};
use crate::yaml::marks;

#[cfg(test)]
thread_local! {
    /// How many bytes were parsed.
    pub(super) static PARSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Reads the text of an incident file. `file` names it in messages; its stem is what `id` must be.
///
/// # Errors
/// Every mistake that was found, in the order of the file.
pub fn parse(file: &str, text: &str) -> Result<Incident, Vec<Diagnostic>> {
    #[cfg(test)]
    PARSED.set(PARSED.get() + text.len());
    if text.trim().is_empty() {
        return Err(vec![
            Diagnostic::error("the file is empty")
                .at(Place::whole_file(file))
                .hint("`posthoc new TITLE` writes a file to start from"),
        ]);
    }
    if let Some(beyond) = bounds::beyond(text) {
        let place = Place::new(file, text, beyond.span.clone());
        return Err(vec![Diagnostic::error(beyond.message()).at(place).hint(beyond.hint())]);
    }
    let home = home_zone(text);
    match with_home(home, || serde_yaml::from_str::<Incident>(text)) {
        Ok(incident) => {
            let problems = validate(file, &incident);
            if problems.is_empty() {
                return Ok(incident);
            }
            let locator = Locator::new(file, text);
            let problems =
                problems.into_iter().map(|(path, problem)| problem.at(locator.value(&path)));
            Err(in_file_order(problems.chain(cut_values(&locator, text)).collect()))
        }
        Err(error) => with_home(home, || every_mistake(file, text, &error, home)),
    }
}

/// The value of `time_zone`, before anything else is read: times depend on it.
fn home_zone(text: &str) -> Option<Zone> {
    let line = text.lines().find_map(|line| line.strip_prefix("time_zone:"))?;
    let value = line.split(" #").next()?.trim().trim_matches(['"', '\'']);
    value.parse().ok()
}

/// What the types cannot say, each with what it is about.
fn validate(file: &str, incident: &Incident) -> Vec<(Path, Diagnostic)> {
    let mut problems: Vec<(Path, Diagnostic)> = Vec::new();
    if incident.schema != SCHEMA {
        let message = format!("schema `{}` is not one this program reads", incident.schema);
        problems.push((
            Path::key("schema"),
            Diagnostic::error(message).hint(format!("this version reads `{SCHEMA}`")),
        ));
    }
    if incident.title.trim().is_empty() {
        problems.push((
            Path::key("title"),
            Diagnostic::error("the title is empty").hint("one line that says what happened"),
        ));
    }
    if let Some(stem) = FilePath::new(file).file_stem().and_then(|stem| stem.to_str())
        && stem != incident.id.as_str()
        && !file.starts_with('<')
    {
        let message = format!("the id `{}` is not the file's name `{stem}`", incident.id);
        problems.push((
            Path::key("id"),
            Diagnostic::error(message).hint("rename the file or change the id; links go by it"),
        ));
    }
    if let Some(name) = &incident.time_zone
        && let Err(error) = name.parse::<Zone>()
    {
        problems.push((
            Path::key("time_zone"),
            zone_hint(Diagnostic::error(error.to_string()), &error),
        ));
    }
    problems.extend(incident.sources.iter().flat_map(|(key, source)| wrong_source(key, source)));
    let windows = incident.impact.windows.iter().enumerate();
    for (index, window) in windows
        .filter(|(_, window)| window.end.is_some_and(|end| end.latest() < window.start.earliest()))
    {
        let message = format!("the window ends before it starts ({})", window.start);
        problems.push((
            Path::key("impact").then("windows").then(index).then("end"),
            Diagnostic::error(message),
        ));
    }
    problems
}

/// What of a source is certainly wrong. Its format is a free word where no program reads it.
fn wrong_source(key: &str, source: &SourceInfo) -> Vec<(Path, Diagnostic)> {
    let at = |part: &str| Path::key("sources").then(key).then(part);
    let mut problems = Vec::new();
    if let Some(Err(error)) = source.zone.as_deref().map(str::parse::<Zone>) {
        problems.push((at("zone"), zone_hint(Diagnostic::error(error.to_string()), &error)));
    }
    if let Some(hash) = &source.sha256
        && (hash.len() != 64
            || !hash.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f')))
    {
        let message = format!("`{hash}` is not a SHA-256");
        problems.push((
            at("sha256"),
            Diagnostic::error(message)
                .hint("it is 64 digits and letters from a to f, as `sha256sum` prints it"),
        ));
    }
    if let Some(format) = &source.format
        && let Some(meant) = misspelt_format(format)
    {
        let message = format!("no program reads the format `{format}`");
        problems.push((
            at("format"),
            Diagnostic::error(message).hint(format!("did you mean `{meant}`?")),
        ));
    }
    problems
}

/// The format that a word is a slip of the pen from. Another version of a known one is none: a
/// later program may have written it; and a short word is a word.
fn misspelt_format(written: &str) -> Option<&'static str> {
    let name = |id: &'_ str| -> usize {
        id.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches("-v").len()
    };
    let (length, mut known) = (name(written), sources::REGISTRY.iter().map(|source| source.id()));
    // In a short word two letters are enough for another one: `status` is not `statusfy`.
    let slips = if length < 8 { 1 } else { 2 };
    let is_near = |id: &&str| {
        // Files name their sources often, and most words are not even as long.
        name(id).abs_diff(length) <= slips
            && (1..=slips)
                .contains(&strsim::damerau_levenshtein(&id[..name(id)], &written[..length]))
    };
    if length < SHORTEST_SLIP || sources::by_id(written).is_some() {
        None
    } else {
        known.find(is_near)
    }
}

/// Shorter words are taken to be meant.
const SHORTEST_SLIP: usize = 6;

/// Everything that is wrong with a text that the typed reading refused. A text that only says
/// nothing where something could be said (`timeline: null`) is an incident all the same.
fn every_mistake(
    file: &str,
    text: &str,
    first: &serde_yaml::Error,
    home: Option<Zone>,
) -> Result<Incident, Vec<Diagnostic>> {
    let tree: Value = match serde_yaml::from_str(text) {
        Ok(tree @ Value::Mapping(_)) => tree,
        Ok(_) => {
            let message =
                "this is not an incident file: it should be a map with `schema`, `id` and `title`";
            return Err(vec![Diagnostic::error(message).at(Place::whole_file(file))]);
        }
        Err(error) => return Err(syntax::problems(file, text, &error)),
    };
    let locator = Locator::new(file, text);
    let told: Checked<Incident> = told(tree, &locator, &|problem, wrong| match wrong.text() {
        Some(written) if !advice::is_about(&wrong) => about_time(problem, written, home),
        _ => advice::about(problem, &wrong),
    });
    // What the types cannot say is told in the same breath, of all that could be read.
    let further = told.value.as_ref().map_or_else(Vec::new, |incident| validate(file, incident));
    let further = further.into_iter().filter(|(path, _)| !covers(&told.removed, path));
    let further: Vec<Diagnostic> =
        further.map(|(path, problem)| problem.at(locator.value(&path))).collect();
    let mut problems = told.problems;
    problems.extend(further);
    // A value that a `#` cuts off is likely why another mistake is one.
    if !problems.is_empty() {
        problems.extend(cut_values(&locator, text));
    }
    match (problems.is_empty(), told.value) {
        (true, Some(incident)) => Ok(incident),
        (true, None) => Err(syntax::problems(file, text, first)),
        (false, _) => Err(in_file_order(problems)),
    }
}

/// The values that are cut short, as the rule of that name finds them in a file that can be read.
fn cut_values(locator: &Locator<'_>, text: &str) -> Vec<Diagnostic> {
    let problem = |cut: Cut| {
        let problem = if cut.is_empty {
            Diagnostic::error(cut.message())
        } else {
            Diagnostic::warning(cut.message())
        };
        let place = locator.span(cut.span.clone());
        Diagnostic { code: Some("cut-value"), ..problem.at(place).hint(cut.hint()) }
    };
    let marked = marks::of(text).into_iter().map(|mark| {
        let place = locator.span(mark.span.clone());
        Diagnostic {
            code: Some("cut-value"),
            ..Diagnostic::warning(mark.message()).at(place).hint(mark.hint())
        }
    });
    cuts::of(text).into_iter().map(problem).chain(marked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a plain text has a colon and a space in it, YAML never shortens it: each form is an error.
    #[test]
    fn a_text_with_a_colon_in_it_is_never_read_as_something_else() {
        let head = "schema: posthoc/v1\nid: a\ntitle: A\n";
        for written in [
            "summary: see: x",
            "summary: one\n  two: three",
            "timeline: [{text: a: b}]",
            "timeline:\n  - {text: a: b, at: 2026-01-01}",
            "timeline:\n  - text: see: x",
            "timeline:\n  - note: see: x",
            "timeline:\n  - text: one\n      two: three",
            "timeline:\n  - see: x",
            "tags: [a: b]",
            "mitigators:\n  - see: x",
            "tags:\n  - a:",
            "roles: {owner: a: b}",
            "summary:\n  see: x",
        ] {
            let problems = parse("a.yaml", &format!("{head}{written}\n")).expect_err(written);
            assert!(
                problems
                    .iter()
                    .any(|problem| problem.place.as_ref().is_some_and(|place| place.line > 3)),
                "{written}"
            );
        }
    }

    const HEAD: &str = "schema: posthoc/v1\nid: a\ntitle: A\n";

    fn told(text: &str) -> String {
        let problems = parse("incidents/a.yaml", text).expect_err("it has mistakes");
        let tell = |problem: &Diagnostic| {
            format!(
                "{problem}{}",
                problem.hints.iter().map(|h| format!(" ({h})")).collect::<String>()
            )
        };
        problems.iter().map(tell).collect::<Vec<_>>().join("\n")
    }

    fn told_after_head(rest: &str) -> String {
        told(&format!("{HEAD}{rest}"))
    }

    #[test]
    fn a_file_with_the_least_reads() {
        assert_eq!(parse("incidents/a.yaml", HEAD).unwrap().title, "A");
    }

    #[test]
    fn many_mistakes_are_told_at_once_in_the_order_of_the_file() {
        insta::assert_snapshot!(told_after_head(
            "severty: sev1\nkind: incidnt\nmilestones:\n  resolved_at: 2026-13-01T10:00Z\n  detectd_at: 2026-01-01T10:00Z\ntimeline:\n  - at: 2026-01-01T10:00\n    text: x\n  - at: 2026-01-01T10:00Z\n    txt: y\nservices: api\n"
        ), @r#"
        incidents/a.yaml:4:1: error: unknown key `severty` (did you mean `severity`?)
        incidents/a.yaml:5:7: error: `kind`: unknown value `incidnt`, expected one of `incident`, `near_miss`, `maintenance`, `drill`, `security` (did you mean `incident`?)
        incidents/a.yaml:7:16: error: `resolved_at`: `2026-13-01T10:00Z` is not on the calendar or on the clock
        incidents/a.yaml:8:3: error: unknown key `detectd_at` (did you mean `detected_at`?)
        incidents/a.yaml:10:9: error: `at`: `2026-01-01T10:00` has no zone; add Z, an offset such as +01:00, or a name such as Europe/Berlin (write `2026-01-01 10:00 Europe/Berlin`, with the zone whose clock it is)
        incidents/a.yaml:13:5: error: unknown key `txt` (did you mean `text`?)
        incidents/a.yaml:14:11: error: `services`: this is the text "api", expected a list (write `services: [api]`)
        "#);
    }

    #[test]
    fn what_is_missing_is_named() {
        insta::assert_snapshot!(told("title: x\n"), @r"
        incidents/a.yaml:1:1: error: `schema` is missing
        incidents/a.yaml:1:1: error: `id` is missing
        ");
    }

    #[test]
    fn what_is_not_yaml_or_not_a_map_says_so() {
        insta::assert_snapshot!(told("title: [\n"), @"incidents/a.yaml:1:8: error: `[` is not closed (write `title: []`)");
        insta::assert_snapshot!(told("- a\n- b\n"), @"incidents/a.yaml:1:1: error: this is not an incident file: it should be a map with `schema`, `id` and `title`");
        insta::assert_snapshot!(told(""), @"incidents/a.yaml:1:1: error: the file is empty (`posthoc new TITLE` writes a file to start from)");
        insta::assert_snapshot!(told_after_head("timeline:\n\t- x\n"), @"incidents/a.yaml:5:1: error: a tab in the indentation: YAML is indented with spaces (indent it with spaces: `  - x`)");
        insta::assert_snapshot!(told_after_head("title: B\n"), @"incidents/a.yaml:4:1: error: the key `title` is here twice (the first is on line 3: keep one of them)");
    }

    #[test]
    fn what_types_cannot_say_is_checked() {
        insta::assert_snapshot!(told("schema: posthoc/v9\nid: b\ntitle: ''\ntime_zone: Europe/Berln\n"), @r"
        incidents/a.yaml:1:9: error: schema `posthoc/v9` is not one this program reads (this version reads `posthoc/v1`)
        incidents/a.yaml:2:5: error: the id `b` is not the file's name `a` (rename the file or change the id; links go by it)
        incidents/a.yaml:3:8: error: the title is empty (one line that says what happened)
        incidents/a.yaml:4:12: error: unknown time zone `Europe/Berln` (did you mean `Europe/Berlin`?)
        ");
        insta::assert_snapshot!(told_after_head("impact:\n  windows:\n    - {start: 2026-01-02T10:00Z, end: 2026-01-01T10:00Z}\n"), @"incidents/a.yaml:6:39: error: the window ends before it starts (2026-01-02T10:00Z)");
        assert!(
            parse("a.yaml", &format!("{HEAD}timeline:\n")).is_ok(),
            "a key with nothing behind it says nothing"
        );
    }

    #[test]
    fn a_time_that_is_wrong_says_what_would_be_right() {
        insta::assert_snapshot!(told_after_head("milestones:\n  detected_at: 2025/07/04 11:06AM PHT\n  impact_start: {at: 03/04/2025 10:00 UTC}\n  declared_at: 2026-03-29 02:30 Europe/Berlin\n  resolved_at: {at: 2026-03-29 02:30 BST}\ntimeline:\n  - at: 2026-03-29 03:30 Europe/Belin\n"), @r"
        incidents/a.yaml:5:16: error: `detected_at`: `2025/07/04 11:06AM PHT` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval (did you mean `2025-07-04T03:06Z`?)
        incidents/a.yaml:6:22: error: `at`: `03/04/2025 10:00 UTC` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval (`03/04/2025 10:00 UTC` may be 2025-04-03, if the day is first, or 2025-03-04, if the month is)
        incidents/a.yaml:7:16: error: `declared_at`: 2026-03-29 02:30:00 does not exist in Europe/Berlin: it may mean 2026-03-29T02:30:00+01:00 or 2026-03-29T02:30:00+02:00 (write the offset instead of the zone)
        incidents/a.yaml:8:21: error: `at`: `BST` means more than one zone: British Summer Time (2026-03-29T01:30:00Z), or Bangladesh Standard Time (2026-03-28T20:30:00Z), or Bougainville Standard Time (2026-03-28T15:30:00Z) (write the offset, such as +01:00, or a place; or say `time_zone:` in the file)
        incidents/a.yaml:10:9: error: `at`: unknown time zone `Europe/Belin` (did you mean `Europe/Berlin`?)
        ");
        let codes = |text: &str| {
            let problems = parse("a.yaml", &format!("{HEAD}timeline: [{{at: {text}}}]\n"))
                .expect_err("a mistake");
            problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("2026-03-29 03:30"), [Some("naive-time")]);
        assert_eq!(codes("2026/03/29 3:30"), [Some("naive-time")]);
        assert_eq!(
            codes("2026-03-29T02:30 Europe/Berlin..2026-03-29T04:30Z"),
            [Some("ambiguous-time")]
        );
        assert_eq!(codes("2026-10-25 02:30 Europe/Berlin"), [Some("ambiguous-time")]);
        assert_eq!(codes("2026-10-25 02:30 IST"), [Some("ambiguous-time")]);
        assert_eq!(codes("2026-10-25 02:30 Here"), [None]);
        assert_eq!(codes("soon"), [None]);
    }

    #[test]
    fn what_is_certainly_wrong_with_a_source_is_told() {
        insta::assert_snapshot!(told_after_head("sources:\n  S1: {zone: Europe/Brlin, sha256: zz, format: statuspge-v2}\n  S2: {format: statuspage-v3}\n  S3: {format: note}\n"), @r"
        incidents/a.yaml:5:14: error: unknown time zone `Europe/Brlin` (did you mean `Europe/Berlin`?)
        incidents/a.yaml:5:36: error: `zz` is not a SHA-256 (it is 64 digits and letters from a to f, as `sha256sum` prints it)
        incidents/a.yaml:5:48: error: no program reads the format `statuspge-v2` (did you mean `statuspage-v2`?)
        ");
    }

    #[test]
    fn what_types_cannot_say_is_told_together_with_what_they_can() {
        insta::assert_snapshot!(told("schema: posthoc/v1\nid: b\ntime_zone: Europe/Brlin\nseverty: x\nmilestones:\n  detected_at: 2026-13-01\nimpact:\n  windows:\n    - {start: 2026-01-02T10:00Z, end: 2026-01-01T10:00Z, lvel: full}\n    - {start: yesterday, end: 2026-01-01T10:00Z}\n"), @r"
        incidents/a.yaml:1:1: error: `title` is missing
        incidents/a.yaml:2:5: error: the id `b` is not the file's name `a` (rename the file or change the id; links go by it)
        incidents/a.yaml:3:12: error: unknown time zone `Europe/Brlin` (did you mean `Europe/Berlin`?)
        incidents/a.yaml:4:1: error: unknown key `severty` (did you mean `severity`?)
        incidents/a.yaml:6:16: error: `detected_at`: `2026-13-01` is not on the calendar or on the clock
        incidents/a.yaml:9:39: error: the window ends before it starts (2026-01-02T10:00Z)
        incidents/a.yaml:9:58: error: unknown key `lvel` (did you mean `level`?)
        incidents/a.yaml:10:15: error: `start`: `yesterday` is not a time; write it as 2026-03-17T14:05Z, ~T for about T, or T1..T2 for an interval
        ");
    }

    #[test]
    fn nothing_behind_a_key_is_the_same_as_no_key() {
        for nothing in [
            "timeline: null",
            "timeline: ~",
            "roles: null",
            "summary: null",
            "milestones: {detected_at: null}",
            "timeline: [{text: null}]",
        ] {
            let incident = parse("a.yaml", &format!("{HEAD}{nothing}\n"));
            assert!(incident.is_ok(), "{nothing}: {incident:?}");
        }
        insta::assert_snapshot!(told("schema: posthoc/v1\nid: a\ntitle: null\nsevrity: null\ntags: [null]\n"), @r"
        incidents/a.yaml:3:8: error: `title` is missing
        incidents/a.yaml:4:1: error: unknown key `sevrity` (did you mean `severity`?)
        incidents/a.yaml:5:8: error: `tags`: nothing is written, expected a text (what is unknown is left out)
        ");
    }

    #[test]
    fn a_wrong_type_is_told_in_plain_words() {
        insta::assert_snapshot!(told_after_head("kind: 5\nseverity: 1\nimpact: 5\nroles: x\nmilestones: [1]\nlessons: 1.5\nservices: {a: 1}\ntimeline:\n  - {at: 5, text: true}\naction_items: [{text: x, due: tomorrow}]\nsources: {S1: {retrieved_at: noon, records: many}}\n"), @r#"
        incidents/a.yaml:4:7: error: `kind`: this is the number 5, expected a word
        incidents/a.yaml:5:11: error: `severity`: this is the number 1, expected a text (put it in quotes: "1")
        incidents/a.yaml:6:9: error: `impact`: this is the number 5, expected a map
        incidents/a.yaml:7:8: error: `roles`: this is the text "x", expected a map
        incidents/a.yaml:8:13: error: `milestones`: this is a list, expected a map (write its keys without dashes)
        incidents/a.yaml:9:10: error: `lessons`: this is the number 1.5, expected a map
        incidents/a.yaml:10:11: error: `services`: this is a map, expected a list (begin each item with a dash: `- `)
        incidents/a.yaml:12:10: error: `at`: this is the number 5, expected a time such as 2026-03-17T14:05Z
        incidents/a.yaml:12:19: error: `text`: this is `true`, expected a text
        incidents/a.yaml:13:31: error: `due`: `tomorrow` is not a day; write it as 2026-04-15
        incidents/a.yaml:14:30: error: `retrieved_at`: `noon` is not an instant; write it as 2026-03-17T14:05:00Z
        incidents/a.yaml:14:45: error: `records`: this is the text "many", expected a whole number
        "#);
        insta::assert_snapshot!(told_after_head("5: x\n"), @r"
        incidents/a.yaml:1:1: error: this is the number 5, expected a word as the key
        incidents/a.yaml:1:9: error: `schema`: this is the number 5, expected a word as the key
        ");
    }

    #[test]
    fn a_value_that_a_hash_cuts_off_is_named_with_the_mistake_that_it_makes() {
        insta::assert_snapshot!(told("schema: posthoc/v1\nid: a\ntitle: #inc-1 is down\n"), @r"
        incidents/a.yaml:3:1: error: the title is empty (one line that says what happened)
        incidents/a.yaml:3:8: error: `#inc-1 is down` is a comment here, so `title` is empty (quote it: '#inc-1 is down', or put a space after the `#` if it is a comment)
        ");
    }

    #[test]
    fn a_key_that_cannot_be_seen_has_its_place() {
        insta::assert_snapshot!(told_after_head("\"a\\eb\": 1\n"), @r"incidents/a.yaml:4:1: error: unknown key `a\u{1b}b` (known here: schema, id, title, kind, severity, status, review, services, teams, regions, tags, definitions, time_zone, roles, summary, milestones, severity_history, impact, maintenance, detection, trigger, root_causes, contributing_factors, mitigators, resolution, lessons, open_questions, action_items, related, metrics, timeline, claims, sections, sources, links)");
    }

    #[test]
    fn the_file_s_zone_decides_an_abbreviation() {
        let text = "milestones:\n  resolved_at: 2023-08-11 15:50 BST\n";
        assert!(
            told_after_head(text).contains("means more than one zone"),
            "{}",
            told_after_head(text)
        );
        let incident =
            parse("a.yaml", &format!("{HEAD}time_zone: Europe/London # here\n{text}")).unwrap();
        assert_eq!(incident.milestones.resolved_at.unwrap().at.to_string(), "2023-08-11T14:50Z");
    }

    #[test]
    fn a_value_of_another_kind_comes_with_what_to_write() {
        let cases = [
            "timeline:\n  - at: 2026-03-17T09:13Z\n\u{a0}\u{a0}\u{a0}\u{a0}text: x",
            "services: api, web",
            "lessons:\n  went_well:\n    - Paging worked: yes",
            "action_items:\n  - {text: a, b, type: prevent}",
            "summary: x\nSecond line: foo",
            "timeline:\n  at: 2026-03-17T09:13Z\n  text: x",
            "summary:\n  - a\n  - b",
            "summary: {slow: yes}",
            "milestones:\n  - impact_start: 2026-03-17T09:13Z",
            "timeline:\n  - 2026-03-17T09:13Z: restarted",
            "timeline:\n  - restarted",
            "timeline:\n  - text: x\n    hidden: yes",
            "roles:\n  responders: ana",
            "detected_at: 2026-03-17T09:13Z",
            "owner: ana",
            "“severity”: sev1",
        ];
        let all: Vec<String> =
            cases.iter().map(|case| told_after_head(&format!("{case}\n"))).collect();
        insta::assert_snapshot!(all.join("\n"));
    }
}
