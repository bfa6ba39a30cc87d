//! Write-ups that people made: Markdown in git, a page of a wiki, a post on a blog.
//!
//! One reader reads them all. Whatever a document is written in, it first becomes Markdown
//! (`shape`); that is cut at its headings (`outline`); and of each part it is asked what it
//! holds: lines of a timeline (`rows`), follow-ups, metrics, fields, or a text that stays as it
//! is (`gathered`). What a heading means is in `sources::naming`.

mod blocks;
mod breaks;
mod clock;
mod context;
mod fields;
mod follow_ups;
mod gathered;
mod kind;
mod labels;
mod links;
mod marks;
mod metrics;
mod outline;
mod phrases;
mod plain_text;
mod prose;
mod read;
mod rows;
mod settle;
mod shape;
mod stamp;
mod statements;
mod times;
mod web_page;

use std::sync::LazyLock;

use regex::Regex;

use super::decode;
use super::record::Record;
use super::warnings::Warnings;
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::source::{Evidence, ReadError, ReadOptions, Source, Verdict, Yields};

/// The reader.
pub struct Document;

/// Words without which a text is hardly about an incident.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:post[- ]?mortems?|incidents?|outages?|root causes?|downtime|service disruption|action items)\b",
    )
    .expect("an expression of ours")
});

/// What a write-up has whose author does not call it one: a heading over a timeline, beginning and end in
/// front matter, or a span of clock times.
static STORY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?im)^(?:#{1,6}|=+|\*\*) *(?:[\w ]{0,20}\b)?(?:timeline|chronology)\b|^start_time: \d|\b(?:from|between) \d{1,2}:\d{2}\b[^.\n]{0,30} (?:to|until|and) \d{1,2}:\d{2}\b",
    )
    .expect("valid built-in regex")
});

/// A clock time, without which such a text tells no story.
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:\b|T)\d{1,2}[:h.]\d{2}\b").expect("valid built-in regex"));

/// Whether a text is about an incident: it says so, or has the shape of such a story.
fn is_about_an_incident(text: &str) -> bool {
    SUBJECT.is_match(text) || STORY.is_match(text) && CLOCK.is_match(text)
}

/// Endings of files that hold data, whatever words are in them.
const DATA: [&str; 10] = [".yaml", ".yml", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".atom", ".rss", ".log"];

const NO_SUBJECT: &str = "no word of an incident or an outage";

/// Whether a web page is a write-up. Its head may be long, so the page is searched as a whole, and
/// read only where the words of one are in it: a page that asks for a password has few others.
fn web_verdict(input: &Input) -> Verdict {
    let Ok(decoded) = decode::decode(&input.bytes) else { return Verdict::No("not text") };
    if !SUBJECT.is_match(decoded.body()) {
        return Verdict::No(NO_SUBJECT);
    }
    let markdown = web_page::read(decoded.body()).markdown;
    let (words, lines) = (markdown.split_whitespace().count(), markdown.lines().count());
    match SUBJECT.is_match(&markdown) && words >= SHORTEST && lines > 2 {
        true => Verdict::Maybe,
        false => Verdict::No("no article about an incident or an outage"),
    }
}

/// A web page with fewer words is none to read, but one to click.
const SHORTEST: usize = 60;

impl Source for Document {
    fn id(&self) -> &'static str {
        "document"
    }

    fn about(&self) -> &'static str {
        "a postmortem or another write-up of an incident: Markdown, HTML or plain text"
    }

    fn evidence(&self) -> Evidence {
        Evidence::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Documents
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let name = input.name.to_lowercase();
        if DATA.iter().any(|ending| name.ends_with(ending)) {
            return Verdict::No("not a document");
        }
        let head = decode::head(input);
        let start = head.trim_start();
        if start.starts_with(['{', '[']) || ["<rss", "<feed"].iter().any(|root| start.contains(root)) {
            return Verdict::No("not a document");
        }
        match shape::shape(input, &head) {
            shape::Shape::Html => web_verdict(input),
            shape::Shape::Markdown | shape::Shape::Plain if is_about_an_incident(start) => Verdict::Maybe,
            shape::Shape::Markdown | shape::Shape::Plain => Verdict::No(NO_SUBJECT),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded);
        let text = decoded.body();
        let mut shaped = shape::shaped(input, text);
        for (message, part) in std::mem::take(&mut shaped.mistakes) {
            warnings.about(part, message);
        }
        if shaped.markdown.trim().is_empty() && shaped.title.is_none() {
            return Err(ReadError::new("there is no text in it"));
        }
        let record = read::read(&input.name, shaped, text, options.zone, &mut warnings);
        Ok(Warned { value: vec![Record::Document(Box::new(record))], warnings: warnings.finish() })
    }
}
