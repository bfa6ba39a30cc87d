//! Finds the fields of a record with a mapping.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use super::description::Mapping;
use super::guess::guess;
use super::leaves::with_point;
use crate::model::time::Moment;
use crate::sources::intake::Intake;
use crate::sources::node::Node;
use crate::sources::objects::column_name;
use crate::sources::reader::Text;
use crate::sources::source::ReadError;

/// A mapping, either configured or guessed.
pub(in crate::sources) struct Fields<'m> {
    mapping: Cow<'m, Mapping>,
    /// The name of a configured mapping.
    name: Option<&'m str>,
    /// The keys for which a record had a value.
    found: RefCell<BTreeSet<&'static str>>,
}

impl<'m> Fields<'m> {
    /// The fields of a text, by the configured mapping if one was named, else by a guess.
    ///
    /// # Errors
    /// [`ReadError`] if nothing can be guessed.
    pub(in crate::sources) fn of(text: Text<'m>) -> Result<Self, ReadError> {
        let (mapping, name) = match text.mapping {
            Some(named) => (Cow::Borrowed(&named.mapping), Some(named.name.as_str())),
            None => {
                let guessed = guess(text.input).ok_or_else(|| {
                    let mut error = ReadError::new("found no records with a time");
                    error.hint =
                        Some("say in posthoc.toml where the fields are: [formats.NAME]".to_owned());
                    error
                })?;
                (Cow::Owned(guessed), None)
            }
        };
        Ok(Fields { mapping, name, found: RefCell::default() })
    }

    /// The paths, by key.
    pub(in crate::sources) fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Whether it was configured.
    pub(in crate::sources) fn is_stated(&self) -> bool {
        self.name.is_some()
    }

    /// The paths of the lists that may contain records.
    pub(in crate::sources) fn lists(&self) -> Vec<&str> {
        self.mapping.records.as_deref().into_iter().collect()
    }

    /// The first path of `key` that has a value in `record`, with its text.
    fn first<'n>(&self, record: Node<'n>, key: &'static str) -> Option<(&str, Cow<'n, str>)> {
        let paths = self.mapping.keys().into_iter().find(|(name, _)| *name == key)?.1?;
        let found =
            paths.split('|').map(str::trim).find_map(|path| Some((path, at(record, path)?)));
        if found.is_some() {
            self.found.borrow_mut().insert(key);
        }
        found
    }

    /// The text of a field: `title`, as in posthoc.toml.
    pub(in crate::sources) fn text<'n>(
        &self,
        record: Node<'n>,
        key: &'static str,
    ) -> Option<Cow<'n, str>> {
        self.first(record, key).map(|(_, text)| text)
    }

    /// The time of a field. An unreadable one is reported with its key in posthoc.toml, or its
    /// path, and with the name of the record if there is one.
    pub(in crate::sources) fn time(
        &self,
        record: Node<'_>,
        key: &'static str,
        name: Option<&str>,
        intake: &mut Intake<'_>,
    ) -> Option<Moment> {
        let (path, text) = self.first(record, key)?;
        let mut what = match self.name {
            Some(format) => format!("formats.{format}.{key}: {path}"),
            None => path.to_owned(),
        };
        what.extend(name.map(|name| format!("` of `{name}")));
        intake.written(&with_point(&text), &what, None)
    }

    /// Checks that each key of a configured mapping had a value in some record.
    ///
    /// # Errors
    /// [`ReadError`] with the key that had none.
    pub(in crate::sources) fn check(&self, records: usize) -> Result<(), ReadError> {
        let Some(name) = self.name.filter(|_| records > 0) else { return Ok(()) };
        let found = self.found.borrow();
        let missing = self.mapping.keys().into_iter().find_map(|(key, path)| {
            Some((
                key,
                path.filter(|_| !found.contains(key) && !["updates", "url"].contains(&key))?,
            ))
        });
        let Some((key, path)) = missing else { return Ok(()) };
        let mut error = ReadError::new(format!(
            "formats.{name}.{key} of posthoc.toml is `{path}`, and no record has a value there"
        ));
        error.hint = Some("`posthoc formats try FILE` shows the paths of a file".to_owned());
        Err(error)
    }
}

/// The text at a path of a record, or in the column with that name.
pub(in crate::sources) fn at<'n>(record: Node<'n>, path: &str) -> Option<Cow<'n, str>> {
    let own = |path: &str| record.at(path).own_text();
    own(path).or_else(|| own(&column_name(path)))
}
