//! Removes links that must not leave the company: internal addresses, and addresses that contain
//! protected words.

use std::borrow::Cow;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;
use url::{Host, Url};

use super::removal::REMOVED;
use crate::markdown::{Block, Document, Inline, plain_text};

/// Replaces a bare internal address.
const INTERNAL: &str = "internal link";

/// Why an address is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Its host resolves only in a private network.
    Internal,
    /// It contains a protected word.
    Protected,
}

impl Refused {
    /// The description for `--explain-redaction`.
    pub(super) fn what(self) -> &'static str {
        match self {
            Refused::Internal => "link left out: its address is internal",
            Refused::Protected => "link left out: a name or a term is in its address",
        }
    }

    /// The replacement for a bare address.
    fn words(self) -> &'static str {
        match self {
            Refused::Internal => INTERNAL,
            Refused::Protected => REMOVED,
        }
    }
}

/// Returns `markdown` without the addresses that must not leave the company, and the reasons. The
/// text of a link stays. `None` if nothing has to be removed. `is_protected` returns true if a text
/// contains a protected word.
pub(super) fn without_refused(
    markdown: &str,
    is_protected: &dyn Fn(&str) -> bool,
) -> Option<(String, Vec<Refused>)> {
    if !markdown.contains(':') {
        return None;
    }
    let refused = |address: &str| {
        let is_address = address.contains("://") || address.starts_with("mailto:");
        if is_internal(address) {
            Some(Refused::Internal)
        } else if is_address && is_protected(&percent_decoded(address)) {
            Some(Refused::Protected)
        } else {
            None
        }
    };
    let mut document = Document::fragment(markdown);
    let mut edit = Edit { refused: &refused, found: Vec::new() };
    document.blocks.iter_mut().for_each(|block| edit.block(block));
    // Link reference definitions are in the text but not in the parsed document.
    let hidden: Vec<Refused> =
        addresses(markdown).filter_map(|found| refused(found.as_str())).collect();
    if edit.found.is_empty() && hidden.is_empty() {
        return None;
    }
    let left = document.to_markdown().trim_end().to_owned();
    let stay = addresses(&left).filter_map(|found| refused(found.as_str())).count();
    let mut found = edit.found;
    // An address in code stays, because removing it would change what the code does.
    if found.is_empty() && stay < hidden.len() {
        found.extend(hidden.first());
    }
    found.dedup();
    (!found.is_empty()).then_some((left, found))
}

struct Edit<'a> {
    refused: &'a dyn Fn(&str) -> Option<Refused>,
    found: Vec<Refused>,
}

impl Edit<'_> {
    fn block(&mut self, block: &mut Block) {
        match block {
            Block::Heading { content, .. } | Block::Paragraph(content) => self.line(content),
            Block::List { items, .. } => {
                items.iter_mut().flatten().for_each(|block| self.block(block));
            }
            Block::Table { header, rows, .. } => {
                let cells = header.iter_mut().chain(rows.iter_mut().flatten());
                cells.for_each(|cell| self.line(cell));
            }
            Block::Quote(blocks) => blocks.iter_mut().for_each(|block| self.block(block)),
            Block::Styled { block, .. } => self.block(block),
            Block::Code { .. } | Block::Figure { .. } | Block::Rule => {}
        }
    }

    fn line(&mut self, content: &mut Vec<Inline>) {
        for inline in content {
            match inline {
                Inline::Link { url, content } => match (self.refused)(url) {
                    Some(refused) => {
                        self.found.push(refused);
                        let words = plain_text(content);
                        let is_address = words.contains(['.', '/', '@'])
                            && url.contains(words.trim())
                            || words.contains("://");
                        *inline = Inline::Text(if is_address {
                            refused.words().to_owned()
                        } else {
                            words
                        });
                    }
                    None => self.line(content),
                },
                Inline::Text(text) => {
                    if let Some(left) = self.text(text) {
                        *text = left;
                    }
                }
                Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strikethrough(inner) => {
                    self.line(inner);
                }
                Inline::Code(_) | Inline::SoftBreak | Inline::HardBreak => {}
            }
        }
    }

    /// Returns `text` with refused bare addresses replaced, or `None` if there are none.
    fn text(&mut self, text: &str) -> Option<String> {
        let before = self.found.len();
        let (mut left, mut end) = (String::new(), 0);
        for found in addresses(text) {
            if let Some(refused) = (self.refused)(found.as_str()) {
                self.found.push(refused);
                left.push_str(&text[end..found.start()]);
                left.push_str(refused.words());
                end = found.end();
            }
        }
        (self.found.len() > before).then(|| left + &text[end..])
    }
}

/// The bare addresses in a text. Trailing punctuation belongs to the sentence, not to the address.
fn addresses(text: &str) -> impl Iterator<Item = regex::Match<'_>> {
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i)[a-z][a-z0-9+.\-]*://[^\s<>"'`|\\]*[^\s<>"'`|\\.,;:!?)\]}*_]"#)
            .expect("valid built-in regex")
    });
    ADDRESS.find_iter(text)
}

/// Top-level names that private networks use and no public registry assigns: reserved by RFC 6762,
/// RFC 8375 and ICANN (`internal`), never to be delegated (`home`, `corp`), or listed in RFC 6762,
/// appendix G.
const INSIDE: [&str; 9] =
    ["internal", "local", "localhost", "intranet", "private", "corp", "home", "lan", "arpa"];

/// Whether the host of the address resolves only in a private network.
fn is_internal(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.host().is_some_and(is_inside))
}

/// Whether the host is a name without a dot, a reserved name, or a private, loopback or
/// carrier-grade NAT (RFC 6598) address.
fn is_inside(host: Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            // The URL parser recognizes an IPv4 address only in `http`, `ftp` and similar schemes.
            if let Ok(Host::Ipv4(address)) = Host::parse(name) {
                return is_inside(Host::Ipv4(address));
            }
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let last = name.rsplit('.').next().unwrap_or_default();
            !name.contains('.') || INSIDE.contains(&last)
        }
        Host::Ipv4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            address.is_private() || address.is_loopback() || address.is_link_local() || is_shared
        }
        Host::Ipv6(address) => {
            let mapped = address.to_ipv4_mapped();
            address.is_unique_local()
                || address.is_loopback()
                || address.is_unicast_link_local()
                || mapped.is_some_and(|mapped| is_inside(Host::Ipv4(mapped)))
        }
    }
}

/// Decodes percent escapes (`%41` to `A`), and `+` to a space as in a query.
pub(super) fn percent_decoded(url: &str) -> Cow<'_, str> {
    if !url.contains(['%', '+']) {
        return Cow::Borrowed(url);
    }
    let url = url.replace('+', " ");
    Cow::Owned(percent_decode_str(&url).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> Option<String> {
        without_refused(text, &|text| text.to_lowercase().contains("ana alm")).map(|(left, _)| left)
    }

    #[test]
    fn only_addresses_inside_a_company_are_dropped() {
        for (text, expected) in [
            ("See [the board](https://grafana.internal/d/1).", "See the board."),
            ("See <http://wiki/page>.", "See internal link."),
            ("- [a](https://10.1.2.3/x)\n- **[b](https://git.corp/x)**", "- a\n- **b**"),
            ("See https://grafana.internal/d/1, please.", "See internal link, please."),
            (
                "See postgres://db.internal:5432/x and [a][1].\n\n[1]: http://wiki/x",
                "See internal link and a.",
            ),
            ("![a chart](https://grafana.internal/x.png)", "a chart"),
            ("a\n\n[1]: http://wiki/x", "a"),
        ] {
            assert_eq!(left(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["[a](https://status.example.com/x)", "mailto:a@b", "10.1.2.3", "`http://db/`"]
        {
            assert_eq!(left(text), None, "{text}");
        }
    }

    #[test]
    fn address_with_a_protected_word_is_dropped() {
        for (text, expected) in [
            ("[a](https://example.com/?by=Ana%20Alm)", "a"),
            ("[a](https://example.com/?by=ana+alm&x=1)", "a"),
            ("[mail](mailto:Ana%20Alm@example.com)", "mail"),
            ("See https://example.com/?by=ana%20alm.", "See [removed]."),
        ] {
            let left = left(text);
            assert_eq!(
                left.as_deref().map(|left| left.replace('\\', "")).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }
}
