//! Argo CD: applications with the history of their deployments (JSON), and `argocd app get` as
//! text.
//!
//! <https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/>. The history lists
//! only the last ten deployments, oldest first. The text has Go's time format: `2025-04-02 09:15:08
//! +0200 CEST`.

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

/// The reader of JSON.
pub(in crate::sources) static ARGOCD: ObjectChanges = ObjectChanges {
    id: "argocd-applications",
    about: "Argo CD: applications with their history (kubectl or argocd app get -o json)",
    written_from: WrittenFrom::Documentation,
    lists: &["items"],
    is_record: |head| {
        head.has(&["status.history[].deployedAt"])
            || head.has(&["status.operationState", "spec.destination"])
            || head.has(&["deployedAt", "revision", "id"])
    },
    read,
};

fn read(app: Node<'_>, changes: &mut Changes<'_>) {
    let what = text(app, &["metadata.name"]).unwrap_or_else(|| "An application".to_owned());
    let entries: Vec<Node<'_>> = match app.at("deployedAt").is_there() {
        true => vec![app],
        false => app.list("status.history").collect(),
    };
    for entry in entries {
        let started = changes.time(entry, &["deployStartedAt"]);
        let deployed = changes.time(entry, &["deployedAt"]);
        changes.add(Change {
            id: text(entry, &["id"]).map(|id| format!("{what}-{id}")),
            at: started.or(deployed),
            end: deployed,
            what: what.clone(),
            verb: "was deployed",
            version: text(entry, &["revision", "revisions.0"]),
            to: text(app, &["spec.destination.name", "spec.destination.namespace"]),
            by: text(entry, &["initiatedBy.username"])
                .or_else(|| entry.is_true("initiatedBy.automated").then(|| "Argo CD".to_owned())),
            ..Change::default()
        });
    }
    let last = app.at("status.operationState");
    // A successful sync is in the history.
    let phase = text(last, &["phase"]).filter(|phase| phase != "Succeeded");
    if let Some(phase) = phase {
        let at = changes.time(last, &["startedAt"]);
        let end = changes.time(last, &["finishedAt"]);
        changes.add(Change {
            at,
            end,
            what,
            verb: "was synchronized",
            version: text(last, &["syncResult.revision", "operation.sync.revision"]),
            result: Some(phase),
            details: text(last, &["message"]),
            ..Change::default()
        });
    }
}

/// The reader of the text.
pub(crate) struct ArgocdText;

impl Reader for ArgocdText {
    fn about(&self) -> About {
        About {
            id: "argocd-text",
            about: "Argo CD: argocd app get and argocd app history, as text",
            written_from: WrittenFrom::Captures,
        }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        let has = |name: &str| head.lines().any(|line| line.starts_with(name));
        let is_get = has("Sync Status:") && has("Health Status:") && has("Project:");
        let is_history =
            head.lines().any(|line| line.split_whitespace().eq(["ID", "DATE", "REVISION"]));
        if is_get || is_history {
            Verdict::Yes
        } else {
            Verdict::No("not an application of Argo CD")
        }
    }

    fn read<'a>(
        &self,
        input: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut changes = Changes::new(warnings);
        let body = input.body();
        let field = |name: &str| {
            let line = body.lines().find(|line| line.starts_with(name))?;
            Some(line[name.len()..].trim().to_owned()).filter(|value| !value.is_empty())
        };
        let what = field("Name:").unwrap_or_else(|| "An application".to_owned());
        let place = body.lines().find(|line| line.starts_with("Start:")).unwrap_or(body.trim_end());
        changes.intake().next(place);
        if field("Operation:").is_some() {
            let at =
                field("Start:").and_then(|time| changes.intake().written(go(&time), "Start", None));
            let end = field("Finished:")
                .and_then(|time| changes.intake().written(go(&time), "Finished", None));
            changes.add(Change {
                at,
                end,
                what: what.clone(),
                verb: "was synchronized",
                version: field("Sync Revision:"),
                to: field("Namespace:"),
                result: field("Phase:"),
                details: field("Message:"),
                ..Change::default()
            });
        }
        // `0  2026-03-01 09:58:00 +0100 CET  HEAD (b882d15)`
        for line in body.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [number, date, time, offset, zone, revision @ ..] = words.as_slice()
                && number.bytes().all(|byte| byte.is_ascii_digit())
                && date.len() == 10
                && offset.starts_with(['+', '-'])
                && zone.bytes().all(|byte| {
                    byte.is_ascii_uppercase()
                        || byte.is_ascii_digit()
                        || matches!(byte, b'+' | b'-')
                })
            {
                changes.intake().next(line);
                let at = changes.intake().written(
                    &format!("{date} {time} {offset}"),
                    "the date of this line",
                    None,
                );
                changes.add(Change {
                    id: Some(format!("{what}-{number}")),
                    at,
                    what: what.clone(),
                    verb: "was deployed",
                    version: Some(revision.join(" ")),
                    ..Change::default()
                });
            }
        }
        changes.finish()
    }
}

/// A Go time without the name of its zone, which its offset gives already.
fn go(time: &str) -> &str {
    let words: Vec<&str> = time.split_whitespace().collect();
    match words.as_slice() {
        [_, _, offset, zone] if offset.starts_with(['+', '-']) => {
            time.trim_end_matches(zone).trim_end()
        }
        _ => time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn history_and_text_are_read() {
        let app = r#"{"metadata": {"name": "shop"}, "spec": {"destination": {"namespace": "prod"}}, "status": {"history": [
            {"id": 4, "revision": "b882d1517b40b4a39affad62cff19eb4a14ee43a", "deployStartedAt": "2026-03-01T09:57:58Z", "deployedAt": "2026-03-01T09:58:00Z", "initiatedBy": {"username": "ana"}}],
            "operationState": {"phase": "Failed", "startedAt": "2026-03-01T10:10:00Z", "finishedAt": "2026-03-01T10:10:01Z", "message": "not found"}}}"#;
        assert!(sniffs(&ARGOCD, app));
        insta::assert_snapshot!(read(&ARGOCD, app), @"
        2026-03-01T09:57:58Z–2026-03-01T09:58:00Z deploy [ana] **shop** was deployed to prod (`b882d1517b40`)
        2026-03-01T10:10:00Z–2026-03-01T10:10:01Z deploy [-] **shop** was synchronized: failed ¶ not found
        ");
        let text = "Name:               argocd/shop\nProject:            default\nSync Status:        Synced to HEAD (b882d15)\nHealth Status:      Healthy\n\nOperation:          Sync\nSync Revision:      b882d15\nPhase:              Failed\nStart:              2026-03-01 10:58:00 +0100 CET\nFinished:           2026-03-01 10:58:01 +0100 CET\nMessage:            not found\n\nID  DATE                           REVISION\n0   2026-03-01 09:00:00 +0100 CET  HEAD (b882d15)\n";
        assert!(sniffs(&ArgocdText, text));
        insta::assert_snapshot!(read(&ArgocdText, text), @"
        2026-03-01T08:00:00Z deploy [-] **argocd/shop** was deployed (`HEAD (b882d15)`)
        2026-03-01T09:58:00Z–2026-03-01T09:58:01Z deploy [-] **argocd/shop** was synchronized: failed (`b882d15`) ¶ not found
        ");
    }
}
