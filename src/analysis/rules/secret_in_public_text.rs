use serde_json::Value;

use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::secrets::{Weight, secrets};
use crate::analysis::status_page::is_imported_post;
use crate::analysis::texts::texts;
use crate::diag::Level;
use crate::model::Review;
use crate::model::path::Path;

rule! {
    /// Finds keys, tokens and passwords, and the addresses of people and machines, in public text:
    /// entries that are marked `public`, and every other public field of a write-up that is
    /// published or rendered for the public.
    ///
    /// A published key is compromised: removing it is not enough, it must be revoked, and the
    /// history of the file still contains it. E-mail and IP addresses are a warning, and those
    /// inside a private network a note. Addresses that are reserved for examples, mailboxes such as
    /// `support@`, and version numbers are not reported. Neither are addresses in posts that were
    /// imported from a status page, which already published them.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T14:22Z, visibility: public, text: "Logged in with password=hunter2hunter2"}
    /// ```
    SecretInPublicText = "secret-in-public-text", Error, "a key or an address in text that everyone may read"
}

fn check(context: &Context, findings: &mut Findings) {
    let is_published = context.for_public || context.incident.review() == Review::Published;
    let mut seen = Vec::new();
    for text in texts(context.incident) {
        if !text.is_public() || !(is_published || text.entry.is_some()) {
            continue;
        }
        if is_published && text.entry.is_none() {
            seen.push(text.path());
        }
        let is_post = text.entry.is_some_and(|entry| is_imported_post(context.incident, entry));
        look(
            text.text,
            if is_post { Weight::Key } else { Weight::Inside },
            || text.path(),
            findings,
        );
    }
    if is_published && let Ok(fields) = serde_json::to_value(context.incident) {
        each_field(&fields, &Path::root(), &mut |path, text| {
            if !seen.contains(path) {
                look(text, Weight::Inside, || path.clone(), findings);
            }
        });
    }
}

/// Adds the secrets of `text` with at least the weight `least`.
fn look(text: &str, least: Weight, path: impl Fn() -> Path, findings: &mut Findings) {
    let mut reported = Vec::new();
    for secret in secrets(text).into_iter().filter(|secret| secret.weight >= least) {
        // A second secret of the same kind in one text needs no finding of its own.
        if reported.contains(&secret.what) {
            continue;
        }
        reported.push(secret.what);
        let shown = shown(&text[secret.span.clone()], secret.weight);
        let (level, hint) = match secret.weight {
            Weight::Key => (
                Level::Error,
                "revoke it first, then remove it: the history of the file still has it",
            ),
            Weight::Address => (Level::Warning, "remove it, or mark the entry `internal`"),
            Weight::Inside => {
                (Level::Note, "remove it if it reveals the structure of your network")
            }
        };
        let message = format!("{} ({shown}) is in text that everyone may read", secret.what);
        findings.add(path(), message).graded(level).hint(hint);
    }
}

/// The fields that public reports never contain, and the timeline, whose entries have their own
/// visibility. [`crate::analysis`] cannot ask `report`, which decides this. All other fields are
/// searched, so that a field that becomes public is not missed.
const NOT_PUBLIC: [&str; 20] = [
    "timeline",
    "sources",
    "links",
    "roles",
    "teams",
    "tags",
    "related",
    "note",
    "source",
    "by",
    "change",
    "revenue",
    "support_tickets",
    "slo_burn",
    "ticket",
    "priority",
    "due",
    "owner",
    "asked_by",
    "schema",
];

/// Every text of a public field, with its path.
fn each_field(value: &Value, path: &Path, found: &mut impl FnMut(&Path, &str)) {
    match value {
        Value::String(text) => found(path, text),
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(index, inner)| each_field(inner, &path.clone().then(index), found));
        }
        Value::Object(map) => {
            let public = map.iter().filter(|(key, _)| !NOT_PUBLIC.contains(&key.as_str()));
            public.for_each(|(key, inner)| {
                each_field(inner, &path.clone().then(key.as_str()), found);
            });
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Enough of the secret to find it, but not enough for the message to reveal it.
fn shown(secret: &str, weight: Weight) -> String {
    match weight {
        Weight::Key => format!("{}…", secret.chars().take(4).collect::<String>()),
        Weight::Address | Weight::Inside => match secret.split_once('@') {
            Some((name, domain)) => {
                format!("{}…@{domain}", name.chars().take(1).collect::<String>())
            }
            None => secret.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::analysis::rules::tests::found;
    use crate::model::timeline::{Entry, Visibility};

    #[test]
    fn secret_in_a_public_entry_is_reported_without_its_text() {
        let mut incident = incident("leak");
        let key = format!("AKIA{}", "ABCDEFGHIJKLMNOP");
        let text =
            format!("Took {key} out of use; ana.miller@acme.io told 52.95.110.1 and 10.0.0.3.");
        incident.timeline = vec![Entry {
            visibility: Some(Visibility::Public),
            ..entry("2026-03-17T14:22Z", &text)
        }];
        let reported = found(&SecretInPublicText, &incident);
        assert_eq!(
            reported,
            [
                "error timeline[0].text: an AWS access key (AKIA…) is in text that everyone may read",
                "warning timeline[0].text: an e-mail address (a…@acme.io) is in text that everyone may read",
                "warning timeline[0].text: an IP address (52.95.110.1) is in text that everyone may read",
            ]
        );
    }

    #[test]
    fn published_addresses_are_accepted_and_published_keys_are_reported() {
        use crate::model::origin::SourceInfo;
        use crate::model::timeline::EntryKind;
        let mut incident = incident("page");
        let key = format!("AKIA{}", "ABCDEFGHIJKLMNOP");
        let text = format!("Allow 52.95.110.1, write to help.desk@acme.io, and never use {key}.");
        incident.timeline = vec![Entry {
            visibility: Some(Visibility::Public),
            kind: Some(EntryKind::StatusUpdate),
            source: Some("S1#u1".parse().unwrap()),
            ..entry("2026-03-17T14:22Z", &text)
        }];
        let page = SourceInfo {
            format: Some("statuspage-v2".into()),
            record: Some("r".into()),
            ..SourceInfo::default()
        };
        incident.sources.insert("S1".into(), page);
        assert_eq!(
            found(&SecretInPublicText, &incident),
            ["error timeline[0].text: an AWS access key (AKIA…) is in text that everyone may read"]
        );
        incident.sources.clear();
        assert_eq!(
            found(&SecretInPublicText, &incident).len(),
            3,
            "nobody knows where it was published"
        );
    }

    #[test]
    fn public_draft_is_searched_in_every_public_field() {
        let mut incident = incident("draft");
        let key = format!("AKIA{}", "ABCDEFGHIJKLMNOP");
        incident.summary = Some(format!("Took {key} out."));
        incident.services = vec!["api".into(), format!("db {key}")];
        incident.teams = vec![key.clone()];
        incident.timeline = vec![entry("2026-03-17T14:22Z", &key)];
        let definitions = crate::analysis::config::Definitions::default();
        let found = |for_public| {
            let context = Context::new(&incident, &definitions, &[], None).for_public(for_public);
            let all = crate::analysis::rules::check(&context).into_iter();
            all.filter(|finding| finding.rule == "secret-in-public-text")
                .map(|finding| finding.path.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(found(true), ["services[1]", "summary"]);
        assert!(found(false).is_empty());
    }

    #[test]
    fn internal_entries_and_drafts_are_not_searched() {
        let mut incident = incident("inside");
        incident.summary = Some("Node 10.0.0.3 was sick.".into());
        incident.timeline = vec![entry("2026-03-17T14:22Z", "Logged in to 52.95.110.1.")];
        incident.review = Some(Review::Reviewed);
        assert!(found(&SecretInPublicText, &incident).is_empty());
        incident.review = Some(Review::Published);
        assert_eq!(
            found(&SecretInPublicText, &incident),
            ["note summary: an IP address (10.0.0.3) is in text that everyone may read"]
        );
    }
}
