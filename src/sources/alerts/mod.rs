//! Alerting systems.

pub(crate) mod alertmanager;
pub(crate) mod cloudwatch;
pub(crate) mod datadog;
pub(crate) mod elastic_watcher;
pub(crate) mod grafana;
pub(crate) mod grafana_oncall;
pub(crate) mod honeybadger;
pub(crate) mod keep;
mod kit;
pub(crate) mod librato;
pub(crate) mod nagios;
pub(crate) mod new_relic;
pub(crate) mod opsgenie;
pub(crate) mod pagerduty;
pub(crate) mod pingdom;
pub(crate) mod prometheus;
pub(crate) mod rollbar;
pub(crate) mod sentry;
pub(crate) mod splunk;
pub(crate) mod splunk_on_call;
pub(crate) mod updown;
pub(crate) mod uptime_kuma;
pub(crate) mod uptime_robot;
pub(crate) mod zabbix;

use super::source::Source;

/// The formats of alerting systems, in the order of `posthoc formats`. A new one is a file with a
/// type that implements [`Source`], a `mod` line and a line here.
pub(crate) const FORMATS: &[&dyn Source] = &[
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
