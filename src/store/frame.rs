//! The parts of a file that surround its YAML: the byte order mark, the line ends, and the end
//! marker of the document. Edits preserve them.

/// The parts of a text around its YAML.
pub(super) struct Frame<'a> {
    mark: &'a str,
    line_end: &'static str,
    /// `...` and everything after it.
    end: &'a str,
}

impl<'a> Frame<'a> {
    /// Splits `text` into its frame and its body. The body has `\n` line ends and ends with one.
    pub(super) fn of(text: &'a str) -> (Self, String) {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mark = &text[..text.len() - body.len()];
        let lines = body.matches('\n').count();
        // A file with both kinds keeps each line end, and new lines get plain ones.
        let line_end =
            if lines > 0 && body.matches("\r\n").count() == lines { "\r\n" } else { "\n" };
        let (body, end) = body.split_at(end_mark(body).unwrap_or(body.len()));
        let mut body = if line_end == "\n" { body.to_owned() } else { body.replace("\r\n", "\n") };
        // Without a final line end, an appended line would continue the last one.
        if !body.ends_with('\n') {
            body.push('\n');
        }
        (Frame { mark, line_end, end }, body)
    }

    /// Puts the frame around `body`.
    pub(super) fn around(&self, body: &str) -> String {
        let body =
            if self.line_end == "\n" { body.to_owned() } else { body.replace('\n', self.line_end) };
        format!("{}{body}{}", self.mark, self.end)
    }
}

/// The offset of the line `...` that ends the document.
fn end_mark(body: &str) -> Option<usize> {
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.trim_end() == "..." {
            return Some(at);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_round_trips() {
        for text in [
            "a: 1\n",
            "\u{feff}a: 1\n",
            "a: 1\r\nb: 2\r\n",
            "a: 1\r\nb: 2\n",
            "a: 1\n...\n# end\n",
            "\u{feff}a: 1\r\n...\r\n",
            "",
        ] {
            let (frame, body) = Frame::of(text);
            let expected = if text.is_empty() { "\n" } else { text };
            assert_eq!(frame.around(&body), expected);
            assert!(!body.contains('\u{feff}') && !body.contains("..."), "{body:?}");
        }
        assert_eq!(Frame::of("a: 1\r\nb: 2\r\n").1, "a: 1\nb: 2\n");
    }
}
