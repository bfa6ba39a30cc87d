//! Finds the elements around an article: navigation, advertisements, comments, invisible elements.

use std::collections::HashSet;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

use super::comments;
use super::elements::words_of_name;
use super::measure::Measures;
use crate::text::clean::is_without_text;

/// Words in a class or id that identify elements around the article. Whole words only: `ad` does
/// not match `header`.
const FRAME: &[&str] = &[
    "ad",
    "ads",
    "adsbygoogle",
    "adsense",
    "advert",
    "advertisement",
    "addtoany",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "cookie",
    "cookies",
    "footer",
    "gdpr",
    "masthead",
    "menu",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "pagination",
    "popup",
    "promo",
    "related",
    "share",
    "sharedaddy",
    "sharing",
    "sidebar",
    "sidenav",
    "signup",
    "social",
    "sponsor",
    "sponsored",
    "subscribe",
    "toc",
    "topnav",
];

/// Words in a class or id that identify reader comments.
const COMMENTS: &[&str] = &[
    "comment",
    "comments",
    "commentlist",
    "disqus",
    "giscus",
    "livefyre",
    "respond",
    "utterances",
];

/// Words before or after which one of the words above describes the layout of an element rather
/// than its content: `has-sidebar`, `comments-open`.
const BEFORE: &[&str] = &["has", "hide", "no", "with", "without"];
const BEHIND: &[&str] = &["closed", "enabled", "disabled", "off", "open"];

/// Classes of text for screen readers only.
const HEARD: &[&str] = &["screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden"];

/// The least text (in bytes without white space) outside the comments for them to be removed even
/// if they are most of the page.
const ARTICLE: usize = 200;

/// The elements to remove from a page.
pub(super) struct Frame {
    pub(super) comments: Vec<NodeId>,
    pub(super) rest: Vec<NodeId>,
}

/// The reason why an element is not part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has no readable text.
    Unseen,
    /// It surrounds the article, unless it contains most of it.
    Frame,
    Comments,
}

/// The number of open ancestors of each kind.
#[derive(Debug, Default)]
struct Around {
    /// Code, where syntax highlighting uses classes such as `comment`.
    code: usize,
    article: usize,
    quotation: usize,
}

impl Around {
    fn change(&mut self, element: ElementRef<'_>, by: fn(usize, usize) -> usize) {
        let name = element.value().name();
        let place = match name {
            "pre" | "code" => &mut self.code,
            "article" | "main" => &mut self.article,
            "blockquote" | "figure" => &mut self.quotation,
            _ if element.attr("role") == Some("main") => &mut self.article,
            _ => return,
        };
        *place = by(*place, 1);
    }
}

/// Finds the elements around the article of a page.
pub(super) fn find(page: &Html, measures: &Measures) -> Frame {
    let behind_headings: HashSet<NodeId> = comments::behind_headings(page).collect();
    let weight = |element: ElementRef<'_>| measures.weight(measures.get(element));
    let comments = found(page, &HashSet::new(), |element, around| {
        let is_it = behind_headings.contains(&element.id())
            || kind(element, around) == Some(Kind::Comments);
        is_it && are_comments(element, measures)
    });
    let taken: HashSet<NodeId> = comments.iter().copied().collect();
    let lost: usize = taken
        .iter()
        .filter_map(|&id| page.tree.get(id).and_then(ElementRef::wrap))
        .map(weight)
        .sum();
    let all = measures.weight(measures.all).saturating_sub(lost);
    let rest = found(page, &taken, |element, around| match kind(element, around) {
        None => false,
        Some(Kind::Unseen) => true,
        // The element with most of the text is the article, whatever its name.
        Some(Kind::Frame | Kind::Comments) => {
            all > 0 && weight(element) * 2 <= all && !holds_main(element)
        }
    });
    Frame { comments, rest }
}

/// Returns the outermost elements for which `is_it` is true, in the order of the page.
fn found(
    page: &Html,
    without: &HashSet<NodeId>,
    is_it: impl Fn(ElementRef<'_>, &Around) -> bool,
) -> Vec<NodeId> {
    let mut found: Vec<NodeId> = Vec::new();
    let mut around = Around::default();
    let mut within: Option<NodeId> = None;
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => {
                let Some(element) = ElementRef::wrap(node).filter(|_| within.is_none()) else {
                    continue;
                };
                if without.contains(&node.id()) {
                    within = Some(node.id());
                } else if is_it(element, &around) {
                    found.push(node.id());
                    within = Some(node.id());
                } else {
                    around.change(element, usize::saturating_add);
                }
            }
            Edge::Close(node) if within == Some(node.id()) => within = None,
            Edge::Close(node) => {
                if let Some(element) = ElementRef::wrap(node).filter(|_| within.is_none()) {
                    around.change(element, usize::saturating_sub);
                }
            }
        }
    }
    found
}

fn kind(element: ElementRef<'_>, around: &Around) -> Option<Kind> {
    let name = element.value().name();
    if matches!(name, "html" | "body" | "main") {
        return None;
    }
    if is_without_text(name) || matches!(name, "audio" | "video" | "canvas" | "map") {
        let is_checkbox = name == "input" && element.attr("type") == Some("checkbox");
        return (!is_checkbox && !matches!(name, "head" | "title" | "link" | "meta"))
            .then_some(Kind::Unseen);
    }
    if around.code > 0 {
        return None;
    }
    let is_frame = match name {
        "nav" | "form" | "dialog" => true,
        "aside" => !is_remark(element),
        "footer" => around.quotation == 0,
        "header" => around.article == 0,
        "a" => is_mark_of_heading(element),
        _ => false,
    };
    let named = named(element, name);
    if named == Some(Kind::Comments) || comments::are_of_editor(element) {
        return Some(Kind::Comments);
    }
    (is_frame || named.is_some() || has_frame_role(element) || is_hidden(element))
        .then_some(Kind::Frame)
}

/// Classifies an element by the words of its class and id.
fn named(element: ElementRef<'_>, name: &str) -> Option<Kind> {
    let has_id = match name {
        "div" | "section" | "aside" | "ul" | "ol" | "dl" | "header" | "footer" | "nav" | "form"
        | "article" => true,
        "li" | "p" | "a" | "ins" | "figure" | "details" => false,
        // A custom element.
        _ if name.contains('-') => true,
        _ => return None,
    };
    let is_named = |known: &[&str]| {
        element.value().classes().any(|class| has_word(class, known))
            || element
                .value()
                .id()
                .is_some_and(|id| has_id && has_word(id, known) && !is_of_heading(element, id))
    };
    if is_named(COMMENTS) || element.value().id().is_some_and(|id| has_id && id.contains("disqus"))
    {
        return Some(Kind::Comments);
    }
    // An `<article>` is not part of the frame.
    (name != "article" && is_named(FRAME)).then_some(Kind::Frame)
}

/// Whether a class or id contains one of the words as the kind of the element, not as its layout.
fn has_word(name: &str, known: &[&str]) -> bool {
    let words = words_of_name(name);
    words.iter().enumerate().any(|(at, word)| {
        let is_look = at
            .checked_sub(1)
            .and_then(|at| words.get(at))
            .is_some_and(|word| BEFORE.contains(&word.as_str()))
            || words.get(at + 1).is_some_and(|word| BEHIND.contains(&word.as_str()));
        known.contains(&word.as_str()) && !is_look
    })
}

/// Whether an id was generated from the heading that the element begins with:
/// `cookie-service-outage`.
fn is_of_heading(element: ElementRef<'_>, id: &str) -> bool {
    let is_heading = |name: &str| matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    let heading =
        element.descendent_elements().take(4).find(|inner| is_heading(inner.value().name()));
    heading.is_some_and(|heading| {
        let (heading, id) = (words_of_name(&heading.text().collect::<String>()), words_of_name(id));
        id.iter().all(|word| heading.contains(word))
    })
}

fn has_frame_role(element: ElementRef<'_>) -> bool {
    let roles = [
        "navigation",
        "banner",
        "contentinfo",
        "complementary",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
    ];
    element.attr("role").is_some_and(|role| roles.contains(&role.trim()))
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    let style = element.attr("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    element.attr("hidden").is_some_and(|hidden| hidden != "until-found")
        || element.attr("aria-hidden") == Some("true")
        || style.contains("display:none")
        || style.contains("visibility:hidden")
        || element.value().classes().any(|class| HEARD.contains(&class))
}

/// Whether an `<aside>` is a remark within the text.
fn is_remark(aside: ElementRef<'_>) -> bool {
    let words_of_remarks =
        ["admonition", "alert", "callout", "caution", "danger", "info", "note", "tip", "warning"];
    aside.value().classes().any(|class| has_word(class, &words_of_remarks))
}

/// Whether a link is the anchor symbol next to a heading.
fn is_mark_of_heading(link: ElementRef<'_>) -> bool {
    link.attr("href").is_some_and(|href| href.starts_with('#'))
        && link
            .text()
            .flat_map(str::chars)
            .all(|c| c.is_whitespace() || matches!(c, '#' | '¶' | '§' | '🔗' | '\u{FE0F}'))
}

fn holds_main(element: ElementRef<'_>) -> bool {
    element
        .descendent_elements()
        .any(|inner| inner.value().name() == "main" || inner.attr("role") == Some("main"))
}

/// Whether an element that matches the words for comments consists of comments, rather than being
/// the page that has some.
fn are_comments(element: ElementRef<'_>, measures: &Measures) -> bool {
    let (weight, all) = (measures.weight(measures.get(element)), measures.weight(measures.all));
    let has_title = || element.descendent_elements().any(|inner| inner.value().name() == "h1");
    !holds_main(element) && (weight * 2 <= all || (all - weight >= ARTICLE && !has_title()))
}
