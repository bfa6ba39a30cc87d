//! What happens in the generated incidents. `{service}` and `{region}` are filled in.

use posthoc::model::action::ActionType::{
    self, Detect, Investigate, Mitigate, Prevent, Process, Repair,
};

/// One kind of failure, in pieces of text that fit together.
pub(crate) struct Story {
    pub(crate) title: &'static str,
    pub(crate) tags: &'static [&'static str],
    pub(crate) trigger: (&'static str, &'static str),
    pub(crate) symptom: &'static str,
    pub(crate) alert: &'static str,
    /// Name, unit and calm value of the figure that shows it.
    pub(crate) metric: (&'static str, &'static str, i64),
    pub(crate) category: &'static str,
    pub(crate) cause: &'static str,
    pub(crate) factors: [(&'static str, &'static str); 2],
    pub(crate) looked: [&'static str; 3],
    pub(crate) wrong_turn: &'static str,
    pub(crate) temporary: &'static str,
    pub(crate) permanent: &'static str,
    pub(crate) actions: [(ActionType, &'static str); 3],
}

pub(crate) const STORIES: &[Story] = &[
    Story {
        title: "{service} out of database connections",
        tags: &["database", "connections"],
        trigger: ("deploy", "A release of {service} opened a second pool for each worker."),
        symptom: "Requests to {service} in {region} waited for a database connection and then failed.",
        alert: "pool wait time of {service} above 2 s",
        metric: ("Open connections", "", 120),
        category: "software",
        cause: "The new release did not return connections after a failed write, so the pool drained within minutes of the first burst of errors.",
        factors: [
            ("configuration", "The pool had no upper age for a connection."),
            ("observability", "Connections were counted per host and not per service."),
        ],
        looked: [
            "Network between {region} and the database shows no loss.",
            "The database has 412 sessions, 390 of them idle in a transaction.",
            "Restarting one worker frees 24 connections, for six minutes.",
        ],
        wrong_turn: "The primary was suspected first, since every slow query stood there.",
        temporary: "The release was taken back and idle sessions were ended.",
        permanent: "Connections are returned on every path, and a connection lives for ten minutes at most.",
        actions: [
            (Prevent, "Return connections on every path of the writer."),
            (Detect, "Alert on connections that idle in a transaction."),
            (Prevent, "Limit the age of a connection in the pooler."),
        ],
    },
    Story {
        title: "Expired certificate stops {service}",
        tags: &["certificate", "tls"],
        trigger: ("expiry", "The certificate of {service} ran out at midnight."),
        symptom: "Clients refused to talk to {service}; browsers showed a warning.",
        alert: "probe of {service} fails the handshake in {region}",
        metric: ("Failed handshakes", "1/s", 0),
        category: "process",
        cause: "Renewal had moved to a new account, and the job of the old account went on reporting success.",
        factors: [
            (
                "observability",
                "The days left on a certificate were on a dashboard and in no alert.",
            ),
            ("process", "Nobody owned the certificate since the team was split."),
        ],
        looked: [
            "The load balancer serves the certificate that it always served.",
            "Renewal reports success, and has for ninety days.",
            "The certificate that was renewed is not the one that is served.",
        ],
        wrong_turn: "A change of the firewall on the day before was taken back without effect.",
        temporary: "A certificate was issued by hand and loaded in every region.",
        permanent: "One job renews, loads and then probes the certificate that is really served.",
        actions: [
            (Detect, "Alert fourteen days before any served certificate ends."),
            (Process, "Give each certificate an owner in the catalogue."),
            (Repair, "Remove the renewal job of the old account."),
        ],
    },
    Story {
        title: "{service} slow after a migration",
        tags: &["database", "migration"],
        trigger: (
            "migration",
            "A migration added a column with a default to the largest table of {service}.",
        ),
        symptom: "Pages that read from {service} took more than ten seconds, some ended in a timeout.",
        alert: "latency of {service} at the 99th percentile above 5 s",
        metric: ("Query latency", "ms", 14),
        category: "database",
        cause: "The migration rewrote the table under a lock, and every reader of {service} queued behind it.",
        factors: [
            (
                "testing",
                "Staging holds a hundredth of the rows, where the same step takes a second.",
            ),
            ("process", "Migrations ran at the time of the day with the most traffic."),
        ],
        looked: [
            "Processor and disk of the primary are idle.",
            "All slow queries wait for the same lock.",
            "The lock belongs to the migration that began before the alert.",
        ],
        wrong_turn: "More replicas were added, which could not help against a lock.",
        temporary: "The migration was cancelled; readers went on at once.",
        permanent: "The column was added without a default and filled in small batches.",
        actions: [
            (Prevent, "Refuse migrations that rewrite a table of more than a million rows."),
            (Process, "Run migrations in the quiet hours of {region}."),
            (Detect, "Show lock waits beside latency."),
        ],
    },
    Story {
        title: "Backlog delays {service}",
        tags: &["queue", "backlog"],
        trigger: (
            "load",
            "An import of one customer sent forty times the usual number of messages.",
        ),
        symptom: "Results of {service} arrived late; nothing was lost.",
        alert: "age of the oldest message for {service} above 10 min",
        metric: ("Queue depth", "messages", 900),
        category: "capacity",
        cause: "All customers share one queue, and the workers of {service} took messages in the order of arrival.",
        factors: [
            (
                "capacity",
                "Workers scale on processor use, which stays low while they wait for a lock.",
            ),
            ("observability", "Queue depth was known per queue and not per customer."),
        ],
        looked: [
            "Workers are healthy and mostly wait.",
            "Nine tenths of the queue belong to one import.",
            "Doubling the workers halves the speed of each.",
        ],
        wrong_turn: "Workers were doubled, which only moved the wait to the lock.",
        temporary: "The import was moved to a queue of its own.",
        permanent: "Each customer has a share of the workers, and no more.",
        actions: [
            (Prevent, "Give every customer a fair share of the workers."),
            (Detect, "Alert on the age of the oldest message per customer."),
            (Mitigate, "Write down how to move an import to its own queue."),
        ],
    },
    Story {
        title: "{region} unreachable for {service}",
        tags: &["network", "routing"],
        trigger: ("config_push", "A new route for {region} was announced with too short a prefix."),
        symptom: "Users whose traffic enters in {region} could not reach {service}.",
        alert: "traffic of {service} in {region} below a tenth of last week",
        metric: ("Requests", "1/s", 2400),
        category: "network",
        cause: "The announcement drew traffic to a site that had no way to pass it on.",
        factors: [
            ("process", "The change was reviewed as text; its effect on routes was not computed."),
            ("dependency", "Going back needed the network that the change had cut."),
        ],
        looked: [
            "{service} itself answers within {region}.",
            "Traces from outside end at the edge of {region}.",
            "The route was changed eleven minutes before the drop.",
        ],
        wrong_turn: "An attack was suspected, as traffic vanished so quickly.",
        temporary: "The announcement was withdrawn over the access of last resort.",
        permanent: "Announcements pass a simulation that refuses prefixes shorter than those in use.",
        actions: [
            (Prevent, "Simulate every change of routes before it is applied."),
            (Mitigate, "Test the access of last resort each month."),
            (Detect, "Probe {service} from outside of each region."),
        ],
    },
    Story {
        title: "Cache failure overloads {service}",
        tags: &["cache", "overload"],
        trigger: ("hardware", "A host that held a third of the cache in {region} lost its disk."),
        symptom: "{service} answered one request in three with an error.",
        alert: "error rate of {service} above 5 % in {region}",
        metric: ("Error rate", "%", 1),
        category: "capacity",
        cause: "Without a third of the cache, reads went to the store behind it, which was sized for a tenth of them.",
        factors: [
            ("software", "Clients of {service} tried again at once and without limit."),
            ("capacity", "The store had not been load-tested since traffic doubled."),
        ],
        looked: [
            "Errors come from the store, and it is at its limit.",
            "The share of cache hits fell from 96 % to 61 %.",
            "Half of all requests are repeated ones.",
        ],
        wrong_turn: "The store was restarted, and met the whole load with an empty buffer.",
        temporary: "Repeated requests were refused at the edge until the cache was warm.",
        permanent: "Clients back off, and the cache keeps each key on two hosts.",
        actions: [
            (Mitigate, "Let clients of {service} wait longer after each failure."),
            (Prevent, "Keep each key of the cache on two hosts."),
            (Investigate, "Find out what the store can carry, each quarter."),
        ],
    },
    Story {
        title: "Wrong flag disables {service}",
        tags: &["configuration", "flag"],
        trigger: ("config_push", "A flag meant for a test was set for all users of {service}."),
        symptom: "The menu of {service} was empty for everyone who logged in anew.",
        alert: "successful calls of {service} below 90 %",
        metric: ("Successful calls", "%", 99),
        category: "configuration",
        cause: "A rule without a condition counts as true, and the editor of flags accepts it in silence.",
        factors: [
            ("process", "Flags need no second pair of eyes, unlike code."),
            ("observability", "Changes of flags were not on the timeline of deployments."),
        ],
        looked: [
            "No deployment of {service} in the last two days.",
            "Users who were logged in before see no fault.",
            "The flag changed one minute before the first failure.",
        ],
        wrong_turn: "The identity provider was called, as only new sessions were hit.",
        temporary: "The flag was set back.",
        permanent: "A rule without a condition is refused, and flags are reviewed like code.",
        actions: [
            (Prevent, "Refuse a rule that has no condition."),
            (Process, "Review changes of flags like changes of code."),
            (Detect, "Show changes of flags where deployments are shown."),
        ],
    },
    Story {
        title: "Upstream outage reaches {service}",
        tags: &["dependency", "vendor"],
        trigger: ("dependency", "The provider behind {service} stopped answering in {region}."),
        symptom: "{service} could not finish new orders; those already placed were safe.",
        alert: "calls from {service} to its provider time out",
        metric: ("Timed-out calls", "%", 0),
        category: "dependency",
        cause: "{service} waits for its provider within the request and has no second way.",
        factors: [
            ("software", "The timeout was longer than that of the caller, so threads piled up."),
            ("process", "The provider's status page is read by nobody out of hours."),
        ],
        looked: [
            "All instances of {service} wait in the same call.",
            "The provider's page says that all is well.",
            "The provider confirms a fault in {region}.",
        ],
        wrong_turn: "The thread pool was made larger, and filled up again.",
        temporary: "Calls were sent to the provider's other region.",
        permanent: "Calls leave the request: they are queued, tried again and switched over by themselves.",
        actions: [
            (Prevent, "Queue calls to the provider instead of waiting for them."),
            (Mitigate, "Switch to the other region when calls time out."),
            (Detect, "Read the provider's status feed into our alerts."),
        ],
    },
    Story {
        title: "Memory leak restarts {service}",
        tags: &["memory", "restart"],
        trigger: ("deploy", "A library that {service} uses was brought up to date."),
        symptom: "Uploads to {service} broke off at random and had to be sent again.",
        alert: "restarts of {service} in {region} above 3 in 10 min",
        metric: ("Memory per instance", "MiB", 640),
        category: "software",
        cause: "The library keeps a buffer for each closed connection until a timer runs out that never runs.",
        factors: [
            ("testing", "The load test lasts ten minutes, the leak needs two hours."),
            ("configuration", "All instances began together and so reached their limit together."),
        ],
        looked: [
            "Instances are killed for memory, all within four minutes.",
            "The heap is full of empty buffers.",
            "The version before does not grow.",
        ],
        wrong_turn: "The limit was raised by half, which gave one quiet hour.",
        temporary: "Instances were restarted one after another, every hour.",
        permanent: "The library was taken back to the version before, and the fault reported.",
        actions: [
            (Prevent, "Run the load test of {service} for four hours each night."),
            (Detect, "Alert on memory that only grows."),
            (Repair, "Move to the library's mended version."),
        ],
    },
    Story {
        title: "{service} replica falls behind",
        tags: &["database", "replication"],
        trigger: ("load", "A report read the whole history of {service} from a replica."),
        symptom: "Users of {service} in {region} saw old data, and changes that they had made seemed lost.",
        alert: "replication delay of {service} above 60 s",
        metric: ("Replication delay", "s", 1),
        category: "database",
        cause: "The replica paused replay for the sake of the report, and reads went on as if it were fresh.",
        factors: [
            ("software", "{service} does not ask how old its replica is."),
            ("process", "Reports and users share one replica."),
        ],
        looked: [
            "The primary is fresh and quick.",
            "Replay stands still since the report began.",
            "Only reads through {region} are old.",
        ],
        wrong_turn: "The replica was rebuilt, while the one beside it would have done.",
        temporary: "The report was stopped; replay caught up.",
        permanent: "Reports have a replica of their own, and reads leave a replica that is more than 10 s old.",
        actions: [
            (Prevent, "Give reports a replica of their own."),
            (Mitigate, "Send reads to the primary when a replica is old."),
            (Detect, "Alert on replication delay after 10 s."),
        ],
    },
];

pub(crate) const SERVICES: &[&str] = &[
    "checkout",
    "payments",
    "search",
    "login",
    "ingest",
    "billing",
    "api-gateway",
    "notifications",
    "reports",
    "uploads",
    "catalog",
    "webhooks",
    "sessions",
    "mail-relay",
    "exports",
    "scheduler",
];
pub(crate) const REGIONS: &[&str] =
    &["eu-west", "eu-central", "us-east", "us-west", "ap-south", "ap-northeast"];
pub(crate) const TEAMS: &[&str] = &["platform", "storage", "edge", "identity", "commerce", "data"];
pub(crate) const ZONES: &[&str] =
    &["UTC", "Europe/Berlin", "America/New_York", "Asia/Singapore", "Australia/Sydney"];
/// Handles, which are roles: the corpus has no people in it.
pub(crate) const HANDLES: &[&str] =
    &["oncall-primary", "oncall-secondary", "incident-lead", "comms-desk", "db-desk", "net-desk"];

pub(crate) const WELL: &[&str] = &[
    "The first alert named the right service.",
    "The way back was tried and known, and took four minutes.",
    "One person led and another one wrote; nobody did both.",
    "Customers were told before the first of them asked.",
    "The dashboard for {service} showed cause and effect side by side.",
];
pub(crate) const POORLY: &[&str] = &[
    "Two teams looked at the same graph without knowing of each other.",
    "The runbook for {service} described the system of last year.",
    "The status page was updated by hand, and late.",
    "The person with access to {region} had to be found first.",
    "Three alerts fired, and none of them said what users saw.",
];
pub(crate) const LUCKY: &[&str] = &[
    "It happened in the quietest hour of the week.",
    "Someone who knew {service} well was awake by chance.",
    "The nightly backup had finished two minutes before.",
];
pub(crate) const CHATTER: &[&str] = &[
    "Support has {n} tickets about {service}, all from {region}.",
    "Error budget of {service} for the month is {n} % spent.",
    "A second look at the graphs: other regions are fine.",
    "Traffic to {service} is kept out of {region} for now.",
    "No change in the last {n} minutes; next look in ten.",
    "Deployments of {service} are frozen until this is over.",
    "The provider has been asked; ticket is open.",
    "Handover to the next shift, with notes.",
    "Canary with the fix looks good after {n} minutes.",
    "Sampling {n} failed requests: all carry the same error.",
];
/// For the long incident alone.
pub(crate) const BACKGROUND: &str = "{service} takes its requests at the edge of {region}, checks who asks, and hands the work to a pool of workers that share one database. The workers hold no state of their own; what they know, they read again for each request. That makes them easy to replace, and it makes the database the place where all their troubles meet.";
