//! A metric over time, as evidence. It is never written into an incident file: it is read again
//! from the stored bytes whenever a chart is drawn.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

/// One metric's samples, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// A name for people: the labels that tell it from its neighbours.
    pub name: String,
    /// What was asked for: the query, or the name of the metric, where the source says it.
    pub query: Option<String>,
    /// The unit of the values, where the source says one.
    pub unit: Option<String>,
    /// What it is a series of, by name; the name of the metric is `__name__`.
    pub labels: BTreeMap<String, String>,
    /// The samples. `None` is a sample without a number (NaN, null). An infinity is a number: no
    /// chart can draw it, but the highest value is not a finite one.
    pub points: Vec<(DateTime<Utc>, Option<f64>)>,
}

impl Series {
    /// The numbers, without the gaps.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.points.iter().filter_map(|(_, value)| *value)
    }
}
