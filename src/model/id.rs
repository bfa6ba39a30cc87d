//! The id of an incident: kebab-case, equal to the name of its file, and stable when the title
//! changes.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Ids that are made from titles are cut at a word to this length.
const LONGEST_MADE: usize = 60;
/// File systems limit names to 255 bytes; `.yaml` and the suffix of a temporary file need some.
const LONGEST: usize = 200;

/// A valid incident id: `a-z`, `0-9` and single inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct IncidentId(String);

impl IncidentId {
    /// Makes an id from a date and a title: `2026-03-17-ingestion-delayed`. Letters of other
    /// scripts cannot be in an id; a title with no other letters gives `DATE-incident`.
    pub fn from_title(date: Option<NaiveDate>, title: &str) -> Self {
        let mut words = Vec::new();
        let mut length = 0;
        // "don't" is one word, not two.
        let folded: String = title.chars().filter(|c| !matches!(c, '\'' | '’')).map(fold).collect();
        for word in
            folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
        {
            length += word.len() + 1;
            if length > LONGEST_MADE && !words.is_empty() {
                break;
            }
            words.push(word.chars().take(LONGEST_MADE).collect::<String>());
        }
        let slug = if words.is_empty() {
            "incident".to_owned()
        } else {
            words.join("-").to_ascii_lowercase()
        };
        IncidentId(date.map_or(slug.clone(), |date| format!("{date}-{slug}")))
    }

    /// The same id with a number appended, for when the id is taken.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        IncidentId(format!("{}-{number}", self.0))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Maps letters with a diacritic to plain ones, so that "Größe" becomes `grosse` and not `gr-e`.
fn fold(letter: char) -> char {
    match letter {
        'à'..='å' | 'À'..='Å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'Ç' | 'ć' | 'č' | 'Č' => 'c',
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' => 'i',
        'ñ' | 'Ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' => 'o',
        'ß' | 'ś' | 'š' | 'Š' => 's',
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'ů' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' | 'Ž' => 'z',
        other => other,
    }
}

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for IncidentId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let valid = !text.is_empty()
            && text.len() <= LONGEST
            && text.split('-').all(|word| {
                !word.is_empty()
                    && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            });
        if valid {
            return Ok(IncidentId(text.to_owned()));
        }
        let suggestion = IncidentId::from_title(None, text);
        Err(format!(
            "`{text}` is not an id: write lower-case letters, digits and single hyphens, such as `{suggestion}`"
        ))
    }
}

impl<'de> Deserialize<'de> for IncidentId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for IncidentId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IncidentId".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "The id of an incident, which is the name of its file without `.yaml`.", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": LONGEST, "patternErrorMessage": "an id has lower-case letters, digits and single hyphens, and is the name of the file" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(title: &str) -> String {
        let id = IncidentId::from_title(NaiveDate::from_ymd_opt(2026, 3, 17), title);
        assert_eq!(id.as_str().parse::<IncidentId>().as_ref(), Ok(&id), "a made id is a valid one");
        id.to_string()
    }

    #[test]
    fn id_is_derived_from_date_and_title() {
        assert_eq!(
            made("Ingestion delayed: API & dashboards"),
            "2026-03-17-ingestion-delayed-api-dashboards"
        );
        assert_eq!(made("Größere Störung"), "2026-03-17-grosere-storung");
        assert_eq!(made("障害"), "2026-03-17-incident");
        assert_eq!(made("We can't log in"), "2026-03-17-we-cant-log-in");
        assert!(made(&"word ".repeat(100)).len() < 80);
        assert!(made(&"x".repeat(500)).len() < 80);
    }

    #[test]
    fn invalid_id_is_refused_with_a_suggestion() {
        for text in ["", "A", "a--b", "-a", "a b", "../etc/passwd", "ä"] {
            assert!(text.parse::<IncidentId>().is_err(), "{text}");
        }
        let error = "My Incident".parse::<IncidentId>().unwrap_err();
        assert!(error.contains("`my-incident`"), "{error}");
    }
}
