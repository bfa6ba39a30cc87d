//! The paragraphs of a history feed:
//! `<p><small>STAMP</small><br><strong>STATE</strong> - TEXT</p>`.
//!
//! Statuspage writes them this way, and Instatus and LambStatus copied it. There may be spaces
//! between the tags. A text may contain line breaks, paragraphs, and even a `<small>`.

/// The maximum length of a timestamp or state.
const NEAR: usize = 200;

/// One update in its markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources::status) struct Paragraph<'h> {
    /// With its `<var>` tags.
    pub stamp: &'h str,
    /// The state word.
    pub state: &'h str,
    /// HTML.
    pub text: &'h str,
}

/// The updates in order, and the text before the first of them.
pub(in crate::sources::status) fn paragraphs(html: &str) -> (&str, Vec<Paragraph<'_>>) {
    let mut found = Vec::new();
    let mut preface = html.trim();
    // The head of the paragraph whose end is not known yet, and the start of its text.
    let mut open: Option<(Paragraph<'_>, usize)> = None;
    let mut at = 0;
    while let Some(small) = html[at..].find("<small>").map(|offset| at + offset) {
        let inner = small + "<small>".len();
        at = inner;
        let Some(start) = paragraph_start(&html[..small]) else { continue };
        let Some((paragraph, length)) = head(&html[inner..]) else { continue };
        match open.replace((paragraph, inner + length)) {
            Some((previous, text)) => {
                found.push(Paragraph { text: inside(&html[text..start]), ..previous });
            }
            None => preface = html[..start].trim(),
        }
        at = inner + length;
    }
    if let Some((last, text)) = open {
        found.push(Paragraph { text: inside(&html[text..]), ..last });
    }
    (preface, found)
}

/// The timestamp of the oldest update, with the newest listed first; empty without updates.
pub(in crate::sources::status) fn oldest_stamp(html: &str) -> &str {
    paragraphs(html).1.last().map_or("", |paragraph| paragraph.stamp)
}

/// The start of the `<p>` at the end of `before`.
fn paragraph_start(before: &str) -> Option<usize> {
    let before = before.trim_end();
    // A longer tag is not the one; the search backwards must be bounded.
    let near = before.len() - before.bytes().rev().take(80).position(|byte| byte == b'<')? - 1;
    let tag = &before[near..];
    (tag == "<p>" || tag.starts_with("<p ") && tag.ends_with('>')).then_some(near)
}

/// The timestamp and the state after `<small>`, and the length of everything before the text.
fn head(rest: &str) -> Option<(Paragraph<'_>, usize)> {
    // The search for tag ends is bounded, or a text full of them would take quadratic time.
    let near = |text: &'_ str| text.floor_char_boundary(NEAR);
    let stamp = &rest[..rest[..near(rest)].find("</small>")?];
    let after = &rest[stamp.len() + "</small>".len()..];
    let after =
        ["<br>", "<br/>", "<br />"].iter().find_map(|tag| after.trim_start().strip_prefix(tag))?;
    let after = after.trim_start().strip_prefix("<strong>")?;
    let state = &after[..after[..near(after)].find("</strong>")?];
    let text = after[state.len() + "</strong>".len()..].trim_start();
    let text = text.strip_prefix('-').unwrap_or(text);
    Some((Paragraph { stamp, state: state.trim(), text: "" }, rest.len() - text.len()))
}

/// A text without its closing paragraph tag.
fn inside(text: &str) -> &str {
    let text = text.trim();
    text.strip_suffix("</p>").unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_markup_variant_is_split() {
        for html in [
            "<p><small>A</small><br><strong>Resolved</strong> - one<br /><br />two</p><p><small>B</small><br><strong>Update</strong> - three</p>",
            "<p> <small>A</small><br> <strong>Resolved</strong> - one<br /><br />two </p> <p> <small>B</small><br> <strong>Update</strong> - three </p>",
            "<p class='u'><small>A</small><br/>\n<strong> Resolved </strong>\n-\n one<br /><br />two</p>\n<p><small>B</small><br /><strong>Update</strong> - three",
        ] {
            let (preface, found) = paragraphs(html);
            assert_eq!(preface, "");
            assert_eq!(
                found,
                [
                    Paragraph { stamp: "A", state: "Resolved", text: "one<br /><br />two" },
                    Paragraph { stamp: "B", state: "Update", text: "three" },
                ],
                "{html}"
            );
        }
    }

    #[test]
    fn small_element_inside_a_text_is_text() {
        let html = "intro <p><small>A</small><br><strong>Update</strong> - see <small>the</small> <p><small>print</small></p> <p>more</p></p>";
        let (preface, found) = paragraphs(html);
        assert_eq!(preface, "intro");
        assert_eq!(found[0].text, "see <small>the</small> <p><small>print</small></p> <p>more</p>");
        assert_eq!(paragraphs("no updates").1, []);
    }

    #[test]
    fn many_unrelated_tags_take_linear_time() {
        let html = "<p><small>".repeat(200_000);
        assert_eq!(paragraphs(&html).1, []);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(<p>|<small>|</small>|<br>|<strong>|</strong>|</p>| - |ß|x){0,60}") {
            let _ = paragraphs(&text);
        }
    }
}
