//! Text for HTML and SVG.

use super::danger::{may_be_dangerous, visible};

/// Escapes text for an element or a quoted attribute, and removes dangerous characters.
pub(crate) fn escape(text: &str, out: &mut String) {
    // The fast path: nearly every text needs no change.
    if !text.bytes().any(|byte| may_be_dangerous(byte) || b"&<>\"'".contains(&byte)) {
        return out.push_str(text);
    }
    let text = visible(text);
    let mut written_to = 0;
    for (index, c) in text.char_indices() {
        let replacement = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[written_to..index]);
        out.push_str(replacement);
        written_to = index + c.len_utf8();
    }
    out.push_str(&text[written_to..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_escaping_covers_elements_and_attributes() {
        let mut out = String::new();
        escape("<a href=\"x\" id='y'>&amp;\u{1B}\u{202E}\u{200B}é\t</a>", &mut out);
        assert_eq!(out, "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;é\t&lt;/a&gt;");
    }
}
