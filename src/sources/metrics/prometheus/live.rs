//! A range query that is asked of a server: the addresses to fetch, and one answer made of several.
//!
//! <https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries>. A server gives at
//! most 11,000 points of a series in one answer, so a longer range is asked for in parts.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::value::RawValue;
use url::Url;

use super::wire::{Answer, SeriesData};
use crate::sources::json::RawRecords;

/// The most points of a series that a server gives in one answer.
const MOST_POINTS: i64 = 11_000;

/// Steps in seconds, the finest first. Of a default scrape interval nothing finer is known.
const STEPS: [i64; 12] = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];

/// What is asked of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RangeQuery {
    /// The expression in PromQL.
    pub expression: String,
    /// The first and the last time.
    pub from: DateTime<Utc>,
    /// The last time.
    pub until: DateTime<Utc>,
    /// The time between two samples; chosen if absent.
    pub step: Option<TimeDelta>,
}

impl RangeQuery {
    /// The time between two samples: the finest usual one of which the whole range is one answer.
    pub(crate) fn step(&self) -> TimeDelta {
        let range = (self.until - self.from).num_seconds();
        let fits = |step: &&i64| range / **step < MOST_POINTS;
        let chosen = STEPS.iter().find(fits).or(STEPS.last()).map_or(60, |step| *step);
        self.step.unwrap_or_else(|| TimeDelta::seconds(chosen))
    }

    /// The addresses of the parts below that of the server, in the order of time, and the address
    /// of the whole.
    ///
    /// Times are multiples of the step, so that the same range gives the same samples the next
    /// time.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the range or the address.
    pub(crate) fn addresses(&self, server: &str) -> Result<(Vec<String>, String), String> {
        let step = self.step().num_milliseconds();
        if step <= 0 || self.until < self.from {
            return Err("the range of the query ends before it begins".to_owned());
        }
        let aligned = |at: DateTime<Utc>| at.timestamp_millis().div_euclid(step) * step;
        let (first, last) = (aligned(self.from), aligned(self.until));
        let mut parts = Vec::new();
        let mut start = first;
        while start <= last {
            let end = last.min(start + step * (MOST_POINTS - 1));
            parts.push(self.address(server, start, end, step)?);
            start = end + step;
        }
        Ok((parts, self.address(server, first, last, step)?))
    }

    fn address(&self, server: &str, start: i64, end: i64, step: i64) -> Result<String, String> {
        let whole = format!("{}/api/v1/query_range", server.trim_end_matches('/'));
        let mut address =
            Url::parse(&whole).map_err(|error| format!("`{server}` is no address: {error}"))?;
        let written = |at: i64| {
            let at = DateTime::from_timestamp_millis(at).unwrap_or_default();
            at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
        };
        let step = match step % 1000 {
            0 => (step / 1000).to_string(),
            _ => format!("{}.{:03}", step / 1000, step % 1000),
        };
        address
            .query_pairs_mut()
            .append_pair("query", &self.expression)
            .append_pair("start", &written(start))
            .append_pair("end", &written(end))
            .append_pair("step", &step);
        Ok(address.to_string())
    }
}

/// One answer made of those of the parts, as the server would have given it. An answer that cannot
/// be read, or that says that it is an error, is returned as it is: its reader reports it.
pub(crate) fn joined(parts: &[Vec<u8>]) -> Vec<u8> {
    if let [only] = parts {
        return only.clone();
    }
    let mut series: Vec<(String, [Vec<&str>; 2])> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let (mut warnings, mut infos, mut is_partial) = (Vec::new(), Vec::new(), false);
    for part in parts {
        let Ok(answer) = serde_json::from_slice::<Answer<'_>>(part) else { return part.clone() };
        if answer.status.as_deref() != Some("success") {
            return part.clone();
        }
        warnings.extend(answer.warnings.iter().map(|text| text.to_string()));
        infos.extend(answer.infos.iter().map(|text| text.to_string()));
        is_partial |= answer.is_partial;
        let result = answer.data.as_ref().and_then(|data| data.result);
        let result =
            result.and_then(|result| serde_json::from_str::<RawRecords<'_>>(result.get()).ok());
        for raw in result.unwrap_or_default() {
            let Ok(one) = serde_json::from_str::<SeriesData<'_>>(raw.get()) else {
                return part.clone();
            };
            let labels: std::collections::BTreeMap<String, String> = one
                .metric
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect();
            let labels = serde_json::to_string(&labels).unwrap_or_default();
            let at = *index.entry(labels.clone()).or_insert_with(|| {
                series.push((labels, [Vec::new(), Vec::new()]));
                series.len() - 1
            });
            let (values, histograms) = (&one.values, &one.histograms);
            extend(&mut series[at].1[0], values);
            extend(&mut series[at].1[1], histograms);
        }
    }
    let list = |samples: &[&str]| samples.join(",");
    let result = series.iter().map(|(labels, [values, histograms])| {
        let histograms = match histograms.is_empty() {
            true => String::new(),
            false => format!(",\"histograms\":[{}]", list(histograms)),
        };
        format!("{{\"metric\":{labels},\"values\":[{}]{histograms}}}", list(values))
    });
    let result: Vec<String> = result.collect();
    warnings.dedup();
    infos.dedup();
    let texts = |list: &[String]| serde_json::to_string(list).unwrap_or_default();
    format!(
        "{{\"status\":\"success\",\"isPartial\":{is_partial},\"data\":{{\"resultType\":\"matrix\",\"result\":[{}]}},\"warnings\":{},\"infos\":{}}}\n",
        result.join(","),
        texts(&warnings),
        texts(&infos)
    )
    .into_bytes()
}

fn extend<'p>(all: &mut Vec<&'p str>, more: &[&'p RawValue]) {
    all.extend(more.iter().map(|sample| sample.get()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(until: &str, step: Option<i64>) -> RangeQuery {
        RangeQuery {
            expression: "rate(errors{job=\"shop\"}[5m]) > 1".to_owned(),
            from: "2026-03-01T10:00:07Z".parse().unwrap(),
            until: until.parse().unwrap(),
            step: step.map(TimeDelta::seconds),
        }
    }

    #[test]
    fn a_long_range_is_asked_for_in_parts_without_a_gap_between_them() {
        let one = query("2026-03-01T12:00:00Z", None);
        assert_eq!(one.step(), TimeDelta::seconds(15));
        let (parts, whole) = one.addresses("http://localhost:9090/prometheus/").unwrap();
        assert_eq!(parts, std::slice::from_ref(&whole));
        assert_eq!(
            whole,
            "http://localhost:9090/prometheus/api/v1/query_range?query=rate%28errors%7Bjob%3D%22shop%22%7D%5B5m%5D%29+%3E+1&start=2026-03-01T10%3A00%3A00Z&end=2026-03-01T12%3A00%3A00Z&step=15"
        );
        assert_eq!(query("2026-03-08T10:00:00Z", None).step(), TimeDelta::seconds(60));
        let (parts, _) = query("2026-03-08T10:00:00Z", Some(15)).addresses("http://h").unwrap();
        let bounds = |part: &String| {
            let url = Url::parse(part).unwrap();
            let of =
                |key: &str| url.query_pairs().find(|(name, _)| name == key).unwrap().1.into_owned();
            (of("start"), of("end"))
        };
        let bounds: Vec<(String, String)> = parts.iter().map(bounds).collect();
        assert_eq!(bounds.len(), 4);
        assert_eq!(bounds[0].1, "2026-03-03T07:49:45Z");
        assert_eq!(bounds[1].0, "2026-03-03T07:50:00Z");
        assert_eq!(bounds[3].1, "2026-03-08T10:00:00Z");
        assert!(query("2026-03-01T09:00:00Z", None).addresses("http://h").is_err());
    }

    #[test]
    fn parts_become_one_answer_with_all_that_the_server_remarked() {
        let part = |values: &str, more: &str| {
            format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{"job":"a"}},"values":[{values}]}}]}}{more}}}"#).into_bytes()
        };
        let parts =
            [part("[1,\"1\"],[2,\"NaN\"]", ""), part("[3,\"2\"]", ",\"warnings\":[\"slow\"]")];
        assert_eq!(
            String::from_utf8(joined(&parts)).unwrap(),
            "{\"status\":\"success\",\"isPartial\":false,\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"job\":\"a\"},\"values\":[[1,\"1\"],[2,\"NaN\"],[3,\"2\"]]}]},\"warnings\":[\"slow\"],\"infos\":[]}\n"
        );
        let error = br#"{"status":"error","error":"x"}"#.to_vec();
        assert_eq!(joined(&[parts[0].clone(), error.clone()]), error);
    }
}
