//! The paths of the pages.

use std::collections::{BTreeMap, BTreeSet};

/// The file name of the page of each service, by the name of the service.
#[derive(Debug, Clone, Default)]
pub(crate) struct Services(BTreeMap<String, String>);

impl Services {
    /// Makes a file name for each service from the letters and digits of its name. A number
    /// distinguishes services that would get the same file name.
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let names: BTreeSet<&str> = names.collect();
        let mut taken = BTreeSet::new();
        let mut files = BTreeMap::new();
        for name in names {
            let letters: String = name
                .to_lowercase()
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                .collect();
            let parts: Vec<&str> = letters.split('-').filter(|part| !part.is_empty()).collect();
            let slug = if parts.is_empty() { "service".to_owned() } else { parts.join("-") };
            let mut file = slug.clone();
            let mut number = 2;
            while !taken.insert(file.clone()) {
                file = format!("{slug}-{number}");
                number += 1;
            }
            files.insert(name.to_owned(), file);
        }
        Services(files)
    }

    /// Each service with the path of its page, in the order of the names.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|(name, file)| (name.as_str(), format!("services/{file}.html")))
    }

    /// The path of the page of a service.
    pub(crate) fn path(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|file| format!("services/{file}.html"))
    }
}

/// The path of the page of an incident.
pub(crate) fn incident_path(id: &str) -> String {
    format!("incidents/{id}.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_a_file_of_its_own() {
        let services = Services::new(["Search API", "search-api", "決済", "検索"].into_iter());
        let paths: Vec<String> = services.all().map(|(_, path)| path).collect();
        assert_eq!(
            paths,
            [
                "services/search-api.html",
                "services/search-api-2.html",
                "services/service.html",
                "services/service-2.html"
            ]
        );
    }
}
