//! What stands around the YAML of a file and is none of it: the mark of its encoding, its line
//! ends, and the end mark of its document. An edit leaves them as they are.

/// The frame of a text.
pub(super) struct Frame<'a> {
    mark: &'a str,
    line_end: &'static str,
    /// `...` and all that follows it.
    end: &'a str,
}

impl<'a> Frame<'a> {
    /// Takes `text` apart into its frame and what is in it, which has plain line ends and ends in
    /// one.
    pub(super) fn of(text: &'a str) -> (Self, String) {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mark = &text[..text.len() - body.len()];
        let lines = body.matches('\n').count();
        // A file with both keeps each as it is, and gets plain ones.
        let line_end =
            if lines > 0 && body.matches("\r\n").count() == lines { "\r\n" } else { "\n" };
        let (body, end) = body.split_at(end_mark(body).unwrap_or(body.len()));
        let mut body = if line_end == "\n" { body.to_owned() } else { body.replace("\r\n", "\n") };
        // A file without a last line end would take the next line onto its own.
        if !body.ends_with('\n') {
            body.push('\n');
        }
        (Frame { mark, line_end, end }, body)
    }

    /// Puts the frame around `body` again.
    pub(super) fn around(&self, body: &str) -> String {
        let body =
            if self.line_end == "\n" { body.to_owned() } else { body.replace('\n', self.line_end) };
        format!("{}{body}{}", self.mark, self.end)
    }
}

/// Where the line `...` stands, which ends the document.
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
