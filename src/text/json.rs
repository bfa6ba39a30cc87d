//! JSON that is also shown on a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use super::danger::{is_dangerous, may_be_dangerous};

/// The same JSON with every dangerous character written as `\u….`: programs read the same text, and
/// a terminal does not interpret it. JSON itself requires this of C0 controls only.
pub(crate) fn escaped(json: &str) -> Cow<'_, str> {
    if !json.bytes().any(may_be_dangerous) || !json.contains(is_dangerous) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_dangerous(c) && c != '\r' {
            // These characters occur only in strings: elsewhere JSON is ASCII.
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_json_parses_the_same_and_is_safe_for_terminals() {
        let text = "a\u{7F}\u{9B}31m\u{1B}\u{202E}\u{2066}\u{200B}\u{E0041}é\r\n\"\\👩\u{200D}💻";
        let json = serde_json::to_string(text).unwrap();
        let written = escaped(&json);
        assert!(!written.contains(is_dangerous), "{written}");
        assert!(
            written.contains("\\u009b31m")
                && written.contains("\\udb40\\udc41")
                && written.contains('é')
        );
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        assert!(matches!(escaped("{\"a\": \"é\"}\n"), Cow::Borrowed(_)));
    }
}
