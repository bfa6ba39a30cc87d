//! From the address that people know to the addresses that hold data.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use url::Url;

use super::address::{shown, typed};
use super::ahead::in_order;
use super::deadline::Deadline;
use super::error::Answers;
use super::error::{Cause, FetchError};
use super::fetcher::{Fetched, Fetcher, Terms};
use super::gate;
use crate::diag::Diagnostic;
use crate::sources::probe::{Candidate, candidates, has_signs};
use crate::sources::readable::in_utf8;
use crate::sources::{Input, REGISTRY, Source, Verdict, decode, detect};

/// So many addresses of one host are looked at.
const MOST_ADDRESSES: usize = 30;

/// So many of them at the same time.
const AT_ONCE: usize = 4;

/// The first one is mostly the right one: so long it is waited for before the others are tried, too.
const PATIENCE: Duration = Duration::from_secs(2);

/// A host that fails so often, or that leads so many addresses to one web page, is asked no more.
const ENOUGH: usize = 3;

/// What an address gave.
#[derive(Debug)]
pub struct Page {
    /// The answer, and its companions.
    pub inputs: Vec<Fetched>,
    /// What could not be had, and what was read in the place of what.
    pub notes: Vec<Diagnostic>,
    /// Every address that was looked at in vain, with what it gave.
    pub tried: Vec<String>,
}

impl Page {
    fn of(fetched: Fetched) -> Self {
        Page { inputs: vec![fetched], notes: Vec::new(), tried: Vec::new() }
    }
}

impl Fetcher {
    /// Fetches data from an address: that of a status page which people know,
    /// `status.example.com`, or that of the data itself.
    ///
    /// A host alone stands for its status page. Its front page is fetched first; what that says
    /// decides in which order the endpoints of the known formats are looked at, and a redirect
    /// decides on which host. A few are tried at the same time; the first, in that order, that is surely in
    /// its format is taken, with its companions. Finding it takes at most the time for a search.
    /// An address with a path means what is there and nothing else, whatever it is. Only if that is
    /// a known status page's page for people, the endpoints of its host are read in its place, and
    /// a note says so.
    ///
    /// # Errors
    /// [`FetchError`]: the host does not answer, or it is a host alone and nothing that it answers
    /// is known data. A web page is said to be that, and is never an empty history.
    pub fn page(&self, url: &str) -> Result<Page, FetchError> {
        let address = typed(url)?;
        let is_host = address.path() == "/" && address.query().is_none();
        let search = Deadline::of_search(self.options.search_timeout);
        let terms = Terms { within: is_host.then_some(search), ..Terms::of(self.options.retries) };
        let front = match self.get_url(&address, &terms) {
            Ok(front) if is_web_page(&front.input) => {
                if !is_host && !is_page_for_people(&front.input) {
                    return Ok(Page::of(front));
                }
                front
            }
            Ok(front) if !is_host || detect::choose(&in_utf8(&front.input), None).is_ok() => {
                return Ok(Page::of(front));
            }
            Ok(front) => front,
            Err(error) if is_host && error.is_about_this_address_only() => {
                let tried = Tried::failed(&address, "/", &error.cause);
                let probe = Probe {
                    asked: address.clone(),
                    base: address,
                    is_host,
                    within: search,
                    tried: vec![tried],
                };
                return self.look(probe, None);
            }
            Err(error) => return Err(error),
        };
        let tried = vec![Tried::of(&address, "/", &front)];
        // The page may have moved to another host.
        let base = front.trail.address.clone();
        let within =
            if is_host { search } else { Deadline::of_search(self.options.search_timeout) };
        self.look(Probe { asked: address, base, is_host, within, tried }, Some(front))
    }

    /// Looks for the data behind the page `front`.
    fn look(&self, mut probe: Probe, front: Option<Fetched>) -> Result<Page, FetchError> {
        let html = front.as_ref().filter(|front| is_web_page(&front.input));
        let html = html.map(|front| text_of(&front.input));
        if let Some(html) = &html
            && probe.is_sent_away()
            && !has_signs(REGISTRY, html)
        {
            return Err(probe.in_vain());
        }
        let mut unsure = None;
        let jobs = probe.jobs(candidates(REGISTRY, html.as_deref()));
        let within = probe.within;
        let ask = |(address, candidate): &(Url, Candidate), is_over: &AtomicBool| {
            // Trying again is for an address that is known to be there.
            let retries = if candidate.is_known { self.options.retries } else { 0 };
            self.get_url(
                address,
                &Terms { retries, within: Some(within), at_once: AT_ONCE, is_over: Some(is_over) },
            )
        };
        let sure = in_order(&jobs, AT_ONCE, PATIENCE, ask, |(address, candidate), answer| {
            let fetched = match probe.judge(address, candidate, answer) {
                Ok(Some(fetched)) => fetched,
                Ok(None) => return ControlFlow::Continue(()),
                Err(error) => return ControlFlow::Break(Err(error)),
            };
            let (sure, may) = readers(&candidate.readers, &in_utf8(&fetched.input));
            if let [source, ..] = sure[..] {
                let format = (sure.len() == 1).then_some(source.id());
                return ControlFlow::Break(Ok((
                    source,
                    candidate.reference.clone(),
                    Fetched { format, ..fetched },
                )));
            }
            if may.is_empty() {
                probe.tried.push(Tried::of(address, &candidate.reference, &fetched));
            } else if unsure.is_none() {
                let format = if let [only] = may[..] { Some(only.id()) } else { None };
                unsure = Some((may[0], candidate.reference.clone(), Fetched { format, ..fetched }));
            }
            ControlFlow::Continue(())
        });
        if let Some(sure) = sure {
            let (source, endpoint, fetched) = sure?;
            return Ok(self.found(probe, source, &endpoint, fetched));
        }
        if let Some((source, endpoint, fetched)) = unsure {
            return Ok(self.found(probe, source, &endpoint, fetched));
        }
        match front {
            // The page itself holds what there is.
            Some(front) if !readers(REGISTRY, &in_utf8(&front.input)).0.is_empty() => {
                Ok(Page { tried: probe.tried.iter().map(Tried::said).collect(), ..Page::of(front) })
            }
            _ => Err(probe.in_vain()),
        }
    }

    fn found(
        &self,
        probe: Probe,
        source: &'static dyn Source,
        endpoint: &str,
        fetched: Fetched,
    ) -> Page {
        let here = fetched.input.name.clone();
        let mut page = self.with_companions(&probe.base, source, endpoint, fetched);
        page.notes.extend(probe.moved().map(|to| moved(&shown(&probe.asked), &to)));
        // What was asked for by name, what would have held more, and what may be there again soon.
        let missed = probe.tried.iter().enumerate().filter(|(index, tried)| {
            let is_asked_for = *index == 0 && !probe.is_host;
            is_asked_for
                || tried.is_trouble
                || source.endpoints().contains(&tried.reference.as_str())
        });
        page.notes.splice(0..0, missed.map(|(_, tried)| tried.instead(&here)));
        page.tried = probe.tried.iter().map(Tried::said).collect();
        page
    }

    fn with_companions(
        &self,
        base: &Url,
        source: &'static dyn Source,
        endpoint: &str,
        fetched: Fetched,
    ) -> Page {
        let format = fetched.format;
        let mut page = Page::of(fetched);
        for companion in source.companions(endpoint) {
            let Ok(address) = base.join(companion) else { continue };
            let note = match self.get_url(&address, &Terms::of(self.options.retries)) {
                Ok(fetched)
                    if !matches!(source.sniff(&in_utf8(&fetched.input)), Verdict::No(_)) =>
                {
                    page.inputs.push(Fetched { format, ..fetched });
                    continue;
                }
                Ok(fetched) => Tried::of(&address, companion, &fetched).said(),
                Err(error) => error.to_string(),
            };
            page.notes
                .push(Diagnostic::note(note).hint("the rest of the page was read without it"));
        }
        page
    }
}

/// That another host answered than was asked: whoever names a host trusts that one.
pub fn moved(asked: &str, to: &str) -> Diagnostic {
    Diagnostic::note(format!("{asked} redirects to another host: {to}"))
}

/// The readers that surely know `input`, and those that may.
fn readers(
    readers: &[&'static dyn Source],
    input: &Input,
) -> (Vec<&'static dyn Source>, Vec<&'static dyn Source>) {
    let (mut sure, mut may) = (Vec::new(), Vec::new());
    for reader in readers {
        match reader.sniff(input) {
            Verdict::Yes => sure.push(*reader),
            Verdict::Maybe => may.push(*reader),
            // A page of somebody's status is no table of events.
            Verdict::LastResort => {}
            Verdict::No(_) => {}
        }
    }
    (sure, may)
}

fn is_web_page(input: &Input) -> bool {
    detect::is_web_page(&decode::head(&in_utf8(input)))
}

fn text_of(input: &Input) -> String {
    String::from_utf8_lossy(&in_utf8(input).bytes).into_owned()
}

/// Whether it is a page for browsers behind which a known format is to be found.
fn is_page_for_people(input: &Input) -> bool {
    let html = text_of(input);
    REGISTRY.iter().any(|source| source.is_page(&html))
}

/// A search for data.
struct Probe {
    /// The address as it was asked for.
    asked: Url,
    /// The address below which to look.
    base: Url,
    /// Whether a host alone was asked for.
    is_host: bool,
    /// When it must be done.
    within: Deadline,
    /// What was looked at in vain, the page itself first.
    tried: Vec<Tried>,
}

impl Probe {
    /// The addresses to look at.
    fn jobs(&self, candidates: Vec<Candidate>) -> Vec<(Url, Candidate)> {
        let addressed = candidates.into_iter().take(MOST_ADDRESSES).filter_map(|candidate| {
            let address = self.base.join(&candidate.reference).ok()?;
            let is_downgrade = self.base.scheme() == "https" && address.scheme() != "https";
            (!is_downgrade && address != self.base).then_some((address, candidate))
        });
        addressed.collect()
    }

    /// What came of one address on the way; an error ends the search.
    fn judge(
        &mut self,
        address: &Url,
        candidate: &Candidate,
        answer: Result<Fetched, FetchError>,
    ) -> Result<Option<Fetched>, FetchError> {
        match answer {
            Ok(fetched) => {
                let is_redirected =
                    fetched.trail.address != *address && is_web_page(&fetched.input);
                let alike = |tried: &&Tried| tried.end.as_ref() == Some(&fetched.trail.address);
                if is_redirected && self.tried.iter().filter(alike).count() >= ENOUGH {
                    // Whatever is asked for, the way leads there: to log in, or out of the network.
                    return Err(self.page_error(&fetched));
                }
                Ok(Some(fetched))
            }
            Err(error) if error.is_about_this_address_only() => {
                self.tried.push(Tried::failed(address, &candidate.reference, &error.cause));
                Ok(None)
            }
            // One address may be in trouble, or have no end, where another one answers.
            Err(FetchError {
                cause: cause @ (Cause::Status { code: 500.., .. } | Cause::Timeout(_)),
                ..
            }) if !candidate.is_known
                && self.tried.iter().filter(|tried| tried.is_trouble).count() < ENOUGH =>
            {
                self.tried.push(Tried::failed(address, &candidate.reference, &cause));
                Ok(None)
            }
            Err(FetchError { cause: cause @ Cause::SearchTime(_), .. }) => {
                Err(FetchError { url: shown(&self.asked), attempts: 1, cause })
            }
            Err(error) => Err(error),
        }
    }

    /// That nothing was found.
    fn in_vain(self) -> FetchError {
        let url = shown(&self.asked);
        if self.tried.iter().all(|tried| tried.answer == Cause::NeverFetched.to_string()) {
            return FetchError { url, attempts: 0, cause: Cause::NeverFetched };
        }
        let title = self.tried.iter().find_map(|tried| tried.page.clone().flatten());
        if self.tried.iter().all(|tried| tried.page.is_some()) {
            // Everything there is a web page, such as one to log in.
            return FetchError {
                url,
                attempts: 1,
                cause: Cause::WebPage { title, from: self.moved() },
            };
        }
        let mut answers: Vec<Answers> = Vec::new();
        for tried in self.tried {
            let address = tried
                .url
                .strip_prefix(&self.base[..url::Position::BeforePath])
                .unwrap_or(&tried.url)
                .to_owned();
            match answers.iter_mut().find(|answers| answers.what == tried.answer) {
                Some(alike) => alike.addresses.push(address),
                None => answers.push(Answers { what: tried.answer, addresses: vec![address] }),
            }
        }
        FetchError { url, attempts: 1, cause: Cause::NoStatusPage(answers) }
    }

    /// The other host that the page has moved to.
    fn moved(&self) -> Option<String> {
        gate::is_other_host(&self.asked, &self.base).then(|| shown(&self.base))
    }

    /// Whether the page lies deep in another host: it may be one to log in, whose host has nothing to
    /// do with what was asked for. A page that has moved leads to the front page of the other host.
    fn is_sent_away(&self) -> bool {
        gate::is_other_host(&self.asked, &self.base) && self.base.path() != "/"
    }

    /// That everything leads to one web page.
    fn page_error(&self, page: &Fetched) -> FetchError {
        let title = detect::title(&decode::head(&in_utf8(&page.input)));
        FetchError {
            url: shown(&self.asked),
            attempts: 1,
            cause: Cause::WebPage { title, from: Some(shown(&page.trail.address)) },
        }
    }
}

/// An address that did not give what was wanted.
struct Tried {
    url: String,
    /// Its endpoint, where it is one.
    reference: String,
    /// What it gave, in short.
    answer: String,
    /// It gave a web page, perhaps with a title.
    page: Option<Option<String>>,
    /// Where a web page came from that another address led to.
    end: Option<Url>,
    /// The server failed: it may be there again soon.
    is_trouble: bool,
}

impl Tried {
    fn of(address: &Url, reference: &str, fetched: &Fetched) -> Self {
        let head = decode::head(&in_utf8(&fetched.input));
        let (answer, page) = if detect::is_web_page(&head) {
            let title = detect::title(&head);
            let name = title.as_ref().map_or(String::new(), |title| format!(" (\"{title}\")"));
            (format!("a web page{name}"), Some(title))
        } else if head.trim().is_empty() {
            ("empty".to_owned(), None)
        } else {
            ("another format".to_owned(), None)
        };
        let end = (page.is_some() && fetched.trail.address != *address)
            .then(|| fetched.trail.address.clone());
        Tried {
            url: shown(address),
            reference: reference.to_owned(),
            answer,
            page,
            end,
            is_trouble: false,
        }
    }

    fn failed(address: &Url, reference: &str, cause: &Cause) -> Self {
        let answer = match cause {
            Cause::Status { code, reason } => format!("{code} {reason}"),
            other => other.to_string(),
        };
        let is_trouble = matches!(cause, Cause::Status { code: 500.., .. } | Cause::Timeout(_));
        Tried {
            url: shown(address),
            reference: reference.to_owned(),
            answer,
            page: None,
            end: None,
            is_trouble,
        }
    }

    fn said(&self) -> String {
        format!("{}: {}", self.url, self.answer)
    }

    /// Says that `other` was read in its place.
    fn instead(&self, other: &str) -> Diagnostic {
        Diagnostic::note(format!("{}; {other} was read in its place", self.said()))
    }
}
