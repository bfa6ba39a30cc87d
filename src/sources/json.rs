//! JSON that may be truncated, invalid, or one record among thousands.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::decode::Decoded;
use super::warnings::Warnings;
use crate::sources::source::ReadError;

/// Deeper values are not recorded: no format is distinguished by them.
const MAX_DEPTH: usize = 9;

/// The beginning of a JSON text: its paths, each with its first scalar as written.
///
/// A path is written like `.incidents[].name`; an array at the top starts with `[]`. The text may
/// end anywhere.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct JsonHead {
    paths: BTreeMap<String, Option<String>>,
    ended: BTreeSet<String>,
    is_whole: bool,
}

impl JsonHead {
    /// Scans `text`; `None` if it does not begin as a JSON object or array.
    pub(crate) fn scan(text: &str) -> Option<Self> {
        let text = text.trim_start();
        if !text.starts_with(['{', '[']) {
            return None;
        }
        let mut scan = Scan { text, at: 0, path: String::new(), head: JsonHead::default() };
        // An error or the end of the text only stops the scan; what was seen stays recorded.
        scan.head.is_whole = scan.value(0).is_some();
        Some(scan.head)
    }

    /// Whether the text was scanned to its end, so that what was not seen does not exist.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether an object at that path was scanned to its end.
    pub(crate) fn has_ended(&self, path: &str) -> bool {
        self.ended.contains(path)
    }

    /// Whether that path occurs.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths.contains_key(path)
    }

    /// Whether all of those paths occur.
    pub(crate) fn has_all(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.has(path))
    }

    /// Whether that path occurs below any key of the outermost object: `[].arn` for
    /// `.ec2-us-east-1[].arn`.
    pub(crate) fn has_below_a_key(&self, path: &str) -> bool {
        let key = |known: &str| Some(known.strip_prefix('.')?.strip_suffix(path)?.to_owned());
        self.paths
            .keys()
            .filter_map(|known| key(known))
            .any(|key| !key.is_empty() && !key.contains(['.', '[']))
    }

    /// Whether that path occurs below any key of the object at `.outer`: `.frames[]` of `results`
    /// for `.results.A.frames[]`.
    pub(crate) fn has_below(&self, outer: &str, path: &str) -> bool {
        let key = |known: &str| {
            Some(
                known
                    .strip_prefix('.')?
                    .strip_prefix(outer)?
                    .strip_prefix('.')?
                    .strip_suffix(path)?
                    .to_owned(),
            )
        };
        self.paths
            .keys()
            .filter_map(|known| key(known))
            .any(|key| !key.is_empty() && !key.contains(['.', '[']))
    }

    /// All paths with the first scalar at each, in the order of their names.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (&str, &str)> {
        self.paths.iter().filter_map(|(path, scalar)| Some((path.as_str(), scalar.as_deref()?)))
    }

    /// The first scalar at that path, without its quotes; escapes stay as written.
    pub(crate) fn first(&self, path: &str) -> Option<&str> {
        self.paths.get(path)?.as_deref()
    }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    path: String,
    head: JsonHead,
}

impl<'a> Scan<'a> {
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Reads a value; `None` if the text ends or is invalid.
    fn value(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'{' | b'[' if depth > MAX_DEPTH => self.skip(),
            b'{' => self.members(depth),
            b'[' => self.elements(depth),
            b'"' => {
                let text = self.string()?;
                self.note(Some(text));
                Some(())
            }
            _ => {
                let rest = &self.text[self.at..];
                let length =
                    rest.find(|c: char| matches!(c, ',' | '}' | ']') || c.is_ascii_whitespace())?;
                self.note((length > 0).then_some(&rest[..length]));
                self.at += length;
                (length > 0).then_some(())
            }
        }
    }

    /// Skips an object or an array without recording anything. It does not recurse, however deep
    /// the brackets are.
    fn skip(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                b'"' => {
                    self.string()?;
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Some(());
            }
        }
    }

    fn members(&mut self, depth: usize) -> Option<()> {
        self.note(None);
        self.at += 1;
        loop {
            match self.peek()? {
                b'}' => break,
                b',' => self.at += 1,
                b'"' => {
                    let key = self.string()?;
                    let length = self.path.len();
                    self.path.push('.');
                    self.path.push_str(key);
                    self.note(None);
                    if self.peek()? != b':' {
                        return None;
                    }
                    self.at += 1;
                    self.value(depth + 1)?;
                    self.path.truncate(length);
                }
                _ => return None,
            }
        }
        if !self.head.ended.contains(&self.path) {
            self.head.ended.insert(self.path.clone());
        }
        self.at += 1;
        Some(())
    }

    fn elements(&mut self, depth: usize) -> Option<()> {
        let length = self.path.len();
        self.note(None);
        self.path.push_str("[]");
        self.at += 1;
        loop {
            match self.peek()? {
                b']' => break,
                b',' => self.at += 1,
                _ => self.value(depth + 1)?,
            }
        }
        self.path.truncate(length);
        self.at += 1;
        Some(())
    }

    fn string(&mut self) -> Option<&'a str> {
        let text = self.text;
        let start = self.at + 1;
        let mut end = start;
        loop {
            match text.as_bytes().get(end)? {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        self.at = end + 1;
        text.get(start..end)
    }

    fn note(&mut self, scalar: Option<&str>) {
        if let Some(known) = self.head.paths.get_mut(&self.path) {
            if known.as_deref().is_none_or(|known| known == "null") {
                *known = scalar.map(str::to_owned);
            }
        } else if !self.path.is_empty() {
            self.head.paths.insert(self.path.clone(), scalar.map(str::to_owned));
        }
    }
}

/// Reads the whole of `part`, a slice of the decoded text.
///
/// # Errors
/// [`ReadError`] with its place if it is not JSON or has another shape.
pub(crate) fn parse<'a, T: Deserialize<'a>>(
    decoded: &Decoded<'_>,
    part: &'a str,
) -> Result<T, ReadError> {
    serde_json::from_str(part).map_err(|error| {
        let start = decoded.span_of(part).start;
        let at = start + error_offset(part, &error);
        let (message, hint) = if error.is_eof() {
            (
                "the JSON ends in the middle: the file was cut short".to_owned(),
                Some("fetch or copy it again".to_owned()),
            )
        } else {
            let is_next = part.get(error_offset(part, &error)..).is_some_and(|rest| rest.starts_with(['{', '[']));
            let hint = (reason(&error) == "trailing characters" && is_next).then(|| {
                "it contains several JSON documents, one after another: put each in its own file, or make one array of them"
                    .to_owned()
            });
            (format!("not the JSON that was expected: {}", reason(&error)), hint)
        };
        ReadError { message, span: Some(at..(at + 1).min(decoded.text.len()).max(at)), hint }
    })
}

/// The records of a text with one JSON value per line; invalid lines are reported.
pub(super) fn each_line<'a>(text: &'a str, warnings: &mut Warnings<'_>) -> Vec<&'a RawValue> {
    let mut records = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match serde_json::from_str::<&RawValue>(line) {
            Ok(record) => records.push(record),
            Err(_) => warnings.about(line, "this line is not JSON and was left out"),
        }
    }
    records
}

/// The message of a JSON error without line and column, which the place shows already.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text.rfind(" at line ").map_or(text.as_str(), |at| &text[..at]);
    // The names of internal types mean nothing to the user.
    match reason.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected an object"),
        None => reason
            .replace("expected a map", "expected an object")
            .replace("type: map", "type: object"),
    }
}

/// The place of the error in `text`, in bytes.
fn error_offset(text: &str, error: &serde_json::Error) -> usize {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (line_start + error.column().saturating_sub(1)).min(text.len())
}

/// The records of an array, not yet parsed, so that a bad one does not affect the others.
pub(crate) type RawRecords<'a> = Vec<&'a RawValue>;

/// Deserializes `null` as the default: producers write it for an empty list.
///
/// # Errors
/// Those of the value's own deserializer.
pub(crate) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Deserializes a list without its `null` elements; `null` itself is an empty list.
///
/// # Errors
/// Those of the elements' own deserializer.
pub(crate) fn without_nulls<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Option::<Vec<Option<T>>>::deserialize(deserializer)?;
    Ok(list.unwrap_or_default().into_iter().flatten().collect())
}

/// A string that is borrowed from the input if it contains no escape. Serde borrows a `Cow` only
/// outside of `Option` and `Vec`; this type borrows everywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub(crate) struct Str<'a>(#[serde(borrow)] pub std::borrow::Cow<'a, str>);

impl std::ops::Deref for Str<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

/// Maps with borrowed keys can be searched by plain text.
impl std::borrow::Borrow<str> for Str<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Reads an id, which may be a text or a number: producers switch between `7` and `"7"`.
///
/// # Errors
/// If it is neither.
pub(crate) fn text_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Str<'de>>, D::Error> {
    let Some(raw) = Option::<&RawValue>::deserialize(deserializer)? else { return Ok(None) };
    let text = raw.get();
    match text.as_bytes() {
        b"null" => Ok(None),
        [b'"', ..] => serde_json::from_str(text).map(Some).map_err(D::Error::custom),
        [b'0'..=b'9' | b'-', ..] => Ok(Some(Str(std::borrow::Cow::Borrowed(text)))),
        _ => Err(D::Error::custom("expected a text or a number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::decode::decode;

    #[test]
    fn head_of_truncated_json_is_scanned() {
        let head = JsonHead::scan(
            r#" {"page": {"id": "a\"b", "n": 3}, "list": [{"x": null}, {"y": [1, "tw"#,
        )
        .unwrap();
        assert_eq!(head.first(".page.id"), Some("a\\\"b"));
        assert_eq!(head.first(".page.n"), Some("3"));
        assert!(head.has_all(&[".list", ".list[].x", ".list[].y", ".list[].y[]"]));
        assert!(!head.has(".list[].z") && !head.is_whole());
        assert!(head.has_ended(".page") && head.has_ended(".list[]") && !head.has_ended(""));
        assert!(JsonHead::scan(r#"{"list": []}"#).unwrap().is_whole());
        assert_eq!(JsonHead::scan("<html>"), None);
        assert!(JsonHead::scan("[{\"a\":1}]").unwrap().has("[].a"));
        let below = |text: &str| JsonHead::scan(text).unwrap().has_below_a_key("[].a");
        assert!(below(r#"{"x-1": [{"a": 1}]}"#) && below(r#"{"y": [], "x": [{"b": 2, "a": 1}]}"#));
        assert!(
            !below(r#"{"x": {"y": [{"a": 1}]}}"#)
                && !below(r#"[{"a": 1}]"#)
                && !below(r#"{"x": [{"b": 1}]}"#)
        );
    }

    #[test]
    fn deeply_nested_values_are_skipped() {
        let text = "[".repeat(100_000);
        assert!(JsonHead::scan(&text).is_some());
        let deep = format!(r#"{{"a": {}"]"{}, "b": 1}}"#, "[".repeat(50_000), "]".repeat(50_000));
        let head = JsonHead::scan(&deep).unwrap();
        assert!(head.is_whole() && head.first(".b") == Some("1"));
    }

    #[test]
    fn errors_have_places_in_the_whole_text() {
        let decoded = decode(b"var x = [\n1,\n oops]").unwrap();
        let error = parse::<Vec<u8>>(&decoded, decoded.body()).unwrap_err();
        assert_eq!(error.span, Some(14..15));
        assert_eq!(error.message, "not the JSON that was expected: expected value");
        let cut = decode(b"[1, 2").unwrap();
        assert!(parse::<Vec<u8>>(&cut, cut.body()).unwrap_err().message.contains("cut short"));
        let lines = decode(b"{\"a\": 1}\n{\"a\": 2}\n").unwrap();
        let error = parse::<BTreeMap<String, u8>>(&lines, lines.body()).unwrap_err();
        assert!(error.hint.unwrap().contains("one after another"));
    }

    #[test]
    fn strings_without_escapes_are_borrowed() {
        let strings: Vec<Option<Str<'_>>> =
            serde_json::from_str(r#"["plain", null, "a\nb"]"#).unwrap();
        assert!(matches!(&strings[0], Some(Str(std::borrow::Cow::Borrowed("plain")))));
        assert_eq!(strings[2].as_deref(), Some("a\nb"));
    }
}
