//! Numbers of things in words.

/// `1 entry`, `2 entries`, `3 sources`: a number with the noun, which is given in the singular. A
/// preposition and what follows it are not part of the noun: `2 updates of a page`.
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {}", many(one)) }
}

/// A number with the noun and its verb, which is given in the singular and the plural: `1 time
/// has`, `2 times have`.
pub fn counted_that(count: usize, one: &str, verbs: [&str; 2]) -> String {
    format!("{} {}", counted(count, one), verbs[usize::from(count != 1)])
}

/// Groups the digits of whole numbers with four or more digits: `~18600` becomes `~18,600`. Numbers
/// with a fraction, in a word, or next to a hyphen or colon (a date, a time, a version) are
/// unchanged.
pub fn grouped(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len() + 4);
    for word in text.split_inclusive(char::is_whitespace) {
        let start = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
        let (before, rest) = word.split_at(start);
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        let is_number = before
            .chars()
            .all(|c| matches!(c, '~' | '>' | '<' | '=' | '≥' | '≤' | '$' | '€' | '£'))
            && !after.contains(|c: char| c.is_alphanumeric() || matches!(c, '-' | ':'));
        grouped.push_str(before);
        for (at, digit) in digits.char_indices() {
            if is_number && digits.len() > 3 && at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped.push_str(after);
    }
    grouped
}

/// The regular plural of the noun.
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
    fn whole_numbers_are_grouped() {
        for (written, shown) in [
            ("4100", "4,100"),
            ("~18600", "~18,600"),
            (">=1234567 requests", ">=1,234,567 requests"),
            ("120", "120"),
            ("1 in 3000 users", "1 in 3,000 users"),
            ("2026-03-17", "2026-03-17"),
            ("1234.5 EUR", "1234.5 EUR"),
            ("v2024", "v2024"),
        ] {
            assert_eq!(grouped(written), shown);
        }
    }

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
