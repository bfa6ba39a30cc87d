//! Logs of IRC: lines with a date and a time, then `<nick> text`, `* nick does` or
//! `*** nick has quit`.
//!
//! Bots write UTC without stating it; their pages may be in any order and have traces of Python
//! (`b'…'`). A log of a person's client is in local time, whose zone `--zone` sets.

use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Message, Messages};
use crate::diag::{Diagnostic, Warned};
use crate::model::zone::Zone;
use crate::sources::input::Input;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::TextKind;

pub(crate) struct Irc;

/// The timestamp, then the speaker or the event.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?:b?['"])?\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)\]?\s+(?:<[@+ ]?([^<>\s]{1,40})> ?(.*)|(\*{1,3}|-!-|-->|<--|--)\s+(.*))$"#)
        .expect("valid built-in regex")
});

/// The words for joining and leaving.
static COMINGS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:has (?:joined|quit|left|parted)|joined(?: the channel| #|$)|quit\b|left (?:the channel|#)|is now known as|sets? mode)").expect("valid built-in regex")
});

impl Reader for Irc {
    fn about(&self) -> About {
        About {
            id: "irc-chat",
            about: "Logs of IRC channels, with a date in each line",
            written_from: WrittenFrom::Captures,
        }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        let lines: Vec<&str> =
            head.lines().filter(|line| !line.trim().is_empty()).take(40).collect();
        let count = lines.iter().filter(|line| LINE.is_match(line)).count();
        if count > 0 && count * 10 >= lines.len() * 6 {
            Verdict::Yes
        } else {
            Verdict::No("not a log of a chat")
        }
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let zone = warnings.zone();
        let mut messages = Messages::new(warnings);
        let mut has_assumed = false;
        for line in text.body().lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            messages.intake().next(line);
            let Some(found) = LINE.captures(line) else {
                // The end of a page.
                if line.trim_matches(['\'', '"']).len() > 1 {
                    messages.intake().warn("this line is not one of a chat and was left out");
                }
                continue;
            };
            let message = found.get(3).or(found.get(5)).map_or("", |part| part.as_str());
            if found.get(2).is_none() && COMINGS.is_match(message) {
                messages.came_or_went();
                continue;
            }
            let names_zone = found[1].len() > 19 || found[1].ends_with('Z');
            if !names_zone && zone.is_none() && !std::mem::replace(&mut has_assumed, true) {
                let note = Diagnostic::warning(
                    "the times of this log name no zone: UTC is assumed, which bots write",
                );
                messages.intake().say(note.hint(
                    "if a person's client wrote it, name that person's clock: --zone Europe/Berlin",
                ));
            }
            let at = messages.intake().written(
                &found[1],
                "the time of this line",
                Some(zone.unwrap_or(Zone::UTC)),
            );
            let (author, message) = match found.get(2) {
                Some(nick) => (nick.as_str().to_owned(), message.to_owned()),
                None => {
                    let (nick, does) = message.split_once(' ').unwrap_or((message, ""));
                    (nick.to_owned(), does.to_owned())
                }
            };
            // Skip empty messages.
            if !message.trim().is_empty() {
                messages.add(Message {
                    author: Some(author),
                    ..Message::of(at, message, TextKind::Plain)
                });
            }
        }
        messages.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn bot_logs_are_in_utc() {
        let text = "b'2026-03-01T10:05:00 <ana> is the shop down?\n2026-03-01T10:01:00 * li_ has quit\n2026-03-01T10:06:00 * li looks\n2026-03-01T10:00:00  *** ana <~ana@192.0.2.1> has joined #ops\n'\n";
        assert!(sniffs(&Irc, text));
        insta::assert_snapshot!(read(&Irc, text, None), @"
        2026-03-01T10:05:00Z message [ana] is the shop down? (hidden)
        2026-03-01T10:06:00Z message [li] looks (hidden)
        x:1:1: warning: the times of this log name no zone: UTC is assumed, which bots write
        x:1:1: note: 2 lines about who came or went: left out
        ");
    }
}
