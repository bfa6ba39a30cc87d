//! From a path in the model to the place in the text.

use std::cell::OnceCell;
use std::ops::Range;

use yamlpath::{Component, Document, Route};

use super::mistakes::Places;
use super::outline::{Answer, Outline};
use crate::diag::{Lines, Place};
use crate::model::path::{Path, Step};

/// A YAML text that places can be looked up in.
pub struct Locator<'a> {
    file: &'a str,
    text: &'a str,
    /// Where the lines begin, counted when a place is first looked up.
    lines: OnceCell<Lines>,
    /// The lines, where they alone say where a value is.
    outline: Option<Outline<'a>>,
    /// The text as a tree, read when a place is first looked up in it.
    document: OnceCell<Option<Document>>,
}

impl<'a> Locator<'a> {
    /// Reads `text`. A text that cannot be read has one place: the whole file.
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Locator { file, text, lines: OnceCell::new(), outline: None, document: OnceCell::new() }
    }

    /// The same, for a text that is known to be an incident file without mistakes: places in it are
    /// found sooner.
    pub fn of_valid(file: &'a str, text: &'a str) -> Self {
        Locator { outline: Outline::new(text), ..Locator::new(file, text) }
    }

    /// The place of the value at `path`; of the nearest value around it, if that is not there. A
    /// map or a list that begins below its key is placed at the key: its first line is about
    /// something else.
    pub fn value(&self, path: &Path) -> Place {
        match self.outline.as_ref().map_or(Answer::CannotTell, |outline| outline.value(&path.0)) {
            Answer::Value(span) | Answer::NotThere(Some(span)) if !path.0.is_empty() => self.place(span),
            Answer::CannotTell => self.nearest(path, |document, route| {
                let value = document.query_exact(route).ok().flatten().map(|feature| feature.location.byte_span);
                let key = || Some(document.query_key_only(route).ok()?.location.byte_span);
                match value {
                    Some((start, _)) if begins_line(self.text, start) => key().or(value),
                    Some(_) => value,
                    // A key with nothing behind it stands for the value that it lacks.
                    None => key(),
                }
            }),
            Answer::Value(_) | Answer::NotThere(_) => Place::whole_file(self.file),
        }
    }

    /// The place of the key at the end of `path`; of the value, if the path ends in a list.
    pub fn key(&self, path: &Path) -> Place {
        if let Some(place) = self.escaped(path) {
            return place;
        }
        self.nearest(path, |document, route| {
            document.query_key_only(route).ok().map(|feature| feature.location.byte_span)
        })
    }

    /// A key in double quotes that is written otherwise than it reads: `"a\u0062"`.
    fn escaped(&self, path: &Path) -> Option<Place> {
        let Some(Step::Key(key)) = path.0.last() else { return None };
        if self.text.contains(key.as_str()) {
            return None;
        }
        let quotes = self.text.match_indices('"').map(|(start, _)| start);
        let written = quotes.filter_map(|start| {
            let line = self.text[start..].lines().next()?;
            let length = line.find("\":")? + 1;
            line[..length].contains('\\').then_some(start..start + length)
        });
        let mut read = written
            .filter(|span| serde_yaml::from_str(&self.text[span.clone()]).is_ok_and(|read: String| read == *key));
        read.next().map(|span| self.place(span))
    }

    fn nearest(&self, path: &Path, look_up: impl Fn(&Document, &Route) -> Option<(usize, usize)>) -> Place {
        let document = self.document.get_or_init(|| document(self.text).ok());
        let Some(document) = document else { return Place::whole_file(self.file) };
        let mut steps = path.0.as_slice();
        let mut found = if steps.is_empty() { None } else { look_up(document, &route(steps)) };
        while found.is_none() && steps.len() > 1 {
            steps = &steps[..steps.len() - 1];
            found = document.query_key_only(&route(steps)).ok().map(|feature| feature.location.byte_span);
            found = found.or_else(|| Some(document.query_exact(&route(steps)).ok()??.location.byte_span));
        }
        // What a file does not have at all is missing from the incident, which its title names.
        let title = || document.query_key_only(&route(&[Step::Key("title".to_owned())])).ok();
        if found.is_none() && !steps.is_empty() {
            found = title().map(|feature| feature.location.byte_span);
        }
        match found {
            Some((start, end)) => self.place(start..end),
            None => Place::whole_file(self.file),
        }
    }

    /// The place of `span`, which somebody knows better than by its path.
    pub fn span(&self, span: Range<usize>) -> Place {
        Place::in_lines(self.file, self.text, self.lines.get_or_init(|| Lines::new(self.text)), span)
    }

    fn place(&self, span: Range<usize>) -> Place {
        self.span(self.first_line(span))
    }

    /// A caret under ten lines helps nobody: the first line of a long value stands for it.
    fn first_line(&self, span: Range<usize>) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or_default();
        let length = text.find('\n').unwrap_or(text.len());
        span.start..span.start + text[..length].trim_end().len().max(1)
    }
}

/// Whether nothing but space stands before `start` on its line: then it lies below its key.
pub(super) fn begins_line(text: &str, start: usize) -> bool {
    text.get(..start).is_some_and(|before| before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty()))
}

impl Places for Locator<'_> {
    fn value(&self, path: &Path) -> Place {
        Locator::value(self, path)
    }

    fn key(&self, path: &Path) -> Place {
        Locator::key(self, path)
    }

    fn start(&self) -> Place {
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            if !line.trim().is_empty() && !line.starts_with(['#', '%', '-']) {
                return self.place(at..at + line.len());
            }
            at += line.len();
        }
        Place::whole_file(self.file)
    }
}

/// `text` as a tree that places can be looked up in. The tree's grammar does not know the comma
/// behind the last item of `[a, b,]`, which YAML allows; without it every place is still the same.
///
/// # Errors
/// The grammar's complaint.
pub(super) fn document(text: &str) -> Result<Document, String> {
    Document::new(text)
        .or_else(|_| Document::new(without_last_commas(text)))
        .or_else(|_| Document::new(without_separators(&without_last_commas(text))))
        .map_err(|error| error.to_string())
}

/// Blanks for Unicode's line ends, which YAML takes for ends of a line within a text and the tree's
/// grammar does not: the places stay.
fn without_separators(text: &str) -> String {
    text.replace(['\u{2028}', '\u{2029}'], "   ").replace('\u{85}', "  ")
}

/// A blank for each comma that a closing bracket follows. What of it lies in a quoted text is
/// blanked too: the places stay.
fn without_last_commas(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let (mut comma, mut in_comment) = (None, false);
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        match byte {
            b'\n' => in_comment = false,
            _ if in_comment || byte.is_ascii_whitespace() => {}
            b'#' if comma.is_some() => in_comment = true,
            b']' | b'}' => {
                if let Some(last) = comma.take() {
                    bytes[last] = b' ';
                }
            }
            _ => comma = (byte == b',').then_some(at),
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The route that yamlpath takes to `steps`.
pub(super) fn route(steps: &[Step]) -> Route<'static> {
    let components: Vec<Component<'static>> = steps
        .iter()
        .map(|step| match step {
            Step::Key(key) => Component::from(key.clone()),
            Step::Index(index) => Component::from(*index),
        })
        .collect();
    Route::from(components)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "title: x\nmilestones:\n  resolved_at: 2026-01-01 # end\ntimeline:\n  - at: a\n    text: |\n      one\n      two\n";

    fn value(path: &Path) -> (usize, String) {
        let place = Locator::new("f", TEXT).value(path);
        (place.line, TEXT[place.span].to_owned())
    }

    #[test]
    fn the_place_of_a_value_is_its_first_line() {
        assert_eq!(value(&Path::key("milestones").then("resolved_at")), (3, "2026-01-01".into()));
        assert_eq!(value(&Path::key("timeline").then(0).then("text")), (6, "|".into()));
    }

    #[test]
    fn a_value_that_is_not_there_is_placed_at_its_parent() {
        assert_eq!(value(&Path::key("milestones").then("impact_start")), (2, "milestones".into()));
        assert_eq!(value(&Path::key("root_causes")), (1, "title".into()));
        assert_eq!(Locator::new("f", TEXT).value(&Path::root()).line, 1);
    }

    /// Every path of a value, and of a key that is not in a map of it.
    fn paths(value: &serde_yaml::Value, path: &Path, out: &mut Vec<Path>) {
        out.push(path.clone());
        match value {
            serde_yaml::Value::Mapping(map) => {
                out.push(path.clone().then("no_such_key"));
                map.iter().for_each(|(key, inner)| {
                    if let Some(key) = key.as_str() {
                        paths(inner, &path.clone().then(key), out);
                    }
                });
            }
            serde_yaml::Value::Sequence(list) => {
                out.push(path.clone().then(list.len()));
                list.iter().enumerate().for_each(|(index, inner)| paths(inner, &path.clone().then(index), out));
            }
            _ => {}
        }
    }

    /// How many paths of `text` the outline answers for itself; that it answers as the parser does.
    fn agreed(text: &str) -> usize {
        let mut all = Vec::new();
        paths(&serde_yaml::from_str(text).unwrap(), &Path::root(), &mut all);
        let (quick, slow) = (Locator::of_valid("f", text), Locator::new("f", text));
        for path in &all {
            let (quick, slow) = (quick.value(path), slow.value(path));
            assert_eq!((quick.line, &text[quick.span]), (slow.line, &text[slow.span]), "{path} in\n{text}");
        }
        let answered = |path: &&Path| quick.outline.as_ref().is_some_and(|o| o.value(&path.0) != Answer::CannotTell);
        all.iter().filter(answered).count()
    }

    #[test]
    fn the_outline_and_the_parser_agree_on_every_shape() {
        for (text, least) in [
            (TEXT, 8),
            ("a:\n- x\n- y: 1\n  z: # why\n  - - 1\n    - 2\nb: 'it''s' # x\nc: \"#1\" # y\n", 12),
            (
                "a: |\n  b: 1\n  - \"open\n\n  c: [\nd: >-\n  e\nf: plain\n  over: two\n"
                    .replace("over: two", "lines")
                    .as_str(),
                4,
            ),
            ("a:\n  - |\n    b: 1\n  - c: |\n      d\n    e: 1\n  -\n    f: 2\n", 8),
            (
                "a:\n  - {at: 2026-01-01T00:00Z, text: it's one, of: [S1, {x: 1}], by: 'a, b'}\n  - {id: r, text: x}\nb: [a, b c, \"d, e\"]\n",
                14,
            ),
            ("a: {b: {c: {d: 1}}, e: [[1, 2], [3]]}\n", 8),
            ("a: {b: , c: 1, d, 'e': 2, f: g:h, \"i\":3, j: k}\nl: [ ]\nm: { }\nn: [1,2 ,3 ]\n", 4),
            ("a: {b: [1, 'x}'], c: \"]\"}\nd: it's # 'fine\ne: http://x:1/#y\n", 4),
            ("# first\n\na: 1\n\n  # inside\nb:\nc: ~\n", 4),
            ("a: \"one\n\nb: two\"\nc: 3\n", 0),
            ("a: [1,\n2]\nc: 3\n", 0),
            ("a: &x {b: 1}\nc: *x\n", 0),
            ("---\na: 1\n", 0),
            ("a: 1\r\nb:\r\n  c: 2\r\n", 4),
            ("\"a\": 1\nb: 2\n", 0),
        ] {
            assert!(agreed(text) >= least, "{} < {least}: {text}", agreed(text));
        }
    }

    #[test]
    fn the_outline_and_the_parser_agree_on_our_own_files() {
        let worked = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("incidents");
        let rich = worked.with_file_name("tests").join("it/rich.yaml");
        let worked = std::fs::read_dir(worked).unwrap().map(|entry| entry.unwrap().path());
        for path in worked.chain([rich]) {
            agreed(&std::fs::read_to_string(&path).unwrap());
        }
    }

    fn values() -> impl Strategy<Value = serde_yaml::Value> {
        let text = prop_oneof!["[a-z]{1,8}", "[ -~]{0,20}", "([ -~]{0,9}\n){1,3}[a-z]{0,3}", "[-#:'\"{}|>!&* a]{1,8}"];
        let leaf = prop_oneof![
            text.prop_map(serde_yaml::Value::from),
            Just(serde_yaml::Value::Null),
            any::<i32>().prop_map(Into::into)
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let list = prop::collection::vec(inner.clone(), 0..5).prop_map(serde_yaml::Value::from);
            let map = prop::collection::btree_map("[a-z_]{1,5}|[a-z ]{1,5}x", inner, 0..5);
            prop_oneof![
                list,
                map.prop_map(|map| serde_yaml::Value::Mapping(map.into_iter().map(|(k, v)| (k.into(), v)).collect()))
            ]
        })
    }

    proptest! {
        #[test]
        fn the_outline_and_the_parser_agree_on_what_is_written_out(
            map in prop::collection::btree_map("[a-z_]{1,6}", values(), 1..6),
        ) {
            agreed(&serde_yaml::to_string(&map).unwrap());
        }
    }

    #[test]
    fn a_map_below_its_key_is_placed_at_the_key() {
        assert_eq!(value(&Path::key("milestones")), (2, "milestones".into()));
        assert_eq!(value(&Path::key("timeline").then(0)), (5, "at: a".into()));
    }

    #[test]
    fn a_comma_behind_the_last_item_hides_no_place() {
        let text = "a: {b: 1, }\nc: [\n  1, # one,\n  2, # two\n]\nd: 'x, ]'\n";
        let place = |path: Path| &text[Locator::new("f", text).value(&path).span];
        assert_eq!(place(Path::key("a").then("b")), "1");
        assert_eq!(place(Path::key("c").then(1)), "2");
        assert_eq!(place(Path::key("d")), "'x, ]'");
    }

    #[test]
    fn the_place_of_a_key() {
        let place = Locator::new("f", TEXT).key(&Path::key("milestones").then("resolved_at"));
        assert_eq!(&TEXT[place.span], "resolved_at");
    }
}
