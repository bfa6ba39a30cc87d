//! Statistics: the tables, and what the numbers mean.

mod bounds;
mod definitions;
mod tables;
