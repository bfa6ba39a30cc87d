//! Edits the text of a file and preserves every comment, blank line and order.
//!
//! All edits are made in one pass: the places are located in the original text, the YAML writer
//! produces the pieces, and the pieces are inserted between lines or before a closing bracket. The
//! new text is parsed again and compared with the model that the same edits produce. If they differ
//! the edit is refused, so a file is never changed in an unintended way.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use serde::Serialize;
use serde_yaml::Value;

use super::frame::Frame;
use super::load::parse;
use super::patches::Patches;
use super::read::LARGEST_FILE;
use super::yaml_text::{block, flow, indented, sentence, whole};
use crate::model::Incident;
use crate::model::edit::Edit;
use crate::model::impact::Window;
use crate::model::origin::SourceInfo;
use crate::model::timeline::Entry;
use crate::model::zone::with_naive_times;
use crate::yaml::{Kind, Node};

/// The text after `edits`; `file` is its name in messages.
///
/// # Errors
/// The reason, as a sentence. The text must then be left unchanged.
pub(crate) fn apply(
    file: &str,
    text: &str,
    incident: &Incident,
    edits: &[Edit],
) -> Result<String, String> {
    let (frame, body) = Frame::of(text);
    let mut expected = base(file, text, &body, incident);
    edits.iter().for_each(|edit| edit.apply(&mut expected));
    let edited = frame.around(&edited(&body, incident, edits)?);
    let edited = of_fair_size(edited)?;
    // Whether times without a zone are allowed was decided when the file was loaded.
    match with_naive_times(|| parse(file, edited.trim_start_matches('\u{feff}'))) {
        Ok(read) if read == expected => Ok(edited),
        Ok(_) => Err("the edited text would not have the intended meaning".into()),
        Err(problems) => Err(format!(
            "the edited text would not read: {}",
            problems.first().map_or(String::new(), ToString::to_string)
        )),
    }
}

/// The text of a new file, which parses as `incident`.
///
/// # Errors
/// The reason why there can be no such file, as a sentence.
pub(crate) fn new_text(file: &str, incident: &Incident) -> Result<String, String> {
    let text = of_fair_size(whole(incident)?)?;
    match parse(file, &text) {
        Ok(read) if read == *incident => Ok(text),
        Ok(_) => Err("the file would not have the intended meaning".into()),
        Err(problems) => {
            Err(problems.first().map_or_else(String::new, |problem| problem.message.clone()))
        }
    }
}

/// Returns the text unless it is too large for the loader.
fn of_fair_size(text: String) -> Result<String, String> {
    if text.len() as u64 <= LARGEST_FILE {
        return Ok(text);
    }
    Err(format!(
        "the file would be {} MB; an incident file has at most {}",
        text.len() >> 20,
        LARGEST_FILE >> 20
    ))
}

/// The incident that the edits start from. If a text after `|` is at the very end of a file without
/// a line end, writing something after it adds a line end to it, which is the only side effect of
/// an edit.
fn base(file: &str, text: &str, body: &str, incident: &Incident) -> Incident {
    let is_whole = text.is_empty() || text.ends_with('\n');
    let ended = if is_whole { None } else { parse(file, body).ok() };
    ended.unwrap_or_else(|| incident.clone())
}

/// The edits, grouped by the part of the file that they change.
struct Changes<'e> {
    /// Entries for the end of the timeline.
    appended: Vec<&'e Entry>,
    /// Replaced entries of the timeline in the text, by index.
    replaced: IndexMap<usize, &'e Entry>,
    sources: IndexMap<String, Value>,
    /// New values of `revised_at` for sources in the text.
    revised: IndexMap<String, DateTime<Utc>>,
    milestones: IndexMap<String, Value>,
    /// Windows of impact, for a text without any.
    windows: Vec<&'e Window>,
}

impl<'e> Changes<'e> {
    fn of(edits: &'e [Edit], lines: usize) -> Result<Self, String> {
        let mut added: IndexMap<&str, SourceInfo> = IndexMap::new();
        let mut changes = Changes {
            appended: Vec::new(),
            replaced: IndexMap::new(),
            sources: IndexMap::new(),
            revised: IndexMap::new(),
            milestones: IndexMap::new(),
            windows: Vec::new(),
        };
        for edit in edits {
            match edit {
                Edit::AppendEntry(entry) => changes.appended.push(entry),
                Edit::ReplaceEntry(index, entry) if *index < lines => {
                    changes.replaced.insert(*index, entry);
                }
                // An entry that an earlier edit appended.
                Edit::ReplaceEntry(index, entry) => {
                    if let Some(line) = changes.appended.get_mut(index - lines) {
                        *line = entry;
                    }
                }
                Edit::AddSource(key, source) => {
                    added.insert(key, source.clone());
                }
                Edit::ReviseSource(key, at) => match added.get_mut(key.as_str()) {
                    // A source that an earlier edit added.
                    Some(source) => source.revised_at = Some(*at),
                    None => {
                        changes.revised.insert(key.clone(), *at);
                    }
                },
                Edit::SetMilestone(name, milestone) => {
                    changes.milestones.insert(name.as_str().to_owned(), as_value(milestone)?);
                }
                Edit::AddWindow(window) => changes.windows.push(window),
            }
        }
        for (key, source) in added {
            changes.sources.insert(key.to_owned(), as_value(&source)?);
        }
        Ok(changes)
    }
}

fn as_value(value: &impl Serialize) -> Result<Value, String> {
    serde_yaml::to_value(value).map_err(sentence)
}

fn edited(body: &str, incident: &Incident, edits: &[Edit]) -> Result<String, String> {
    let root = Node::read(body)?.ok_or("the file is empty")?;
    let changes = Changes::of(edits, incident.timeline.len())?;
    let mut editor =
        Editor { text: body, root: &root, patches: Patches::default(), has_section: false };
    editor.replace(&changes.replaced)?;
    // New sections are in the order of the edits.
    let mut order: Vec<usize> = edits.iter().map(part).collect();
    let mut seen = [false; 4];
    order.retain(|&part| !std::mem::replace(&mut seen[part], true));
    for part in order {
        match part {
            0 => editor.timeline(&changes.appended)?,
            1 => editor.map("milestones", &changes.milestones)?,
            3 => {
                let windows = as_value(&changes.windows)?;
                editor.map("impact", &IndexMap::from([("windows".to_owned(), windows)]))?;
            }
            _ => {
                editor.revise(&changes.revised)?;
                editor.map("sources", &changes.sources)?;
            }
        }
    }
    editor.patches.applied(body)
}

/// The part of a file that an edit changes.
fn part(edit: &Edit) -> usize {
    match edit {
        Edit::AppendEntry(_) | Edit::ReplaceEntry(..) => 0,
        Edit::SetMilestone(..) => 1,
        Edit::AddSource(..) | Edit::ReviseSource(..) => 2,
        Edit::AddWindow(_) => 3,
    }
}

struct Editor<'t> {
    text: &'t str,
    root: &'t Node,
    patches: Patches,
    /// Whether a new section is already being added at the end of the file.
    has_section: bool,
}

impl Editor<'_> {
    /// Replaces entries of the timeline.
    fn replace(&mut self, lines: &IndexMap<usize, &Entry>) -> Result<(), String> {
        for (index, entry) in lines {
            let list = self.root.get("timeline");
            let (is_flow, node) = match list.map(|list| &list.kind) {
                Some(Kind::List { flow, items }) => (*flow, items.get(*index)),
                _ => (false, None),
            };
            let node =
                node.ok_or_else(|| format!("`timeline[{index}]` has no value of its own"))?;
            let written =
                if is_flow { flow(entry)? } else { indented(&block(entry)?, node.column) };
            let end = if is_flow { node.span.end } else { self.end_of_block(node) };
            self.patches.put(node.span.start..end, written.trim_start());
        }
        Ok(())
    }

    /// Appends entries to the timeline.
    fn timeline(&mut self, lines: &[&Entry]) -> Result<(), String> {
        const NAME: &str = "timeline";
        if lines.is_empty() {
            return Ok(());
        }
        let Some((key, value)) = self.root.pair(NAME) else { return self.section(NAME, lines) };
        if self.is_to_fill(value) {
            return self.fill(key, value, lines);
        }
        match &value.kind {
            Kind::List { flow: true, items } => {
                let pieces = lines.iter().map(flow).collect::<Result<Vec<_>, _>>()?;
                let last = items.last().map(|item| item.span.end);
                self.insert_in_brackets(value, last, &pieces.join(", "));
            }
            Kind::List { flow: false, .. } => self.insert_below(value, &block(lines)?),
            _ => return Err(not_its_own(NAME, value)),
        }
        Ok(())
    }

    /// Sets `revised_at` of existing sources.
    fn revise(&mut self, revised: &IndexMap<String, DateTime<Utc>>) -> Result<(), String> {
        const NAME: &str = "revised_at";
        for (key, at) in revised {
            let source = self.root.get("sources").and_then(|sources| sources.get(key));
            let source = source.ok_or_else(|| format!("`sources` has no {key} of its own"))?;
            let at = as_value(at)?;
            match source.pair(NAME).filter(|(_, value)| !value.is_nothing()) {
                Some((_, value)) if matches!(value.kind, Kind::Scalar { .. }) => {
                    let written = if source.is_flow() { flow(&at)? } else { block(&at)? };
                    self.patches.put(value.span.clone(), written.trim_end());
                }
                Some((_, value)) => return Err(not_its_own(NAME, value)),
                None => self.keys(key, source, &IndexMap::from([(NAME.to_owned(), at)]))?,
            }
        }
        Ok(())
    }

    /// Adds keys to a section of the file, which may be missing or empty.
    fn map(&mut self, name: &str, pairs: &IndexMap<String, Value>) -> Result<(), String> {
        if pairs.is_empty() {
            return Ok(());
        }
        let Some((key, value)) = self.root.pair(name) else { return self.section(name, pairs) };
        if self.is_to_fill(value) {
            return self.fill(key, value, pairs);
        }
        self.keys(name, value, pairs)
    }

    /// Adds keys to a map of that name.
    fn keys(
        &mut self,
        name: &str,
        value: &Node,
        pairs: &IndexMap<String, Value>,
    ) -> Result<(), String> {
        let Kind::Map { flow: is_flow, pairs: there } = &value.kind else {
            return Err(not_its_own(name, value));
        };
        let by_key: HashMap<&str, &(Node, Node)> =
            there.iter().filter_map(|pair| Some((pair.0.as_text()?, pair))).collect();
        let mut new: IndexMap<&str, &Value> = IndexMap::new();
        for (name, new_value) in pairs {
            match by_key.get(name.as_str()) {
                // The key exists, without a value or with `[]`.
                Some((key, nothing)) if nothing.is_nothing() || self.is_to_fill(nothing) => {
                    self.fill_inline(key, nothing, &flow(new_value)?)?;
                }
                _ => {
                    new.insert(name, new_value);
                }
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        if *is_flow {
            let written = flow(&new)?;
            let last = there.last().map(|(key, value)| key.span.end.max(value.span.end));
            self.insert_in_brackets(value, last, &written[1..written.len() - 1]);
        } else {
            self.insert_below(value, &block(&new)?);
        }
        Ok(())
    }

    /// Whether a value is absent, or `[]` or `{}` on one line, which lines below its key may
    /// replace.
    fn is_to_fill(&self, value: &Node) -> bool {
        let is_short = value.is_empty()
            && !value.has_properties
            && !self.text[value.span.clone()].contains('\n');
        value.is_nothing() || (is_short && !self.root.is_flow())
    }

    /// Writes the value of a key that has none.
    fn fill(
        &mut self,
        key: &Node,
        value: &Node,
        new_value: &(impl Serialize + ?Sized),
    ) -> Result<(), String> {
        if self.root.is_flow() {
            return self.fill_inline(key, value, &flow(new_value)?);
        }
        let colon = self.colon(key)?;
        let end = colon.max(value.span.end);
        if !value.span.is_empty() {
            self.patches.put(colon..end, "");
        }
        let body = indented(&block(new_value)?, self.root.column + 2);
        self.patches.put_line(self.next_line(end), &body);
        Ok(())
    }

    /// The same, but on the line of the key.
    fn fill_inline(&mut self, key: &Node, value: &Node, written: &str) -> Result<(), String> {
        let at = if value.span.is_empty() { self.colon(key)? } else { value.span.start };
        self.patches.put(
            at..at.max(value.span.end),
            &if value.span.is_empty() { format!(" {written}") } else { written.to_owned() },
        );
        Ok(())
    }

    /// The byte offset after the colon of a key.
    fn colon(&self, key: &Node) -> Result<usize, String> {
        let rest = &self.text[key.span.end..];
        let blank = rest.len() - rest.trim_start().len();
        let is_there = rest[blank..].starts_with(':');
        if is_there { Ok(key.span.end + blank + 1) } else { Err("a key has no colon".into()) }
    }

    /// Adds a section that the file does not have.
    fn section(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), String> {
        let Kind::Map { flow: is_flow, pairs } = &self.root.kind else {
            return Err("the file is not a map".into());
        };
        if *is_flow {
            let written = format!("\"{name}\": {}", flow(value)?);
            let last = pairs.last().map(|(key, value)| key.span.end.max(value.span.end));
            self.insert_in_brackets(self.root, last, &written);
            return Ok(());
        }
        let column = self.root.column;
        // Blank lines after a text with `|+` are part of the text.
        let is_separate = !self.has_section
            && (self.text.ends_with("\n\n") || self.keeps_blank_lines(self.root.last()));
        let gap = if is_separate { "" } else { "\n" };
        let body = indented(&block(value)?, column + 2);
        self.patches
            .put_last(self.text.len(), &format!("{gap}{}{name}:\n{body}\n", " ".repeat(column)));
        self.has_section = true;
        Ok(())
    }

    /// Inserts lines after the last line of a list or map, at its indentation.
    fn insert_below(&mut self, node: &Node, lines: &str) {
        let last = node.last();
        let end =
            if self.keeps_blank_lines(last) { last.span.end } else { self.end_of_block(node) };
        let is_line = end > 0 && self.text[..end].ends_with('\n');
        let at = if is_line { end } else { self.next_line(end) };
        self.patches.put_line(at, &indented(lines, node.column));
    }

    /// Inserts a piece before the closing bracket of `node`, after its last value.
    fn insert_in_brackets(&mut self, node: &Node, last: Option<usize>, piece: &str) {
        let close = node.span.end - 1;
        let Some(last) = last else { return self.patches.put(close..close, piece) };
        // An existing trailing comma then follows the piece.
        let rest = &self.text[last..close];
        let has_colon = rest.trim_start().starts_with(':');
        let at = if has_colon { last + rest.find(':').unwrap_or_default() + 1 } else { last };
        self.patches.put(at..at, &format!("{}, {piece}", if has_colon { " " } else { "" }));
    }

    /// The end of a value in block style, without the white space and the comment after it.
    fn end_of_block(&self, node: &Node) -> usize {
        let span = node.span.clone();
        let end = span.start + self.text[span].trim_end().len();
        // A last key without a value ends at its colon.
        let rest = self.text[end..].trim_start_matches(' ');
        if rest.starts_with(':') && !node.is_flow() {
            self.text.len() - rest.len() + 1
        } else {
            end
        }
    }

    /// Whether it is a text after `|+` or `>+`, whose blank lines are significant.
    fn keeps_blank_lines(&self, node: &Node) -> bool {
        use granit_parser::ScalarStyle::{Folded, Literal};
        let is_block = matches!(node.kind, Kind::Scalar { style: Literal | Folded, .. });
        let before = &self.text[..node.span.start];
        let header = before.rfind(['|', '>']).and_then(|at| before[at..].lines().next());
        is_block && header.is_some_and(|header| header.contains('+'))
    }

    fn next_line(&self, from: usize) -> usize {
        self.text[from..].find('\n').map_or(self.text.len(), |length| from + length + 1)
    }
}

/// Why a value cannot be added to.
fn not_its_own(name: &str, value: &Node) -> String {
    match value.kind {
        Kind::Alias => format!(
            "`{name}` is an alias, so what is added would be added elsewhere too; write it out"
        ),
        _ => format!("`{name}` is neither a list nor a map that can be added to"),
    }
}

#[cfg(test)]
mod tests;
