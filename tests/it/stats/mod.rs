//! Statistics: the tables, and what the numbers mean.

mod definitions;
mod tables;
