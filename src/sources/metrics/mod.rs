//! Metrics over time.

pub(crate) mod cloudwatch;
pub(crate) mod csv;
pub(crate) mod datadog;
pub(crate) mod exposition;
pub(crate) mod grafana_frames;
pub(crate) mod graphite;
pub(crate) mod influx_csv;
pub(crate) mod influx_json;
pub(crate) mod influx_line;
pub(crate) mod json_samples;
mod kit;
pub(crate) mod prometheus;
pub(crate) mod victoria_metrics;
pub(crate) mod zabbix;

use super::source::Source;

/// The metric formats, in the order of `posthoc formats`. A new one is a file with a type that
/// implements [`Source`], a `mod` line and a line here.
pub(crate) const FORMATS: &[&dyn Source] = &[
    &prometheus::PrometheusRange,
    &exposition::EXPOSITION,
    &victoria_metrics::VICTORIA_METRICS,
    &grafana_frames::GRAFANA_FRAMES,
    &cloudwatch::CLOUDWATCH,
    &datadog::DATADOG,
    &influx_csv::INFLUX_CSV,
    &influx_json::INFLUX_JSON,
    &influx_line::INFLUX_LINE,
    &graphite::GRAPHITE,
    &zabbix::ZABBIX,
    &csv::CSV,
    &json_samples::JSON_SAMPLES,
];
