//! Shared code of the log readers: [`Lines`] makes timeline entries of lines, [`TextLog`] is the
//! complete reader of a textual log, and [`ObjectLog`] that of a log of objects.

mod level;
mod lines;
mod object_log;
mod text_log;

pub(super) use level::Level;
pub(super) use lines::{Line, Lines};
pub(super) use object_log::ObjectLog;
pub(super) use text_log::TextLog;
