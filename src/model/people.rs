//! Who took part. Names are free text: handles, roles, or nothing.

use serde::{Deserialize, Serialize};

/// Who took part. Write names, handles or roles; public reports show none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Roles {
    /// Who led the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commander: Option<String>,
    /// Who informed others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comms: Option<String>,
    /// Who is responsible for the write-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who took notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scribe: Option<String>,
    /// Who else worked on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responders: Vec<String>,
    /// Who wrote the report.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
}

impl Roles {
    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        *self == Roles::default()
    }
}
