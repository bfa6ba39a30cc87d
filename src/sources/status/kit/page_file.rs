//! Shared code of the readers of incident files: front matter, and a text made of posts.
//!
//! Site generators (Hugo, Nuxt) make a status page of such files, one per incident. The front
//! matter is YAML or TOML. Values are kept as written, because a date is only a time once its zone
//! is known.

use super::feed::offset::Offsets;
use crate::model::time::{Moment, TimeError};
use crate::sources::decode::Decoded;
use crate::sources::front::{self, Front, FrontKind, NoSettings, Settings};
use crate::sources::input::Input;
use crate::sources::source::ReadError;
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;

/// The settings of a file. Their names are case-insensitive, as in site generators.
pub(in crate::sources::status) struct Matter<'a> {
    head: &'a str,
    values: Settings,
}

impl<'a> Matter<'a> {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ReadError`] with its place, if they are not the YAML or TOML that their fence announces.
    pub(in crate::sources::status) fn parse(
        front: &Front<'a>,
        decoded: &Decoded<'_>,
    ) -> Result<Self, ReadError> {
        let start = decoded.span_of(front.head).start;
        let at = |offset: usize| {
            Some(start + offset.min(front.head.len())..start + offset.min(front.head.len()))
        };
        let refused = |message: String, span| ReadError { message, span, hint: None };
        let values = front::settings(front).map_err(|none| match none {
            NoSettings::Mistake(message, offset) => refused(message, at(offset)),
            NoSettings::Text => refused("there are no settings before the text".to_owned(), at(0)),
        })?;
        Ok(Matter { head: front.head, values })
    }

    /// The text of a setting on one line, if it has any.
    pub(in crate::sources::status) fn line(&self, key: &str) -> Option<String> {
        self.values
            .get(&key.to_lowercase())?
            .first()
            .map(|text| clean_line(text))
            .filter(|text| !text.is_empty())
    }

    /// The text of a setting, unchanged.
    pub(in crate::sources::status) fn text(&self, key: &str) -> Option<&str> {
        self.values
            .get(&key.to_lowercase())?
            .first()
            .map(String::as_str)
            .filter(|text| !text.trim().is_empty())
    }

    /// The names in a list, or the single one in place of a list.
    pub(in crate::sources::status) fn names(&self, key: &str) -> Vec<String> {
        let names = self.values.get(&key.to_lowercase()).into_iter().flatten();
        names.map(|name| clean_line(name)).filter(|name| !name.is_empty()).collect()
    }

    /// Whether a setting is on; `None` if it is missing.
    pub(in crate::sources::status) fn flag(&self, key: &str) -> Option<bool> {
        match self.line(key)?.to_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        }
    }

    /// The place of a setting: its line, or the whole front matter.
    pub(in crate::sources::status) fn place(&self, key: &str) -> &'a str {
        let is_it = |line: &&str| {
            let name = line.split([':', '=']).next().unwrap_or_default();
            name.trim().trim_matches(['"', '\'']).eq_ignore_ascii_case(key)
        };
        self.head.lines().find(is_it).unwrap_or(self.head)
    }

    /// Reads a time; `Ok(None)` if there is none.
    ///
    /// # Errors
    /// [`TimeError`], whose consequence the caller knows.
    pub(in crate::sources::status) fn time(
        &self,
        key: &str,
        warnings: &mut Warnings<'_>,
    ) -> Result<Option<Moment>, TimeError> {
        let Some(text) = self.text(key) else { return Ok(None) };
        let line = self.place(key);
        // As a slice of the file, so that doubts have their place.
        let slice = line.find(text).map_or(text, |at| &line[at..at + text.len()]);
        warnings.time(slice).map(Some)
    }

    /// Reads a time; an invalid one becomes a warning, and is unknown.
    pub(in crate::sources::status) fn time_or_warning(
        &self,
        key: &str,
        warnings: &mut Warnings<'_>,
    ) -> Option<Moment> {
        self.time(key, warnings).unwrap_or_else(|error| {
            warnings.about(self.place(key), format!("`{key}`: {error}"));
            None
        })
    }

    /// The offsets in the times of the settings.
    pub(in crate::sources::status) fn offsets(&self) -> Offsets {
        Offsets::of(self.values.values().flatten())
    }

    /// When the file was last changed, if its settings say so.
    pub(in crate::sources::status) fn revised(
        &self,
        warnings: &mut Warnings<'_>,
    ) -> Option<Moment> {
        ["modified", "updated", "lastmod"]
            .iter()
            .find_map(|key| self.time_or_warning(key, warnings))
    }

    /// Reads the required time: the date of the file.
    ///
    /// # Errors
    /// [`ReadError`] with its place; if only the zone is missing, the hint says so.
    pub(in crate::sources::status) fn date(
        &self,
        decoded: &Decoded<'_>,
        warnings: &mut Warnings<'_>,
    ) -> Result<Moment, ReadError> {
        let refused = |message: String, hint: &str| ReadError {
            message,
            span: Some(decoded.span_of(self.place("date"))),
            hint: Some(hint.to_owned()),
        };
        match self.time("date", warnings) {
            Ok(Some(date)) => Ok(date),
            Ok(None) => Err(refused(
                "it has no `date`".to_owned(),
                "write when it began: date: 2026-03-17T14:05:00Z",
            )),
            Err(error @ TimeError::NoZone(_)) => {
                Err(refused(format!("`date`: {error}"), ZONE_HINT))
            }
            Err(error) => {
                Err(refused(format!("`date`: {error}"), "write it as 2026-03-17T14:05:00Z"))
            }
        }
    }
}

/// The hint for times without a zone.
pub(in crate::sources::status) const ZONE_HINT: &str =
    "or say in which zone its times are: --zone Europe/Berlin";

/// The names of the settings in a file that starts with `head`, in lower case, without parsing
/// values: a sniffer sees only the first few KiB.
pub(in crate::sources::status) fn keys(front: &Front<'_>) -> Vec<String> {
    let mark = if front.kind == FrontKind::Yaml { ':' } else { '=' };
    let names = front.head.lines().filter_map(|line| Some(line.split_once(mark)?.0));
    let is_name = |name: &&str| !name.starts_with([' ', '\t', '#', '-']);
    names.filter(is_name).map(|name| name.trim().trim_matches(['"', '\'']).to_lowercase()).collect()
}

/// The name of a file without folders and extension, or that of its folder if the file is called
/// `index`. `None` if it has no name.
pub(in crate::sources::status) fn stem(input: &Input) -> Option<String> {
    let path = input.name.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split(['/', '\\']).rev().filter(|part| !part.is_empty());
    let file = parts.next().filter(|file| *file != "<stdin>" && *file != "-")?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = if stem == "index" { parts.next()? } else { stem };
    Some(clean_line(stem)).filter(|stem| !stem.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::decode::decode;
    use crate::sources::front::split;

    fn matter(text: &str) -> Result<Matter<'_>, ReadError> {
        let decoded = decode(text.as_bytes()).unwrap();
        Matter::parse(&split(text).unwrap(), &decoded)
    }

    #[test]
    fn front_matter_values_keep_their_spelling() {
        let yaml = matter("---\nTitle: \"a: b\"\ndate: 2024-12-24 10:35:00\nresolved: yes\nid: 7\naffected:\n  - API\n  - 2\nsection: null\n---\n").unwrap();
        assert_eq!(
            (yaml.line("title").as_deref(), yaml.text("date")),
            (Some("a: b"), Some("2024-12-24 10:35:00"))
        );
        assert_eq!(
            (yaml.flag("resolved"), yaml.flag("pin"), yaml.line("section")),
            (Some(true), None, None)
        );
        assert_eq!(
            (yaml.names("affected"), yaml.names("id")),
            (vec!["API".into(), "2".into()], vec!["7".into()])
        );
        assert_eq!(yaml.place("Affected"), "affected:");
        let toml =
            matter("+++\ndate = 2021-02-10T20:10:01.000Z\nlist = [\n  \"a\"\n]\non = true\n+++\n")
                .unwrap();
        assert!(
            toml.text("date").unwrap().starts_with("2021-02-10T20:10:01"),
            "{:?}",
            toml.text("date")
        );
        assert_eq!((toml.names("list"), toml.flag("on")), (vec!["a".into()], Some(true)));
    }

    #[test]
    fn front_matter_error_has_its_place() {
        let error = matter("---\ntitle: x\ndate: [1\n---\n").err().unwrap();
        assert!(error.message.contains("are not YAML"), "{error:?}");
        assert!(error.span.unwrap().start > 4);
        let error = matter("+++\ntitle = x\n+++\n").err().unwrap();
        assert!(error.message.contains("are not TOML") && error.span == Some(12..12), "{error:?}");
    }

    #[test]
    fn file_id_is_the_file_stem() {
        let stem = |name: &str| stem(&Input::new(name, ""));
        assert_eq!(stem("content/issues/2020-05-28-dns.md").as_deref(), Some("2020-05-28-dns"));
        assert_eq!(stem("https://example.com/x/dns/index.md?raw=1").as_deref(), Some("dns"));
        assert_eq!((stem("<stdin>"), stem("index.md")), (None, None));
    }
}
