//! What Alertmanager sends.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::sources::json::{RawRecords, Str, null_is_default};

/// A webhook's body, or an answer of the API v1, whose list is in `data`.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    pub data: Option<RawRecords<'a>>,
    #[serde(borrow, default)]
    pub alerts: Option<RawRecords<'a>>,
    /// `firing` if any of the alerts of a webhook fires; of the API v1 `success` or `error`.
    #[serde(borrow, default)]
    pub status: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub error: Option<Str<'a>>,
}

/// An element of a list of the API: a group if it has `alerts`, a silence if it has `matchers`,
/// else an alert.
#[derive(Deserialize)]
pub(super) struct Element<'a> {
    #[serde(borrow, default)]
    pub alerts: Option<RawRecords<'a>>,
    /// The alerts of a group of the API v1, once for each route.
    #[serde(borrow, default)]
    pub blocks: Option<Vec<Block<'a>>>,
    #[serde(borrow, default)]
    pub matchers: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Block<'a> {
    #[serde(borrow, default)]
    pub alerts: RawRecords<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Alert<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub labels: BTreeMap<Str<'a>, Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub annotations: BTreeMap<Str<'a>, Str<'a>>,
    #[serde(borrow, default)]
    pub starts_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub ends_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub fingerprint: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub status: Option<Status<'a>>,
}

impl Alert<'_> {
    pub(super) fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).map(|value| &**value)
    }

    pub(super) fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations.get(name).map(|value| &**value)
    }
}

/// The API's is an object, the webhook's a word.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Status<'a> {
    Webhook(#[serde(borrow)] Str<'a>),
    Api {
        #[serde(borrow, default)]
        state: Option<Str<'a>>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Silence<'a> {
    #[serde(borrow, default)]
    pub id: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub created_by: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub comment: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub starts_at: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub matchers: Vec<Matcher<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Matcher<'a> {
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(borrow)]
    value: Str<'a>,
    #[serde(default)]
    is_regex: bool,
    /// Absent before version 0.22, which knew no negation.
    #[serde(default)]
    is_equal: Option<bool>,
}

impl fmt::Display for Matcher<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operator = match (self.is_equal.unwrap_or(true), self.is_regex) {
            (true, false) => "=",
            (true, true) => "=~",
            (false, false) => "!=",
            (false, true) => "!~",
        };
        write!(f, "{}{operator}\"{}\"", &*self.name, &*self.value)
    }
}
