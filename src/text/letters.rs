//! The case of the first letter of a text.

/// `text` with a capital letter at the start.
pub fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| first.to_uppercase().chain(rest).collect())
}

/// `text` with a small first letter, for use inside a sentence.
pub fn uncapitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| first.to_lowercase().chain(rest).collect())
}

/// At most the first `most` characters, cut between words, with an ellipsis where something is left
/// out.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{words} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitalisation_changes_only_the_first_letter() {
        assert_eq!([capitalized("élan Vital"), capitalized("")], ["Élan Vital", ""]);
        assert_eq!([uncapitalized("No such File"), uncapitalized("ΑΒ")], ["no such File", "αΒ"]);
    }
}
