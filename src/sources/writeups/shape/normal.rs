//! Normalizes Markdown that a parser would not understand as the author meant it.
//!
//! Three habits are common in write-ups but not part of CommonMark: other bullet characters, tables
//! without a header row, and images that are files next to the document.

use std::sync::LazyLock;

use regex::Regex;

/// A line that begins with a bullet character unknown to Markdown.
static BULLET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<indent>\s*)(?P<mark>[–—•◦▪‣●○])\s+(?P<rest>\S.*)$")
        .expect("valid built-in regex")
});

/// An image whose address is not a web address.
static LOCAL_IMAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"!\[(?P<alt>[^\]\n]*)\]\((?P<path>[^\s()<>]+)(?:\s+"(?P<title>[^"\n]*)")?\)"#)
        .expect("valid built-in regex")
});

/// Returns the normalized Markdown, or `None` if nothing changed, and the paths of image files.
pub(crate) fn common(markdown: &str) -> (Option<String>, Vec<String>) {
    let mut images = Vec::new();
    let lines: Vec<&str> = markdown.split('\n').collect();
    let code = code_lines(&lines);
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        // Attributes of the block above: `{: .table-striped }`.
        if !code[at] && line.starts_with("{:") && line.trim_end().ends_with('}') {
            continue;
        }
        if code[at] {
            out.push((*line).to_owned());
            continue;
        }
        if begins_headless_table(&lines, &code, at) {
            let cells = line.matches('|').count().saturating_sub(1);
            let has_head = !line.contains(|c: char| c.is_ascii_digit());
            if !has_head {
                out.push(format!("|{}", " |".repeat(cells)));
            } else {
                out.push((*line).to_owned());
            }
            out.push(format!("|{}", " --- |".repeat(cells)));
            if has_head {
                continue;
            }
        }
        let line = bullet(&lines, at).unwrap_or_else(|| (*line).to_owned());
        out.push(without_images(line, &mut images));
    }
    let text = out.join("\n");
    ((text != markdown).then_some(text), images)
}

/// Marks the lines that are fenced code, including the fences.
pub(super) fn code_lines(lines: &[&str]) -> Vec<bool> {
    let mut fence = None;
    let is_code = |line: &&str| {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        let is_code = fence.is_some() || mark.is_some();
        fence = match (fence, mark) {
            (None, mark) => mark,
            (Some(open), Some(mark)) if open == mark => None,
            (open, _) => open,
        };
        is_code
    };
    lines.iter().map(is_code).collect()
}

/// Converts a bullet to Markdown. A dash is only a bullet next to another list item, since it may
/// also introduce direct speech.
fn bullet(lines: &[&str], at: usize) -> Option<String> {
    let found = BULLET.captures(lines[at])?;
    let is_item = |line: &&str| {
        let line = line.trim_start();
        ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark)) || BULLET.is_match(line)
    };
    let before = lines[..at].iter().rev().find(|line| !line.trim().is_empty());
    let after = lines[at + 1..].iter().find(|line| !line.trim().is_empty());
    let is_dash = matches!(&found["mark"], "–" | "—");
    let counts = !is_dash || before.into_iter().chain(after).any(is_item);
    counts.then(|| format!("{}- {}", &found["indent"], &found["rest"]))
}

fn is_row(line: &str) -> bool {
    let line = line.trim();
    line.len() > 2 && line.starts_with('|') && line.ends_with('|') && line.matches('|').count() > 2
}

/// Whether a table without a delimiter row begins at that line.
fn begins_headless_table(lines: &[&str], code: &[bool], at: usize) -> bool {
    let is_delimiter =
        |line: &str| line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    let row = |at: usize| {
        lines.get(at).is_some_and(|line| is_row(line)) && !code.get(at).copied().unwrap_or_default()
    };
    let is_first = at == 0 || !row(at - 1) && !lines[at - 1].contains('|');
    let is_followed = row(at + 1) && !is_delimiter(lines[at + 1]);
    is_first && row(at) && !is_delimiter(lines[at]) && is_followed
}

fn without_images(line: String, images: &mut Vec<String>) -> String {
    if !line.contains("![") {
        return line;
    }
    let shown = |found: &regex::Captures<'_>| {
        let path = &found["path"];
        if path.starts_with("http:") || path.starts_with("https:") || path.starts_with("//") {
            return found[0].to_owned();
        }
        images.push(path.to_owned());
        let alt = Some(found["alt"].trim()).filter(|alt| !alt.is_empty());
        let title = found.name("title").map(|title| title.as_str().trim());
        let words = alt.or(title).unwrap_or("image");
        format!("{words} (`{path}`)")
    };
    LOCAL_IMAGE.replace_all(&line, shown).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(markdown: &str) -> String {
        common(markdown).0.unwrap_or_else(|| "the same".to_owned())
    }

    #[test]
    fn unicode_bullets_become_list_markers() {
        assert_eq!(text("- a\n  – b\n\n• c"), "- a\n  - b\n\n- c");
        assert_eq!(text("He said:\n– a word, alone"), "the same");
        assert_eq!(text("```\n• c\n```"), "the same");
    }

    #[test]
    fn table_without_delimiter_row_is_completed() {
        assert_eq!(
            text("x\n\n| **09:24** | a |\n| **10:00** | b |"),
            "x\n\n| | |\n| --- | --- |\n| **09:24** | a |\n| **10:00** | b |"
        );
        assert_eq!(
            text("| Time | What |\n| 09:24 | a |"),
            "| Time | What |\n| --- | --- |\n| 09:24 | a |"
        );
        assert_eq!(text("| Time | What |\n|---|---|\n| 09:24 | a |\n| 10:00 | b |"), "the same");
        assert_eq!(text("a | b\n| x | y |\n| x | y |"), "the same");
    }

    #[test]
    fn image_files_keep_alt_text_and_address() {
        let (text, images) =
            common("![Load](images/load.png) ![](../a_b.png) ![x](https://example.com/x.png)");
        assert_eq!(
            text.unwrap(),
            "Load (`images/load.png`) image (`../a_b.png`) ![x](https://example.com/x.png)"
        );
        assert_eq!(images, ["images/load.png", "../a_b.png"]);
    }
}
