//! Statistics: the tables, and what the numbers mean.

mod bounds;
mod comparison;
mod definitions;
mod explain;
mod tables;
