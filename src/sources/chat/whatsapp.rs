//! WhatsApp: a chat exported as text.
//!
//! <https://faq.whatsapp.com/1180414079177245>. The date format and the clock are those of the
//! phone: either day or month may come first. A day above twelve anywhere in the chat decides.

use std::sync::LazyLock;

use regex::Regex;

use super::kit::{Message, Messages};
use crate::diag::Warned;
use crate::model::time::{ClockStyle, DateOrder, Reading};
use crate::sources::input::Input;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;
use crate::text::clean::TextKind;

pub(crate) struct WhatsApp;

/// `[01/03/2026, 10:00:00] Ana: text`, `3/1/26, 10:00 AM - Ana: text`; a line without a name is a
/// system message.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\x{200e}\x{200f}]?(?:\[(\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),? (\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[ \x{202f}]?[AaPp]\.?[Mm]\.?)?)\]|(\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),? (\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[ \x{202f}]?[AaPp]\.?[Mm]\.?)?) -) (?:([^:]{1,60}): )?(.*)$")
        .expect("valid built-in regex")
});

impl Reader for WhatsApp {
    fn about(&self) -> About {
        About {
            id: "whatsapp-chat",
            about: "WhatsApp: a chat exported as text",
            written_from: WrittenFrom::Documentation,
        }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        let lines: Vec<&str> =
            head.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
        let is_first = lines.first().is_some_and(|line| LINE.is_match(line));
        let count = lines.iter().filter(|line| LINE.is_match(line)).count();
        if is_first && count * 3 >= lines.len() {
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
        let lines: Vec<&str> = text.body().lines().map(str::trim_end).collect();
        let reading = Reading {
            order: order(&lines),
            clock: ClockStyle::TwentyFour,
            ..Reading::in_zone(zone)
        };
        let mut last: Option<Message> = None;
        for line in lines {
            let Some(found) = LINE.captures(line) else {
                if let Some(message) = &mut last {
                    message.text.push_str(&format!("\n{line}"));
                }
                continue;
            };
            if let Some(message) = last.take() {
                messages.add(message);
            }
            messages.intake().next(line);
            let part = |one: usize, other: usize| {
                found.get(one).or(found.get(other)).map_or("", |part| part.as_str())
            };
            let Some(author) = found.get(5) else {
                messages.came_or_went();
                continue;
            };
            let time = part(2, 4).replace('\u{202f}', " ").replace('.', ":");
            let at = messages.intake().written_as(
                &format!("{} {}", part(1, 3), time.trim_end_matches(':')),
                "the time of this line",
                reading,
            );
            let wording = found[6].trim_start_matches(['\u{200e}', '\u{200f}']);
            let is_edited = wording.ends_with("<This message was edited>");
            let wording = wording.trim_end_matches("<This message was edited>").trim_end();
            last = Some(Message {
                author: Some(author.as_str().to_owned()),
                is_edited,
                ..Message::of(at, wording, TextKind::Plain)
            });
        }
        if let Some(message) = last {
            messages.add(message);
        }
        messages.finish()
    }
}

/// Whether the day comes first, by the dates of all lines.
fn order(lines: &[&str]) -> Option<DateOrder> {
    let numbers = |line: &&str| -> Option<(u32, u32)> {
        let found = LINE.captures(line)?;
        let mut parts = found.get(1).or(found.get(3))?.as_str().split(['.', '/', '-']);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    let pairs: Vec<(u32, u32)> = lines.iter().filter_map(numbers).collect();
    if pairs.iter().any(|(first, second)| (13..=31).contains(first) && *second <= 12) {
        return Some(DateOrder::DayFirst);
    }
    pairs
        .iter()
        .any(|(first, second)| *first <= 12 && (13..=31).contains(second))
        .then_some(DateOrder::MonthFirst)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{read, sniffs};

    #[test]
    fn day_above_twelve_decides_the_date_order() {
        let text = "13/03/26, 09:58 - Messages are end-to-end encrypted.\n01/03/26, 10:00 - Ana: Is the shop down?\nI get 503\n13/03/26, 10:02 - Li: yes\n";
        assert!(sniffs(&WhatsApp, text));
        insta::assert_snapshot!(read(&WhatsApp, text, Some("Europe/Berlin")), @"
        2026-03-01T09:00Z message [Ana] Is the shop down? / I get 503 (hidden)
        2026-03-13T09:02Z message [Li] yes (hidden)
        x:1:1: note: 1 line about who came or went: left out
        ");
        let months = "[3/13/26, 10:00:05\u{202f}PM] Ana: down\n";
        assert!(sniffs(&WhatsApp, months));
        insta::assert_snapshot!(read(&WhatsApp, months, Some("UTC")), @"
        2026-03-13T22:00:05Z message [Ana] down (hidden)
        ");
    }
}
