//! Prometheus Alertmanager: alerts, groups and silences of the API v2 and of v1 (before 0.27), and
//! the webhook, version 4.
//!
//! In the API the end of an alert is a lease that is renewed while the alert fires, so it never
//! proves that anything ended; in the webhook the end of a resolved alert does, unless it is the
//! year 1, which means "none".

mod wire;

use std::collections::BTreeSet;

use super::kit::words::{code, digest, sentence};
use crate::diag::{Diagnostic, Warned};
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::model::timeline::EntryKind;
use crate::sources::decode::{self, Decoded};
use crate::sources::input::Input;
use crate::sources::json::{self, JsonHead};
use crate::sources::lenient::record;
use crate::sources::record::{EventRecord, Record};
use crate::sources::source::{Evidence, ReadError, ReadOptions, Source, Verdict, Yields};
use crate::sources::text::{TextKind, clean_line, clean_markdown};
use crate::sources::warnings::Warnings;
use chrono::Datelike as _;
use serde_json::value::RawValue;
use wire::{Alert, Document, Element, Silence, Status};

/// The reader.
pub struct Alertmanager;

/// Who says that an alert fired.
const ACTOR: &str = "alertmanager";

/// Alerts that always fire, to show that alerting works.
const HEARTBEATS: &[&str] = &["Watchdog", "DeadMansSwitch"];

/// Labels that say where an alert was computed rather than what is wrong, or that are told already.
const SILENT_LABELS: &[&str] =
    &["alertname", "severity", "alertstate", "prometheus", "prometheus_replica", "replica", "monitor"];

impl Source for Alertmanager {
    fn id(&self) -> &'static str {
        "alertmanager"
    }

    fn about(&self) -> &'static str {
        "Prometheus Alertmanager: alerts, groups and silences of /api/v2 and /api/v1, and webhook bodies (version 4)"
    }

    fn evidence(&self) -> Evidence {
        Evidence::Captures
    }

    fn yields(&self) -> Yields {
        Yields::Evidence
    }

    fn sniff(&self, input: &Input) -> Verdict {
        let Some(head) = JsonHead::scan(&decode::head(input)) else {
            return Verdict::No("not JSON");
        };
        let is_alert = |at: &str| ["labels", "startsAt"].iter().all(|key| head.has(&format!("{at}.{key}")));
        if head.has_all(&["[].matchers", "[].createdBy", "[].startsAt"]) || is_alert("[].alerts[]") {
            return Verdict::Yes;
        }
        if is_alert("[]") && ["annotations", "endsAt", "status"].iter().any(|key| head.has(&format!("[].{key}"))) {
            return Verdict::Yes;
        }
        // The API v1 wraps the same lists.
        let is_v1 = is_alert(".data[]") || head.has(".data[].blocks[].alerts");
        if head.has(".status") && (is_v1 || head.has_all(&[".data[].matchers", ".data[].createdBy"])) {
            return Verdict::Yes;
        }
        if !is_alert(".alerts[]") && !head.has_all(&[".groupKey", ".alerts"]) {
            return Verdict::No("no alerts with `labels` and `startsAt` in it");
        }
        // Others send the same shape with more in it, and may have a reader of their own.
        if head.has(".groupKey") && head.first(".version") == Some("4") { Verdict::Yes } else { Verdict::Maybe }
    }

    fn read(&self, input: &Input, options: &ReadOptions) -> Result<Warned<Vec<Record>>, ReadError> {
        let decoded = decode::decode(&input.bytes)?;
        let mut reading = Reading {
            decoded: &decoded,
            warnings: Warnings::new(input, &decoded).in_zone(options.zone),
            records: Vec::new(),
            seen: BTreeSet::new(),
            heartbeats: 0,
            repeats: 0,
        };
        let body = decoded.body();
        if body.starts_with('[') {
            for raw in json::parse::<Vec<&RawValue>>(&decoded, body)? {
                reading.element(raw);
            }
        } else {
            let document: Document<'_> = json::parse(&decoded, body)?;
            let is_answer = document.data.is_some();
            if document.status.as_deref() == Some("error") {
                let reason = document.error.as_deref().map_or_else(|| "no reason given".to_owned(), clean_line);
                return Err(ReadError::new(format!("the server answered with an error: {reason}")));
            }
            for raw in document.data.into_iter().flatten() {
                reading.element(raw);
            }
            let Some(alerts) = document.alerts.or(is_answer.then(Vec::new)) else {
                return Err(ReadError::new("no `alerts` in it"));
            };
            for raw in alerts {
                reading.alert(raw, document.status.as_deref());
            }
        }
        Ok(reading.finish())
    }
}

/// One reading: what was read so far.
struct Reading<'a> {
    decoded: &'a Decoded<'a>,
    warnings: Warnings<'a>,
    records: Vec<Record>,
    /// The ids of the records: an alert stands in every group and every delivery that it matches.
    seen: BTreeSet<String>,
    heartbeats: usize,
    repeats: usize,
}

impl<'a> Reading<'a> {
    fn finish(mut self) -> Warned<Vec<Record>> {
        if self.heartbeats > 0 {
            let fire = if self.heartbeats == 1 {
                "1 alert that always fires".to_owned()
            } else {
                format!("{} alerts that always fire", self.heartbeats)
            };
            self.warnings.say(Diagnostic::note(format!("{fire}, to show that alerting works: left out")));
        }
        if self.repeats > 0 {
            let repeats = if self.repeats == 1 { "1 repeat".to_owned() } else { format!("{} repeats", self.repeats) };
            self.warnings.say(Diagnostic::note(format!("{repeats} of alerts that were read already: left out")));
        }
        Warned { value: self.records, warnings: self.warnings.finish() }
    }

    fn bad(&mut self, raw: &RawValue, message: impl Into<String>) {
        self.warnings.at(json::span_of(self.decoded, raw), message);
    }

    /// An element of one of the API's lists.
    fn element(&mut self, raw: &'a RawValue) {
        match record::<Element<'a>>(raw, "this record", &mut self.warnings) {
            Some(Element { matchers: Some(_), .. }) => self.silence(raw),
            Some(Element { alerts: Some(alerts), .. }) => alerts.into_iter().for_each(|alert| self.alert(alert, None)),
            Some(Element { blocks: Some(blocks), .. }) => {
                blocks.into_iter().flat_map(|block| block.alerts).for_each(|alert| self.alert(alert, None));
            }
            Some(_) => self.alert(raw, None),
            None => {}
        }
    }

    /// An alert; `delivered` is the state of the webhook that it came with.
    fn alert(&mut self, raw: &'a RawValue, delivered: Option<&str>) {
        let Some(alert) = record::<Alert<'a>>(raw, "this alert", &mut self.warnings) else { return };
        let starts = match alert.starts_at.as_deref().map(|text| self.warnings.time(text)) {
            Some(Ok(starts)) if starts.earliest().year() > 1 => starts,
            Some(Err(error)) => return self.bad(raw, format!("this alert was left out: {error}")),
            Some(Ok(_)) | None => return self.bad(raw, "this alert has no `startsAt` and was left out"),
        };
        if is_heartbeat(&alert) {
            self.heartbeats += 1;
            return;
        }
        let id = format!("{}-{}", identity(&alert), starts.earliest().timestamp());
        let is_suppressed =
            matches!(&alert.status, Some(Status::Api { state: Some(state) }) if &**state == "suppressed");
        let fired = EventRecord {
            id: id.clone(),
            at: starts,
            end: None,
            kind: EntryKind::Alert,
            state: None,
            text: text(&alert, if is_suppressed { "fired, silenced or inhibited" } else { "fired" }),
            actor: Some(ACTOR.to_owned()),
            // An alert that is silenced tells nobody.
            suggests: (!is_suppressed).then_some(MilestoneName::DetectedAt),
        };
        let is_new = self.push(fired);
        let ended = match proven_end(&alert, delivered, starts, &mut self.warnings) {
            Ok(ended) => ended,
            Err(message) => return self.bad(raw, message),
        };
        let Some(ended) = ended else {
            self.repeats += usize::from(!is_new);
            return;
        };
        let cleared = EventRecord {
            id: format!("{id}-end"),
            at: ended,
            end: None,
            kind: EntryKind::Alert,
            state: None,
            text: text(&alert, "cleared"),
            actor: Some(ACTOR.to_owned()),
            suggests: None,
        };
        let is_new_end = self.push(cleared);
        self.repeats += usize::from(!is_new && !is_new_end);
    }

    fn silence(&mut self, raw: &'a RawValue) {
        let Some(silence) = record::<Silence<'a>>(raw, "this silence", &mut self.warnings) else { return };
        let at = match silence.starts_at.as_deref().map(|text| self.warnings.time(text)) {
            Some(Ok(at)) => at,
            Some(Err(error)) => return self.bad(raw, format!("this silence was left out: {error}")),
            None => return self.bad(raw, "this silence has no `startsAt` and was left out"),
        };
        let who = silence.created_by.as_deref().map(clean_line).filter(|who| !who.is_empty());
        let matchers: Vec<String> = silence.matchers.iter().map(ToString::to_string).collect();
        let mut text = format!("Silenced {}", code(&matchers.join(", ")));
        if let Some(who) = &who {
            text.push_str(&format!(" by {}", clean_markdown(who, TextKind::Plain)));
        }
        if let Some(comment) = silence.comment.as_deref().filter(|comment| !comment.trim().is_empty()) {
            text.push_str(&format!(": {}", clean_markdown(comment, TextKind::Plain)));
        }
        let given = silence.id.as_deref().map(clean_line).filter(|id| !id.is_empty());
        let id = given.unwrap_or_else(|| format!("{}-{}", digest(&text), at.earliest().timestamp()));
        let event =
            EventRecord { id, at, end: None, kind: EntryKind::Action, state: None, text, actor: who, suggests: None };
        self.repeats += usize::from(!self.push(event));
    }

    /// Keeps `event` unless it is there already; whether it was new.
    fn push(&mut self, event: EventRecord) -> bool {
        let is_new = self.seen.insert(event.id.clone());
        if is_new {
            self.records.push(Record::Event(event));
        }
        is_new
    }
}

fn is_heartbeat(alert: &Alert<'_>) -> bool {
    let is_named_so = alert.label("alertname").is_some_and(|name| HEARTBEATS.contains(&name));
    is_named_so && alert.label("severity").is_none_or(|severity| severity == "none")
}

/// The time at which the alert ended, if that is certain.
fn proven_end(
    alert: &Alert<'_>,
    delivered: Option<&str>,
    starts: Moment,
    warnings: &mut Warnings<'_>,
) -> Result<Option<Moment>, String> {
    let state = match &alert.status {
        Some(Status::Webhook(state)) => Some(&**state),
        // The API's end is a lease.
        Some(Status::Api { .. }) => None,
        None => delivered,
    };
    if state != Some("resolved") {
        return Ok(None);
    }
    let Some(text) = alert.ends_at.as_deref() else { return Ok(None) };
    let ends = warnings.time(text).map_err(|error| format!("the end of this alert cannot be read: {error}"))?;
    if ends.earliest().year() <= 1 {
        return Err("this alert is resolved, and does not say when".to_owned());
    }
    if ends < starts {
        return Err(format!("this alert ends at {ends}, before it started; its end was left out"));
    }
    Ok(Some(ends))
}

/// The fingerprint, or else a hash of the labels, which is what a fingerprint is made of.
fn identity(alert: &Alert<'_>) -> String {
    let fingerprint = alert.fingerprint.as_deref().map(clean_line).filter(|fingerprint| !fingerprint.is_empty());
    fingerprint.unwrap_or_else(|| {
        let labels = alert.labels.iter().map(|(name, value)| format!("{}\u{0}{}\u{0}", &**name, &**value));
        digest(&labels.collect::<String>())
    })
}

/// What happened, for people. It depends on the alert alone and not on its neighbours, so that two
/// captures tell of one alert in the same words.
fn text(alert: &Alert<'_>, verb: &str) -> String {
    let texts: Vec<&str> =
        ["summary", "description", "message"].iter().filter_map(|name| alert.annotation(name)).collect();
    let labels = alert.labels.iter().map(|(name, value)| (&**name, &**value));
    let labels: Vec<(&str, &str)> =
        labels.filter(|(name, _)| !SILENT_LABELS.contains(name) && !name.starts_with("__")).collect();
    let name = alert.label("alertname").unwrap_or("An alert without a name");
    sentence(name, verb, alert.label("severity"), &texts, &labels)
}

#[cfg(test)]
mod tests;
