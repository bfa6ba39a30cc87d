//! All formats: by id, by family, and by the page of an address.

use url::Url;

use super::severity::SeverityWords;
use super::source::Source;
use super::{alerts, changes, chat, logs, metrics, status, writeups};

/// The formats of each kind, in the order of `posthoc formats`.
const KINDS: &[&[&dyn Source]] = &[
    status::FORMATS,
    alerts::FORMATS,
    logs::FORMATS,
    changes::FORMATS,
    chat::FORMATS,
    metrics::FORMATS,
    &[&writeups::Document],
];

/// Every format that posthoc reads, in the order of `posthoc formats`. Detection, `--format`, shell
/// completion and the contract tests follow from this list.
pub static REGISTRY: &[&dyn Source] = &joined::<{ count(KINDS) }>(KINDS);

const fn count(kinds: &[&[&dyn Source]]) -> usize {
    let (mut count, mut kind) = (0, 0);
    while kind < kinds.len() {
        count += kinds[kind].len();
        kind += 1;
    }
    count
}

const fn joined<const N: usize>(kinds: &[&[&'static dyn Source]]) -> [&'static dyn Source; N] {
    let mut all = [kinds[0][0]; N];
    let (mut next, mut kind) = (0, 0);
    while kind < kinds.len() {
        let mut at = 0;
        while at < kinds[kind].len() {
            all[next] = kinds[kind][at];
            (next, at) = (next + 1, at + 1);
        }
        kind += 1;
    }
    all
}

/// The format with that id.
pub fn by_id(id: &str) -> Option<&'static dyn Source> {
    REGISTRY.iter().copied().find(|source| source.id() == id)
}

/// The family of the format with that id; an unknown format is its own family.
pub fn family(id: &str) -> &str {
    by_id(id).map_or(id, |source| source.family())
}

/// The severity words of the format with that id; none for an unknown format.
pub fn severities(id: &str) -> SeverityWords {
    by_id(id).map(Source::severities).unwrap_or_default()
}

/// The page that `address`, an address of it or of one of its incidents, belongs to, normalised so
/// that all addresses of one page give the same text. `None` if the ids of the format are global,
/// so that nothing depends on the page, and for text that is not an address. Ids of an unknown
/// format are not global.
///
/// A page is identified by its host, with its port if that is not the default; a page in a GitHub
/// repository by the repository.
pub fn page(format: &str, address: &str) -> Option<String> {
    if by_id(format).is_some_and(Source::has_global_ids) {
        return None;
    }
    let address = Url::parse(address).ok()?;
    let host = address.host_str()?;
    let mut parts = address.path_segments()?.filter(|part| !part.is_empty());
    let repository = match host {
        "github.com" | "raw.githubusercontent.com" => parts.next().zip(parts.next()),
        "api.github.com" if parts.next() == Some("repos") => parts.next().zip(parts.next()),
        _ => None,
    };
    Some(match (repository, address.port()) {
        (Some((owner, name)), _) => format!("github.com/{owner}/{name}").to_lowercase(),
        (None, Some(port)) => format!("{host}:{port}"),
        (None, None) => host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn page_identity_is_host_or_repository_or_none() {
        let page = |address: &str| super::page("upptime", address);
        assert_eq!(
            page("https://Status.example.com/incidents/7").as_deref(),
            Some("status.example.com")
        );
        assert_eq!(page("http://localhost:3001/api").as_deref(), Some("localhost:3001"));
        assert_eq!(page("https://status.example.com:443/").as_deref(), Some("status.example.com"));
        for address in [
            "https://github.com/Example/status/issues/7",
            "https://api.github.com/repos/example/status/issues?state=all",
            "https://raw.githubusercontent.com/example/Status/master/history/api.yml",
        ] {
            assert_eq!(page(address).as_deref(), Some("github.com/example/status"), "{address}");
        }
        assert_eq!(
            (page("page.json"), super::page("heroku", "https://status.heroku.com/incidents/7")),
            (None, None)
        );
    }

    #[test]
    fn formats_of_a_family_share_their_kind_of_ids() {
        for source in REGISTRY {
            let head = by_id(source.family()).expect("a family is called by one of its formats");
            assert_eq!(source.has_global_ids(), head.has_global_ids(), "{}", source.id());
        }
    }

    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::sources::input::Input;
    use crate::sources::source::{ReadOptions, Verdict};

    #[test]
    fn format_ids_are_unique_and_described() {
        let mut ids = BTreeSet::new();
        for source in REGISTRY {
            let id = source.id();
            let is_kebab = |part: &str| {
                !part.is_empty()
                    && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            };
            assert!(id.split('-').all(is_kebab), "{id} is not kebab-case");
            assert!(ids.insert(id), "{id} is there twice");
            assert!(!source.about().trim().is_empty(), "{id} does not say what it is");
            assert!(std::ptr::eq(by_id(id).unwrap(), *source), "{id} is not found by its id");
            for endpoint in source.endpoints() {
                assert!(endpoint.starts_with('/'), "{id}: {endpoint}");
                assert!(
                    source.companions(endpoint).iter().all(|path| path.starts_with('/')),
                    "{id}: {endpoint}"
                );
            }
        }
    }

    #[test]
    fn every_family_is_named_after_one_of_its_formats() {
        let mut families: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for source in REGISTRY {
            assert_eq!(
                by_id(source.family()).map(|named| named.family()),
                Some(source.family()),
                "{}",
                source.id()
            );
            families.entry(family(source.id())).or_default().push(source.id());
        }
        families.retain(|_, members| members.len() > 1);
        let families: Vec<Vec<&str>> = families.into_values().collect();
        assert_eq!(
            families,
            [
                vec!["incident-io-feed", "incident-io", "incident-io-widget"],
                vec!["instatus-feed", "instatus-summary"],
                vec!["statuspage-v2", "statuspage-feed", "statuspage-html"],
            ]
        );
        assert_eq!(family("note"), "note");
    }

    #[test]
    fn readers_neither_claim_nor_panic_on_empty_input() {
        for source in REGISTRY {
            for bytes in
                [&b""[..], b" \n", b"{", b"[", b"[]", b"{}", b"null", b"\xFF", b"<html></html>"]
            {
                let input = Input::new("x", bytes);
                assert_ne!(source.sniff(&input), Verdict::Yes, "{} of {bytes:?}", source.id());
                let _ = source.read(&input, &ReadOptions::default());
            }
        }
    }
}
