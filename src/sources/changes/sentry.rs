//! Sentry: releases and deploys of the API (<https://docs.sentry.io/api/releases/>).

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static SENTRY: ObjectChanges = ObjectChanges {
    id: "sentry-releases",
    about: "Sentry: releases and deploys (API)",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.has(&["dateReleased", "dateCreated"])
            || head.has(&["dateFinished", "environment"])
            || head.has(&["version", "versionInfo", "dateCreated"])
    },
    read,
};

fn read(record: Node<'_>, changes: &mut Changes<'_>) {
    let is_deploy = record.at("environment").is_there();
    let project = text(record, &["projects.0.slug", "name"]);
    let change = Change {
        what: project.unwrap_or_else(|| "A release".to_owned()),
        version: text(record, &["version", "releaseVersion"]),
        by: text(record, &["owner.name", "lastCommit.author.name"]),
        ..Change::default()
    };
    if is_deploy {
        let finished = changes.time(record, &["dateFinished"]);
        let started = changes.time(record, &["dateStarted"]);
        return changes.add(Change {
            id: text(record, &["id"]).map(|id| format!("deploy-{id}")),
            at: started.or(finished),
            end: finished.filter(|_| started.is_some()),
            verb: "was deployed",
            to: text(record, &["environment"]),
            ..change
        });
    }
    let at = changes.time(record, &["dateReleased", "dateCreated"]);
    let is_released = record.at("dateReleased").is_there();
    changes.add(Change {
        id: change.version.clone().map(|version| format!("release-{version}")),
        at,
        verb: if is_released { "was released" } else { "got a new release, which is not finished" },
        ..change
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn deploy_with_only_an_end_is_read() {
        let deploys = r#"[{"id": "2", "environment": "production", "dateStarted": null, "dateFinished": "2026-03-01T09:59:00.184396Z", "name": "shop", "url": null}]"#;
        assert!(sniffs(&SENTRY, deploys));
        insta::assert_snapshot!(read(&SENTRY, deploys), @"2026-03-01T09:59:00.184396Z deploy [-] **shop** was deployed to production");
        let release = r#"{"dateReleased": null, "dateCreated": "2026-03-01T09:50:00Z", "version": "1.4", "projects": [{"slug": "shop"}]}"#;
        assert!(sniffs(&SENTRY, release));
        insta::assert_snapshot!(read(&SENTRY, release), @"2026-03-01T09:50:00Z deploy [-] **shop** got a new release, which is not finished (`1.4`)");
    }
}
