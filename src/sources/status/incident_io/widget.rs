//! incident.io: the summary for a status page's widget, `/api/v1/summary`.
//!
//! It lists what is ongoing and planned, each only with the text and time of its last update. The
//! fields (`ongoing_incidents`, `in_progress_maintenances`, `scheduled_maintenances`,
//! `last_update_at`, `current_worst_impact`) are those of the widget API as typed in its public
//! clients. It does not have the start of an incident; `/api/v2/incidents.json` of the same page
//! has it, under the same ids.

use super::FAMILY;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Warned};
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, Str, without_nulls};
use crate::sources::record::{IncidentRecord, Record};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::provider_of;
use crate::sources::status::kit::feed::timestamp::Order;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};

/// Every impact word, from the least to the worst.
const IMPACTS: SeverityWords = SeverityWords(&[
    ("degraded_performance", "minor"),
    ("partial_outage", "major"),
    ("full_outage", "critical"),
]);

pub(crate) struct IncidentIoWidget;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    page_title: Option<Str<'a>>,
    #[serde(borrow, default)]
    ongoing_incidents: Option<&'a RawValue>,
    #[serde(borrow, default)]
    in_progress_maintenances: Option<&'a RawValue>,
    #[serde(borrow, default)]
    scheduled_maintenances: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
    #[serde(borrow, default)]
    url: Option<Str<'a>>,
    #[serde(borrow, default)]
    last_update_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    last_update_message: Option<Str<'a>>,
    #[serde(borrow, default)]
    current_worst_impact: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    affected_components: Vec<Component<'a>>,
    /// The plan of a future maintenance. A current one has only its end.
    #[serde(borrow, default)]
    starts_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    ends_at: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Component<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    group_name: Option<Str<'a>>,
}

impl Source for IncidentIoWidget {
    fn id(&self) -> &'static str {
        "incident-io-widget"
    }

    fn family(&self) -> &'static str {
        FAMILY
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        IMPACTS
    }

    fn about(&self) -> &'static str {
        "incident.io: /api/v1/summary, ongoing incidents (the last update only)"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Documentation
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head)
                if head.has(".ongoing_incidents") || head.has(".in_progress_maintenances") =>
            {
                Verdict::Yes
            }
            Some(_) => Verdict::No("no `ongoing_incidents`"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        if document.ongoing_incidents.is_none() && document.in_progress_maintenances.is_none() {
            return Err(ReadError::new("no `ongoing_incidents` in it"));
        }
        let provider =
            api::line(document.page_title.as_ref()).and_then(|title| provider_of(&title));
        let lists = [
            (document.ongoing_incidents, "`ongoing_incidents`", false),
            (document.in_progress_maintenances, "`in_progress_maintenances`", true),
            (document.scheduled_maintenances, "`scheduled_maintenances`", true),
        ];
        let mut records = Vec::new();
        for (list, name, is_planned) in lists {
            let list = api::list(list, name, &mut warnings);
            records.extend(api::incidents::<Incident<'_>>(
                &list,
                "this incident",
                &mut warnings,
                |raw, text, warnings| {
                    let record = incident(raw, is_planned, text, warnings)?;
                    Some(IncidentRecord { provider: provider.clone(), ..record })
                },
            ));
        }
        if !records.is_empty() {
            let note = "this summary has the last update of each incident only: when they began is unknown";
            warnings.say(
                Diagnostic::note(note)
                    .hint("/api/v2/incidents.json of the same page has all updates"),
            );
        }
        Ok(warnings.finished(records))
    }
}

fn incident(
    raw: &Incident<'_>,
    is_planned: bool,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = api::id(raw.id, "incident", text, warnings)?;
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of incident {id}"), warnings)
    };
    let at = time(&raw.last_update_at, "last_update_at");
    let scheduled =
        time(&raw.starts_at, "starts_at").map(|from| (from, time(&raw.ends_at, "ends_at")));
    let word = api::line(raw.status.as_ref()).unwrap_or_default();
    let state = posts::state(&word);
    if let (Some(word), None) = (&raw.status, state) {
        warnings.about(
            word,
            format!(
                "incident {id} has the unknown state `{}`",
                api::line(Some(word)).unwrap_or_default()
            ),
        );
    }
    let body =
        raw.last_update_message.as_deref().map(|body| clean_markdown(body, TextKind::Markdown));
    let body = body.filter(|body| !body.is_empty());
    if let (Some(body), None) = (&body, at) {
        warnings.untimed(text, &id, api::untimed(None, state, body.clone()));
    }
    let last = at.zip(body).map(|(at, text)| Post { at, created: None, state, word, text });
    let named = |component: &Component<'_>| {
        Some((
            api::line(component.group_name.as_ref()).unwrap_or_default(),
            api::line(component.name.as_ref())?,
        ))
    };
    let record = IncidentRecord {
        maintenance: is_planned,
        impact_word: api::line(raw.current_worst_impact.as_ref()).filter(|_| !is_planned),
        url: api::link(raw.url.as_ref()),
        scheduled,
        state,
        updates: posts::updates(last.into_iter().collect(), Order::NewestFirst),
        latest_only: true,
        components: raw.affected_components.iter().filter_map(named).collect(),
        ..IncidentRecord::new(id.clone(), api::title(raw.name.as_ref(), &id, text, warnings))
    };
    Some(record)
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{HOME, IdOf, Incident, Post, Revision, Sample, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::None, written).with_latest_post_only()
    }

    fn written(all: &[Incident<'_>]) -> String {
        let incidents = list(all, |one| {
            let Incident { number, link, title, .. } = one;
            let Post { at, word, text, .. } = one.last();
            format!(
                r#"{{"id": "{number}", "name": "{title}", "status": "{word}", "url": "{link}", "last_update_at": "{at}", "last_update_message": "{text}", "affected_components": []}}"#
            )
        });
        format!(
            r#"{{"page_title": "Example Status", "page_url": "{HOME}", "ongoing_incidents": [{incidents}], "in_progress_maintenances": [], "scheduled_maintenances": []}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::timeline::State;
    use crate::sources::status::kit::api::testing::{outline, read};

    #[test]
    fn incident_has_only_its_last_update() {
        let text = r#"{"page_title": "Example Status", "page_url": "https://status.example.com", "ongoing_incidents": [
            {"id": "01KDWFZY800000000000000001", "name": "Slow", "status": "identified", "url": "https://status.example.com/incidents/01KDWFZY800000000000000001",
             "last_update_at": "2026-01-01T10:30:00Z", "last_update_message": "Found **it**.", "current_worst_impact": "partial_outage",
             "affected_components": [{"id": "c", "name": "API", "group_name": "EU"}, {"id": "d", "name": "Web"}, null]},
            {"name": "no id"}, {"id": "x", "name": "Odd", "status": "wondering", "last_update_message": "When?"}],
          "in_progress_maintenances": [{"id": "m1", "name": "Move", "status": "maintenance_in_progress", "last_update_at": "2026-01-01T09:00:00Z",
             "last_update_message": null, "started_at": "2026-01-01T09:00:00Z", "scheduled_end_at": "2026-01-01T12:00:00Z", "affected_components": []}],
          "scheduled_maintenances": [{"id": "m2", "name": "Work", "status": "maintenance_scheduled", "last_update_at": "2026-01-01T00:00:00Z",
             "last_update_message": "Soon.", "starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-02-02T00:00:00Z"}]}"#;
        let (incidents, warnings) = read(&IncidentIoWidget, text);
        let incident = &incidents[0];
        assert_eq!(outline(incident), ["2026-01-01T10:30:00Z identified Found **it**."]);
        assert_eq!(
            (incident.announced, incident.latest_only, incident.provider.as_deref()),
            (None, true, Some("Example"))
        );
        assert_eq!(
            incident.components,
            [("EU", "API"), ("", "Web")].map(|(group, name)| (group.to_owned(), name.to_owned()))
        );
        let planned: Vec<_> = incidents
            .iter()
            .map(|incident| (incident.maintenance, incident.scheduled.is_some(), incident.state))
            .collect();
        assert_eq!(
            planned[1..],
            [
                (false, false, None),
                (true, false, Some(State::InProgress)),
                (true, true, Some(State::Scheduled))
            ],
            "the plan of one under way has no beginning"
        );
        for part in [
            "has no id",
            "unknown state `wondering`",
            "a post of incident x has no time",
            "last update of each",
        ] {
            assert!(warnings.iter().any(|warning| warning.contains(part)), "{part}: {warnings:?}");
        }
        assert_eq!(warnings.len(), 4, "{warnings:?}");
    }

    #[test]
    fn quiet_page_has_no_incidents() {
        let (incidents, warnings) = read(
            &IncidentIoWidget,
            r#"{"ongoing_incidents": [], "in_progress_maintenances": [], "scheduled_maintenances": []}"#,
        );
        assert_eq!((incidents, warnings), (vec![], vec![]));
    }
}
