//! The ways in which histories name their next page.

use serde::Deserialize;
use url::Url;

/// The address `url` with the number of the page in `parameter` raised by one: `?page=2` after none.
pub fn next_number(url: &str, parameter: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let here = pairs.iter().find(|(name, _)| name == parameter).map_or(Some(1), |(_, number)| number.parse().ok())?;
    let next = u32::checked_add(here, 1)?.to_string();
    let others = pairs.iter().filter(|(name, _)| name != parameter);
    let others: Vec<(&str, &str)> = others.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(parameter, &next);
    Some(url.into())
}

/// The next page that a JSON text names: `links.next` of JSON:API, a text or an object with
/// `href`, or the `meta.pagination.links.next_page` that older programs write.
pub fn linked(json: &str) -> Option<String> {
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
        Link::Text(text) | Link::Object { href: text } => Some(text).filter(|text| !text.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_number_is_raised_and_the_rest_of_the_address_kept() {
        let next = |url: &str| next_number(url, "page");
        assert_eq!(next("https://x.example/i").as_deref(), Some("https://x.example/i?page=2"));
        assert_eq!(next("https://x.example/i?page=2&a=b").as_deref(), Some("https://x.example/i?a=b&page=3"));
        assert_eq!(next("https://x.example/i?token=***").as_deref(), Some("https://x.example/i?token=***&page=2"));
        assert_eq!((next("https://x.example/i?page=last"), next("https://x.example/i?page=4294967295")), (None, None));
    }

    #[test]
    fn links_are_found_where_json_has_them() {
        let linked = |json: &str| linked(json);
        assert_eq!(
            linked(r#"{"data": [{"links": {"next": "no"}}], "links": {"next": "/i?page=2"}}"#).as_deref(),
            Some("/i?page=2")
        );
        assert_eq!(linked(r#"{"links": {"next": {"href": "/i?page=2"}}}"#).as_deref(), Some("/i?page=2"));
        let old = r#"{"meta": {"pagination": {"total": 40, "links": {"next_page": "https://x.example/i?page=2", "previous_page": null}}}, "data": []}"#;
        assert_eq!(linked(old).as_deref(), Some("https://x.example/i?page=2"));
        for none in ["[]", "{", "{}", r#"{"links": {"next": null}}"#, r#"{"links": {"next": ""}}"#] {
            assert_eq!(linked(none), None, "{none}");
        }
    }
}
