//! Reports: the documents that are rendered.

mod audiences;
mod examples;
mod hostile_text;
mod incidents;
mod overview;
mod pdf;
mod precision;
mod render;
mod site;
