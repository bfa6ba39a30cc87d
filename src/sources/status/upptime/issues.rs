//! The issues of the repository, from GitHub's API or `gh issue list --json`.
//!
//! The bot opens an issue with the labels `status` and the service's slug, comments "**Resolved:**
//! …" and closes it (`src/update.ts` of `uptime-monitor`). People comment in between. The API
//! returns 30 issues per page, at most 100; the next page is in the `Link` header (`rel="next"`),
//! not in the body. It returns the number of comments; the comments themselves have a separate
//! address.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::health::{level, outage};
use crate::diag::Diagnostic;
use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::sources::decode::Decoded;
use crate::sources::json::{self, JsonHead, RawRecords, Str, without_nulls};
use crate::sources::record::{IncidentRecord, UntimedPost, UpdateRecord};
use crate::sources::source::ReadError;
use crate::sources::status::kit::api;
use crate::sources::status::kit::checks::Health;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

#[derive(Deserialize)]
struct Issue<'a> {
    #[serde(borrow, default)]
    number: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<Str<'a>>,
    #[serde(borrow, default)]
    body: Option<Str<'a>>,
    #[serde(borrow, default)]
    state: Option<Str<'a>>,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    labels: Vec<&'a RawValue>,
    #[serde(borrow, default, alias = "createdAt")]
    created_at: Option<Str<'a>>,
    #[serde(borrow, default, alias = "updatedAt")]
    updated_at: Option<Str<'a>>,
    #[serde(borrow, default, alias = "closedAt")]
    closed_at: Option<Str<'a>>,
    #[serde(borrow, default)]
    html_url: Option<Str<'a>>,
    #[serde(borrow, default)]
    url: Option<Str<'a>>,
    /// Their number, or the comments themselves.
    #[serde(borrow, default)]
    comments: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pull_request: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Label<'a> {
    #[serde(borrow)]
    name: Str<'a>,
}

#[derive(Deserialize)]
struct Comment<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    body: Option<Str<'a>>,
    #[serde(borrow, default, alias = "createdAt")]
    created_at: Option<Str<'a>>,
    #[serde(borrow, default, alias = "updatedAt")]
    updated_at: Option<Str<'a>>,
}

/// The bot's title: a sign, the service, and its state. The variation selector of an emoji matches
/// `\w`, so letters and digits are listed.
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[^\p{L}\p{N}\s(]+\s+)?(.+) (is down|has degraded performance)$")
        .expect("a pattern that is tested")
});

/// The settings of a maintenance in a hidden comment.
static SETTINGS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<!--(.*?)-->").expect("a pattern that is tested"));

/// The number of issues that GitHub returns: by default, and at most.
const PAGES: [usize; 2] = [30, 100];

/// Whether a text starts like issues of this kind; other issues of a repository can be anything.
pub(super) fn is_issues(head: &JsonHead) -> bool {
    ["[]", ""].iter().any(|at| {
        let first = |field: &str| head.first(&format!("{at}.{field}"));
        let is_issue =
            first("number").is_some() && (first("created_at").or(first("createdAt"))).is_some();
        let title = first("title").is_some_and(|title| TITLE.is_match(title));
        let label = matches!(first("labels[].name"), Some("status" | "maintenance"));
        is_issue && (title || label)
    })
}

/// Reads the issues of outages and maintenances; the others are counted.
pub(super) fn read(
    decoded: &Decoded<'_>,
    warnings: &mut Warnings<'_>,
) -> Result<Vec<IncidentRecord>, ReadError> {
    let body = decoded.body();
    let list: RawRecords<'_> = if body.starts_with('[') {
        json::parse(decoded, body)?
    } else {
        vec![json::parse(decoded, body)?]
    };
    let (mut others, mut without_comments) = (0, 0);
    let mut records = Vec::new();
    for (raw, text) in api::records::<Issue<'_>>(&list, "this issue", warnings) {
        let names = labels(&raw);
        let has = |name: &str| names.iter().any(|label| label == name);
        if raw.pull_request.is_some() || !(has("status") || has("maintenance")) {
            others += 1;
            continue;
        }
        let count = raw.comments.and_then(|comments| comments.get().parse::<u64>().ok());
        without_comments += usize::from(count.is_some_and(|count| count > 0));
        records.extend(warnings.naming(|warnings| issue(&raw, &names, text, warnings)));
    }
    if others > 0 {
        let message =
            format!("issues left out: {others} without the label `status` or `maintenance`");
        warnings.say(Diagnostic::note(message));
    }
    if without_comments > 0 {
        let message =
            format!("there are comments that are not in it, on {without_comments} of its issues");
        let hint = "gh issue list --state all --limit 1000 --json number,title,body,state,labels,createdAt,closedAt,url,comments gives them";
        warnings.say(Diagnostic::warning(message).hint(hint));
    }
    if PAGES.contains(&list.len()) {
        let message = format!(
            "there are just {} issues in it, which is a page: older ones may be missing",
            list.len()
        );
        warnings.say(
            Diagnostic::note(message).hint("ask for them with ?state=all&per_page=100&page=2"),
        );
    }
    Ok(records)
}

fn labels(raw: &Issue<'_>) -> Vec<String> {
    let name = |label: &&RawValue| match api::quietly::<Label<'_>>(label.get()) {
        Some(label) => Some(clean_line(&label.name)),
        None => api::scalar(Some(label)).map(|name| clean_line(&name)),
    };
    raw.labels.iter().filter_map(name).collect()
}

fn issue(
    raw: &Issue<'_>,
    labels: &[String],
    text: &str,
    warnings: &mut Warnings<'_>,
) -> Option<IncidentRecord> {
    let id = api::id(raw.number, "issue", text, warnings)?;
    let mut time = |field: &Option<Str<'_>>, name: &str| {
        api::time(field.as_ref(), &format!("`{name}` of issue {id}"), warnings)
    };
    let (created, closed) =
        (time(&raw.created_at, "created_at"), time(&raw.closed_at, "closed_at"));
    let revised = time(&raw.updated_at, "updated_at");
    let title = api::title(raw.title.as_ref(), &id, text, warnings);
    let is_closed = raw.state.as_deref().is_some_and(|state| state.eq_ignore_ascii_case("closed"));
    let body = raw.body.as_deref().unwrap_or_default();
    let mut posts: Vec<UpdateRecord> = Vec::new();
    let cleaned = clean_markdown(body, TextKind::Markdown);
    match created {
        _ if cleaned.is_empty() => {}
        Some(at) => posts.push(api::post("opened".to_owned(), at, cleaned)),
        None => warnings.untimed(
            text,
            &id,
            UntimedPost { id: "opened".to_owned(), state: None, text: cleaned },
        ),
    }
    posts.extend(comments(raw, &id, warnings));
    let mut record = if labels.iter().any(|label| label == "maintenance") {
        maintenance(&id, title, body, is_closed, text, warnings)
    } else {
        let found = TITLE.captures(&title);
        let health =
            if title.ends_with("degraded performance") { Health::Degraded } else { Health::Down };
        let slug = labels.iter().find(|label| *label != "status").cloned();
        let service = found
            .as_ref()
            .map(|found| found[1].to_owned())
            .or(slug)
            .unwrap_or_else(|| title.clone());
        if let Some(first) = posts.first_mut().filter(|_| found.is_some()) {
            first.components = vec![(service.clone(), level(health))];
        }
        // The bot opens and closes an issue when a check sees the change; a person may be late.
        let by_bot = |at: Option<Moment>| at.filter(|_| found.is_some()).map(Moment::approximate);
        IncidentRecord {
            title: title.clone(),
            impact_start: by_bot(created),
            impact_end: by_bot(closed),
            resolved: closed,
            state: is_closed.then_some(State::Resolved),
            ..outage(id.clone(), &service, health)
        }
    };
    record.url = api::link(raw.html_url.as_ref().or(raw.url.as_ref()));
    record.updates = api::in_order_of_time(posts, false);
    record.announced = api::announced(created, &record.updates);
    record.revised = api::revised(revised, &record.updates);
    api::has_time(&record, text, warnings).then_some(record)
}

fn comments(raw: &Issue<'_>, issue: &str, warnings: &mut Warnings<'_>) -> Vec<UpdateRecord> {
    // A number is their count.
    let embedded = raw.comments.filter(|comments| comments.get().starts_with('['));
    let list = api::list(embedded, "`comments`", warnings);
    let mut posts = Vec::new();
    for (raw, text) in
        api::records::<Comment<'_>>(&list, &format!("a comment of issue {issue}"), warnings)
    {
        let what = format!("`created_at` of a comment of issue {issue}");
        let cleaned = raw
            .body
            .as_deref()
            .map(|body| clean_markdown(body, TextKind::Markdown))
            .unwrap_or_default();
        let Some(at) = api::time(raw.created_at.as_ref(), &what, warnings) else {
            warnings.untimed(text, issue, api::untimed(raw.id, None, cleaned));
            continue;
        };
        let id = api::scalar(raw.id)
            .map_or_else(|| api::content_id(&[&at.to_string()]), |id| clean_line(&id));
        let state = cleaned.starts_with("**Resolved:**").then_some(State::Resolved);
        let what = format!("`updated_at` of a comment of issue {issue}");
        let edited = api::time(raw.updated_at.as_ref(), &what, warnings);
        let mut post = UpdateRecord { state, ..api::post(id, at, cleaned) };
        api::clocks(&mut post, None, edited);
        posts.push(post);
    }
    posts
}

/// A maintenance, from the settings in its comment: `start`, `end`, and what is expected to be
/// down.
fn maintenance(
    id: &str,
    title: String,
    body: &str,
    is_closed: bool,
    text: &str,
    warnings: &mut Warnings<'_>,
) -> IncidentRecord {
    let settings = SETTINGS.captures(body).map(|found| found[1].to_owned()).unwrap_or_default();
    let setting = |key: &str| {
        let value = |line: &str| {
            Some(line.split_once(':').filter(|(name, _)| name.trim() == key)?.1.trim().to_owned())
        };
        settings.lines().find_map(value)
    };
    let mut time = |key: &str| {
        let read = warnings.time(&setting(key)?);
        read.map_err(|error| warnings.about(text, format!("`{key}` of maintenance {id}: {error}")))
            .ok()
    };
    let (from, until) = (time("start"), time("end"));
    if from.is_none() || until.is_none() {
        let known = if from.is_some() { "" } else { "`start` and " };
        warnings.about(
            text,
            format!("maintenance {id} has no {known}`end`: its plan is not known to its end"),
        );
    }
    let expected = ["expectedDown", "expectedDegraded"].iter().filter_map(|key| setting(key));
    let names: Vec<String> =
        expected.flat_map(|list| list.split(',').map(clean_line).collect::<Vec<_>>()).collect();
    IncidentRecord {
        maintenance: true,
        scheduled: from.map(|from| (from, until)),
        state: is_closed.then_some(State::Completed),
        components: api::ungrouped(names.into_iter().filter(|name| !name.is_empty())),
        ..IncidentRecord::new(id.to_owned(), title)
    }
}
