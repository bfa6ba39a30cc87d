//! Bytes to records. This layer knows the outside world's formats and nothing else of ours.
//!
//! A new format is one new file with a type that implements [`Source`], and one line in
//! [`REGISTRY`]; detection, `--format`, `posthoc formats`, shell completion and the contract tests
//! follow from that list.

pub mod alerts;
pub mod charset;
pub mod decode;
pub mod detect;
pub mod documents;
mod front;
pub mod input;
pub mod json;
mod lenient;
mod markup;
pub mod metrics;
mod mixed;
mod naming;
mod paging;
pub mod probe;
pub mod record;
pub mod severity;
pub mod status;
pub mod text;
mod warnings;

use std::ops::Range;

pub use input::Input;
use record::Record;
use url::Url;

use crate::diag::Warned;
use crate::model::zone::Zone;

/// Every format that posthoc reads, in the order in which `posthoc formats` lists them.
pub static REGISTRY: &[&dyn Source] = &[
    &status::statuspage::Statuspage,
    &status::statuspage_feed::StatuspageFeed,
    &status::statuspage_html::StatuspageHtml,
    &status::incident_io_feed::IncidentIoFeed,
    &status::instatus_feed::InstatusFeed,
    &status::aws_feed::AwsFeed,
    &status::azure_feed::AzureFeed,
    &status::xai_feed::XaiFeed,
    &status::lambstatus_feed::LambstatusFeed,
    &status::incident_io::IncidentIo,
    &status::incident_io_widget::IncidentIoWidget,
    &status::google_cloud::GoogleCloud,
    &status::aws_data::AwsData,
    &status::aws_events::AwsEvents,
    &status::slack::SlackStatus,
    &status::heroku::Heroku,
    &status::instatus::Instatus,
    &status::better_stack::BetterStack,
    &status::better_stack_feed::BetterStackFeed,
    &status::checkly::Checkly,
    &status::yandex_cloud::YandexCloud,
    &status::datocms::DatoCms,
    &status::cachet::Cachet,
    &status::uptime_kuma::UptimeKuma,
    &status::cstate::CState,
    &status::statuskit::StatusKit,
    &status::statusfy::Statusfy,
    &status::upptime::Upptime,
    &status::salesforce::Salesforce,
    &status::status_io::StatusIo,
    &status::pagerduty::PagerDuty,
    &status::rootly::Rootly,
    &status::saved_page::SavedPage,
    &status::generic_feed::GenericFeed,
    &alerts::alertmanager::Alertmanager,
    &alerts::prometheus::PROMETHEUS,
    &alerts::pagerduty::PAGERDUTY,
    &alerts::opsgenie::OPSGENIE,
    &alerts::grafana::GRAFANA,
    &alerts::cloudwatch::CLOUDWATCH,
    &alerts::datadog::DATADOG,
    &alerts::new_relic::NEW_RELIC,
    &alerts::zabbix::ZABBIX,
    &alerts::pingdom::PINGDOM,
    &alerts::updown::UPDOWN,
    &alerts::uptime_kuma::UPTIME_KUMA,
    &metrics::prometheus::PrometheusRange,
    &documents::Document,
];

/// The format of that id.
pub fn by_id(id: &str) -> Option<&'static dyn Source> {
    REGISTRY.iter().copied().find(|source| source.id() == id)
}

/// The family of the format of that id; a format that nobody knows is one by itself.
pub fn family(id: &str) -> &str {
    by_id(id).map_or(id, |source| source.family())
}

/// The page that `address`, of it or of one of its incidents, belongs to, in words that are the same
/// for all addresses of one page. `None` where the ids of the format are global, so that nothing
/// depends on the page, and for what is no address. Of a format that nobody knows ids are not global.
///
/// A page is its host, and its port where it is not the usual one; what is kept in a repository on
/// GitHub is the repository.
pub fn page(format: &str, address: &str) -> Option<String> {
    if by_id(format).is_some_and(Source::has_global_ids) {
        return None;
    }
    let address = Url::parse(address).ok()?;
    let host = address.host_str()?;
    let mut parts = address.path_segments()?.filter(|part| !part.is_empty());
    let repository = match host {
        "github.com" | "raw.githubusercontent.com" => parts.next().zip(parts.next()),
        "api.github.com" if parts.next() == Some("repos") => parts.next().zip(parts.next()),
        _ => None,
    };
    Some(match (repository, address.port()) {
        (Some((owner, name)), _) => format!("github.com/{owner}/{name}").to_lowercase(),
        (None, Some(port)) => format!("{host}:{port}"),
        (None, None) => host.to_owned(),
    })
}

/// A reader of one format.
pub trait Source: Sync {
    /// A stable, kebab-case name: what `--format` takes and what an incident file records.
    fn id(&self) -> &'static str;

    /// The family that it belongs to, named after the id of one of its formats: the formats in
    /// which one system tells of the same incidents under the same ids. An incident that was
    /// imported in one of them is found again by its record in another, and is not made twice.
    ///
    /// Formats are joined only where the system makes its ids at random, so that an incident of
    /// another page cannot have the same one.
    fn family(&self) -> &'static str {
        self.id()
    }

    /// Whether no two incidents have one id, whatever page they are of. So it is where
    ///
    /// - the system makes its ids at random: Statuspage, incident.io, Instatus, Checkly, PagerDuty,
    ///   Status.io, Rootly;
    /// - or has one row of numbers for all its pages: Better Stack;
    /// - or has one page only: AWS, Azure, Google, Heroku, Salesforce, Slack, Yandex Cloud, xAI, DatoCMS.
    ///
    /// Everywhere else (Cachet, Uptime Kuma, Upptime, cState, StatusKit, Statusfy, LambStatus, any
    /// feed, a saved page) two pages may have the same ids: an installation counts its incidents from 1,
    /// or a file is known by its name. A record is then found again only on its [`page`], where both
    /// this and that of the file are known.
    fn has_global_ids(&self) -> bool {
        false
    }

    /// One line for `posthoc formats`: the product, and which of its files or endpoints.
    fn about(&self) -> &'static str;

    /// What it was written against.
    fn evidence(&self) -> Evidence;

    /// What its records become.
    fn yields(&self) -> Yields;

    /// Paths to try below a bare host, best first: `/api/v2/incidents.json`.
    fn endpoints(&self) -> &'static [&'static str] {
        &[]
    }

    /// What else to fetch when `endpoint` has answered in this format, since the answer holds only
    /// a part: incidents without maintenances. A companion that does not answer is no error.
    fn companions(&self, _endpoint: &str) -> &'static [&'static str] {
        &[]
    }

    /// Whether `html` is the page for people behind which [`Source::endpoints`] are.
    fn is_page(&self, _html: &str) -> bool {
        false
    }

    /// Where the history goes on before `input`, whose records are `records`: an address, or one
    /// relative to the input's own, on the same host. `None` at the end, for what was not fetched,
    /// and where the format has no pages.
    ///
    /// The caller stops by itself at a page that is older than what is wanted, at one whose records
    /// it has already, and after some without any; a reader need not know how many pages there are,
    /// but only one whose pages are of months names another after an empty one. Where a server
    /// gives the oldest first, its endpoint should ask for the other order.
    fn next_page(&self, _input: &Input, _records: &[Record]) -> Option<String> {
        None
    }

    /// Whether `input` is in this format, judged by its name and its first few KiB only. Of a web
    /// page those are its dress, and a plain search may look further.
    fn sniff(&self, input: &Input) -> Verdict;

    /// Reads the whole of `input`.
    ///
    /// A record that cannot be read is a warning with its place, never a lost file and never
    /// silence.
    ///
    /// # Errors
    /// [`ReadError`] when nothing can be read.
    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError>;
}

/// What a reader was written against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Real captured data.
    Captures,
    /// The product's documentation only.
    Documentation,
}

/// What the records of a format become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yields {
    /// Each record is an incident of its own.
    Incidents,
    /// Each record is a write-up of an incident of its own.
    Documents,
    /// The records are evidence within one incident (`import --into ID`).
    Evidence,
}

/// What a reader says of an input before it reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is another format; the reason is shown when nothing matches.
    No(&'static str),
    /// It may be this format: used if no reader says yes.
    Maybe,
    /// It is this format.
    Yes,
}

/// What a person says about an input on the command line.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The zone of times that the input writes without one.
    pub zone: Option<Zone>,
    /// Whether what [`Source::next_page`] names is read as well, so that nothing is missing where
    /// a page ends.
    pub with_next_pages: bool,
}

/// Why an input could not be read at all. The caller knows the input's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// What is wrong, lower case, without a full stop.
    pub message: String,
    /// Where, in bytes of the input.
    pub span: Option<Range<usize>>,
    /// What to do.
    pub hint: Option<String>,
}

impl ReadError {
    /// An error that is nowhere in particular.
    pub fn new(message: impl Into<String>) -> Self {
        ReadError { message: message.into(), span: None, hint: None }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_page_is_its_host_or_its_repository_and_nothing_where_ids_are_global() {
        let page = |address: &str| super::page("upptime", address);
        assert_eq!(page("https://Status.example.com/incidents/7").as_deref(), Some("status.example.com"));
        assert_eq!(page("http://localhost:3001/api").as_deref(), Some("localhost:3001"));
        assert_eq!(page("https://status.example.com:443/").as_deref(), Some("status.example.com"));
        for address in [
            "https://github.com/Example/status/issues/7",
            "https://api.github.com/repos/example/status/issues?state=all",
            "https://raw.githubusercontent.com/example/Status/master/history/api.yml",
        ] {
            assert_eq!(page(address).as_deref(), Some("github.com/example/status"), "{address}");
        }
        assert_eq!((page("page.json"), super::page("heroku", "https://status.heroku.com/incidents/7")), (None, None));
    }

    #[test]
    fn a_family_has_one_kind_of_ids() {
        for source in REGISTRY {
            let head = by_id(source.family()).expect("a family is called by one of its formats");
            assert_eq!(source.has_global_ids(), head.has_global_ids(), "{}", source.id());
        }
    }

    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn every_format_has_a_name_of_its_own_and_says_what_it_is() {
        let mut ids = BTreeSet::new();
        for source in REGISTRY {
            let id = source.id();
            let is_kebab = |part: &str| {
                !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            };
            assert!(id.split('-').all(is_kebab), "{id} is not kebab-case");
            assert!(ids.insert(id), "{id} is there twice");
            assert!(!source.about().trim().is_empty(), "{id} does not say what it is");
            assert!(std::ptr::eq(by_id(id).unwrap(), *source), "{id} is not found by its id");
            for endpoint in source.endpoints() {
                assert!(endpoint.starts_with('/'), "{id}: {endpoint}");
                assert!(source.companions(endpoint).iter().all(|path| path.starts_with('/')), "{id}: {endpoint}");
            }
        }
    }

    #[test]
    fn a_family_is_named_after_one_of_its_formats() {
        let mut families: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for source in REGISTRY {
            assert_eq!(by_id(source.family()).map(|named| named.family()), Some(source.family()), "{}", source.id());
            families.entry(family(source.id())).or_default().push(source.id());
        }
        families.retain(|_, members| members.len() > 1);
        let families: Vec<Vec<&str>> = families.into_values().collect();
        assert_eq!(
            families,
            [
                vec!["incident-io-feed", "incident-io", "incident-io-widget"],
                vec!["instatus-feed", "instatus-summary"],
                vec!["statuspage-v2", "statuspage-feed", "statuspage-html"],
            ]
        );
        assert_eq!(family("note"), "note");
    }

    #[test]
    fn no_reader_claims_nothing_or_panics_on_it() {
        for source in REGISTRY {
            for bytes in [&b""[..], b" \n", b"{", b"[", b"[]", b"{}", b"null", b"\xFF", b"<html></html>"] {
                let input = Input::new("x", bytes);
                assert_ne!(source.sniff(&input), Verdict::Yes, "{} of {bytes:?}", source.id());
                let _ = source.read(&input, &ReadOptions::default());
            }
        }
    }
}
