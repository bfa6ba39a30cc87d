//! Numbers of things, in words.

/// `1 entry`, `2 entries`, `3 sources`: a number of things, by the word for one of them. What follows a
/// preposition is no part of the word: `2 updates of a page`.
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {}", many(one)) }
}

/// A number of things with its verb, which is given for one of them and for several: `1 time has`, `2 times
/// have`.
pub fn counted_that(count: usize, one: &str, verbs: [&str; 2]) -> String {
    format!("{} {}", counted(count, one), verbs[usize::from(count != 1)])
}

/// The word for several things, by the regular rules.
fn many(one: &str) -> String {
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    if one.ends_with("series") {
        return one.to_owned();
    }
    match one.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|ending| one.ends_with(ending)) => {
            format!("{one}es")
        }
        _ => format!("{one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_and_plural_forms() {
        for (count, one, text) in [
            (1, "entry", "1 entry"),
            (0, "entry", "0 entries"),
            (2, "source", "2 sources"),
            (3, "day", "3 days"),
            (2, "near miss", "2 near misses"),
            (1, "series", "1 series"),
            (4, "series", "4 series"),
            (2, "more warning", "2 more warnings"),
        ] {
            assert_eq!(counted(count, one), text);
        }
        assert_eq!(counted_that(1, "time", ["has", "have"]), "1 time has");
        assert_eq!(counted_that(2, "time", ["has", "have"]), "2 times have");
    }
}
