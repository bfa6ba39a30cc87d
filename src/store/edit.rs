//! Edits to a file's text that keep every comment, blank line and order.
//!
//! yamlpath finds the place, the YAML writer makes the piece, and the piece is put in between two
//! lines. (yamlpatch does the same for CI files, but it joins a comment after the last item to the
//! item and cannot replace a map in a list.) Before the new text is given back it is read again
//! and compared with the model that the same edits make: a text that says anything else is
//! refused, so a file is never changed in a way that nobody asked for.

use serde::Serialize;
use serde_yaml::Value;
use yamlpath::{Document, Feature, FeatureKind};

use super::frame::Frame;
use super::load::parse;
use super::locate::{document, route};
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::path::Path;
use crate::model::zone::with_naive_times;

/// The text after `edits`; `file` names it in messages.
///
/// # Errors
/// A sentence that says what stood in the way. The text is then to be left as it is.
pub fn apply(file: &str, text: &str, incident: &Incident, edits: &[Edit]) -> Result<String, String> {
    let mut expected = incident.clone();
    let (frame, mut body) = Frame::of(text);
    for edit in edits {
        body = one(&body, edit, &expected)?;
        edit.apply(&mut expected);
    }
    let edited = frame.around(&body);
    // Whether a time without a zone may be read was decided when the file was loaded.
    match with_naive_times(|| parse(file, edited.trim_start_matches('\u{feff}'))) {
        Ok(read) if read == expected => Ok(edited),
        Ok(_) => Err("the edited text would say something else than was meant".into()),
        Err(problems) => Err(format!(
            "the edited text would not read: {}",
            problems.first().map_or(String::new(), ToString::to_string)
        )),
    }
}

fn one(text: &str, edit: &Edit, incident: &Incident) -> Result<String, String> {
    match edit {
        Edit::AppendEntry(entry) if incident.timeline.is_empty() => section(text, "timeline", &[entry]),
        Edit::AppendEntry(entry) => append(text, &Path::key("timeline"), incident.timeline.len() - 1, entry),
        Edit::ReplaceEntry(index, entry) => replace(text, &Path::key("timeline").then(*index), entry),
        Edit::AddSource(key, source) => add(text, "sources", key, source, incident.sources.is_empty()),
        Edit::SetMilestone(name, milestone) => {
            add(text, "milestones", name.as_str(), milestone, incident.milestones.is_empty())
        }
    }
}

/// Puts `item` behind the last item of a list, which has the index `last`.
fn append(text: &str, list: &Path, last: usize, item: &impl Serialize) -> Result<String, String> {
    let tree = document(text)?;
    let whole = find(&tree, list)?;
    let last = find(&tree, &list.clone().then(last))?.location.byte_span;
    if whole.kind() == FeatureKind::FlowSequence {
        return Ok(insert_behind(text, last, &flow(item)?));
    }
    let column = whole.location.point_span.0.1;
    Ok(insert(text, end_of_line(text, last), &format!("\n{}", indented(&block(&[item])?, column))))
}

/// Writes `value` in the place of the one at `path`.
fn replace(text: &str, path: &Path, value: &impl Serialize) -> Result<String, String> {
    let tree = document(text)?;
    let old = find(&tree, path)?;
    let (start, end) = old.location.byte_span;
    let written = indented(&block(value)?, old.location.point_span.0.1);
    Ok(format!("{}{}{}", &text[..start], written.trim_start(), &text[start + text[start..end].trim_end().len()..]))
}

/// Adds a key to a section of the file, which may be missing or have nothing in it.
fn add(text: &str, name: &str, key: &str, value: &impl Serialize, is_empty: bool) -> Result<String, String> {
    let pair = single(key, value)?;
    if is_empty {
        return section(text, name, &pair);
    }
    let tree = document(text)?;
    let map = find(&tree, &Path::key(name))?;
    // A comment behind the map counts as its part to the parser, so the last value says where.
    let last = last_key(text, name).and_then(|last| find(&tree, &Path::key(name).then(last.as_str())).ok());
    let last = last.map(|value| value.location.byte_span);
    if map.kind() == FeatureKind::FlowMapping {
        let written = flow(&pair)?;
        let last = last.ok_or_else(|| format!("the last value of `{name}` is nothing"))?;
        return Ok(insert_behind(text, last, &written[1..written.len() - 1]));
    }
    let column = map.location.point_span.0.1;
    let end = end_of_line(text, last.unwrap_or(map.location.byte_span));
    Ok(insert(text, end, &format!("\n{}", indented(&block(&pair)?, column))))
}

fn last_key(text: &str, section: &str) -> Option<String> {
    let tree: Value = serde_yaml::from_str(text).ok()?;
    tree.get(section)?.as_mapping()?.keys().last()?.as_str().map(str::to_owned)
}

/// Gives the file a section that it does not have, or has with nothing in it.
fn section(text: &str, key: &str, value: &(impl Serialize + ?Sized)) -> Result<String, String> {
    let tree = document(text)?;
    let body = indented(&block(value)?, 2);
    let Ok(name) = tree.query_key_only(&route(&Path::key(key).0)) else {
        let gap = if text.ends_with("\n\n") { "" } else { "\n" };
        return Ok(format!("{text}{gap}{key}:\n{body}\n"));
    };
    // What stands there is nothing, `[]`, `{}` or `null`, perhaps with a comment behind it.
    let after = name.location.byte_span.1;
    let line_end = text[after..].find('\n').map_or(text.len(), |length| after + length);
    let comment = text[after..line_end].find(" #").map_or("", |start| &text[after + start..line_end]);
    Ok(format!("{}:{comment}\n{body}{}", &text[..after], &text[line_end..]))
}

fn find<'d>(tree: &'d Document, path: &Path) -> Result<Feature<'d>, String> {
    tree.query_exact(&route(&path.0)).map_err(sentence)?.ok_or_else(|| format!("`{path}` has no value"))
}

fn sentence(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The end of the last line that a value stands on. A text block's span may take in the blank
/// lines and the line end that follow it.
fn end_of_line(text: &str, (start, end): (usize, usize)) -> usize {
    let last = start + text[start..end].trim_end().len();
    text[last..].find('\n').map_or(text.len(), |length| last + length)
}

fn insert(text: &str, at: usize, piece: &str) -> String {
    format!("{}{piece}{}", &text[..at], &text[at..])
}

/// Puts `piece` behind a value in brackets; a comma that stands there already then follows it.
fn insert_behind(text: &str, (start, end): (usize, usize), piece: &str) -> String {
    insert(text, start + text[start..end].trim_end().len(), &format!(", {piece}"))
}

/// A value as YAML lines, without the last line end.
fn block(value: &(impl Serialize + ?Sized)) -> Result<String, String> {
    let written = serde_yaml::to_string(value).map_err(sentence)?;
    Ok(written.trim_end_matches('\n').to_owned())
}

/// A value on one line: JSON is YAML's flow style.
fn flow(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(sentence)
}

fn single(key: &str, value: &impl Serialize) -> Result<Value, String> {
    let value = serde_yaml::to_value(value).map_err(sentence)?;
    Ok(Value::Mapping([(Value::from(key), value)].into_iter().collect()))
}

/// Every line moved in by `columns`; blank lines stay blank. YAML's lines also end at the line
/// and paragraph separators of Unicode.
fn indented(lines: &str, columns: usize) -> String {
    let breaks = |c: char| matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let pad = " ".repeat(columns);
    let mut moved = String::with_capacity(lines.len() + lines.len() / 8);
    for line in lines.split_inclusive(breaks) {
        if !line.starts_with(breaks) {
            moved.push_str(&pad);
        }
        moved.push_str(line);
    }
    moved
}

/// The whole text of a new file: lists indented below their keys, and a blank line before each
/// part that takes more than one line.
///
/// # Errors
/// A sentence, when a value cannot be written as YAML.
pub fn whole(incident: &Incident) -> Result<String, String> {
    let Value::Mapping(parts) = serde_yaml::to_value(incident).map_err(sentence)? else {
        return Err("an incident is a map".into());
    };
    let mut text = String::new();
    let mut after_long = false;
    for (key, value) in parts {
        let key = key.as_str().unwrap_or_default().to_owned();
        let is_list = matches!(value, Value::Sequence(_));
        let written =
            if is_words(&value) { format!("{key}: {}", words(&value)) } else { block(&single(&key, &value)?)? };
        let (first, rest) = written.split_once('\n').unwrap_or((&written, ""));
        let is_long = !rest.is_empty();
        if !text.is_empty() && (is_long || after_long) {
            text.push('\n');
        }
        text.push_str(first);
        text.push('\n');
        if is_long {
            text.push_str(&indented(rest, if is_list { 2 } else { 0 }));
            text.push('\n');
        }
        after_long = is_long;
    }
    Ok(text)
}

/// A short list of plain words, which reads better on one line.
fn is_words(value: &Value) -> bool {
    let plain = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/'))
            && !word.ends_with(' ')
            && !matches!(word.to_ascii_lowercase().as_str(), "null" | "true" | "false" | "yes" | "no" | "on" | "off")
    };
    let Value::Sequence(list) = value else { return false };
    list.iter().all(|item| item.as_str().is_some_and(plain)) && words(value).len() <= 90
}

fn words(value: &Value) -> String {
    let items = value.as_sequence().into_iter().flatten().filter_map(Value::as_str);
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::milestone::{Milestone, MilestoneName};
    use crate::model::origin::SourceInfo;
    use crate::model::timeline::Entry;

    fn entry(text: &str) -> Entry {
        Entry { at: Some("2026-03-17T15:00Z".parse().unwrap()), text: text.into(), ..Entry::default() }
    }

    fn edited(text: &str, edits: &[Edit]) -> String {
        let incident = parse("a.yaml", text).unwrap();
        apply("a.yaml", text, &incident, edits).unwrap()
    }

    const FULL: &str = "# ours\nschema: posthoc/v1\nid: a\ntitle: 'A'   # odd\n\nmilestones:\n    detected_at: 2026-03-17T14:00Z # deep\n\ntimeline:\n# first\n- {at: 2026-03-17T14:00Z, text: one}\n\n# last\n- at: 2026-03-17T14:05Z\n  text: two\n\nsources:\n  S1: {format: note}\n# the end\n";

    #[test]
    fn everything_else_stays() {
        let edits = [
            Edit::AppendEntry(entry("three\n\nwith: colon # and hash")),
            Edit::SetMilestone(MilestoneName::ResolvedAt, Milestone::observed("2026-03-17T15:00Z".parse().unwrap())),
            Edit::AddSource("S2".into(), SourceInfo { format: Some("x".into()), ..SourceInfo::default() }),
            Edit::ReplaceEntry(0, entry("other")),
        ];
        insta::assert_snapshot!(edited(FULL, &edits), @r"
        # ours
        schema: posthoc/v1
        id: a
        title: 'A'   # odd

        milestones:
            detected_at: 2026-03-17T14:00Z # deep
            resolved_at: 2026-03-17T15:00Z

        timeline:
        # first
        - at: 2026-03-17T15:00Z
          text: other

        # last
        - at: 2026-03-17T14:05Z
          text: two
        - at: 2026-03-17T15:00Z
          text: |-
            three

            with: colon # and hash

        sources:
          S1: {format: note}
          S2:
            format: x
        # the end
        ");
    }

    #[test]
    fn sections_that_are_not_there_are_made() {
        let edits = [
            Edit::AppendEntry(entry("one")),
            Edit::AppendEntry(entry("two")),
            Edit::SetMilestone(MilestoneName::ResolvedAt, Milestone::observed("2026-03-17T15:00Z".parse().unwrap())),
            Edit::AddSource("S1".into(), SourceInfo { format: Some("x".into()), ..SourceInfo::default() }),
        ];
        insta::assert_snapshot!(edited("schema: posthoc/v1\nid: a\ntitle: A\ntimeline: []", &edits), @r"
        schema: posthoc/v1
        id: a
        title: A
        timeline:
          - at: 2026-03-17T15:00Z
            text: one
          - at: 2026-03-17T15:00Z
            text: two

        milestones:
          resolved_at: 2026-03-17T15:00Z

        sources:
          S1:
            format: x
        ");
    }

    #[test]
    fn flow_style_stays_flow_style() {
        let text = "schema: posthoc/v1\nid: a\ntitle: A\nmilestones: {detected_at: 2026-03-17T14:00Z} # m\ntimeline: [{text: one}] # t\n";
        let edits = [
            Edit::AppendEntry(entry("two")),
            Edit::SetMilestone(MilestoneName::ResolvedAt, Milestone::observed("2026-03-17T15:00Z".parse().unwrap())),
        ];
        insta::assert_snapshot!(edited(text, &edits), @r#"
        schema: posthoc/v1
        id: a
        title: A
        milestones: {detected_at: 2026-03-17T14:00Z, "resolved_at":"2026-03-17T15:00Z"} # m
        timeline: [{text: one}, {"at":"2026-03-17T15:00Z","text":"two"}] # t
        "#);
    }

    #[test]
    fn what_stands_around_the_yaml_stays() {
        let text = "\u{feff}schema: posthoc/v1\r\nid: a\r\ntitle: A\r\ntimeline:\r\n  - text: one # why\r\n...\r\n# the end\r\n";
        let incident = parse("a.yaml", text.trim_start_matches('\u{feff}')).unwrap();
        let milestone = Milestone::observed("2026-03-17T15:00Z".parse().unwrap());
        let edits =
            [Edit::AppendEntry(entry("two\n\nlines")), Edit::SetMilestone(MilestoneName::ResolvedAt, milestone)];
        let edited = apply("a.yaml", text, &incident, &edits).unwrap();
        assert_eq!(
            edited,
            "\u{feff}schema: posthoc/v1\r\nid: a\r\ntitle: A\r\ntimeline:\r\n  - text: one # why\r\n  - at: 2026-03-17T15:00Z\r\n    text: |-\r\n      two\r\n\r\n      lines\r\n\r\nmilestones:\r\n  resolved_at: 2026-03-17T15:00Z\r\n...\r\n# the end\r\n"
        );
    }

    #[test]
    fn a_comma_before_the_bracket_is_not_doubled() {
        let text = "schema: posthoc/v1\nid: a\ntitle: A\nmilestones: {detected_at: 2026-03-17T14:00Z, }\ntimeline: [\n  {text: one}, # t,\n]\n";
        let edits = [
            Edit::AppendEntry(entry("two")),
            Edit::SetMilestone(MilestoneName::ResolvedAt, Milestone::observed("2026-03-17T15:00Z".parse().unwrap())),
        ];
        insta::assert_snapshot!(edited(text, &edits), @r#"
        schema: posthoc/v1
        id: a
        title: A
        milestones: {detected_at: 2026-03-17T14:00Z, "resolved_at":"2026-03-17T15:00Z", }
        timeline: [
          {text: one}, {"at":"2026-03-17T15:00Z","text":"two"}, # t,
        ]
        "#);
    }

    #[test]
    fn a_new_file_reads_back_as_what_it_was_written_from() {
        let mut incident = Incident::new("a".parse().unwrap(), "A: \"quoted\" # not a comment");
        incident.services = vec!["api".into(), "web app".into()];
        incident.tags = vec!["yes".into()];
        incident.summary = Some("  indented first\n\nthen: not\n".into());
        incident.timeline = vec![entry("a\n\n- b\n- c"), entry("~"), entry("'"), entry("")];
        let text = whole(&incident).unwrap();
        assert_eq!(parse("a.yaml", &text).unwrap(), incident, "{text}");
        insta::assert_snapshot!(text, @r#"
        schema: posthoc/v1
        id: a
        title: 'A: "quoted" # not a comment'
        services: [api, web app]

        tags:
          - yes

        summary: |2
            indented first

          then: not

        timeline:
          - at: 2026-03-17T15:00Z
            text: |-
              a

              - b
              - c
          - at: 2026-03-17T15:00Z
            text: '~'
          - at: 2026-03-17T15:00Z
            text: ''''
          - at: 2026-03-17T15:00Z
            text: ''
        "#);
    }

    #[test]
    fn unicode_s_line_ends_are_kept_in_a_text() {
        for first in ["\u{1EE24}\n\u{2028}\u{ae}", "a\u{2029}b\n c", "a\n\u{85}b"] {
            let mut incident = Incident::new("a".parse().unwrap(), "A");
            incident.timeline = vec![entry(first)];
            let text = whole(&incident).unwrap();
            let appended = apply("a.yaml", &text, &incident, &[Edit::AppendEntry(entry("b"))]);
            let appended = appended.unwrap_or_else(|error| panic!("{error} {text:?}"));
            assert_eq!(parse("a.yaml", &appended).unwrap().timeline[0].text, first);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_survives_writing_and_appending(first in "\\PC{0,40}(\n\\PC{0,40}){0,3}", second in "[ -~\n]{0,60}") {
            // What an import writes has no blank ends.
            let (first, second) = (first.trim().to_owned(), second.trim().to_owned());
            let mut incident = Incident::new("a".parse().unwrap(), "A");
            incident.summary = Some(second.clone());
            incident.timeline = vec![entry(&first)];
            let text = whole(&incident).unwrap();
            proptest::prop_assert_eq!(&parse("a.yaml", &text).unwrap(), &incident);
            let appended = apply("a.yaml", &text, &incident, &[Edit::AppendEntry(entry(&second)), Edit::ReplaceEntry(0, entry(&second))]);
            proptest::prop_assert!(appended.is_ok(), "{:?}\n{}", appended, text);
        }
    }
}
