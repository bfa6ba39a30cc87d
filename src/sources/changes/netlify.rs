//! Netlify: deploys, from webhooks and the API
//! (<https://docs.netlify.com/api/get-started/#deploys>).

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static NETLIFY: ObjectChanges = ObjectChanges {
    id: "netlify-deploys",
    about: "Netlify: deploys (webhooks, API)",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.has(&["site_id", "deploy_url", "created_at"])
            || head.has(&["site_id", "deploy_ssl_url", "state"])
    },
    read,
};

fn read(deploy: Node<'_>, changes: &mut Changes<'_>) {
    let state = text(deploy, &["state"]);
    let at = changes.time(deploy, &["created_at"]);
    let mut end = changes.time(deploy, &["published_at"]);
    if end.is_none() {
        end = changes.time(deploy, &["updated_at"]);
    }
    changes.add(Change {
        id: text(deploy, &["id"])
            .map(|id| format!("{id}-{}", state.as_deref().unwrap_or_default())),
        at,
        end,
        what: text(deploy, &["name"]).unwrap_or_else(|| "A site".to_owned()),
        verb: "was deployed",
        version: text(deploy, &["commit_ref", "branch"]),
        to: text(deploy, &["context"]),
        result: state,
        details: text(deploy, &["error_message", "title"]),
        by: text(deploy, &["committer"]),
        ..Change::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn failed_deploy_includes_the_reason() {
        let text = r#"{"id": "5b", "site_id": "57", "state": "error", "name": "shop", "deploy_url": "https://x.example", "created_at": "2026-03-01T09:58:00.261Z",
            "updated_at": "2026-03-01T09:59:00Z", "published_at": null, "context": "production", "branch": "main", "error_message": "exit code 127"}"#;
        assert!(sniffs(&NETLIFY, text));
        insta::assert_snapshot!(read(&NETLIFY, text), @"2026-03-01T09:58:00.261Z–2026-03-01T09:59:00Z deploy [-] **shop** was deployed to production: error (`main`) ¶ exit code 127");
    }
}
