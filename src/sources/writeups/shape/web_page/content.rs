//! The element that holds the article.

use std::cmp::Reverse;

use scraper::{ElementRef, Html};

use super::elements::words_of_name;
use super::measure::Measures;

/// Words of a class or an id that name the place of the article.
const CONTENT: &[&str] = &["article", "body", "content", "entry", "main", "post", "text"];

/// The element that holds the article of a page without its frame: the one that says so, or else
/// the one in which most of the prose is.
pub(super) fn choose<'h>(page: &'h Html, measures: &Measures) -> ElementRef<'h> {
    let root = page.root_element();
    let body = root.child_elements().find(|child| child.value().name() == "body").unwrap_or(root);
    let is_enough = |part: ElementRef<'_>, of: usize| {
        measures.weight(measures.get(part)) * of >= measures.weight(measures.all)
    };
    let weight = |element: &ElementRef<'_>| measures.weight(measures.get(*element));
    let (articles, mains) = named(body);
    let main =
        mains.into_iter().max_by_key(weight).filter(|main| is_enough(*main, 3) && weight(main) > 0);
    let together: usize = articles.iter().map(weight).sum();
    let least = main.map_or(0, |main| weight(&main) / 2);
    // Of several articles of a size none is the page's own.
    let article = articles.into_iter().max_by_key(weight).filter(|article| {
        weight(article) > 0
            && weight(article) * 5 >= together * 3
            && is_enough(*article, 3)
            && weight(article) >= least
    });
    article.or(main).unwrap_or_else(|| densest(body, measures))
}

/// The outermost articles, and the elements that call themselves the main one.
fn named(body: ElementRef<'_>) -> (Vec<ElementRef<'_>>, Vec<ElementRef<'_>>) {
    let (mut articles, mut mains) = (Vec::new(), Vec::new());
    for element in body.descendent_elements() {
        let is_main = element.value().name() == "main"
            || element.attr("role") == Some("main")
            // Where a wiki exports its pages.
            || element.value().id() == Some("main-content");
        if is_main {
            mains.push(element);
        } else if element.value().name() == "article" && !is_in_article(element) {
            articles.push(element);
        }
    }
    (articles, mains)
}

fn is_in_article(element: ElementRef<'_>) -> bool {
    element.ancestors().filter_map(ElementRef::wrap).any(|outer| outer.value().name() == "article")
}

/// Goes into the element that holds nearly all of the prose as long as there is one.
///
/// This is the idea of Readability (of arc90, and Mozilla's after it) in small: text in paragraphs
/// counts for the elements around it, text in links counts against them, and the words of a class
/// help. As the frame is gone already, it is enough to walk down instead of comparing all elements,
/// and a heading beside the sections of an article is not lost to the longest of them.
fn densest<'h>(body: ElementRef<'h>, measures: &Measures) -> ElementRef<'h> {
    let score = |element: ElementRef<'_>| {
        let measure = measures.get(element);
        measures.weight(measure) * (measure.text - measure.linked) / measure.text.max(1)
    };
    let mut chosen = body;
    loop {
        let mut inner: Vec<_> =
            chosen.child_elements().filter(|child| is_container(*child)).collect();
        inner.sort_by_key(|child| Reverse(score(*child)));
        let Some(&best) = inner.first() else { return chosen };
        let (all, most, next) =
            (score(chosen), score(best), inner.get(1).map_or(0, |next| score(*next)));
        let own: usize = chosen.child_elements().filter(|child| is_flow(*child)).map(score).sum();
        // An article may come in several parts of a name.
        let is_named = is_named_content(best) && next * 5 < most;
        let is_enough = if is_named { most * 2 >= all } else { most * 4 >= all * 3 };
        if all == 0 || !is_enough || own * 20 > all {
            return chosen;
        }
        chosen = best;
    }
}

/// Whether an element may hold an article, rather than be a part of one.
fn is_container(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    matches!(
        name,
        "div" | "section" | "article" | "main" | "form" | "center" | "span" | "font" | "b"
    ) || name.contains('-')
}

/// A part of an article.
fn is_flow(element: ElementRef<'_>) -> bool {
    matches!(
        element.value().name(),
        "p" | "ul" | "ol" | "dl" | "table" | "pre" | "blockquote" | "details" | "h2" | "h3" | "h4"
    )
}

fn is_named_content(element: ElementRef<'_>) -> bool {
    let names = element.value().classes().chain(element.value().id());
    names.flat_map(words_of_name).any(|word| CONTENT.contains(&word.as_str()))
}
