//! From the address that people know to the addresses that hold data.

use std::collections::BTreeSet;

use url::Url;

use super::{Cause, FetchError, Fetcher, parse, shown};
use crate::diag::Diagnostic;
use crate::sources::{Input, REGISTRY, Source, Verdict, decode, detect};

/// What a status page's address gave.
pub struct Page {
    /// The format of all inputs.
    pub source: &'static dyn Source,
    /// The answer that was recognised, and its companions.
    pub inputs: Vec<Input>,
    /// What could not be had.
    pub notes: Vec<Diagnostic>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.inputs.iter().map(|input| input.name.as_str()).collect();
        f.debug_struct("Page")
            .field("source", &self.source.id())
            .field("inputs", &names)
            .field("notes", &self.notes)
            .finish()
    }
}

impl Fetcher {
    /// Fetches the data of a status page from the address that people know, `status.example.com`.
    ///
    /// An address with a path is tried as it is. Else, and if that is no data, the endpoints of the
    /// known formats are tried below its host, in order; the first whose answer is in its format is
    /// kept, with its companions.
    ///
    /// # Errors
    /// [`FetchError`]: the host does not answer, or nothing that it answers is known data. An
    /// answer of a web page is said to be that, and is never an empty history.
    pub fn page(&self, url: &str) -> Result<Page, FetchError> {
        let base = parse(url).map_err(|cause| FetchError {
            url: crate::sources::text::clean_line(url),
            attempts: 0,
            cause,
        })?;
        let mut tried = Vec::new();
        if (base.path() != "/" || base.query().is_some())
            && let Some((source, input)) = self.probe(&base, REGISTRY, &mut tried)?
        {
            return Ok(Page { source, inputs: vec![input], notes: Vec::new() });
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
                return Ok(self.with_companions(&base, source, endpoint, input));
            }
        }
        let cause = match tried.iter().map(|tried| tried.page.as_ref()).collect::<Option<Vec<_>>>() {
            // Everything there is a web page, such as one to log in.
            Some(titles) if !titles.is_empty() => Cause::WebPage { title: titles.into_iter().find_map(Clone::clone) },
            _ => Cause::NoStatusPage(tried.into_iter().map(|tried| (tried.url, tried.what)).collect()),
        };
        Err(FetchError { url: shown(&base), attempts: 1, cause })
    }

    /// Fetches an address; the one of `sources` that says yes to it.
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
        if let Some(source) = sources.iter().copied().find(|source| source.sniff(&input) == Verdict::Yes) {
            return Ok(Some((source, input)));
        }
        tried.push(Tried::of(address, &input));
        Ok(None)
    }

    fn with_companions(&self, base: &Url, source: &'static dyn Source, endpoint: &str, input: Input) -> Page {
        let mut page = Page { source, inputs: vec![input], notes: Vec::new() };
        for companion in source.companions(endpoint) {
            let Ok(address) = base.join(companion) else { continue };
            let note = match self.get_url(&address) {
                Ok(input) if source.sniff(&input) == Verdict::Yes => {
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
}
