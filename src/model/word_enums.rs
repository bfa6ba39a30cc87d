//! Enums of the incident file whose values are single words.

/// Declares an enum whose variants are lower-case words. One list gives the type, its names, its
/// parser, its serialization and its schema, so that they cannot disagree.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[allow(unreachable_pub, reason = "it is as visible as its module")]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+ }

        #[allow(unreachable_pub, reason = "it is as visible as its module")]
        impl $name {
            /// Every variant, in the order of the declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word for it in a file.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            /// Parses a word; the error lists the valid ones.
            fn from_str(text: &str) -> Result<Self, String> {
                $name::ALL.iter().copied().find(|word| word.as_str() == text).ok_or_else(|| {
                    let known: Vec<&str> = $name::ALL.iter().map(|word| word.as_str()).collect();
                    format!("unknown value `{text}`, expected one of: {}", known.join(", "))
                })
            }
        }
    };
}

pub(crate) use words;

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

/// A number or a text: `1200`, `~120`, `>=420`, `12 ms`, `none`. Reports show it as it is written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(transparent)]
#[schemars(extend("type" = ["string", "number"]))]
pub struct Figure(pub String);

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrText;
        impl Visitor<'_> for NumberOrText {
            type Value = Figure;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a text")
            }
            fn visit_str<E>(self, text: &str) -> Result<Figure, E> {
                Ok(Figure(text.to_owned()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Figure, E> {
                Ok(Figure(number.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Figure, E> {
                Ok(Figure(number.to_string()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Figure, E> {
                Ok(Figure(number.to_string()))
            }
        }
        deserializer.deserialize_any(NumberOrText)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
