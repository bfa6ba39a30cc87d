//! Reads the metadata of a page: title, site, day and authors.

use std::cmp::Reverse;
use std::sync::LazyLock;

use chrono::NaiveDate;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

use super::comments::day;
use super::elements::words_of_name;
use crate::text::clean::clean_line;

/// The longest name, in characters. Longer text is a sentence.
const MAX_NAME: usize = 80;

fn selector(text: &'static str) -> Selector {
    Selector::parse(text).expect("a selector of this program")
}

static META: LazyLock<Selector> = LazyLock::new(|| selector("meta[content]"));
static TITLE: LazyLock<Selector> = LazyLock::new(|| selector("head > title, body > title"));
static H1: LazyLock<Selector> = LazyLock::new(|| selector("h1"));
static TIME: LazyLock<Selector> = LazyLock::new(|| selector("time[datetime]"));
static PUBLISHED: LazyLock<Selector> = LazyLock::new(|| {
    selector(
        "time[pubdate], time.published, time.entry-date, time.dt-published, time[itemprop=datePublished]",
    )
});
/// The last selector matches the author in a wiki export.
static AUTHOR: LazyLock<Selector> =
    LazyLock::new(|| selector("a[rel~=author], [itemprop=author], .page-metadata .author"));
static NAME: LazyLock<Selector> = LazyLock::new(|| selector("[itemprop=name]"));
static LINKED_DATA: LazyLock<Selector> =
    LazyLock::new(|| selector("script[type='application/ld+json']"));

/// The metadata of a page.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) site: Option<String>,
    pub(super) dated: Option<NaiveDate>,
    pub(super) authors: Vec<String>,
    /// The `<title>` and the `og:title`, without the name of the site.
    titles: Titles,
    /// The first-level headings.
    headings: Vec<String>,
}

#[derive(Debug, Default)]
struct Titles {
    page: Option<String>,
    shared: Option<String>,
}

impl About {
    /// Reads a page with its frame, which often contains the metadata, but without the comments,
    /// since they have days and authors of their own.
    pub(super) fn of(page: &Html) -> Self {
        let site = meta(page, &["og:site_name"]).next();
        let title = page.select(&TITLE).next().and_then(line);
        let titles = Titles {
            page: title.map(|title| without_site(title, site.as_deref())),
            shared: meta(page, &["og:title"])
                .next()
                .map(|title| without_site(title, site.as_deref())),
        };
        let data = linked_data(page);
        let dated =
            meta(page, &["article:published_time", "datepublished"]).find_map(|text| day(&text));
        let dated = dated.or_else(|| shown_day(page)).or_else(|| {
            data.iter().find_map(|article| day(article.get("datePublished")?.as_str()?))
        });
        About {
            dated,
            authors: authors(page, &data),
            titles,
            headings: headings(page.root_element()),
            site,
        }
    }

    /// Returns the title of the article.
    ///
    /// This is the longest first-level heading that agrees with the page's own title, or else the
    /// only first-level heading in the article. If several such headings are chapters and none
    /// agrees, it is the page's own title.
    pub(super) fn title(&self, content: ElementRef<'_>) -> Option<String> {
        let own = headings(content);
        let is_site = |heading: &&String| {
            self.site.as_deref().is_none_or(|site| !site.eq_ignore_ascii_case(heading))
        };
        let told = || self.titles.shared.iter().chain(&self.titles.page);
        let agrees = |heading: &&String| told().any(|title| agree(title, heading));
        let mut all = own.iter().chain(&self.headings).filter(is_site);
        let only = own.first().filter(|_| own.len() == 1);
        // The page's title can also contain the name of the site, so the longest match is the
        // article's.
        let longest = all.clone().filter(agrees).min_by_key(|heading| Reverse(heading.len()));
        let found = longest.or(only).or_else(|| told().next()).or_else(|| all.next());
        found.cloned()
    }
}

/// Whether one of two titles contains the other, as whole words.
fn agree(title: &str, heading: &str) -> bool {
    let spaced = |text: &str| format!(" {} ", words_of_name(text).join(" "));
    let (title, heading) = (spaced(title), spaced(heading));
    heading.trim().len() > 2 && (title.contains(&heading) || heading.contains(&title))
}

fn headings(element: ElementRef<'_>) -> Vec<String> {
    element.select(&H1).filter_map(line).collect()
}

/// Returns the contents of the `<meta>` elements with one of these names.
fn meta<'h>(
    page: &'h Html,
    names: &'static [&'static str],
) -> impl Iterator<Item = String> + use<'h> {
    let is_it = |element: &ElementRef<'_>| {
        let name = ["property", "name", "itemprop"].into_iter().find_map(|key| element.attr(key));
        name.is_some_and(|name| names.iter().any(|known| known.eq_ignore_ascii_case(name.trim())))
    };
    page.select(&META)
        .filter(is_it)
        .map(|element| clean_line(element.attr("content").unwrap_or_default()))
        .filter(|text| !text.is_empty())
}

fn line(element: ElementRef<'_>) -> Option<String> {
    // The anchor symbol of a heading is not part of it.
    let text = clean_line(&element.text().collect::<String>());
    let text = text.trim_end_matches(['¶', '#', '🔗']).trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Removes ` | Site` from a title, with any common separator.
fn without_site(title: String, site: Option<&str>) -> String {
    let tail = site.filter(|site| title.len() > site.len() && !site.is_empty()).and_then(|site| {
        let at = title.len() - site.len();
        title.get(at..).filter(|tail| tail.eq_ignore_ascii_case(site))?;
        let before = title[..at].trim_end();
        let rest = before.trim_end_matches(['|', '-', '–', '—', '·', '•', ':', '«', '»']);
        (rest.len() < before.len()).then(|| rest.trim_end().to_owned())
    });
    tail.filter(|rest| !rest.is_empty()).unwrap_or(title)
}

/// Returns the day that a page shows as its own: the one marked as the publication date, or the
/// only one in the header with the title.
fn shown_day(page: &Html) -> Option<NaiveDate> {
    let told = |time: ElementRef<'_>| day(time.attr("datetime")?);
    let marked = page.select(&PUBLISHED).find_map(told);
    marked.or_else(|| {
        let title = page.select(&H1).next()?;
        let header = title
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|outer| outer.value().name() == "header")?;
        let mut times = header.select(&TIME);
        times.next().filter(|_| times.next().is_none()).and_then(told)
    })
}

/// Returns the names of all authors of the page, without duplicates.
fn authors(page: &Html, data: &[Value]) -> Vec<String> {
    let named = page.select(&AUTHOR).filter_map(|element| {
        let name = element.select(&NAME).next().unwrap_or(element);
        name.attr("content").map(str::to_owned).or_else(|| line(name))
    });
    let told = data.iter().flat_map(|article| names_in(article.get("author")));
    let mut authors: Vec<String> = Vec::new();
    for text in meta(page, &["author", "article:author"]).chain(named).chain(told) {
        let text = clean_line(&text);
        let name = text.strip_prefix("By ").or_else(|| text.strip_prefix("by ")).unwrap_or(&text);
        let is_name = !name.is_empty() && name.chars().count() <= MAX_NAME && !name.contains("://");
        if is_name && !authors.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            authors.push(name.to_owned());
        }
    }
    authors
}

/// Returns the names in a field of linked data: a string, an object with a name, or a list of
/// these.
fn names_in(field: Option<&Value>) -> Vec<String> {
    match field {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Object(thing)) => {
            thing.get("name").and_then(Value::as_str).map(str::to_owned).into_iter().collect()
        }
        Some(Value::Array(all)) => all.iter().flat_map(|one| names_in(Some(one))).collect(),
        _ => Vec::new(),
    }
}

/// Returns the objects with a day or an author in a page's linked data (JSON-LD): articles first,
/// then the others. Comments and reviews are left out.
fn linked_data(page: &Html) -> Vec<Value> {
    let mut things = Vec::new();
    for script in page.select(&LINKED_DATA) {
        if let Ok(value) = serde_json::from_str(&script.text().collect::<String>()) {
            collect(value, &mut things);
        }
    }
    things.retain(|thing| !is_of_type(thing, &["Comment", "Review", "Rating"]));
    things.sort_by_key(|thing| !is_of_type(thing, &["Article", "Posting", "Report"]));
    things
}

fn collect(value: Value, things: &mut Vec<Value>) {
    match value {
        Value::Array(all) => all.into_iter().for_each(|one| collect(one, things)),
        Value::Object(mut thing) => {
            let graph = thing.remove("@graph");
            if thing.contains_key("datePublished") || thing.contains_key("author") {
                things.push(Value::Object(thing));
            }
            graph.into_iter().for_each(|graph| collect(graph, things));
        }
        _ => {}
    }
}

/// Whether an object's type ends with one of these words, as `BlogPosting` and `NewsArticle` do.
fn is_of_type(thing: &Value, ends: &[&str]) -> bool {
    let is_it =
        |name: &Value| name.as_str().is_some_and(|name| ends.iter().any(|end| name.ends_with(end)));
    match thing.get("@type") {
        Some(Value::Array(types)) => types.iter().any(is_it),
        Some(name) => is_it(name),
        None => false,
    }
}
