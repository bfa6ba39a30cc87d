//! Maps a path in the model to its place in the text.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::ScalarStyle;

use super::indentation::{Answer, Outline, begins_line};
use super::mistakes::Places;
use crate::diag::{Lines, Place};
use crate::model::path::{Path, Step};
use crate::yaml::{Kind, Node};

/// A YAML text in which places can be looked up.
pub(crate) struct Locator<'a> {
    file: &'a str,
    text: &'a str,
    /// The starts of the lines, computed at the first lookup.
    lines: OnceCell<Lines>,
    /// The outline, for a text whose lines alone show where values are.
    outline: Option<Outline<'a>>,
    /// The syntax tree, parsed at the first lookup that needs it.
    tree: OnceCell<Option<Node>>,
    /// The index of each key of a large map, by the range of the map: a map with thousands of keys
    /// may have as many findings.
    keys: RefCell<HashMap<Range<usize>, HashMap<String, usize>>>,
}

impl<'a> Locator<'a> {
    /// For a text that cannot be parsed, every place is the whole file.
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Locator {
            file,
            text,
            lines: OnceCell::new(),
            outline: None,
            tree: OnceCell::new(),
            keys: RefCell::default(),
        }
    }

    /// As [`Locator::new`], for a text that is known to be a valid incident file: lookups are
    /// faster.
    pub(crate) fn of_valid(file: &'a str, text: &'a str) -> Self {
        Locator { outline: Outline::new(text), ..Locator::new(file, text) }
    }

    /// The place of the value at `path`, or of the nearest value around it if that is absent. A map
    /// or a list that starts below its key is placed at the key, since its first line is about
    /// something else.
    pub(crate) fn value(&self, path: &Path) -> Place {
        match self.outline.as_ref().map_or(Answer::Undetermined, |outline| outline.value(&path.0)) {
            Answer::Value(span) | Answer::NotThere(Some(span)) if !path.0.is_empty() => {
                self.place(span)
            }
            Answer::Undetermined => self.nearest(path, |found| {
                let value = self.written(found);
                // For a key without a value, the key is the place.
                let stands_at_key = value.is_empty() || begins_line(self.text, value.start);
                found.key.filter(|_| stands_at_key).map_or(value, |key| key.span.clone())
            }),
            Answer::Value(_) | Answer::NotThere(_) => Place::whole_file(self.file),
        }
    }

    /// The place of the key at the end of `path`; of the value if the path ends in a list.
    pub(crate) fn key(&self, path: &Path) -> Place {
        self.nearest(path, |found| {
            found.key.map_or_else(|| found.value.span.clone(), |key| key.span.clone())
        })
    }

    /// The range that `of` selects for the value at `path`. If that is absent, the key of the
    /// nearest value around it.
    fn nearest(&self, path: &Path, of: impl Fn(Located) -> Range<usize>) -> Place {
        let tree = self.tree.get_or_init(|| Node::read(self.text).ok().flatten());
        let Some(root) = tree.as_ref().filter(|_| !path.0.is_empty()) else {
            return Place::whole_file(self.file);
        };
        if let Some(found) = self.find(root, &path.0) {
            return self.place(of(found));
        }
        let around = (1..path.0.len()).rev().find_map(|length| self.find(root, &path.0[..length]));
        // A value that is absent from the whole file is reported at the title of the incident.
        let around = around.or_else(|| self.find(root, &[Step::Key("title".to_owned())]));
        match around {
            Some(found) => self.place(found.key.unwrap_or(found.value).span.clone()),
            None => Place::whole_file(self.file),
        }
    }

    /// The range of a value; a block text starts at its `|` or `>`.
    fn written(&self, found: Located) -> Range<usize> {
        let span = found.value.span.clone();
        if !matches!(
            found.value.kind,
            Kind::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. }
        ) {
            return span;
        }
        let before = &self.text[..span.start];
        let header = match found.key {
            Some(key) => key.span.end,
            None => before.trim_end().rfind('\n').map_or(0, |newline| newline + 1),
        };
        let start = before[header..].find(['|', '>']).map_or(span.start, |at| header + at);
        start..span.end.max(start + 1)
    }

    /// The value at the end of `steps`; the first one if a key occurs several times.
    fn find<'t>(&self, root: &'t Node, steps: &[Step]) -> Option<Located<'t>> {
        let start = Located { key: None, value: root };
        steps.iter().try_fold(start, |found, step| match (&found.value.kind, step) {
            (Kind::Map { .. }, Step::Key(key)) => {
                self.pair(found.value, key).map(|(key, value)| Located { key: Some(key), value })
            }
            (Kind::List { items, .. }, Step::Index(index)) => {
                items.get(*index).map(|value| Located { key: None, value })
            }
            _ => None,
        })
    }

    /// A key of a map, and its value.
    fn pair<'t>(&self, map: &'t Node, key: &str) -> Option<&'t (Node, Node)> {
        const LARGE: usize = 32;
        let Kind::Map { pairs, .. } = &map.kind else { return None };
        if pairs.len() < LARGE {
            return map.pair(key);
        }
        let mut keys = self.keys.borrow_mut();
        let keys = keys.entry(map.span.clone()).or_insert_with(|| {
            let named = pairs.iter().enumerate().rev();
            named.filter_map(|(index, (key, _))| Some((key.as_text()?.to_owned(), index))).collect()
        });
        pairs.get(*keys.get(key)?)
    }

    /// The place of `span`, for callers that know the range.
    pub(crate) fn span(&self, span: Range<usize>) -> Place {
        Place::in_lines(
            self.file,
            self.text,
            self.lines.get_or_init(|| Lines::new(self.text)),
            span,
        )
    }

    fn place(&self, span: Range<usize>) -> Place {
        self.span(self.first_line(span))
    }

    /// Carets under ten lines help nobody: a long value is represented by its first line.
    fn first_line(&self, span: Range<usize>) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or_default();
        let length = text.find('\n').unwrap_or(text.len());
        span.start..span.start + text[..length].trim_end().len().max(1)
    }
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

/// A value in the tree.
#[derive(Clone, Copy)]
struct Located<'t> {
    /// Its key; `None` for an item of a list.
    key: Option<&'t Node>,
    value: &'t Node,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "title: x\nmilestones:\n  resolved_at: 2026-01-01 # end\ntimeline:\n  - at: a\n    text: |\n      one\n      two\n";

    fn value(path: &Path) -> (usize, String) {
        let place = Locator::new("f", TEXT).value(path);
        (place.line, TEXT[place.span].to_owned())
    }

    #[test]
    fn place_of_a_value_is_its_first_line() {
        assert_eq!(value(&Path::key("milestones").then("resolved_at")), (3, "2026-01-01".into()));
        assert_eq!(value(&Path::key("timeline").then(0).then("text")), (6, "|".into()));
    }

    #[test]
    fn missing_value_is_placed_at_its_parent() {
        assert_eq!(value(&Path::key("milestones").then("impact_start")), (2, "milestones".into()));
        assert_eq!(value(&Path::key("root_causes")), (1, "title".into()));
        assert_eq!(Locator::new("f", TEXT).value(&Path::root()).line, 1);
    }

    /// Every path to a value, and to a key that is missing from a map.
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
                list.iter()
                    .enumerate()
                    .for_each(|(index, inner)| paths(inner, &path.clone().then(index), out));
            }
            _ => {}
        }
    }

    /// Checks that the outline and the parser give the same places; returns how many paths the
    /// outline answered itself.
    fn agreed(text: &str) -> usize {
        let mut all = Vec::new();
        paths(&serde_yaml::from_str(text).unwrap(), &Path::root(), &mut all);
        let (quick, slow) = (Locator::of_valid("f", text), Locator::new("f", text));
        for path in &all {
            let (quick, slow) = (quick.value(path), slow.value(path));
            assert_eq!(
                (quick.line, &text[quick.span]),
                (slow.line, &text[slow.span]),
                "{path} in\n{text}"
            );
        }
        let answered = |path: &&Path| {
            quick.outline.as_ref().is_some_and(|o| o.value(&path.0) != Answer::Undetermined)
        };
        all.iter().filter(answered).count()
    }

    #[test]
    fn locator_and_parser_agree_on_every_shape() {
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
    fn locator_and_parser_agree_on_the_example_files() {
        let worked = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("incidents");
        let rich = worked.with_file_name("tests").join("it/reports/rich.yaml");
        let worked = std::fs::read_dir(worked).unwrap().map(|entry| entry.unwrap().path());
        for path in worked.chain([rich]) {
            agreed(&std::fs::read_to_string(&path).unwrap());
        }
    }

    /// Every text of up to four of the characters that determine how a text is written, as a value,
    /// as an item, and as an item of an item.
    #[test]
    fn locator_and_parser_agree_on_every_short_text() {
        let mut texts = vec![String::new()];
        for length in 0..4 {
            let longer = texts.iter().filter(|text| text.chars().count() == length);
            let longer =
                longer.flat_map(|text| " \n\ta#-:".chars().map(move |c| format!("{text}{c}")));
            texts.extend(longer.collect::<Vec<_>>());
        }
        for text in texts {
            let value = serde_yaml::Value::from(text);
            let list = serde_yaml::Value::from(vec![value.clone()]);
            let lists = serde_yaml::Value::from(vec![list.clone()]);
            for first in [value, list, lists] {
                let map = BTreeMap::from([("a", first), ("b", "x".into())]);
                agreed(&serde_yaml::to_string(&map).unwrap());
            }
        }
    }

    fn values() -> impl Strategy<Value = serde_yaml::Value> {
        let text = prop_oneof![
            "[a-z]{1,8}",
            "[ -~]{0,20}",
            "([ -~]{0,9}\n){1,3}[a-z]{0,3}",
            "[-#:'\"{}|>!&* a]{1,8}"
        ];
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
                map.prop_map(|map| serde_yaml::Value::Mapping(
                    map.into_iter().map(|(k, v)| (k.into(), v)).collect()
                ))
            ]
        })
    }

    proptest! {
        #[test]
        fn locator_and_parser_agree_on_serialised_maps(
            map in prop::collection::btree_map("[a-z_]{1,6}", values(), 1..6),
        ) {
            agreed(&serde_yaml::to_string(&map).unwrap());
        }
    }

    #[test]
    fn map_is_placed_at_its_key() {
        assert_eq!(value(&Path::key("milestones")), (2, "milestones".into()));
        assert_eq!(value(&Path::key("timeline").then(0)), (5, "at: a".into()));
    }

    #[test]
    fn trailing_comma_does_not_hide_a_place() {
        let text = "a: {b: 1, }\nc: [\n  1, # one,\n  2, # two\n]\nd: 'x, ]'\n";
        let place = |path: Path| &text[Locator::new("f", text).value(&path).span];
        assert_eq!(place(Path::key("a").then("b")), "1");
        assert_eq!(place(Path::key("c").then(1)), "2");
        assert_eq!(place(Path::key("d")), "'x, ]'");
    }

    #[test]
    fn place_of_a_key_is_found() {
        let place = Locator::new("f", TEXT).key(&Path::key("milestones").then("resolved_at"));
        assert_eq!(&TEXT[place.span], "resolved_at");
    }
}
