//! Finds the addresses with data from the address that people know.

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

/// The most addresses of one host that are tried.
const MOST_ADDRESSES: usize = 30;

/// The most of them at the same time.
const AT_ONCE: usize = 4;

/// How long to wait for the first one, which is usually right, before others are tried too.
const PATIENCE: Duration = Duration::from_secs(2);

/// After this many failures, or addresses that lead to the same web page, the host is not asked
/// again.
const MAX_FAILURES: usize = 3;

/// The result of fetching a status page.
#[derive(Debug)]
pub struct FetchedPage {
    /// The answer, and its companions.
    pub inputs: Vec<Fetched>,
    /// What could not be fetched, and which data replaced it.
    pub notes: Vec<Diagnostic>,
    /// Every address that was tried without success, with its answer.
    pub tried: Vec<String>,
}

impl FetchedPage {
    fn of(fetched: Fetched) -> Self {
        FetchedPage { inputs: vec![fetched], notes: Vec::new(), tried: Vec::new() }
    }
}

impl Fetcher {
    /// Fetches data from an address: that of a status page, `status.example.com`, or that of the
    /// data itself.
    ///
    /// A bare host means its status page. Its front page is fetched first: its content decides in
    /// which order the endpoints of the known formats are tried, and its redirects decide on which
    /// host. A few endpoints are tried at the same time; the first one in that order that certainly
    /// has its format is used, with its companions. The search has a time limit of its own. An
    /// address with a path means only what is there, whatever it is. If that is the web page of a
    /// known kind of status page, the endpoints of its host are read instead, and a note reports
    /// it.
    ///
    /// # Errors
    /// [`FetchError`] if the host does not answer, or if only a host is given and none of its
    /// answers is known data. A web page is reported as such, and never as an empty history.
    pub fn page(&self, url: &str) -> Result<FetchedPage, FetchError> {
        let address = typed(url)?;
        let is_host = address.path() == "/" && address.query().is_none();
        let search = Deadline::of_search(self.options.search_timeout);
        let terms = Terms { within: is_host.then_some(search), ..Terms::of(self.options.retries) };
        let front = match self.get_url(&address, &terms) {
            Ok(front) if is_web_page(&front.input) => {
                if !is_host && !is_page_for_people(&front.input) {
                    return Ok(FetchedPage::of(front));
                }
                front
            }
            Ok(front) if !is_host || detect::choose(&in_utf8(&front.input), None).is_ok() => {
                return Ok(FetchedPage::of(front));
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
                return self.search(probe, None);
            }
            Err(error) => return Err(error),
        };
        let tried = vec![Tried::of(&address, "/", &front)];
        // The page may have moved to another host.
        let base = front.trail.address.clone();
        let within =
            if is_host { search } else { Deadline::of_search(self.options.search_timeout) };
        self.search(Probe { asked: address, base, is_host, within, tried }, Some(front))
    }

    /// Searches for the data of the page `front`.
    fn search(&self, mut probe: Probe, front: Option<Fetched>) -> Result<FetchedPage, FetchError> {
        let html = front.as_ref().filter(|front| is_web_page(&front.input));
        let html = html.map(|front| text_of(&front.input));
        if let Some(html) = &html
            && probe.is_sent_away()
            && !has_signs(REGISTRY, html)
        {
            return Err(probe.not_found());
        }
        let mut unsure = None;
        let jobs = probe.jobs(candidates(REGISTRY, html.as_deref()));
        let within = probe.within;
        let ask = |(address, candidate): &(Url, Candidate), is_over: &AtomicBool| {
            // Only addresses that are known to exist are retried.
            let retries = if candidate.is_known { self.options.retries } else { 0 };
            self.get_url(
                address,
                &Terms { retries, within: Some(within), at_once: AT_ONCE, is_over: Some(is_over) },
            )
        };
        let sure = in_order(&jobs, AT_ONCE, PATIENCE, ask, |(address, candidate), answer| {
            let fetched = match probe.evaluate(address, candidate, answer) {
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
            // The page itself contains the data.
            Some(front) if !readers(REGISTRY, &in_utf8(&front.input)).0.is_empty() => {
                Ok(FetchedPage {
                    tried: probe.tried.iter().map(Tried::summary).collect(),
                    ..FetchedPage::of(front)
                })
            }
            _ => Err(probe.not_found()),
        }
    }

    fn found(
        &self,
        probe: Probe,
        source: &'static dyn Source,
        endpoint: &str,
        fetched: Fetched,
    ) -> FetchedPage {
        let here = fetched.input.name.clone();
        let mut page = self.with_companions(&probe.base, source, endpoint, fetched);
        page.notes.extend(probe.moved().map(|to| moved(&shown(&probe.asked), &to)));
        // Reports addresses that were requested by name, that would have had more data, or that may
        // be available again soon.
        let missed = probe.tried.iter().enumerate().filter(|(index, tried)| {
            let is_asked_for = *index == 0 && !probe.is_host;
            is_asked_for
                || tried.is_trouble
                || source.endpoints().contains(&tried.reference.as_str())
        });
        page.notes.splice(0..0, missed.map(|(_, tried)| tried.instead(&here)));
        page.tried = probe.tried.iter().map(Tried::summary).collect();
        page
    }

    fn with_companions(
        &self,
        base: &Url,
        source: &'static dyn Source,
        endpoint: &str,
        fetched: Fetched,
    ) -> FetchedPage {
        let format = fetched.format;
        let mut page = FetchedPage::of(fetched);
        for companion in source.companions(endpoint) {
            let Ok(address) = base.join(companion) else { continue };
            let note = match self.get_url(&address, &Terms::of(self.options.retries)) {
                Ok(fetched)
                    if !matches!(source.sniff(&in_utf8(&fetched.input)), Verdict::No(_)) =>
                {
                    page.inputs.push(Fetched { format, ..fetched });
                    continue;
                }
                Ok(fetched) => Tried::of(&address, companion, &fetched).summary(),
                Err(error) => error.to_string(),
            };
            page.notes
                .push(Diagnostic::note(note).hint("the rest of the page was read without it"));
        }
        page
    }
}

/// A note that another host answered than was requested, since naming a host means trusting it.
pub fn moved(asked: &str, to: &str) -> Diagnostic {
    Diagnostic::note(format!("{asked} redirects to another host: {to}"))
}

/// The readers that certainly accept `input`, and those that may.
fn readers(
    readers: &[&'static dyn Source],
    input: &Input,
) -> (Vec<&'static dyn Source>, Vec<&'static dyn Source>) {
    let (mut sure, mut may) = (Vec::new(), Vec::new());
    for reader in readers {
        match reader.sniff(input) {
            Verdict::Yes => sure.push(*reader),
            Verdict::Maybe => may.push(*reader),
            // The web page of a status page is not a table of events.
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

/// Whether it is the web page of a known kind of status page.
fn is_page_for_people(input: &Input) -> bool {
    let html = text_of(input);
    REGISTRY.iter().any(|source| source.is_page(&html))
}

/// The state of a search for data.
struct Probe {
    /// The requested address.
    asked: Url,
    /// The address relative to which endpoints are tried.
    base: Url,
    /// Whether only a host was given.
    is_host: bool,
    /// The deadline.
    within: Deadline,
    /// The addresses that were tried without success, the page itself first.
    tried: Vec<Tried>,
}

impl Probe {
    /// The addresses to try.
    fn jobs(&self, candidates: Vec<Candidate>) -> Vec<(Url, Candidate)> {
        let addressed = candidates.into_iter().take(MOST_ADDRESSES).filter_map(|candidate| {
            let address = self.base.join(&candidate.reference).ok()?;
            let is_downgrade = self.base.scheme() == "https" && address.scheme() != "https";
            (!is_downgrade && address != self.base).then_some((address, candidate))
        });
        addressed.collect()
    }

    /// Evaluates the answer of one address; an error ends the search.
    fn evaluate(
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
                if is_redirected && self.tried.iter().filter(alike).count() >= MAX_FAILURES {
                    // All addresses lead to the same page: a login, or the portal of a network.
                    return Err(self.page_error(&fetched));
                }
                Ok(Some(fetched))
            }
            Err(error) if error.is_about_this_address_only() => {
                self.tried.push(Tried::failed(address, &candidate.reference, &error.cause));
                Ok(None)
            }
            // One address may fail or never end where another one answers.
            Err(FetchError {
                cause: cause @ (Cause::Status { code: 500.., .. } | Cause::Timeout(_)),
                ..
            }) if !candidate.is_known
                && self.tried.iter().filter(|tried| tried.is_trouble).count() < MAX_FAILURES =>
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

    /// The error if nothing was found.
    fn not_found(self) -> FetchError {
        let url = shown(&self.asked);
        if self.tried.iter().all(|tried| tried.answer == Cause::NeverFetched.to_string()) {
            return FetchError { url, attempts: 0, cause: Cause::NeverFetched };
        }
        let title = self.tried.iter().find_map(|tried| tried.page.clone().flatten());
        if self.tried.iter().all(|tried| tried.page.is_some()) {
            // Everything there is a web page, such as a login.
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

    /// Whether the page is below the root of another host. It may be a login page, and its host
    /// unrelated to the requested one; a page that has moved leads to the root of the other host.
    fn is_sent_away(&self) -> bool {
        gate::is_other_host(&self.asked, &self.base) && self.base.path() != "/"
    }

    /// The error if everything leads to one web page.
    fn page_error(&self, page: &Fetched) -> FetchError {
        let title = detect::title(&decode::head(&in_utf8(&page.input)));
        FetchError {
            url: shown(&self.asked),
            attempts: 1,
            cause: Cause::WebPage { title, from: Some(shown(&page.trail.address)) },
        }
    }
}

/// An address that did not give the data.
struct Tried {
    url: String,
    /// Its endpoint, if it is one.
    reference: String,
    /// A summary of its answer.
    answer: String,
    /// Set if it gave a web page, with the title if there is one.
    page: Option<Option<String>>,
    /// The address of that web page, if the requested address redirected to it.
    end: Option<Url>,
    /// Whether the server failed, so that the address may be available again soon.
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

    fn summary(&self) -> String {
        format!("{}: {}", self.url, self.answer)
    }

    /// A note that `other` was read instead.
    fn instead(&self, other: &str) -> Diagnostic {
        Diagnostic::note(format!("{}; {other} was read instead", self.summary()))
    }
}
