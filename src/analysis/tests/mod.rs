//! Tests that hold for the analysis as a whole, and not for one of its files.

mod edge_cases;
mod invariants;
mod uncertain_times;
mod windows;
