//! Addresses: parsing, display, and links to the next page.

use url::Url;

use super::error::{Cause, FetchError};
use super::gate::host;
use crate::text::clean::clean_line;

/// Replaces the value of a secret parameter.
const HIDDEN: &str = "***";

/// Parses an address. A bare host gets https.
pub(super) fn parse(text: &str) -> Result<Url, Cause> {
    let text = text.trim();
    let is_bare = !text.contains("://");
    let mut url = Url::parse(&if is_bare { format!("https://{text}") } else { text.to_owned() })
        .map_err(|error| Cause::Address(error.to_string()))?;
    // The fragment is for browsers and is never sent.
    url.set_fragment(None);
    match url.scheme() {
        "http" | "https" if url.host().is_some() => Ok(url),
        "http" | "https" => Err(Cause::Address("it has no host".to_owned())),
        other => Err(Cause::Scheme(other.to_owned())),
    }
}

/// An address for messages and files: without its user name and password, and with `***` for the
/// value of every parameter whose name suggests that it is secret.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for an address without a host, which has no user either.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    if url.query_pairs().any(|(name, _)| is_secret(&name)) {
        replace_values(&mut url, |name, value| {
            if is_secret(name) { HIDDEN.to_owned() } else { value.to_owned() }
        });
    }
    url.to_string()
}

/// Parses an address as typed.
pub(super) fn typed(text: &str) -> Result<Url, FetchError> {
    parse(text).map_err(|cause| FetchError { url: clean_line(text), attempts: 0, cause })
}

/// An address as typed, without its secrets, for messages.
pub fn shown_address(text: &str) -> String {
    parse(text).map_or_else(|_| clean_line(text), |url| shown(&url))
}

/// The host of `text`, an address as typed. Callers with many addresses should fetch those of one
/// host one after another.
pub fn host_of(text: &str) -> String {
    parse(text).map_or_else(|_| text.to_owned(), |url| host(&url))
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let whole = ["key", "sig", "auth", "pwd"];
    let parts = ["token", "secret", "password", "passwd", "api_key", "apikey", "signature"];
    whole.contains(&name.as_str()) || parts.iter().any(|part| name.contains(part))
}

fn replace_values(url: &mut Url, value: impl Fn(&str, &str) -> String) {
    let pairs: Vec<(String, String)> =
        url.query_pairs().map(|(name, old)| (name.to_string(), value(&name, &old))).collect();
    url.query_pairs_mut().clear().extend_pairs(pairs);
}

/// The address that `reference`, found in an answer of `base`, refers to. It must be on the same
/// host, and it gets the secrets of `base`.
pub(super) fn following(base: &Url, reference: &str) -> Result<Url, Cause> {
    let mut next = base.join(reference).map_err(|error| Cause::Address(error.to_string()))?;
    let is_upgrade = base.scheme() == "http" && next.scheme() == "https";
    let is_same_host = next.host() == base.host() && (next.port() == base.port() || is_upgrade);
    if !is_same_host || !(next.scheme() == base.scheme() || is_upgrade) {
        return Err(Cause::ForeignPage(shown(&next)));
    }
    let _ = next.set_username(base.username());
    let _ = next.set_password(base.password());
    next.set_fragment(None);
    if next.query_pairs().any(|(_, value)| value == HIDDEN) {
        let known: Vec<(String, String)> = base.query_pairs().into_owned().collect();
        replace_values(&mut next, |name, value| {
            let secret = known.iter().find(|(known, _)| known == name && value == HIDDEN);
            secret.map_or_else(|| value.to_owned(), |(_, secret)| secret.clone())
        });
    }
    Ok(next)
}

/// The next page in a `Link` header (RFC 8288): `<…?page=2>; rel="next", <…>; rel="last"`.
pub(super) fn next_of_link(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        let (target, after) = rest[start + 1..].split_once('>')?;
        let parameters = after.find('<').map_or(after, |end| &after[..end]);
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let Some((name, value)) = parameter.split_once('=') else { return false };
            let value = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel")
                && value.split(' ').any(|word| word.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target.trim().to_owned());
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        parse(text).unwrap()
    }

    #[test]
    fn addresses_are_parsed_and_secrets_hidden() {
        assert_eq!(url("status.example.com").as_str(), "https://status.example.com/");
        assert_eq!(parse("ftp://example.com"), Err(Cause::Scheme("ftp".to_owned())));
        assert!(matches!(parse("https://"), Err(Cause::Address(_))));
        for (typed, seen) in [
            ("https://ann:secret@example.com/x?y=1#z", "https://example.com/x?y=1"),
            (
                "https://example.com/x?y=a%20b&Api-Key=s3&page=2",
                "https://example.com/x?y=a+b&Api-Key=***&page=2",
            ),
            (
                "https://example.com/x?access_token=s3&key=k",
                "https://example.com/x?access_token=***&key=***",
            ),
            ("https://example.com/x?y=a%20b&keyword=k", "https://example.com/x?y=a%20b&keyword=k"),
        ] {
            assert_eq!(shown(&url(typed)), seen);
        }
    }

    #[test]
    fn next_page_must_be_on_the_same_host_and_inherits_secrets() {
        let base = url("https://ann:pw@example.com/v1/incidents?token=s3&page=1");
        let next = |reference: &str| following(&base, reference).map(String::from);
        assert_eq!(
            next("?token=***&page=2").unwrap(),
            "https://ann:pw@example.com/v1/incidents?token=s3&page=2"
        );
        assert_eq!(next("https://example.com/v1/x").unwrap(), "https://ann:pw@example.com/v1/x");
        for foreign in [
            "https://example.org/v1",
            "//example.org/",
            "http://example.com/",
            "https://example.com:8443/",
        ] {
            assert!(matches!(next(foreign), Err(Cause::ForeignPage(_))), "{foreign}");
        }
        assert!(
            following(&url("http://example.com/a"), "https://example.com/b").is_ok(),
            "an upgrade is no stranger"
        );
    }

    #[test]
    fn link_header_gives_the_next_page() {
        let header = "<https://x/i?page=1>; rel=\"first\", <https://x/i?page=3,4>; title=\"a\"; rel=\"next\"";
        assert_eq!(next_of_link(header).as_deref(), Some("https://x/i?page=3,4"));
        assert_eq!(next_of_link("</i?page=2>; rel=next").as_deref(), Some("/i?page=2"));
        assert_eq!(next_of_link("<a>; rel=\"prev\"; title=\"next\", <b>; rel=last"), None);
        assert_eq!(next_of_link("<broken; rel=next"), None);
    }
}
