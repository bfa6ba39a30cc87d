//! Edits to a file's text that keep every comment, blank line and order.
//!
//! All edits are made in one pass: the places are found in the text as it was, the YAML writer makes
//! the pieces, and the pieces are put between lines, or before a closing bracket. Before the new text
//! is returned it is read again and compared with the model that the same edits make: a text that
//! says anything else is refused, so a file is never changed in a way that nobody asked for.

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

/// The text after `edits`; `file` names it in messages.
///
/// # Errors
/// A sentence that says what stood in the way. The text is then to be left as it is.
pub fn apply(
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
    // Whether a time without a zone may be read was decided when the file was loaded.
    match with_naive_times(|| parse(file, edited.trim_start_matches('\u{feff}'))) {
        Ok(read) if read == expected => Ok(edited),
        Ok(_) => Err("the edited text would say something else than was meant".into()),
        Err(problems) => Err(format!(
            "the edited text would not read: {}",
            problems.first().map_or(String::new(), ToString::to_string)
        )),
    }
}

/// The text of a new file, which reads as `incident`.
///
/// # Errors
/// A sentence that says why there can be no such file.
pub fn new_text(file: &str, incident: &Incident) -> Result<String, String> {
    let text = of_fair_size(whole(incident)?)?;
    match parse(file, &text) {
        Ok(read) if read == *incident => Ok(text),
        Ok(_) => Err("the file would say something else than was meant".into()),
        Err(problems) => {
            Err(problems.first().map_or_else(String::new, |problem| problem.message.clone()))
        }
    }
}

/// A text that the loader does not refuse for its length.
fn of_fair_size(text: String) -> Result<String, String> {
    if text.len() as u64 <= LARGEST_FILE {
        return Ok(text);
    }
    Err(format!(
        "the file would have {} MB; an incident file has at most {}",
        text.len() >> 20,
        LARGEST_FILE >> 20
    ))
}

/// What the edits start from. A text after `|` at the very end of a file gains its last line end when
/// something is written after it, which is the one thing that an edit may change of it.
fn base(file: &str, text: &str, body: &str, incident: &Incident) -> Incident {
    let is_whole = text.is_empty() || text.ends_with('\n');
    let ended = if is_whole { None } else { parse(file, body).ok() };
    ended.unwrap_or_else(|| incident.clone())
}

/// The edits, by the part of the file that they change.
struct Changes<'e> {
    /// Lines for the end of the timeline.
    appended: Vec<&'e Entry>,
    /// Lines of the timeline as it is in the text, by their index.
    replaced: IndexMap<usize, &'e Entry>,
    sources: IndexMap<String, Value>,
    /// When sources were last changed, of those that are in the text.
    revised: IndexMap<String, DateTime<Utc>>,
    milestones: IndexMap<String, Value>,
    /// The windows of impact, of which there are none in the text.
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
                // A line that one of the edits before has appended.
                Edit::ReplaceEntry(index, entry) => {
                    if let Some(line) = changes.appended.get_mut(index - lines) {
                        *line = entry;
                    }
                }
                Edit::AddSource(key, source) => {
                    added.insert(key, source.clone());
                }
                Edit::ReviseSource(key, at) => match added.get_mut(key.as_str()) {
                    // A source that one of the edits before has added.
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
    // New sections follow each other as the edits do.
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
    /// Whether a new section goes to the end of the file already.
    has_section: bool,
}

impl Editor<'_> {
    /// Writes lines of the timeline anew.
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

    /// Appends lines to the timeline.
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

    /// Sets when sources that the file has were last changed.
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

    /// Adds keys to a section of the file, which may be missing or have nothing in it.
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
        for (name, wanted) in pairs {
            match by_key.get(name.as_str()) {
                // The key is there, with nothing after it, or with `[]`.
                Some((key, nothing)) if nothing.is_nothing() || self.is_to_fill(nothing) => {
                    self.fill_inline(key, nothing, &flow(wanted)?)?;
                }
                _ => {
                    new.insert(name, wanted);
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

    /// Whether a value is nothing, or `[]` or `{}` on one line, which lines below its key may replace.
    fn is_to_fill(&self, value: &Node) -> bool {
        let is_short = value.is_empty()
            && !value.has_properties
            && !self.text[value.span.clone()].contains('\n');
        value.is_nothing() || (is_short && !self.root.is_flow())
    }

    /// Writes what a key has that has nothing.
    fn fill(
        &mut self,
        key: &Node,
        value: &Node,
        wanted: &(impl Serialize + ?Sized),
    ) -> Result<(), String> {
        if self.root.is_flow() {
            return self.fill_inline(key, value, &flow(wanted)?);
        }
        let colon = self.colon(key)?;
        let end = colon.max(value.span.end);
        if !value.span.is_empty() {
            self.patches.put(colon..end, "");
        }
        let body = indented(&block(wanted)?, self.root.column + 2);
        self.patches.put_line(self.next_line(end), &body);
        Ok(())
    }

    /// The same, on the line of the key.
    fn fill_inline(&mut self, key: &Node, value: &Node, written: &str) -> Result<(), String> {
        let at = if value.span.is_empty() { self.colon(key)? } else { value.span.start };
        self.patches.put(
            at..at.max(value.span.end),
            &if value.span.is_empty() { format!(" {written}") } else { written.to_owned() },
        );
        Ok(())
    }

    /// The place after the colon of a key.
    fn colon(&self, key: &Node) -> Result<usize, String> {
        let rest = &self.text[key.span.end..];
        let blank = rest.len() - rest.trim_start().len();
        let is_there = rest[blank..].starts_with(':');
        if is_there { Ok(key.span.end + blank + 1) } else { Err("a key has no colon".into()) }
    }

    /// Gives the file a section that it does not have.
    fn section(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), String> {
        let Kind::Map { flow: is_flow, pairs } = &self.root.kind else {
            return Err("the file is no map".into());
        };
        if *is_flow {
            let written = format!("\"{name}\": {}", flow(value)?);
            let last = pairs.last().map(|(key, value)| key.span.end.max(value.span.end));
            self.insert_in_brackets(self.root, last, &written);
            return Ok(());
        }
        let column = self.root.column;
        // Blank lines after `|+` are a part of its text.
        let is_apart = !self.has_section
            && (self.text.ends_with("\n\n") || self.keeps_blank_lines(self.root.last()));
        let gap = if is_apart { "" } else { "\n" };
        let body = indented(&block(value)?, column + 2);
        self.patches
            .put_last(self.text.len(), &format!("{gap}{}{name}:\n{body}\n", " ".repeat(column)));
        self.has_section = true;
        Ok(())
    }

    /// Puts lines after the last line of a list or map, in its column.
    fn insert_below(&mut self, node: &Node, lines: &str) {
        let last = node.last();
        let end =
            if self.keeps_blank_lines(last) { last.span.end } else { self.end_of_block(node) };
        let is_line = end > 0 && self.text[..end].ends_with('\n');
        let at = if is_line { end } else { self.next_line(end) };
        self.patches.put_line(at, &indented(lines, node.column));
    }

    /// Puts a piece before the closing bracket of `node`, after its last value.
    fn insert_in_brackets(&mut self, node: &Node, last: Option<usize>, piece: &str) {
        let close = node.span.end - 1;
        let Some(last) = last else { return self.patches.put(close..close, piece) };
        // A comma that is there already then follows the piece.
        let rest = &self.text[last..close];
        let has_colon = rest.trim_start().starts_with(':');
        let at = if has_colon { last + rest.find(':').unwrap_or_default() + 1 } else { last };
        self.patches.put(at..at, &format!("{}, {piece}", if has_colon { " " } else { "" }));
    }

    /// Where a value in block style ends, without the space and the comment after it.
    fn end_of_block(&self, node: &Node) -> usize {
        let span = node.span.clone();
        let end = span.start + self.text[span].trim_end().len();
        // A last key with nothing after it ends at its colon.
        let rest = self.text[end..].trim_start_matches(' ');
        if rest.starts_with(':') && !node.is_flow() {
            self.text.len() - rest.len() + 1
        } else {
            end
        }
    }

    /// Whether it is a text after `|+` or `>+`, whose blank lines count.
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
