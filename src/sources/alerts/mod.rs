//! Alerting systems.

pub mod alertmanager;
