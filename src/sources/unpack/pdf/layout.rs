//! Infers paragraphs, headings, list items and tables from the layout of lines.

use std::collections::HashMap;

use super::content::Shown;
use super::lines::{Line, Segment, in_order, lines};
use super::tags::is_separate;
use crate::sources::unpack::page::{Dress, Page};

/// The factor by which a heading is larger than the text.
const LARGER: f32 = 1.12;

/// The maximum line distance within a paragraph, in font sizes.
const LEADING: f32 = 1.75;

/// Reads the pages by the positions of their text.
pub(super) fn read(shown: &[Shown], page: &mut Page) {
    let pages: Vec<Vec<Line<'_>>> =
        shown.iter().enumerate().map(|(at, shown)| lines(at, &shown.pieces)).collect();
    let pages = without_running_heads(pages);
    let all: Vec<Line<'_>> = pages.into_iter().flat_map(in_order).collect();
    let sizes = Sizes::of(&all);
    let mut reader =
        Reader { page, open: Open::Nothing, marks: Vec::new(), last: None, code_left: 0.0 };
    let mut at = 0;
    while at < all.len() {
        if let Some(end) = reader.table(&all[at..]) {
            at += end;
            continue;
        }
        reader.line(&all[at], all.get(at + 1), &sizes);
        at += 1;
    }
    reader.end();
}

/// The number of lines at the top and bottom of a page that can be running heads.
const EDGE: usize = 3;

/// Removes the lines that most pages have in the same position, ignoring numbers.
fn without_running_heads(pages: Vec<Vec<Line<'_>>>) -> Vec<Vec<Line<'_>>> {
    let shape = |line: &Line<'_>| {
        let text: String = line.text().chars().filter(|c| !c.is_ascii_digit()).collect();
        (line.y.round() as i32, text)
    };
    let is_edge = |at: usize, count: usize| at < EDGE || at + EDGE >= count;
    let mut seen: HashMap<(i32, String), usize> = HashMap::new();
    for lines in &pages {
        for (_, line) in lines.iter().enumerate().filter(|(at, _)| is_edge(*at, lines.len())) {
            *seen.entry(shape(line)).or_default() += 1;
        }
    }
    let count = pages.len();
    let mut pages = pages;
    for lines in &mut pages {
        let (last, mut at) = (lines.len(), 0);
        lines.retain(|line| {
            let is_running =
                count > 1 && seen.get(&shape(line)).is_some_and(|times| times * 2 > count.max(2));
            at += 1;
            !(is_edge(at - 1, last) && (is_running || is_page_number(&line.text())))
        });
    }
    pages
}

/// Whether a line is a page number: `3`, `3 / 5`, `Page 3 of 5`, or the footer that browsers print,
/// an address and `3/5`.
fn is_page_number(text: &str) -> bool {
    let text = text.trim();
    let is_count = |text: &str| {
        let letters = text
            .trim_start_matches("Page ")
            .trim_start_matches("page ")
            .replace(" of ", "/")
            .replace(' ', "");
        let mut numbers = letters.split('/');
        let is_number = |text: &str| {
            !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        numbers.all(is_number) && letters.matches('/').count() <= 1
    };
    is_count(text)
        || text.split_once(' ').is_some_and(|(address, count)| {
            (address.starts_with("http") || address.starts_with("file:")) && is_count(count)
        })
}

/// The font sizes of a document.
struct Sizes {
    body: f32,
    /// The sizes of headings in half points, largest first.
    headings: Vec<i32>,
}

impl Sizes {
    fn of(lines: &[Line<'_>]) -> Self {
        let mut letters: HashMap<i32, usize> = HashMap::new();
        for line in lines {
            *letters.entry(rounded(line.size)).or_default() += line.text().len();
        }
        let body = letters
            .iter()
            .max_by_key(|(size, count)| (**count, -**size))
            .map_or(20, |(size, _)| *size);
        let mut headings: Vec<i32> =
            letters.keys().copied().filter(|size| *size as f32 >= body as f32 * LARGER).collect();
        headings.sort_unstable_by(|a, b| b.cmp(a));
        Sizes { body: body as f32 / 2.0, headings }
    }

    /// Returns the heading level of a line.
    fn level(&self, line: &Line<'_>, next: Option<&Line<'_>>) -> Option<usize> {
        let text = line.text();
        let words = text.split_whitespace().count();
        let is_short = words <= 14 && !text.ends_with(['.', ',', ';']);
        if !is_short || line.segments.len() > 1 || !text.contains(char::is_alphabetic) {
            return None;
        }
        if let Some(at) = self.headings.iter().position(|size| *size == rounded(line.size)) {
            return Some((at + 1).min(5));
        }
        // A bold line above text that is not bold.
        let is_above = next.is_some_and(|next| !next.all(|piece| piece.is_bold));
        let is_bold = line.all(|piece| piece.is_bold) && line.size >= self.body * 0.95;
        (is_bold && is_above && words <= 10 && !text.ends_with(':'))
            .then_some((self.headings.len() + 1).min(6))
    }
}

fn rounded(size: f32) -> i32 {
    (size * 2.0).round() as i32
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    Paragraph,
    Heading(usize),
    /// The depth, whether it is numbered, and the horizontal position of its text.
    Item(usize, bool, f32),
    Code,
}

struct Last {
    page: usize,
    y: f32,
    x: f32,
    end: f32,
    size: f32,
    right: f32,
    text: String,
}

struct Reader<'a> {
    page: &'a mut Page,
    open: Open,
    /// The horizontal positions of the open lists' markers, outermost first.
    marks: Vec<f32>,
    last: Option<Last>,
    /// The horizontal position of the first line of the current code block.
    code_left: f32,
}

impl Reader<'_> {
    /// Ends the open block.
    fn end(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Paragraph => self.page.end("p"),
            Open::Heading(level) => self.page.end(&format!("h{level}")),
            Open::Item(level, is_ordered, _) => self.page.item(level, is_ordered),
            Open::Code => self.page.pre(),
        }
    }

    fn end_lists(&mut self) {
        self.end();
        self.page.end_lists();
        self.marks.clear();
    }

    fn line(&mut self, line: &Line<'_>, next: Option<&Line<'_>>, sizes: &Sizes) {
        let text = line.text();
        let dressed = |segment: &Segment<'_>| pieces(segment);
        let mut all: Vec<(Dress, String)> = line.segments.iter().flat_map(dressed).collect();
        if line.all(|piece| piece.is_mono) {
            self.code(line, sizes);
        } else if let Some(level) = sizes.level(line, next).filter(|_| mark_of(&text).is_none()) {
            let goes_on = self.open == Open::Heading(level) && self.is_next(line);
            if !goes_on {
                self.end_lists();
            }
            self.add(&all, goes_on);
            self.open = Open::Heading(level);
        } else if let Some((mark, is_ordered)) = mark_of(&text) {
            self.end();
            self.marks.retain(|known| *known <= line.x() + 2.0);
            if self.marks.last().is_none_or(|last| *last < line.x() - 2.0) {
                self.marks.push(line.x());
            }
            without_mark(&mut all, mark);
            self.add(&all, false);
            // The text after a marker starts about two letters further right.
            self.open = Open::Item(self.marks.len() - 1, is_ordered, line.x() + 0.5 * line.size);
        } else {
            let goes_on = match self.open {
                Open::Item(_, _, x) => line.x() >= x - 1.0 && self.is_next(line),
                Open::Paragraph => self.goes_on(line, &text),
                _ => false,
            };
            if !goes_on {
                self.end_lists();
                self.open = Open::Paragraph;
            }
            self.add(&all, goes_on);
        }
        self.last = Some(Last {
            page: line.page,
            y: line.y,
            x: line.x(),
            end: line.end(),
            size: line.size,
            right: line.right,
            text,
        });
    }

    fn add(&mut self, all: &[(Dress, String)], goes_on: bool) {
        for (at, (dress, text)) in all.iter().enumerate() {
            match at == 0 && goes_on {
                true => self.page.next_line(dress, text),
                false => self.page.text(dress, text),
            }
        }
    }

    /// Whether a line is close below the last one, or at the top of the next page.
    fn is_next(&self, line: &Line<'_>) -> bool {
        self.last.as_ref().is_some_and(|last| {
            let gap = last.y - line.y;
            let is_close =
                line.page == last.page && gap > 0.0 && gap < LEADING * last.size.max(line.size);
            // The next line is higher if it is in another column.
            let is_elsewhere = line.page == last.page + 1 || line.page == last.page && gap < 0.0;
            is_close || is_elsewhere && !last.text.ends_with(['.', '!', '?', ':'])
        })
    }

    /// Whether a line continues the paragraph: the last line is full, and this one has the same
    /// size and alignment.
    fn goes_on(&self, line: &Line<'_>, text: &str) -> bool {
        let Some(last) = &self.last else { return false };
        let begins_anew = text.starts_with(|c: char| c.is_ascii_digit())
            && text.get(..6).is_some_and(|start| start.contains(':'));
        let first_word = text.split(' ').next().unwrap_or_default();
        // The next word would have fit, so the line was ended on purpose.
        let room = last.right - last.end;
        let is_full =
            room < (first_word.chars().count() as f32 + 1.0) * 0.55 * last.size + 0.04 * last.right;
        let is_aligned = (line.x() - last.x).abs() < 2.5 * line.size
            || line.page != last.page
            || last.y < line.y;
        let is_same = (last.size - line.size).abs() < 0.6;
        self.is_next(line) && is_full && is_aligned && is_same && !begins_anew
    }

    fn code(&mut self, line: &Line<'_>, sizes: &Sizes) {
        if self.open != Open::Code {
            self.end_lists();
            self.open = Open::Code;
            self.code_left = line.x();
        } else if self.page.has_text() {
            self.page.text(&Dress::default(), "\n");
        }
        let width = 0.6 * if line.size > 0.0 { line.size } else { sizes.body };
        let indent = ((line.x() - self.code_left) / width).round().clamp(0.0, 40.0) as usize;
        let spaces = line.segments[0].pieces[0].text.chars().take_while(|c| *c == ' ').count();
        self.page
            .text(&Dress::default(), &format!("{}{}", " ".repeat(indent + spaces), line.text()));
    }

    /// Reads a table that starts with the first line; returns its number of lines.
    fn table(&mut self, lines: &[Line<'_>]) -> Option<usize> {
        let first = lines.first()?;
        if first.segments.len() < 2 || mark_of(&first.text()).is_some() {
            return None;
        }
        let columns: Vec<f32> = first.segments.iter().map(|segment| segment.x).collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let (mut end, mut whole) = (0, 0);
        let mut last: Option<&Line<'_>> = None;
        // Whether a row is open whose first cell, vertically centred, is still to come.
        let mut is_waiting = false;
        for (at, line) in lines.iter().enumerate() {
            let column = |segment: &Segment<'_>| {
                columns.iter().position(|x| (*x - segment.x).abs() < 0.6 * line.size.max(6.0))
            };
            let places: Option<Vec<usize>> = line.segments.iter().map(column).collect();
            let Some(places) = places else { break };
            let gap =
                last.map_or(0.0, |last| if last.page == line.page { last.y - line.y } else { 0.0 });
            // A line in only the first column may be the paragraph below.
            let begins = places[0] == 0 && (places.len() > 1 || rows.is_empty());
            let is_middle = places[0] == 0 && std::mem::take(&mut is_waiting);
            is_waiting |= places[0] > 0
                && gap > line.size
                && lines.get(at + 1).is_some_and(|next| {
                    let is_first = (next.x() - columns[0]).abs() < 0.6 * line.size.max(6.0);
                    is_first && line.y - next.y < 0.9 * line.size
                });
            let is_row = begins && !is_middle || is_waiting;
            if gap > 4.0 * line.size || places == [0] && !is_middle && gap > LEADING * line.size {
                break;
            }
            if is_row || rows.is_empty() {
                rows.push(vec![String::new(); columns.len()]);
                whole += 1;
            }
            let row = rows.last_mut()?;
            for (segment, place) in line.segments.iter().zip(places) {
                let text = segment.text();
                let cell = &mut row[place];
                cell.push_str(if cell.is_empty() { "" } else { " " });
                cell.push_str(&text);
            }
            end += 1;
            last = Some(line);
        }
        if whole < 2 {
            return None;
        }
        self.write_table(rows);
        Some(end)
    }

    fn write_table(&mut self, rows: Vec<Vec<String>>) {
        self.end_lists();
        self.page.mark("<table>");
        for row in rows {
            self.page.mark("<tr>");
            for cell in row {
                self.page.mark("<td>");
                self.page.text(&Dress::default(), &cell);
                self.page.end("p");
                self.page.mark("</td>");
            }
            self.page.mark("</tr>");
        }
        self.page.mark("</table>");
        self.last = None;
    }
}

/// Returns the text pieces of a segment, each with its style.
fn pieces(segment: &Segment<'_>) -> Vec<(Dress, String)> {
    let dress = |at: usize| {
        let piece = segment.pieces[at];
        let is_separate = at == 0 || is_separate(segment.pieces[at - 1], piece);
        let dress = Dress {
            bold: piece.is_bold,
            italic: piece.is_italic,
            mono: piece.is_mono,
            ..Dress::default()
        };
        (dress, format!("{}{}", if is_separate { " " } else { "" }, piece.text))
    };
    (0..segment.pieces.len()).map(dress).collect()
}

const BULLETS: [char; 12] = ['•', '◦', '▪', '‣', '●', '○', '–', '■', '·', '\u{f0b7}', '-', '*'];

/// Returns the length of a list marker at the start of a line, in characters, and whether it is a
/// number.
fn mark_of(text: &str) -> Option<(usize, bool)> {
    let text = text.trim_start();
    let (mark, rest) = text.split_once(' ')?;
    if rest.trim().is_empty() {
        return None;
    }
    if mark.chars().count() == 1 && mark.starts_with(BULLETS) {
        return Some((1, false));
    }
    let number = mark.strip_suffix(['.', ')'])?;
    let is_number =
        !number.is_empty() && number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((mark.chars().count(), true))
}

/// Removes a list marker of that many characters.
fn without_mark(pieces: &mut [(Dress, String)], mut letters: usize) {
    for (_, text) in pieces {
        let start = text.trim_start();
        let skipped: usize = start.chars().take(letters).map(char::len_utf8).sum();
        letters -= start[..skipped].chars().count();
        *text = start[skipped..].to_owned();
        if letters == 0 {
            *text = text.trim_start().to_owned();
            return;
        }
    }
}
