//! Alerting systems.

pub mod alertmanager;
pub mod cloudwatch;
pub mod datadog;
pub mod elastic_watcher;
pub mod grafana;
pub mod grafana_oncall;
pub mod honeybadger;
pub mod keep;
mod kit;
pub mod librato;
pub mod nagios;
pub mod new_relic;
pub mod opsgenie;
pub mod pagerduty;
pub mod pingdom;
pub mod prometheus;
pub mod rollbar;
pub mod sentry;
pub mod splunk;
pub mod splunk_on_call;
pub mod updown;
pub mod uptime_kuma;
pub mod uptime_robot;
pub mod zabbix;

use super::source::Source;

/// The formats of alerting systems, in the order of `posthoc formats`. A new one is a file with a
/// type that implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[
    &alertmanager::ALERTMANAGER,
    &prometheus::PROMETHEUS,
    &grafana::GRAFANA,
    &grafana_oncall::GRAFANA_ONCALL,
    &pagerduty::PAGERDUTY,
    &opsgenie::OPSGENIE,
    &splunk_on_call::SPLUNK_ON_CALL,
    &cloudwatch::CLOUDWATCH,
    &datadog::DATADOG,
    &new_relic::NEW_RELIC,
    &sentry::SENTRY,
    &zabbix::ZABBIX,
    &nagios::Nagios,
    &elastic_watcher::ELASTIC_WATCHER,
    &splunk::SPLUNK,
    &librato::LIBRATO,
    &keep::KEEP,
    &honeybadger::HONEYBADGER,
    &rollbar::ROLLBAR,
    &pingdom::PINGDOM,
    &uptime_robot::UPTIME_ROBOT,
    &updown::UPDOWN,
    &uptime_kuma::UPTIME_KUMA,
];
