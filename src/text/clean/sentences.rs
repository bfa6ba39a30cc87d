//! Splits text into sentences.

/// The sentences of a text. A sentence ends at a punctuation mark before a capital letter, or with
/// its paragraph. An abbreviation before a name is mistaken for an end.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").flat_map(sentences_of_paragraph).filter(|sentence| !sentence.is_empty())
}

/// Whether a full stop belongs to a clock time or to a month, and the sentence continues: `at 8:23
/// a.m. EDT`, `10:05 p.m. Pacific Time`.
fn is_of_time(before: &str, rest: &str) -> bool {
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    let is_half = last.ends_with("a.m") || last.ends_with("p.m");
    let next = rest.split_whitespace().next().unwrap_or_default();
    let next = next.trim_matches(|c: char| !c.is_alphanumeric());
    let is_large = next.len() > 1 && next.len() < 6 && next.chars().all(char::is_uppercase);
    const ZONES: [&str; 4] = ["Eastern", "Central", "Mountain", "Pacific"];
    let is_day = next.ends_with("day") || next.parse::<chrono::Month>().is_ok();
    is_half && (is_large || is_day || ZONES.contains(&next))
}

/// Whether a sentence begins with `rest`: with a capital, or with a number after a word that is not
/// shortened (`Sept. 17`, `approx. 20`).
fn begins_sentence(before: &str, rest: &str) -> bool {
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_word = last.chars().count() > 4
        && last.chars().all(char::is_lowercase)
        && !["approx", "circa"].contains(&last);
    let rest = rest.trim_start();
    rest.starts_with(char::is_uppercase)
        || is_word && rest.starts_with(|c: char| c.is_ascii_digit())
}

fn sentences_of_paragraph(paragraph: &str) -> Vec<&str> {
    let (mut found, mut at) = (Vec::new(), 0);
    for (mark, _) in paragraph.match_indices(['.', '!', '?']) {
        let (before, rest) = (&paragraph[at..mark], &paragraph[mark + 1..]);
        if rest.starts_with(char::is_whitespace)
            && begins_sentence(before, rest)
            && !is_of_time(before, rest)
        {
            found.push(paragraph[at..=mark].trim());
            at = mark + 1;
        }
    }
    found.push(paragraph[at..].trim());
    found
}
