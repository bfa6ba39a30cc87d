//! Opsgenie, REST API: incidents with their timelines, notes and logs, and alerts with their notes
//! and logs.
//!
//! <https://docs.opsgenie.com/docs/incident-api>, <https://docs.opsgenie.com/docs/alert-api>,
//! <https://docs.opsgenie.com/docs/pagination>. `paging.next` is the address of the next page. Only
//! the first 20,000 alerts of a list can be paged.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::account::{Account, Item, Page, Part, instant, list, text, windows};
use crate::model::time::Moment;
use crate::sources::record::IncidentRecord;

pub(super) struct Opsgenie;

/// Whether an item is an alert: it has a source and an alias, and no responders.
fn is_alert(item: &Value) -> bool {
    item.get("alias").is_some() || item.get("acknowledged").is_some()
}

impl Account for Opsgenie {
    fn id(&self) -> &'static str {
        "opsgenie"
    }

    fn token_variable(&self) -> &'static str {
        "OPSGENIE_API_KEY"
    }

    fn address(&self) -> &'static str {
        "https://api.opsgenie.com"
    }

    fn authorization(&self, token: &str) -> String {
        format!("GenieKey {token}")
    }

    fn format(&self) -> &'static str {
        "opsgenie-alerts"
    }

    fn lists(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Vec<String>> {
        let of = |path: &str| -> Vec<String> {
            let windows = windows(since, until).into_iter();
            let list = windows.map(|(from, to)| {
                let query = format!(
                    "createdAt%3E%3D{}%20AND%20createdAt%3C{}",
                    from.timestamp_millis(),
                    to.timestamp_millis()
                );
                format!("{path}?query={query}&limit=100&offset=0&sort=createdAt&order=asc")
            });
            list.collect()
        };
        vec![of("/v1/incidents"), of("/v2/alerts")]
    }

    fn page(&self, _path: &str, answer: &Value) -> Page {
        let items = match answer.pointer("/data") {
            Some(Value::Array(items)) => items.clone(),
            Some(data) if data.get("entries").is_some() => list(data, "/entries"),
            // The response for one alert.
            Some(data) => vec![data.clone()],
            None => Vec::new(),
        };
        let next = text(answer, "/paging/next").or(text(answer, "/data/nextOffset"));
        Page {
            // Some lists name the last page again after it.
            next: next.filter(|_| !items.is_empty()).map(str::to_owned),
            total: answer.get("totalCount").and_then(Value::as_u64),
            items,
        }
    }

    fn item(&self, item: &Value) -> Option<Item> {
        Some(Item {
            id: text(item, "/id")?.to_owned(),
            changed: instant(item, "/updatedAt"),
            is_over: matches!(text(item, "/status"), Some("closed" | "resolved")),
        })
    }

    fn incident(&self, item: &Value) -> Option<IncidentRecord> {
        let id = text(item, "/id")?;
        let service = text(item, "/entity").or(text(item, "/source"));
        Some(IncidentRecord {
            impact_word: text(item, "/priority").map(str::to_owned),
            url: text(item, "/links/web").map(str::to_owned),
            announced: instant(item, "/createdAt").map(Moment::exact),
            impact_start: instant(item, "/impactStartDate").map(Moment::exact),
            impact_end: instant(item, "/impactEndDate").map(Moment::exact),
            components: service
                .filter(|_| is_alert(item))
                .map(|service| (String::new(), service.to_owned()))
                .into_iter()
                .collect(),
            ..IncidentRecord::new(id.to_owned(), text(item, "/message").unwrap_or(id).to_owned())
        })
    }

    fn children(&self, item: &Value) -> Option<String> {
        let id = text(item, "/id").filter(|_| !is_alert(item))?;
        Some(format!("/v1/incidents/{id}/associated-alert-ids"))
    }

    fn child(&self, id: &str) -> Option<String> {
        Some(format!("/v2/alerts/{id}"))
    }

    fn parts(&self, item: &Value) -> Vec<Part> {
        let id = text(item, "/id").unwrap_or_default();
        if is_alert(item) {
            return vec![
                Part { key: "logs", path: format!("/v2/alerts/{id}/logs?limit=100&order=asc") },
                Part { key: "notes", path: format!("/v2/alerts/{id}/notes?limit=100&order=asc") },
            ];
        }
        vec![
            Part {
                key: "timeline",
                path: format!("/v2/incident-timelines/{id}/entries?limit=100&order=asc"),
            },
            Part { key: "notes", path: format!("/v1/incidents/{id}/notes?limit=100&order=asc") },
            Part { key: "logs", path: format!("/v1/incidents/{id}/logs?limit=100&order=asc") },
        ]
    }

    fn document(&self, item: &Value, parts: Vec<(&'static str, Vec<Value>)>) -> Value {
        let all =
            std::iter::once(item.clone()).chain(parts.into_iter().flat_map(|(_, items)| items));
        json!({ "data": all.collect::<Vec<_>>() })
    }
}
