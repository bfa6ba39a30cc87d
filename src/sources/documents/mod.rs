//! Write-ups that people made: Markdown in git, a page of a wiki, a post on a blog.
//!
//! One reader reads them all. Whatever a document is written in, it first becomes Markdown
//! ([`shape`]); that is cut at its headings ([`outline`]); and of each part it is asked what it
//! holds: lines of a timeline ([`rows`]), follow-ups, metrics, fields, or a text that stays as it
//! is ([`read`]). What a heading means is in [`super::naming`].

mod blocks;
mod clock;
mod fields;
mod follow_ups;
mod labels;
mod metrics;
mod outline;
mod phrases;
mod plain_text;
mod prose;
mod read;
mod rows;
mod shape;
mod stamp;
mod times;

use std::sync::LazyLock;

use regex::Regex;

use super::decode;
use super::record::Record;
use super::warnings::Warnings;
use super::{Evidence, Input, ReadError, ReadOptions, Source, Verdict, Yields};
use crate::diag::Warned;

/// The reader.
pub struct Document;

/// Words without which a text is hardly about an incident.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:post[- ]?mortems?|incidents?|outages?|root causes?|downtime|service disruption|action items)\b",
    )
    .expect("an expression of ours")
});

/// Endings of files that hold data, whatever words are in them.
const DATA: [&str; 10] = [".yaml", ".yml", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".atom", ".rss", ".log"];

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
        let text = head.trim_start();
        if text.starts_with(['{', '['])
            || text.starts_with("<?xml")
            || text.starts_with("<rss")
            || text.starts_with("<feed")
        {
            return Verdict::No("not a document");
        }
        if !SUBJECT.is_match(text) {
            return Verdict::No("no word of an incident or an outage");
        }
        Verdict::Maybe
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded);
        let text = decoded.body();
        let shaped = shape::shaped(input, text);
        if shaped.markdown.trim().is_empty() && shaped.title.is_none() {
            return Err(ReadError::new("there is no text in it"));
        }
        let record = read::read(&input.name, shaped, text, options.zone, &mut warnings);
        Ok(Warned { value: vec![Record::Document(Box::new(record))], warnings: warnings.finish() })
    }
}
