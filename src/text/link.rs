//! The allowed addresses of links.

/// The schemes that cannot run code.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// The address without surrounding white space, if its scheme is `http`, `https` or `mailto`.
pub(crate) fn safe(address: &str) -> Option<&str> {
    let address = address.trim();
    let is_plain = !address.contains(|c: char| c.is_whitespace() || super::is_dangerous(c));
    let (scheme, rest) = address.split_once(':')?;
    let is_known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    // A browser resolves `http:x` relative to the current page.
    let is_whole = scheme.eq_ignore_ascii_case("mailto") || rest.starts_with("//");
    (is_plain && is_known && is_whole && url::Url::parse(address).is_ok()).then_some(address)
}

/// As [`safe`], but also allows `#anchor`, which is a place in the same document.
pub(crate) fn safe_or_anchor(address: &str) -> Option<&str> {
    let address = address.trim();
    let is_anchor = address.len() > 1
        && address.starts_with('#')
        && !address.contains(|c: char| c.is_whitespace() || super::is_dangerous(c));
    if is_anchor { Some(address) } else { safe(address) }
}

/// Whether a link may have this address.
pub(crate) fn is_safe_link(address: &str) -> bool {
    safe(address).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_addresses_are_allowed() {
        for address in [
            "https://example.com/a?b=c",
            "HTTP://example.com",
            "mailto:a@example.com",
            " https://example.com",
        ] {
            assert_eq!(safe(address), Some(address.trim()));
            assert_eq!(safe_or_anchor(address), Some(address.trim()));
        }
        for address in [
            "javascript:alert(1)",
            " JaVaScRiPt:x",
            "data:text/html,x",
            "//example.com",
            "a.html",
            "java\nscript:x",
            "\u{1}javascript:x",
            "http:javascript",
            "http://[bad",
            "https://example.com/\u{202E}moc",
            "",
            "#",
            "# a",
            "vbscript:x",
            "file:///etc/passwd",
        ] {
            assert_eq!(safe(address), None, "{address:?}");
            assert_eq!(safe_or_anchor(address), None, "{address:?}");
        }
        assert_eq!((safe("#timeline"), safe_or_anchor("#timeline")), (None, Some("#timeline")));
    }
}
