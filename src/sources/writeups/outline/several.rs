//! Finds several incidents in one document: each has its own heading and its own day.

use chrono::NaiveDate;

use super::labels::{self, Field, label};
use crate::sources::naming::section as section_of;
use crate::sources::writeups::shape::blocks::{Block, Heading, blocks, plain};
use crate::sources::writeups::times::clock::{day_of, days_in, days_in_numbers};
use crate::sources::writeups::times::stamp;

/// One of several incidents in a document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Section<'t> {
    /// The heading as plain text.
    pub(crate) title: String,
    /// The text, including the heading.
    pub(crate) text: &'t str,
}

/// The deepest heading level that can hold an incident.
const DEEPEST: u8 = 4;

/// Returns the incidents of a text that contains several; empty for a text about one. Their
/// headings are on one level, their days are distinct, and each has sections or fields of its own.
pub(crate) fn sections(markdown: &str) -> Vec<Section<'_>> {
    let headings: Vec<Heading<'_>> = blocks(markdown)
        .into_iter()
        .filter_map(|block| if let Block::Heading(heading) = block { Some(heading) } else { None })
        .collect();
    for level in 1..=DEEPEST {
        let of_level: Vec<(Section<'_>, NaiveDate)> = (0..headings.len())
            .filter(|at| headings[*at].level == level)
            .filter_map(|at| section(markdown, &headings, at))
            .collect();
        let mut days: Vec<NaiveDate> = of_level.iter().map(|(_, day)| *day).collect();
        days.sort_unstable();
        days.dedup();
        if days.len() >= 2 && days.len() == of_level.len() {
            return of_level.into_iter().map(|(section, _)| section).collect();
        }
    }
    Vec::new()
}

fn offset(markdown: &str, part: &str) -> usize {
    part.as_ptr() as usize - markdown.as_ptr() as usize
}

/// Returns the section below a heading and its day, if the section is an incident.
fn section<'t>(
    markdown: &'t str,
    headings: &[Heading<'t>],
    at: usize,
) -> Option<(Section<'t>, NaiveDate)> {
    let heading = headings[at];
    let title = plain(heading.text);
    let is_row = stamp::leading(&title)
        .is_some_and(|stamp| stamp.rest.is_empty() || !stamp::is_day(stamp.written));
    if section_of(&title).is_some() || is_row {
        return None;
    }
    let start = offset(markdown, heading.whole);
    let next = headings[at + 1..].iter().find(|next| next.level <= heading.level);
    let text = &markdown[start..next.map_or(markdown.len(), |next| offset(markdown, next.whole))];
    let body = &text[heading.whole.len()..];
    let deeper = headings[at + 1..].iter().take_while(|next| next.level > heading.level);
    let has_sections = deeper.filter(|next| section_of(&plain(next.text)).is_some()).count() > 0;
    let fields: Vec<_> = body
        .lines()
        .filter_map(|line| {
            label(line.trim_start_matches(['-', '*', '+', ' ']).trim_start())
                .or_else(|| label(item(line)))
        })
        .collect();
    let of_field = || {
        let dates = fields.iter().filter(|field| labels::field(&field.name) == Some(Field::Date));
        dates.filter_map(|field| day_of(&plain(field.value))).next()
    };
    let of_title = || days_in(&title).first().copied().or_else(|| days_in_numbers(&title).next());
    let day = of_field().or_else(of_title)?;
    let is_told = has_sections || fields.iter().filter(|field| field.is_known()).count() >= 2;
    is_told.then_some((Section { title, text: text.trim_end() }, day))
}

/// Strips the list marker from a line.
fn item(line: &str) -> &str {
    let line = line.trim_start();
    ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        sections(text).into_iter().map(|section| section.title).collect()
    }

    #[test]
    fn several_incidents_need_a_day_and_fields_each() {
        let text = "# Network\n\n## May outage\n\n- **Date:** 2024-05-03\n- **Resolved:** 12:00 UTC\n\n## April outage\n\n- **Date:** 2020-04-18\n- **Resolved:** 22:39 UTC\n";
        assert_eq!(titles(text), ["May outage", "April outage"]);
        assert!(
            sections(text)[1].text.starts_with("## April")
                && sections(text)[0].text.ends_with("12:00 UTC")
        );
        let text = "# All\n\n## Reports\n\n### One (2024-05-03)\n\n#### Timeline\n\nx\n\n### Two (2024-06-03)\n\n#### Impact\n\ny\n";
        assert_eq!(titles(text), ["One (2024-05-03)", "Two (2024-06-03)"]);
    }

    #[test]
    fn several_days_of_one_incident_stay_one() {
        for text in [
            "# Outage\n\n## Timeline\n\n### 2024-05-03\n\n- 10:00 a\n\n### 2024-05-04\n\n- 11:00 b\n",
            "# Outage\n\n## 2024-05-03 10:00 It began\n\n### Impact\n\nx\n\n## 2024-05-04 11:00 It ended\n\n### Impact\n\ny\n",
            "# Outage\n\n**Date:** 2024-05-03\n\n## Impact\n\nx\n\n## Root cause\n\ny\n",
            "# Links\n\n## 2024-05-03 a\n\n- [x](https://example.com)\n\n## 2024-05-04 b\n\n- [x](https://example.com)\n",
        ] {
            assert_eq!(titles(text), [""; 0], "{text}");
        }
    }
}
