//! Chooses the reader for an input.

use super::decode;
use super::input::last_part;
use super::refused::{self, KnownInput};
use crate::sources::input::Input;
use crate::sources::registry::REGISTRY;
use crate::sources::source::{Source, Verdict};

/// The number of refusals in an error.
const NEAREST: usize = 4;

/// A reason that this many readers give is generic and not worth showing.
const COMMON: usize = 3;

/// The similarity from which a word may be a misspelling of another.
const ALIKE: f64 = 0.88;

/// The number of addresses in a hint.
const EXAMPLES: usize = 2;

/// The reason for not choosing a reader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetectError {
    /// The input is empty.
    #[error("there is nothing in it")]
    Empty,
    /// `[]`, which several systems return for an empty history.
    #[error("this is an empty list, which does not say whose it is")]
    EmptyList,
    /// It is certainly not text.
    #[error("this is {what}, not text")]
    Packed {
        /// Its type.
        what: &'static str,
    },
    /// The user named an unknown format.
    #[error("unknown format `{id}`{}", nearest.map_or(String::new(), |nearest| format!(", did you mean `{nearest}`?")))]
    UnknownFormat {
        /// The name as given.
        id: String,
        /// The most similar format name.
        nearest: Option<&'static str>,
    },
    /// Truncated JSON.
    #[error("the JSON ends in the middle: it was cut short")]
    CutShort,
    /// A page for browsers, where data was expected.
    #[error("this is a web page, not data{}{}", title.as_ref().map_or(String::new(), |title| format!(" (its title is \"{title}\")")), from.as_ref().map_or(String::new(), |from| format!("; the address redirects to {from}")))]
    WebPage {
        /// The page's title.
        title: Option<String>,
        /// The other host that it was redirected to.
        from: Option<String>,
        /// Addresses of data below a host.
        endpoints: Vec<&'static str>,
    },
    /// It is recognised, and contains nothing for a timeline.
    #[error("this is {}", known.what)]
    Known {
        /// What it is, and what to do.
        known: KnownInput,
    },
    /// More than one format matches.
    #[error("it could be {}", list(formats, "or"))]
    Ambiguous {
        /// The ids of the formats.
        formats: Vec<&'static str>,
    },
    /// No format matches.
    #[error("no known format{}", refused(refusals, kinds))]
    NoMatch {
        /// The closest formats, each with the reason why it does not match.
        refusals: Vec<(&'static str, &'static str)>,
        /// What it is not, if no format is close.
        kinds: Vec<&'static str>,
    },
}

fn refused(refusals: &[(&str, &str)], kinds: &[&str]) -> String {
    if refusals.is_empty() && !kinds.is_empty() {
        return format!(": it is {}", list(kinds, "and"));
    }
    refusals.iter().map(|(id, why)| format!("; not {id}: {why}")).collect()
}

impl DetectError {
    /// The error for an unknown format id.
    pub fn unknown(id: &str) -> Self {
        DetectError::UnknownFormat { id: id.to_owned(), nearest: nearest_id(REGISTRY, id) }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            DetectError::Empty => Some("an empty answer is not an empty history: fetch or save it again".to_owned()),
            DetectError::EmptyList => Some(
                "--format ID reads it as the history of that system, with nothing in it; `posthoc formats` lists them"
                    .to_owned(),
            ),
            DetectError::Known { known } => Some(known.hint.to_owned()),
            DetectError::CutShort => Some("fetch, copy or save it again".to_owned()),
            DetectError::WebPage { from: Some(_), .. } => {
                Some("log in to the network or to the site with a browser, or give the address of the data".to_owned())
            }
            DetectError::Packed { .. } => Some("unpack it first".to_owned()),
            DetectError::UnknownFormat { .. } => Some("`posthoc formats` lists what there is".to_owned()),
            DetectError::WebPage { endpoints, .. } if !endpoints.is_empty() => Some(format!(
                "give the address of the data, such as the page's own with {}; --format document reads it as a write-up",
                list(endpoints, "or")
            )),
            DetectError::WebPage { .. } => {
                Some("give the address of the data; --format document reads it as a write-up".to_owned())
            }
            DetectError::Ambiguous { formats } => {
                Some(format!("say which: --format {}", formats.first().copied().unwrap_or("ID")))
            }
            DetectError::NoMatch { .. } => {
                Some("`posthoc formats` lists what can be read; --format ID reads it as that".to_owned())
            }
        }
    }
}

fn list(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// The one reader for `input`: the `forced` one, or the one that says yes, or the one that says
/// maybe.
///
/// # Errors
/// [`DetectError`] if there is not exactly one.
pub fn choose(input: &Input, forced: Option<&str>) -> Result<&'static dyn Source, DetectError> {
    choose_from(REGISTRY, input, forced)
}

fn choose_from(
    registry: &[&'static dyn Source],
    input: &Input,
    forced: Option<&str>,
) -> Result<&'static dyn Source, DetectError> {
    if let Some(id) = forced {
        let found = registry.iter().copied().find(|source| source.id() == id);
        return found.ok_or_else(|| DetectError::UnknownFormat {
            id: id.to_owned(),
            nearest: nearest_id(registry, id),
        });
    }
    if let Some(what) = decode::packed(&input.bytes) {
        return Err(DetectError::Packed { what });
    }
    let head = decode::head(input);
    if head.trim().is_empty() {
        return Err(DetectError::Empty);
    }
    let (mut yes, mut maybe, mut last, mut refusals) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // The readers of anybody's records look further into an input, which is not worth it for most.
    let (late, early): (Vec<&'static dyn Source>, Vec<&'static dyn Source>) =
        registry.iter().copied().partition(|source| source.is_last_resort());
    for source in early.into_iter().chain(late) {
        if source.is_last_resort() && !(yes.is_empty() && maybe.is_empty()) {
            break;
        }
        match source.sniff(input) {
            Verdict::Yes => yes.push(source),
            Verdict::Maybe => maybe.push(source),
            Verdict::LastResort => last.push(source),
            Verdict::No(why) => refusals.push((source.id(), why)),
        }
    }
    if let Some(known) = refused::known(&head).filter(|_| yes.is_empty()) {
        return Err(DetectError::Known { known });
    }
    let candidates =
        [yes, maybe, last].into_iter().find(|readers| !readers.is_empty()).unwrap_or_default();
    match candidates[..] {
        [only] => Ok(only),
        [] if is_web_page(&head) => {
            let (title, from) = (title(&head), other_host(input));
            Err(DetectError::WebPage { title, from, endpoints: endpoints(registry) })
        }
        [] if head.split_whitespace().eq(["[]"]) => Err(DetectError::EmptyList),
        [] if is_cut_short(input) => Err(DetectError::CutShort),
        [] => {
            let (refusals, kinds) = nearest(registry, input, &head, &refusals);
            Err(DetectError::NoMatch { refusals, kinds })
        }
        _ => Err(DetectError::Ambiguous {
            formats: candidates.iter().map(|source| source.id()).collect(),
        }),
    }
}

fn nearest_id(registry: &[&'static dyn Source], id: &str) -> Option<&'static str> {
    let id = id.to_lowercase();
    registry
        .iter()
        .map(|source| (strsim::jaro_winkler(source.id(), &id), source.id()))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id)
}

/// A refusal: the format, and its reason.
type Refusal = (&'static str, &'static str);

/// The refusals of the closest readers, or if there are none, what the input is not.
///
/// A reader that says "not JSON", or gives a reason that many give, is not close. The others are
/// sorted: first those with a reason about their own records, then those whose endpoint matches the
/// input's name, then those that miss a word similar to one in the input, then those with a unique
/// reason.
fn nearest(
    registry: &[&'static dyn Source],
    input: &Input,
    head: &str,
    refusals: &[Refusal],
) -> (Vec<Refusal>, Vec<&'static str>) {
    let as_often = |why: &str| refusals.iter().filter(|(_, other)| *other == why).count();
    let (kinds, mut near): (Vec<Refusal>, Vec<Refusal>) = refusals
        .iter()
        .copied()
        .partition(|(_, why)| why.starts_with("not ") || as_often(why) >= COMMON);
    if near.is_empty() {
        let mut kinds: Vec<&str> = kinds.iter().map(|(_, why)| *why).collect();
        kinds.sort_unstable();
        kinds.dedup();
        return (Vec::new(), kinds);
    }
    let words: std::collections::BTreeSet<&str> =
        words(head).filter(|word| word.len() > 2).collect();
    let name = input.file_name();
    near.sort_by_cached_key(|(id, why)| {
        let reader = registry.iter().find(|source| source.id() == *id);
        let has_name = reader
            .is_some_and(|source| source.endpoints().iter().any(|path| last_part(path) == name));
        let missed = why.split('`').skip(1).step_by(2).flat_map(self::words);
        let likeness = missed
            .flat_map(|word| words.iter().map(move |there| strsim::jaro_winkler(word, there)));
        let likeness = likeness.filter(|likeness| *likeness > ALIKE).fold(0.0, f64::max);
        (!why.starts_with("its "), !has_name, 100 - (likeness * 100.0) as u32, as_often(why))
    });
    near.truncate(NEAREST);
    (near, Vec::new())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The address of an input, if it is on another host than the requested one.
fn other_host(input: &Input) -> Option<String> {
    let asked = url::Url::parse(&input.name).ok()?;
    let given = url::Url::parse(input.url.as_deref()?).ok()?;
    let is_other = asked.host() != given.host() || asked.port() != given.port();
    is_other.then(|| given.to_string())
}

fn is_cut_short(input: &Input) -> bool {
    let Ok(decoded) = decode::decode(&input.bytes) else { return false };
    let body = decoded.body();
    body.starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(body).is_err_and(|error| error.is_eof())
}

/// A few addresses, as examples.
fn endpoints(registry: &[&'static dyn Source]) -> Vec<&'static str> {
    let mut seen = std::collections::BTreeSet::new();
    let first = registry.iter().filter_map(|source| source.endpoints().first().copied());
    first.filter(|path| seen.insert(*path)).take(EXAMPLES).collect()
}

/// Whether a text starts like an HTML page.
pub fn is_web_page(head: &str) -> bool {
    let start: String =
        head.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    // A comment or an XML declaration may come first; other XML is not a page.
    start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || (start.starts_with('<') && start.contains("<html"))
}

/// The title of a page, on one line.
pub fn title(head: &str) -> Option<String> {
    let lower = head.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let text = start + lower[start..].find('>')? + 1;
    let end = text + lower[text..].find("</title")?;
    let title = crate::text::clean::clean_line(&head[text..end]);
    (!title.is_empty()).then(|| title.chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Warned;
    use crate::sources::record::Record;
    use crate::sources::source::{ReadError, ReadOptions, WrittenFrom, Yields};

    struct Fake(&'static str, fn(&Input) -> Verdict);

    impl Source for Fake {
        fn id(&self) -> &'static str {
            self.0
        }
        fn about(&self) -> &'static str {
            "a format for tests"
        }
        fn written_from(&self) -> WrittenFrom {
            WrittenFrom::Documentation
        }
        fn yields(&self) -> Yields {
            Yields::Evidence
        }
        fn endpoints(&self) -> &'static [&'static str] {
            if self.0 == "named" { &["/api/own.json"] } else { &["/data.json"] }
        }
        fn sniff(&self, input: &Input) -> Verdict {
            (self.1)(input)
        }
        fn read(&self, _: &Input, _: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
            Ok(Warned::clean(Vec::new()))
        }
    }

    static YES: Fake = Fake("yes-v1", |_| Verdict::Yes);
    static ALSO: Fake = Fake("yes-v2", |_| Verdict::Yes);
    static MAYBE: Fake = Fake("maybe", |_| Verdict::Maybe);
    static LAST: Fake = Fake("last", |_| Verdict::LastResort);
    static NO: Fake = Fake("no", |_| Verdict::No("not JSON"));
    static NOPE: Fake = Fake("nope", |_| Verdict::No("not JSON"));
    static NEARLY: Fake = Fake("nearly", |_| Verdict::No("no `list` in it"));
    static FURTHER: Fake = Fake("further", |_| Verdict::No("no `table` in it"));
    static NOT_FEED: Fake = Fake("not-feed", |_| Verdict::No("not a feed"));
    static NAMED: Fake = Fake("named", |_| Verdict::No("no `own` in it"));

    fn chosen(
        registry: &[&'static dyn Source],
        bytes: &str,
        forced: Option<&str>,
    ) -> Result<&'static str, DetectError> {
        choose_from(registry, &Input::new("x", bytes), forced).map(Source::id)
    }

    #[test]
    fn single_yes_wins_then_single_maybe() {
        assert_eq!(chosen(&[&NO, &MAYBE, &YES], "x", None), Ok("yes-v1"));
        assert_eq!(chosen(&[&NO, &LAST, &MAYBE], "x", None), Ok("maybe"));
        assert_eq!(chosen(&[&NO, &LAST], "x", None), Ok("last"));
        assert_eq!(chosen(&[&NO, &YES], "x", Some("no")), Ok("no"));
        let both = chosen(&[&YES, &ALSO, &NO], "x", None).unwrap_err();
        assert_eq!(both.to_string(), "it could be yes-v1 or yes-v2");
        assert_eq!(both.hint().unwrap(), "say which: --format yes-v1");
    }

    #[test]
    fn most_specific_refusal_is_reported_first() {
        let refusal = |bytes: &str| {
            chosen(&[&NO, &NOPE, &FURTHER, &NEARLY, &NOT_FEED], bytes, None)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refusal("x"),
            "no known format; not further: no `table` in it; not nearly: no `list` in it"
        );
        // A nearly matching word is closer than a missing one.
        assert_eq!(
            refusal("{\"lists\": 1}"),
            "no known format; not nearly: no `list` in it; not further: no `table` in it"
        );
        let named =
            choose_from(&[&FURTHER, &NEARLY, &NAMED], &Input::new("dir/own.json", "x"), None)
                .map(Source::id);
        assert!(
            named
                .unwrap_err()
                .to_string()
                .starts_with("no known format; not named: no `own` in it; ")
        );
        let none = chosen(&[&NO, &NOT_FEED, &NOPE], "x", None).unwrap_err();
        assert_eq!(none.to_string(), "no known format: it is not JSON and not a feed");
        assert_eq!(refusal("{\"list\": [1, 2"), "the JSON ends in the middle: it was cut short");
    }

    #[test]
    fn web_page_empty_input_and_misspelt_format_have_own_messages() {
        let page =
            chosen(&[&NO], "\u{feff}<!DOCTYPE html><title>Log\n in</title>", None).unwrap_err();
        assert_eq!(page.to_string(), "this is a web page, not data (its title is \"Log in\")");
        assert!(page.hint().unwrap().contains("/data.json"));
        let mut portal = Input::new(
            "https://status.example.com/api.json",
            "<!DOCTYPE html><title>Wi-Fi</title>",
        );
        portal.url = Some("https://portal.example.net/login".to_owned());
        let error = choose_from(&[&NO], &portal, None).map(Source::id).unwrap_err();
        assert_eq!(
            error.to_string(),
            "this is a web page, not data (its title is \"Wi-Fi\"); the address redirects to https://portal.example.net/login"
        );
        assert_eq!(chosen(&[&YES], " \n", None), Err(DetectError::Empty));
        assert_eq!(chosen(&[&NO], " []\n", None), Err(DetectError::EmptyList));
        assert_eq!(chosen(&[&NO, &YES], "[]", Some("no")), Ok("no"));
        let packed = choose_from(&[&NO], &Input::new("x", [0x1F, 0x8B, 8, 0]), None)
            .map(Source::id)
            .unwrap_err();
        assert_eq!(packed.to_string(), "this is a gzip archive, not text");
        let wrong = chosen(&[&YES, &NEARLY], "x", Some("nearli")).unwrap_err();
        assert_eq!(wrong.to_string(), "unknown format `nearli`, did you mean `nearly`?");
        assert_eq!(
            chosen(&[&YES], "x", Some("zzz")).unwrap_err().to_string(),
            "unknown format `zzz`"
        );
    }
}
