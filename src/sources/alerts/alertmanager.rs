//! Prometheus Alertmanager: alerts, groups and silences of the API v2 and of v1 (before 0.27), and
//! the webhook, version 4.
//!
//! <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>,
//! <https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml>. `startsAt` is when
//! the rule fired, after its `for`.

use super::kit::alert_text::{code, digest};
use super::kit::{Alerts, Live, Log, Node, labelled};
use crate::model::timeline::EntryKind;
use crate::sources::record::EventRecord;
use crate::sources::source::WrittenFrom;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

pub(in crate::sources) static ALERTMANAGER: Live = Live {
    alerts: Alerts {
        id: "alertmanager",
        about: "Prometheus Alertmanager: alerts, groups and silences of /api/v2 and /api/v1, and webhook bodies (version 4)",
        system: "alertmanager",
        written_from: WrittenFrom::Captures,
        lists: &["data"],
        is_record: |head| {
            let is_other =
                ["orgId", "alerts[].silenceURL", "alerts[].valueString", "alerts[].dashboardURL"];
            if is_other.iter().any(|path| head.has(&[path])) {
                return false;
            }
            head.has(&["matchers", "createdBy", "startsAt"])
                || head.has(&["alerts[].labels", "alerts[].startsAt"])
                || head.has(&["blocks[].alerts"])
                || head.has(&["groupKey", "alerts"])
                || head.has(&["labels", "startsAt"])
                    && ["annotations", "endsAt", "status"].iter().any(|key| head.has(&[key]))
        },
        read,
    },
    endpoints: &["/api/v2/alerts"],
    title: "Alertmanager",
};

fn read(record: Node<'_>, log: &mut Log<'_>) {
    if record.at("matchers").is_there() {
        return silence(record, log);
    }
    let status = record.at("status").own_text();
    if status.as_deref() == Some("error") && record.at("error").is_there() {
        let reason = record.text(&["error"]).unwrap_or("no reason given".into());
        return log.fail(format!("the server answered with an error: {}", clean_line(&reason)));
    }
    if record.at("alerts").is_there() {
        record.list("alerts").for_each(|alert| labelled::add(alert, status.as_deref(), log));
        if let Some(cut) = record.number("truncatedAlerts").filter(|cut| *cut > 0.0) {
            log.warn(format!("{cut} alerts of this message were cut off by their sender"));
        }
    } else if record.at("blocks").is_there() {
        // The API v1 lists the alerts of a group once per route.
        record
            .list("blocks")
            .flat_map(|block| block.list("alerts"))
            .for_each(|alert| labelled::add(alert, None, log));
    } else if status.as_deref() != Some("success") {
        labelled::add(record, None, log);
    }
}

fn silence(silence: Node<'_>, log: &mut Log<'_>) {
    let Some(at) = log.time(silence, &["startsAt"]) else {
        return log.warn("this silence has no `startsAt` and was left out");
    };
    let who =
        silence.text(&["createdBy"]).map(|who| clean_line(&who)).filter(|who| !who.is_empty());
    let matchers: Vec<String> = silence.list("matchers").filter_map(matcher).collect();
    let what = code(&matchers.join(", "));
    let mut text = format!("Silenced {what}");
    if let Some(who) = &who {
        text.push_str(&format!(" by {}", clean_markdown(who, TextKind::Plain)));
    }
    if let Some(comment) = silence.text(&["comment"]) {
        text.push_str(&format!(": {}", clean_markdown(&comment, TextKind::Plain)));
    }
    let id = silence.text(&["id"]).map(|id| clean_line(&id));
    let id = id.unwrap_or_else(|| format!("{}-{}", digest(&text), at.earliest().timestamp()));
    let event = |id: String, at, text, actor| EventRecord {
        id,
        at: Some(at),
        end: None,
        kind: EntryKind::Action,
        state: None,
        text,
        actor,
        suggests: None,
        hidden: false,
        thread: None,
    };
    // The end of an active silence is planned, not past.
    if silence.text(&["status.state"]).as_deref() == Some("expired")
        && let Some(ended) = log.time(silence, &["endsAt"])
    {
        log.add_event(event(
            format!("{id}-end"),
            ended,
            format!("The silence of {what} ended"),
            None,
        ));
    }
    log.add_event(event(id, at, text, who));
}

/// `isEqual` is absent before version 0.22, which has no negation.
fn matcher(matcher: Node<'_>) -> Option<String> {
    let is_equal = !matcher.at("isEqual").is_there() || matcher.is_true("isEqual");
    let operator = match (is_equal, matcher.is_true("isRegex")) {
        (true, false) => "=",
        (true, true) => "=~",
        (false, false) => "!=",
        (false, true) => "!~",
    };
    Some(format!(
        "{}{operator}\"{}\"",
        matcher.text(&["name"])?,
        matcher.text(&["value"]).unwrap_or_default()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::alerts::kit::testing::{read, sniffs};

    fn alert(extra: &str) -> String {
        format!(
            r#"{{"labels": {{"alertname": "Slow", "severity": "critical", "service": "api", "prometheus": "x"}},
            "annotations": {{"summary": "p99 is *high*", "description": "p99 is 4 s"}},
            "fingerprint": "f1", "startsAt": "2026-03-01T10:00:00.123456789+01:00"{extra}}}"#
        )
    }

    #[test]
    fn api_response_never_gives_an_end() {
        let text = format!(
            "[{}]",
            alert(
                r#", "endsAt": "2026-03-01T09:04:00Z", "updatedAt": "2026-03-01T09:00:00Z", "status": {"state": "active"}"#
            )
        );
        assert!(sniffs(&ALERTMANAGER, &text));
        insta::assert_snapshot!(read(&ALERTMANAGER, &text), @r"2026-03-01T09:00:00.123456789Z alert [alertmanager] **Slow** fired (critical): p99 is \*high\* ¶ p99 is 4 s ¶ `service=api` → detected_at");
    }

    #[test]
    fn webhook_gives_an_end_unless_it_is_year_one() {
        let webhook = |status: &str, ends: &str| {
            let alert = alert(&format!(r#", "status": "{status}", "endsAt": "{ends}""#));
            format!(
                r#"{{"version": "4", "groupKey": "g", "status": "firing", "alerts": [{alert}]}}"#
            )
        };
        assert!(sniffs(&ALERTMANAGER, &webhook("resolved", "")));
        insta::assert_snapshot!(read(&ALERTMANAGER, &webhook("resolved", "2026-03-01T09:30:00Z")), @r"
        2026-03-01T09:00:00.123456789Z alert [alertmanager] **Slow** fired (critical): p99 is \*high\* ¶ p99 is 4 s ¶ `service=api` → detected_at
        2026-03-01T09:30:00Z alert [alertmanager] **Slow** cleared (critical): p99 is \*high\* ¶ p99 is 4 s ¶ `service=api` → mitigated_at
        ");
        let unset = read(&ALERTMANAGER, &webhook("resolved", "0001-01-01T00:00:00Z"));
        assert!(
            unset.contains("? alert [alertmanager] **Slow** cleared")
                && unset.contains("without one"),
            "{unset}"
        );
        for ends in ["0001-01-01T00:00:00Z", "2026-03-01T09:30:00Z"] {
            assert!(
                !read(&ALERTMANAGER, &webhook("firing", ends)).contains("cleared"),
                "a firing alert has not ended"
            );
        }
        let backwards = read(&ALERTMANAGER, &webhook("resolved", "2026-03-01T08:00:00Z"));
        assert!(
            backwards.contains("before it started") && !backwards.contains("cleared"),
            "{backwards}"
        );
    }

    #[test]
    fn repeats_and_heartbeats_are_omitted_and_counted() {
        let watchdog = r#"{"labels": {"alertname": "Watchdog", "severity": "none"}, "startsAt": "2026-03-01T10:00:00Z", "status": {}}"#;
        let group = format!(
            r#"{{"labels": {{}}, "receiver": {{"name": "r"}}, "alerts": [{}, {watchdog}]}}"#,
            alert("")
        );
        let text = format!("[{group}, {group}]");
        assert!(sniffs(&ALERTMANAGER, &text));
        insta::assert_snapshot!(read(&ALERTMANAGER, &text), @r"
        2026-03-01T09:00:00.123456789Z alert [alertmanager] **Slow** fired (critical): p99 is \*high\* ¶ p99 is 4 s ¶ `service=api` → detected_at
        alerts.json:1:1: note: 1 delivery repeats another: left out
        alerts.json:1:1: note: 2 alerts that always fire: left out
        ");
    }

    #[test]
    fn silenced_alert_is_not_a_detection_and_silence_is_an_action() {
        let silenced = alert(
            r#", "status": {"state": "suppressed", "silencedBy": ["s1"], "inhibitedBy": []}"#,
        );
        let inhibited = silenced
            .replace(r#"["s1"]"#, "[]")
            .replace(r#""inhibitedBy": []"#, r#""inhibitedBy": ["a"]"#);
        insta::assert_snapshot!(read(&ALERTMANAGER, &format!("[{silenced}, {inhibited}]")), @r"
        2026-03-01T09:00:00.123456789Z alert [alertmanager] **Slow** was active, but silenced (critical): p99 is \*high\* ¶ p99 is 4 s ¶ `service=api`
        2026-03-01T09:00:00.123456789Z alert [alertmanager] **Slow** was active, but inhibited by another alert (critical): p99 is \*high\* ¶ p99 is 4 s ¶ `service=api`
        ");
        let text = r#"[{"id": "s1", "createdBy": "ops@example.com", "comment": "known *noise*", "startsAt": "2026-03-01T10:00:00Z",
        "endsAt": "2026-03-01T11:00:00Z", "status": {"state": "expired"},
        "matchers": [{"name": "instance", "value": "web.*", "isRegex": true}, {"name": "env", "value": "dev", "isEqual": false, "isRegex": false}]}]"#;
        assert!(sniffs(&ALERTMANAGER, text));
        insta::assert_snapshot!(read(&ALERTMANAGER, text), @r#"
        2026-03-01T10:00:00Z action [ops@example.com] Silenced `instance=~"web.*", env!="dev"` by ops@example.com: known \*noise\*
        2026-03-01T11:00:00Z action [-] The silence of `instance=~"web.*", env!="dev"` ended
        "#);
    }

    #[test]
    fn bad_alert_is_a_warning_with_its_place() {
        let text = format!(
            "[5,\n{{\"labels\": {{}}}},\n{{\"startsAt\": \"soon\", \"labels\": {{\"alertname\": 7, \"severity\": {{}}}}}},\n{}]",
            alert("")
        );
        insta::assert_snapshot!(read(&ALERTMANAGER, &text), @r"
        2026-03-01T09:00:00.123456789Z alert [alertmanager] **Slow** fired (critical): p99 is \*high\* ¶ p99 is 4 s ¶ `service=api` → detected_at
        ? alert [alertmanager] **An alert without a name** fired
        ? alert [alertmanager] **7** fired: Its time is written \`soon\`.
        alerts.json:1:2: warning: this is not an alert: it has neither `labels` nor `startsAt`, and was left out
        alerts.json:2:1: warning: this record has no time that can be read; it is in the timeline without one
        alerts.json:3:15: warning: `startsAt` was ignored: `soon` is not a time in a known form
        alerts.json:3:1: warning: this record has no time that can be read; it is in the timeline without one
        alerts.json:3:1: warning: `labels.severity` of this record is ignored: it is not a text or a number
        ");
    }

    #[test]
    fn version_1_alerts_groups_and_silences_are_read() {
        let active = alert(r#", "endsAt": "2026-03-01T09:04:00Z", "status": {"state": "active"}"#);
        let alerts = format!(r#"{{"status": "success", "data": [{active}]}}"#);
        let groups = format!(
            r#"{{"status": "success", "data": [{{"blocks": [{{"alerts": [{active}]}}, {{"alerts": [{active}]}}]}}]}}"#
        );
        for text in [&alerts, &groups] {
            assert!(sniffs(&ALERTMANAGER, text), "{text}");
            assert_eq!(read(&ALERTMANAGER, text).matches("**Slow**").count(), 1, "{text}");
        }
        let error = r#"{"status": "error", "errorType": "server_error", "error": "not ready"}"#;
        insta::assert_snapshot!(read(&ALERTMANAGER, error), @"error: the server answered with an error: not ready ()");
        insta::assert_snapshot!(read(&ALERTMANAGER, r#"{"status": "success", "data": []}"#), @"");
    }
}
