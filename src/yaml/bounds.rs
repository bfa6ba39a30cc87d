//! Limits the cost of parsing a YAML text.
//!
//! The time of the parser grows with the square of the depth of brackets, and an alias repeats a
//! value for a few bytes of text. No file of ours comes close to either limit, so a text beyond
//! them is refused before it is parsed. The check takes one pass over the bytes, and one over the
//! tokens only if brackets, indentation or anchors require it.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser};

/// The maximum depth of lists and maps.
pub(crate) const DEPTH: usize = 64;

/// The maximum number of bytes that all aliases of a text may repeat.
pub(crate) const REPEATED: usize = 1 << 20;

/// The limit that a text exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// [`DEPTH`].
    Depth,
    /// [`REPEATED`].
    Aliases,
}

/// Where a text exceeds a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beyond {
    /// The limit.
    pub bound: Bound,
    /// The bracket or the alias that exceeds it.
    pub span: Range<usize>,
}

impl Beyond {
    pub(crate) fn message(&self) -> String {
        match self.bound {
            Bound::Depth => format!("lists and maps are nested more than {DEPTH} levels deep here"),
            Bound::Aliases => {
                format!("aliases repeat more than {} MB of text up to here", REPEATED >> 20)
            }
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self.bound {
            Bound::Depth => "a text that begins with `[` or `{` needs quotes around it",
            Bound::Aliases => "write each value once, without `&name` and `*name`",
        }
    }
}

/// The first place where `text` exceeds a limit. An invalid text is checked up to the place where
/// it is invalid.
pub(crate) fn beyond(text: &str) -> Option<Beyond> {
    if !may_be_deep(text) && !may_have_aliases(text) {
        return None;
    }
    let options =
        granit_parser::options! { emit_comments: false, bom_inside_document_as_content: true };
    let mut copies = Copies::default();
    let mut depth = 0;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = match next {
            Ok(next) => next,
            // The parser looks ahead for keys, and reaches its own limit before ours.
            Err(error) if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) => {
                let near = error.marker().byte_offset()?.min(text.len());
                let start = text[..near].rfind(['[', '{', '-', '?', ':']).unwrap_or(0);
                return Some(Beyond {
                    bound: Bound::Depth,
                    span: start..(start + 1).min(text.len()),
                });
            }
            Err(_) => return None,
        };
        match &event {
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth -= 1,
            _ => {}
        }
        let bound = match copies.add(&event) > REPEATED {
            true => Some(Bound::Aliases),
            false => (depth > DEPTH).then_some(Bound::Depth),
        };
        if let Some(bound) = bound {
            let start = span.byte_range()?.start;
            let length = text[start..].lines().next().map_or(0, |line| match bound {
                Bound::Depth => line.len().min(1),
                Bound::Aliases => line.find([' ', ',', ']', '}']).unwrap_or(line.len()),
            });
            return Some(Beyond { bound, span: start..start + length });
        }
    }
    None
}

/// The size of the values, and how much of it is repeated.
#[derive(Default)]
struct Copies {
    /// The size in bytes of all values so far, with aliases expanded.
    total: usize,
    repeated: usize,
    /// The size in bytes of each value with an anchor.
    anchored: HashMap<usize, usize>,
    /// The open lists and maps: the anchor, and the total before each.
    open: Vec<(usize, usize)>,
}

impl Copies {
    /// Counts a token; returns how many bytes aliases have repeated so far.
    fn add(&mut self, event: &Event) -> usize {
        /// The size of a value besides its text.
        const EACH: usize = 16;
        match event {
            Event::Scalar(text, _, anchor, _) => {
                let size = text.len() + EACH;
                self.total = self.total.saturating_add(size);
                self.anchored.extend((*anchor > 0).then_some((*anchor, size)));
            }
            Event::SequenceStart(_, anchor, _) | Event::MappingStart(_, anchor, _) => {
                self.open.push((*anchor, self.total));
                self.total = self.total.saturating_add(EACH);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, before)) = self.open.pop().filter(|(anchor, _)| *anchor > 0) {
                    self.anchored.insert(anchor, self.total.saturating_sub(before));
                }
            }
            Event::Alias(anchor) => {
                let size = self.anchored.get(anchor).copied().unwrap_or(EACH);
                self.total = self.total.saturating_add(size);
                self.repeated = self.repeated.saturating_add(size);
            }
            _ => {}
        }
        self.repeated
    }
}

/// Whether brackets, or dashes and indentation, could make a value too deep. Brackets in prose
/// count as well, which only costs a pass over the tokens.
fn may_be_deep(text: &str) -> bool {
    let mut brackets = 0usize;
    let mut before = 0usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => brackets += 1,
            b']' | b'}' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        match byte {
            b'\n' | b'\r' => before = 0,
            b' ' | b'\t' | b'-' | b'?' | b':' if before < usize::MAX => before += 1,
            _ => before = usize::MAX,
        }
        // The sum can only be too large if one of them is at least half of the limit.
        if brackets > DEPTH / 2 || (before > DEPTH / 2 && before < usize::MAX) {
            return true;
        }
    }
    false
}

/// Whether there is an anchor.
fn may_have_aliases(text: &str) -> bool {
    let is_before = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'[' | b'{' | b',');
    text.match_indices('&').any(|(at, _)| {
        let around = text.as_bytes();
        let opens = at == 0 || is_before(&around[at - 1]);
        opens && around.get(at + 1).is_some_and(|next| !next.is_ascii_whitespace())
    }) && text.contains('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(Bound, usize, &str)> {
        let beyond = beyond(text)?;
        let line = text[..beyond.span.start].matches('\n').count() + 1;
        Some((beyond.bound, line, &text[beyond.span]))
    }

    fn brackets(open: &str, close: &str, depth: usize) -> String {
        format!("title: x\nsummary: {}{}\n", open.repeat(depth), close.repeat(depth))
    }

    #[test]
    fn nesting_depth_is_bounded_in_every_notation() {
        // The map of the file is one level.
        assert_eq!(found(&brackets("[", "]", DEPTH - 1)), None);
        assert_eq!(found(&brackets("[", "]", DEPTH)), Some((Bound::Depth, 2, "[")));
        assert_eq!(found(&brackets("{a: ", "}", DEPTH)), Some((Bound::Depth, 2, "{")));
        for (open, close) in [("[{a: ", "}]"), ("[", "]"), ("[", "")] {
            let text = brackets(open, close, 40_000);
            let found = found(&text).map(|(bound, line, bracket)| (bound, line, bracket.len()));
            assert_eq!(found, Some((Bound::Depth, 2, 1)), "{open}");
        }
        let dashes = format!("a:\n  {}x\n", "- ".repeat(DEPTH));
        assert_eq!(found(&dashes).map(|found| found.0), Some(Bound::Depth));
        let block: String = (0..=DEPTH).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert_eq!(found(&block).map(|found| (found.0, found.1)), Some((Bound::Depth, DEPTH + 1)));
    }

    #[test]
    fn brackets_in_text_do_not_count_as_depth() {
        let many = "[{".repeat(5000);
        for text in [
            format!("summary: \"{many}\"\n"),
            format!("summary: |\n  {many}\n"),
            format!("summary: x {many}\n"),
            format!("# {many}\nsummary: |\n{}deep\n", " ".repeat(400)),
        ] {
            assert_eq!(found(&text), None, "{text}");
        }
    }

    #[test]
    fn alias_expansion_is_bounded() {
        let of = |size: usize, aliases: usize| {
            format!("a: &x {}\nb:\n{}", "y".repeat(size), "  - *x\n".repeat(aliases))
        };
        assert_eq!(found(&of(100, 100)), None);
        assert_eq!(found(&of(1000, 900)), None);
        assert_eq!(found(&of(1000, 4000)), Some((Bound::Aliases, 1035, "*x")));
        // Aliases of aliases: each line is ten times as large as the one before.
        let mut laughs = "a0: &a0 ha\n".to_owned();
        for line in 1..40 {
            laughs += &format!(
                "a{line}: &a{line} [{}]\n",
                vec![format!("*a{}", line - 1); 10].join(", ")
            );
        }
        assert_eq!(
            found(&laughs).map(|found| (found.0, found.1 < 10)),
            Some((Bound::Aliases, true))
        );
    }

    #[test]
    fn ampersand_in_prose_is_not_an_anchor() {
        for text in ["a: R & D *now*\n", "a: AT&T *now*\n", "a: &x b\n"] {
            assert!(!may_have_aliases(text), "{text}");
        }
        assert!(may_have_aliases("a: &x b\nc: *x\n") && may_have_aliases("[&x b, *x]"));
    }
}
