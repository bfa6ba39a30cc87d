//! A tracker issue with its comments, from GitHub or GitLab: their APIs, `gh issue view --json`,
//! `glab issue view --output json`, and a line of `issues.ndjson` in a project export.

use serde_json::Value;

use super::unpacked::{Head, Unpacked};
use crate::sources::source::ReadError;

/// Keys of a merge or pull request, which is not an issue.
const OF_A_CHANGE: [&str; 6] =
    ["merged_at", "mergedAt", "pull_request", "merge_status", "baseRefName", "source_branch"];

/// Reads the issue `value`, or the only issue in a list; `None` if it is not an issue.
pub(super) fn read(value: &Value) -> Result<Option<Unpacked>, ReadError> {
    let issues = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    if issues.is_empty() || !issues.iter().all(is_issue) {
        return Ok(None);
    }
    let [issue] = issues else {
        return Err(ReadError {
            hint: Some(
                "export them one by one: gh issue view NUMBER --json title,body,comments"
                    .to_owned(),
            ),
            ..ReadError::new(format!("it contains {} issues", issues.len()))
        });
    };
    let text = |value: &Value, keys: &[&str]| {
        keys.iter().find_map(|key| value.get(key)?.as_str()).map(|text| text.replace("\r\n", "\n"))
    };
    let who = |value: &Value| {
        ["author", "user"].iter().find_map(|key| {
            let who = value.get(key)?;
            ["name", "login", "username"]
                .iter()
                .find_map(|key| who.get(key)?.as_str().filter(|name| !name.is_empty()))
                .map(str::to_owned)
        })
    };
    let when = |value: &Value| text(value, &["created_at", "createdAt"]);
    let day = when(issue).and_then(|when| when.get(..10).map(str::to_owned));
    let tags = issue["labels"].as_array().into_iter().flatten();
    let tags = tags.filter_map(|label| {
        label.as_str().or_else(|| label["name"].as_str().or(label["title"].as_str()))
    });
    let head = Head {
        title: text(issue, &["title"]).unwrap_or_default(),
        author: who(issue),
        date: day,
        tags: tags.map(str::to_owned).collect(),
    };
    let mut body = text(issue, &["body", "description"]).unwrap_or_default();
    let comments = ["comments", "notes"].iter().find_map(|key| issue.get(key)?.as_array());
    // Skip notes that the tracker itself wrote.
    let comments = comments.into_iter().flatten().filter(|comment| comment["system"] != true);
    let mut is_first = true;
    for comment in comments {
        let Some(message) =
            text(comment, &["body", "note"]).filter(|message| !message.trim().is_empty())
        else {
            continue;
        };
        if std::mem::take(&mut is_first) {
            body.push_str("\n\n## Comments");
        }
        let who = who(comment).unwrap_or_else(|| "somebody".to_owned());
        let when = when(comment).map_or(String::new(), |when| format!(" on {when}"));
        body.push_str(&format!("\n\n{who} wrote{when}:\n\n{message}"));
    }
    if body.trim().is_empty() {
        return Err(ReadError::new("this issue has no text"));
    }
    Ok(Some(Unpacked::new(head.before(&body))))
}

fn is_issue(value: &Value) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|key| value.get(key).is_some());
    let labels = value["labels"].as_array().into_iter().flatten();
    // Incident pages made of issues have their own reader.
    let is_of_page =
        labels.into_iter().any(|label| label["name"] == "status" || label["name"] == "maintenance");
    value["title"].is_string()
        && has(&["body", "description"])
        && has(&["number", "iid", "comments", "html_url", "web_url", "author", "notes"])
        && !has(&OF_A_CHANGE)
        && !is_of_page
}
