use std::fmt;

use indexmap::IndexMap;
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::*;
use crate::model::Incident;

/// Any YAML value, because a concrete type would reject most test inputs.
#[derive(Debug, PartialEq)]
enum Tree {
    Text(String),
    Number(u64),
    List(Vec<Option<Tree>>),
    Map(IndexMap<String, Option<Tree>>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Tree;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
                Ok(Tree::Text(text.to_owned()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
                Ok(Tree::Number(number))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Tree::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Tree, A::Error> {
                let mut map = IndexMap::new();
                while let Some((key, value)) = pairs.next_entry()? {
                    map.insert(key, value);
                }
                Ok(Tree::Map(map))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Reads a text that must be simple, and compares it with the full parser.
fn read(text: &str) -> Tree {
    let simple: Tree = from_str(text).unwrap_or_else(|_| panic!("not simple:\n{text}"));
    assert_eq!(Ok(&simple), serde_yaml::from_str(text).map_err(|error| error.to_string()).as_ref());
    simple
}

/// Asserts that the full parser reads the same value, if this module reads one.
fn agrees_with_the_full_parser<T: serde::de::DeserializeOwned + PartialEq + fmt::Debug>(
    text: &str,
) -> bool {
    let Ok(simple) = from_str::<T>(text) else { return false };
    let full = serde_yaml::from_str::<T>(text).map_err(|error| error.to_string());
    assert_eq!(full.as_ref(), Ok(&simple), "{text}");
    true
}

const INCIDENT: &str = "# A comment.

schema: posthoc/v1
id: a
title: \"A: \\\"short\\\" slowdown\"   # why
services: [api, 'web app', \"x, y\"]
tags: []
definitions: 3
time_zone: Europe/Berlin
summary: |
  One line.

    Indented further: with a colon.
  # Not a comment.

milestones:            # times
  first_notice_at: {at: 2026-03-17T14:14:05Z, basis: reported, source: S1#u1, }
  identified_at:   2026-03-17 15:22 Europe/Berlin
impact:
  windows:
  - start: ~2026-03-17T14:05Z
    end: null
    level: degraded
  - {start: 2026-03-17T18:05Z, end: ~}
  customers: 1200
  users: 10%
  statement: >-
    Folded over
    two lines.

    And a paragraph.
action_items: []
timeline:
  - at: 2026-03-17T14:05Z
    text: It's 10:15, and http://example.test/#x is slow   # said a customer

  - text: |+
      kept

    at: 2026-03-17T14:06Z
  # A comment between entries.
  -   at: 2026-03-17T14:07Z
      text: 'it''s over'
mitigators:
- -1 is a text here
- a # comment
lessons:
  lucky:
    - |
      One.

      Two.
    - >
      Three
      four.
";

#[test]
fn incident_files_are_simple() {
    assert!(agrees_with_the_full_parser::<Incident>(INCIDENT));
    assert!(agrees_with_the_full_parser::<Tree>(INCIDENT));
}

#[test]
fn texts_are_as_the_full_parser_reads_them() {
    let read = read("a: x # y\nb:\nc: |-\n\n  d\n   e\n\n  f\n\n");
    let text = |text: &str| Some(Tree::Text(text.to_owned()));
    let expected = [("a", text("x")), ("b", None), ("c", text("\nd\n e\n\nf"))];
    assert_eq!(read, Tree::Map(expected.map(|(key, value)| (key.to_owned(), value)).into()));
}

/// Each of these texts is an error or unusual, so it is left to the full parser.
#[test]
fn anything_unusual_is_left_to_the_full_parser() {
    for text in [
        "",
        "a: 1",
        "a: b: c\n",
        "a: b\n c\n",
        "a: b\n# x\n c\n",
        "a: 'b\n  c'\n",
        "a: [b,\n c]\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !t b\n",
        "--- \na: b\n",
        "a: b\n---\nc: d\n",
        "a: b\n...\n",
        "%YAML 1.2\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: b\u{85}\n",
        "a: \u{feff}b\n",
        "a: |2\n   b\n",
        "a: | # c\n  b\n",
        "a: |\n\n",
        "a: |\n    \n  b\n",
        "a: |\n  b\n # c\n",
        "a: |\n  b\n c: d\n",
        "a: >\n  b\n    c\n",
        "a: true\n",
        "a: 1.5\n",
        "a: 0x1f\n",
        "a: -4\n",
        "a: .inf\n",
        "a: '\\'b'\n",
        "a: \"\\u0041\"\n",
        "a: 'b' c\n",
        "a: 'b'# c\n",
        "a: [b]c\n",
        "a: [b: c]\n",
        "a: {b: c: d}\n",
        "a: {b:c}\n",
        "a: [b #c]\n",
        "a: [[b], c\n",
        "a: [b,,c]\n",
        "a: {b: }\n",
        "a: %b\n",
        "a: @b\n",
        "? a\n: b\n",
        "\"a\": b\n",
        "a : b\n",
        " a: b\n",
        "a:\n  b: c\n d: e\n",
        "a:\n  - b\n c: d\n",
        "a:\n  - b\n  c: d\n",
        "a:\n  - - b\n",
        "a:\n  -\n    b: c\n",
        "a:\n  -b\n",
        "a:\nb\n",
        "a:b\n",
    ] {
        assert!(!agrees_with_the_full_parser::<Tree>(text), "{text}");
    }
}

/// Pieces of YAML syntax that are inserted into texts.
const PIECES: [&str; 42] = [
    " ", "  ", "\n", "\n\n", ":", ": ", "- ", "-", "#", " #", "|", ">", "|-", ">+", "|+", "'",
    "\"", "''", "\\", "[", "]", "{", "}", ",", ", ", "&a ", "*a", "!t ", "?", "? ", "---", "...",
    "%", "\t", "~", "null", "a", "a: ", "é", "\u{85}", "0", "\r",
];

/// Changes to a text: each is a position, the number of bytes to replace and the index of a piece.
/// The index after the last piece deletes the bytes.
fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, usize)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, 0..=PIECES.len()), 1..4)
}

fn changed(text: &str, changes: &[(prop::sample::Index, usize, usize)]) -> String {
    let mut text = text.to_owned();
    for (index, removed, piece) in changes {
        let at = index.index(text.len() + 1);
        let at = text.floor_char_boundary(at);
        let end = text.floor_char_boundary((at + removed).min(text.len()));
        text.replace_range(at..end.max(at), PIECES.get(*piece).copied().unwrap_or_default());
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn changed_incidents_are_as_the_full_parser_reads_them(changes in changes()) {
        let text = changed(INCIDENT, &changes);
        agrees_with_the_full_parser::<Tree>(&text);
        agrees_with_the_full_parser::<Incident>(&text);
    }

    #[test]
    fn small_texts_are_as_the_full_parser_reads_them(pieces in prop::collection::vec(0..PIECES.len(), 1..12)) {
        let text: String = pieces.iter().map(|&piece| PIECES[piece]).collect();
        for around in [format!("a: {text}\n"), format!("a:\n  - {text}\n  - b\n"), format!("a: {{b: {text}}}\nc: d\n"), format!("a: |\n  {text}\nb: c\n"), format!("a:\n{text}\n")] {
            agrees_with_the_full_parser::<Tree>(&around);
        }
    }
}
