//! What a page says of itself: its title, its site, its day and its authors.

use std::cmp::Reverse;
use std::sync::LazyLock;

use chrono::NaiveDate;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

use super::comments::day;
use super::elements::words_of_name;
use crate::text::clean::clean_line;

/// A name longer than this is a sentence.
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
/// The last is where a wiki writes who made the page.
static AUTHOR: LazyLock<Selector> =
    LazyLock::new(|| selector("a[rel~=author], [itemprop=author], .page-metadata .author"));
static NAME: LazyLock<Selector> = LazyLock::new(|| selector("[itemprop=name]"));
static LINKED_DATA: LazyLock<Selector> =
    LazyLock::new(|| selector("script[type='application/ld+json']"));

/// What a page says of itself.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) site: Option<String>,
    pub(super) dated: Option<NaiveDate>,
    pub(super) authors: Vec<String>,
    /// Its `<title>` and what it is called where it is shared, without the name of the site.
    titles: Titles,
    /// Its highest headings.
    headings: Vec<String>,
}

#[derive(Debug, Default)]
struct Titles {
    page: Option<String>,
    shared: Option<String>,
}

impl About {
    /// Reads a page that has its frame still, where this often stands, but not the comments: they
    /// have days and authors of their own.
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

    /// The title of the article that was found in the page.
    ///
    /// It is the longest of the highest headings that the page's own title agrees with, or the only
    /// one in the article. In a document whose chapters are such headings, none of them is it.
    pub(super) fn title(&self, content: ElementRef<'_>) -> Option<String> {
        let own = headings(content);
        let is_site = |heading: &&String| {
            self.site.as_deref().is_none_or(|site| !site.eq_ignore_ascii_case(heading))
        };
        let told = || self.titles.shared.iter().chain(&self.titles.page);
        let agrees = |heading: &&String| told().any(|title| agree(title, heading));
        let mut all = own.iter().chain(&self.headings).filter(is_site);
        let only = own.first().filter(|_| own.len() == 1);
        // The name of the site is in the page's title too; the longest is the article's.
        let longest = all.clone().filter(agrees).min_by_key(|heading| Reverse(heading.len()));
        let found = longest.or(only).or_else(|| told().next()).or_else(|| all.next());
        found.cloned()
    }
}

/// Whether one of two titles is in the other, as whole words.
fn agree(title: &str, heading: &str) -> bool {
    let spaced = |text: &str| format!(" {} ", words_of_name(text).join(" "));
    let (title, heading) = (spaced(title), spaced(heading));
    heading.trim().len() > 2 && (title.contains(&heading) || heading.contains(&title))
}

fn headings(element: ElementRef<'_>) -> Vec<String> {
    element.select(&H1).filter_map(line).collect()
}

/// The contents of the page's own fields of one of these names.
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
    // The sign of a link to the heading is no part of it.
    let text = clean_line(&element.text().collect::<String>());
    let text = text.trim_end_matches(['¶', '#', '🔗']).trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A title without ` | Site`, or whatever else stands between it and the name of the site.
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

/// The day that a page shows as its own: the one that is marked as that, or the only one beside its
/// title.
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

/// The names of all who are said to have written the page, each once.
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

/// The names in a field of linked data: a text, a thing with a name, or several.
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

/// The things that a page's linked data describes, with a day or an author: articles first, then
/// the page. A comment is neither.
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

/// Whether a thing's type ends in one of these words, as `BlogPosting` and `NewsArticle` do.
fn is_of_type(thing: &Value, ends: &[&str]) -> bool {
    let is_it =
        |name: &Value| name.as_str().is_some_and(|name| ends.iter().any(|end| name.ends_with(end)));
    match thing.get("@type") {
        Some(Value::Array(types)) => types.iter().any(is_it),
        Some(name) => is_it(name),
        None => false,
    }
}
