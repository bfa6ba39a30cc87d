//! Finds the element that contains the article.

use std::cmp::Reverse;

use scraper::{ElementRef, Html};

use super::elements::words_of_name;
use super::measure::Measures;

/// Words in a class or id that identify the article.
const CONTENT: &[&str] = &["article", "body", "content", "entry", "main", "post", "text"];

/// Returns the element that contains the article, in a page without its frame: the one marked up as
/// such, or else the one with most of the prose.
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
    // Several articles of similar size are a list, not the page's own article.
    let article = articles.into_iter().max_by_key(weight).filter(|article| {
        weight(article) > 0
            && weight(article) * 5 >= together * 3
            && is_enough(*article, 3)
            && weight(article) >= least
    });
    article.or(main).unwrap_or_else(|| densest(body, measures))
}

/// Returns the outermost `<article>` elements, and the elements marked as the main one.
fn named(body: ElementRef<'_>) -> (Vec<ElementRef<'_>>, Vec<ElementRef<'_>>) {
    let (mut articles, mut mains) = (Vec::new(), Vec::new());
    for element in body.descendent_elements() {
        let is_main = element.value().name() == "main"
            || element.attr("role") == Some("main")
            // The id in pages exported from Confluence.
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

/// Descends into the child with nearly all of the prose as long as there is one.
///
/// This is a small version of the idea of Readability (by arc90, later Mozilla): text in paragraphs
/// counts in favour of the elements around it, text in links counts against them, and the words of
/// a class help. Because the frame is already removed, it is enough to walk down instead of
/// comparing all elements. This also preserves a heading next to the sections of an article, where
/// picking the longest section would lose it.
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
        // An article can be split into several parts with the same class.
        let is_named = is_named_content(best) && next * 5 < most;
        let is_enough = if is_named { most * 2 >= all } else { most * 4 >= all * 3 };
        if all == 0 || !is_enough || own * 20 > all {
            return chosen;
        }
        chosen = best;
    }
}

/// Whether an element can contain an article, rather than be a part of one.
fn is_container(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    matches!(
        name,
        "div" | "section" | "article" | "main" | "form" | "center" | "span" | "font" | "b"
    ) || name.contains('-')
}

/// Whether an element is a typical part of an article.
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
