//! Statistics: the tables, and what the numbers mean.

mod bounds;
mod comparison;
mod confidence;
mod definitions;
mod explain;
mod peers;
mod reliability;
mod tables;
