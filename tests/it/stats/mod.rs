//! Statistics: the tables, and what the numbers mean.

mod bounds;
mod comparison;
mod confidence;
mod conformance;
mod definitions;
mod explain;
mod peers;
mod proof;
mod reliability;
mod report;
mod sql;
mod tables;
