//! Lines whose indentation fits no line above.

use super::line::Line;
use super::repair::{Attempt, Repair, shortened};

/// How many indentations are tried for one line.
const MOST: usize = 16;

/// The indentations that the line at `index` may be meant to have, the nearest first; for each of
/// them, the line with everything that belongs to it, then the line alone.
pub(super) fn attempts(lines: &[String], index: usize) -> Vec<Attempt> {
    let block = block(lines, index);
    let columns = columns(lines, index);
    let both = columns.into_iter().flat_map(|target| {
        let whole = (block.len() > 1).then(|| attempt(lines, &block, target));
        whole.into_iter().chain([attempt(lines, &block[..1], target)])
    });
    both.take(MOST).collect()
}

/// The line at `index` and the lines below it that move with it: those with at least its
/// indentation or, at the left edge, lines of text.
fn block(lines: &[String], index: usize) -> Vec<usize> {
    let line = Line::read(&lines[index]);
    let belongs = |at: &usize| {
        let next = Line::read(&lines[*at]);
        let is_text = next.key.is_none() && next.content == next.indent;
        next.text.trim().is_empty()
            || if line.indent > 0 { next.indent >= line.indent } else { is_text }
    };
    let mut block: Vec<usize> =
        std::iter::once(index).chain((index + 1..lines.len()).take_while(belongs)).collect();
    while block.last().is_some_and(|last| lines[*last].trim().is_empty()) {
        block.pop();
    }
    block
}

fn attempt(lines: &[String], block: &[usize], target: usize) -> Attempt {
    let (index, line) = (block[0], Line::read(&lines[block[0]]));
    let moved = |at: &usize| {
        let text = &lines[*at];
        let indent = text.len() - text.trim_start().len();
        let spaces = " ".repeat((indent + target).saturating_sub(line.indent));
        (
            *at,
            if text.trim().is_empty() {
                text.clone()
            } else {
                format!("{spaces}{}", text.trim_start())
            },
        )
    };
    let changed: Vec<(usize, String)> = block.iter().map(moved).collect();
    let last = block[block.len() - 1];
    let fixed = changed[0].1.clone();
    let shown = shortened(&fixed);
    let hint = match target.checked_sub(line.indent) {
        _ if last == index => format!("indent it with {}: `{shown}`", spaces(target)),
        Some(more) => {
            format!("indent lines {} to {} by {more} more: `{shown}`", index + 1, last + 1)
        }
        None => format!(
            "indent lines {} to {} by {} less: `{shown}`",
            index + 1,
            last + 1,
            line.indent - target
        ),
    };
    let is_text = line.key.is_none() && line.content == line.indent;
    let message = match line.indent {
        0 if is_text => "this line has no key, and is not indented as part of a text".to_owned(),
        indent => format!("the indentation of {} fits no line above", spaces(indent)),
    };
    let repair = Repair { message, at: 0..line.text.len(), line: fixed, hint: Some(hint) };
    Attempt { at: index, lines: changed, repair }
}

fn spaces(count: usize) -> String {
    match count {
        0 => "no spaces".to_owned(),
        1 => "1 space".to_owned(),
        _ => format!("{count} spaces"),
    }
}

/// The columns at which something starts in the lines above, the nearest to the line's own column
/// first.
fn columns(lines: &[String], index: usize) -> Vec<usize> {
    let line = Line::read(&lines[index]);
    let is_text = line.key.is_none() && line.content == line.indent;
    let mut columns: Vec<usize> = Vec::new();
    let mut lowest = usize::MAX;
    for above in
        lines[..index].iter().rev().map(|text| Line::read(text)).filter(|line| !line.is_empty())
    {
        if above.indent > lowest {
            continue;
        }
        lowest = above.indent;
        columns.extend([above.indent, above.content]);
        // Below a key without a value there may be a map, a list or a text; a text may continue.
        if above.value().is_empty() || above.opens_block() || is_text {
            columns.push(above.content + 2);
        }
        if lowest == 0 {
            break;
        }
    }
    columns.retain(|column| *column != line.indent);
    columns.sort_by_key(|column| (column.abs_diff(line.indent), std::cmp::Reverse(*column)));
    columns.dedup();
    columns
}
