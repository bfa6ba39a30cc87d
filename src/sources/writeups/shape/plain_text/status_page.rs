//! Reads a status page that was copied from a browser as text.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::clean::escape_line;

/// The line below a post on a copied status page: `Posted 3 years ago. Jul 21, 2017 - 14:55 EDT`.
static POSTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^\s*(?:Posted\b.*?)?(?P<day>[A-Z][a-z]{2,8} \d{1,2}),?(?: (?P<year>\d{4}))?(?: -|,| at)? ?(?P<clock>\d{1,2}:\d{2}(?: ?[ap]m)?) ?(?P<zone>[A-Z]{1,5})(?: (?P<last>\d{4}))?\s*$",
    )
    .expect("valid built-in regex")
});

/// Formats the time of such a line. `year` is the year from elsewhere on the page, for times
/// without one.
fn posted(found: &regex::Captures<'_>, year: Option<&str>) -> String {
    let own = found.name("year").or_else(|| found.name("last")).map(|year| year.as_str());
    let year = own.or(year).map_or(String::new(), |year| format!(", {year}"));
    format!("{}{year} {} {}", &found["day"], &found["clock"], &found["zone"])
}

/// The states of posts on status pages.
const STATES: [&str; 12] = [
    "Resolved",
    "Monitoring",
    "Update",
    "Identified",
    "Investigating",
    "Postmortem",
    "Completed",
    "In progress",
    "Scheduled",
    "Verifying",
    "Mitigated",
    "Recovering",
];

/// Returns the title of a copied status page and its Markdown, in which the posts are timeline
/// entries, oldest first. `None` if the text is not a status page.
pub(super) fn read(lines: &[&str]) -> Option<(Option<String>, String)> {
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b20\d{2}\b").expect("valid built-in regex"));
    let state_of = |line: &str| line.trim().trim_end_matches(['-', '–', ' ']).to_owned();
    // `Resolved - This incident has been resolved.` has the state and the text on one line.
    let own_line = lines
        .iter()
        .flat_map(|line| match line.trim().split_once(" - ") {
            Some((state, text)) if STATES.contains(&state) => vec![state, text],
            _ => vec![*line],
        })
        .collect::<Vec<_>>();
    let lines = own_line.as_slice();
    let is_state = |line: &&str| STATES.contains(&state_of(line).as_str());
    let first = lines.iter().position(is_state);
    let posts = lines[first.unwrap_or(0)..].iter().filter(|line| POSTED.is_match(line)).count();
    let says_posted =
        lines.iter().any(|line| line.trim_start().starts_with("Posted") && POSTED.is_match(line));
    let states = lines.iter().filter(|line| is_state(line)).count();
    // Without the word `Posted`, only states above the texts and times below them identify a status
    // page.
    if posts == 0 || !says_posted && (posts < 2 || states < posts) || first.is_none() && posts < 2 {
        return None;
    }
    let first = first.unwrap_or_else(|| {
        let is_title = |line: &&str| !line.trim().is_empty();
        lines.iter().position(is_title).map_or(0, |title| title + 1)
    });
    let year = lines.iter().find_map(|line| YEAR.find(line)).map(|year| year.as_str());
    let mut head = lines[..first].iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let title = head.next().map(str::to_owned);
    let mut markdown = head.map(|line| format!("{}\n\n", escape_line(line))).collect::<String>();
    let (mut posts, mut state, mut text): (Vec<String>, Option<String>, Vec<String>) =
        (Vec::new(), None, Vec::new());
    for line in lines[first..].iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        if let Some(posted) = POSTED.captures(line) {
            let state = state.take().map_or(String::new(), |state| format!("{state}: "));
            posts.push(format!("- {} {state}{}\n", self::posted(&posted, year), text.join(" ")));
            text.clear();
        } else if state.is_none() && text.is_empty() && is_state(&line) {
            state = Some(state_of(line));
        } else if !line.starts_with("Incident Report for") {
            text.push(escape_line(line));
        }
    }
    posts.reverse();
    markdown.push_str(&format!("## Timeline\n\n{}", posts.concat()));
    let rest: Vec<String> = state.into_iter().chain(text).collect();
    if !rest.is_empty() {
        markdown.push_str(&format!("\n## {}\n\n{}\n", rest[0], rest[1..].join("\n\n")));
    }
    Some((title, markdown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_posts_of_a_status_page_become_lines() {
        let of = |text: &str| {
            let lines: Vec<&str> = text.lines().collect();
            read(&lines).map_or(String::new(), |(_, markdown)| markdown)
        };
        let inline = of(
            "API errors\n\nResolved - It is over.\nSep 15, 2025 - 18:44 UTC\n\nInvestigating - We look into it.\nSep 15, 2025 - 17:02 UTC\n",
        );
        assert_eq!(
            inline,
            "## Timeline\n\n- Sep 15, 2025 17:02 UTC Investigating: We look into it.\n- Sep 15, 2025 18:44 UTC Resolved: It is over.\n"
        );
        let below = of(
            "Latency in 2026\n\nResolved -\nIt is over.\nMar 13, 10:16 MDT\nIdentified -\nWe know why.\nMar 13, 08:25 MDT\n",
        );
        assert_eq!(
            below,
            "## Timeline\n\n- Mar 13, 2026 08:25 MDT Identified: We know why.\n- Mar 13, 2026 10:16 MDT Resolved: It is over.\n"
        );
        // A single state or a single time is not enough for a status page.
        assert!(!of("Report\n\nResolved\n\nIt was a long day.\n").contains("Timeline"));
        assert!(!of("Notes\n\nWe met.\nMar 13, 10:16 MDT\n").contains("Timeline"));
    }
}
