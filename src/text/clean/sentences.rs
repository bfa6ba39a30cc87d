//! Sentences.

/// The sentences of a text: parts that end in a mark with a capital letter behind it, or with their
/// paragraph. An abbreviation before a name is taken for an end.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").flat_map(sentences_of_paragraph).filter(|sentence| !sentence.is_empty())
}

fn sentences_of_paragraph(paragraph: &str) -> Vec<&str> {
    let (mut found, mut at) = (Vec::new(), 0);
    for (mark, _) in paragraph.match_indices(['.', '!', '?']) {
        let rest = &paragraph[mark + 1..];
        if rest.starts_with(char::is_whitespace)
            && rest.trim_start().starts_with(char::is_uppercase)
        {
            found.push(paragraph[at..=mark].trim());
            at = mark + 1;
        }
    }
    found.push(paragraph[at..].trim());
    found
}
