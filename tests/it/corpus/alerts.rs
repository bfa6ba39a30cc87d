//! Captures of alerting systems, logs, changes and chats: which reader claims each, and what comes
//! out, counted here from the raw text and not by a reader.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use posthoc::sources::record::Record;
use posthoc::sources::{Input, REGISTRY, ReadOptions, Verdict, detect};
use serde_json::Value;

use crate::support::world::shared;

/// A small input of each alerting system, as a seed for nonsense.
pub const SEEDS: &[&str] = &[
    r#"{"status": "success", "data": {"alerts": [{"labels": {"alertname": "A", "severity": "info"}, "annotations": {"summary": "s"},
       "state": "firing", "activeAt": "2026-03-01T10:00:00.5Z", "value": "1e+00"}]}}"#,
    r#"{"messages": [{"event": "incident.resolve", "incident": {"id": "Q1", "incident_number": 7, "title": "x", "urgency": "high",
       "created_at": "2026-03-01T10:00:00Z", "status": "resolved", "last_status_change_at": "2026-03-01T10:30:00Z",
       "acknowledgements": [{"at": "2026-03-01T10:02:00Z", "acknowledger": {"summary": "A"}}]},
       "log_entries": [{"type": "resolve_log_entry", "created_at": "2026-03-01T10:30:00Z", "agent": {"type": "user_reference", "summary": "A"}}]}]}"#,
    r#"{"action": "Acknowledge", "source": {"type": "web"}, "alert": {"alertId": "a1", "message": "x", "createdAt": 1772359200000,
       "updatedAt": 1772359320500000000, "username": "a", "priority": "P2"}}"#,
    r#"[{"id": 4, "alertName": "x", "newState": "Normal (NoData)", "prevState": "Alerting", "time": 1772361000000}]"#,
    r#"{"AlarmHistoryItems": [{"Timestamp": "2026-03-01T10:00:00Z", "AlarmName": "cpu", "HistoryItemType": "StateUpdate",
       "HistorySummary": "Alarm updated from OK to ALARM", "HistoryData": "{\"newState\":{\"stateValue\":\"ALARM\"}}"}]}"#,
    r#"{"title": "[Triggered on {service:api}] x", "alert_transition": "Triggered", "monitor_id": "9", "date": "1772359200000", "scopes": "service:api"}"#,
    r#"{"id": "x", "condition_name": "x", "alertPolicyNames": ["p"], "createdAt": 1772359200000, "state": "closed", "closedAt": 1772362800000}"#,
    "{\"clock\":1772359201,\"ns\":288186659,\"value\":1,\"eventid\":20,\"name\":\"x\",\"severity\": 4,\"hosts\": [\"a\",{\"host\":\"b\"}]}\n{\"clock\":1772359213,\"ns\":5,\"value\":0,\"eventid\":21,\"p_eventid\": 20}",
    r#"{"check_id": 7, "check_name": "x", "previous_state": "UP", "current_state": "DOWN", "state_changed_timestamp": 1772359200}"#,
    r#"[{"event": "check.up", "check": {"token": "t", "url": "https://x.example"}, "downtime": {"started_at": "2026-03-01T10:00:00Z", "ended_at": "2026-03-01T10:05:00Z"}}]"#,
    r#"{"heartbeat": {"monitorID": 8, "status": 0, "time": "2026-07-31 18:56:15.374", "msg": "x"}, "monitor": {"id": 8, "name": "y"}}"#,
    r#"{"count": 1, "results": [{"id": "I6", "integration_id": "C", "alerts_count": 3, "title": "x", "created_at": "2026-03-01T10:00:00Z",
       "acknowledged_at": "2026-03-01T10:02:00.5Z", "acknowledged_by": "U1", "resolved_at": "2026-03-01T10:30:00Z", "resolved_by": null}]}"#,
    r#"{"message_type": "CRITICAL", "entity_id": "disk/db-1", "entity_display_name": "x", "state_message": "98 %", "state_start_time": 1772359200}"#,
    r#"{"action": "created", "actor": {"type": "user", "name": "A"}, "data": {"issue": {"id": "7", "shortId": "S-E", "title": "x", "level": "error",
       "firstSeen": "2026-03-01T10:00:00.092476Z", "project": {"slug": "shop"}}}}"#,
    r#"{"hits": {"hits": [{"_source": {"watch_id": "errors", "state": "executed", "trigger_event": {"triggered_time": "2026-03-01T10:00:00Z"},
       "result": {"execution_time": "2026-03-01T10:00:00.5Z", "condition": {"met": true}}}}]}}"#,
    r#"{"results_link": "https://x.example", "sid": "rt_1", "search_name": "x", "result": {"_time": "1772359200", "host": "web-1", "_raw": "y"}}"#,
    r#"{"alert": {"id": 7, "name": "x", "version": 2}, "trigger_time": 1772359200, "violations": {"a": [{"metric": "q", "value": 42}]}}"#,
    r#"[{"id": "a", "name": "x", "status": "resolved", "severity": "critical", "lastReceived": "2026-03-01T10:20:00.000Z", "firingStartTime": "2026-03-01T10:00:00Z",
       "source": ["y"], "fingerprint": "f"}]"#,
    r#"{"event": "up", "message": "x", "project": {"id": 1, "name": "S"}, "site": {"id": "s1", "name": "S", "match_type": "success"},
       "outage": {"down_at": "2026-03-01T10:00:00Z", "up_at": "2026-03-01T10:05:00Z"}}"#,
    r#"{"event_name": "new_item", "data": {"item": {"id": 7, "title": "x", "level": 40, "last_occurrence_timestamp": 1772359200}}}"#,
    r#"{"monitor_url": "x.example", "monitor_friendly_name": "x", "alert_type": "2", "alert_type_friendly_name": "Up", "alert_friendly_duration": "4 minutes"}"#,
    "[1772359200] SERVICE ALERT: web-1;HTTP;CRITICAL;SOFT;1;refused; x\n[1772359320] SERVICE ALERT: web-1;HTTP;CRITICAL;HARD;3;refused\n[1772359380] EXTERNAL COMMAND: ACKNOWLEDGE_SVC_PROBLEM;web-1;HTTP;2;1;0;ana;on it\n",
    "<35>1 2026-10-11T22:14:16.003Z web-1 shop 8710 ID47 [x@1 a=\"\\]\"] BOMtimeout\n<34>1 2026-10-11T22:14:17Z web-1 su - - - x\n",
    r#"{"__REALTIME_TIMESTAMP": "1772359200650438", "_HOSTNAME": "web-1", "PRIORITY": "3", "MESSAGE": [104, 105, 255]}"#,
    r#"{"status": "success", "data": {"resultType": "streams", "result": [{"stream": {"app": "shop"}, "values": [["1772359201500000001", "timeout"]]}]}}"#,
    "192.0.2.1 - ana [01/Mar/2026:11:00:00 +0100] \"GET /cart?q=\\\"x HTTP/1.1\" 503 12 \"-\" \"curl\"\n",
    "CEF:0|Acme|Gate|1.0|100|Login \\| refused|8|rt=1772359200000 src=192.0.2.1 msg=too many\n",
    "2026-03-01T10:00:01.5Z level=info ts=2026-03-01T10:00:01.4Z caller=main.go:1 msg=\"Listening\"\n2026-03-01T10:00:02,5Z ERROR x\n  at y\n",
    r#"{"events": [{"id": 7, "received_at": "2026-03-01T02:00:00-08:00", "hostname": "web-1", "program": "cron", "severity": "Error", "message": "failed"}]}"#,
    r#"{"ts": 1772359200.5, "level": "error", "msg": "Timeout", "logger": "shop"}"#,
    "commit e05824a36ca62aa9f3a21854ec8b40a3e0f7a68d (tag: v1)\nMerge: 6c f0\nAuthor:     Ana <>\nAuthorDate: Mon Oct 28 12:42:22 2019 +0100\nCommitDate: Sun Mar 1 10:58:00 2026 +0100\n\n    x\n",
    r#"{"deployment": {"id": 1, "sha": "0916a0afdfa825779c892a8951bde706a054d352", "environment": "production", "created_at": "2026-03-01T09:58:00Z"}, "repository": {"full_name": "a/b"}}"#,
    r#"{"id": 5, "iid": 1, "ref": "main", "sha": "add237f6", "created_at": "2026-03-01T09:50:00.109Z", "environment": {"name": "production"}, "deployable": {"status": "success", "started_at": "2026-03-01T09:58:00Z"}}"#,
    r#"{"metadata": {"name": "shop"}, "status": {"history": [{"id": 4, "revision": "b882d15", "deployStartedAt": "2026-03-01T09:57:58Z", "deployedAt": "2026-03-01T09:58:00Z"}]}}"#,
    "Name: shop\nProject:            default\nSync Status:        Synced\nHealth Status:      Healthy\nOperation:          Sync\nPhase:              Failed\nStart:              2026-03-01 10:58:00 +0100 CET\n",
    r#"{"kind": "EventList", "items": [{"metadata": {"uid": "u1"}, "involvedObject": {"kind": "Pod", "name": "a"}, "reason": "BackOff", "type": "Warning", "message": "x", "firstTimestamp": "2026-03-01T10:00:00Z", "count": 111}]}"#,
    r#"{"builds": [{"number": 31, "timestamp": 1772359200161, "duration": 61000, "result": "SUCCESS", "actions": [{"causes": [{"userName": "a"}]}, {}]}]}"#,
    r#"{"Records": [{"Sns": {"Message": "{\"applicationName\":\"shop\",\"deploymentId\":\"d-1\",\"createTime\":\"Sun Mar 01 09:58:05 UTC 2026\",\"status\":\"SUCCEEDED\"}"}}]}"#,
    "app=shop&user=ana%40example.com&head=3eb5f44&head_long=3eb5f447&git_log=x&release=v9",
    r#"[{"id": "r1", "version": 9, "status": "succeeded", "created_at": "2026-03-01T09:58:00Z", "app": {"name": "shop"}, "slug": {"id": "s"}}]"#,
    r#"{"id": "5b", "site_id": "57", "state": "error", "name": "shop", "deploy_url": "https://x.example", "created_at": "2026-03-01T09:58:00.261Z", "error_message": "x"}"#,
    r#"[{"id": "2", "environment": "production", "dateStarted": null, "dateFinished": "2026-03-01T09:59:00.184396Z", "name": "shop"}]"#,
    r#"{"id": 2722, "status": "failed", "name": "Updates", "started": "2026-03-01T09:58:00.276217+00:00", "friendly_name": "Job", "playbook": "x.yml", "hosts": {"web-1": {"failed": true}}}"#,
    r#"{"executionId": 3, "execution": {"id": 3, "status": "succeeded", "date-started": {"unixtime": 1772359080368}, "job": {"name": "Restart"}}}"#,
    r#"{"context": {"id": "271", "type": "dev.cdevents.service.deployed.0.2.0", "timestamp": "2026-03-01T09:58:00Z"}, "subject": {"id": "shop", "content": {"artifactId": "p"}}}"#,
    r#"[{"type": "message", "user": "U1", "ts": "1772359200.000002", "text": "Is <#C1|shop> down? &lt;5xx&gt; <https://x.example|graph> <!here>", "reactions": [{"name": "fire"}]}]"#,
    "{\"type\":\"version\",\"version\":1}\n{\"type\":\"post\",\"post\":{\"user\":\"ana\",\"message\":\"x\",\"create_at\":1772359200000,\"replies\":[{\"user\":\"li\",\"message\":\"y\",\"create_at\": 1772359190000}]}}",
    r#"{"messages": [{"id": "9", "timestamp": "2026-03-01T11:00:00.5+01:00", "isPinned": true, "content": "x", "author": {"id": "2", "name": "ana"}}]}"#,
    r#"[{"Id": "2", "Body": {"ContentType": "html", "Content": "<p>Rolled <b>back</b></p>"}, "CreatedDateTime": "2026-03-01T10:20:34.16+00:00", "From": {"User": {"DisplayName": "Ana"}}}]"#,
    "b'2026-03-01T10:05:00 <ana> is the shop down?\n2026-03-01T10:01:00 * li_ has quit\n",
    "2026-03-13, 09:58 - Ana: down\nI get 503\n2026-03-13, 10:02 - Li: yes\n",
];

/// What each capture holds: file, format, entries.
const EXPECTED: &[(&str, &str, Entries)] = &[
    ("alerts/pagerduty/webhook-triggered_v3.json", "pagerduty-alerts", Known(1)),
    ("alerts/pagerduty/webhook-acknowledged_v3.json", "pagerduty-alerts", Known(1)),
    ("alerts/pagerduty/webhook-unacknowledged_v3.json", "pagerduty-alerts", Known(1)),
    ("alerts/pagerduty/webhook-resolved_v3.json", "pagerduty-alerts", Known(1)),
    // An incident that was created and acknowledged, and one that ended by itself.
    ("alerts/pagerduty/webhook-acknowledge.json", "pagerduty-alerts", Known(2)),
    ("alerts/pagerduty/webhook-acknowledge_v2.json", "pagerduty-alerts", Known(2)),
    ("alerts/pagerduty/webhook-auto_resolved.json", "pagerduty-alerts", Known(2)),
    ("alerts/pagerduty/webhook-resolve_v2.json", "pagerduty-alerts", Known(2)),
    ("alerts/opsgenie/webhook-acknowledge.json", "opsgenie-alerts", Known(1)),
    ("alerts/opsgenie/webhook-unacknowledge.json", "opsgenie-alerts", Known(1)),
    ("alerts/opsgenie/webhook-close.json", "opsgenie-alerts", Known(1)),
    // It has no time at all, and is in the timeline without one.
    ("alerts/opsgenie/webhook-escalate.json", "opsgenie-alerts", Known(1)),
    // Two incidents, with the beginning of the impact of both and the end of one.
    ("alerts/opsgenie/devlake-incidents.csv", "opsgenie-alerts", Known(5)),
    ("alerts/cloudwatch/awscli-alarm-history.json", "cloudwatch-alarms", Known(2)),
    ("alerts/cloudwatch/sns-alarm-rds.json", "cloudwatch-alarms", Known(1)),
    ("alerts/cloudwatch/aws-health-event.json", "cloudwatch-alarms", Known(1)),
    ("alerts/grafana/annotations-alert-history.json", "grafana-alerts", Known(4)),
    // The legacy webhook has no time.
    ("alerts/grafana/alert_v7.json", "grafana-alerts", Known(1)),
    ("alerts/grafana/alert_ok_v7.json", "grafana-alerts", Known(1)),
    ("alerts/grafana/no_data_alert_v7.json", "grafana-alerts", Known(1)),
    // It fired and cleared.
    ("alerts/grafana/alert_v8.json", "grafana-alerts", Known(2)),
    ("alerts/grafana/alert_values_v11.json", "grafana-alerts", Known(1)),
    ("alerts/newrelic/incident_opened_old.json", "new-relic-alerts", Known(1)),
    // An incident with only a start has an end without a time.
    ("alerts/newrelic/incident_closed_old.json", "new-relic-alerts", Known(2)),
    ("alerts/newrelic/incident_closed_new.json", "new-relic-alerts", Known(2)),
    ("alerts/newrelic/incident_acknowledged_new.json", "new-relic-alerts", Known(2)),
    ("alerts/newrelic/incident_missing_timestamp_new.json", "new-relic-alerts", Known(2)),
    ("alerts/zabbix/connector-7.0-events.ndjson", "zabbix-alerts", Known(2)),
    ("alerts/zabbix/docs-export-multi.ndjson", "zabbix-alerts", Known(2)),
    ("alerts/pingdom/http_up_to_down.json", "pingdom-alerts", Known(1)),
    ("alerts/pingdom/imap_down_to_up.json", "pingdom-alerts", Known(1)),
    ("alerts/updown/check_multiple_events.json", "updown-alerts", Known(2)),
    ("alerts/updown/check_up_again_one_event.json", "updown-alerts", Known(2)),
    ("alerts/uptimekuma/webhook-down.json", "uptime-kuma-alerts", Known(1)),
    ("alerts/uptimekuma/webhook-up.json", "uptime-kuma-alerts", Known(1)),
    ("alerts/uptimerobot/uptimerobot_monitor_down.json", "uptime-robot-alerts", Known(1)),
    ("alerts/uptimerobot/uptimerobot_monitor_up.json", "uptime-robot-alerts", Known(1)),
    ("alerts/honeybadger/uptime.json", "honeybadger-alerts", Known(1)),
    ("alerts/librato/alert.json", "librato-alerts", Known(1)),
    ("alerts/librato/alert_cleared.json", "librato-alerts", Known(1)),
    ("alerts/sentry/issue_created_for_exception.json", "sentry-alerts", Known(1)),
    ("alerts/sentry/issue_ignored.json", "sentry-alerts", Known(1)),
    ("alerts/sentry/issue_resolved.json", "sentry-alerts", Known(1)),
    ("alerts/sentry/webhook_event_for_exception_python.json", "sentry-alerts", Known(1)),
    ("alerts/splunk/search_one_result.json", "splunk-alerts", Known(1)),
    ("alerts/alertmanager/karma-0.31-silences.json", "alertmanager", Known(3)),
    // Of 9, one only shows that alerting works.
    ("alerts/alertmanager/openshift-alerts.json", "alertmanager", Known(8)),
    ("alerts/alertmanager/openshift-silenced-alerts.json", "alertmanager", Known(2)),
    ("alerts/alertmanager/webhook-msteams.json", "alertmanager", Known(1)),
    ("alerts/alertmanager/webhook-v4-firing-group.json", "alertmanager", Known(2)),
    ("alerts/alertmanager/webhook-v4-single.json", "alertmanager", Known(2)),
    // 21 alerts fire, of which one only shows that alerting works.
    ("alerts/prometheus/holmes-rules.txt", "prometheus-alerts", Known(20)),
    ("alerts/statuspage/incident_created.json", "statuspage-v2", Known(1)),
    ("alerts/statuspage/incident_update.json", "statuspage-v2", Known(1)),
    ("alerts/nagios/irockout-epoch.log", "nagios-alerts", Counted(nagios)),
    ("alerts/applog/alertmanager-logfmt.log", "application-log", Counted(lines)),
    ("alerts/applog/apache-access-la.log", "access-log", Counted(lines)),
    ("alerts/applog/cef.log", "cef", Counted(lines)),
    // Two lines are a tool's, about itself.
    ("alerts/applog/holmes-pod-logs.txt", "application-log", Counted(|text| lines(text) - 2)),
    ("alerts/journald/journal.ndjson", "journald", Counted(lines)),
    (
        "alerts/papertrail/short_post.json",
        "papertrail",
        Counted(|text| json(text)["events"].as_array().map_or(0, Vec::len)),
    ),
    ("alerts/syslog/rfc3164-mixed.log", "syslog", Counted(lines)),
    ("alerts/syslog/rfc5424-mixed.log", "syslog", Counted(lines)),
    // Scaling is no alarm, but a change.
    ("alerts/cloudwatch/sns-autoscaling.json", "aws-changes", Known(1)),
    ("changes/ansibletower/job_failed_multiple_hosts.json", "ansible-jobs", Known(1)),
    ("changes/ansibletower/job_successful.json", "ansible-jobs", Known(1)),
    ("changes/argocd/36_argocd_find_resource-app-get.txt", "argocd-text", Known(1)),
    ("changes/argocd/37_argocd_wrong_namespace-app-get.txt", "argocd-text", Known(1)),
    ("changes/aws/sns-codedeploy.json", "aws-changes", Known(1)),
    ("changes/aws/sns-codepipeline-failed.json", "aws-changes", Known(1)),
    ("changes/dora/devlake-incidents.csv", "event-records", Counted(|text| lines(text) - 1)),
    ("changes/git/git-log-blank-author.txt", "git-log", Counted(commits)),
    ("changes/git/git-log-fuller-stat.txt", "git-log", Counted(commits)),
    ("changes/git/git-log-hash-in-message.txt", "git-log", Counted(commits)),
    (
        "changes/github/devlake-graphql-deployments.csv",
        "github-changes",
        Counted(|text| lines(text) - 1),
    ),
    ("changes/github/webhook-deployment-gh-pages.json", "github-changes", Known(1)),
    ("changes/github/webhook-deployment.json", "github-changes", Known(1)),
    ("changes/github/webhook-release-published.json", "github-changes", Known(1)),
    ("changes/gitlab/devlake-deployments.csv", "gitlab-changes", Counted(|text| lines(text) - 1)),
    ("changes/heroku/deploy.txt", "heroku-deploy-hook", Known(1)),
    ("changes/heroku/deploy_multiple_commits.txt", "heroku-deploy-hook", Known(1)),
    ("changes/jenkins/devlake-builds.csv", "jenkins-builds", Counted(|text| lines(text) - 1)),
    (
        "changes/kubernetes/message-container-creating-failed-mount.json",
        "kubernetes-events",
        Counted(items),
    ),
    (
        "changes/kubernetes/message-pod-init-crashloop-backoff.json",
        "kubernetes-events",
        Counted(items),
    ),
    ("changes/kubernetes/openshift-events-compact.json", "kubernetes-events", Counted(items)),
    ("changes/netlify/deploy_created.json", "netlify-deploys", Known(1)),
    ("changes/netlify/deploy_failed.json", "netlify-deploys", Known(1)),
    ("changes/rundeck/start.json", "rundeck-executions", Known(1)),
    ("changes/rundeck/success.json", "rundeck-executions", Known(1)),
    ("changes/sentry/get-deploys.json", "sentry-releases", Known(3)),
    ("changes/sentry/get-release.json", "sentry-releases", Known(1)),
    ("chat/irc/irc-2016-11-16-github-outage.log", "irc-chat", Counted(irc)),
    ("chat/irc/irc-2018-10-22-github-outage.log", "irc-chat", Counted(irc)),
    ("chat/irc/irc-2019-03-06-maintenance.log", "irc-chat", Counted(irc)),
    ("chat/mattermost/direct-channel.jsonl", "mattermost-chat", Counted(mattermost)),
    ("chat/mattermost/guest-export.jsonl", "mattermost-chat", Counted(mattermost)),
    ("chat/slack/houston/datajam/2015-06-19.json", "slack-chat", Counted(slack)),
    ("chat/slack/houston/examples/2015-06-09.json", "slack-chat", Counted(slack)),
    ("chat/slack/houston/team-d3/2015-08-08.json", "slack-chat", Counted(slack)),
    // A third is an event of the system.
    ("chat/teams/messages-excerpt.json", "teams-chat", Known(2)),
];

/// Captures that hold nothing for a timeline, each with how it is called when it is refused.
const REFUSED: &[(&str, &str)] = &[
    ("alerts/datadog/datadogpy-events-cassette.yaml", "a recording of HTTP exchanges"),
    (
        "alerts/prometheus/holmes-rules-small.txt",
        "an answer with an error: Network error while fetching rules",
    ),
    (
        "chat/slack/houston/integration_logs.json",
        "the log of the integrations of a Slack workspace",
    ),
    ("chat/slack/zulip/channels.json", "the list of channels of a Slack export"),
    ("chat/slack/zulip/dms.json", "the list of conversations of a Slack export"),
    ("chat/slack/zulip/mpims.json", "the list of channels of a Slack export"),
    ("chat/slack/zulip/team_info.json", "a description of a Slack workspace"),
    ("chat/slack/zulip/user_data.json", "the list of users of a Slack workspace"),
];

/// How the entries of a capture are counted: by hand or with `jq`, or from its raw text.
enum Entries {
    Known(usize),
    Counted(fn(&str) -> usize),
}
use Entries::{Counted, Known};

fn lines(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty()).count()
}

fn matching(text: &str, word: &str) -> usize {
    text.lines().filter(|line| line.contains(word)).count()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn items(text: &str) -> usize {
    json(text)["items"].as_array().map_or(0, Vec::len)
}

fn commits(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("commit ")).count()
}

/// The states that checks confirmed, with the first failed check of each, and what people did.
fn nagios(text: &str) -> usize {
    let hard =
        text.lines().filter(|line| line.contains(" ALERT: ") && line.contains(";HARD;")).count();
    hard + matching(text, "ACKNOWLEDGE_")
        + matching(text, "_COMMENT;")
        + matching(text, "FLAPPING ALERT")
}

/// What people say and do, without those who come and go.
fn irc(text: &str) -> usize {
    let is_message = |line: &&str| {
        let stamp = line.trim_start_matches(['b', '\'', '"']);
        let rest = stamp.get(19..).unwrap_or_default().trim_start();
        let comes = [
            "has quit",
            "has joined",
            "joined the channel",
            "has left",
            "left the channel",
            "is now known as",
            "sets mode",
        ];
        stamp.starts_with("20")
            && (rest.starts_with('<')
                || rest.starts_with('*') && !comes.iter().any(|word| rest.contains(word)))
    };
    text.lines().filter(is_message).count()
}

fn mattermost(text: &str) -> usize {
    let posts = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let posts = posts.filter_map(|line| {
        [&line["post"], &line["direct_post"]].into_iter().find(|post| post.is_object()).cloned()
    });
    posts.map(|post| 1 + post["replies"].as_array().map_or(0, Vec::len)).sum()
}

fn slack(text: &str) -> usize {
    let messages = json(text);
    let messages = messages.as_array().expect("a list");
    messages.iter().filter(|message| message["subtype"] != "channel_join").count()
}

fn input(folder: &Path, name: &str) -> Input {
    let path = folder.join(name);
    Input::new(
        name,
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    )
}

/// Every file of alerts, changes and chats is read by one reader and counted, or refused by name.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn every_capture_is_claimed_by_one_reader_with_expected_counts() {
    let folder = shared("corpus");
    println!("{:64} {:22} {:>7} {:>6} {:>8}", "FILE", "FORMAT", "ENTRIES", "HIDDEN", "WARNINGS");
    for (name, format, entries) in EXPECTED {
        let input = input(&folder, name);
        let of = |verdict| REGISTRY.iter().filter(|source| source.sniff(&input) == verdict).count();
        let ranks = [Verdict::Yes, Verdict::Maybe, Verdict::LastResort];
        let claims = ranks.into_iter().map(of).find(|claims| *claims > 0).unwrap_or_default();
        let source = detect::choose(&input, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((source.id(), claims), (*format, 1), "{name}");
        let options = ReadOptions {
            zone: "UTC".parse().ok(),
            today: "2026-11-30".parse().ok(),
            ..ReadOptions::default()
        };
        let read = source.read(&input, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
        let hidden = read
            .value
            .iter()
            .filter(|record| matches!(record, Record::Event(event) if event.hidden))
            .count();
        println!(
            "{name:64} {format:22} {:>7} {hidden:>6} {:>8}",
            read.value.len(),
            read.warnings.len()
        );
        let expected = match entries {
            Known(count) => *count,
            Counted(count) => count(&String::from_utf8_lossy(&input.bytes)),
        };
        assert_eq!(read.value.len(), expected, "{name}: {:#?}", read.warnings);
    }
    for (name, what) in REFUSED {
        let error = detect::choose(&input(&folder, name), None)
            .map(posthoc::sources::Source::id)
            .expect_err(name);
        assert!(error.to_string().contains(what), "{name}: {error}");
        println!("{name:64} refused: {what}");
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn every_capture_is_listed() {
    let folder = shared("corpus");
    let known: BTreeSet<&str> = EXPECTED
        .iter()
        .map(|(name, ..)| *name)
        .chain(REFUSED.iter().map(|(name, _)| *name))
        .collect();
    let own = ["alerts/datadog/keep-monitor-webhooks.jsonl.txt"];
    for kind in ["alerts", "changes", "chat"] {
        for entry in walkdir::WalkDir::new(folder.join(kind))
            .into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_file())
        {
            let name = entry
                .path()
                .strip_prefix(&folder)
                .expect("below it")
                .to_string_lossy()
                .into_owned();
            assert!(
                known.contains(name.as_str()) || own.contains(&name.as_str()),
                "{name} is in no table"
            );
        }
    }
}

/// The webhooks of Datadog: counted by their transitions, of each monitor and group the first of
/// several in a row.
#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn each_webhook_log_line_is_a_state_change() {
    let folder = shared("corpus/alerts/datadog");
    let text = std::fs::read_to_string(folder.join("keep-monitor-webhooks.jsonl.txt"))
        .expect("it is there");
    let mut changes: BTreeMap<(String, String), Vec<(u64, bool)>> = BTreeMap::new();
    for line in text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
    {
        let field = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let at =
            field("date").parse().or_else(|_| field("last_updated").parse()).expect("milliseconds");
        let fires = !field("alert_transition").contains("Recovered");
        changes.entry((field("monitor_id"), field("scopes"))).or_default().push((at, fires));
    }
    let mut expected = 0;
    for group in changes.values_mut() {
        group.sort();
        group.dedup();
        let mut fired = false;
        for (_, fires) in group {
            expected += usize::from(!(*fires && fired));
            fired = *fires;
        }
    }
    let input = Input::new("webhooks.jsonl", text);
    let source = posthoc::sources::by_id("datadog-alerts").expect("it is registered");
    assert_eq!(source.sniff(&input), Verdict::Yes);
    let read = source.read(&input, &ReadOptions::default()).expect("it is read");
    assert!(read.value.iter().all(|record| matches!(record, Record::Event(_))));
    assert_eq!(read.value.len(), expected, "{:?}", read.warnings);
}
