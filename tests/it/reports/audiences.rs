//! What each audience gets: nothing that it may not read, in any format.

use std::collections::BTreeMap;
use std::io::Read;

use crate::support::world::World;

/// An incident with words that only some may read.
const FILE: &str = "\
schema: posthoc/v1
id: outage
title: Blue Whale was slow # a comment
severity: sev2
services: [search]
teams: [team-leak]
tags: [tag-leak]
roles: {commander: Ana Alm, comms: raj, authors: [Mia Mu], responders: [José Leaky]}
summary: Ana Alm found it. Then Raj stopped the blue-whale nodes and @raj told **everyone**.
milestones:
  impact_start: {at: 2026-03-17T14:00Z, note: note-leak}
  detected_at: 2026-03-17T14:05:17Z
  resolved_at: 2026-03-17T15:00Z
impact: {customers: 40, revenue: revenue-leak, statement: 'Slow. See [the board](https://grafana.internal/leak-board).'}
detection: {method: alert, by: alert-leak}
root_causes: [{text: Mia Mu had seen it coming.}]
lessons:
  went_poorly:
    - 'José, jose and JOSE\u{301} waited. [The log](https://logs.example.com/?who=Jos%C3%A9+Leaky&q=leak-query).'
    - 'Bl\u{AD}ue **Wh**ale, and B&#108;ue Whale.'
    - 'See https://wiki.corp/leak-page, `ana.alm@example.com`, and ![chart of Mia Mu](https://img.local/leak.png).'
    - '[one][x] <!-- Raj was drunk -->

      [x]: http://leak-host/'
sections: [{title: How Ana-Alm worked, text: 'BlueWhale | mia_mu'}]
metrics: [{name: 'blue_whale.queue', during: '>=420'}]
action_items: [{id: A1, text: Ask Blue Whale, owner: mia, ticket: TICKET-leak, due: 2026-04-01}]
timeline:
  - {at: 2026-03-17T14:05:17Z, kind: alert, text: internal-leak, milestone: detected_at}
  - {at: 2026-03-17T14:06Z, text: restricted-leak, visibility: restricted}
  - {at: 2026-03-17T14:07Z, text: hidden-leak, hidden: true}
  - {at: 2026-03-17T14:20Z, text: Mia Mu told customers., visibility: public, actor: Mia Mu, kind: message}
sources: {S1: {format: note, title: source-leak, url: 'https://leak.example.com/'}}
links: [{title: link-leak, url: 'https://leak.example.com/'}]
";

const SETTINGS: &str = "[redaction]\nterms = [\"Blue Whale\"]\n";

fn world() -> World {
    let world = World::new();
    world.write("posthoc.toml", SETTINGS).write("incidents/outage.yaml", FILE);
    world
}

/// Everything that a file says: its bytes, and for a PDF also what is packed in it.
fn all_texts(bytes: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if let Ok(pdf) = lopdf::Document::load_mem(bytes) {
        let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
        let shown = pdf.extract_text(&pages).unwrap_or_default();
        text.push_str(&shown.split_whitespace().collect::<Vec<_>>().join(" "));
        for object in pdf.objects.values() {
            text.push_str(&format!("{object:?}"));
            if let Ok(stream) = object.as_stream()
                && let Ok(content) = stream.decompressed_content()
            {
                text.push_str(&String::from_utf8_lossy(&content));
            }
        }
        // The texts of the information dictionary and of the outline may be in UTF-16.
        text = text.replace('\0', "");
    }
    text
}

/// The words of `words` that are in the text, with and without accents of their own.
fn survivors<'w>(text: &str, words: &[&'w str]) -> Vec<&'w str> {
    let text = text.to_lowercase();
    words.iter().copied().filter(|word| text.contains(&word.to_lowercase())).collect()
}

const NEVER_PUBLIC: [&str; 18] = [
    "leak",
    "José",
    "jose",
    "ana.alm",
    "ana-alm",
    "mia_mu",
    "bluewhale",
    "blue_whale",
    "Ana Alm",
    "Ana ",
    "@raj",
    "Raj ",
    "Mia",
    "blue whale",
    "blue-whale",
    "14:05:17",
    "grafana",
    "a comment",
];

#[test]
fn no_word_of_the_inside_is_in_any_public_file() {
    let world = world();
    let printed =
        world.run(&["render", "--audience", "public", "--to", "md,html,pdf,json", "--out", "out"]);
    assert!(printed.ends_with("── exit 0\n"), "{printed}");
    for template in ["default", "brief", "public", "google-sre", "pagerduty", "atlassian"] {
        let to = format!("out-{template}");
        world.run(&[
            "render",
            "--audience",
            "public",
            "--template",
            template,
            "--to",
            "md,html,pdf,json",
            "--out",
            &to,
        ]);
    }
    world.run(&["export", "--audience", "public", "--to", "csv,ndjson", "--out", "out-export"]);
    world.run(&["stats", "--audience", "public", "--to", "md,html,pdf", "--out", "out-stats"]);
    world.run(&["site", "--audience", "public", "--out", "out-site"]);
    let files: Vec<_> =
        world.files().into_iter().filter(|(name, _)| name.starts_with("out")).collect();
    assert!(files.len() >= 24, "{}", files.len());
    for (name, bytes) in files {
        let text = all_texts(&bytes);
        assert_eq!(survivors(&text, &NEVER_PUBLIC), Vec::<&str>::new(), "{name}");
    }
    let public = world.read("out/outage.public.md");
    assert!(
        public.contains("Responder 4 told customers") && public.contains(r"\[removed\]"),
        "{public}"
    );
}

#[test]
fn company_reads_no_restricted_entry_and_no_hidden_one() {
    let world = world();
    world.run(&["render", "--to", "md,html,pdf,json"]);
    world.run(&["render", "--audience", "restricted", "--to", "md"]);
    for (name, bytes) in world.files().into_iter().filter(|(name, _)| name.starts_with("out")) {
        let text = all_texts(&bytes);
        let is_restricted = name.contains(".restricted.");
        assert_eq!(text.contains("restricted-leak"), is_restricted, "{name}");
        assert!(text.contains("internal-leak") && text.contains("TICKET-leak"), "{name}");
        // The file itself has it: it is attached as it is only where all of it may be read.
        assert!(!text.contains("hidden-leak") || is_restricted, "{name}");
    }
}

#[test]
fn redaction_is_explained_with_the_places_in_the_file() {
    let world = world();
    let printed =
        world.run(&["render", "--audience", "public", "--to", "md", "--explain-redaction"]);
    insta::assert_snapshot!(printed, @r"
    ── stdout
    out/outage.public.md
    incidents/outage.yaml:3: title: “Blue Whale” replaced by [removed]: [redaction] of posthoc.toml has it
    incidents/outage.yaml:6: teams: left out: it names the organisation
    incidents/outage.yaml:7: tags: left out: it names the organisation
    incidents/outage.yaml:8: roles.commander: left out: people are not named
    incidents/outage.yaml:8: roles.comms: left out: people are not named
    incidents/outage.yaml:8: roles.responders: left out: people are not named
    incidents/outage.yaml:8: roles.authors: left out: people are not named
    incidents/outage.yaml:9: summary: “Blue Whale” replaced by [removed]: [redaction] of posthoc.toml has it
    incidents/outage.yaml:9: summary: “Ana Alm” replaced by “Responder 1”
    incidents/outage.yaml:9: summary: “raj” replaced by “Responder 2”
    incidents/outage.yaml:11: milestones.impact_start.note: left out: a working note
    incidents/outage.yaml:12: milestones.detected_at: to the minute: the entry that proves it is left out
    incidents/outage.yaml:14: impact.revenue: left out: a figure of the business
    incidents/outage.yaml:14: impact.statement: link left out: its address is internal
    incidents/outage.yaml:15: detection.by: left out: it names an alert or a person
    incidents/outage.yaml:16: root_causes[0].text: “Mia Mu” replaced by “Responder 4”
    incidents/outage.yaml:19: lessons.went_poorly[0]: link left out: a name or a term is in its address
    incidents/outage.yaml:19: lessons.went_poorly[0]: “José” replaced by “Responder 3”
    incidents/outage.yaml:20: lessons.went_poorly[1]: left out as a whole: “Blue Whale” is in it, with markup
    incidents/outage.yaml:21: lessons.went_poorly[2]: link left out: its address is internal
    incidents/outage.yaml:21: lessons.went_poorly[2]: “Ana Alm” replaced by “Responder 1”
    incidents/outage.yaml:21: lessons.went_poorly[2]: “Mia Mu” replaced by “Responder 4”
    incidents/outage.yaml:22: lessons.went_poorly[3]: link left out: its address is internal
    incidents/outage.yaml:22: lessons.went_poorly[3]: “raj” replaced by “Responder 2”
    incidents/outage.yaml:25: sections[0].title: “Ana Alm” replaced by “Responder 1”
    incidents/outage.yaml:25: sections[0].text: “Blue Whale” replaced by [removed]: [redaction] of posthoc.toml has it
    incidents/outage.yaml:25: sections[0].text: “Mia Mu” replaced by “Responder 4”
    incidents/outage.yaml:26: metrics[0].name: “Blue Whale” replaced by [removed]: [redaction] of posthoc.toml has it
    incidents/outage.yaml:27: action_items[0].owner: left out: people are not named
    incidents/outage.yaml:27: action_items[0].due: left out: the plan of the team
    incidents/outage.yaml:27: action_items[0].ticket: left out: it names a ticket
    incidents/outage.yaml:27: action_items[0].text: “Blue Whale” replaced by [removed]: [redaction] of posthoc.toml has it
    incidents/outage.yaml:29: timeline[0]: left out: the entry is internal
    incidents/outage.yaml:30: timeline[1]: left out: the entry is restricted
    incidents/outage.yaml:31: timeline[2]: left out: the entry is hidden
    incidents/outage.yaml:32: timeline[3].text: “Mia Mu” replaced by “Responder 4”
    incidents/outage.yaml:32: timeline[3].actor: “Mia Mu” replaced by “Responder 4”
    incidents/outage.yaml:33: sources: left out: files, addresses and queries
    incidents/outage.yaml:34: links: left out: addresses
    ── exit 0
    ");
}

/// What a template or an id has cannot be replaced: nothing is written then.
#[test]
fn word_of_a_template_or_of_an_id_stops_the_report() {
    let world = world();
    world.write(
        "own.md",
        "{% extends \"default\" %}\n{% block foot %}\nBlue Whale, Inc.\n{% endblock %}\n",
    );
    let printed = world.run(&[
        "render",
        "--audience",
        "public",
        "--to",
        "md",
        "--template",
        "own.md",
        "--out",
        "a",
    ]);
    insta::assert_snapshot!(printed, @r"
    ── stderr
    error: outage: not written, since “Blue Whale” would be in it, a term of [redaction] in posthoc.toml
     |
     = help: if no field of the incident has it, the template has
    ── exit 1
    ");
    let id = FILE.replace("id: outage", "id: blue-whale-outage");
    std::fs::remove_file(world.path("incidents/outage.yaml")).unwrap();
    world.write("incidents/blue-whale-outage.yaml", id);
    let printed = world.run(&["render", "--audience", "public", "--to", "md", "--out", "b"]);
    insta::assert_snapshot!(printed, @r"
    ── stderr
    error: blue-whale-outage: not written, since “Blue Whale” would be in it, a term of [redaction] in posthoc.toml
     |
     = help: file names and addresses have the id: rename the file, and change the id in it
    ── exit 1
    ");
    assert!(!world.path("a/outage.public.md").exists());
    assert!(world.run(&["export", "--audience", "public", "--out", "c"]).contains("exit 1"));
    let printed =
        world.run(&["check", "--audience", "public", "--select", "secret-in-public-text"]);
    insta::assert_snapshot!(printed, @r"
    ── stdout
    error: “Blue Whale”, a term of [redaction] in posthoc.toml, is in public reports: in id of every template [leak-in-report]
     --> incidents/blue-whale-outage.yaml:2:5
      |
    2 | id: blue-whale-outage
      |     ^^^^^^^^^^^^^^^^^
      |
      = help: rename the file and change the id: every address has it
    ── stderr
    1 file: 1 error, 0 warnings, 0 notes
    ── exit 1
    ");
}

#[test]
fn check_for_the_public_passes_where_nothing_survives() {
    let world = world();
    let printed =
        world.run(&["check", "--audience", "public", "--select", "secret-in-public-text"]);
    assert!(printed.ends_with("── exit 0\n"), "{printed}");
}

/// The files that a PDF carries, read by another program than the one that wrote it.
fn detached(world: &World, pdf: &str) -> Option<BTreeMap<String, String>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let done = std::process::Command::new("pdfdetach")
        .args(["-saveall", "-o"])
        .arg(folder.path())
        .arg(world.path(pdf))
        .output();
    let Ok(done) = done else {
        assert!(std::env::var_os("POSTHOC_REQUIRE_TOOLS").is_none(), "pdfdetach is missing");
        eprintln!("skipped: pdfdetach is missing");
        return None;
    };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let entry = entry.expect("a file");
        let mut text = String::new();
        std::fs::File::open(entry.path()).unwrap().read_to_string(&mut text).unwrap();
        found.insert(entry.file_name().to_string_lossy().into_owned(), text);
    }
    Some(found)
}

#[test]
fn pdf_gives_its_incident_file_back() {
    let world = world();
    // Everything in it may be read by the company.
    let open: String = FILE
        .lines()
        .filter(|line| !line.contains("restricted-leak"))
        .map(|line| format!("{line}\n"))
        .collect();
    world.write("incidents/outage.yaml", &open);
    world.run(&["render", "outage", "--to", "pdf"]);
    if let Some(files) = detached(&world, "out/outage.pdf") {
        assert_eq!(files.get("outage.yaml").map(String::as_str), Some(open.as_str()));
    }
    std::fs::rename(world.path("incidents/outage.yaml"), world.path("before.yaml")).unwrap();
    let first = world.run(&["import", "out/outage.pdf"]);
    assert_eq!(world.read("incidents/outage.yaml"), open);
    let again = world.run(&["import", "out/outage.pdf", "--json"]);
    world.write("incidents/outage.yaml", open.replace("sev2", "sev1"));
    let other = world.run(&["import", "out/outage.pdf"]);
    insta::assert_snapshot!(format!("{first}{again}{other}"), @r#"
    ── stdout
    incidents/outage.yaml: created, the incident file that out/outage.pdf carries
    ── exit 0
    ── stdout
    {
      "incidents": [
        {
          "action": "unchanged",
          "document": "out/outage.pdf",
          "id": "outage",
          "path": "incidents/outage.yaml"
        }
      ],
      "tzdata": "2026f",
      "version": 1
    }
    ── exit 0
    ── stderr
    error: incidents/outage.yaml differs from the incident file in out/outage.pdf, and is left alone
     |
     = help: move it away to get the file of the report, then compare the two
    ── exit 1
    "#);
    assert!(world.read("incidents/outage.yaml").contains("sev1"), "an edited file is left alone");
}

#[test]
fn public_pdf_carries_the_public_part_only() {
    let world = world();
    world.run(&["render", "outage", "--to", "pdf", "--audience", "public"]);
    world.run(&["render", "outage", "--to", "pdf", "--no-source", "--out", "bare"]);
    std::fs::remove_file(world.path("incidents/outage.yaml")).unwrap();
    world.run(&["import", "out/outage.public.pdf"]);
    insta::assert_snapshot!(world.read("incidents/outage.yaml"), @r"
    # What only others may read is left out of this copy of the incident file.
    schema: posthoc/v1
    id: outage
    title: '[removed] was slow'
    severity: sev2
    status: resolved
    services:
    - search
    summary: Responder 1 found it. Then Responder 2 stopped the [removed] nodes and Responder 2 told **everyone**.
    milestones:
      impact_start: 2026-03-17T14:00Z
      detected_at: 2026-03-17T14:05Z
      resolved_at: 2026-03-17T15:00Z
    impact:
      statement: Slow. See the board.
      customers: '40'
    detection:
      method: alert
    root_causes:
    - text: Responder 4 had seen it coming.
    lessons:
      went_poorly:
      - Responder 3, Responder 3 and Responder 3 waited. The log.
      - '[removed]'
      - See internal link, `Responder 1@example.com`, and chart of Responder 4.
      - |-
        \[one\]\[x\] \<!-- Responder 2 was drunk -->
        \[x\]: internal link
    action_items:
    - id: A1
      text: Ask [removed]
    metrics:
    - name: '[removed].queue'
      during: '>=420'
    timeline:
    - at: 2026-03-17T14:20Z
      text: Responder 4 told customers.
      kind: message
      actor: Responder 4
      visibility: public
    sections:
    - title: How Responder 1 worked
      text: '[removed] | Responder 4'
    ");
    if let Some(files) = detached(&world, "bare/outage.pdf") {
        assert_eq!(files, BTreeMap::new());
    }
}

/// A restricted entry keeps the file out of the internal PDF; what the company may read of it is in
/// it. A hidden internal entry travels with the file to the company only.
#[test]
fn internal_pdf_carries_no_restricted_text() {
    let world = world();
    let carried = |audience: &str| {
        world.run(&["render", "outage", "--to", "pdf", "--audience", audience, "--out", audience]);
        let marker = if audience == "internal" { String::new() } else { format!(".{audience}") };
        detached(&world, &format!("{audience}/outage{marker}.pdf"))
    };
    let Some(internal) = carried("internal") else { return };
    let text = &internal["outage.yaml"];
    assert!(!text.contains("restricted-leak") && text.contains("internal-leak"), "{text}");
    let restricted = carried("restricted").unwrap();
    assert_eq!(restricted["outage.yaml"], FILE);
    world.write("incidents/outage.yaml", FILE.replace(", visibility: restricted", ""));
    let whole = carried("internal").unwrap();
    assert!(whole["outage.yaml"].contains("hidden-leak"));
    assert!(!carried("public").unwrap()["outage.yaml"].contains("leak"));
}

/// Readers that did not write the file accept it: its structure, its attachments and its profile.
#[test]
fn other_readers_accept_the_pdf_with_its_attachments() {
    let world = world();
    world.run(&["render", "outage", "--to", "pdf", "--audience", "restricted"]);
    let pdf = world.path("out/outage.restricted.pdf");
    let run = |program: &str, options: &[&str]| {
        let done = std::process::Command::new(program).args(options).arg(&pdf).output().ok()?;
        let printed = String::from_utf8_lossy(&done.stdout).into_owned();
        let problems = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success() && problems.is_empty(), "{program}: {printed}{problems}");
        Some(printed)
    };
    let is_required = std::env::var_os("POSTHOC_REQUIRE_TOOLS").is_some();
    for (program, options, expected) in [
        ("qpdf", &["--check"] as &[&str], "No syntax or stream encoding errors"),
        ("pdfdetach", &["-list"], "1: outage.yaml"),
        ("pdfinfo", &[], "Tagged:          yes"),
    ] {
        match run(program, options) {
            Some(printed) => assert!(printed.contains(expected), "{program}: {printed}"),
            None => {
                assert!(!is_required, "{program} is missing");
                eprintln!("skipped: {program} is missing");
            }
        }
    }
}
