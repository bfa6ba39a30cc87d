//! Inputs that are recognised but contain nothing for a timeline: what each is, and what to import
//! instead.

use super::json::JsonHead;
use crate::text::clean::clean_line;

/// What an input is, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownInput {
    /// What it is, with its article: `the list of users of a Slack workspace`.
    pub what: String,
    /// What to import instead.
    pub hint: &'static str,
}

/// Files of a chat export without messages: paths that such a file contains, and what it is.
const ABOUT_A_CHAT: &[(&[&str], &str)] = &[
    (
        &["[].id", "[].name", "[].created", "[].is_archived"],
        "the list of channels of a Slack export",
    ),
    (&["[].id", "[].created", "[].members"], "the list of conversations of a Slack export"),
    (&[".members[].profile", ".members[].tz"], "the list of users of a Slack workspace"),
    (&["[].profile", "[].team_id"], "the list of users of a Slack export"),
    (&[".team.domain", ".team.email_domain"], "a description of a Slack workspace"),
    (
        &["[].app_type", "[].change_type", "[].user_id"],
        "the log of the integrations of a Slack workspace",
    ),
];

/// The reason to refuse a text with this beginning, if it is recognised.
pub(super) fn known(head: &str) -> Option<KnownInput> {
    let head = head.trim_start();
    if head.starts_with("interactions:") && head.contains("request:") {
        let what = "a recording of HTTP exchanges (VCR)".to_owned();
        return Some(KnownInput {
            what,
            hint: "save the response that you want as a separate file",
        });
    }
    // A tool may have written a line about itself before the response.
    let documents = head.split('\n').filter(|line| line.starts_with(['{', '['])).take(3);
    let documents: Vec<JsonHead> =
        std::iter::once(head).chain(documents).filter_map(JsonHead::scan).collect();
    for document in &documents {
        if document.first(".status") == Some("error")
            && let Some(error) = document
                .first(".error")
                .or(document.first(".message"))
                .filter(|error| *error != "null")
        {
            let reason: String = clean_line(error).chars().take(200).collect();
            return Some(KnownInput {
                what: format!("an answer with an error: {reason}"),
                hint: "ask the server again",
            });
        }
        let found = ABOUT_A_CHAT.iter().find(|(paths, _)| document.has_all(paths));
        if let Some((_, what)) = found {
            return Some(KnownInput {
                what: format!("{what}, which has no messages"),
                hint: "import the files of a channel: CHANNEL/2026-03-17.json",
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_inputs_are_refused_by_name() {
        let what = |head: &str| known(head).map(|known| known.what);
        assert_eq!(
            what("interactions:\n- request:\n    body: x\n").as_deref(),
            Some("a recording of HTTP exchanges (VCR)")
        );
        assert_eq!(
            what("{\"tool\": 1}\n{\"status\": \"error\", \"error\": \"not reachable\"}\n")
                .as_deref(),
            Some("an answer with an error: not reachable")
        );
        assert_eq!(
            what(r#"[{"id": "C1", "name": "ops", "created": 1, "is_archived": false}]"#).as_deref(),
            Some("the list of channels of a Slack export, which has no messages")
        );
        assert_eq!(what(r#"{"status": "ok"}"#), None);
    }
}
