//! Durations that people published, in their words.

use serde::{Deserialize, Serialize};

use super::word_enums::words;

/// Declares [`ClaimName`] and [`Claims`] from one list.
macro_rules! claims {
    ($($(#[doc = $doc:literal])+ $variant:ident $field:ident = $word:literal),+ $(,)?) => {
        words! {
            /// The names of the published durations, as they are written under `claims`.
            ClaimName { $($(#[doc = $doc])+ $variant = $word),+ }
        }

        /// Published durations of the incident, as texts such as `about 2 h`.
        /// `posthoc check` compares them with the computed ones.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Claims {
            $($(#[doc = $doc])+ #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<String>),+
        }

        impl Claims {
            /// The published duration of that name.
            pub fn get(&self, name: ClaimName) -> Option<&str> {
                match name { $(ClaimName::$variant => self.$field.as_deref()),+ }
            }

            /// The slot of the published duration of that name, for setting it.
            pub fn slot(&mut self, name: ClaimName) -> &mut Option<String> {
                match name { $(ClaimName::$variant => &mut self.$field),+ }
            }
        }
    };
}

claims! {
    /// How long the incident or its impact lasted: publications rarely distinguish the two.
    Duration duration = "duration",
    /// Time to detect.
    Ttd ttd = "ttd",
    /// Time to acknowledge.
    Tta tta = "tta",
    /// Time to mitigate.
    Ttm ttm = "ttm",
    /// Time to resolve.
    Ttr ttr = "ttr",
    /// Repair time.
    Repair repair = "repair",
}

impl Claims {
    /// The published durations, in the order of [`ClaimName`].
    pub fn published(&self) -> impl Iterator<Item = (ClaimName, &str)> {
        ClaimName::ALL.iter().filter_map(|&name| Some((name, self.get(name)?)))
    }

    /// Whether no duration is claimed.
    pub fn is_empty(&self) -> bool {
        self.published().next().is_none()
    }
}
