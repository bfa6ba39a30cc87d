//! GitLab: deployments, pipelines and merge requests.
//!
//! <https://docs.gitlab.com/api/deployments/>,
//! <https://docs.gitlab.com/user/project/integrations/webhook_events/#deployment-events>.

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static GITLAB: ObjectChanges = ObjectChanges {
    id: "gitlab-changes",
    about: "GitLab: deployments, pipelines and merge requests (REST), deployment webhooks",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.has(&["deployable.status", "environment.name", "sha"])
            || head.has(&["object_kind", "deployment_id"])
            || head.has(&["iid", "merged_at", "merge_status"])
            || head.has(&["iid", "project_id", "sha", "web_url", "ref"])
            || head.has(&["environment.name", "iid", "sha", "created_at"])
    },
    read,
};

fn read(record: Node<'_>, changes: &mut Changes<'_>) {
    let change = if record.at("deployment_id").is_there() {
        deployment_event(record, changes)
    } else if record.at("merge_status").is_there() {
        merge_request(record, changes)
    } else {
        deployment_or_pipeline(record, changes)
    };
    changes.add(change);
}

fn project(record: Node<'_>) -> Option<String> {
    text(
        record,
        &[
            "project.path_with_namespace",
            "deployable.project.path_with_namespace",
            "references.full",
        ],
    )
}

/// The body of a deployment webhook.
fn deployment_event(record: Node<'_>, changes: &mut Changes<'_>) -> Change {
    Change {
        id: text(record, &["deployment_id"])
            .map(|id| format!("{id}-{}", text(record, &["status"]).unwrap_or_default())),
        at: changes.time(record, &["status_changed_at"]),
        what: project(record).unwrap_or_else(|| "A project".to_owned()),
        verb: "was deployed",
        version: text(record, &["short_sha", "ref"]),
        to: text(record, &["environment"]),
        result: text(record, &["status"]),
        details: text(record, &["commit_title"]),
        by: text(record, &["user.username", "user.name"]),
        ..Change::default()
    }
}

fn merge_request(record: Node<'_>, changes: &mut Changes<'_>) -> Change {
    let is_merged = record.at("merged_at").is_there();
    let at = if is_merged { &["merged_at"][..] } else { &["updated_at", "created_at"] };
    Change {
        id: text(record, &["id"])
            .map(|id| format!("merge-{id}-{}", if is_merged { "merged" } else { "open" })),
        at: changes.time(record, at),
        what: project(record).unwrap_or_else(|| "A merge request".to_owned()),
        verb: if is_merged { "was merged" } else { "is not merged" },
        version: text(record, &["merge_commit_sha", "sha"]).filter(|_| is_merged),
        to: text(record, &["target_branch"]).filter(|_| is_merged),
        details: text(record, &["title"]),
        by: text(record, &["merged_by.username", "author.username"]),
        is_hidden: !is_merged,
        ..Change::default()
    }
}

/// An entry of the deployments API, or of the pipelines API, which names no environment.
fn deployment_or_pipeline(record: Node<'_>, changes: &mut Changes<'_>) -> Change {
    let job = record.at("deployable");
    // A deployment is created with its job, which may wait long before it starts.
    let mut at = changes.time(job, &["started_at"]);
    if at.is_none() {
        at = changes.time(record, &["started_at", "created_at"]);
    }
    let mut end = changes.time(job, &["finished_at"]);
    if end.is_none() {
        end = changes.time(record, &["finished_at"]);
    }
    let is_pipeline = !record.at("environment").is_there();
    Change {
        id: text(record, &["id"])
            .map(|id| format!("{}-{id}", if is_pipeline { "pipeline" } else { "deployment" })),
        at,
        end,
        what: project(record)
            .or_else(|| text(record, &["ref"]))
            .unwrap_or_else(|| "A project".to_owned()),
        verb: if is_pipeline { "ran a pipeline" } else { "was deployed" },
        version: text(record, &["sha"]),
        to: text(record, &["environment.name"]),
        result: text(job, &["status"]).or_else(|| text(record, &["status"])),
        details: text(job, &["commit.title"]),
        by: text(record, &["user.username", "user.name"]),
        ..Change::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn deployment_starts_with_its_job() {
        let record = |id: u8| {
            format!(
                r#"{{"id": {id}, "iid": 1, "ref": "main", "sha": "add237f6852e6108ee8e0246780a54ce909c6087", "created_at": "2026-03-01T09:50:00.109Z",
                "user": {{"username": "ana"}}, "environment": {{"name": "production"}}, "deployable": {{"status": "success",
                "started_at": "2026-03-01T09:58:00Z", "finished_at": "2026-03-01T09:59:00Z", "commit": {{"title": "Bigger pool"}}}}}}"#
            )
        };
        assert!(sniffs(&GITLAB, &record(1)));
        insta::assert_snapshot!(read(&GITLAB, &record(1)), @"2026-03-01T09:58:00Z–2026-03-01T09:59:00Z deploy [ana] **main** was deployed to production: success (`add237f6852e`) ¶ Bigger pool");
        // API responses in a table.
        let table = format!(
            "\"id\",\"params\",\"data\",\"url\"\n1,\"{{}}\",\"{0}\",x\n2,\"{{}}\",\"{0}\",x\n",
            record(1).replace('"', "\"\"")
        );
        assert!(sniffs(&GITLAB, &table));
        insta::assert_snapshot!(read(&GITLAB, &table), @"
        2026-03-01T09:58:00Z–2026-03-01T09:59:00Z deploy [ana] **main** was deployed to production: success (`add237f6852e`) ¶ Bigger pool
        x:1:1: note: 1 record repeats another: left out
        ");
    }
}
