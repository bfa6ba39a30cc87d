//! CDEvents (<https://cdevents.dev/docs/>), bare or in the `data` of a CloudEvents envelope.

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static CDEVENTS: ObjectChanges = ObjectChanges {
    id: "cdevents",
    about: "CDEvents: deployments, releases and runs of pipelines",
    written_from: WrittenFrom::Documentation,
    lists: &[],
    is_record: |head| {
        head.has(&["context.type", "context.timestamp", "subject.id"])
            || head.has(&["context.type", "subject.content"])
    },
    read,
};

fn read(event: Node<'_>, changes: &mut Changes<'_>) {
    let kind = text(event, &["context.type"]).unwrap_or_default();
    // `dev.cdevents.service.deployed.0.1.1`
    let mut words = kind.trim_start_matches("dev.cdevents.").split('.');
    let (subject, predicate) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let verb = match predicate {
        "deployed" => "was deployed",
        "upgraded" => "was upgraded",
        "rolledback" => "was rolled back",
        "removed" => "was removed",
        "published" => "was published",
        "merged" => "was merged",
        "started" => "was started",
        "finished" => "finished",
        "queued" => "was queued",
        "created" => "was created",
        "modified" => "was modified",
        "deleted" => "was deleted",
        _ => "changed",
    };
    let at = changes.time(event, &["context.timestamp"]);
    let name =
        text(event, &["subject.content.pipelineName", "subject.content.taskName", "subject.id"]);
    changes.add(Change {
        id: text(event, &["context.id"]),
        at,
        what: format!("{subject} {}", name.unwrap_or_default()).trim().to_owned(),
        verb,
        version: text(event, &["subject.content.artifactId", "subject.content.artifact.id"]),
        to: text(event, &["subject.content.environment.id", "subject.content.environment.name"]),
        result: text(event, &["subject.content.outcome"]),
        details: text(event, &["subject.content.errors"]),
        is_note: matches!(subject, "incident" | "ticket" | "change" | "repository" | "branch"),
        ..Change::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn event_type_gives_the_action() {
        let text = r#"{"context": {"version": "0.4.1", "id": "271", "source": "/ci", "type": "dev.cdevents.service.deployed.0.2.0", "timestamp": "2026-03-01T09:58:00Z"},
            "subject": {"id": "shop", "type": "service", "content": {"environment": {"id": "production"}, "artifactId": "pkg:oci/shop@sha256:0b3"}}}"#;
        assert!(sniffs(&CDEVENTS, text));
        insta::assert_snapshot!(read(&CDEVENTS, text), @"2026-03-01T09:58:00Z deploy [-] **service shop** was deployed to production (`pkg:oci/shop@sha256:0b3`)");
    }
}
