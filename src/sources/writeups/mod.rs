//! Write-ups that people made: Markdown in git, a page of a wiki, a post on a blog.
//!
//! One reader reads them all. A document goes through the folders in this order:
//!
//! ```text
//! bytes ─▶ shape/    what it is written in, and the same as Markdown, in blocks
//!       ─▶ outline/  the parts below its headings, and what each heading means
//!       ─▶ times/    the written times: stamps, lines of timelines, days, zones, spans
//!       ─▶ facts/    milestones, follow-ups, fields, sections
//!       ─▶ read      the record
//! ```
//!
//! `context` collects what holds for all times of a document. The leaves of `times` and `outline`
//! (`stamp`, `clock`, `labels`) read a few words and know nothing of documents, so that `shape` may
//! ask whether a line of plain text begins with a time. What a heading means is in
//! `sources::naming`.

mod context;
mod facts;
mod outline;
mod read;
mod shape;
mod times;

use super::decode;
use super::record::Record;
use super::warnings::Warnings;
use crate::diag::Warned;
use crate::model::milestone::MilestoneName;
use crate::sources::input::Input;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};

/// The reader.
pub struct Document;

/// The milestones that a sentence states about its own time, as in a line of a timeline.
pub(in crate::sources) fn milestones_of_line(text: &str) -> Vec<MilestoneName> {
    facts::statements::of_line(text, "").into_iter().map(|statement| statement.name).collect()
}

/// Endings of files that hold data, whatever words are in them.
const DATA: [&str; 10] =
    [".yaml", ".yml", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".atom", ".rss", ".log"];

const NO_SUBJECT: &str = "no word of an incident or an outage";

/// Whether a web page is a write-up. Its head may be long, so the page is searched as a whole, and
/// read only where the words of one are in it: a page that asks for a password has few others.
fn web_verdict(input: &Input) -> Verdict {
    let Ok(decoded) = decode::decode(&input.bytes) else { return Verdict::No("not text") };
    if !facts::subject::names_it(decoded.body()) {
        return Verdict::No(NO_SUBJECT);
    }
    let markdown = shape::web_page::read(decoded.body()).markdown;
    let (words, lines) = (markdown.split_whitespace().count(), markdown.lines().count());
    let is_about = facts::subject::names_it(&markdown)
        && (words >= SHORTEST || words >= SHORT && facts::subject::says_when(&markdown));
    match is_about && lines > 2 {
        true => Verdict::Maybe,
        false => Verdict::No("no article about an incident or an outage"),
    }
}

/// A web page with fewer words is none to read, but one to click, unless it tells a story.
const SHORTEST: usize = 60;

/// The shortest story.
const SHORT: usize = 12;

impl Source for Document {
    fn id(&self) -> &'static str {
        "document"
    }

    fn about(&self) -> &'static str {
        "a postmortem or another write-up of an incident: Markdown, HTML, plain text, PDF, Word and others"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Documents
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let name = input.name.to_lowercase();
        let is_markdown = input.content_type.as_deref() == Some(shape::MARKDOWN_TYPE);
        if !is_markdown && DATA.iter().any(|ending| name.ends_with(ending)) {
            return Verdict::No("not a document");
        }
        let head = decode::head(input);
        let start = head.trim_start();
        // `[announce] Outage` is the subject of a mail.
        let is_list = start
            .strip_prefix('[')
            .is_some_and(|rest| !rest.trim_start().starts_with(char::is_alphabetic));
        if start.starts_with('{')
            || is_list
            || ["<rss", "<feed"].iter().any(|root| start.contains(root))
        {
            return Verdict::No("not a document");
        }
        match shape::shape(input, &head) {
            shape::Shape::Html => web_verdict(input),
            shape::Shape::Markdown | shape::Shape::Markup(_) | shape::Shape::Plain
                if facts::subject::is_about_an_incident(start, &input.name) =>
            {
                Verdict::Maybe
            }
            shape::Shape::Markdown | shape::Shape::Markup(_) | shape::Shape::Plain => {
                Verdict::No(NO_SUBJECT)
            }
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
        let records = read::read_all(&input.name, shaped, text, options.zone, &mut warnings);
        let value = records.into_iter().map(|record| Record::Document(Box::new(record))).collect();
        Ok(Warned { value, warnings: warnings.finish() })
    }
}
