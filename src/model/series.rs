//! A metric over time, as evidence. Incident files do not contain it: it is read from the evidence
//! file whenever a chart is drawn.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

/// The samples of one metric, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// A name for people: the labels that distinguish it from the other series.
    pub name: String,
    /// The query or the name of the metric, if the source states it.
    pub query: Option<String>,
    /// The unit of the values, if the source states it.
    pub unit: Option<String>,
    /// The labels of the series; the name of the metric is `__name__`.
    pub labels: BTreeMap<String, String>,
    /// The samples. `None` is a sample without a number (NaN, null). Infinity is a number: charts
    /// cannot draw it, but the maximum of such a series is infinite.
    pub points: Vec<(DateTime<Utc>, Option<f64>)>,
}

impl Series {
    /// The numbers, without the missing ones.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.points.iter().filter_map(|(_, value)| *value)
    }
}
