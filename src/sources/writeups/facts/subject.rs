//! Decides whether a text is the write-up of an incident.
//!
//! Many write-ups contain neither "incident" nor "outage", so their contents count: a timeline, a
//! cause, the symptoms that users saw, or the time of a failure.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::{spans, statements};
use crate::model::claims::ClaimName;
use crate::model::milestone::MilestoneName;
use crate::sources::input::file_name;
use crate::sources::naming::section as section_of;
use crate::sources::record::SectionName;
use crate::sources::writeups::outline::labels::{self, Field};
use crate::sources::writeups::shape::blocks::{Block, blocks, plain};
use crate::sources::writeups::times::{languages, marks, rows, stamp};
use crate::text::clean::sentences;

/// Words of a text about an incident.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:post[- ]?mortems?|incidents?|outages?|root causes?|downtime|service (?:disruption|interruption)|action items)\b",
    )
    .expect("valid built-in regex")
});

/// Features of a write-up that does not call itself one: a timeline heading, start and end in front
/// matter, or a span of clock times.
static STORY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?im)^(?:#{1,6}|=+|\*\*) *(?:[\w ]{0,20}\b)?(?:timeline|chronology)\b|^start_time: \d|\b(?:from|between) \d{1,2}:\d{2}\b[^.\n]{0,30} (?:to|until|and) \d{1,2}:\d{2}\b",
    )
    .expect("valid built-in regex")
});

/// A clock time. A text without one has no story.
static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\b|T)\d{1,2}[:h.]\d{2}(?:\b|[ap]\b)|\b\d{1,2} ?[ap]m\b|\d{1,2}[時时点]")
        .expect("valid built-in regex")
});

/// Words in the title of a write-up. `Incident` alone is too general.
static KIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:post[- ]?mortems?|outages?|root cause|incident (?:report|review|disclosure|summary)|\w+ (?:down|failure|exploit))\b")
        .expect("valid built-in regex")
});

/// Words in the title of a text about incidents in general.
static GUIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:response|plan|polic\w+|templates?|guide\w*|process|procedures?|runbooks?|playbooks?|checklist|how to|handbook|training|management|index|list of|change ?log|release notes|contributing|read ?me|faq|frequently asked|code of conduct|tutorial|getting started|roadmap|meeting|agenda|minutes of|stand-?up|schedule|calendar)\b",
    )
    .expect("valid built-in regex")
});

/// Whether a title is that of a text about incidents in general, or of another kind of text: a
/// manual, an agenda, a changelog.
pub(crate) fn is_general(title: &str) -> bool {
    GUIDE.is_match(title)
}

/// A verb in the past tense, for a single event.
static PAST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:was|were|had|made|left|shut|cut|hit|ran|rose|went|began|became|lost|fell|broke|hung|froze|took|saw|came|did ?n[o'’]t|could ?n[o'’]t|couldn['’]t|[a-z]{3,}ed)\b",
    )
    .expect("valid built-in regex")
});

/// Words for regular or hypothetical events: how a tool works, when it is open. `Every user` is not
/// one, since it means all users.
static HABIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\W*(?:if|when|whenever|run|use|set|call)\b|\b(?:(?:every|each) (?:\w+ )?(?:second|minute|hour|day|week|month|quarter|year|night|morning|evening|weekday|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day|time)|daily|nightly|weekly|monthly|always|by default|usually|for example|e\.g\.|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b",
    )
    .expect("valid built-in regex")
});

/// The number of sentences searched for the time of a failure.
const SENTENCES: usize = 60;

/// Whether a text contains the words of a write-up.
pub(crate) fn names_it(text: &str) -> bool {
    SUBJECT.is_match(text)
}

/// Whether a text may be a write-up: by its words, its headings, its timeline, or the time of a
/// failure. All but the first are only tried if `name` is that of a document, since a log contains
/// times and failures as well. Code is ignored, since it may be the output of a tool.
pub(crate) fn is_about_an_incident(text: &str, name: &str) -> bool {
    let is_story = || STORY.is_match(text) && CLOCK.is_match(text);
    if names_it(text) || is_story() {
        return true;
    }
    if !is_document(name) {
        return false;
    }
    let text = without_code(text);
    languages::names_it(&text) && CLOCK.is_match(&text)
        || has_headings(&text)
        || says_when(&text)
        || has_milestones(&text)
}

/// Returns the text without its code blocks.
pub(crate) fn without_code(text: &str) -> Cow<'_, str> {
    if !text.contains("```") && !text.contains("~~~") {
        return Cow::Borrowed(text);
    }
    let mut fence: Option<&str> = None;
    let is_story = |line: &&str| {
        let start = line.trim_start();
        match fence {
            Some(mark) if start.starts_with(mark) => {
                fence = None;
                false
            }
            Some(_) => false,
            None => {
                fence = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
                fence.is_none()
            }
        }
    };
    Cow::Owned(text.lines().filter(is_story).collect::<Vec<_>>().join("\n"))
}

/// Whether lines with times state two different milestones, by name or by description. The lines of
/// an event schedule or a work log state none.
fn has_milestones(text: &str) -> bool {
    let mut found: Vec<MilestoneName> = Vec::new();
    for line in text.lines().filter(|line| line.contains(|c: char| c.is_ascii_digit())) {
        let line = line.trim_start_matches(['-', '+', '|', '•', ' ', '\t']);
        let line = line.strip_prefix("* ").unwrap_or(line);
        let is_span = || {
            let label = labels::label(line)?;
            let is_of_impact = matches!(
                labels::field(&label.name)?,
                Field::Claim(ClaimName::Duration) | Field::Span
            );
            let clock = |mark: &&marks::Mark<'_>| !stamp::is_day(mark.written);
            let marks = marks::marks(label.value);
            (is_of_impact && marks.iter().filter(clock).count() == 2).then_some(())
        };
        if is_span().is_some() {
            return true;
        }
        if let Some(event) = rows::key_event(line.trim_end_matches(['|', ' '])) {
            found.push(event.name);
        } else if let Some(stamp) = stamp::leading(line).filter(|stamp| !stamp.is_malformed) {
            let states = statements::of_line(&plain(stamp.rest), "");
            found.extend(states.into_iter().map(|statement| statement.name));
        }
        if found.iter().any(|name| *name != found[0]) {
            return true;
        }
    }
    false
}

/// Extensions of files in which people write documents.
const DOCUMENTS: [&str; 13] = [
    ".md",
    ".markdown",
    ".mdx",
    ".mdown",
    ".erb",
    ".txt",
    ".text",
    ".adoc",
    ".asciidoc",
    ".rst",
    ".mediawiki",
    ".wiki",
    ".org",
];

fn is_document(name: &str) -> bool {
    let name = name.to_lowercase();
    DOCUMENTS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a text has two headings that only write-ups have, or one and a clock time.
fn has_headings(text: &str) -> bool {
    if !text.contains(['#', '=', '*', '-']) {
        return false;
    }
    let mut found: Vec<SectionName> = Vec::new();
    for block in blocks(text) {
        let Block::Heading(heading) = block else { continue };
        let name = section_of(&plain(heading.text)).map(|(name, _)| name);
        found.extend(name.filter(|name| is_telling(*name) && !found.contains(name)));
    }
    found.len() >= 2 || found.len() == 1 && CLOCK.is_match(text)
}

/// Whether a section of that meaning is typical of write-ups. Any text can have a summary and next
/// steps.
fn is_telling(name: SectionName) -> bool {
    !matches!(name, SectionName::Summary | SectionName::FollowUps | SectionName::Lessons)
}

/// Whether a sentence states when something failed.
pub(crate) fn says_when(text: &str) -> bool {
    let mut all = sentences(text).filter(|sentence| CLOCK.is_match(sentence)).take(SENTENCES);
    all.any(|sentence| {
        let own = plain(sentence);
        let is_foreign = languages::is_foreign(&own);
        let words = languages::english(&own);
        spans::is_about_impact(&words)
            && (is_foreign || PAST.is_match(&words))
            && !HABIT.is_match(&words)
            && marks::marks(&words).iter().any(|mark| !stamp::is_day(mark.written))
    })
}

/// Whether a document without times and without a cause is a write-up all the same: its title, its
/// file name or two of its sections show it. A text about incidents in general is not one.
pub(crate) fn is_by_name(
    title: &str,
    name: &str,
    sections: impl Iterator<Item = SectionName>,
) -> bool {
    if GUIDE.is_match(title) {
        return false;
    }
    let file = file_name(name).replace(['_', '-'], " ");
    // A write-up has a day or a number in its title, a page about incidents in general does not.
    let is_numbered = |text: &str| names_it(text) && text.contains(|c: char| c.is_ascii_digit());
    // A single word is the name of an overview page: `Outages`.
    let is_named = KIND.is_match(title) && title.split_whitespace().count() > 1;
    is_numbered(title)
        || is_numbered(&file)
        || is_named
        || KIND.is_match(&file) && !GUIDE.is_match(&file)
        || sections.filter(|name| is_telling(*name)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incident_narrative_is_recognised_by_content() {
        for text in [
            "We had an outage.",
            "# Blank pages\n\n## Why did it happen?\n\nA schema.\n\n## How did we fix it?\n\nA key.",
            "# Evictions\n\n## Timeline\n\n- 2026-02-01 20:00 seen",
            "All times PDT. At 1:10 PM the power failed and all hosts went down.",
            "# Störung im Portal\n\n- 09:15 Uhr: Anmeldungen schlagen fehl",
            "# Slow queue\n\n- 10:00 The alert fires\n- 10:30 Everything is back to normal",
            "# Exports\n\n**Impact duration:** 06:10 - 07:40 UTC (90 minutes)",
            "# Search\n\nAt 10:42 UTC search began to return no results for every tenant.",
            "# Keys\n\n| Started | 2025-12-01 06:10 UTC |\n| Resolved | 2025-12-01 07:40 UTC |",
        ] {
            assert!(is_about_an_incident(text, "a.md"), "{text}");
        }
        for text in [
            "# Install\n\n## Usage\n\nRun it at 10:00.\n\n## Next steps\n\nMore.",
            "We met at 10:30 and had tea.",
            "# Summary\n\n## Next steps\n",
            "# A tool\n\nSample output:\n\n```\n10:05:00 ERROR connection lost\n10:06:00 INFO connection restored\n```",
            "# Offsite\n\n- 09:00 Coffee\n- 11:00 Workshop: how we resolve conflicts",
            "# Release\n\n1. Tell support at 09:00.\n2. If errors rise, restore the service.",
        ] {
            assert!(!is_about_an_incident(text, "a.md"), "{text}");
        }
    }

    #[test]
    fn regular_events_are_not_a_narrative() {
        for text in [
            "The site was down from 10:00 to 11:00.",
            "At 9:12 the queue stopped, and mail was delayed.",
            "Le 17 mai 2023, de 06:10 à 06:55, le site était inaccessible: une panne.",
        ] {
            assert!(says_when(text), "{text}");
        }
        for text in [
            "If a check failed between 09:00 and 17:00, an engineer was paged.",
            "By default, failed checks are muted from 22:00 to 06:00.",
            "Nightly backups run from 01:00 to 02:00, and connections fail then.",
            "The site is unavailable from 02:00 to 04:00 every Sunday.",
            "Requests fail between 10:00 and 11:00.",
        ] {
            assert!(!says_when(text), "{text}");
        }
        assert!(is_general("Changelog") && is_general("Team meeting, 3 May"));
        assert!(!is_general("Search outage of 3 May"));
    }

    #[test]
    fn general_text_about_incidents_is_not_a_write_up() {
        let none = || std::iter::empty();
        assert!(is_by_name("Post-mortem of the queue", "a.md", none()));
        assert!(is_by_name("The queue", "2026-03-17-queue-outage.md", none()));
        assert!(!is_by_name("Incident response plan", "incident.md", none()));
        assert!(!is_by_name("The queue", "queue.md", none()));
        assert!(is_by_name(
            "The queue",
            "queue.md",
            [SectionName::Impact, SectionName::RootCause].into_iter()
        ));
    }
}
