//! GitHub: deployments, their statuses, releases, pull requests and workflow runs.
//!
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>,
//! <https://docs.github.com/en/rest/deployments>.

use super::kit::{Change, Changes, Node, ObjectChanges, first_line, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static GITHUB: ObjectChanges = ObjectChanges {
    id: "github-changes",
    about: "GitHub: deployments, statuses of deployments, releases, pull requests and workflow runs (webhooks, REST, GraphQL)",
    written_from: WrittenFrom::Captures,
    lists: &["workflow_runs"],
    is_record: |head| {
        // The object that a webhook is about may come after a long description of the repository.
        head.has(&["repository.full_name", "repository.owner.login", "repository.html_url"])
            || head.has(&["deployment.environment", "deployment.created_at"])
            || head.has(&["release.tag_name"])
            || head.has(&["tag_name", "published_at"])
            || head.has(&["environment", "statuses_url", "created_at"])
            || head.has(&["Environment", "CommitOid", "CreatedAt"])
            || head.has(&["pull_request.number", "pull_request.html_url"])
            || head.has(&["merged_at", "merge_commit_sha", "number"])
            || head.has(&["workflow_run.run_number"])
            || head.has(&["run_number", "workflow_id", "head_sha"])
            || head.has(&["state", "deployment_url", "created_at"])
    },
    read,
};

fn read(record: Node<'_>, changes: &mut Changes<'_>) {
    let repository = text(record, &["repository.full_name", "Repository.Name", "repository.name"]);
    if record.at("deployment_status").is_there() {
        status(record.at("deployment_status"), record.at("deployment"), repository, changes);
    } else if record.at("deployment").is_there() {
        deployment(record.at("deployment"), repository, changes);
    } else if record.at("release").is_there() {
        release(record.at("release"), repository, changes);
    } else if record.at("tag_name").is_there() {
        release(record, repository, changes);
    } else if record.at("CommitOid").is_there() {
        graphql(record, repository, changes);
    } else if record.at("deployment_url").is_there() {
        status(record, record.at("deployment"), repository, changes);
    } else if record.at("statuses_url").is_there() {
        deployment(record, repository, changes);
    } else if record.at("pull_request").is_there() {
        pull_request(record.at("pull_request"), repository, changes);
    } else if text(record, &["html_url"]).is_some_and(|address| address.contains("/pull/")) {
        pull_request(record, repository, changes);
    } else if record.at("head_commit").is_there() && record.at("after").is_there() {
        push(record, repository, changes);
    } else if record.at("workflow_run").is_there() || record.at("run_number").is_there() {
        let run =
            if record.at("workflow_run").is_there() { record.at("workflow_run") } else { record };
        workflow_run(run, repository, changes);
    } else {
        let action = text(record, &["action"]).unwrap_or_else(|| "this event".to_owned());
        changes
            .intake()
            .warn(format!("`{action}` is not a change of the running system and was left out"));
    }
}

/// A push consists of commits; its time is that of the last one.
fn push(push: Node<'_>, repository: Option<String>, changes: &mut Changes<'_>) {
    let at = changes.time(push, &["head_commit.timestamp"]);
    changes.add(Change {
        id: text(push, &["after"]).map(|id| format!("push-{id}")),
        at,
        what: named(repository, push),
        verb: "got a push",
        version: text(push, &["after"]),
        to: text(push, &["ref"]).map(|name| name.trim_start_matches("refs/heads/").to_owned()),
        details: text(push, &["head_commit.message"]).map(first_line),
        by: text(push, &["pusher.name", "sender.login"]),
        ..Change::default()
    });
}

/// The name of a repository, from its address if there is no other.
fn named(repository: Option<String>, record: Node<'_>) -> String {
    let address = || text(record, &["repository_url", "url", "html_url"]);
    let of_address = |address: String| {
        let path = address
            .split("/repos/")
            .nth(1)
            .or_else(|| address.split("github.com/").nth(1))?
            .to_owned();
        Some(path.split('/').take(2).collect::<Vec<_>>().join("/"))
    };
    repository
        .or_else(|| address().and_then(of_address))
        .unwrap_or_else(|| "A repository".to_owned())
}

fn deployment(record: Node<'_>, repository: Option<String>, changes: &mut Changes<'_>) {
    let at = changes.time(record, &["created_at"]);
    changes.add(Change {
        id: text(record, &["id"]).map(|id| format!("deployment-{id}")),
        at,
        what: named(repository, record),
        verb: "got a deployment",
        version: text(record, &["sha", "ref"]),
        to: text(record, &["environment"]),
        details: text(record, &["description"]),
        by: text(record, &["creator.login"]),
        ..Change::default()
    });
}

/// A state of a deployment. `inactive` means that another one replaced it.
fn status(
    status: Node<'_>,
    deployment: Node<'_>,
    repository: Option<String>,
    changes: &mut Changes<'_>,
) {
    let at = changes.time(status, &["created_at", "updated_at"]);
    let state = text(status, &["state"]);
    let is_news = state
        .as_deref()
        .is_some_and(|state| matches!(state, "success" | "failure" | "error" | "in_progress"));
    changes.add(Change {
        id: text(status, &["id"]).map(|id| format!("status-{id}")),
        at,
        what: named(repository, status),
        verb: "was deployed",
        version: text(deployment, &["sha", "ref"]),
        to: text(status, &["environment"]).or_else(|| text(deployment, &["environment"])),
        result: state,
        details: text(status, &["description"]),
        by: text(status, &["creator.login"]),
        is_hidden: !is_news,
        ..Change::default()
    });
}

/// A deployment of the GraphQL API with its statuses, newest first.
fn graphql(record: Node<'_>, repository: Option<String>, changes: &mut Changes<'_>) {
    let created = changes.time(record, &["CreatedAt"]);
    let succeeded: Vec<_> = record
        .list("Statuses.nodes")
        .filter(|status| text(*status, &["state"]).as_deref() == Some("SUCCESS"))
        .filter_map(|status| changes.time(status, &["updatedAt", "createdAt"]))
        .collect();
    let result = text(record, &["LatestStatus.State", "State"]);
    changes.add(Change {
        id: text(record, &["DatabaseId", "Id"]).map(|id| format!("deployment-{id}")),
        at: created,
        end: succeeded.into_iter().min(),
        what: named(repository, record),
        verb: "was deployed",
        version: text(record, &["CommitOid"]),
        to: text(record, &["Environment"]),
        result,
        details: text(record, &["Commit.Message"]).map(first_line),
        by: text(record, &["Commit.Author.Name"]),
        ..Change::default()
    });
}

/// `created_at` is the time of the commit; a draft is not published.
fn release(release: Node<'_>, repository: Option<String>, changes: &mut Changes<'_>) {
    let is_draft = release.is_true("draft");
    let at = changes
        .time(release, if is_draft { &["created_at"] } else { &["published_at", "created_at"] });
    let name =
        text(release, &["name"]).filter(|name| Some(name) != text(release, &["tag_name"]).as_ref());
    changes.add(Change {
        id: text(release, &["id"]).map(|id| format!("release-{id}")),
        at,
        what: named(repository, release),
        verb: if is_draft { "got a draft of a release" } else { "was released" },
        version: text(release, &["tag_name"]),
        details: name,
        by: text(release, &["author.login"]),
        ..Change::default()
    });
}

/// Only a merged pull request is a change.
fn pull_request(request: Node<'_>, repository: Option<String>, changes: &mut Changes<'_>) {
    let is_merged = request.at("merged_at").is_there();
    let paths: &[&str] =
        if is_merged { &["merged_at"] } else { &["closed_at", "updated_at", "created_at"] };
    let at = changes.time(request, paths);
    let number = text(request, &["number"]).unwrap_or_default();
    changes.add(Change {
        id: text(request, &["id"])
            .map(|id| format!("pull-{id}-{}", if is_merged { "merged" } else { "open" })),
        at,
        what: format!("{}#{number}", named(repository, request)),
        verb: if is_merged { "was merged" } else { "is not merged" },
        version: text(request, &["merge_commit_sha"]).filter(|_| is_merged),
        to: text(request, &["base.ref"]).filter(|_| is_merged),
        details: text(request, &["title"]),
        by: text(request, &["merged_by.login", "user.login"]),
        is_hidden: !is_merged,
        ..Change::default()
    });
}

fn workflow_run(run: Node<'_>, repository: Option<String>, changes: &mut Changes<'_>) {
    let at = changes.time(run, &["run_started_at", "created_at"]);
    let end = changes
        .time(run, &["updated_at"])
        .filter(|_| text(run, &["status"]).as_deref() == Some("completed"));
    let repository = repository.or_else(|| text(run, &["repository.full_name"]));
    changes.add(Change {
        id: text(run, &["id"]).map(|id| format!("run-{id}")),
        at,
        end,
        what: format!(
            "{}, {}",
            text(run, &["name"]).unwrap_or_else(|| "A workflow".to_owned()),
            named(repository, run)
        ),
        verb: "ran",
        version: text(run, &["head_sha"]),
        result: text(run, &["conclusion", "status"]),
        details: text(run, &["display_title"]),
        by: text(run, &["actor.login"]),
        ..Change::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn deployments_releases_and_pull_requests_are_read() {
        let deployment = r#"{"deployment_status": {"id": 2, "state": "success", "environment": "production", "created_at": "2026-03-01T09:58:30Z", "creator": {"login": "ana"}},
            "deployment": {"id": 1, "sha": "0916a0afdfa825779c892a8951bde706a054d352", "environment": "production", "created_at": "2026-03-01T09:58:00Z"},
            "repository": {"full_name": "acme/shop"}}"#;
        assert!(sniffs(&GITHUB, deployment));
        insta::assert_snapshot!(read(&GITHUB, deployment), @"2026-03-01T09:58:30Z deploy [ana] **acme/shop** was deployed to production: success (`0916a0afdfa8`)");
        let releases = r#"[{"id": 5, "tag_name": "v1.4", "name": "Spring", "draft": false, "created_at": "2026-02-20T00:00:00Z", "published_at": "2026-03-01T09:00:00Z",
            "html_url": "https://github.com/acme/shop/releases/tag/v1.4", "author": {"login": "ana"}}]"#;
        assert!(sniffs(&GITHUB, releases));
        insta::assert_snapshot!(read(&GITHUB, releases), @"2026-03-01T09:00:00Z deploy [ana] **acme/shop** was released (`v1.4`) ¶ Spring");
        let pulls = r#"[{"id": 9, "number": 77, "title": "Bigger pool", "merged_at": "2026-03-01T09:50:00Z", "merge_commit_sha": "0916a0afdfa825779c892a8951bde706a054d352",
            "base": {"ref": "main"}, "html_url": "https://github.com/acme/shop/pull/77", "user": {"login": "li"}},
            {"id": 10, "number": 78, "title": "Later", "merged_at": null, "merge_commit_sha": null, "created_at": "2026-03-01T09:55:00Z", "html_url": "https://github.com/acme/shop/pull/78"}]"#;
        assert!(sniffs(&GITHUB, pulls));
        insta::assert_snapshot!(read(&GITHUB, pulls), @"
        2026-03-01T09:50:00Z deploy [li] **acme/shop#77** was merged to main (`0916a0afdfa8`) ¶ Bigger pool
        2026-03-01T09:55:00Z deploy [-] **acme/shop#78** is not merged ¶ Later (hidden)
        ");
    }
}
