//! Which reader an input is for.

use super::{Input, REGISTRY, Source, Verdict, decode};

/// How many refusals an error tells of.
const NEAREST: usize = 4;

/// Why no reader was chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetectError {
    /// There is nothing to read.
    #[error("there is nothing in it")]
    Empty,
    /// It is certainly not text.
    #[error("this is {what}, not text")]
    Packed {
        /// What it is instead.
        what: &'static str,
    },
    /// A person named a format that does not exist.
    #[error("unknown format `{id}`{}", nearest.map_or(String::new(), |nearest| format!(", did you mean `{nearest}`?")))]
    UnknownFormat {
        /// The name as given.
        id: String,
        /// The format whose name is most like it.
        nearest: Option<&'static str>,
    },
    /// A page for browsers, where data was expected.
    #[error("this is a web page, not data{}", title.as_ref().map_or(String::new(), |title| format!(" (its title is \"{title}\")")))]
    WebPage {
        /// The page's title.
        title: Option<String>,
        /// Addresses below a host that give data.
        endpoints: Vec<&'static str>,
    },
    /// More than one format matches.
    #[error("it could be {}", list(formats, "or"))]
    Ambiguous {
        /// The ids of the formats.
        formats: Vec<&'static str>,
    },
    /// No format matches.
    #[error("no known format{}", refusals.iter().map(|(id, why)| format!("; not {id}: {why}")).collect::<String>())]
    NoMatch {
        /// The formats that came nearest, each with why it is not the one.
        refusals: Vec<(&'static str, &'static str)>,
    },
}

impl DetectError {
    /// That there is no format of that id.
    pub fn unknown(id: &str) -> Self {
        DetectError::UnknownFormat { id: id.to_owned(), nearest: nearest_id(REGISTRY, id) }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            DetectError::Empty => Some("an empty answer is not an empty history: fetch or save it again".to_owned()),
            DetectError::Packed { .. } => Some("unpack it first".to_owned()),
            DetectError::UnknownFormat { .. } => Some("`posthoc formats` lists what there is".to_owned()),
            DetectError::WebPage { endpoints, .. } if !endpoints.is_empty() => {
                Some(format!("give the address of the data, such as the page's own with {}", list(endpoints, "or")))
            }
            DetectError::WebPage { .. } => Some("give the address of the data".to_owned()),
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

/// The one reader for `input`: the one that was `forced`, else the one that says yes, else the one
/// that says maybe.
///
/// # Errors
/// [`DetectError`] when that is not exactly one.
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
        return found
            .ok_or_else(|| DetectError::UnknownFormat { id: id.to_owned(), nearest: nearest_id(registry, id) });
    }
    if let Some(what) = decode::packed(&input.bytes) {
        return Err(DetectError::Packed { what });
    }
    let head = decode::head(input);
    if head.trim().is_empty() {
        return Err(DetectError::Empty);
    }
    let (mut yes, mut maybe, mut refusals) = (Vec::new(), Vec::new(), Vec::new());
    for source in registry.iter().copied() {
        match source.sniff(input) {
            Verdict::Yes => yes.push(source),
            Verdict::Maybe => maybe.push(source),
            Verdict::No(why) => refusals.push((source.id(), why)),
        }
    }
    let candidates = if yes.is_empty() { maybe } else { yes };
    match candidates[..] {
        [only] => Ok(only),
        [] if is_web_page(&head) => Err(DetectError::WebPage { title: title(&head), endpoints: endpoints(registry) }),
        [] => Err(DetectError::NoMatch { refusals: nearest(&refusals) }),
        _ => Err(DetectError::Ambiguous { formats: candidates.iter().map(|source| source.id()).collect() }),
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

/// The refusals with the rarest reasons: a reason that many readers give ("not JSON") says little,
/// one that a single reader gives was found by looking further.
fn nearest(refusals: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let count = |why| refusals.iter().filter(|(_, other)| *other == why).count();
    let mut counted: Vec<_> = refusals.iter().map(|refusal| (count(refusal.1), *refusal)).collect();
    counted.sort_by_key(|(count, _)| *count);
    counted.into_iter().take(NEAREST).map(|(_, refusal)| refusal).collect()
}

fn endpoints(registry: &[&'static dyn Source]) -> Vec<&'static str> {
    let mut endpoints = Vec::new();
    for endpoint in registry.iter().filter_map(|source| source.endpoints().first().copied()) {
        // Products that copy another one's API have its address.
        if !endpoints.contains(&endpoint) {
            endpoints.push(endpoint);
        }
    }
    endpoints
}

/// Whether a text begins as a page for browsers.
pub fn is_web_page(head: &str) -> bool {
    let start: String = head.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    // A comment or an XML declaration may stand before it; XML of another kind is not a page.
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
    let title = super::text::clean_line(&head[text..end]);
    (!title.is_empty()).then(|| title.chars().take(80).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Warned;
    use crate::sources::record::Record;
    use crate::sources::{Evidence, ReadError, ReadOptions, Yields};

    struct Fake(&'static str, fn(&Input) -> Verdict);

    impl Source for Fake {
        fn id(&self) -> &'static str {
            self.0
        }
        fn about(&self) -> &'static str {
            "a format for tests"
        }
        fn evidence(&self) -> Evidence {
            Evidence::Documentation
        }
        fn yields(&self) -> Yields {
            Yields::Evidence
        }
        fn endpoints(&self) -> &'static [&'static str] {
            &["/data.json"]
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
    static NO: Fake = Fake("no", |_| Verdict::No("not JSON"));
    static NOPE: Fake = Fake("nope", |_| Verdict::No("not JSON"));
    static NEARLY: Fake = Fake("nearly", |_| Verdict::No("no `list` in it"));

    fn chosen(
        registry: &[&'static dyn Source],
        bytes: &str,
        forced: Option<&str>,
    ) -> Result<&'static str, DetectError> {
        choose_from(registry, &Input::new("x", bytes), forced).map(Source::id)
    }

    #[test]
    fn one_yes_wins_then_one_maybe() {
        assert_eq!(chosen(&[&NO, &MAYBE, &YES], "x", None), Ok("yes-v1"));
        assert_eq!(chosen(&[&NO, &MAYBE], "x", None), Ok("maybe"));
        assert_eq!(chosen(&[&NO, &YES], "x", Some("no")), Ok("no"));
        let both = chosen(&[&YES, &ALSO, &NO], "x", None).unwrap_err();
        assert_eq!(both.to_string(), "it could be yes-v1 or yes-v2");
        assert_eq!(both.hint().unwrap(), "say which: --format yes-v1");
    }

    #[test]
    fn a_refusal_that_looked_further_is_told_first() {
        let error = chosen(&[&NO, &NOPE, &NEARLY], "x", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no known format; not nearly: no `list` in it; not no: not JSON; not nope: not JSON"
        );
    }

    #[test]
    fn a_page_an_empty_input_and_a_misspelt_format_have_their_own_words() {
        let page = chosen(&[&NO], "\u{feff}<!DOCTYPE html><title>Log\n in</title>", None).unwrap_err();
        assert_eq!(page.to_string(), "this is a web page, not data (its title is \"Log in\")");
        assert!(page.hint().unwrap().contains("/data.json"));
        assert_eq!(chosen(&[&YES], " \n", None), Err(DetectError::Empty));
        let packed = choose_from(&[&NO], &Input::new("x", [0x1F, 0x8B, 8, 0]), None).map(Source::id).unwrap_err();
        assert_eq!(packed.to_string(), "this is a gzip archive, not text");
        let wrong = chosen(&[&YES, &NEARLY], "x", Some("nearli")).unwrap_err();
        assert_eq!(wrong.to_string(), "unknown format `nearli`, did you mean `nearly`?");
        assert_eq!(chosen(&[&YES], "x", Some("zzz")).unwrap_err().to_string(), "unknown format `zzz`");
    }
}
