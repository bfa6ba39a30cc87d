//! Values that a `#` cuts off.
//!
//! In YAML ` #` starts a comment, so `text: paged, see #inc-1` is "paged, see", and `text: #inc-1`
//! is empty. A comment that a person writes has a space after its `#`; without one it is nearly
//! always a channel, a ticket or a tag that belongs to the value.

use std::ops::Range;

use granit_parser::ScalarStyle;

use super::{Kind, Node, comments};

/// A value that ends at a `#` which its author probably meant as a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The range from the value (or from the `#` if nothing is left of it) to the end of the line.
    pub span: Range<usize>,
    /// The key of the value; `None` in a list.
    pub key: Option<String>,
    /// Whether nothing is left of the value.
    pub is_empty: bool,
    /// The lost text, from the `#` on.
    pub lost: String,
    /// The probably intended value, if it is on one line.
    pub meant: Option<String>,
}

impl Cut {
    /// The message: lower case, no full stop.
    pub(crate) fn message(&self) -> String {
        let lost = short(&self.lost);
        let value = self
            .key
            .as_ref()
            .map_or_else(|| "this item".to_owned(), |key| format!("`{}`", short(key)));
        let what = if self.is_empty { "is empty" } else { "ends before it" };
        format!("`{lost}` is a comment here, so {value} {what}")
    }

    /// The hint on what to do.
    pub(crate) fn hint(&self) -> String {
        let otherwise = "or put a space after the `#` if it is a comment";
        match self.meant.as_ref().filter(|meant| meant.chars().count() <= LONGEST_SHOWN) {
            Some(meant) => format!("quote it: '{}', {otherwise}", meant.replace('\'', "''")),
            None => format!("quote the value, {otherwise}"),
        }
    }
}

/// Longer texts are truncated in messages.
const LONGEST_SHOWN: usize = 70;

fn short(text: &str) -> String {
    let mut chars = text.chars();
    let short: String = chars.by_ref().take(LONGEST_SHOWN).collect();
    if chars.next().is_some() { format!("{short}…") } else { short }
}

/// The cut values of `text`, in order; empty for a text that is not YAML.
pub(crate) fn of(text: &str) -> Vec<Cut> {
    // Most files contain no such mark, and need no second parse.
    if !has_mark(text) {
        return Vec::new();
    }
    let (Some(comments), Ok(Some(root))) = (comments(text), Node::read(text)) else {
        return Vec::new();
    };
    let mut walk = Walk { text, values: Vec::new() };
    walk.node(&root, None, root.span.start, 0, false);
    let mut values = walk.values;
    values.sort_by_key(|value| value.start);
    let mut cuts = Vec::new();
    for comment in comments.into_iter().filter(|comment| is_suspect(&text[comment.clone()])) {
        let next = values.partition_point(|value| value.start < comment.start);
        let cut = values[..next].last().and_then(|value| value.cut(&comment, text));
        // The next lines of a text that was cut need no finding of their own.
        let goes_on =
            |last: &Cut| last.span.end + 1 == text[..comment.start].trim_end_matches(' ').len();
        cuts.extend(cut.filter(|cut| !cut.is_empty || !cuts.last().is_some_and(goes_on)));
    }
    cuts
}

fn has_mark(text: &str) -> bool {
    text.match_indices('#').any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_some_and(char::is_whitespace)
            && is_suspect(text[at..].lines().next().unwrap_or_default())
    })
}

/// Whether a comment does not look like one that a person writes: `# so`, `## so`, `#####`,
/// `#----`.
fn is_suspect(comment: &str) -> bool {
    let content = comment.trim_start_matches('#');
    let is_mark_for_us = content.starts_with("posthoc:");
    content.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '"' || c == '\'')
        && !is_mark_for_us
}

/// A value with its position.
struct Value<'t> {
    node: &'t Node,
    /// The key, if it has one.
    key: Option<&'t Node>,
    /// The start of the value; for an absent value, of its key or its dash.
    start: usize,
    /// The column that its continuation lines must exceed.
    indent: usize,
    is_in_flow: bool,
}

impl Value<'_> {
    /// The part that `comment` cuts off this value, which is the last one before the comment.
    fn cut(&self, comment: &Range<usize>, text: &str) -> Option<Cut> {
        let Kind::Scalar { style: ScalarStyle::Plain, .. } = &self.node.kind else { return None };
        let line = text[..comment.start].rfind('\n').map_or(0, |newline| newline + 1);
        let before = text[line..comment.start].trim_end();
        let end = line + before.len();
        let is_empty = self.node.span.is_empty();
        let key = || match self.key.map(|key| &key.kind) {
            Some(Kind::Scalar { text, .. }) => Some(text.clone()),
            _ => None,
        };
        let lost = text[comment.clone()].trim_end().to_owned();
        if before.is_empty() {
            return self.is_continued(comment, line, text).then(|| Cut {
                span: comment.start..comment.start + lost.len(),
                key: key(),
                is_empty: false,
                lost,
                meant: None,
            });
        }
        let is_here =
            if is_empty { self.is_left_out_before(end, text) } else { self.node.span.end == end };
        if !is_here {
            return None;
        }
        let start = if is_empty { comment.start } else { self.node.span.start };
        let span = start..comment.start + lost.len();
        let meant = text[span.clone()].to_owned();
        Some(Cut {
            span,
            key: key(),
            is_empty,
            lost,
            meant: (!meant.contains('\n')).then_some(meant),
        })
    }

    /// Whether this absent value would have started at `end`.
    fn is_left_out_before(&self, end: usize, text: &str) -> bool {
        match self.key {
            Some(key) => {
                text.get(key.span.end..end).is_some_and(|between| between.trim_start() == ":")
            }
            None => !self.is_in_flow && text[..end].ends_with('-'),
        }
    }

    /// Whether a comment on a line of its own is where this value would continue.
    fn is_continued(&self, comment: &Range<usize>, line: usize, text: &str) -> bool {
        let end = self.node.span.end;
        let is_next_line =
            text.get(end..line).is_some_and(|between| between.trim_matches(' ') == "\n");
        let has_lines = text[self.node.span.clone()].contains('\n');
        let column = comment.start - line;
        !self.node.span.is_empty()
            && !self.is_in_flow
            && is_next_line
            && column > self.indent
            && (self.key.is_some() || has_lines)
    }
}

/// The values of a tree, in no particular order.
struct Walk<'t> {
    text: &'t str,
    values: Vec<Value<'t>>,
}

impl<'t> Walk<'t> {
    fn node(
        &mut self,
        node: &'t Node,
        key: Option<&'t Node>,
        start: usize,
        indent: usize,
        is_in_flow: bool,
    ) {
        match &node.kind {
            Kind::Scalar { .. } | Kind::Alias => {
                self.values.push(Value { node, key, start, indent, is_in_flow });
            }
            Kind::List { flow, items } => {
                let mut from = node.span.start;
                for item in items {
                    let is_left_out = item.span.is_empty() && !flow;
                    let start =
                        if is_left_out { self.dash(from, node.column) } else { item.span.start };
                    from = if is_left_out { start + 1 } else { item.span.end };
                    self.node(item, None, start, node.column, is_in_flow || *flow);
                }
            }
            Kind::Map { flow, pairs } => {
                for (key, value) in pairs {
                    let start =
                        if value.span.is_empty() { key.span.start } else { value.span.start };
                    self.node(value, Some(key), start, key.column, is_in_flow || *flow);
                }
            }
        }
    }

    /// The dash in `column` of the next item of a list: an absent item has no position of its own.
    fn dash(&self, from: usize, column: usize) -> usize {
        let mut line = self.text[..from].rfind('\n').map_or(0, |newline| newline + 1);
        loop {
            let dash = line + column;
            if dash >= from && self.text.as_bytes().get(dash) == Some(&b'-') {
                return dash;
            }
            match self.text[line..].find('\n') {
                Some(length) => line += length + 1,
                None => return from,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(text: &str) -> Vec<String> {
        let shown = |cut: &Cut| {
            let level = if cut.is_empty { "empty" } else { "cut" };
            format!(
                "{level} {} at {:?}",
                cut.key.as_deref().unwrap_or("-"),
                &text[cut.span.clone()]
            )
        };
        of(text).iter().map(shown).collect()
    }

    #[test]
    fn value_cut_by_a_hash_is_found_everywhere() {
        for (text, expected) in [
            ("a: paged, see #inc-1\n", "cut a at \"paged, see #inc-1\""),
            ("a: #inc-1\n", "empty a at \"#inc-1\""),
            ("a:   #inc-1\nb: 1\n", "empty a at \"#inc-1\""),
            ("a:\n  - x\n  - #inc-1\n  - y\n", "empty - at \"#inc-1\""),
            ("a:\n  -\n  - #inc-1\n  -\n", "empty - at \"#inc-1\""),
            ("a:\n  - #inc-1\n", "empty - at \"#inc-1\""),
            ("a:\n- see #inc-1", "cut - at \"see #inc-1\""),
            ("a:\n  - b: see #inc-1\n    c: 1\n", "cut b at \"see #inc-1\""),
            ("a: {b: 1,\n  c: see #x\n }\n", "cut c at \"see #x\""),
            ("a: [b, see #x\n  ]\n", "cut - at \"see #x\""),
            ("a: one\n  two #x\nb: 1\n", "cut a at \"one\\n  two #x\""),
            ("a: one\n  #x broke\nb: 1\n", "cut a at \"#x broke\""),
            ("a:\n  - one\n    two\n    #x broke\n", "cut - at \"#x broke\""),
            ("\"a\": b #1\n", "cut a at \"b #1\""),
            ("a:\n  one #x\n", "cut a at \"one #x\""),
        ] {
            assert_eq!(cuts(text), [expected], "{text}");
        }
        assert_eq!(cuts("a: see #1\nb:\n  - c: #2\n    d: e #3 # four\n").len(), 3);
    }

    #[test]
    fn ordinary_comment_is_not_a_cut_value() {
        for text in [
            "a: b # c\n",
            "#a: b\nc: d\n",
            "a: b ## c\n",
            "a: b #####\n",
            "a: b #----\n",
            "a: b#c\n",
            "a: \"b\" #c\n",
            "a: 'see #inc' #c\n",
            "a: \"see #inc\"\n",
            "a: |\n  see #inc\n  #inc\n",
            "a: | #note\n  see\n",
            "a: >-\n  see #inc\n",
            "a:\n  b: c\n  #d: e\n  f: g\n",
            "a:\n  - b: c\n    #d: e\n    f: g\n",
            "a:\n  - b\n  #- c\n  - d\n",
            "a: b\n#c: d\n",
            "a: b\n\n  #c\n",
            "a: #all of it\n  - b\n",
            "a: #all of it\n  b: c\n",
            "a: [ #all of it\n  b, #one\n]\n",
            "a: [b] #c\n",
            "a: *b #c\n",
            "a: b #posthoc: ignore x\n",
            "- a: [\n",
        ] {
            assert_eq!(cuts(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn intended_value_is_the_whole_line() {
        let cuts = of("a: see #inc-1, then # stop  \n");
        assert_eq!(
            (cuts[0].meant.as_deref(), cuts[0].lost.as_str()),
            (Some("see #inc-1, then # stop"), "#inc-1, then # stop")
        );
    }
}
