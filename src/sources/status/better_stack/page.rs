//! Better Stack (Better Uptime): `index.json`, in JSON:API.
//!
//! Reports and their updates are in one list, `included`, and refer to each other by id; the update
//! ids of a report are unordered. Updates have no states: an update in which all resources are
//! resolved is the end, since `ends_at` is null on reports that people wrote. The page's zone is a
//! Rails name (`Eastern Time (US & Canada)`), not an IANA name; it is not needed, because every
//! time is in UTC.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diag::Warned;
use crate::model::impact::Level;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::decode;
use crate::sources::input::Input;
use crate::sources::json::{JsonHead, RawRecords, Str, without_nulls};
use crate::sources::paging;
use crate::sources::record::{IncidentRecord, Record, UntimedPost, UpdateRecord};
use crate::sources::severity::SeverityWords;
use crate::sources::source::{ReadError, ReadOptions, Source, Verdict, WrittenFrom, Yields};
use crate::sources::status::kit::api;
use crate::sources::status::kit::json_api::{Document, Object};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_markdown};
use crate::text::counted_that;

pub(crate) struct BetterStack;

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    company_name: Option<Str<'a>>,
}

/// A section or a resource.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(borrow, default)]
    public_name: Option<Str<'a>>,
    #[serde(borrow, default)]
    status_page_section_id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    report_type: Option<Str<'a>>,
    #[serde(borrow, default)]
    starts_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    ends_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    aggregate_state: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    affected_resources: Vec<Affected<'a>>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    message: Option<Str<'a>>,
    #[serde(borrow, default)]
    published_at: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    affected_resources: Vec<Affected<'a>>,
}

#[derive(Deserialize)]
struct Affected<'a> {
    #[serde(borrow, default)]
    status_page_resource_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<Str<'a>>,
}

impl Source for BetterStack {
    fn id(&self) -> &'static str {
        "better-stack"
    }

    fn has_global_ids(&self) -> bool {
        true
    }

    fn severities(&self) -> SeverityWords {
        SeverityWords(&[("operational", "none"), ("degraded", "minor"), ("downtime", "critical")])
    }

    fn about(&self) -> &'static str {
        "Better Stack status page: index.json"
    }

    fn written_from(&self) -> WrittenFrom {
        WrittenFrom::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Incidents
    }

    fn endpoints(&self) -> &'static [&'static str] {
        &["/index.json"]
    }

    #[cfg(test)]
    fn sample(&self) -> Option<crate::sources::sample::Sample> {
        Some(sample::sample(self.id()))
    }

    fn sniff(&self, input: &Input) -> Verdict {
        match JsonHead::scan(&decode::head(input)) {
            None => Verdict::No("not JSON"),
            Some(head) if head.first(".data.type") == Some("status_page") => Verdict::Yes,
            Some(_) => Verdict::No("no `data` of the type `status_page`"),
        }
    }

    fn next_page(&self, input: &Input, _: &[Record]) -> Option<String> {
        paging::linked(decode::decode(&input.bytes).ok()?.body())
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut warnings = Warnings::new(input, &decoded).in_zone(options.zone);
        let document: Document<'_> = api::document(&decoded, decoded.body(), &mut warnings)?;
        let Some(data) = document.data else { return Err(ReadError::new("no `data` in it")) };
        let included = api::list(document.included, "`included`", &mut warnings);
        let page = page(data, &included, &mut warnings);
        let mut records = Vec::new();
        for whole in &page.reports {
            let record = warnings.naming(|warnings| report(whole, &page, warnings));
            records.extend(record.map(Record::Incident));
        }
        Ok(warnings.finished(records))
    }
}

/// The objects of the list, by id.
struct Whole<'a> {
    provider: Option<String>,
    /// Group and name of each resource.
    resources: BTreeMap<String, (String, String)>,
    updates: BTreeMap<String, &'a RawValue>,
    reports: Vec<WholeReport<'a>>,
}

struct WholeReport<'a> {
    object: Object<'a>,
    /// The ids of its updates, unordered.
    updates: Vec<String>,
    text: &'a str,
}

fn page<'a>(
    data: &'a RawValue,
    included: &RawRecords<'a>,
    warnings: &mut Warnings<'_>,
) -> Whole<'a> {
    let head: Option<Object<'_>> = api::record(data, "the page", warnings);
    let head: Option<Page<'_>> = head
        .and_then(|head| head.attributes)
        .and_then(|raw| api::record(raw, "the page", warnings));
    let mut whole = Whole {
        provider: head.and_then(|page| api::line(page.company_name.as_ref())),
        resources: BTreeMap::new(),
        updates: BTreeMap::new(),
        reports: Vec::new(),
    };
    let mut sections: BTreeMap<String, String> = BTreeMap::new();
    let mut resources: Vec<(String, Named<'_>)> = Vec::new();
    for (object, text) in api::records::<Object<'a>>(included, "an object of `included`", warnings)
    {
        let (Some(id), Some(kind)) = (api::scalar(object.id), object.kind.as_deref()) else {
            warnings.about(text, "this object of `included` has no id or no type and was left out");
            continue;
        };
        match (kind, object.attributes) {
            ("status_report", _) => {
                let updates =
                    object.related(&["status_updates"], &format!("report {id}"), warnings);
                whole.reports.push(WholeReport { object, updates, text });
            }
            ("status_update", Some(raw)) => {
                whole.updates.insert(id.into_owned(), raw);
            }
            ("status_page_section" | "status_page_resource", Some(raw)) => {
                let Some(named) = api::record::<Named<'_>>(raw, "a resource", warnings) else {
                    continue;
                };
                if kind == "status_page_resource" {
                    resources.push((id.into_owned(), named));
                } else {
                    sections.insert(
                        id.into_owned(),
                        api::line(named.name.as_ref()).unwrap_or_default(),
                    );
                }
            }
            _ => {}
        }
    }
    whole.check_updates(data.get(), warnings);
    for (id, named) in resources {
        let section = api::scalar(named.status_page_section_id);
        let group = section.and_then(|id| sections.get(&*id).cloned()).unwrap_or_default();
        whole
            .resources
            .extend(api::line(named.public_name.as_ref()).map(|name| (id, (group, name))));
    }
    whole
}

impl Whole<'_> {
    /// Warns of updates that no report refers to.
    fn check_updates(&self, text: &str, warnings: &mut Warnings<'_>) {
        let related: BTreeSet<&String> =
            self.reports.iter().flat_map(|report| &report.updates).collect();
        let strays = self.updates.keys().filter(|id| !related.contains(id)).count();
        if strays > 0 {
            warnings.about(
                text,
                counted_that(strays, "update", ["was left out", "were left out"])
                    + ": no report of the file refers to it",
            );
        }
    }
}

fn report(
    whole: &WholeReport<'_>,
    page: &Whole<'_>,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let WholeReport { object, text, .. } = whole;
    let id = api::id(object.id, "report", text, warnings)?;
    let Some(raw) =
        object.attributes.and_then(|raw| api::record::<Report<'_>>(raw, "this report", warnings))
    else {
        warnings.about(text, format!("report {id} has no attributes and was left out"));
        return None;
    };
    let starts =
        api::time(raw.starts_at.as_ref(), &format!("`starts_at` of report {id}"), warnings);
    let ends = api::time(raw.ends_at.as_ref(), &format!("`ends_at` of report {id}"), warnings);
    let maintenance = raw.report_type.as_deref() == Some("maintenance");
    let updates = updates(whole, &id, maintenance, page, warnings);
    let is_over = raw.aggregate_state.as_deref() == Some("resolved");
    let mut components: Vec<(String, String)> = Vec::new();
    for (resource, _) in affected(&raw.affected_resources, page) {
        if !components.contains(resource) {
            components.push(resource.clone());
        }
    }
    let planned = starts.map(|from| (from, ends)).filter(|_| maintenance);
    let mut record = IncidentRecord {
        maintenance,
        impact_word: api::line(raw.aggregate_state.as_ref())
            .filter(|word| !maintenance && word != "resolved"),
        provider: page.provider.clone(),
        impact_start: starts.filter(|_| !maintenance),
        impact_end: ends.filter(|_| !maintenance),
        announced: if maintenance { None } else { api::announced(None, &updates) },
        resolved: ends.filter(|_| !maintenance),
        scheduled: planned,
        state: is_over.then_some(if maintenance { State::Completed } else { State::Resolved }),
        updates,
        components,
        ..IncidentRecord::new(id.clone(), api::title(raw.title.as_ref(), &id, text, warnings))
    };
    let attributes = object.attributes.map_or("", |raw| raw.get());
    api::take_revision(&mut record, attributes, warnings);
    api::has_time(&record, text, warnings).then_some(record)
}

/// Group and name of the listed resources, each with its state word.
fn affected<'p>(
    list: &[Affected<'_>],
    page: &'p Whole<'_>,
) -> Vec<(&'p (String, String), Option<String>)> {
    let known = |affected: &Affected<'_>| {
        let resource = page.resources.get(&*api::scalar(affected.status_page_resource_id)?)?;
        Some((resource, api::line(affected.status.as_ref())))
    };
    list.iter().filter_map(known).collect()
}

fn updates(
    whole: &WholeReport<'_>,
    report: &str,
    maintenance: bool,
    page: &Whole<'_>,
    warnings: &mut Warnings<'_>,
) -> Vec<UpdateRecord> {
    let mut posts = Vec::new();
    for id in &whole.updates {
        let Some(raw) = page.updates.get(id) else {
            warnings
                .about(whole.text, format!("update {id} of report {report} is not in the file"));
            continue;
        };
        let Some(update) =
            api::record::<Update<'_>>(raw, &format!("update {id} of report {report}"), warnings)
        else {
            continue;
        };
        let what = format!("`published_at` of update {id} of report {report}");
        let at: Option<Moment> = api::time(update.published_at.as_ref(), &what, warnings);
        let body = update
            .message
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let Some(at) = at else {
            warnings.untimed(
                raw.get(),
                report,
                UntimedPost { id: id.clone(), state: None, text: body },
            );
            continue;
        };
        let mut post = api::post(id.clone(), at, body);
        api::take_edit(&mut post, raw.get(), warnings);
        let resources = &update.affected_resources;
        let is_end = |affected: &Affected<'_>| affected.status.as_deref() == Some("resolved");
        if !maintenance && !resources.is_empty() && resources.iter().all(is_end) {
            post.state = Some(State::Resolved);
        }
        let levels = affected(resources, page).into_iter();
        post.components = levels
            .filter_map(|((_, name), word)| Some((name.clone(), level(word.as_deref())?)))
            .collect();
        posts.push(post);
    }
    let mut posts = api::in_order_of_time(posts, false);
    // An end that is followed by impact was not the end.
    let is_impact = |post: &UpdateRecord| post.components.iter().any(|(_, level)| level.is_some());
    let goes_on = posts.iter().rposition(is_impact).unwrap_or_default();
    posts.iter_mut().take(goes_on).for_each(|post| post.state = None);
    posts
}

/// The impact that a resource's word means: `Some(None)` is none, `None` is unknown.
fn level(word: Option<&str>) -> Option<Option<Level>> {
    match word? {
        "resolved" | "operational" => Some(None),
        "degraded" => Some(Some(Level::Degraded)),
        "downtime" => Some(Some(Level::Full)),
        _ => None,
    }
}

#[cfg(test)]
mod sample {
    use crate::sources::sample::{IdOf, Incident, Post, Revision, Sample, instant, list};

    pub(super) fn sample(format: &'static str) -> Sample {
        Sample::json(format, IdOf::Number, Revision::Posts, written)
    }

    fn written(all: &[Incident<'_>]) -> String {
        let id = |one: &Incident<'_>, post: &Post<'_>| {
            format!("{}{}", one.number, instant(post.at).timestamp())
        };
        let reports = list(all, |one| {
            let posts = list(&one.posts, |post| format!(r#"{{"id": "{}"}}"#, id(one, post)));
            let Incident { number, title, revised, .. } = one;
            format!(
                r#"{{"id": "{number}", "type": "status_report", "attributes": {{"title": "{title}", "report_type": "manual", "starts_at": "{}", "updated_at": "{revised}", "affected_resources": [], "aggregate_state": "downtime"}}, "relationships": {{"status_updates": {{"data": [{posts}]}}}}}}"#,
                one.first().at
            )
        });
        let posts = list(all, |one| {
            list(&one.posts, |post| {
                let Post { at, text, edited, .. } = post;
                format!(
                    r#"{{"id": "{}", "type": "status_update", "attributes": {{"message": "{text}", "published_at": "{at}", "updated_at": "{edited}"}}}}"#,
                    id(one, post)
                )
            })
        });
        format!(
            r#"{{"data": {{"id": "1", "type": "status_page", "attributes": {{"company_name": "Example", "timezone": "UTC"}}}}, "included": [{reports}, {posts}]}}"#
        )
    }
}

#[cfg(test)]
mod tests;
