//! The groups of a page, and the monitors in them.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::sources::json::{Str, without_nulls};

#[derive(Deserialize)]
pub(super) struct Group<'a> {
    #[serde(borrow, default)]
    pub(super) name: Option<Str<'a>>,
    #[serde(borrow, default, rename = "monitorList", deserialize_with = "without_nulls")]
    pub(super) monitors: Vec<Monitor<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Monitor<'a> {
    #[serde(borrow, default)]
    pub(super) id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) name: Option<Str<'a>>,
}
