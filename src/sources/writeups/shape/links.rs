//! Converts reference links to inline links: `[the page][1]`, with `[1]: https://…` at the end.
//!
//! Because a document is split into parts, each part must contain the addresses of its own links.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// Returns the Markdown with each address next to its link text; `None` if nothing changed.
pub(crate) fn inline(markdown: &str) -> Option<String> {
    if !markdown.contains("]:") {
        return None;
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        let Event::Start(Tag::Link { link_type, dest_url, .. }) = event else { continue };
        // The parser's range excludes the empty brackets of `[Ben][]`.
        let is_open = link_type == LinkType::Collapsed && !markdown[range.clone()].ends_with("[]");
        let range = range.start..range.end + if is_open { 2 } else { 0 };
        let whole = &markdown[range.clone()];
        let Some(words) = words(link_type, whole) else { continue };
        // Angle brackets preserve an address that contains parentheses or spaces.
        let address = match dest_url.contains(['(', ')', ' ']) {
            true => format!("<{dest_url}>"),
            false => dest_url.into_string(),
        };
        if edits.last().is_none_or(|(last, _)| last.end <= range.start) {
            edits.push((range, format!("[{words}]({address})")));
        }
    }
    let mut out = String::with_capacity(markdown.len());
    let mut done = 0;
    for (range, link) in &edits {
        out.push_str(&markdown[done..range.start]);
        out.push_str(link);
        done = range.end;
    }
    out.push_str(&markdown[done..]);
    (!edits.is_empty()).then_some(out)
}

/// Returns the words of a reference link.
fn words(link_type: LinkType, whole: &str) -> Option<&str> {
    let inner = whole.strip_prefix('[')?.strip_suffix(']')?;
    match link_type {
        LinkType::Shortcut => Some(inner),
        LinkType::Collapsed => inner.strip_suffix("]["),
        LinkType::Reference => inner.rsplit_once("][").map(|(words, _)| words),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_links_become_inline_links() {
        let text = "See [the page][1], [ann] and [Ben][], [x](https://example.com/x).\n\n[1]: https://example.com/a_(b)\n[ann]: https://example.com/ann\n[ben]: https://example.com/ben \"Ben\"\n";
        let (links, _) = inline(text)
            .unwrap()
            .split_once("\n\n")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        assert_eq!(
            links,
            "See [the page](<https://example.com/a_(b)>), [ann](https://example.com/ann) and [Ben](https://example.com/ben), [x](https://example.com/x)."
        );
        assert_eq!(inline("`[1]` and [2]\n\n[1]: https://example.com"), None);
        assert_eq!(inline("[x](https://example.com) a]: b"), None);
    }
}
