//! Converts the API's records to incidents.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DurationRound as _;
use serde_json::value::RawValue;

use super::wire::{AffectedComponent, Component, Incident, Page, Update};
use crate::model::impact::Level;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::json::Str;
use crate::sources::record::{IncidentRecord, UntimedPost, UpdateRecord};
use crate::sources::status::kit::feed::posts::is_of_maintenance;
use crate::sources::status::kit::{api, ties};
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};
use crate::text::link::is_safe_link;

/// What applies to all incidents of one response.
pub(super) struct PageContext<'a> {
    page: Page<'a>,
    /// The names of the page's components and groups by id.
    names: BTreeMap<Str<'a>, Str<'a>>,
    /// The group of each component that is in one, by id.
    groups: BTreeMap<Str<'a>, Str<'a>>,
}

impl<'a> PageContext<'a> {
    pub(super) fn new(page: Option<Page<'a>>, components: Vec<Component<'a>>) -> Self {
        let mut context = PageContext {
            page: page.unwrap_or_default(),
            names: BTreeMap::new(),
            groups: BTreeMap::new(),
        };
        for Component { id, name, group_id } in components {
            if let (Some(id), Some(group)) = (id.clone(), group_id) {
                context.groups.insert(id, group);
            }
            if let (Some(id), Some(name)) = (id, name) {
                context.names.insert(id, name);
            }
        }
        context
    }
}

/// Reads one incident or maintenance; `None`, with a warning, if its id or all its times are
/// missing.
pub(super) fn incident<'a>(
    record: &'a RawValue,
    context: &PageContext<'a>,
    is_maintenance: bool,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let text = record.get();
    let raw: Incident<'a> = api::record(record, "this incident", warnings)?;
    let Some(id) = raw.id.as_deref().map(clean_line).filter(|id| !id.is_empty()) else {
        warnings.about(text, "this incident has no id and was left out");
        return None;
    };
    let mut posts = updates(&raw, &id, warnings);
    posts.extend(postmortem(&raw, &id, &posts, warnings));
    let posts = in_order_of_time(posts);
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format_args!("`{name}` of incident {id}"), warnings)
    };
    let (created, started) =
        (time(&raw.created_at, "created_at"), time(&raw.started_at, "started_at"));
    let (resolved, revised) =
        (time(&raw.resolved_at, "resolved_at"), time(&raw.updated_at, "updated_at"));
    let plan =
        (time(&raw.scheduled_for, "scheduled_for"), time(&raw.scheduled_until, "scheduled_until"));
    let state = api::state(raw.status.as_ref(), format_args!("incident {id}"), warnings);
    // `started_at` moves when an update is edited, and updates can be backdated.
    let announced = [created, started]
        .into_iter()
        .flatten()
        .chain(posts.iter().map(|post| post.record.at))
        .min();
    if announced.is_none() && !warnings.has_untimed(&id) {
        warnings.about(text, format!("incident {id} has no time at all and was left out"));
        return None;
    }
    let naming = Naming::new(context, &raw.components);
    let components = affected(&naming, &raw.components, &posts);
    let maintenance = is_maintenance || plan.0.is_some() || state.is_some_and(is_of_maintenance);
    let updates = naming.levels(posts, warnings);
    let title = title(raw.name.as_ref(), &id, text, warnings);
    let record = IncidentRecord {
        maintenance,
        impact_word: raw.impact.as_deref().map(clean_line).filter(|word| !word.is_empty()),
        url: address(raw.shortlink.as_ref(), context.page.url.as_ref(), &id),
        provider: context.page.name.as_deref().map(clean_line).filter(|name| !name.is_empty()),
        zone: context.page.time_zone.as_deref().map(clean_line).filter(|zone| !zone.is_empty()),
        announced,
        resolved,
        scheduled: plan.0.map(|from| (from, plan.1)),
        state,
        revised: api::revised(revised, &updates),
        updates,
        components,
        ..IncidentRecord::new(id, title)
    };
    check_end(&record, text, warnings);
    Some(record)
}

fn title(name: Option<&Str<'_>>, id: &str, text: &str, warnings: &mut Warnings<'_>) -> String {
    let title = name.map(|name| clean_line(name)).unwrap_or_default();
    if !title.is_empty() {
        return title;
    }
    warnings.about(text, format!("incident {id} has no name, and is called by its id"));
    id.to_owned()
}

/// The short link of the page, or the incident's page.
fn address(shortlink: Option<&Str<'_>>, page: Option<&Str<'_>>, id: &str) -> Option<String> {
    let short = shortlink.map(|link| clean_line(link)).filter(|link| is_safe_link(link));
    short.or_else(|| {
        let page = clean_line(page?);
        is_safe_link(&page).then(|| format!("{}/incidents/{id}", page.trim_end_matches('/')))
    })
}

/// Warns if `resolved_at` is not the time of a final closing update: it keeps the first end of a
/// reopened incident. If several closing updates follow each other, any of them may be meant.
fn check_end(record: &IncidentRecord, text: &str, warnings: &mut Warnings<'_>) {
    let is_end = |update: &UpdateRecord| update.state.is_some_and(State::is_terminal);
    let goes_on =
        |update: &UpdateRecord| update.state.is_some_and(State::is_phase) && !is_end(update);
    let (Some(resolved), Some(last)) = (record.resolved, record.updates.iter().rposition(is_end))
    else {
        return;
    };
    let first = record.updates[..last].iter().rposition(goes_on).map_or(0, |index| index + 1);
    let mut ends = record.updates[first..=last].iter().filter(|update| is_end(update));
    let is_meant = |end: &UpdateRecord| {
        (end.at.middle() - resolved.middle()).abs() <= chrono::TimeDelta::minutes(1)
    };
    let Some(end) = ends.next() else { return };
    if !is_meant(end) && !ends.any(is_meant) {
        let message = format!(
            "incident {}: `resolved_at` says {resolved}, its closing update says {}; the updates count",
            record.id, end.at
        );
        warnings.about(text, message);
    }
}

/// An update, with its components still to be compared with the previous ones.
struct Post<'a> {
    record: UpdateRecord,
    changes: Vec<AffectedComponent<'a>>,
}

fn updates<'a>(raw: &Incident<'a>, incident: &str, warnings: &mut Warnings<'_>) -> Vec<Post<'a>> {
    let mut posts: Vec<Post<'a>> = Vec::with_capacity(raw.incident_updates.len());
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for raw in &raw.incident_updates {
        let read =
            api::record::<Update<'a>>(raw, &format!("an update of incident {incident}"), warnings);
        let Some(mut post) = read.and_then(|update| post(update, raw.get(), incident, warnings))
        else {
            continue;
        };
        if let Some(twin) = known.get(&post.record.id).map(|index| &posts[*index]) {
            if twin.record == post.record {
                continue;
            }
            // A later import finds an update by its id, so it must be unique.
            let record = &mut post.record;
            let message = format!("two updates of incident {incident} have the id {}", record.id);
            let (at, state) = (record.at.to_string(), record.state.map_or("", State::as_str));
            record.id = api::content_id(&[&record.id, &at, state, &record.text]);
            if known.contains_key(&record.id) {
                continue;
            }
            warnings.about(raw.get(), message);
        }
        known.insert(post.record.id.clone(), posts.len());
        posts.push(post);
    }
    posts
}

fn post<'a>(
    raw: Update<'a>,
    text: &str,
    incident: &str,
    warnings: &mut Warnings<'_>,
) -> Option<Post<'a>> {
    let given = raw.id.as_deref().map(clean_line).filter(|id| !id.is_empty());
    let id = given.unwrap_or_else(|| {
        let parts = [&raw.display_at, &raw.created_at, &raw.status, &raw.body];
        api::content_id(&parts.map(|part| part.as_deref().unwrap_or_default()))
    });
    let mut read = |field: &Option<Str<'_>>, name: &str| {
        api::time(
            field.as_ref(),
            &format_args!("`{name}` of update {id} of incident {incident}"),
            warnings,
        )
    };
    let created = read(&raw.created_at, "created_at");
    let edited = read(&raw.updated_at, "updated_at");
    let shown = read(&raw.display_at, "display_at");
    let what = format_args!("update {id} of incident {incident}");
    let state = api::state(raw.status.as_ref(), what, warnings);
    let body = raw
        .body
        .as_deref()
        .map(|body| clean_markdown(body, TextKind::Markdown))
        .unwrap_or_default();
    let Some(at) = shown.or(created) else {
        warnings.untimed(text, incident, UntimedPost { id, state, text: body });
        return None;
    };
    let record = UpdateRecord {
        at,
        created: created.map(Moment::earliest).filter(|created| *created != at.earliest()),
        edited: edited.map(Moment::earliest).filter(|edited| {
            *edited != at.earliest() && created.is_none_or(|created| created.earliest() != *edited)
        }),
        state,
        text: body,
        components: Vec::new(),
        id,
    };
    let changes = raw.affected_components.into_iter().filter(|change| !says_none(change)).collect();
    Some(Post { record, changes })
}

/// Whether it is a placeholder for an empty list, which retroactive posts have. It has no component
/// id.
fn says_none(change: &AffectedComponent<'_>) -> bool {
    change.code.is_none()
        && change.name.as_deref() == Some("No components were affected by this update.")
}

/// The write-up, if it is a field of the incident and not an update.
fn postmortem<'a>(
    raw: &Incident<'a>,
    incident: &str,
    posts: &[Post<'a>],
    warnings: &mut Warnings<'_>,
) -> Option<Post<'a>> {
    let body = raw.postmortem_body.as_deref().filter(|body| !body.trim().is_empty())?;
    if posts.iter().any(|post| post.record.state == Some(State::Postmortem)) {
        return None;
    }
    let published =
        raw.postmortem_published_at.as_ref().or(raw.postmortem_body_last_updated_at.as_ref());
    let Some(at) = api::time(published, &format_args!("the time of the postmortem"), warnings)
    else {
        let text = clean_markdown(body, TextKind::Markdown);
        let post =
            UntimedPost { id: "postmortem".to_owned(), state: Some(State::Postmortem), text };
        warnings.untimed(body, incident, post);
        return None;
    };
    let record = UpdateRecord {
        id: "postmortem".to_owned(),
        at,
        created: None,
        edited: None,
        state: Some(State::Postmortem),
        text: clean_markdown(body, TextKind::Markdown),
        components: Vec::new(),
    };
    Some(Post { record, changes: Vec::new() })
}

/// Sorts updates by the displayed time. Updates with equal times are sorted by the life cycle, then
/// by the order of the API, which lists the newest first. Within one minute a closing update comes
/// last, because timestamps are often edited to the minute, and their order is then unreliable.
fn in_order_of_time(mut posts: Vec<Post<'_>>) -> Vec<Post<'_>> {
    let is_newest_first = match (posts.first(), posts.last()) {
        (Some(first), Some(last)) => first.record.at >= last.record.at,
        _ => true,
    };
    if is_newest_first {
        posts.reverse();
    }
    posts.sort_by_key(|post| {
        let at = post.record.at.earliest();
        let minute = at.duration_trunc(chrono::TimeDelta::minutes(1)).unwrap_or(at);
        let goes_on =
            post.record.state.is_some_and(|state| state.is_phase() && !state.is_terminal());
        (minute, !goes_on, at)
    });
    ties::settle(posts, |post| (post.record.at, post.record.state))
}

/// The names of components.
struct Naming<'a, 'c> {
    context: &'c PageContext<'a>,
    /// The components of the incident: name and whether it is in a group, by id.
    own: BTreeMap<&'c str, (&'c str, bool)>,
    /// The number of components with each name.
    of_one_name: BTreeMap<String, usize>,
}

impl<'a, 'c> Naming<'a, 'c> {
    fn new(context: &'c PageContext<'a>, components: &'c [Component<'a>]) -> Self {
        let own = components.iter().filter_map(|component| {
            Some((
                &**component.id.as_ref()?,
                (&**component.name.as_ref()?, component.group_id.is_some()),
            ))
        });
        let own: BTreeMap<_, _> = own.collect();
        let mut of_one_name = BTreeMap::new();
        for (name, _) in own.values() {
            *of_one_name.entry(clean_line(name)).or_default() += 1;
        }
        Naming { context, own, of_one_name }
    }

    /// Splits `Group - Child` if the lists prove the group: names contain dashes themselves
    /// ("Amsterdam, Netherlands - (AMS)").
    fn split(&self, code: Option<&str>, shown: &str) -> (String, String) {
        let whole = || (String::new(), clean_line(shown));
        let Some(code) = code else { return whole() };
        if let Some(group) = self.group_of(code) {
            return match shown.strip_prefix(group).and_then(|rest| rest.strip_prefix(" - ")) {
                Some(child) => (clean_line(group), clean_line(child)),
                None => (clean_line(group), clean_line(shown)),
            };
        }
        // The incident's own list has no group names, but it has the child's.
        match self.own.get(code) {
            Some((child, true)) => {
                match shown.strip_suffix(child).and_then(|rest| rest.strip_suffix(" - ")) {
                    Some(group) if !group.is_empty() => (clean_line(group), clean_line(child)),
                    _ => whole(),
                }
            }
            _ => whole(),
        }
    }

    /// The name of the group of that component, from the page's list.
    fn group_of(&self, code: &str) -> Option<&str> {
        let group = self.context.groups.get(code)?;
        self.context.names.get(group).map(|name| &**name)
    }

    /// Completes the updates: which components each of them moved to another level.
    fn levels(&self, posts: Vec<Post<'_>>, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
        let mut known: BTreeMap<String, Option<Level>> = BTreeMap::new();
        let mut finished = Vec::with_capacity(posts.len());
        for Post { mut record, changes } in posts {
            for change in &changes {
                let Some(shown) = change.name.as_deref() else { continue };
                let Some(level) = level(change.new_status.as_ref(), warnings) else { continue };
                let key = change.code.as_deref().unwrap_or(shown).to_owned();
                let was = known.insert(key, level);
                // A list repeats unchanged components; the first mention may be a change.
                let is_changed_by_status =
                    change.old_status.is_some() && change.old_status != change.new_status;
                if was.unwrap_or(None) != level || (was.is_none() && is_changed_by_status) {
                    record.components.push((self.short_name(change.code.as_deref(), shown), level));
                }
            }
            finished.push(record);
        }
        finished
    }

    /// The child's name alone, unless another component of the incident has the same.
    fn short_name(&self, code: Option<&str>, shown: &str) -> String {
        let (_, child) = self.split(code, shown);
        let is_shared = self.of_one_name.get(&child).is_some_and(|count| *count > 1);
        if is_shared { clean_line(shown) } else { child }
    }
}

/// The impact that a component's state means: `Some(None)` is none, `None` is unknown. A component
/// under maintenance may or may not be affected.
fn level(word: Option<&Str<'_>>, warnings: &mut Warnings<'_>) -> Option<Option<Level>> {
    let word = word?;
    match &**word {
        "operational" => Some(None),
        "degraded_performance" => Some(Some(Level::Degraded)),
        "partial_outage" => Some(Some(Level::Partial)),
        "major_outage" | "full_outage" => Some(Some(Level::Full)),
        "under_maintenance" => None,
        other => {
            warnings
                .about(word, format!("a component has the unknown state `{}`", clean_line(other)));
            None
        }
    }
}

/// The affected components: the incident's own list, and those that only its updates mention.
fn affected(
    naming: &Naming<'_, '_>,
    list: &[Component<'_>],
    posts: &[Post<'_>],
) -> Vec<(String, String)> {
    let changes = || posts.iter().flat_map(|post| &post.changes);
    // Only the updates prefix the child's name with that of the group.
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    for change in changes() {
        if let Some((code, shown)) = change.code.as_deref().zip(change.name.as_deref()) {
            let group = groups.entry(code).or_default();
            if group.is_empty() {
                *group = naming.split(Some(code), shown).0;
            }
        }
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut components: Vec<(String, String)> = Vec::new();
    for component in list {
        let Some(name) = component.name.as_deref() else { continue };
        let id = component.id.as_deref();
        if seen.insert(id.unwrap_or(name)) {
            let mut split = naming.split(id, name);
            if split.0.is_empty() {
                split.0 = id.and_then(|id| groups.get(id).cloned()).unwrap_or_default();
            }
            components.push(split);
        }
    }
    for change in changes() {
        let Some(shown) = change.name.as_deref() else { continue };
        if seen.insert(change.code.as_deref().unwrap_or(shown)) {
            components.push(naming.split(change.code.as_deref(), shown));
        }
    }
    components
}
