//! What public write-ups state, as a person read them: `documents_facts.yaml` says how. The table
//! is what an importer of documents is judged by; here it is held to the documents themselves.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_yaml::{Mapping, Value};

use crate::support::world::shared;

pub(crate) fn table() -> Mapping {
    let text = include_str!("documents_facts.yaml");
    serde_yaml::from_str(text).expect("the table is YAML")
}

/// Every document by its key in the table, with its text.
pub(crate) fn documents() -> Vec<(String, String)> {
    let folder = shared("corpus/documents");
    let mut documents = Vec::new();
    for kind in ["dfds", "moj"] {
        let files = std::fs::read_dir(folder.join(kind))
            .expect("a folder")
            .flatten()
            .map(|file| file.path());
        let named = |path: PathBuf| {
            let name = path.file_name()?.to_str()?.to_owned();
            Some((format!("{kind}/{name}"), std::fs::read_to_string(path).ok()?))
        };
        documents.extend(files.filter_map(named));
    }
    documents
}

/// The words of a text, without Markdown's marks.
fn words(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !matches!(c, '`' | '*' | '"')).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn table_lists_every_document_exactly_once() {
    let documents = documents();
    let there: BTreeSet<&str> = documents.iter().map(|(key, _)| key.as_str()).collect();
    let table = table();
    let output: BTreeSet<&str> = table.keys().filter_map(Value::as_str).collect();
    assert_eq!(output, there);
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn titles_claims_and_milestone_phrases_occur_in_their_documents() {
    let documents = documents();
    let table = table();
    let mut checked = 0;
    for (key, text) in documents {
        let (facts, text) = (&table[key.as_str()], words(&text));
        let mut stands = |value: &Value| {
            if let Some(value) = value.as_str() {
                assert!(text.contains(&words(value)), "{key}: {value}");
                checked += 1;
            }
        };
        stands(&facts["title"]);
        facts["claims"]
            .as_mapping()
            .into_iter()
            .flatten()
            .filter(|(name, _)| *name != "note")
            .for_each(|(_, value)| stands(value));
        for (_, milestone) in facts["milestones"].as_mapping().into_iter().flatten() {
            stands(&milestone["words"]);
        }
    }
    eprintln!("{checked} facts stand in their documents");
    assert!(checked > 150, "{checked}");
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn row_counts_match_the_documents() {
    let documents = documents();
    let table = table();
    for (key, text) in documents.iter().filter(|(key, _)| key.starts_with("dfds/")) {
        // Of the first table of the document: what follows its two lines of head.
        let mut lines = text.lines().map(str::trim).skip_while(|line| !line.starts_with('|'));
        let rows =
            lines.by_ref().take_while(|line| line.starts_with('|')).count().saturating_sub(2);
        assert_eq!(table[key.as_str()]["entries"].as_u64(), Some(rows as u64), "{key}");
    }
}
