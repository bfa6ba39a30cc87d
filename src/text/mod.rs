//! Untrusted text: which characters are dangerous, and one escaper for each output format.
//!
//! Every string of an incident, a feed or a document may come from a stranger. This layer knows
//! nothing of incidents. It has the only list of dangerous characters (`danger`), one escaper for
//! each format, and the only list of allowed addresses (`link`).
//!
//! | target | one line | lines as they are |
//! |---|---|---|
//! | terminal, log | `terminal::line` | `terminal::lines` |
//! | cell of a tab-separated table | `cells::tsv` | – |
//! | cell of a CSV file | `cells::csv` | – |
//! | JSON on a terminal | – | `json::escaped` |
//! | HTML, SVG | – | `html::escape` |
//! | Markdown | `markdown::line`, `markdown::code_span` | the tree in `crate::markdown` |

pub(crate) mod cells;
pub(crate) mod clean;
mod counted;
pub(crate) mod danger;
pub(crate) mod html;
pub(crate) mod json;
mod letters;
pub(crate) mod link;
pub mod markdown;
pub(crate) mod terminal;

pub use counted::{counted, counted_that, grouped};
pub use danger::{is_dangerous, visible};
pub use letters::{capitalized, shortened, uncapitalized};
