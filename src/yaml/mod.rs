//! A YAML text as a tree of places.
//!
//! serde reads the values of a file; this module reads their places, for changing a text without
//! touching the rest of it, and for finding what its author did not intend. The tree contains no
//! values: each node has the range of its bytes and its style.
//!
//! Parsing takes one pass over the text, and its depth is limited, so a hostile text costs no more
//! than a long one.

pub(crate) mod bounds;
pub(crate) mod cuts;
pub(crate) mod marks;
pub(crate) mod simple;

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle};

/// A value in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// The bytes of the value, without its anchor and its tag. For an absent value the range is
    /// empty.
    pub span: Range<usize>,
    /// The column of its first character, from 0.
    pub column: usize,
    /// Whether an anchor or a tag precedes it.
    pub has_properties: bool,
    /// Its kind.
    pub kind: Kind,
}

/// How a value is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text, a number or the like; also an absent value.
    Scalar {
        /// Its style.
        style: ScalarStyle,
        /// Its text.
        text: String,
    },
    /// `*name`.
    Alias,
    /// A list.
    List {
        /// Whether it is in brackets.
        flow: bool,
        /// Its items.
        items: Vec<Node>,
    },
    /// A map.
    Map {
        /// Whether it is in braces.
        flow: bool,
        /// Its keys and their values, in the order of the text.
        pairs: Vec<(Node, Node)>,
    },
}

impl Node {
    /// Parses `text`, which contains one document; `None` for an empty one.
    ///
    /// # Errors
    /// The error of the parser, also for a text that is nested too deeply.
    pub(crate) fn read(text: &str) -> Result<Option<Node>, String> {
        let read = Self::read_as_it_is(text);
        if read.is_err() && text.contains(OLD_LINE_ENDS) {
            // In YAML 1.1, which serde reads, these end lines. Replacing them by spaces preserves
            // all places.
            let blanked = text.replace(['\u{2028}', '\u{2029}'], "   ").replace('\u{85}', "  ");
            return Self::read_as_it_is(&blanked);
        }
        read
    }

    fn read_as_it_is(text: &str) -> Result<Option<Node>, String> {
        let options = granit_parser::options! {
            emit_comments: false,
            bom_inside_document_as_content: true,
            block_scalar_eof_without_line_feed: true,
        };
        let mut builder = Builder { text, open: Vec::new(), root: None };
        for next in Parser::new_from_str_with_options(text, options) {
            let (event, span) = next.map_err(|error| error.to_string())?;
            builder.add(event, span).ok_or("the parser gave no place")?;
        }
        Ok(builder.root)
    }

    /// The value of a key, if this is a map with that key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.pair(key).map(|(_, value)| value)
    }

    /// A key with its value, if this is a map with that key.
    pub(crate) fn pair(&self, key: &str) -> Option<&(Node, Node)> {
        let Kind::Map { pairs, .. } = &self.kind else { return None };
        pairs.iter().find(|(name, _)| name.as_text() == Some(key))
    }

    /// Its text, if it is a text, a number or the like.
    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Kind::Scalar { text, .. } = &self.kind { Some(text) } else { None }
    }

    /// Whether it is absent or a null.
    pub(crate) fn is_nothing(&self) -> bool {
        let Kind::Scalar { style: ScalarStyle::Plain, text } = &self.kind else { return false };
        !self.has_properties && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// Whether it is an empty list or map.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::List { items, .. } => items.is_empty(),
            Kind::Map { pairs, .. } => pairs.is_empty(),
            Kind::Scalar { .. } | Kind::Alias => false,
        }
    }

    /// Whether it is written in brackets or braces.
    pub(crate) fn is_flow(&self) -> bool {
        matches!(self.kind, Kind::List { flow: true, .. } | Kind::Map { flow: true, .. })
    }

    /// The last node of its text: the last item of the last item and so on. An absent value ends
    /// with its key.
    pub(crate) fn last(&self) -> &Node {
        let mut node = self;
        loop {
            node = match &node.kind {
                Kind::List { flow: false, items } => match items.last() {
                    Some(last) => last,
                    None => return node,
                },
                Kind::Map { flow: false, pairs } => match pairs.last() {
                    Some((key, value))
                        if value.span.is_empty() && matches!(value.kind, Kind::Scalar { .. }) =>
                    {
                        return key;
                    }
                    Some((_, value)) => value,
                    None => return node,
                },
                _ => return node,
            }
        }
    }
}

const OLD_LINE_ENDS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// A list or a map that has not ended.
struct Open {
    node: Node,
    /// The key whose value comes next.
    key: Option<Node>,
}

struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn add(&mut self, event: Event, span: Span) -> Option<()> {
        let column = span.start.col();
        let node = |kind, anchor: usize, has_tag: bool| {
            Some(Node {
                span: span.byte_range()?,
                column,
                has_properties: anchor > 0 || has_tag,
                kind,
            })
        };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node =
                    node(Kind::Scalar { style, text: text.into_owned() }, anchor, tag.is_some())?;
                self.place(node);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let node = node(Kind::Alias, 0, false)?;
                self.place(node);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let kind = Kind::List { flow: style == StructureStyle::Flow, items: Vec::new() };
                self.open.push(Open { node: node(kind, anchor, tag.is_some())?, key: None });
            }
            Event::MappingStart(style, anchor, tag) => {
                let kind = Kind::Map { flow: style == StructureStyle::Flow, pairs: Vec::new() };
                self.open.push(Open { node: node(kind, anchor, tag.is_some())?, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let mut node = self.open.pop()?.node;
                node.span.end = if node.is_flow() {
                    span.end.byte_offset()?
                } else {
                    self.begin_at_dash(&mut node);
                    node.last().span.end.max(node.span.start)
                };
                self.place(node);
            }
            _ => {}
        }
        Some(())
    }

    /// For the parser, a list whose dashes are in the column of its key begins at its first item.
    fn begin_at_dash(&self, node: &mut Node) {
        let Kind::List { items, .. } = &node.kind else { return };
        let is_dash = |at: usize| {
            let mut bytes = self.text.as_bytes()[at..].iter();
            let mut before =
                self.text.as_bytes()[..at].iter().rev().take_while(|byte| **byte != b'\n');
            bytes.next() == Some(&b'-')
                && bytes.next().is_none_or(u8::is_ascii_whitespace)
                // Not the end of `|2-`, and not a dash in a comment.
                && before.all(|byte| matches!(byte, b' ' | b'-' | b'?' | b':'))
        };
        // In `- - x` the dash there belongs to the first item, which is itself a list.
        let is_its_item = |item: &Node| item.span.start == node.span.start && !item.span.is_empty();
        if is_dash(node.span.start) && !items.first().is_some_and(is_its_item) {
            return;
        }
        let before = &self.text[..items.first().map_or(node.span.start, |item| item.span.start)];
        let line_of = |at: usize| before[..at].rfind('\n').map_or(0, |newline| newline + 1);
        // Such a list begins on a line of its own; the dash of `|-` does not.
        let begins_line = |at: usize| before[line_of(at)..at].trim().is_empty();
        let mut dashes = before.rmatch_indices('-').map(|(at, _)| at).filter(|&at| is_dash(at));
        if let Some(dash) = dashes.find(|&at| begins_line(at)) {
            let line = line_of(dash);
            (node.span.start, node.column) = (dash, before[line..dash].chars().count());
        }
    }

    fn place(&mut self, node: Node) {
        let Some(around) = self.open.last_mut() else {
            // Readers of the values report a second document as an error.
            self.root.get_or_insert(node);
            return;
        };
        match &mut around.node.kind {
            Kind::List { items, .. } => items.push(node),
            Kind::Map { pairs, .. } => match around.key.take() {
                None => around.key = Some(node),
                Some(key) => pairs.push((key, node)),
            },
            Kind::Scalar { .. } | Kind::Alias => {}
        }
    }
}

/// The ranges of the comments of `text`, each from its `#` to the end of its line, in order; `None`
/// for a text that is not YAML.
pub(crate) fn comments(text: &str) -> Option<Vec<Range<usize>>> {
    let options = granit_parser::options! {
        bom_inside_document_as_content: true,
        max_buffered_comment_events: usize::MAX,
    };
    let mut found = Vec::new();
    for next in Parser::new_from_str_with_options(text, options) {
        if let (Event::Comment(..), span) = next.ok()? {
            found.push(span.byte_range()?);
        }
    }
    found.sort_by_key(|comment| comment.start);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every node as its text.
    fn shown(text: &str) -> String {
        fn walk(node: &Node, text: &str, depth: usize, out: &mut Vec<String>) {
            out.push(format!(
                "{}{:?}@{}",
                " ".repeat(depth),
                &text[node.span.clone()],
                node.column
            ));
            match &node.kind {
                Kind::List { items, .. } => {
                    items.iter().for_each(|item| walk(item, text, depth + 1, out));
                }
                Kind::Map { pairs, .. } => pairs.iter().for_each(|(key, value)| {
                    walk(key, text, depth + 1, out);
                    walk(value, text, depth + 2, out);
                }),
                Kind::Scalar { .. } | Kind::Alias => {}
            }
        }
        let mut out = Vec::new();
        walk(&Node::read(text).unwrap().unwrap(), text, 0, &mut out);
        out.join("\n")
    }

    #[test]
    fn each_value_has_its_source_range() {
        let text = "a: &i 1 # c\nb:\n  - x: |\n      one\n\n  - *i\nc: [1, {d: e, f}, ]\ng:\nh: &j !t\n  j: >+\n    k\n";
        insta::assert_snapshot!(shown(text), @r#"
        "a: &i 1 # c\nb:\n  - x: |\n      one\n\n  - *i\nc: [1, {d: e, f}, ]\ng:\nh: &j !t\n  j: >+\n    k\n"@0
         "a"@0
          "1"@6
         "b"@0
          "- x: |\n      one\n\n  - *i"@2
           "x: |\n      one\n\n  "@4
            "x"@4
             "one\n\n  "@6
           "*i"@4
         "c"@0
          "[1, {d: e, f}, ]"@3
           "1"@4
           "{d: e, f}"@7
            "d"@8
             "e"@11
            "f"@14
             ""@15
         "g"@0
          ""@1
         "h"@0
          "j: >+\n    k\n"@2
           "j"@2
            "k\n"@4
        "#);
    }

    #[test]
    fn too_deep_nesting_is_refused() {
        let text = format!("a: {}{}", "[".repeat(200_000), "]".repeat(200_000));
        assert!(
            Node::read(&text).unwrap_err().contains("recursion limit"),
            "{:?}",
            Node::read(&text).map(|_| ())
        );
    }

    #[test]
    fn unindented_list_starts_at_its_first_dash() {
        for text in [
            "n:\n- - x\n",
            "n:\n- |-\n  x\n",
            "n:\n-\n- x\n",
            "n:\n# - x\n- - - x\n",
            "n:\n  - - x\n",
        ] {
            let root = Node::read(text).unwrap().unwrap();
            let list = root.get("n").unwrap();
            let dash = text.match_indices("- ").chain(text.match_indices("-\n")).map(|(at, _)| at);
            let first =
                dash.filter(|&at| !text[..at].ends_with("# ") && !text[..at].ends_with('|')).min();
            assert_eq!(Some(list.span.start), first, "{text}");
        }
    }
}
