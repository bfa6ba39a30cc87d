//! PagerDuty, REST API v2: incidents with their log entries, alerts and notes.
//!
//! <https://developer.pagerduty.com/api-reference/>. A list has at most 100 items per page and
//! 10,000 in total, and covers at most six months. `more` says whether there is another page; with
//! `total=true`, `total` is the number of items.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::account::{Account, Item, Page, Part, instant, list, text, windows, with_offset};
use crate::model::time::Moment;
use crate::sources::record::IncidentRecord;

pub(super) struct Pagerduty;

impl Account for Pagerduty {
    fn id(&self) -> &'static str {
        "pagerduty"
    }

    fn token_variable(&self) -> &'static str {
        "PAGERDUTY_TOKEN"
    }

    fn address(&self) -> &'static str {
        "https://api.pagerduty.com"
    }

    fn authorization(&self, token: &str) -> String {
        format!("Token token={token}")
    }

    fn accept(&self) -> Option<&'static str> {
        Some("application/vnd.pagerduty+json;version=2")
    }

    fn format(&self) -> &'static str {
        "pagerduty-alerts"
    }

    fn lists(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Vec<String>> {
        let written = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let lists = windows(since, until).into_iter().map(|(from, to)| {
            format!(
                "/incidents?since={}&until={}&limit=100&total=true&sort_by=created_at:asc&offset=0",
                written(from),
                written(to)
            )
        });
        vec![lists.collect()]
    }

    fn page(&self, path: &str, answer: &Value) -> Page {
        let keys = ["/incidents", "/log_entries", "/alerts", "/notes"];
        let key =
            keys.iter().find(|key| answer.pointer(key).is_some()).copied().unwrap_or_default();
        let items = list(answer, key);
        let has_more = answer.get("more").and_then(Value::as_bool).unwrap_or(false);
        let offset = answer.get("offset").and_then(Value::as_u64).unwrap_or(0);
        let limit = answer.get("limit").and_then(Value::as_u64).filter(|limit| *limit > 0);
        let next = offset + limit.unwrap_or(items.len() as u64);
        Page {
            next: (has_more && next > offset).then(|| with_offset(path, next)),
            total: answer.get("total").and_then(Value::as_u64),
            items,
        }
    }

    fn item(&self, item: &Value) -> Option<Item> {
        let changed = [instant(item, "/updated_at"), instant(item, "/last_status_change_at")];
        Some(Item {
            id: text(item, "/id")?.to_owned(),
            changed: changed.into_iter().flatten().max(),
            is_over: text(item, "/status") == Some("resolved"),
        })
    }

    fn incident(&self, item: &Value) -> Option<IncidentRecord> {
        let id = text(item, "/id")?;
        let title = text(item, "/title").or(text(item, "/summary")).unwrap_or(id);
        let severity = text(item, "/priority/summary").or(text(item, "/urgency"));
        Some(IncidentRecord {
            impact_word: severity.map(str::to_owned),
            url: text(item, "/html_url").map(str::to_owned),
            announced: instant(item, "/created_at").map(Moment::exact),
            components: text(item, "/service/summary")
                .map(|service| (String::new(), service.to_owned()))
                .into_iter()
                .collect(),
            ..IncidentRecord::new(id.to_owned(), title.to_owned())
        })
    }

    fn parts(&self, item: &Value) -> Vec<Part> {
        let id = text(item, "/id").unwrap_or_default();
        vec![
            Part {
                key: "log_entries",
                path: format!(
                    "/incidents/{id}/log_entries?is_overview=false&include[]=channels&limit=100&offset=0"
                ),
            },
            Part { key: "alerts", path: format!("/incidents/{id}/alerts?limit=100&offset=0") },
            Part { key: "notes", path: format!("/incidents/{id}/notes") },
        ]
    }

    fn document(&self, item: &Value, parts: Vec<(&'static str, Vec<Value>)>) -> Value {
        let mut document = json!({ "incident": item });
        for (key, items) in parts {
            document[key] = Value::Array(items);
        }
        document
    }
}
