//! Words before a value that YAML reads as its tag or its anchor, and drops.
//!
//! `text: !important x` is "x", since `!important` is an unknown tag, and `text: &Co x` is "x" too,
//! since `&Co` names the value for an alias. Standard tags such as `!!str`, and anchors that an
//! alias uses, are intended.

use std::collections::HashSet;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};

/// An unknown tag, or an anchor that no alias uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The range from the mark to the end of its value, if that is on the same line; otherwise the
    /// mark.
    pub span: Range<usize>,
    /// The mark as written: `!important`, `&Co`.
    pub written: String,
    /// The probably intended value, if it is plain text on one line.
    pub meant: Option<String>,
}

impl Mark {
    /// The message: lower case, no full stop.
    pub(crate) fn message(&self) -> String {
        let what = if self.written.starts_with('!') { "a tag" } else { "an anchor" };
        format!("`{}` is {what} in YAML, so it is not part of the value", self.written)
    }

    /// The hint on what to do.
    pub(crate) fn hint(&self) -> String {
        match &self.meant {
            Some(meant) => format!("quote it: '{}'", meant.replace('\'', "''")),
            None => format!("remove it, or quote the value together with `{}`", self.written),
        }
    }
}

/// A value with a tag or an anchor.
struct Marked {
    /// The range of the value itself.
    span: Range<usize>,
    is_plain: bool,
    /// The number of its anchor; 0 if it has none.
    anchor: usize,
    has_unknown_tag: bool,
}

/// The marks of `text` that nothing uses, in order; empty for a text that is not YAML.
pub(crate) fn of(text: &str) -> Vec<Mark> {
    // Most files contain no such character, and need no second parse.
    if !text.match_indices(['!', '&']).any(|(at, _)| begins_word(text, at)) {
        return Vec::new();
    }
    let options =
        granit_parser::options! { emit_comments: false, bom_inside_document_as_content: true };
    let (mut marked, mut used) = (Vec::new(), HashSet::new());
    for next in Parser::new_from_str_with_options(text, options) {
        let Ok((event, span)) = next else { return Vec::new() };
        let has_unknown_tag =
            |tag: Option<&granit_parser::Tag>| tag.is_some_and(|tag| !tag.is_yaml_core_schema());
        let (anchor, has_unknown_tag, is_plain) = match &event {
            Event::Scalar(_, style, anchor, tag) => {
                (*anchor, has_unknown_tag(tag.as_deref()), *style == ScalarStyle::Plain)
            }
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag) => {
                (*anchor, has_unknown_tag(tag.as_deref()), false)
            }
            Event::Alias(anchor) => {
                used.insert(*anchor);
                continue;
            }
            _ => continue,
        };
        let Some(span) = span.byte_range() else { continue };
        if anchor > 0 || has_unknown_tag {
            marked.push(Marked { span, is_plain, anchor, has_unknown_tag });
        }
    }
    marked
        .iter()
        .filter_map(|one| one.mark(text, one.anchor > 0 && !used.contains(&one.anchor)))
        .collect()
}

impl Marked {
    fn mark(&self, text: &str, is_unused_anchor: bool) -> Option<Mark> {
        let signs = [('!', self.has_unknown_tag), ('&', is_unused_anchor)];
        let places = signs
            .into_iter()
            .filter(|(_, is_lost)| *is_lost)
            .filter_map(|(sign, _)| self.place(text, sign));
        let start = places.min()?;
        let rest = &text[start..];
        let length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}'))
            .unwrap_or(rest.len());
        let end = self.span.end.max(start + length);
        let whole = text[start..end].trim_end();
        let is_one_line = self.is_plain && !whole.contains('\n');
        Some(Mark {
            span: start..start + if is_one_line { whole.len() } else { length },
            written: rest[..length].to_owned(),
            meant: is_one_line.then(|| whole.to_owned()),
        })
    }

    /// The position of the mark that begins with `sign`: the last such word before the value. An
    /// absent value may begin at the mark itself.
    fn place(&self, text: &str, sign: char) -> Option<usize> {
        let before = text[..self.span.start]
            .rmatch_indices(sign)
            .map(|(at, _)| at)
            .find(|&at| begins_word(text, at));
        before.or_else(|| text[self.span.start..].starts_with(sign).then_some(self.span.start))
    }
}

/// Whether a word can begin at `at`.
fn begins_word(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, '[' | '{' | ','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_tag_or_anchor_is_found() {
        for (text, written, meant) in [
            ("a: !word x\n", "!word", Some("!word x")),
            ("a: !important\nb: 1\n", "!important", Some("!important")),
            ("a: ! x\n", "!", Some("! x")),
            ("a: &Co x y\n", "&Co", Some("&Co x y")),
            ("a: &Co\nb: 1\n", "&Co", Some("&Co")),
            ("- &one x\n- y\n", "&one", Some("&one x")),
            ("a: {b: !t x, c: 1}\n", "!t", Some("!t x")),
            ("a: [!t x]\n", "!t", Some("!t x")),
            ("a: !t 'x'\n", "!t", None),
            ("a: !t\n  b: 1\n", "!t", None),
            ("a: &x |\n  text\n", "&x", None),
            ("a: !t &x y\nb: *x\n", "!t", Some("!t &x y")),
        ] {
            let found = of(text);
            let shown: Vec<_> =
                found.iter().map(|mark| (mark.written.as_str(), mark.meant.as_deref())).collect();
            assert_eq!(shown, [(written, meant)], "{text}");
            assert!(text[found[0].span.clone()].starts_with(written), "{text}");
        }
    }

    #[test]
    fn used_tags_anchors_and_text_are_not_reported() {
        for text in [
            "a: &x 1\nb: *x\n",
            "a: &x {b: 1}\nc: *x\n",
            "a: !!str 1\n",
            "a: 'go !now'\n",
            "a: R & D\n",
            "a: stop! now\n",
            "a: |\n  !word x\n  &y\n",
            "a: \"!word x\"\n",
            "# !word\na: 1\n",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }
}
