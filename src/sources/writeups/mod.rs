//! Write-ups: Markdown in git, wiki pages, blog posts, mails and office documents.
//!
//! One reader handles all of them. A document passes through the folders in this order:
//!
//! ```text
//! bytes ─▶ shape/    detects the markup and converts it to Markdown, in blocks
//!       ─▶ outline/  splits the document at its headings and maps each heading to a section
//!       ─▶ times/    reads the written times: stamps, timeline entries, days, zones, spans
//!       ─▶ facts/    extracts milestones, follow-ups, fields, sections
//!       ─▶ read      builds the record
//! ```
//!
//! `context` collects the facts that apply to every time in a document, such as its day and its
//! zone. The leaf modules of `times` and `outline` (`stamp`, `clock`, `labels`) read a few words
//! and do not depend on documents, so `shape` can ask whether a line of plain text begins with a
//! time. The meanings of headings are in `sources::naming`.

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

/// The reader for write-ups in any document format.
pub struct Document;

/// The milestones that a line of text states about its own time, as in a timeline entry.
pub(in crate::sources) fn milestones_of_line(text: &str) -> Vec<MilestoneName> {
    facts::statements::of_line(text, "").into_iter().map(|statement| statement.name).collect()
}

/// Extensions of data files. Such a file is not a write-up, whatever words it contains.
const DATA: [&str; 10] =
    [".yaml", ".yml", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".atom", ".rss", ".log"];

const NO_SUBJECT: &str = "no word of an incident or an outage";

/// Whether a web page is a write-up.
///
/// The head of a page can be long, so the raw page is searched as a whole first. It is converted to
/// Markdown only if it mentions an incident: this rejects login pages and the like cheaply.
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

/// The fewest words of a web page that counts as an article. A shorter page is usually navigation,
/// unless it says when something happened.
const SHORTEST: usize = 60;

/// The fewest words of a page that says when something happened.
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
        // `[announce] Outage` is the subject of a mail, not a JSON array.
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
            return Err(ReadError::new("it has no text"));
        }
        let records = read::read_all(&input.name, shaped, text, options.zone, &mut warnings);
        let value = records.into_iter().map(|record| Record::Document(Box::new(record))).collect();
        Ok(Warned { value, warnings: warnings.finish() })
    }
}
