//! Discord: JSON of DiscordChatExporter, and messages from the API.
//!
//! <https://github.com/Tyrrrz/DiscordChatExporter>,
//! <https://discord.com/developers/docs/resources/message>.

use super::kit::{Message, Messages, Node, ObjectChat, is_mark};
use crate::sources::source::WrittenFrom;
use crate::text::clean::TextKind;

pub(in crate::sources) static DISCORD: ObjectChat = ObjectChat {
    id: "discord-chat",
    about: "Discord: JSON of DiscordChatExporter, messages of the API",
    written_from: WrittenFrom::Documentation,
    lists: &["messages"],
    is_record: |head| {
        head.has(&["timestamp", "content", "author.id"])
            && (head.has(&["isPinned"]) || head.has(&["pinned"]) || head.has(&["channel_id"]))
    },
    read,
};

fn read(record: Node<'_>, messages: &mut Messages<'_>) {
    // Type 0 is a message and 19 a reply; the others are system messages.
    let kind = record.text(&["type"]).unwrap_or_default();
    if matches!(&*kind, "RecipientAdd" | "RecipientRemove" | "GuildMemberJoin" | "1" | "2" | "7") {
        return messages.came_or_went();
    }
    let at = messages.intake().time(record, &["timestamp"]);
    let mut text = record.text(&["content"]).unwrap_or_default().into_owned();
    for embed in record.list("embeds") {
        for message in [embed.text(&["title"]), embed.text(&["description"])].into_iter().flatten()
        {
            text.push_str(&format!("\n{message}"));
        }
    }
    if text.trim().is_empty() {
        let files = record.list("attachments").filter_map(|file| {
            file.text(&["fileName", "filename"]).map(std::borrow::Cow::into_owned)
        });
        text = format!("shared {}", files.collect::<Vec<_>>().join(", "));
    }
    let marks = record.list("reactions").any(|reaction| {
        reaction.text(&["emoji.code", "emoji.name"]).is_some_and(|name| is_mark(&name))
    });
    messages.add(Message {
        id: record.text(&["id"]).map(std::borrow::Cow::into_owned),
        author: record
            .text(&["author.nickname", "author.global_name", "author.name", "author.username"])
            .map(std::borrow::Cow::into_owned),
        is_marked: marks || record.is_true("isPinned") || record.is_true("pinned"),
        is_reply: record.at("reference").is_there() || record.at("message_reference").is_there(),
        is_edited: record.at("timestampEdited").is_there()
            || record.at("edited_timestamp").is_there(),
        ..Message::of(at, text, TextKind::Markdown)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn pinned_message_is_visible() {
        let text = r#"{"guild": {"id": "1"}, "channel": {"name": "ops"}, "messages": [{"id": "9", "type": "Default", "timestamp": "2026-03-01T11:00:00.5+01:00", "timestampEdited": null,
            "isPinned": true, "content": "The shop is down", "author": {"id": "2", "name": "ana", "nickname": "Ana"}, "embeds": [], "reactions": []}]}"#;
        assert!(sniffs(&DISCORD, text));
        insta::assert_snapshot!(read(&DISCORD, text, None), @"2026-03-01T10:00:00.500Z message [Ana] The shop is down");
    }
}
