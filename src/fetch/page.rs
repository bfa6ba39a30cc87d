//! From the address that people know to the addresses that hold data.

use std::collections::BTreeSet;

use url::Url;

use super::{Cause, FetchError, Fetcher, parse, shown};
use crate::diag::Diagnostic;
use crate::sources::{Input, REGISTRY, Source, Verdict, decode, detect};

/// What an address gave.
#[derive(Debug)]
pub struct Page {
    /// The answer, and its companions.
    pub inputs: Vec<Input>,
    /// What could not be had, and what was read in the place of what.
    pub notes: Vec<Diagnostic>,
}

impl Fetcher {
    /// Fetches data from an address: that of a status page which people know,
    /// `status.example.com`, or that of the data itself.
    ///
    /// A host alone stands for its status page: the endpoints of the known formats are tried below
    /// it, in order; the first whose answer is in its format is kept, with its companions. An
    /// address with a path means what is there and nothing else, whatever it is. Only if that is
    /// a known status page's page for people, the endpoints of its host are read in its place, and
    /// a note says so.
    ///
    /// # Errors
    /// [`FetchError`]: the host does not answer, or it is a host alone and nothing that it answers
    /// is known data. A web page is said to be that, and is never an empty history.
    pub fn page(&self, url: &str) -> Result<Page, FetchError> {
        let mut base = parse(url).map_err(|cause| FetchError {
            url: crate::sources::text::clean_line(url),
            attempts: 0,
            cause,
        })?;
        let mut tried = Vec::new();
        if base.path() != "/" || base.query().is_some() {
            let input = self.get_url(&base)?;
            if !is_page_for_people(&input) {
                return Ok(Page { inputs: vec![input], notes: Vec::new() });
            }
            tried.push(Tried::of(&base, &input));
            // The page may have moved to another host.
            base = input.url.as_deref().and_then(|url| Url::parse(url).ok()).unwrap_or(base);
        }
        let mut seen = BTreeSet::new();
        for endpoint in REGISTRY.iter().flat_map(|source| source.endpoints()).copied() {
            let Ok(address) = base.join(endpoint) else { continue };
            if address == base || !seen.insert(endpoint) {
                continue;
            }
            let speakers: Vec<_> =
                REGISTRY.iter().copied().filter(|source| source.endpoints().contains(&endpoint)).collect();
            if let Some((source, input)) = self.probe(&address, &speakers, &mut tried)? {
                let mut page = self.with_companions(&base, source, endpoint, input);
                let instead = shown(&address);
                page.notes.splice(0..0, tried.iter().map(|tried| tried.instead(&instead)));
                return Ok(page);
            }
        }
        let cause = match tried.iter().map(|tried| tried.page.as_ref()).collect::<Option<Vec<_>>>() {
            // Everything there is a web page, such as one to log in.
            Some(titles) if !titles.is_empty() => Cause::WebPage { title: titles.into_iter().find_map(Clone::clone) },
            _ => Cause::NoStatusPage(tried.into_iter().map(|tried| (tried.url, tried.what)).collect()),
        };
        Err(FetchError { url: shown(&base), attempts: 1, cause })
    }

    /// Fetches an address; the one of `sources` that does not say no to it: there, at its own
    /// endpoint, a list that is empty may well be its.
    fn probe(
        &self,
        address: &Url,
        sources: &[&'static dyn Source],
        tried: &mut Vec<Tried>,
    ) -> Result<Option<(&'static dyn Source, Input)>, FetchError> {
        let input = match self.get_url(address) {
            Ok(input) => input,
            Err(error) if error.is_about_this_address_only() => {
                tried.push(Tried { url: shown(address), what: format!("failed: {}", error.cause), page: None });
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        if let Some(source) = sources.iter().copied().find(|source| speaks(*source, &input)) {
            return Ok(Some((source, input)));
        }
        tried.push(Tried::of(address, &input));
        Ok(None)
    }

    fn with_companions(&self, base: &Url, source: &'static dyn Source, endpoint: &str, input: Input) -> Page {
        let mut page = Page { inputs: vec![input], notes: Vec::new() };
        for companion in source.companions(endpoint) {
            let Ok(address) = base.join(companion) else { continue };
            let note = match self.get_url(&address) {
                Ok(input) if speaks(source, &input) => {
                    page.inputs.push(input);
                    continue;
                }
                Ok(input) => format!("{} {}", shown(&address), Tried::of(&address, &input).what),
                Err(error) => error.to_string(),
            };
            page.notes.push(Diagnostic::note(note).hint("the rest of the page was read without it"));
        }
        page
    }
}

fn speaks(source: &dyn Source, input: &Input) -> bool {
    !matches!(source.sniff(input), Verdict::No(_))
}

/// Whether it is a page for browsers behind which a known format is to be found.
fn is_page_for_people(input: &Input) -> bool {
    detect::is_web_page(&decode::head(input)) && {
        let html = String::from_utf8_lossy(&input.bytes);
        REGISTRY.iter().any(|source| source.is_page(&html))
    }
}

/// An address that did not give what was wanted.
struct Tried {
    url: String,
    /// What it gave, for people.
    what: String,
    /// It gave a web page, perhaps with a title.
    page: Option<Option<String>>,
}

impl Tried {
    fn of(address: &Url, input: &Input) -> Self {
        let head = decode::head(input);
        let (what, page) = if detect::is_web_page(&head) {
            let title = detect::title(&head);
            let name = title.as_ref().map_or(String::new(), |title| format!(" (\"{title}\")"));
            (format!("is a web page{name}"), Some(title))
        } else if head.trim().is_empty() {
            ("is empty".to_owned(), None)
        } else {
            ("is in another format".to_owned(), None)
        };
        Tried { url: shown(address), what, page }
    }

    /// Says that `other` was read in its place.
    fn instead(&self, other: &str) -> Diagnostic {
        Diagnostic::note(format!("{} {}; {other} was read in its place", self.url, self.what))
    }
}
