//! Metrics over time.

pub mod cloudwatch;
pub mod csv;
pub mod datadog;
pub mod exposition;
pub mod grafana_frames;
pub mod graphite;
pub mod influx_csv;
pub mod influx_json;
pub mod influx_line;
pub mod json_samples;
mod kit;
pub mod prometheus;
pub mod victoria_metrics;
pub mod zabbix;

use super::source::Source;

/// The metric formats, in the order of `posthoc formats`. A new one is a file with a type that
/// implements [`Source`], a `mod` line and a line here.
pub const FORMATS: &[&dyn Source] = &[
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
