//! Mattermost: the bulk export, one JSON object per line.
//!
//! <https://docs.mattermost.com/administration-guide/manage/bulk-export-tool.html>. Times are
//! milliseconds since 1970. Replies are inside their post, and a reply may be older than it.

use super::kit::{Message, Messages, Node, ObjectChat, is_mark};
use crate::sources::source::WrittenFrom;
use crate::text::clean::TextKind;

pub(in crate::sources) static MATTERMOST: ObjectChat = ObjectChat {
    id: "mattermost-chat",
    about: "Mattermost: bulk export (JSONL)",
    written_from: WrittenFrom::Captures,
    lists: &[],
    is_record: |head| {
        head.first("type") == Some("version") && head.has(&["version"])
            || head.has(&["post.create_at"])
            || head.has(&["direct_post.create_at"])
    },
    read,
};

fn read(record: Node<'_>, messages: &mut Messages<'_>) {
    // Users, teams and channels are not messages.
    for path in ["post", "direct_post"] {
        if record.at(path).is_there() {
            post(record.at(path), false, messages);
            for reply in record.at(path).list("replies") {
                post(reply, true, messages);
            }
        }
    }
}

fn post(post: Node<'_>, is_reply: bool, messages: &mut Messages<'_>) {
    let kind = post.text(&["type"]).unwrap_or_default();
    if kind.contains("join")
        || kind.contains("leave")
        || kind.contains("add_to")
        || kind.contains("remove_from")
    {
        return messages.came_or_went();
    }
    let at = messages.intake().time(post, &["create_at"]);
    let mut text = post.text(&["message"]).unwrap_or_default().into_owned();
    for attachment in post.list("props.attachments") {
        text.extend(
            attachment.text(&["fallback", "text", "title"]).map(|message| format!("\n{message}")),
        );
    }
    if text.trim().is_empty() {
        let files = post
            .list("attachments")
            .filter_map(|file| file.text(&["path"]).map(std::borrow::Cow::into_owned));
        text = format!("shared {}", files.collect::<Vec<_>>().join(", "));
    }
    let marks = post
        .list("reactions")
        .any(|reaction| reaction.text(&["emoji_name"]).is_some_and(|name| is_mark(&name)));
    messages.add(Message {
        author: post.text(&["user"]).map(std::borrow::Cow::into_owned),
        is_marked: marks || post.is_true("is_pinned") || post.list("flagged_by").next().is_some(),
        is_reply,
        is_edited: post.number("edit_at").is_some_and(|at| at > 0.0),
        ..Message::of(at, text, TextKind::Markdown)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn posts_and_their_replies_are_read() {
        let text = r#"{"type":"version","version":1}
{"type":"team","team":{"name":"acme"}}
{"type":"post","post":{"team":"acme","channel":"ops","user":"ana","message":"Is the **shop** down?","create_at":1772359200000,"flagged_by":["li"],"replies":[{"user":"li","message":"yes","create_at":1772359190000}]}}
{"type":"post","post":{"team":"acme","channel":"ops","user":"ana","type":"system_join_channel","message":"ana joined","create_at":1772359100000}}"#;
        assert!(sniffs(&MATTERMOST, text));
        insta::assert_snapshot!(read(&MATTERMOST, text, None), @"
        2026-03-01T09:59:50Z message [li] ↳ yes (hidden)
        2026-03-01T10:00:00Z message [ana] Is the **shop** down?
        x:1:1: note: 1 line about who came or went: left out
        ");
    }
}
