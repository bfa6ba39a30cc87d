//! Alerting systems.

pub mod alertmanager;
pub mod cloudwatch;
pub mod datadog;
pub mod grafana;
mod kit;
pub mod new_relic;
pub mod opsgenie;
pub mod pagerduty;
pub mod pingdom;
pub mod prometheus;
pub mod updown;
pub mod uptime_kuma;
pub mod zabbix;

use super::source::Source;

/// The formats of alerting systems, in the order in which `posthoc formats` lists them. A new one is a file
/// with a type that implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[
    &alertmanager::Alertmanager,
    &prometheus::PROMETHEUS,
    &pagerduty::PAGERDUTY,
    &opsgenie::OPSGENIE,
    &grafana::GRAFANA,
    &cloudwatch::CLOUDWATCH,
    &datadog::DATADOG,
    &new_relic::NEW_RELIC,
    &zabbix::ZABBIX,
    &pingdom::PINGDOM,
    &updown::UPDOWN,
    &uptime_kuma::UPTIME_KUMA,
];
