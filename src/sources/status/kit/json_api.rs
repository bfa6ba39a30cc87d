//! JSON:API (jsonapi.org): the parts of all records are in one list, `included`, and a record
//! refers to its parts by id.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::api;
use crate::sources::json::{Str, without_nulls};
use crate::sources::warnings::Warnings;

#[derive(Deserialize)]
pub(in crate::sources::status) struct Document<'a> {
    /// One record or a list of them.
    #[serde(borrow, default)]
    pub(in crate::sources::status) data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in crate::sources::status) included: Option<&'a RawValue>,
}

/// A record, or a part of one.
#[derive(Deserialize)]
pub(in crate::sources::status) struct Object<'a> {
    #[serde(borrow, default)]
    pub(in crate::sources::status) id: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "type")]
    pub(in crate::sources::status) kind: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub(in crate::sources::status) attributes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    relationships: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Related<'a> {
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    data: Vec<Reference<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
}

impl Object<'_> {
    /// The ids of the parts in the first of the relationships `names` that exists. `what` names the
    /// record in warnings.
    pub(in crate::sources::status) fn related(
        &self,
        names: &[&str],
        what: &str,
        warnings: &mut Warnings<'_>,
    ) -> Vec<String> {
        let members: Option<BTreeMap<Cow<'_, str>, &RawValue>> =
            self.relationships.and_then(|raw| api::record(raw, what, warnings));
        let members = members.unwrap_or_default();
        let list = names
            .iter()
            .find_map(|name| Some((name, members.get(*name).filter(|raw| raw.get() != "null")?)));
        let related: Option<Related<'_>> =
            list.and_then(|(name, raw)| api::record(raw, &format!("`{name}` of {what}"), warnings));
        let references = related.map(|related| related.data).unwrap_or_default();
        references.iter().filter_map(|one| Some(api::scalar(one.id)?.into_owned())).collect()
    }
}
