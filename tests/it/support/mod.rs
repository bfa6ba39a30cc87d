//! What the tests share: a clean place to run the program in, servers, a terminal.

pub mod random;
#[cfg(unix)]
pub mod screen;
pub mod servers;
pub mod world;
