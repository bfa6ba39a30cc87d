//! Converts plain text to Markdown: a page copied from a browser, a mail, a report from a form.
//!
//! Plain text has no markup, so the layout decides: a short line on its own is a heading, a line
//! with tabs is a table row, a line with a bullet is a list item. Reader comments below a post are
//! not part of it, but the day of the first one is an upper bound for the day of the post.

mod status_page;

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::sources::naming::{self, Match};
use crate::sources::writeups::outline::labels::{Field, field, label};
use crate::sources::writeups::times::clock::{day_of, days_in};
use crate::sources::writeups::times::stamp;
use crate::text::clean::escape_line;

/// The structure of a plain text.
#[derive(Debug, Default)]
pub(crate) struct PlainText {
    /// The lines above the title: the name of a site.
    pub(crate) site: Option<String>,
    /// The title.
    pub(crate) title: Option<String>,
    /// The day on a line of its own below the title.
    pub(crate) dated: Option<NaiveDate>,
    /// The days of comments below the text, which are later than the text.
    pub(crate) comments: Vec<NaiveDate>,
    /// The lines of fields directly below the title.
    fields: Vec<String>,
    /// The rest, as Markdown.
    pub(crate) markdown: String,
}

/// Words in a title that name the kind of document or incident.
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:post[- ]?mortem|outage|incident|downtime|disruption|root cause|rca|failure|degraded|unavailab\w+|retrospective|report)\b")
        .expect("valid built-in regex")
});

/// The header of a comment: `Adam R. on April 11, 2013 at 7:30 pm`, with or without a number before
/// it.
static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:\d+\.\s+)?\S[^.!?]{0,80}\bon (?P<day>\w+ \d{1,2},? \d{4}),? at \d{1,2}:\d{2}(?: ?[ap]m)?")
        .expect("valid built-in regex")
});

/// The line above the comments.
static COMMENTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:leave a (?:comment|reply)|post a comment|add a comment|\d+ (?:comments|responses|replies)|comments)\s*:?\s*$").expect("valid built-in regex")
});

/// A line that can only be code.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\w\.\w+[.(]\S|\bdo \|\w+\||=>|::\w|;\s*$|\{\s*$|^\s*(?:\$ |sudo |kubectl |SELECT |curl )",
    )
    .expect("valid built-in regex")
});

/// The longest heading, in words.
const LONGEST_HEADING: usize = 10;

/// The number of paragraphs at the beginning in which the title is searched.
const HEAD: usize = 4;

/// Reads the structure of `text`.
pub(crate) fn read(text: &str) -> PlainText {
    let lines: Vec<&str> = text.lines().collect();
    let (lines, comments) = without_comments(&lines);
    if let Some((title, markdown)) = status_page::read(lines) {
        return PlainText { title, markdown, ..PlainText::default() };
    }
    let mut found = PlainText { comments, ..PlainText::default() };
    let paragraphs = parted(paragraphs(lines));
    let body = head(&paragraphs, &mut found);
    let mut out = String::with_capacity(text.len() + 256);
    if !found.fields.is_empty() {
        out.push_str(
            &found
                .fields
                .iter()
                .map(|line| escape_line(line.trim()))
                .collect::<Vec<_>>()
                .join("  \n"),
        );
        out.push_str("\n\n");
    }
    let (mut code, mut is_value) = (false, false);
    for (index, paragraph) in paragraphs.iter().enumerate().skip(body) {
        let shape = shape(paragraph, paragraphs.get(index + 1));
        if is_value {
            is_value = false;
            continue;
        }
        if let Some(value) = value_below(paragraph, paragraphs.get(index + 1)) {
            out.push_str(&format!("{}: {value}\n\n", escape_line(paragraph[0].trim())));
            is_value = true;
            continue;
        }
        // Pieces of code separated by an empty line are one code block.
        let goes_on = code && shape == Shape::Code;
        code = shape == Shape::Code;
        if goes_on {
            out.truncate(out.trim_end().trim_end_matches("```").trim_end().len());
            out.push_str("\n\n");
        }
        write(shape, paragraph, goes_on, &mut out);
    }
    found.markdown = out;
    found
}

/// Returns the time below the name of a milestone, if each is a paragraph of its own: `Start Date`,
/// `11 Apr 2017 10:30am`.
fn value_below(paragraph: &[&str], next: Option<&Vec<&str>>) -> Option<String> {
    let ([label], [value]) = (paragraph, next?.as_slice()) else { return None };
    let name = label.trim().trim_end_matches(':');
    let is_milestone = matches!(field(name), Some(Field::Milestone(_)));
    (is_milestone && stamp::is_time(value.trim())).then(|| value.trim().to_owned())
}

/// Returns the lines before the reader comments, and the days of the comments.
fn without_comments<'l, 't>(lines: &'l [&'t str]) -> (&'l [&'t str], Vec<NaiveDate>) {
    let is_comment = |line: &&str| COMMENT.is_match(line);
    // `2 Replies` above the text is only a counter.
    let is_sentence =
        |line: &&str| words(line) > LONGEST_HEADING && line.trim_end().ends_with(['.', '!', '?']);
    let start = lines.iter().position(is_sentence).unwrap_or(0);
    let first = lines
        .iter()
        .enumerate()
        .position(|(at, line)| is_comment(line) || at > start && COMMENTS.is_match(line));
    // A single matching line in the middle of a text is part of the text.
    let comments = lines.iter().filter(|line| is_comment(line)).count();
    let end = first.filter(|first| {
        comments >= 2 || lines[*first..].iter().any(|line| COMMENTS.is_match(line))
    });
    let Some(end) = end else { return (lines, Vec::new()) };
    let day = |line: &&str| day_of(&COMMENT.captures(line)?["day"]);
    (&lines[..end], lines[end..].iter().filter_map(day).collect())
}

/// Splits paragraphs so that each heading is one of its own: a known heading above its text, and an
/// underlined line.
fn parted<'t>(paragraphs: Vec<Vec<&'t str>>) -> Vec<Vec<&'t str>> {
    let mut found: Vec<Vec<&'t str>> = Vec::new();
    for paragraph in paragraphs {
        let mut open: Vec<&'t str> = Vec::new();
        let mut lines = paragraph.iter().enumerate().peekable();
        let is_alone = paragraph.len() == 1;
        while let Some((_, line)) = lines.next() {
            let is_underlined = lines.peek().is_some_and(|(_, next)| is_underline(next, line));
            let is_known =
                !is_alone && is_section(line) && !line.contains('\t') && bullet(line).is_none();
            if !(is_underlined || is_known) {
                open.push(line);
                continue;
            }
            if !open.is_empty() {
                found.push(std::mem::take(&mut open));
            }
            found.push(vec![line]);
            if is_underlined {
                lines.next();
            }
        }
        if !open.is_empty() {
            found.push(open);
        }
    }
    found
}

/// Whether a line underlines the line above it.
fn is_underline(line: &str, above: &str) -> bool {
    let line = line.trim();
    let mark = line.chars().next().filter(|mark| matches!(mark, '-' | '=' | '~' | '*' | '^' | '_'));
    let is_line = mark.is_some_and(|mark| line.chars().all(|c| c == mark));
    is_line
        && line.len() >= 3
        && words(above) <= LONGEST_HEADING
        && above.contains(char::is_alphabetic)
}

/// Splits lines into paragraphs at empty lines.
fn paragraphs<'t>(lines: &[&'t str]) -> Vec<Vec<&'t str>> {
    lines
        .split(|line| line.trim().is_empty())
        .filter(|paragraph| !paragraph.is_empty())
        .map(<[&str]>::to_vec)
        .collect()
}

/// Finds the title and the lines before the text. Returns the index of the first paragraph of the
/// text.
fn head(paragraphs: &[Vec<&str>], found: &mut PlainText) -> usize {
    // A line with fields below it can be a title, as well as a line on its own.
    let has_fields = |paragraph: &Vec<&str>| {
        paragraph.len() > 1
            && paragraph[1..].iter().all(|line| label(line).is_some_and(|label| label.is_known()))
    };
    let is_line = |paragraph: &Vec<&str>| {
        (paragraph.len() == 1 || has_fields(paragraph))
            && words(paragraph[0]) <= LONGEST_HEADING + 4
    };
    let candidates = paragraphs
        .iter()
        .take(HEAD)
        .take_while(|paragraph| is_line(paragraph) && day(paragraph[0]).is_none());
    let candidates: Vec<&str> = candidates.map(|paragraph| paragraph[0].trim()).collect();
    let says_what = candidates.iter().position(|line| TITLE.is_match(line) && !is_section(line));
    let Some(at) =
        says_what.or_else(|| candidates.first().filter(|line| !is_section(line)).map(|_| 0))
    else {
        return 0;
    };
    found.title = Some(candidates[at].to_owned());
    found.fields = paragraphs[at][1..].iter().map(|line| (*line).to_owned()).collect();
    found.site = (at > 0).then(|| candidates[..at].join(" – "));
    match paragraphs.get(at + 1).filter(|next| next.len() == 1).and_then(|next| day(next[0])) {
        Some(day) => {
            found.dated = Some(day);
            at + 2
        }
        None => at + 1,
    }
}

/// Returns the day of a line that contains nothing else.
fn day(line: &str) -> Option<NaiveDate> {
    let line = line.trim().trim_start_matches("Posted on ").trim_start_matches("Published ");
    (words(line) <= 5 && stamp::is_time(line)).then(|| days_in(line).first().copied())?
}

fn words(line: &str) -> usize {
    line.split_whitespace().count()
}

fn is_section(line: &str) -> bool {
    naming::section(line).is_some_and(|(_, sure)| sure == Match::Exact)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Heading,
    Row,
    Table,
    List,
    Code,
    Text,
}

/// Classifies a paragraph; `next` is the one after it.
fn shape(paragraph: &[&str], next: Option<&Vec<&str>>) -> Shape {
    let tabs = |line: &&str| line.trim().matches('\t').count();
    if paragraph.len() > 1
        && tabs(&paragraph[0]) > 0
        && paragraph.iter().all(|line| tabs(line) == tabs(&paragraph[0]))
    {
        return Shape::Table;
    }
    if paragraph.iter().any(|line| bullet(line).is_some()) {
        return Shape::List;
    }
    if paragraph
        .iter()
        .all(|line| CODE.is_match(line) && !line.trim_end().ends_with(['.', ':', '!', '?']))
    {
        return Shape::Code;
    }
    let [line] = paragraph else { return Shape::Text };
    if stamp::leading(line).is_some_and(|stamp| !stamp.is_malformed) && is_short(line) {
        return Shape::Row;
    }
    let is_followed =
        next.is_some_and(|next| !(next.len() == 1 && is_heading(next[0]) && !is_section(next[0])));
    if is_section(line) || is_heading(line) && is_followed { Shape::Heading } else { Shape::Text }
}

fn is_heading(line: &str) -> bool {
    is_short(line)
        && line.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

fn is_short(line: &str) -> bool {
    let line = line.trim();
    words(line) <= LONGEST_HEADING && !line.ends_with(['.', ',', ';', ':', '!', ')'])
}

/// Returns the indentation of a list item, and its text.
fn bullet(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start();
    let indent = line.chars().count() - text.chars().count();
    let text = ["•", "◦", "▪", "‣", "●", "○", "- ", "* "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))?;
    Some((indent, text.trim()))
}

fn write(shape: Shape, paragraph: &[&str], goes_on: bool, out: &mut String) {
    match shape {
        Shape::Heading => out.push_str(&format!("## {}\n\n", escape_line(paragraph[0].trim()))),
        Shape::Row => out.push_str(&format!("### {}\n\n", escape_line(paragraph[0].trim()))),
        Shape::Table => table(paragraph, out),
        Shape::List => list(paragraph, out),
        Shape::Code => {
            let fence = if goes_on { "" } else { "```\n" };
            out.push_str(&format!("{fence}{}\n```\n\n", paragraph.join("\n")));
        }
        Shape::Text => {
            let lines: Vec<String> =
                paragraph.iter().map(|line| escape_line(line.trim())).collect();
            out.push_str(&lines.join("  \n"));
            out.push_str("\n\n");
        }
    }
}

fn table(rows: &[&str], out: &mut String) {
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row
            .trim()
            .split('\t')
            .map(|cell| escape_line(cell.trim()).replace('|', "\\|"))
            .collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
        if at == 0 {
            out.push_str(&format!("|{}\n", " --- |".repeat(cells.len())));
        }
    }
    out.push('\n');
}

fn list(lines: &[&str], out: &mut String) {
    let least =
        lines.iter().filter_map(|line| bullet(line)).map(|(indent, _)| indent).min().unwrap_or(0);
    let mut was_item = false;
    for line in lines {
        match bullet(line) {
            Some((indent, text)) => {
                let blank =
                    if was_item || out.is_empty() || out.ends_with("\n\n") { "" } else { "\n" };
                out.push_str(&format!(
                    "{blank}{}- {}\n",
                    " ".repeat(indent - least),
                    escape_line(text)
                ));
                was_item = true;
            }
            None if was_item => out.push_str(&format!("  {}\n", escape_line(line.trim()))),
            None => out.push_str(&format!("{}\n", escape_line(line.trim()))),
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn post_header_is_recognised() {
        let found = read(
            "\n\nThe Example Blog\n\nDatabase outage - post mortem\n\nAugust 30, 2026\n\nWe had an outage.\n",
        );
        assert_eq!(
            (found.site.as_deref(), found.title.as_deref()),
            (Some("The Example Blog"), Some("Database outage - post mortem"))
        );
        assert_eq!(
            (found.dated.unwrap().to_string().as_str(), found.markdown.as_str()),
            ("2026-08-30", "We had an outage.\n\n")
        );
        let found = read("API outages\n\nIt began at 9:45.\n");
        assert_eq!((found.site, found.title.as_deref()), (None, Some("API outages")));
        let found = read("Summary\n\nIt broke.\n");
        assert_eq!((found.title, found.markdown.as_str()), (None, "## Summary\n\nIt broke.\n\n"));
    }

    #[test]
    fn line_roles_follow_from_layout() {
        let text = "Title of an outage\n\nOverview\n\nIt broke, badly.\nReally.\n\n13:36 It began\n\nMore on this later\n\n13:40 - We looked\n\nJobs.all.each do |job|\n   job.runs.where(\"x\").delete\n\n• One\n  • deeper\n• Two\n\nA\tB\n1\t2\n\nIt ends here";
        let expected = "## Overview\n\nIt broke, badly.  \nReally.\n\n### 13:36 It began\n\nMore on this later\n\n### 13:40 - We looked\n\n```\nJobs.all.each do |job|\n   job.runs.where(\"x\").delete\n```\n\n- One\n  - deeper\n- Two\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\nIt ends here\n\n";
        assert_eq!(read(text).markdown, expected);
    }

    #[test]
    fn reader_comments_are_separated_with_their_days() {
        let text = "API outages\n\nIt began.\n\n  1. blank A reader on April 11, 2026 at 7:30 pm\n\n    Thanks.\n\n  2. blank Another on April 15, 2026 at 7:06 pm\n\nLeave a Comment\n\nThis site is protected.";
        let found = read(text);
        assert_eq!(found.markdown, "It began.\n\n");
        assert_eq!(
            found.comments.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["2026-04-11", "2026-04-15"]
        );
        assert!(read("T\n\nSaid by A on April 11, 2026 at 7:30 pm\n\nMore.").comments.is_empty());
    }

    #[test]
    fn time_below_the_name_of_a_milestone_is_its_value() {
        let text = "Mail issues\n\nServers were inaccessible for a while.\n\nStart Date\n\n11th Apr 2017 10:30am\n\nNotes\n\n11th Apr 2017 10:30am\n";
        let markdown = read(text).markdown;
        assert!(markdown.contains("Start Date: 11th Apr 2017 10:30am"), "{markdown}");
        assert!(!markdown.contains("Notes: "), "{markdown}");
    }
}
