//! Sources, and references to their records.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::dates;

/// A reference to a source, `S1`, or to one record of it, `S1#b2f1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryRef {
    /// The key of the source in the file's `sources`.
    pub source: String,
    /// The record's own id in that source, or a hash of its content.
    pub record: Option<String>,
}

impl EntryRef {
    /// A reference to `record` of `source`.
    pub fn new(source: impl Into<String>, record: impl Into<String>) -> Self {
        EntryRef { source: source.into(), record: Some(record.into()) }
    }

    /// The same reference without the hash of the content, which an import appends after an `@`.
    #[must_use]
    pub fn without_hash(&self) -> Self {
        let id = |record: &String| {
            record.rsplit_once('@').map_or_else(|| record.clone(), |(id, _)| id.to_owned())
        };
        EntryRef { source: self.source.clone(), record: self.record.as_ref().map(id) }
    }
}

impl fmt::Display for EntryRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        self.record.as_ref().map_or(Ok(()), |record| write!(f, "#{record}"))
    }
}

impl FromStr for EntryRef {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (source, record) = match text.split_once('#') {
            Some((source, record)) => (source, Some(record.to_owned())),
            None => (text, None),
        };
        if source.is_empty() || record.as_deref() == Some("") {
            return Err(format!("`{text}` is not a source; write S1, or S1#record"));
        }
        Ok(EntryRef { source: source.to_owned(), record })
    }
}

impl Serialize for EntryRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EntryRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for EntryRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EntryRef".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "title": "source reference", "type": "string", "description": "The key of a source in `sources`, or one record of it.", "pattern": "^[^#]+(#[\\s\\S]+)?$", "patternErrorMessage": "write S1, or S1#record" })
    }
}

/// A source of the incident: what was read, and how to verify that it is unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SourceInfo {
    /// The format, as `posthoc formats` lists it. For a source that no program read, `note` or
    /// another word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The id of the incident in that source. The next import finds this file by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// A title for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The source's own word for the severity, if `severity` translates it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// The stored copy of the source, relative to the workspace: `evidence/ID/S1.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The SHA-256 of the stored copy, in lower-case hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: Option<String>,
    /// What was masked with asterisks before the copy was stored, as in `a Slack token`. The
    /// SHA-256 is that of the masked copy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// The day on which the document was written or published.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "dates::day")]
    pub dated: Option<NaiveDate>,
    /// When the source was fetched.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "dates::instant")]
    #[schemars(with = "Option<String>")]
    pub retrieved_at: Option<DateTime<Utc>>,
    /// When the source says that it last changed the record. Of two copies of one record, the one
    /// with the later time is newer; `import --update` takes nothing from the older one.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "dates::instant")]
    #[schemars(with = "Option<String>")]
    pub revised_at: Option<DateTime<Utc>>,
    /// The address that it was fetched from, or where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The time zone of times that the source writes without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// How far the clock of the source is ahead (`90s`) or behind (`-2m`). The times of the entries
    /// are already corrected by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_offset: Option<ClockOffset>,
    /// The number of records in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
}

/// A signed length of time in whole seconds, written `90s`, `-2m`, `1h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockOffset(pub TimeDelta);

impl fmt::Display for ClockOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.num_seconds();
        match seconds {
            0 => f.write_str("0s"),
            _ if seconds % 3600 == 0 => write!(f, "{}h", seconds / 3600),
            _ if seconds % 60 == 0 => write!(f, "{}m", seconds / 60),
            _ => write!(f, "{seconds}s"),
        }
    }
}

impl FromStr for ClockOffset {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a clock offset; write 90s, -2m or 1h");
        let unit = text.chars().last().ok_or_else(wrong)?;
        let scale = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return Err(wrong()),
        };
        let count: i64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
        count.checked_mul(scale).and_then(TimeDelta::try_seconds).map(ClockOffset).ok_or_else(wrong)
    }
}

impl Serialize for ClockOffset {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockOffset {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for ClockOffset {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClockOffset".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "A length of time in whole seconds, minutes or hours, with a sign if it is negative.", "pattern": "^[+-]?\\d+[smh]$", "patternErrorMessage": "write 90s, -2m or 1h" })
    }
}
