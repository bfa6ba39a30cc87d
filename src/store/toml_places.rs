//! Maps a path in the settings to its place in their text.

use toml::de::{DeTable, DeValue};

use super::mistakes::Places;
use crate::diag::Place;
use crate::model::path::{Path, Step};

/// A TOML text in which places can be looked up.
pub(super) struct TomlPlaces<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) table: &'a DeTable<'a>,
}

impl TomlPlaces<'_> {
    /// The places of the key and of the value at `path`, or of the nearest ones around it.
    fn entry(&self, path: &Path) -> Option<(Place, Place)> {
        let place = |span| Place::new(self.file, self.text, span);
        let mut table = Some(self.table);
        let mut list = None;
        let mut found = None;
        for step in &path.0 {
            let value = match step {
                Step::Key(key) => {
                    let Some((key, value)) =
                        table.and_then(|table| table.get_key_value(key.as_str()))
                    else {
                        break;
                    };
                    found = Some((place(key.span()), place(value.span())));
                    value
                }
                Step::Index(index) => {
                    let Some(value) =
                        list.and_then(|list: &toml::de::DeArray<'_>| list.get(*index))
                    else {
                        break;
                    };
                    found = Some((place(value.span()), place(value.span())));
                    value
                }
            };
            (table, list) = match value.get_ref() {
                DeValue::Table(table) => (Some(table), None),
                DeValue::Array(list) => (None, Some(list)),
                _ => (None, None),
            };
        }
        found
    }
}

impl Places for TomlPlaces<'_> {
    fn value(&self, path: &Path) -> Place {
        self.entry(path).map_or_else(|| self.start(), |(_, value)| value)
    }

    fn key(&self, path: &Path) -> Place {
        self.entry(path).map_or_else(|| self.start(), |(key, _)| key)
    }

    fn start(&self) -> Place {
        Place::whole_file(self.file)
    }
}
