//! What the readers of logs share: [`Lines`] makes timeline entries of lines, [`TextLog`] is the whole reader
//! of a log whose lines are text, and [`ObjectLog`] that of one whose lines are objects.

mod level;
mod lines;
mod object_log;
mod text_log;

pub(super) use level::Level;
pub(super) use lines::{Line, Lines};
pub(super) use object_log::ObjectLog;
pub(super) use text_log::TextLog;
