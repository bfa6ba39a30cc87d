//! Microsoft Teams: messages from Graph, with its field names or with capitalised ones, as in
//! exports.
//!
//! <https://learn.microsoft.com/en-us/graph/api/resources/chatmessage>. The text is HTML; system
//! messages have no author.

use super::kit::{Message, Messages, Node, ObjectChat};
use crate::sources::source::WrittenFrom;
use crate::text::clean::TextKind;

pub(in crate::sources) static TEAMS: ObjectChat = ObjectChat {
    id: "teams-chat",
    about: "Microsoft Teams: messages of Graph and of exports",
    written_from: WrittenFrom::Captures,
    lists: &["value"],
    is_record: |head| {
        head.has(&["Body.Content", "CreatedDateTime"])
            || head.has(&["body.content", "createdDateTime"])
    },
    read,
};

fn read(record: Node<'_>, messages: &mut Messages<'_>) {
    let text =
        |lower: &str, upper: &str| record.text(&[lower, upper]).map(std::borrow::Cow::into_owned);
    if record.at("EventDetail").is_there() || record.at("eventDetail").is_there() {
        return messages.came_or_went();
    }
    if record.at("DeletedDateTime").is_there() || record.at("deletedDateTime").is_there() {
        return messages.intake().warn("this message was deleted and is left out");
    }
    let at = messages.intake().time(record, &["CreatedDateTime", "createdDateTime"]);
    let is_html = text("body.contentType", "Body.ContentType")
        .is_none_or(|kind| kind.eq_ignore_ascii_case("html"));
    let mut message = text("body.content", "Body.Content").unwrap_or_default();
    if let Some(subject) = text("subject", "Subject") {
        message = if is_html {
            format!("<p>{subject}</p>{message}")
        } else {
            format!("{subject}\n{message}")
        };
    }
    let importance = text("importance", "Importance").unwrap_or_default();
    let author = record.text(&[
        "from.user.displayName",
        "From.User.DisplayName",
        "from.application.displayName",
        "From.Application.DisplayName",
    ]);
    messages.add(Message {
        id: text("id", "Id"),
        author: author.map(std::borrow::Cow::into_owned),
        is_marked: matches!(&*importance, "high" | "urgent"),
        is_reply: record.at("ReplyToId").is_there() || record.at("replyToId").is_there(),
        is_edited: record.at("LastEditedDateTime").is_there()
            || record.at("lastEditedDateTime").is_there(),
        ..Message::of(at, message, if is_html { TextKind::Html } else { TextKind::Plain })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn html_message_text_is_converted() {
        let text = r#"[{"Id": "2", "Body": {"ContentType": "html", "Content": "<p>Rolled <b>back</b></p>"}, "CreatedDateTime": "2026-03-01T10:20:34.16+00:00", "Importance": "urgent",
            "ReplyToId": null, "From": {"User": {"DisplayName": "Ana"}}, "EventDetail": null},
            {"Id": "1", "Body": {"ContentType": "html", "Content": "<systemEventMessage/>"}, "CreatedDateTime": "2026-03-01T10:00:00+00:00", "From": null, "EventDetail": {"x": 1}}]"#;
        assert!(sniffs(&TEAMS, text));
        insta::assert_snapshot!(read(&TEAMS, text, None), @"
        2026-03-01T10:20:34.160Z message [Ana] Rolled **back**
        x:1:1: note: 1 line about who came or went: left out
        ");
    }
}
