//! Mistakes that several lines show together: indentation, tabs, a text over several lines.

use super::indent;
use super::line::{Line, quoted};
use super::repair::{Attempt, Repair, shortened};
use super::repairs::KEYS;

/// The possible mistakes where the parser stopped, at the line `index`; the most certain first.
pub(super) fn attempts(lines: &[String], in_block: &[bool], index: usize) -> Vec<Attempt> {
    let Some(text) = lines.get(index) else { return Vec::new() };
    let line = Line::read(text);
    if line.is_empty() {
        return Vec::new();
    }
    let mut attempts = Vec::new();
    if let Some(above) = above(lines, index) {
        attempts.extend(dash(lines, above, index));
        attempts.extend(item_without_dash(lines, above, index));
        attempts.extend(text_over_lines(lines, in_block, above, index));
    }
    // A line without a colon is read as a key until the next line starts.
    let is_text = |at: usize| {
        let line = Line::read(&lines[at]);
        line.key.is_none() && line.content == line.indent && !in_block[at]
    };
    let first =
        std::iter::successors(Some(index), |at| above(lines, *at).filter(|at| is_text(*at))).last();
    for at in first.into_iter().filter(|first| *first != index).chain([index]) {
        attempts.extend(indent::attempts(lines, at));
        attempts.extend(no_key(&Line::read(&lines[at]), at));
    }
    attempts
}

/// The next line above that is neither blank nor a comment.
fn above(lines: &[String], index: usize) -> Option<usize> {
    (0..index).rev().find(|&above| !Line::read(&lines[above]).is_empty())
}

/// Tabs in the indentation. They are tried first, since they hide other mistakes.
pub(super) fn without_tabs(lines: &[String]) -> impl Iterator<Item = Attempt> {
    [2, 4, 8].into_iter().filter_map(|width| tabs(lines, width))
}

/// Replaces the tabs in the indentation of every line by `width` spaces.
fn tabs(lines: &[String], width: usize) -> Option<Attempt> {
    let indentation =
        |text: &str| text[..text.len() - text.trim_start_matches([' ', '\t']).len()].to_owned();
    let with_tabs = |(index, text): (usize, &String)| {
        let before = indentation(text);
        before.contains('\t').then(|| {
            let spaces = before.replace('\t', &" ".repeat(width));
            (index, format!("{spaces}{}", &text[before.len()..]))
        })
    };
    let changed: Vec<(usize, String)> = lines.iter().enumerate().filter_map(with_tabs).collect();
    let (first, line) = changed.first().cloned()?;
    let tab = lines[first].find('\t')?;
    let hint = match changed.len() {
        1 => format!("indent it with spaces: `{}`", shortened(&line)),
        count => format!("indent with spaces; {count} lines have tabs"),
    };
    let repair = Repair {
        message: "a tab in the indentation: YAML is indented with spaces".into(),
        at: tab..lines[first].len(),
        line,
        hint: Some(hint),
    };
    Some(Attempt { at: first, lines: changed, repair })
}

/// `-at: x` with the other keys of the item below its key.
fn dash(lines: &[String], above: usize, index: usize) -> Option<Attempt> {
    let item = (above.saturating_sub(8)..=above).rev().find(|&at| {
        let line = Line::read(&lines[at]);
        let rest = &line.text[line.indent..];
        rest.starts_with('-') && !rest.starts_with("--") && line.content == line.indent
    })?;
    let line = Line::read(&lines[item]);
    let fixed = line.replaced(line.indent..line.indent + 1, "- ");
    let moved = (item + 1..lines.len())
        .take_while(|&at| Line::read(&lines[at]).indent > line.indent)
        .map(|at| (at, format!(" {}", lines[at])));
    let changed: Vec<(usize, String)> =
        std::iter::once((item, fixed.clone())).chain(moved).collect();
    let hint =
        format!("write `{}`, and indent the rest of the item by one more", shortened(fixed.trim()));
    let repair = Repair {
        message: "the dash of a list item needs a space after it".into(),
        at: line.indent..line.indent + 1,
        line: fixed,
        hint: Some(hint),
    };
    (index > item).then_some(Attempt { at: item, lines: changed, repair })
}

/// A line among the items of a list that has no dash.
fn item_without_dash(lines: &[String], above: usize, index: usize) -> Option<Attempt> {
    let (line, other) = (Line::read(&lines[index]), Line::read(&lines[above]));
    if line.indent != other.indent || other.content == other.indent || line.content > line.indent {
        return None;
    }
    let fixed = line.replaced(line.indent..line.indent, "- ");
    let repair = Repair {
        message: "each item of a list begins with a dash".into(),
        at: line.indent..line.text.len(),
        line: fixed.clone(),
        hint: None,
    };
    Some(Attempt { at: index, lines: vec![(index, fixed)], repair })
}

/// A text that continues over lines which are read as keys.
fn text_over_lines(
    lines: &[String],
    in_block: &[bool],
    above: usize,
    index: usize,
) -> Option<Attempt> {
    let line = Line::read(&lines[index]);
    let is_key = line.key_text().is_some_and(|key| KEYS.contains_key(key));
    let first =
        (0..=above).rev().find(|&at| Line::read(&lines[at]).key.is_some() && !in_block[at])?;
    let head = Line::read(&lines[first]);
    let is_text =
        !head.value().is_empty() && !head.value().starts_with(['"', '\'', '[', '{', '|', '>']);
    if is_key || !is_text || line.indent <= head.content || line.content > line.indent {
        return None;
    }
    let last = (index..lines.len())
        .take_while(|&at| {
            lines[at].trim().is_empty() || Line::read(&lines[at]).indent > head.content
        })
        .filter(|&at| !lines[at].trim().is_empty())
        .last()?;
    // In quotes it is one text, whatever it contains, and the number of lines does not change.
    let whole: Vec<&str> = (first..=last).map(|at| lines[at].as_str()).collect();
    let rest = whole[1..].iter().map(|text| text.trim()).collect::<Vec<_>>();
    let text = quoted(&std::iter::once(head.value()).chain(rest).collect::<Vec<_>>().join(" "));
    let mut changed = vec![(first, head.replaced(head.start..head.text.len(), &text))];
    changed.extend((first + 1..=last).map(|at| (at, String::new())));
    let key = &head.text[head.content..head.start];
    let hint = format!(
        "write `{} |` on line {}, and the whole text below it, indented",
        key.trim_end(),
        first + 1
    );
    let colon = line.text.find(": ").map_or(line.indent..line.text.len(), |at| at..at + 1);
    let repair = Repair {
        message: "a text over several lines with a colon in it".into(),
        at: colon,
        line: String::new(),
        hint: Some(hint),
    };
    Some(Attempt { at: index, lines: changed, repair })
}

/// A line that is neither a key nor part of a text.
fn no_key(line: &Line<'_>, index: usize) -> Option<Attempt> {
    if line.key.is_some() || line.content > line.indent {
        return None;
    }
    let fixed = line.replaced(line.indent..line.indent, "# ");
    let hint = format!("write `key: value`, or make it a comment: `{}`", shortened(fixed.trim()));
    let repair = Repair {
        message: "this line has no key".into(),
        at: line.indent..line.text.len(),
        line: fixed.clone(),
        hint: Some(hint),
    };
    Some(Attempt { at: index, lines: vec![(index, fixed)], repair })
}
