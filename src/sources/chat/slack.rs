//! Slack: the day files of an export, and responses of `conversations.history` and
//! `conversations.replies`.
//!
//! <https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports>. `ts` is both the
//! time, in seconds since 1970, and the id of a message. The author is an id, for which only some
//! messages contain the name.

use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Message, Messages, Node, ObjectChat, is_mark};
use crate::sources::source::WrittenFrom;
use crate::text::clean::TextKind;

pub(in crate::sources) static SLACK: ObjectChat = ObjectChat {
    id: "slack-chat",
    about: "Slack: day files of an export (CHANNEL/2026-03-17.json), conversations.history",
    written_from: WrittenFrom::Captures,
    lists: &["messages"],
    is_record: |head| head.has(&["type", "ts"]) && head.first("type") == Some("message"),
    read,
};

/// The content of angle brackets: a person, a channel, a group mention or an address, with its
/// name.
static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>").expect("valid built-in regex")
});

/// The text as people see it.
fn plain(text: &str) -> String {
    let text = BRACKETS.replace_all(text, |found: &regex::Captures<'_>| {
        let (sign, what) = (&found[1], &found[2]);
        match (sign, found.get(3).map(|name| name.as_str()).filter(|name| !name.is_empty())) {
            ("@", name) => format!("@{}", name.unwrap_or(what)),
            ("#", name) => format!("#{}", name.unwrap_or(what)),
            ("!", name) => name.map_or_else(
                || format!("@{}", what.split('^').next().unwrap_or(what)),
                str::to_owned,
            ),
            (_, Some(name)) if name != what => format!("{name} ({what})"),
            _ => what.to_owned(),
        }
    });
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn read(record: Node<'_>, messages: &mut Messages<'_>) {
    let subtype = record.text(&["subtype"]).unwrap_or_default();
    if matches!(
        &*subtype,
        "channel_join" | "channel_leave" | "group_join" | "group_leave" | "bot_add" | "bot_remove"
    ) {
        return messages.came_or_went();
    }
    let ts = record.text(&["ts"]);
    // The digits after the point distinguish messages of one second; they are not part of the time.
    let second = ts.as_deref().and_then(|ts| ts.split('.').next()).unwrap_or_default();
    let at = messages.intake().written(second, "ts", None);
    let mut text = plain(&record.text(&["text"]).unwrap_or_default());
    // A bot puts its text in attachments or blocks.
    for attachment in record.list("attachments") {
        let message =
            attachment.text(&["fallback", "text", "title"]).map(|message| plain(&message));
        if let Some(message) = message.filter(|message| !text.contains(message.as_str())) {
            text = format!("{text}\n{message}");
        }
    }
    if text.trim().is_empty() {
        let message = record
            .list("blocks")
            .filter_map(|block| block.text(&["text.text"]))
            .map(|message| plain(&message));
        text = message.collect::<Vec<_>>().join("\n");
    }
    if text.trim().is_empty() {
        let files = record
            .list("files")
            .filter_map(|file| file.text(&["title", "name"]).map(std::borrow::Cow::into_owned));
        text = format!("shared {}", files.collect::<Vec<_>>().join(", "));
    }
    let marks = record
        .list("reactions")
        .any(|reaction| reaction.text(&["name"]).is_some_and(|name| is_mark(&name)));
    let thread = record.text(&["thread_ts"]);
    let names = [
        "user_profile.real_name",
        "user_profile.display_name",
        "user_profile.name",
        "bot_profile.name",
        "username",
        "user",
        "bot_id",
    ];
    messages.add(Message {
        id: ts
            .as_deref()
            .map(|ts| format!("{ts}-{}", record.text(&["user", "bot_id"]).unwrap_or_default())),
        // A bot that shares a file has a mention instead of a name.
        author: record.text(&names).map(|name| plain(&name).trim_start_matches('@').to_owned()),
        is_marked: marks
            || record.list("pinned_to").next().is_some()
            || record.is_true("is_starred")
            || subtype == "pinned_item",
        thread: thread.as_deref().or(ts.as_deref()).map(str::to_owned),
        is_reply: thread.is_some() && thread != ts,
        is_edited: record.at("edited").is_there(),
        ..Message::of(at, text, TextKind::Plain)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn marked_messages_are_visible() {
        let text = r#"[{"type": "message", "user": "U1", "ts": "1772359200.000002", "text": "Is <#C1|shop> down? &lt;5xx&gt; <https://x.example|graph> <!here>", "reactions": [{"name": "rotating_light", "users": ["U2"], "count": 1}]},
            {"type": "message", "subtype": "channel_join", "user": "U2", "ts": "1772359205.000003", "text": "<@U2|li> has joined the channel"},
            {"type": "message", "user": "U2", "user_profile": {"real_name": "Li"}, "ts": "1772359260.000004", "thread_ts": "1772359200.000002", "text": "yes, <@U1>", "edited": {"ts": "1772359270.0"}},
            {"type": "message", "subtype": "bot_message", "username": "alerts", "ts": "1772359300.000005", "text": "", "attachments": [{"fallback": "Queue grows"}]}]"#;
        assert!(sniffs(&SLACK, text));
        insta::assert_snapshot!(read(&SLACK, text, None), @"
        2026-03-01T10:00:00Z message [U1] Is #shop down? <5xx> graph (https://x.example) @here
        2026-03-01T10:01:00Z message [Li] ↳ yes, @U1 (edited) (hidden)
        2026-03-01T10:01:40Z message [alerts] Queue grows (hidden)
        x:1:1: note: 1 line about who came or went: left out
        ");
    }
}
