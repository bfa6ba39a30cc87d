//! The characters that no output contains, whatever its format.
//!
//! A character is dangerous if programs interpret it rather than show it, or if it is invisible in
//! a text. Such characters control a terminal, change the order in which text is read, make two
//! different names look the same, and hide messages from people but not from programs.

use std::borrow::Cow;

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
const MONGOLIAN_VOWEL_SEPARATOR: char = '\u{180E}';

/// Whether `c` is dangerous: C0 and C1 controls and delete; directional marks, embeddings,
/// overrides and isolates; line and paragraph separators; characters without a shape or a width;
/// tags; noncharacters.
///
/// Line feed and tab are not dangerous: each format decides what they become. Joiners are, since
/// they are needed in certain places only, which [`visible`] checks.
pub fn is_dangerous(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        ' '..='~' => false,
        '\u{AD}' | '\u{34F}' | '\u{61C}' => true,
        // Letters of Hangul and Khmer that are invisible.
        '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{3164}' | '\u{FFA0}' => true,
        MONGOLIAN_VOWEL_SEPARATOR
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' => true,
        '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' => true,
        // Controls for shorthand and for musical notation.
        '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => true,
        // Tags, and code points reserved for similar ones. The variation selectors among them have
        // a rule of their own.
        '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}' => true,
        '\u{FDD0}'..='\u{FDEF}' => true,
        other => other.is_control() || u32::from(other) & 0xFFFE == 0xFFFE,
    }
}

/// Whether `c` has no glyph, legitimate or not: dangerous characters, line ends and tabs, joiners
/// and variation selectors. It needs no font.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\n' | '\t' | '\u{180B}'..='\u{180F}') || is_dangerous(c) || is_selector(c)
}

/// Whether other systems treat the character as a line end.
pub(crate) fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character with this byte in UTF-8 may be dangerous. Nearly every text has no such
/// byte, and searching bytes is quicker.
pub(crate) fn may_be_dangerous(byte: u8) -> bool {
    (byte < b' ' && byte != b'\n')
        || matches!(byte, 0x7F | 0xC2 | 0xCD | 0xD8 | 0xE1..=0xE3 | 0xEF..=0xF4)
}

/// `text` without dangerous characters and with every line end as `\n`. Tabs are preserved.
///
/// Joiners are preserved where a script or an emoji needs them, and variation selectors after a
/// character that has variants. Elsewhere they are invisible and are removed.
pub fn visible(text: &str) -> Cow<'_, str> {
    let may_change = |c: char| is_dangerous(c) || is_selector(c);
    if !text.bytes().any(may_be_dangerous) || !text.contains(may_change) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut before: Option<char> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\r' && rest.peek() == Some(&'\n') {
            continue;
        }
        let c = if ends_line(c) { '\n' } else { c };
        let stays = match c {
            ZERO_WIDTH_JOINER => joins(before, rest.peek().copied()),
            ZERO_WIDTH_NON_JOINER | MONGOLIAN_VOWEL_SEPARATOR => {
                before.is_some_and(is_of_joining_script)
            }
            selector if is_selector(selector) => before.is_some_and(can_vary),
            other => !is_dangerous(other),
        };
        if stays {
            shown.push(c);
            before = Some(c);
        }
    }
    Cow::Owned(shown)
}

/// `text` on one line: as [`visible`], with a single space for each run of white space.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_one = text.is_ascii()
        && !bytes.iter().any(u8::is_ascii_control)
        && !bytes.windows(2).any(|pair| pair == b"  ")
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ");
    if is_one {
        return Cow::Borrowed(text);
    }
    Cow::Owned(visible(text).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a zero-width joiner after `before` shapes a letter or joins emoji.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(is_of_joining_script)
        || (before.is_some_and(|before| is_pictograph(before) || is_selector(before))
            && after.is_some_and(is_pictograph))
}

/// The scripts in which joiners change the shape of the text: from Arabic to the scripts of India
/// and South-East Asia, and Mongolian. A joiner itself has no script, so two joiners never follow
/// each other.
fn is_of_joining_script(c: char) -> bool {
    let is_in_block = matches!(c, '\u{600}'..='\u{DFF}' | '\u{F00}'..='\u{109F}' | '\u{1700}'..='\u{18AF}'
        | '\u{1900}'..='\u{1CFF}' | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10A00}'..='\u{10FFF}' | '\u{11000}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}');
    is_in_block && !is_dangerous(c)
}

/// Approximates Unicode's `Extended_Pictographic`, plus the skin tones.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{27FF}'
        | '\u{2900}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
        && !is_dangerous(c)
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a variation selector may follow `before`. A run of selectors, or one after an ASCII
/// letter, can carry hidden bytes.
fn can_vary(before: char) -> bool {
    let is_base = if before.is_ascii() {
        matches!(before, '0'..='9' | '#' | '*')
    } else {
        !before.is_whitespace()
    };
    is_base && !is_selector(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_invisible_characters_are_dropped() {
        for dangerous in [
            '\0',
            '\u{7}',
            '\u{1B}',
            '\u{7F}',
            '\u{80}',
            '\u{9B}',
            '\u{9F}',
            '\u{AD}',
            '\u{34F}',
            '\u{61C}',
            '\u{115F}',
            '\u{180E}',
            '\u{200B}',
            '\u{200C}',
            '\u{200D}',
            '\u{200E}',
            '\u{200F}',
            '\u{202A}',
            '\u{202B}',
            '\u{202C}',
            '\u{202D}',
            '\u{202E}',
            '\u{2060}',
            '\u{2061}',
            '\u{2066}',
            '\u{2067}',
            '\u{2068}',
            '\u{2069}',
            '\u{206A}',
            '\u{206F}',
            '\u{3164}',
            '\u{FEFF}',
            '\u{FFF9}',
            '\u{FFFB}',
            '\u{FDD0}',
            '\u{FFFE}',
            '\u{1D173}',
            '\u{1FFFF}',
            '\u{E0001}',
            '\u{E0020}',
            '\u{E0041}',
            '\u{E007F}',
        ] {
            assert!(is_dangerous(dangerous), "{dangerous:?}");
            assert_eq!(visible(&format!("a{dangerous}b")), "ab", "{dangerous:?}");
        }
    }

    #[test]
    fn visible_text_is_borrowed_unchanged() {
        for text in [
            "",
            "plain\n\ttext",
            "“déjà vu” – 東京 ½ €",
            "наш «сервис»",
            "مرحبا",
            "日本\u{3000}語",
            "a\u{301}",
            "\u{E000}",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn every_line_end_becomes_a_line_feed() {
        for end in ["\n", "\r\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"] {
            assert_eq!(visible(&format!("a{end}b\u{7}")), "a\nb", "{end:?}");
        }
        assert_eq!(visible("a\r\r\n\r\nb"), "a\n\n\nb");
    }

    #[test]
    fn joiners_stay_where_scripts_and_emoji_need_them() {
        for needed in [
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "ශ්\u{200D}රී",
            "👩\u{200D}👩\u{200D}👧",
            "❤\u{FE0F}\u{200D}🔥",
            "👩🏽\u{200D}💻",
            "🏳\u{FE0F}\u{200D}🌈",
            "1\u{FE0F}\u{20E3}",
            "⚠\u{FE0F}",
            "葛\u{E0100}",
        ] {
            assert_eq!(visible(needed), needed, "{needed:?}");
        }
        for (hidden, seen) in [
            ("pay\u{200D}ment", "payment"),
            ("pay\u{200C}ment", "payment"),
            ("👩\u{200D}", "👩"),
            ("\u{200D}👩", "👩"),
            ("می\u{200C}\u{200C}\u{200C}خ", "می\u{200C}خ"),
            ("a\u{FE0F}b", "ab"),
            ("⚠\u{FE0F}\u{E0150}\u{E0151}\u{FE01}", "⚠\u{FE0F}"),
            ("\u{FE0F}x \u{FE0F}", "x "),
            ("🏴\u{E0067}\u{E0062}\u{E007F}", "🏴"),
        ] {
            assert_eq!(visible(hidden), seen, "{hidden:?}");
        }
    }

    #[test]
    fn byte_prefilter_covers_every_dangerous_character() {
        for c in (0..=0x0010_FFFF).filter_map(char::from_u32) {
            if is_dangerous(c) || is_selector(c) {
                let mut bytes = [0; 4];
                assert!(c.encode_utf8(&mut bytes).bytes().any(may_be_dangerous), "{c:?}");
            }
        }
    }

    #[test]
    fn one_line_folds_white_space() {
        assert_eq!(one_line(" a\r\n b\u{2028}c\t\u{202E}d "), "a b c d");
        assert!(matches!(one_line("a b"), Cow::Borrowed("a b")));
    }

    proptest::proptest! {
        #[test]
        fn cleaning_is_idempotent(text in "[\u{0}-\u{2FFF}\u{FE00}-\u{FEFF}\u{1F300}-\u{1F6FF}\u{E0000}-\u{E01FF}]{0,24}") {
            let once = visible(&text).into_owned();
            let twice = visible(&once).into_owned();
            proptest::prop_assert_eq!(once, twice);
        }
    }
}
