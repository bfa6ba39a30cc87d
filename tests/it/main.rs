//! Tests of the whole program. Each file is one subject; `world` is the clean place they run in.

mod check;
mod errors;
mod examples;
mod fetch;
mod import;
mod layers;
mod new;
mod pdf;
mod render;
mod report;
mod sources;
mod world;
