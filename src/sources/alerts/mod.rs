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
