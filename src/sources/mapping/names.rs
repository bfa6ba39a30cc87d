//! What the name of a field says about its value.

use crate::sources::objects::column_name;

/// The role of a time field. Several roles have a rank: 0 is the likeliest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources) enum Role {
    /// When it happened, without further meaning.
    Time,
    /// When it began.
    Start,
    /// When its record was created.
    Created,
    /// When it ended.
    End,
    /// When somebody acknowledged it.
    Acknowledged,
    /// When it was last changed, received or stored.
    Late,
}

/// The words of a name: `firedDateTime` has three.
pub(in crate::sources) fn words(name: &str) -> Vec<String> {
    column_name(name).split('_').map(str::to_owned).collect()
}

/// Words for any time.
const PLAIN: &[&str] = &[
    "time",
    "timestamp",
    "ts",
    "date",
    "datetime",
    "clock",
    "when",
    "at",
    "t",
    "epoch",
    "asctime",
    "stamp",
    "day",
];
/// Words next to them that do not change the meaning.
const BESIDE: &[&str] = &[
    "utc", "gmt", "unix", "nano", "nanos", "ms", "millis", "seconds", "sec", "iso", "iso8601",
    "format", "local", "event", "log", "on", "in",
];
const END: &[&str] = &[
    "end",
    "ended",
    "ends",
    "resolved",
    "closed",
    "close",
    "finish",
    "finished",
    "recovered",
    "recovery",
    "cleared",
    "completed",
    "stop",
    "stopped",
    "until",
    "resolution",
];
const ACKNOWLEDGED: &[&str] = &["ack", "acked", "acknowledged", "acknowledge"];
const LATE: &[&str] = &[
    "updated",
    "update",
    "modified",
    "received",
    "receive",
    "ingestion",
    "ingest",
    "ingested",
    "last",
    "next",
    "expires",
    "expiry",
    "due",
    "changed",
    "scheduled",
    "previous",
    "indexed",
    "exported",
    "observed",
];
const START: &[&str] = &[
    "start",
    "started",
    "starts",
    "begin",
    "began",
    "fired",
    "triggered",
    "opened",
    "onset",
    "outage",
    "occurred",
    "happened",
    "detected",
    "incident",
    "failed",
    "down",
];
const CREATED: &[&str] = &[
    "created",
    "create",
    "creation",
    "published",
    "posted",
    "raised",
    "reported",
    "deployed",
    "deployment",
    "released",
    "merged",
    "run",
    "build",
    "sent",
    "issued",
    "executed",
];

fn has(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// The role that a name gives to a time. Without one (`None`), the value may still be a time.
pub(in crate::sources) fn time(words: &[String]) -> Option<Role> {
    let is_one = |name: &str| words.len() == 1 && words[0] == name;
    let is_plain = has(words, PLAIN);
    match () {
        () if is_one("to") || has(words, END) => Some(Role::End),
        () if has(words, ACKNOWLEDGED) => Some(Role::Acknowledged),
        () if has(words, LATE) => Some(Role::Late),
        () if is_one("from") || has(words, START) => Some(Role::Start),
        () if has(words, CREATED) => Some(Role::Created),
        () if is_plain
            && words
                .iter()
                .all(|word| PLAIN.contains(&word.as_str()) || BESIDE.contains(&word.as_str())) =>
        {
            Some(Role::Time)
        }
        () if is_plain => Some(Role::Created),
        () => None,
    }
}

/// Lists of names, the likeliest first. A field matches a list that contains its whole name or the
/// last word of it.
pub(in crate::sources) const TITLES: &[&[&str]] = &[
    &["title", "subject", "headline", "summary"],
    &[
        "name",
        "alert",
        "alertname",
        "alarm",
        "rule",
        "check",
        "monitor",
        "problem",
        "operation",
        "alarm_name",
        "event_name",
        "activity",
    ],
];
pub(in crate::sources) const TEXTS: &[&[&str]] = &[
    &[
        "message",
        "msg",
        "text",
        "short_message",
        "text_payload",
        "log_message",
        "m",
        "mt",
        "what",
        "happened",
        "content",
        "body",
    ],
    &[
        "description",
        "detail",
        "details",
        "reason",
        "cause",
        "note",
        "notes",
        "comment",
        "log",
        "event",
        "action",
        "error",
        "output",
        "request",
        "communication",
        "entry",
    ],
];
pub(in crate::sources) const STATES: &[&[&str]] = &[&[
    "status",
    "state",
    "condition",
    "transition",
    "phase",
    "outcome",
    "result",
    "conclusion",
    "stage",
]];
pub(in crate::sources) const SEVERITIES: &[&[&str]] = &[
    &[
        "severity",
        "sev",
        "level",
        "levelname",
        "loglevel",
        "lvl",
        "criticality",
        "l",
        "severity_text",
    ],
    &["priority", "urgency", "impact", "importance"],
];
pub(in crate::sources) const IDS: &[&[&str]] =
    &[&["id", "uuid", "guid", "uid", "key", "fingerprint"], &["number", "slug"]];
pub(in crate::sources) const ACTORS: &[&[&str]] = &[
    &[
        "user",
        "author",
        "by",
        "who",
        "actor",
        "username",
        "user_name",
        "operator",
        "owner",
        "assignee",
        "sender",
        "login",
        "creator",
        "member",
        "person",
    ],
    &[
        "logger",
        "logger_name",
        "service",
        "app",
        "application",
        "source",
        "host",
        "hostname",
        "program",
        "component",
        "team",
        "device",
        "node",
        "resource",
        "container",
        "caller",
        "entity",
        "service_name",
    ],
];
pub(in crate::sources) const SERVICES: &[&[&str]] = &[
    &["service", "service_name", "application", "app", "component", "system", "product"],
    &["repository", "project", "workspace_name", "resource", "resource_name", "host", "entity"],
];
pub(in crate::sources) const VERSIONS: &[&[&str]] = &[&[
    "version",
    "release",
    "revision",
    "commit",
    "commit_sha",
    "sha",
    "deployment",
    "deployment_id",
    "build",
    "app_version",
]];
/// Names of versions that only changes have.
pub(in crate::sources) const CHANGES: &[&str] =
    &["release", "revision", "commit", "commit_sha", "sha", "deployment", "deployment_id"];
pub(in crate::sources) const ENVIRONMENTS: &[&[&str]] =
    &[&["environment", "env", "target", "cluster"]];
pub(in crate::sources) const URLS: &[&[&str]] =
    &[&["url", "link", "html_url", "permalink", "href"]];
pub(in crate::sources) const UPDATES: &[&str] = &[
    "updates",
    "history",
    "timeline",
    "posts",
    "entries",
    "incident_updates",
    "events",
    "messages",
    "log",
];
/// Numbers with these names are not samples.
pub(in crate::sources) const NO_SAMPLES: &[&str] = &[
    "id", "status", "code", "level", "port", "pid", "line", "version", "year", "month", "day",
    "offset", "number", "index", "v", "key", "priority", "severity",
];

/// How well a name matches a list.
pub(in crate::sources) fn rank(name: &str, words: &[String], lists: &[&[&str]]) -> Option<usize> {
    let key = column_name(name);
    let last = words.last().map_or("", String::as_str);
    lists.iter().position(|names| names.contains(&key.as_str()) || names.contains(&last))
}
