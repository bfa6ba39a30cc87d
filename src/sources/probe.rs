//! Finds the likely addresses of a status page's data, judged by the page itself.

use scraper::{Html, Selector};

use crate::sources::source::Source;

/// The number of linked feeds to try: a page may link one for each language.
const FEEDS: usize = 3;

/// An address to try.
pub(crate) struct Candidate {
    /// The address: a path on the page's host, or an absolute address that the page links.
    pub reference: String,
    /// The reader that may know the data. For a feed that the page links, any reader.
    pub readers: Vec<&'static dyn Source>,
    /// Whether the page was recognised as one of a reader's.
    pub is_known: bool,
}

/// The addresses to try for the data of the page `html`, the best first: the endpoints of the
/// readers that recognise the page, those that the page mentions, the most common ones, the feeds
/// that the page links, and then all others, each reader's best first.
pub(crate) fn candidates(registry: &[&'static dyn Source], html: Option<&str>) -> Vec<Candidate> {
    let html = html.unwrap_or_default();
    let all = by_rank(registry);
    let knows = |source: &&'static dyn Source| !html.is_empty() && source.is_page(html);
    let known =
        registry.iter().copied().filter(knows).flat_map(|source| source.endpoints()).copied();
    let known: Vec<&'static str> = known.collect();
    let named = all.iter().copied().filter(|endpoint| html.contains(endpoint));
    let first = all.first().copied();
    let ahead: Vec<&'static str> = known.iter().copied().chain(named).chain(first).collect();
    let is_endpoint = |feed: &String| all.iter().any(|endpoint| feed.ends_with(endpoint));
    let linked = feeds(html).into_iter().filter(|feed| !is_endpoint(feed)).take(FEEDS);
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |endpoints: &[&'static str]| {
        for endpoint in endpoints {
            if found.iter().all(|candidate| candidate.reference != *endpoint) {
                let readers = registry
                    .iter()
                    .copied()
                    .filter(|source| source.endpoints().contains(endpoint))
                    .collect();
                let is_known = known.contains(endpoint);
                found.push(Candidate { reference: (*endpoint).to_owned(), readers, is_known });
            }
        }
        found.len()
    };
    let middle = add(&ahead);
    add(&all);
    let linked = linked.map(|reference| Candidate {
        reference,
        readers: registry.to_vec(),
        is_known: false,
    });
    found.splice(middle..middle, linked);
    found
}

/// Whether a page gives any hint about its data.
pub(crate) fn has_signs(registry: &[&'static dyn Source], html: &str) -> bool {
    let names =
        |source: &dyn Source| source.endpoints().iter().any(|endpoint| html.contains(endpoint));
    registry.iter().any(|source| source.is_page(html) || names(*source)) || !feeds(html).is_empty()
}

/// Every endpoint once: the first of each reader, then the second of each, and so on.
fn by_rank(registry: &[&'static dyn Source]) -> Vec<&'static str> {
    let most = registry.iter().map(|source| source.endpoints().len()).max().unwrap_or_default();
    let mut all = Vec::new();
    for endpoint in (0..most)
        .flat_map(|rank| registry.iter().filter_map(move |source| source.endpoints().get(rank)))
    {
        if !all.contains(endpoint) {
            all.push(*endpoint);
        }
    }
    all
}

/// The feeds that a page links: `<link rel="alternate" type="application/atom+xml" href="…">`.
fn feeds(html: &str) -> Vec<String> {
    let Ok(links) = Selector::parse("link[rel~=alternate][href]") else { return Vec::new() };
    let types = ["application/atom+xml", "application/rss+xml", "application/feed+json"];
    let page = Html::parse_document(html);
    let links = page
        .select(&links)
        .filter(|link| link.attr("type").is_some_and(|kind| types.contains(&kind.trim())));
    links.filter_map(|link| Some(link.attr("href")?.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Warned;
    use crate::sources::input::Input;
    use crate::sources::record::Record;
    use crate::sources::source::{ReadError, ReadOptions, Verdict, WrittenFrom, Yields};

    struct Fake(&'static [&'static str], &'static str);

    impl Source for Fake {
        fn id(&self) -> &'static str {
            "fake"
        }
        fn about(&self) -> &'static str {
            "a format for tests"
        }
        fn written_from(&self) -> WrittenFrom {
            WrittenFrom::Documentation
        }
        fn yields(&self) -> Yields {
            Yields::Incidents
        }
        fn endpoints(&self) -> &'static [&'static str] {
            self.0
        }
        fn is_page(&self, html: &str) -> bool {
            html.contains(self.1)
        }
        fn sniff(&self, _: &Input) -> Verdict {
            Verdict::Maybe
        }
        fn read(&self, _: &Input, _: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
            Ok(Warned::clean(Vec::new()))
        }
    }

    static COMMON: Fake = Fake(&["/api.json", "/summary.json"], "made by common");
    static FEED: Fake = Fake(&["/history.atom", "/history.rss"], "made by feed");
    static RARE: Fake = Fake(&["/rare.json", "/api.json"], "made by rare");

    fn order(html: &str) -> String {
        let found = candidates(&[&COMMON, &FEED, &RARE], Some(html));
        let claims = found.iter().map(|candidate| {
            let known = if candidate.is_known { "*" } else { "" };
            format!("{}{known} by {}", candidate.reference, candidate.readers.len())
        });
        claims.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn login_page_is_not_recognised_as_a_status_page() {
        let has = |html: &str| has_signs(&[&COMMON, &FEED], html);
        assert!(has("made by feed") && has("<a href='/summary.json'>"));
        assert!(has("<link rel='alternate' type='application/rss+xml' href='/news.xml'>"));
        assert!(!has("<title>Log in</title><link rel='icon' href='/icon.png'>") && !has(""));
    }

    #[test]
    fn page_content_decides_the_probing_order() {
        assert_eq!(
            order(""),
            "/api.json by 2, /history.atom by 1, /rare.json by 1, /summary.json by 1, /history.rss by 1"
        );
        assert_eq!(
            order("made by rare"),
            "/rare.json* by 1, /api.json* by 2, /history.atom by 1, /summary.json by 1, /history.rss by 1"
        );
        assert_eq!(
            order(
                "<link rel='alternate' type='application/rss+xml' href='/news.xml'>\
                 <link rel='alternate' type='application/rss+xml' href='https://x.example/history.rss'>\
                 <link rel='alternate' hreflang='de' href='/de'>"
            ),
            "/history.rss by 1, /api.json by 2, /news.xml by 3, /history.atom by 1, /rare.json by 1, /summary.json by 1"
        );
    }
}
