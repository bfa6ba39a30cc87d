//! Addresses of the page itself, which identify no incident.
//!
//! Many feeds link each entry to the page, or use its address as the entry's id. Two entries with
//! such an address share only their page.

use crate::sources::input::last_part;
use crate::sources::record::content_id;
use crate::text::clean::clean_line;

/// The addresses of one page.
#[derive(Debug, Default)]
pub(in crate::sources::status) struct Homes(Vec<String>);

impl Homes {
    /// The addresses of a page.
    pub(in crate::sources::status) fn of<S: AsRef<str>>(
        addresses: impl IntoIterator<Item = S>,
    ) -> Self {
        let pages = addresses.into_iter().map(|address| page_of(address.as_ref()));
        Homes(pages.filter(|page| !page.is_empty()).collect())
    }

    /// Whether `address` is that of the page or of a whole host.
    pub(in crate::sources::status) fn is_home(&self, address: &str) -> bool {
        let page = page_of(address);
        is_root(&page) || self.0.contains(&page)
    }

    /// `address`, if it is that of an incident; empty if it is the page's.
    pub(in crate::sources::status) fn own<'t>(&self, address: &'t str) -> &'t str {
        if self.is_home(address) { "" } else { address }
    }

    /// The id of an incident: the last part of the first of its `names` that is not the page's.
    /// Without one, it is made from its title and its start; `None` if it has neither.
    pub(in crate::sources::status) fn id(
        &self,
        names: [&str; 2],
        title: &str,
        start: &str,
    ) -> Option<String> {
        let named = names.into_iter().map(|name| clean_line(last_part(self.own(name))));
        named.into_iter().find(|id| !id.is_empty()).or_else(|| id_of_content(title, start))
    }
}

/// The id of an incident without any other: a hash of its title and its start.
pub(in crate::sources::status) fn id_of_content(title: &str, start: &str) -> Option<String> {
    let (title, start) = (clean_line(title), clean_line(start));
    (!title.is_empty() || !start.is_empty()).then(|| content_id(&[&title, &start]))
}

/// An address without its fragment and trailing slash, in lower case.
pub(in crate::sources::status) fn page_of(address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default().trim().trim_end_matches('/');
    address.to_lowercase()
}

/// Whether an address is that of a whole host.
pub(in crate::sources::status) fn is_root(address: &str) -> bool {
    page_of(address).split_once("://").is_some_and(|(_, rest)| !rest.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_address_is_not_an_id() {
        let homes = Homes::of(["https://status.example.com/eu/", ""]);
        let id = |names| homes.id(names, "Slow", "10:00");
        assert_eq!(id(["https://status.example.com/eu/7", "g"]).as_deref(), Some("7"));
        let none = id(["", ""]);
        assert_eq!(none.as_ref().map(String::len), Some(12));
        for home in [
            "https://status.example.com/eu",
            "HTTPS://Status.example.com/eu/#x",
            "http://a.example",
        ] {
            assert_eq!(id([home, "tag:x,2005:g"]).as_deref(), Some("tag:x,2005:g"), "{home}");
            assert_eq!(id([home, home]), none, "{home}");
        }
        assert_ne!(homes.id(["", ""], "Slow", "11:00"), none);
        assert_eq!(homes.id(["", "https://a.example/"], " ", ""), None);
    }
}
