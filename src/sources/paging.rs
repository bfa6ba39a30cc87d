//! Finds the next page of a history.

use serde::Deserialize;
use url::Url;

/// The address `url` with the page number in `parameter` incremented; without one, `?page=2`.
pub(super) fn next_number(url: &str, parameter: &str) -> Option<String> {
    raised(url, parameter, 1, 1)
}

/// The same for a list of `count` records, which is full if it has as many as the parameter `size`
/// requests, by default `usual` and at most `most`. A list that is not full is the last.
pub(super) fn next_of_full(
    url: &str,
    parameter: &str,
    count: usize,
    size: &str,
    usual: u32,
    most: u32,
) -> Option<String> {
    let size = number(&Url::parse(url).ok()?, size).unwrap_or(usual).min(most);
    if count < usize::try_from(size).ok()? { None } else { next_number(url, parameter) }
}

/// The address `url` with the offset in `parameter` increased by `count`; without one,
/// `?offset=25`.
pub(super) fn next_offset(url: &str, parameter: &str, count: u32) -> Option<String> {
    raised(url, parameter, 0, count).filter(|_| count > 0)
}

/// The value of a parameter, if it is a number.
fn number(url: &Url, parameter: &str) -> Option<u32> {
    url.query_pairs().find(|(name, _)| name == parameter)?.1.parse().ok()
}

/// The address with the number in `parameter` increased, starting at `first` if there is none.
fn raised(url: &str, parameter: &str, first: u32, by: u32) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let is_there = pairs.iter().any(|(name, _)| name == parameter);
    let here = if is_there { number(&url, parameter)? } else { first };
    let next = here.checked_add(by)?.to_string();
    let others = pairs.iter().filter(|(name, _)| name != parameter);
    let others: Vec<(&str, &str)> =
        others.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(parameter, &next);
    Some(url.into())
}

/// The next page in a JSON text: `links.next` of JSON:API, a text or an object with `href`, or the
/// `meta.pagination.links.next_page` of older programs.
pub(super) fn linked(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Document {
        links: Option<Links>,
        meta: Option<Meta>,
    }
    #[derive(Deserialize)]
    struct Meta {
        pagination: Option<Pagination>,
    }
    #[derive(Deserialize)]
    struct Pagination {
        links: Option<Links>,
    }
    #[derive(Deserialize)]
    struct Links {
        #[serde(alias = "next_page")]
        next: Option<Link>,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Link {
        Text(String),
        Object { href: String },
    }
    let document: Document = serde_json::from_str(json).ok()?;
    let in_meta = document.meta.and_then(|meta| meta.pagination?.links?.next);
    match document.links.and_then(|links| links.next).or(in_meta)? {
        Link::Text(text) | Link::Object { href: text } => {
            Some(text).filter(|text| !text.is_empty())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_page_number_keeps_the_rest_of_the_address() {
        let next = |url: &str| next_number(url, "page");
        assert_eq!(next("https://x.example/i").as_deref(), Some("https://x.example/i?page=2"));
        assert_eq!(
            next("https://x.example/i?page=2&a=b").as_deref(),
            Some("https://x.example/i?a=b&page=3")
        );
        assert_eq!(
            next("https://x.example/i?token=***").as_deref(),
            Some("https://x.example/i?token=***&page=2")
        );
        assert_eq!(
            (next("https://x.example/i?page=last"), next("https://x.example/i?page=4294967295")),
            (None, None)
        );
    }

    #[test]
    fn short_list_is_the_last_page_and_offset_grows_by_its_size() {
        let next = |url: &str, count| next_of_full(url, "page", count, "per_page", 25, 100);
        assert_eq!(next("https://x.example/i", 25).as_deref(), Some("https://x.example/i?page=2"));
        assert_eq!(
            next("https://x.example/i?per_page=2", 2).as_deref(),
            Some("https://x.example/i?per_page=2&page=2")
        );
        assert_eq!(
            next("https://x.example/i?per_page=500&page=4", 100).unwrap(),
            "https://x.example/i?per_page=500&page=5"
        );
        assert_eq!(
            (next("https://x.example/i", 24), next("https://x.example/i?per_page=30", 25)),
            (None, None)
        );
        let next = |url: &str, count| next_offset(url, "offset", count);
        assert_eq!(
            next("https://x.example/i?limit=9", 9).as_deref(),
            Some("https://x.example/i?limit=9&offset=9")
        );
        assert_eq!(
            next("https://x.example/i?offset=9", 9).as_deref(),
            Some("https://x.example/i?offset=18")
        );
        assert_eq!(
            (next("https://x.example/i", 0), next("https://x.example/i?offset=x", 9)),
            (None, None)
        );
    }

    #[test]
    fn next_links_in_json_are_found() {
        let linked = |json: &str| linked(json);
        assert_eq!(
            linked(r#"{"data": [{"links": {"next": "no"}}], "links": {"next": "/i?page=2"}}"#)
                .as_deref(),
            Some("/i?page=2")
        );
        assert_eq!(
            linked(r#"{"links": {"next": {"href": "/i?page=2"}}}"#).as_deref(),
            Some("/i?page=2")
        );
        let old = r#"{"meta": {"pagination": {"total": 40, "links": {"next_page": "https://x.example/i?page=2", "previous_page": null}}}, "data": []}"#;
        assert_eq!(linked(old).as_deref(), Some("https://x.example/i?page=2"));
        for none in ["[]", "{", "{}", r#"{"links": {"next": null}}"#, r#"{"links": {"next": ""}}"#]
        {
            assert_eq!(linked(none), None, "{none}");
        }
    }
}
