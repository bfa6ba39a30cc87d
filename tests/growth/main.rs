//! The work of a command grows with its input, and not with the square of its input.
//!
//! Each case runs one command in this process over n, 2n and 4n items. Work is counted in
//! allocations and in allocated bytes, which, unlike time, do not depend on the machine. Work that
//! allocates nothing is not seen here: `benches/growth.sh` measures the CPU time of such inputs.
#![allow(clippy::disallowed_methods, reason = "this test makes the files and the folders it needs")]

use std::alloc::System;
use std::fmt::Write as _;
use std::path::Path;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The smallest number of items.
const ITEMS: usize = 150;

/// From 2n to 4n items the work grows by at most so many times what it grows by from n to 2n: 2 is
/// linear, 4 is quadratic.
const MOST: f64 = 2.6;

/// So many bytes more or less are those of caches that are made when they are first needed.
const NOISE: usize = 4_000_000;

struct Case {
    name: &'static str,
    /// Writes so many items into a folder.
    write: fn(usize, &Path),
    command: &'static [&'static str],
}

const CHECK: &[&str] = &["check", "--deny", "error"];
const RENDER: &[&str] = &["render", "a", "--to", "html", "--out", "out"];
const IMPORT: &[&str] = &["import", "in.json", "--dry-run"];
const INTO: &[&str] = &["import", "in.json", "--into", "a", "--dry-run"];

const CASES: &[Case] = &[
    Case { name: "findings in one file", write: findings, command: CHECK },
    Case { name: "one id many times in one file", write: same_ids, command: CHECK },
    Case { name: "one id in many files", write: same_files, command: CHECK },
    Case { name: "aliases of one entry", write: aliases, command: CHECK },
    Case { name: "deep brackets in YAML", write: yaml_brackets, command: CHECK },
    Case { name: "deep brackets in a text", write: brackets, command: RENDER },
    Case { name: "identical entries", write: same_entries, command: CHECK },
    Case { name: "overlapping windows", write: windows, command: CHECK },
    Case { name: "equal headings", write: headings, command: RENDER },
    Case { name: "one title and day", write: same_title, command: IMPORT },
    Case { name: "one record many times", write: same_record, command: IMPORT },
    Case { name: "components", write: components, command: IMPORT },
    Case {
        name: "posts in two formats",
        write: two_formats,
        command: &["import", "in.xml", "--update", "--dry-run"],
    },
    Case { name: "edits to one file", write: alerts, command: INTO },
    Case {
        name: "alerts of two systems",
        write: alerts_of_two,
        command: &["import", "in.json", "other.json", "--into", "a", "--dry-run"],
    },
    Case { name: "entries of a feed", write: feed, command: &["import", "in.xml", "--dry-run"] },
    Case {
        name: "lines of a write-up",
        write: write_up,
        command: &["import", "in.md", "--dry-run"],
    },
    Case {
        name: "sections of a write-up",
        write: sections,
        command: &["import", "in.md", "--dry-run"],
    },
    Case { name: "incidents", write: incidents, command: &["stats", "--by", "service"] },
    Case { name: "a circle of duplicates", write: duplicates, command: &["stats"] },
    Case { name: "follow-ups", write: follow_ups, command: CHECK },
    Case {
        name: "entries of a report",
        write: same_entries,
        command: &["render", "a", "--to", "pdf", "--out", "out"],
    },
    Case { name: "Prometheus series", write: series, command: INTO },
];

#[test]
fn work_of_every_command_grows_linearly() {
    let start = std::env::current_dir().expect("a current folder");
    let silence = Silence::new();
    // What is made once in a process, some of it only for longer inputs, is made now.
    for case in CASES {
        let _ = measured(case, ITEMS);
    }
    let mut wrong = Vec::new();
    for case in CASES {
        let mut work = [1, 2, 4].map(|times| measured(case, ITEMS * times));
        // A new thread makes caches of its own for regular expressions, some megabytes, whatever
        // the length of the input: what grows, grows each time.
        for _ in 0..2 {
            if is_steep(&work) {
                let again = [1, 2, 4].map(|times| measured(case, ITEMS * times));
                work = std::array::from_fn(|at| work[at].least(&again[at]));
            }
        }
        if is_steep(&work) {
            wrong.push(format!("{}: {work:?}", case.name));
        }
    }
    drop(silence);
    std::env::set_current_dir(start).expect("the folder before");
    assert!(wrong.is_empty(), "more than linear:\n{}", wrong.join("\n"));
}

#[derive(Debug)]
struct Work {
    allocations: usize,
    bytes: usize,
}

impl Work {
    fn least(&self, other: &Work) -> Work {
        Work {
            allocations: self.allocations.min(other.allocations),
            bytes: self.bytes.min(other.bytes),
        }
    }
}

/// Whether the work grows by more than the input, which is doubled and doubled again.
fn is_steep([one, two, four]: &[Work; 3]) -> bool {
    let steep = |of: fn(&Work) -> usize, noise: usize| {
        let grown = |less: &Work, more: &Work| of(more).saturating_sub(of(less)).max(noise) as f64;
        grown(two, four) > MOST * grown(one, two)
    };
    steep(|work| work.allocations, 1_000) || steep(|work| work.bytes, NOISE)
}

/// The work of a case over so many items.
fn measured(case: &Case, items: usize) -> Work {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("incidents")).expect("a folder");
    std::fs::write(folder.path().join("posthoc.toml"), "").expect("a file");
    (case.write)(items, folder.path());
    let path = folder.path().to_string_lossy().into_owned();
    let arguments = ["posthoc", "-C", &path, "--now", "2026-06-01T00:00:00Z", "--quiet"];
    // A command goes into its folder, which is gone after it.
    std::env::set_current_dir("/").expect("the root");
    let region = Region::new(ALLOCATOR);
    posthoc::cli::run(arguments.iter().chain(case.command).map(Into::into));
    let change = region.change();
    Work { allocations: change.allocations + change.reallocations, bytes: change.bytes_allocated }
}

/// Leads the output of the commands nowhere until it is dropped.
struct Silence {
    before: [rustix::fd::OwnedFd; 2],
}

impl Silence {
    fn new() -> Self {
        let nowhere = std::fs::File::options().write(true).open("/dev/null").expect("/dev/null");
        let before = [
            rustix::io::dup(std::io::stdout()).expect("the standard output"),
            rustix::io::dup(std::io::stderr()).expect("the standard error"),
        ];
        rustix::stdio::dup2_stdout(&nowhere).expect("a new standard output");
        rustix::stdio::dup2_stderr(&nowhere).expect("a new standard error");
        Silence { before }
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let _ = rustix::stdio::dup2_stdout(&self.before[0]);
        let _ = rustix::stdio::dup2_stderr(&self.before[1]);
    }
}

/// Minute `i` of a year.
fn at(i: usize) -> String {
    format!(
        "2026-{:02}-{:02}T{:02}:{:02}:00Z",
        1 + i / 40320 % 12,
        1 + i / 1440 % 28,
        i / 60 % 24,
        i % 60
    )
}

/// What `write` writes for each item.
fn each(items: usize, mut write: impl FnMut(&mut String, usize)) -> String {
    (0..items).fold(String::new(), |mut text, item| {
        write(&mut text, item);
        text
    })
}

/// As [`each`], with commas between the items.
fn list(items: usize, write: impl Fn(usize) -> String) -> String {
    (0..items).map(write).collect::<Vec<_>>().join(",")
}

fn incident(folder: &Path, rest: &str) {
    file(
        folder,
        "incidents/a.yaml",
        &format!("schema: posthoc/v1\nid: a\ntitle: The queue was full\n{rest}"),
    );
}

fn file(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a file");
}

fn findings(items: usize, folder: &Path) {
    let entries = each(items, |text, i| {
        let _ = writeln!(text, "  - {{at: {}, text: Line {i}., source: S{i}}}", at(i));
    });
    incident(folder, &format!("timeline:\n{entries}"));
}

fn same_ids(items: usize, folder: &Path) {
    let causes = each(items, |text, i| {
        let _ = writeln!(text, "  - {{id: r, text: Cause {i}.}}");
    });
    incident(folder, &format!("root_causes:\n{causes}"));
}

fn same_files(items: usize, folder: &Path) {
    for i in 0..items {
        file(folder, &format!("incidents/a{i}.yaml"), "schema: posthoc/v1\nid: a\ntitle: A\n");
    }
}

fn aliases(items: usize, folder: &Path) {
    let first = "  - &e {at: 2026-01-01T00:00Z, text: The queue was full., source: S1}\n";
    incident(folder, &format!("timeline:\n{first}{}", "  - *e\n".repeat(items)));
}

fn yaml_brackets(items: usize, folder: &Path) {
    incident(folder, &format!("summary: {}{}\n", "[".repeat(items), "]".repeat(items)));
}

fn brackets(items: usize, folder: &Path) {
    incident(folder, &format!("summary: \"{}{}\"\n", "[".repeat(items), "]".repeat(items)));
}

fn same_entries(items: usize, folder: &Path) {
    let entry = "  - {at: 2026-01-01T00:00Z, text: The queue was full and nothing was sent.}\n";
    incident(folder, &format!("timeline:\n{}", entry.repeat(items)));
}

fn windows(items: usize, folder: &Path) {
    let windows = each(items, |text, i| {
        let _ = writeln!(
            text,
            "    - {{start: {}, end: 2027-01-01T00:00Z, services: [s{}]}}",
            at(i),
            i % 7
        );
    });
    incident(folder, &format!("impact:\n  windows:\n{windows}"));
}

fn headings(items: usize, folder: &Path) {
    incident(folder, &format!("summary: |\n{}", "  ## same\n\n".repeat(items)));
}

fn page(folder: &Path, incidents: &str) {
    let page = r#"{"id":"p","name":"P","url":"https://status.example.com"}"#;
    file(folder, "in.json", &format!(r#"{{"page":{page},"incidents":[{incidents}]}}"#));
}

fn same_title(items: usize, folder: &Path) {
    let incidents = list(items, |i| {
        format!(
            r#"{{"id":"i{i}","name":"API","status":"investigating","impact":"minor","created_at":"2026-03-17T{:02}:{:02}:00Z","incident_updates":[]}}"#,
            i / 60 % 24,
            i % 60
        )
    });
    page(folder, &incidents);
}

fn same_record(items: usize, folder: &Path) {
    let incidents = list(items, |i| {
        format!(
            r#"{{"id":"i","name":"API","status":"investigating","created_at":"2026-03-17T00:00:00Z","incident_updates":[{{"id":"u{i}","status":"investigating","body":"Post {i}.","created_at":"{}"}}]}}"#,
            at(i)
        )
    });
    page(folder, &incidents);
}

fn components(items: usize, folder: &Path) {
    let affected = list(items, |i| {
        format!(
            r#"{{"code":"c{i}","name":"Part {i}","old_status":"operational","new_status":"major_outage"}}"#
        )
    });
    let components =
        list(items, |i| format!(r#"{{"id":"c{i}","name":"Part {i}","status":"major_outage"}}"#));
    let update = format!(
        r#"{{"id":"u","status":"investigating","body":"We look.","created_at":"2026-03-17T00:00:00Z","affected_components":[{affected}]}}"#
    );
    page(
        folder,
        &format!(
            r#"{{"id":"i","name":"API","status":"investigating","created_at":"2026-03-17T00:00:00Z","components":[{components}],"incident_updates":[{update}]}}"#
        ),
    );
}

/// The file that the API of a page made of an incident with many posts, and the page's feed of it.
fn two_formats(items: usize, folder: &Path) {
    let entries = each(items, |text, i| {
        let _ = writeln!(
            text,
            "  - {{at: {}, kind: status_update, state: investigating, text: Post {i} of the API., source: S1#u{i}}}",
            at(i)
        );
    });
    let source = "sources:\n  S1: {format: statuspage-v2, record: abc123, url: 'https://status.example.com'}\n";
    incident(folder, &format!("{source}timeline:\n{entries}"));
    let posts = each(items, |text, i| {
        let (month, day) = (1 + i / 40320 % 12, 1 + i / 1440 % 28);
        let month = ["Jan", "Feb", "Mar"][month - 1];
        let _ = write!(
            text,
            "&lt;p&gt;&lt;small&gt;{month} &lt;var data-var='date'&gt;{day}&lt;/var&gt;, &lt;var data-var='time'&gt;{:02}:{:02}&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;Investigating&lt;/strong&gt; - Post {i} of the feed.&lt;/p&gt;",
            i / 60 % 24,
            i % 60
        );
    });
    let published = at(items - 1);
    file(
        folder,
        "in.xml",
        &format!(
            r#"<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>tag:status.example.com,2005:/history</id><title>P Status - Incident History</title><link rel="alternate" href="https://status.example.com"/><entry><id>tag:status.example.com,2005:Incident/1</id><published>{published}</published><updated>{published}</updated><link rel="alternate" href="https://status.example.com/incidents/abc123"/><title>The queue was full</title><content type="html">{posts}</content></entry></feed>"#
        ),
    );
}

fn alerts(items: usize, folder: &Path) {
    incident(folder, "");
    let alerts = list(items, |i| {
        format!(
            r#"{{"fingerprint":"f{i}","labels":{{"alertname":"Queue","shard":"{i}"}},"annotations":{{}},"startsAt":"{at}","endsAt":"2027-01-01T00:00:00Z","generatorURL":"","receivers":[],"updatedAt":"{at}","status":{{"state":"active","silencedBy":[],"inhibitedBy":[]}}}}"#,
            at = at(i)
        )
    });
    file(folder, "in.json", &format!("[{alerts}]"));
}

fn series(items: usize, folder: &Path) {
    incident(folder, "");
    let series = list(items, |i| {
        format!(
            r#"{{"metric":{{"__name__":"queue","shard":"{i}"}},"values":[[1767225600,"{i}"],[1767225660,"1"]]}}"#
        )
    });
    file(
        folder,
        "in.json",
        &format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{series}]}}}}"#),
    );
}

/// Alerts of Alertmanager, and the same as another system reports them.
fn alerts_of_two(items: usize, folder: &Path) {
    alerts(items, folder);
    let alerts = std::fs::read_to_string(folder.join("in.json")).expect("the alerts");
    file(folder, "other.json", &alerts.replace("\"f", "\"g"));
}

fn feed(items: usize, folder: &Path) {
    let entries = each(items, |text, i| {
        let _ = write!(
            text,
            "<item><title>The queue of shard {i}</title><guid>https://status.example.com/incidents/{i}</guid><link>https://status.example.com/incidents/{i}</link><pubDate>Tue, 17 Mar 2026 {:02}:{:02}:00 +0000</pubDate><description>The queue is empty again.</description></item>",
            i / 60 % 24,
            i % 60
        );
    });
    file(
        folder,
        "in.xml",
        &format!(
            r#"<?xml version="1.0"?><rss version="2.0"><channel><title>P</title><link>https://status.example.com/</link>{entries}</channel></rss>"#
        ),
    );
}

fn write_up(items: usize, folder: &Path) {
    // A write-up of some hundred lines is read in another way than a longer one.
    let lines = each(4 * items, |text, i| {
        let _ =
            writeln!(text, "- {:02}:{:02} The queue of shard {i} was full.", i / 60 % 24, i % 60);
    });
    file(
        folder,
        "in.md",
        &format!("# Incident of 17 March 2026\n\nAll times in UTC.\n\n## Timeline\n\n{lines}"),
    );
}

fn sections(items: usize, folder: &Path) {
    let sections = each(items, |text, i| {
        let _ = writeln!(text, "## Part {i}\n\nThe queue of shard {i} was full.\n");
    });
    file(
        folder,
        "in.md",
        &format!(
            "# Incident of 17 March 2026\n\nAll times in UTC.\n\n## Timeline\n\n- 10:00 It began.\n\n{sections}"
        ),
    );
}

fn incidents(items: usize, folder: &Path) {
    for i in 0..items {
        let text = format!(
            "schema: posthoc/v1\nid: a{i}\ntitle: The queue of shard {i}\nservices: [s{}]\nmilestones: {{impact_start: {}, resolved_at: 2026-12-30T00:00Z}}\n",
            i % 9,
            at(i)
        );
        file(folder, &format!("incidents/a{i}.yaml"), &text);
    }
}

fn duplicates(items: usize, folder: &Path) {
    for i in 0..items {
        let text = format!(
            "schema: posthoc/v1\nid: a{i}\ntitle: The queue\nrelated: [{{id: a{}, kind: duplicate_of}}]\n",
            (i + 1) % items
        );
        file(folder, &format!("incidents/a{i}.yaml"), &text);
    }
}

fn follow_ups(items: usize, folder: &Path) {
    let follow_ups = each(items, |text, i| {
        let _ = writeln!(
            text,
            "  - {{id: f{i}, text: Alert on queue {i}., owner: o{i}, due: 2026-01-01, addresses: [r{i}]}}"
        );
    });
    incident(folder, &format!("action_items:\n{follow_ups}"));
}
