//! The API's wire format. Fields that the reader does not use are omitted, and so ignored.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::sources::json::{RawRecords, Str, null_is_default, text_or_number, without_nulls};

/// Any response of the API.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    pub page: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub components: Option<RawRecords<'a>>,
    #[serde(borrow, default)]
    pub incidents: Option<RawRecords<'a>>,
    #[serde(borrow, default)]
    pub scheduled_maintenances: Option<RawRecords<'a>>,
    /// A webhook's body wraps its incident.
    #[serde(borrow, default)]
    pub incident: Option<&'a RawValue>,
    /// The response is itself an incident.
    #[serde(borrow, default)]
    pub incident_updates: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
pub(super) struct Page<'a> {
    #[serde(borrow, default)]
    pub name: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub url: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub time_zone: Option<Str<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Component<'a> {
    #[serde(borrow, default, deserialize_with = "text_or_number")]
    pub id: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub name: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "text_or_number")]
    pub group_id: Option<Str<'a>>,
}

/// An incident or a maintenance.
#[derive(Deserialize)]
pub(super) struct Incident<'a> {
    #[serde(borrow, default, deserialize_with = "text_or_number")]
    pub id: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub name: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub status: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub impact: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub shortlink: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub created_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub started_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub resolved_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub updated_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub scheduled_for: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub scheduled_until: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub postmortem_body: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub postmortem_published_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub postmortem_body_last_updated_at: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub incident_updates: RawRecords<'a>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    pub components: Vec<Component<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Update<'a> {
    #[serde(borrow, default, deserialize_with = "text_or_number")]
    pub id: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub status: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub body: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub created_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub updated_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub display_at: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    pub affected_components: Vec<AffectedComponent<'a>>,
}

#[derive(Deserialize)]
pub(super) struct AffectedComponent<'a> {
    /// The component's id.
    #[serde(borrow, default, deserialize_with = "text_or_number")]
    pub code: Option<Str<'a>>,
    /// Its name at that time, prefixed with the name of its group: `Group - Child`.
    #[serde(borrow, default)]
    pub name: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub old_status: Option<Str<'a>>,
    #[serde(borrow, default)]
    pub new_status: Option<Str<'a>>,
}
