//! Finds places in a file of the usual shape by its indentation.
//!
//! `check` looks up some twenty thousand places in ten thousand files, and a syntax tree of each
//! file costs several times as much as reading it. Nearly every file is block YAML whose values
//! start on the line of their key, and there the lines are enough. Other shapes (a quoted text or a
//! list in brackets over several lines, an anchor, a tab, a key in quotes) are left to the parser
//! in [`super::locate::Locator`]: for these the outline answers "cannot tell", and it never answers
//! wrongly.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::flow::{self, SPECIAL, Undetermined, bracketed};
use crate::model::path::Step;

/// The lines of a valid YAML text of the usual shape.
pub(super) struct Outline<'a> {
    text: &'a str,
    /// The structural lines: not blank, not a comment, not part of a `|` text.
    lines: Vec<Line>,
    /// The parsed parts of each block, by the start of the block. Without this cache, a list would
    /// be walked once for each of its items.
    blocks: RefCell<HashMap<(usize, usize), Rc<Parts<'a>>>>,
}

/// The entries of a map, or the items of a list.
struct Parts<'a> {
    parts: Vec<Part>,
    /// For a map: the index of the part with a key.
    by_key: HashMap<&'a str, usize>,
    /// Whether a line needs a parser; the parts are those before it.
    is_broken: bool,
}

/// One entry or item.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// The offset of its start.
    start: usize,
    /// The length of its key; 0 for an item.
    key: usize,
    /// The start of the text after the key or the dash; it ends with the line.
    value: usize,
    /// The index of its first line, and of the first line after it.
    line: usize,
    next: usize,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    /// The offset of its first character other than a space.
    start: usize,
    /// The number of spaces before it.
    indent: usize,
    /// The offset of its end, without trailing space.
    end: usize,
}

/// The answer to a lookup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The range of the value.
    Value(Range<usize>),
    /// The value does not exist; the range is that of the nearest key or item around it, if any.
    NotThere(Option<Range<usize>>),
    /// The text has a shape here that needs a parser.
    Undetermined,
}

/// A value of the text.
enum Node {
    /// A map or a list over several lines: the offset of its first character, and its lines.
    Block { start: usize, lines: Range<usize> },
    /// A value on the line of its key.
    Inline(Range<usize>),
    /// Nothing.
    Empty,
}

impl<'a> Outline<'a> {
    /// Outlines `text`, which must be valid YAML. `None` if it does not have the usual shape.
    pub(super) fn new(text: &'a str) -> Option<Self> {
        let mut lines = Vec::with_capacity(text.len() / 24);
        // Inside a `|` text: the indentation of its key, which its lines exceed.
        let mut literal: Option<usize> = None;
        let mut at = 0;
        for raw in text.split_inclusive('\n') {
            let start = at;
            at += raw.len();
            let content = raw.trim_ascii();
            let indent = raw.bytes().take_while(|&byte| byte == b' ').count();
            if content.is_empty() || literal.is_some_and(|key| indent > key) {
                continue;
            }
            literal = None;
            if content.starts_with('#') {
                continue;
            }
            let is_marker =
                indent == 0 && (content.starts_with("---") || content.starts_with("..."));
            if is_marker || raw.as_bytes().get(indent) == Some(&b'\t') {
                return None;
            }
            let line = Line { start: start + indent, indent, end: start + indent + content.len() };
            let (column, value) = last_value(content, indent);
            match value.chars().next() {
                Some('|' | '>') => literal = Some(column),
                Some('"' | '\'' | '[' | '{') if closed(value).is_none() => return None,
                Some(first) if SPECIAL.contains(&first) => return None,
                _ => {}
            }
            lines.push(line);
        }
        Some(Outline { text, lines, blocks: RefCell::default() })
    }

    /// The value at the end of `steps`.
    pub(super) fn value(&self, steps: &[Step]) -> Answer {
        let Some(first) = self.lines.first() else { return Answer::NotThere(None) };
        let mut node = Node::Block { start: first.start, lines: 0..self.lines.len() };
        let mut around = None;
        for step in steps {
            let (start, lines) = match node {
                Node::Block { start, lines } => (start, lines),
                Node::Inline(value) if self.text[value.clone()].starts_with(['{', '[']) => {
                    match flow::child(self.text, value, step) {
                        Ok(Some((place, value))) => {
                            (around, node) = (Some(place), Node::Inline(value));
                        }
                        Ok(None) => return Answer::NotThere(around.or_else(|| self.title())),
                        Err(Undetermined) => return Answer::Undetermined,
                    }
                    continue;
                }
                Node::Inline(_) | Node::Empty => return Answer::NotThere(around),
            };
            let found = match step {
                Step::Key(key) => self.entry(key, start, lines),
                Step::Index(index) => self.item(*index, start, lines),
            };
            match found {
                Ok(Some((place, value))) => (around, node) = (Some(place), value),
                // A value that is absent from the whole file is reported at the title of the
                // incident.
                Ok(None) => return Answer::NotThere(around.or_else(|| self.title())),
                Err(Undetermined) => return Answer::Undetermined,
            }
        }
        let value = match node {
            Node::Block { start, lines } => start..self.lines[lines.start].end,
            Node::Inline(value) => value,
            Node::Empty => return Answer::NotThere(around),
        };
        // A value below its key is placed at the key.
        let is_below = begins_line(self.text, value.start) && !steps.is_empty();
        Answer::Value(around.filter(|_| is_below).unwrap_or(value))
    }

    /// The key with the title of the incident.
    fn title(&self) -> Option<Range<usize>> {
        let first = self.lines.first()?;
        self.entry("title", first.start, 0..self.lines.len()).ok()?.map(|(key, _)| key)
    }

    /// The entry of a map that starts at `start`: the range of its key, and its value.
    fn entry(
        &self,
        key: &str,
        start: usize,
        lines: Range<usize>,
    ) -> Result<Option<(Range<usize>, Node)>, Undetermined> {
        let map = self.parts(start, &lines, |content| {
            split_key(content).map(|(name, value)| (name.len(), value))
        });
        let Some(&index) = map.by_key.get(key) else {
            return if map.is_broken { Err(Undetermined) } else { Ok(None) };
        };
        let part = map.parts[index];
        let value = &self.text[part.value..self.lines[part.line].end];
        let node = if value.is_empty() {
            self.below(part.line + 1..part.next)
        } else {
            inline(value, part.value)
        };
        Ok(Some((part.start..part.start + part.key, node)))
    }

    /// An item of a list that starts at `start`: its range, and its value.
    fn item(
        &self,
        index: usize,
        start: usize,
        lines: Range<usize>,
    ) -> Result<Option<(Range<usize>, Node)>, Undetermined> {
        let list = self.parts(start, &lines, |content| after_dash(content).map(|value| (0, value)));
        let Some(part) = list.parts.get(index).copied() else {
            return if list.is_broken { Err(Undetermined) } else { Ok(None) };
        };
        let end = self.lines[part.line].end;
        let content = &self.text[part.value..end];
        let is_block = content.starts_with("- ") || split_key(content).is_some();
        let node = match content {
            "" => self.below(part.line + 1..part.next),
            _ if is_block => Node::Block { start: part.value, lines: part.line..part.next },
            _ => inline(content, part.value),
        };
        let place = match &node {
            Node::Inline(place) => place.clone(),
            Node::Block { start, lines } => *start..self.lines[lines.start].end,
            Node::Empty => part.start..end,
        };
        Ok(Some((place, node)))
    }

    /// The parts of the block that starts at `start`. `split` separates the key or the dash of a
    /// part's first line: the length of the key, and the rest.
    fn parts(
        &self,
        start: usize,
        lines: &Range<usize>,
        split: impl Fn(&'a str) -> Option<(usize, &'a str)>,
    ) -> Rc<Parts<'a>> {
        if let Some(known) = self.blocks.borrow().get(&(start, lines.end)) {
            return Rc::clone(known);
        }
        let column = self.column(start, lines.start);
        let mut found = Parts { parts: Vec::new(), by_key: HashMap::new(), is_broken: false };
        let (mut at, mut start) = (lines.start, start);
        let first = (start, lines.end);
        while at < lines.end {
            let line = self.lines[at];
            let Some((key, value)) = split(&self.text[start..line.end]) else {
                found.is_broken = true;
                break;
            };
            let is_map = key > 0;
            let next = self.end_of(at, lines.end, column, is_map && value.is_empty());
            if is_map {
                found.by_key.entry(&self.text[start..start + key]).or_insert(found.parts.len());
            }
            found.parts.push(Part { start, key, value: line.end - value.len(), line: at, next });
            at = next;
            if at < lines.end {
                if is_map && self.lines[at].indent != column {
                    found.is_broken = true;
                    break;
                }
                start = self.lines[at].start;
            }
        }
        let found = Rc::new(found);
        self.blocks.borrow_mut().insert(first, Rc::clone(&found));
        found
    }

    /// The first line after those that belong to line `at` of a block in `column`. The items of a
    /// list may be in the column of their key.
    fn end_of(&self, at: usize, end: usize, column: usize, may_hold_list: bool) -> usize {
        let belongs = |line: &Line| {
            line.indent > column
                || (may_hold_list
                    && line.indent == column
                    && after_dash(&self.text[line.start..line.end]).is_some())
        };
        (at + 1..end).find(|&next| !belongs(&self.lines[next])).unwrap_or(end)
    }

    fn below(&self, lines: Range<usize>) -> Node {
        match self.lines.get(lines.start) {
            Some(first) if !lines.is_empty() => {
                let content = &self.text[first.start..first.end];
                if after_dash(content).is_some() || split_key(content).is_some() {
                    Node::Block { start: first.start, lines }
                } else {
                    inline(content, first.start)
                }
            }
            _ => Node::Empty,
        }
    }

    /// The column of `start`, which is in line `line`.
    fn column(&self, start: usize, line: usize) -> usize {
        let line = self.lines[line];
        line.indent + (start - line.start)
    }
}

/// After all dashes and the key: the value at the end of a line, and the column of its block.
fn last_value(mut content: &str, mut column: usize) -> (usize, &str) {
    let mut block = column;
    while let Some(rest) = after_dash(content) {
        block = column;
        column += content.len() - rest.len();
        content = rest;
    }
    match split_key(content) {
        Some((_, value)) => (column, value),
        None => (block, content),
    }
}

/// The text after the dash of a list item; `None` if there is no dash.
fn after_dash(content: &str) -> Option<&str> {
    let rest = content.strip_prefix('-')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| {
        let rest = rest.trim_start();
        if rest.starts_with('#') { "" } else { rest }
    })
}

/// `key: value`, with an empty value if there is none on this line.
fn split_key(content: &str) -> Option<(&str, &str)> {
    if matches!(content.as_bytes().first(), Some(b'"' | b'\'' | b'[' | b'{' | b'|' | b'>' | b'#'))
        || content.starts_with(SPECIAL)
    {
        return None;
    }
    let mut from = 0;
    let colon = loop {
        // Lines are short: a simple loop is faster than a search for long texts.
        let colon = from + content.as_bytes()[from..].iter().position(|&byte| byte == b':')?;
        match content.as_bytes().get(colon + 1) {
            None | Some(b' ' | b'\t') => break colon,
            Some(_) => from = colon + 1,
        }
    };
    let (key, value) = (content[..colon].trim_end(), content[colon + 1..].trim_start());
    (!key.contains(" #")).then_some((key, if value.starts_with('#') { "" } else { value }))
}

fn inline(value: &str, start: usize) -> Node {
    let length = match value.chars().next() {
        Some('"' | '\'' | '[' | '{') => closed(value).unwrap_or(value.len()),
        _ => value.find(" #").map_or(value.len(), |comment| value[..comment].trim_end().len()),
    };
    Node::Inline(start..start + length)
}

/// The length of the quoted text, the list or the map at the start of `value`, if it ends on the
/// line and only a comment follows.
fn closed(value: &str) -> Option<usize> {
    let length = bracketed(value)?;
    let rest = value[length..].trim_start();
    (rest.is_empty() || rest.starts_with('#')).then_some(length)
}

/// Whether only white space precedes `start` on its line: the value is then below its key.
pub(super) fn begins_line(text: &str, start: usize) -> bool {
    text.get(..start)
        .is_some_and(|before| before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty()))
}
