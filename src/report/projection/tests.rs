use std::collections::BTreeMap;

use super::*;
use crate::analysis::config::Definitions;

const FILE: &str = "
schema: posthoc/v1
id: x
title: Blue Whale was down
services: [search]
roles: {commander: Ana Alm, comms: raj, owner: search}
summary: Ana restarted *Blue* **Whale**. Then @raj told Mr Alm, and the support answered.
impact:
  statement: The blue-whale nodes were down. See [the board](https://grafana.internal/d/1).
  components: {Blue Whale: [api, whaledb]}
root_causes: [{text: 'Raj deployed a build that nobody, not even ana alm, had tested.'}]
action_items: [{text: Ask Support, owner: support}]
timeline:
  - {at: 2026-03-17T14:00Z, text: Inside., actor: li}
  - {at: 2026-03-17T14:05Z, text: 'Li, who was asleep, woke up.', visibility: public, actor: 'li, Ana Alm'}
  - {at: 2026-03-17T14:06Z, text: In April we will see., visibility: public, actor: April May}
";

fn projected(audience: Audience) -> Projection {
    let incident: Incident = serde_yaml::from_str(FILE).unwrap();
    let terms = ["Blue Whale".to_owned(), "whale*".to_owned()];
    let protection = Protection::new(&terms, &[], &BTreeMap::new());
    let definitions = Definitions::default();
    Projection::new(&incident, audience, &protection, definitions.order_of_trust())
}

#[test]
fn public_texts_have_pseudonyms_and_no_terms() {
    let public = projected(Audience::Public);
    insta::assert_snapshot!(serde_yaml::to_string(&*public).unwrap(), @r"
    schema: posthoc/v1
    id: x
    title: '[removed] was down'
    services:
    - search
    summary: Responder 1 restarted *Blue* **[removed]**. Then Responder 2 told Mr Responder 1, and the support answered.
    impact:
      statement: The [removed] nodes were down. See the board.
      components:
        '[removed]':
        - api
        - '[removed]'
    root_causes:
    - text: Responder 2 deployed a build that nobody, not even Responder 1, had tested.
    action_items:
    - text: Ask Support
    timeline:
    - at: 2026-03-17T14:05Z
      text: Responder 3, who was asleep, woke up.
      actor: Responder 3, Responder 1
      visibility: public
    - at: 2026-03-17T14:06Z
      text: In April we will see.
      actor: Responder 4
      visibility: public
    ");
}

/// The public summary of an incident with these roles, actors and summary.
fn summary(roles: &str, actors: &[&str], summary: &str) -> String {
    let entries: Vec<String> =
        actors.iter().map(|actor| format!("{{text: x, actor: {actor}}}")).collect();
    let file = format!(
        "schema: posthoc/v1\nid: x\ntitle: x\nroles: {{{roles}}}\nsummary: {summary:?}\ntimeline: [{}]\n",
        entries.join(", ")
    );
    let incident: Incident = serde_yaml::from_str(&file).unwrap();
    let trust = Definitions::default();
    let protection = Protection::default();
    Projection::new(&incident, Audience::Public, &protection, trust.order_of_trust())
        .into_incident()
        .summary
        .unwrap()
}

#[test]
fn names_are_told_from_words() {
    let commander = |name: &str, text: &str| summary(&format!("commander: {name}"), &[], text);
    for (name, text, left) in [
        (
            "Ana Alm",
            "ana.alm, Ána and alm's pager",
            "Responder 1, Responder 1 and Responder 1's pager",
        ),
        ("Will Smith", "Will and smith will help.", "Responder 1 and Responder 1 will help."),
        ("Will", "Will said it will work.", "Responder 1 said it will work."),
        ("mark", "Mark restarted it.", "Responder 1 restarted it."),
        (
            "support",
            "The support answered; support is here.",
            "The support answered; support is here.",
        ),
        ("Ana", "Our Ana did it; the ana too.", "Our Ana did it; the ana too."),
        ("Ana", "Our Ana did it.", "Our Responder 1 did it."),
        ("April May", "In April, April May did it.", "In April, Responder 1 did it."),
        ("Jo van Dam", "Jo took a van to Dam.", "Responder 1 took a van to Responder 1."),
        ("ana.alm", "Ana Alm and banana", "Responder 1 and banana"),
        ("Ana Alm <ana@example.com>", "Ana", "Responder 1"),
    ] {
        assert_eq!(commander(name, text), left, "{name}");
    }
    let actor = |name: &str, text: &str| summary("", &[name], text);
    for (name, text, left) in [
        ("Ana Alm", "Ana saw it.", "Responder 1 saw it."),
        (
            "Status Page",
            "Status was green on each page; the status page too.",
            "Status was green on each page; the status page too.",
        ),
        (
            "Monitoring",
            "Monitoring was up: monitoring works.",
            "Monitoring was up: monitoring works.",
        ),
        ("raj and li", "RAJ told Li.", "Responder 1 told Responder 2."),
    ] {
        assert_eq!(actor(name, text), left, "{name}");
    }
}

#[test]
fn removals_name_the_values_of_the_file() {
    let public = projected(Audience::Public);
    let lines: Vec<String> = public
        .removals()
        .iter()
        .map(|removal| format!("{}: {}", removal.path, removal.what))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    timeline[0]: left out: the entry is internal
    roles.commander: left out: people are not named
    roles.comms: left out: people are not named
    roles.owner: left out: people are not named
    action_items[0].owner: left out: people are not named
    title: “Blue Whale” replaced by [removed]: [redaction] of posthoc.toml has it
    summary: “whale*” replaced by [removed]: [redaction] of posthoc.toml has it
    summary: “Ana” replaced by “Responder 1”
    summary: “Alm” replaced by “Responder 1”
    summary: “raj” replaced by “Responder 2”
    impact.statement: link left out: its address is internal
    impact.statement: “Blue Whale” replaced by [removed]: [redaction] of posthoc.toml has it
    impact.components.Blue Whale[1]: “whale*” replaced by [removed]: [redaction] of posthoc.toml has it
    impact.components.Blue Whale: “Blue Whale” replaced by [removed]: [redaction] of posthoc.toml has it
    root_causes[0].text: “Ana Alm” replaced by “Responder 1”
    root_causes[0].text: “raj” replaced by “Responder 2”
    timeline[1].text: “li” replaced by “Responder 3”
    timeline[1].actor: “li, Ana Alm” replaced by “Responder 3, Responder 1”
    timeline[2].actor: “April May” replaced by “Responder 4”
    ");
}

#[test]
fn company_reads_everything_but_restricted_entries() {
    let internal = projected(Audience::Internal);
    assert_eq!(internal.removals(), []);
    let incident: Incident = serde_yaml::from_str(FILE).unwrap();
    assert_eq!(internal.timeline, incident.timeline);
    assert_eq!(internal.summary, incident.summary);
}

#[test]
fn every_text_of_the_model_is_reached() {
    let text = include_str!("../../../examples/reference/incident.yaml");
    let incident: Incident = serde_yaml::from_str(text).unwrap();
    // Matches nearly every text.
    let protection = Protection::new(&["*e*".to_owned()], &[], &BTreeMap::new());
    let definitions = Definitions::default();
    let trust = definitions.order_of_trust();
    let public = Projection::new(&incident, Audience::Public, &protection, trust);
    let written = serde_yaml::to_string(&*public).unwrap();
    let values: Vec<&str> = written
        .lines()
        .filter_map(|line| Some(line.split_once(": ")?.1))
        .filter(|value| value.contains('e') && !value.contains("[removed]"))
        .collect();
    insta::assert_snapshot!(values.join("\n"), @r"
    2026-03-17-ingestion-delayed
    incident
    resolved
    in_review
    Europe/Berlin
    measured
    sev2
    degraded
    alert
    detect
    open
    status_update
    identified
    ");
}
