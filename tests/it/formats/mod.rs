//! Formats: what all readers have in common, on invented inputs.

mod decoded;
mod families;
mod life_cycle;
mod mhtml;
mod states;
