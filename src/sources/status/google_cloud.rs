//! Google Cloud and Google Workspace: `incidents.json`.
//!
//! The only status page that distinguishes the start of the impact (`begin`) from its announcement
//! (`created`) and its end (`end`, absent while ongoing). Its posts have a severity but no state,
//! so theirs stays unset; `AVAILABLE` is the end. Nearly every post has a `modified` that differs
//! from `created`, so that does not indicate an edit. The `modified` of an incident shows which of
//! two copies is newer.

use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::diag::Warned;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{
    self, JsonHead, RawRecords, Str, null_is_default, text_or_number, without_nulls,
};
use crate::sources::record::{IncidentRecord, Record, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(crate) struct GoogleCloud;

#[derive(Deserialize)]
struct Incident<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    /// The only id that existed in 2020.
    #[serde(borrow, default)]
    number: Option<&'a RawValue>,
    #[serde(borrow, default)]
    begin: Option<Str<'a>>,
    #[serde(borrow, default)]
    created: Option<Str<'a>>,
    #[serde(borrow, default)]
    modified: Option<Str<'a>>,
    #[serde(borrow, default)]
    end: Option<Str<'a>>,
    #[serde(borrow, default)]
    external_desc: Option<Str<'a>>,
    #[serde(borrow, default)]
    severity: Option<Str<'a>>,
    #[serde(borrow, default)]
    service_name: Option<Str<'a>>,
    #[serde(borrow, default)]
    uri: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    affected_products: Vec<Product<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    currently_affected_locations: Vec<Location<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    previously_affected_locations: Vec<Location<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    updates: RawRecords<'a>,
}

/// `{"title": "Taiwan (asia-east1)", "id": "asia-east1"}`.
#[derive(Deserialize)]
struct Location<'a> {
    #[serde(borrow, default, deserialize_with = "text_or_number")]
    id: Option<Str<'a>>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Product<'a> {
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    created: Option<Str<'a>>,
    #[serde(borrow, default)]
    when: Option<Str<'a>>,
    #[serde(borrow, default)]
    text: Option<Str<'a>>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
}

impl Source for GoogleCloud {
    fn id(&self) -> &'static str {
        "google-cloud"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords(&[("low", "minor"), ("medium", "major"), ("high", "critical")])
    }

    fn about(&self) -> &'static str {
        "Google Cloud and Google Workspace status: incidents.json"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/incidents.json"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head) if head.has_all(&["[].external_desc", "[].begin"]) => Verdict::Yes,
            Some(_) => Verdict::No("no list of incidents with `begin` and `external_desc`"),
        }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let list: RawRecords<'_> = json::parse(&decoded, decoded.body())?;
        let base = input.url.as_deref().and_then(|url| Url::parse(url).ok());
        let records =
            api::incidents(&list, "this incident", &mut warnings, |raw, text, warnings| {
                incident(raw, text, base.as_ref(), warnings)
            });
        Ok(warnings.finished(records))
    }
}

fn incident(
    raw: &Incident<'_>,
    text: &str,
    base: Option<&Url>,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    // Before there were ids, each product numbered its own incidents: only the address has both.
    let path =
        raw.uri.as_deref().map(|uri| uri.trim_start_matches('/').trim_start_matches("incident/"));
    let id = match (&raw.id, path.filter(|path| path.contains('/'))) {
        (None, Some(path)) => clean_line(path).replace('/', "-"),
        _ => api::id(raw.id.or(raw.number), "incident", text, warnings)?,
    };
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of incident {id}"), warnings)
    };
    let (begin, created, end) =
        (time(&raw.begin, "begin"), time(&raw.created, "created"), time(&raw.end, "end"));
    let revised = time(&raw.modified, "modified");
    let updates = updates(&raw.updates, &id, warnings);
    let named =
        raw.affected_products.iter().filter_map(|product| api::line(product.title.as_ref()));
    let mut products: Vec<String> = named.collect();
    if products.is_empty() {
        products.extend(api::line(raw.service_name.as_ref()));
    }
    let locations =
        raw.currently_affected_locations.iter().chain(&raw.previously_affected_locations);
    let mut regions: Vec<String> = Vec::new();
    for name in locations.filter_map(|place| api::line(place.id.as_ref().or(place.title.as_ref())))
    {
        if !regions.contains(&name) {
            regions.push(name);
        }
    }
    let is_over = end.is_some() || updates.last().is_some_and(|update| update.state.is_some());
    let record = IncidentRecord {
        impact_word: api::line(raw.severity.as_ref()),
        url: raw.uri.as_deref().and_then(|uri| Some(base?.join(uri).ok()?.to_string())),
        impact_start: begin,
        impact_end: end,
        announced: api::announced(created, &updates),
        resolved: end,
        state: is_over.then_some(State::Resolved),
        revised: api::revised(revised, &updates),
        updates,
        components: api::ungrouped(products),
        regions,
        ..IncidentRecord::new(id.clone(), title(raw.external_desc.as_ref(), &id, text, warnings))
    };
    api::has_time(&record, text, warnings).then_some(record)
}

/// The first line of the description that is not a heading. Workspace starts with a heading
/// `Title`.
fn title(
    description: Option<&Str<'_>>,
    id: &str,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> String {
    let lines = description.map(|text| text.lines()).into_iter().flatten();
    let mut lines = lines.map(|line| {
        let line = line.trim().trim_start_matches('#').trim();
        let (heading, rest) =
            line.strip_prefix("**").and_then(|rest| rest.split_once("**")).unwrap_or(("", line));
        let is_label = ["title", "summary", "description"]
            .contains(&heading.trim_end_matches(':').to_lowercase().as_str());
        clean_line(if is_label { rest.trim_start_matches(':') } else { line }).replace("**", "")
    });
    lines.find(|line| !line.is_empty()).unwrap_or_else(|| api::title(None, id, text, warnings))
}

fn updates(list: &[&RawValue], incident: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    let mut posts = Vec::with_capacity(list.len());
    for (raw, text) in
        api::records::<Update<'_>>(list, &format!("an update of incident {incident}"), warnings)
    {
        let mut time = |field: &Option<Str<'_>>, name: &str| {
            api::time(
                field.as_ref(),
                &format!("`{name}` of an update of incident {incident}"),
                warnings,
            )
        };
        let (when, created) = (time(&raw.when, "when"), time(&raw.created, "created"));
        let body = raw
            .text
            .as_deref()
            .map(|text| clean_markdown(text, TextKind::Markdown))
            .unwrap_or_default();
        let Some(at) = when.or(created) else {
            warnings.untimed(text, incident, api::untimed(None, None, body));
            continue;
        };
        // The text may be edited; its creation time does not change.
        let id =
            api::content_id(&[raw.created.as_deref().or(raw.when.as_deref()).unwrap_or_default()]);
        let mut post = api::post(id, at, body);
        api::clocks(&mut post, created, None);
        post.state = (raw.status.as_deref() == Some("AVAILABLE")).then_some(State::Resolved);
        posts.push(post);
    }
    let mut posts = api::in_order_of_time(posts, true);
    // Only the last run of them is the end; within it, posts after the first are reports.
    let end = posts.iter().rposition(|post| post.state.is_none()).map_or(0, |last| last + 1);
    for (index, post) in posts.iter_mut().enumerate() {
        if index < end {
            post.state = None;
        } else if index > end && is_report(&post.text) {
            post.state = Some(State::Postmortem);
        }
    }
    posts
}

/// Whether a post starts with the heading of a write-up: `# Mini Incident Report`.
fn is_report(text: &str) -> bool {
    let first =
        text.lines().next().unwrap_or_default().trim_matches(['#', '*', ' ']).to_lowercase();
    ["incident report", "mini incident report"].iter().any(|heading| first.starts_with(heading))
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Incident, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let incidents = list(all, |one| {
            let posts = list(one.newest(), |Post { at, word, text, edited }| {
                let status = if *word == "resolved" { "AVAILABLE" } else { "SERVICE_DISRUPTION" };
                format!(
                    r#"{{"created": "{at}", "modified": "{edited}", "when": "{at}", "text": "{text}", "status": "{status}"}}"#
                )
            });
            let Incident { number, link, title, revised, .. } = one;
            format!(
                r#"{{"id": "{number}", "number": "{number}", "begin": "{0}", "created": "{0}", "modified": "{revised}", "external_desc": "{title}", "severity": "low", "status_impact": "SERVICE_DISRUPTION", "service_key": "x", "service_name": "{title}", "uri": "{link}", "updates": [{posts}]}}"#,
                one.first().at
            )
        });
        format!("[{incidents}]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::status::kit::api::testing::{outline, read};
    use crate::sources::status::kit::odd_fields;

    fn page(updates: &str, rest: &str) -> String {
        format!(
            r#"[{{"id": "abc", "number": "77", "begin": "2026-01-01T10:00:00+00:00", "created": "2026-01-01T10:55:00+00:00",
             "external_desc": "**Summary:**\nErrors in \"storage\"\nMore", "severity": "high", "service_name": "Multiple Products",
             "updates": [{updates}], "uri": "incidents/abc", "new_field": [1] {rest}}}]"#
        )
    }

    fn update(at: &str, status: &str, text: &str) -> String {
        format!(
            r##"{{"created": "2026-01-01T{at}:00+00:00", "modified": "2026-01-01T23:00:00+00:00", "when": "2026-01-01T{at}:00+00:00",
             "text": "{text}", "status": "{status}", "affected_locations": []}}"##
        )
    }

    #[test]
    fn impact_and_announcement_are_separate() {
        let posts = [
            update("14:00", "AVAILABLE", "# Incident Report\\nWhy"),
            update("12:30", "AVAILABLE", "All is well"),
            update("11:30", "SERVICE_INFORMATION", "Better"),
            update("10:55", "SERVICE_OUTAGE", "We see **errors**"),
        ];
        let products = r#", "end": "2026-01-01T12:20:00+00:00", "affected_products": [{"title": "Storage", "id": "x"}, null]"#;
        let (incidents, warnings) = read(&GoogleCloud, &page(&posts.join(","), products));
        let incident = &incidents[0];
        assert_eq!(warnings, [""; 0]);
        let shown = [incident.impact_start, incident.announced, incident.impact_end]
            .map(|at| at.unwrap().to_string());
        assert_eq!(shown, ["2026-01-01T10:00:00Z", "2026-01-01T10:55:00Z", "2026-01-01T12:20:00Z"]);
        assert_eq!(
            outline(incident),
            [
                "2026-01-01T10:55:00Z - We see **errors**",
                "2026-01-01T11:30:00Z - Better",
                "2026-01-01T12:30:00Z resolved All is well",
                "2026-01-01T14:00:00Z postmortem # Incident Report\nWhy",
            ]
        );
        assert!(incident.updates.iter().all(|update| update.edited.is_none()));
        assert_eq!(
            (incident.title.as_str(), incident.state),
            ("Errors in \"storage\"", Some(State::Resolved))
        );
        assert_eq!(incident.components, [(String::new(), "Storage".to_owned())]);
        assert_eq!(incident.impact_word.as_deref(), Some("high"));
    }

    #[test]
    fn open_or_reopened_incident_has_no_end() {
        let posts = [
            update("13:00", "SERVICE_DISRUPTION", "Again"),
            update("12:30", "AVAILABLE", "All is well"),
            update("10:55", "SERVICE_OUTAGE", "Errors"),
        ];
        let (incidents, _) = read(&GoogleCloud, &page(&posts.join(","), ""));
        assert_eq!((incidents[0].impact_end, incidents[0].state), (None, None));
        assert!(incidents[0].updates.iter().all(|update| update.state.is_none()));
        assert_eq!(incidents[0].components, [(String::new(), "Multiple Products".to_owned())]);
    }

    #[test]
    fn edited_post_keeps_its_id_and_simultaneous_posts_get_two() {
        let ids = |posts: &[String]| -> Vec<String> {
            read(&GoogleCloud, &page(&posts.join(","), "")).0[0]
                .updates
                .iter()
                .map(|update| update.id.clone())
                .collect()
        };
        let one = ids(&[update("11:00", "SERVICE_OUTAGE", "a")]);
        assert_eq!(one, ids(&[update("11:00", "SERVICE_OUTAGE", "b")]));
        let two =
            ids(&[update("11:00", "SERVICE_OUTAGE", "b"), update("11:00", "SERVICE_OUTAGE", "a")]);
        assert!(two.len() == 2 && two[0] != two[1]);
    }

    #[test]
    fn format_of_2020_and_damaged_records_are_read_partly() {
        let text = r#"[
            {"number": 20013, "begin": "2020-12-14T11:47:00Z", "created": "2020-12-14T12:19:58Z", "external_desc": "Sign-in",
             "service_key": "cloud-iam", "most-recent-update": {"text": "x"}, "updates": [
              {"created": "2020-12-14T12:19:58Z", "when": "soon", "text": "x"}, {"text": "timeless"}, 7]},
            {"begin": "2020-12-14T11:47:00Z", "external_desc": "nameless"},
            {"id": "timeless", "external_desc": ""}, 5]"#;
        let (incidents, warnings) = read(&GoogleCloud, text);
        assert_eq!(
            incidents.iter().map(|incident| incident.id.as_str()).collect::<Vec<_>>(),
            ["20013"]
        );
        assert_eq!(outline(&incidents[0]), ["2020-12-14T12:19:58Z - x"]);
        assert_eq!(
            incidents[0].untimed.iter().map(|post| post.text.as_str()).collect::<Vec<_>>(),
            ["timeless"]
        );
        for (line, part) in [
            (4, "`soon` is not a time"),
            (4, "a post of incident 20013 has no time that can be read"),
            (4, "an update of incident 20013 cannot be read"),
            (5, "this incident has no id"),
            (6, "timeless has no time at all"),
            (6, "this incident cannot be read"),
        ] {
            let prefix = format!("page.json:{line}:");
            assert!(
                warnings.iter().any(|w| w.starts_with(&prefix) && w.contains(part)),
                "{line} {part}: {warnings:#?}"
            );
        }
    }

    #[test]
    fn incident_address_follows_from_the_page_address() {
        let text = page("", "");
        let input = Input {
            url: Some("https://status.example.com/incidents.json".to_owned()),
            ..Input::new("x", text.as_str())
        };
        let read = GoogleCloud.read(&input, &ReadOptions::default()).unwrap();
        let Record::Incident(incident) = &read.value[0] else { panic!() };
        assert_eq!(incident.url.as_deref(), Some("https://status.example.com/incidents/abc"));
    }

    #[test]
    fn wrong_type_loses_no_other_text() {
        odd_fields::check(&odd_fields::Capture {
            source: &GoogleCloud,
            essential: &["id"],
            refers: false,
            text: r#"[{"id": "AAAAAAAAAAAAAAAAAAAA", "number": "1", "begin": "2026-01-01T10:00:00+00:00", "created": "2026-01-01T10:10:00+00:00", "end": "2026-01-01T12:00:00+00:00",
           "modified": "2026-01-01T12:00:00+00:00", "external_desc": "A", "severity": "low", "status_impact": "SERVICE_INFORMATION", "service_key": "x", "service_name": "Logging",
           "affected_products": [{"title": "Logging", "id": "x"}], "uri": "incidents/AAAAAAAAAAAAAAAAAAAA", "previously_affected_locations": [{"title": "Taiwan (asia-east1)", "id": "asia-east1"}],
           "updates": [{"created": "2026-01-01T12:00:00+00:00", "modified": "2026-01-01T12:00:00+00:00", "when": "2026-01-01T12:00:00+00:00", "text": "text-a2", "status": "AVAILABLE"},
             {"created": "2026-01-01T10:10:00+00:00", "when": "2026-01-01T10:10:00+00:00", "text": "text-a1", "status": "SERVICE_DISRUPTION"}]},
          {"id": "BBBBBBBBBBBBBBBBBBBB", "number": "2", "begin": "2026-01-02T10:00:00+00:00", "created": "2026-01-02T10:10:00+00:00", "external_desc": "B", "severity": "high",
           "service_key": "y", "service_name": "Storage", "updates": [{"created": "2026-01-02T10:10:00+00:00", "when": "2026-01-02T10:10:00+00:00", "text": "text-b1", "status": "SERVICE_DISRUPTION"}]}]"#,
        });
    }
}
