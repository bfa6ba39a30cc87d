//! The wire format of the HTTP API. Numbers stay text until their digits are read.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::sources::json::{RawRecords, Str, null_is_default};

#[derive(Deserialize)]
pub(super) struct Answer<'a> {
    #[serde(borrow, default)]
    pub status: Option<Str<'a>>,
    #[serde(borrow, default, rename = "errorType")]
    pub error_type: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub error: Option<Str<'a>>,
    /// Not part of the API: tools that store a response store the query with it.
    #[serde(borrow, default)]
    pub query: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub data: Option<Data<'a>>,
    /// The server's warnings about its response, since Prometheus 2.3 and in Thanos.
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub warnings: Vec<Str<'a>>,
    /// Advice about the query, since Prometheus 2.51.
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub infos: Vec<Str<'a>>,
    /// Whether a storage node did not respond; only VictoriaMetrics sets it.
    #[serde(default, rename = "isPartial", deserialize_with = "null_is_default")]
    pub is_partial: bool,
}

#[derive(Deserialize)]
pub(super) struct Data<'a> {
    #[serde(borrow, default, rename = "resultType")]
    pub result_type: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct SeriesData<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub metric: BTreeMap<Str<'a>, Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub values: RawRecords<'a>,
    #[serde(borrow, default)]
    pub value: Option<&'a RawValue>,
    /// Native histogram samples of a range.
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub histograms: RawRecords<'a>,
    /// The native histogram sample of an instant.
    #[serde(borrow, default)]
    pub histogram: Option<&'a RawValue>,
}
