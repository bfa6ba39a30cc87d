//! Patterns that find a word in texts, regardless of case and of the separators between its parts.

use std::ops::Range;

use regex::Regex;

use super::folded::{Folded, folded};

/// A word to look for.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    word: String,
    regex: Regex,
    /// Whether an adjacent hyphen or underscore makes a match part of a longer word.
    is_whole: bool,
}

impl Pattern {
    /// A pattern for a term of the settings. Its words may be joined in any way (`Blue Whale`,
    /// `blue-whale`, `BlueWhale`), and `*` matches letters, digits, dots and hyphens.
    /// `None` if the term contains no letter or digit.
    pub(super) fn term(term: &str) -> Option<Pattern> {
        let words = term.split_whitespace().map(|word| {
            let parts = word.split('*').map(spelled);
            parts.collect::<Vec<_>>().join(r"[\w.\-]*")
        });
        let words: Vec<String> = words.collect();
        // A match must not cross markup: the unpaired rest would change the text around it.
        Pattern::new(term, &words.join(r"[\s\u{A0}\-_.]{0,4}"), false, false)
    }

    /// A pattern for a person's full name or handle, in any case: `Ana Alm`, `ana.alm`, `ana_alm`.
    pub(super) fn name(name: &str) -> Option<Pattern> {
        let words = name.split(|c: char| c.is_whitespace() || matches!(c, '.' | '_'));
        let words: Vec<String> = words.filter(|word| !word.is_empty()).map(spelled).collect();
        Pattern::new(name, &format!("@?{}", words.join(r"[\s\u{A0}_.\-]{1,4}")), false, true)
    }

    /// A pattern for one part of a name, case-sensitive.
    pub(super) fn part(name: &str) -> Option<Pattern> {
        Pattern::new(name, &format!("@?{}", spelled(name)), true, true)
    }

    fn new(word: &str, regex: &str, has_case: bool, is_whole: bool) -> Option<Pattern> {
        let flags = if has_case { "" } else { "(?i)" };
        let is_empty = !word.contains(char::is_alphanumeric);
        let regex = Regex::new(&format!("{flags}{regex}")).ok().filter(|_| !is_empty)?;
        Some(Pattern { word: word.to_owned(), regex, is_whole })
    }

    /// The word as given, not folded.
    pub(super) fn word(&self) -> &str {
        &self.word
    }

    /// Whether `text` contains the word.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.next(Folded::new(text).text(), 0).is_some()
    }

    /// Returns `text` with each occurrence replaced, or `None` if there is none.
    pub(super) fn replaced(&self, text: &str, by: &str) -> Option<String> {
        let folded = Folded::new(text);
        let (mut replaced, mut at, mut end) = (String::new(), 0, 0);
        while let Some(found) = self.next(folded.text(), at) {
            let place = folded.place(&found);
            // A ligature may contain the end of one match and the start of the next.
            replaced.push_str(text.get(end..place.start).unwrap_or_default());
            replaced.push_str(by);
            (at, end) = (found.end, place.end);
        }
        (end > 0).then(|| replaced + &text[end..])
    }

    /// The first occurrence in the folded text at or after `from` that is not part of a longer
    /// word.
    fn next(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let mut at = from;
        while let Some(found) = self.regex.find_at(text, at) {
            if found.is_empty() {
                return None;
            }
            let inside = found.as_str();
            let before = (text[..found.start()].chars().next_back(), inside.chars().next());
            let after = (inside.chars().next_back(), text[found.end()..].chars().next());
            if !self.joins(before) && !self.joins(after) {
                return Some(found.range());
            }
            at = found.start() + inside.chars().next().map_or(1, char::len_utf8);
        }
        None
    }

    /// Whether the two characters belong to the same word.
    fn joins(&self, pair: (Option<char>, Option<char>)) -> bool {
        let (Some(left), Some(right)) = pair else { return false };
        if is_spaced(left) && is_spaced(right) {
            return true;
        }
        let is_joint = |c| self.is_whole && matches!(c, '-' | '_');
        (is_joint(left) && is_spaced(right)) || (is_spaced(left) && is_joint(right))
    }
}

/// Whether `c` is a letter or digit of a script that separates words by spaces. In Chinese,
/// Japanese, Korean and Thai, the next word or an ending can follow without a space.
fn is_spaced(c: char) -> bool {
    c.is_alphanumeric()
        && !matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1100..=0x11FF | 0x2E80..=0xA4CF | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// A regular expression for a word.
fn spelled(word: &str) -> String {
    regex::escape(&folded(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn term_is_found_however_it_is_joined() {
        let term = Pattern::term("Blue Whale").unwrap();
        for text in [
            "blue whale",
            "BLUE-WHALE-7",
            "the BlueWhale.",
            "blue_whale",
            "Blue\nWhale",
            "Bl\u{AD}ue Whale",
        ] {
            assert!(term.is_in(text), "{text}");
        }
        for text in ["blue", "whale", "bluewhales", "ablue whale"] {
            assert!(!term.is_in(text), "{text}");
        }
        let host = Pattern::term("*.corp.example.com").unwrap();
        assert_eq!(
            host.replaced("See https://wiki.corp.example.com/x and corp.example.com.", "[removed]")
                .unwrap(),
            "See https://[removed]/x and corp.example.com."
        );
        assert!(Pattern::term("whale*").unwrap().is_in("whaledb"));
        assert!(Pattern::term(" * ").is_none());
    }

    #[test]
    fn name_is_a_whole_word() {
        let name = Pattern::name("li").unwrap();
        assert!(name.is_in("@li, Li's") && name.is_in("told LI"));
        assert!(!name.is_in("like") && !name.is_in("li-db") && !name.is_in("deli"));
        assert!(Pattern::name("田中").unwrap().is_in("田中さんが再起動した"));
        let full = Pattern::name("Ana Alm").unwrap();
        assert_eq!(full.replaced("**Ana Alm** and ana\nalm", "P").unwrap(), "**P** and P");
        assert_eq!(full.replaced("ask ana.alm@example.com", "P").unwrap(), "ask P@example.com");
        assert!(full.is_in("ana-alm") && full.is_in("@Ana_Alm") && full.is_in("Ána Alm"));
        assert!(Pattern::name("ana.alm").unwrap().is_in("Ana Alm"));
        let part = Pattern::part("Will").unwrap();
        assert!(part.is_in("Will did") && !part.is_in("it will"));
    }
}
