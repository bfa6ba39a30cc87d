//! Scans the lines and scalars of simple YAML.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3};

/// The text is not simple YAML, or does not match the expected type. The full parser either reads
/// it or reports the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotSimple;

/// The maximum length in bytes of a simple key or a scalar in brackets. YAML limits keys to 1024
/// bytes.
const LONGEST_KEY: usize = 200;

/// A position in a text. Between values, it is at the first character of a line that is neither
/// blank nor a comment.
pub(super) struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    pub(super) at: usize,
    /// The column of the line's first character; `None` after the last line.
    pub(super) indent: Option<usize>,
}

/// A scalar before its type is known.
pub(super) struct Scalar<'t> {
    pub(super) text: Cow<'t, str>,
    /// Whether it is neither quoted nor in a block, so that it may be a number or a null.
    pub(super) is_plain: bool,
}

impl<'t> Scalar<'t> {
    fn plain(text: &'t str) -> Self {
        Scalar { text: Cow::Borrowed(text), is_plain: true }
    }

    fn quoted(text: impl Into<Cow<'t, str>>) -> Self {
        Scalar { text: text.into(), is_plain: false }
    }

    /// Whether YAML interprets it as null.
    pub(super) fn is_null(&self) -> bool {
        self.is_plain && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }
}

impl<'t> Reader<'t> {
    /// Starts at the first line of `text`. `None` if it contains characters that are not simple.
    pub(super) fn new(text: &'t str) -> Option<Self> {
        if !text.ends_with('\n') || !is_ordinary(text) {
            return None;
        }
        let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, indent: None };
        reader.begin_line();
        Some(reader)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.indent.is_none()
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.byte_after(0)
    }

    pub(super) fn byte_after(&self, count: usize) -> Option<u8> {
        self.bytes.get(self.at + count).copied()
    }

    /// Moves to the next line with content. The position must be at the start of a line.
    fn begin_line(&mut self) {
        loop {
            let start = self.at;
            self.skip_spaces();
            match self.byte() {
                None => {
                    self.indent = None;
                    return;
                }
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.at = self.line_end() + 1,
                Some(_) => {
                    self.indent = Some(self.at - start);
                    return;
                }
            }
        }
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
    }

    /// The end of the line. Every line ends with a line feed.
    fn line_end(&self) -> usize {
        self.end_from(self.at)
    }

    fn end_from(&self, at: usize) -> usize {
        memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length)
    }

    /// Moves to the next line. Only spaces or a comment may remain on the current one.
    pub(super) fn finish_line(&mut self) -> Result<(), NotSimple> {
        let start = self.at;
        self.skip_spaces();
        match self.byte() {
            Some(b'\n') => self.at += 1,
            Some(b'#') if self.at > start => self.at = self.line_end() + 1,
            _ => return Err(NotSimple),
        }
        self.begin_line();
        Ok(())
    }

    /// The end of the key at this position, if there is one: plain words followed by a colon.
    pub(super) fn key_end(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        let rest = &rest[..rest.len().min(LONGEST_KEY)];
        if !rest.first()?.is_ascii_alphanumeric() {
            return None;
        }
        let is_of_word = |byte: u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ' | b'/')
        };
        let length = rest.iter().position(|&byte| !is_of_word(byte))?;
        let ends = rest[length] == b':'
            && matches!(rest.get(length + 1), Some(b' ' | b'\n'))
            && rest[length - 1] != b' ';
        ends.then_some(self.at + length)
    }

    /// Reads a key and its colon.
    pub(super) fn key(&mut self) -> Result<&'t str, NotSimple> {
        let end = self.key_end().ok_or(NotSimple)?;
        let key = &self.text[self.at..end];
        self.at = end + 1;
        Ok(key)
    }

    /// Reads a plain scalar up to the end of its line, and moves to the next line.
    pub(super) fn plain(&mut self) -> Result<Scalar<'t>, NotSimple> {
        if !self.begins_plain() {
            return Err(NotSimple);
        }
        let end = self.line_end();
        let mut text = &self.text[self.at..end];
        let mut from = 0;
        while let Some(found) = memchr2(b':', b'#', &text.as_bytes()[from..]) {
            let (bytes, here) = (text.as_bytes(), from + found);
            if bytes[here] == b':' {
                // Another key, or a list item that is a map.
                if matches!(bytes.get(here + 1), None | Some(b' ')) {
                    return Err(NotSimple);
                }
            } else if bytes[here - 1] == b' ' {
                text = &text[..here];
                break;
            }
            from = here + 1;
        }
        self.at = end + 1;
        self.begin_line();
        Ok(Scalar::plain(text.trim_end_matches(' ')))
    }

    /// Whether a plain scalar can begin here. YAML also allows `?`, `:` and `-`, but they are rare.
    fn begins_plain(&self) -> bool {
        match self.byte() {
            Some(b'-') => !matches!(self.byte_after(1), Some(b' ' | b'\n') | None),
            Some(
                b'\n' | b' ' | b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*'
                | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`',
            )
            | None => false,
            Some(_) => true,
        }
    }

    /// Reads a plain scalar in brackets.
    pub(super) fn plain_in_flow(&mut self) -> Result<Scalar<'t>, NotSimple> {
        if !self.begins_plain() {
            return Err(NotSimple);
        }
        let start = self.at;
        loop {
            match self.byte().ok_or(NotSimple)? {
                b',' | b']' | b'}' => break,
                b'[' | b'{' | b'\n' => return Err(NotSimple),
                b'#' if self.bytes[self.at - 1] == b' ' => return Err(NotSimple),
                // `a:b` and `10:15` are scalars; `a: b`, `a:]` and `a:?` are not.
                b':' if self.byte_after(1).is_some_and(|next| b" \n,?[]{}".contains(&next)) => {
                    return Err(NotSimple);
                }
                _ => self.at += 1,
            }
        }
        Ok(Scalar::plain(self.text[start..self.at].trim_end_matches(' ')))
    }

    /// Reads a quoted scalar on one line.
    pub(super) fn quoted(&mut self) -> Result<Scalar<'t>, NotSimple> {
        let quote = self.byte().ok_or(NotSimple)?;
        self.at += 1;
        let start = self.at;
        let mut unescaped: Option<String> = None;
        let mut from = start;
        loop {
            let rest = &self.bytes[self.at..];
            let found = if quote == b'"' {
                memchr3(b'"', b'\\', b'\n', rest)
            } else {
                memchr2(b'\'', b'\n', rest)
            };
            self.at += found.ok_or(NotSimple)?;
            let next = self.byte_after(1).ok_or(NotSimple)?;
            let literal = match (self.bytes[self.at], next) {
                (b'\\', b'"') => '"',
                (b'\\', b'\\') => '\\',
                (b'\\', b'n') => '\n',
                (b'\'', b'\'') => '\'',
                (b'"' | b'\'', _) => break,
                _ => return Err(NotSimple),
            };
            let text = unescaped.get_or_insert_default();
            text.push_str(&self.text[from..self.at]);
            text.push(literal);
            self.at += 2;
            from = self.at;
        }
        let rest = &self.text[from..self.at];
        self.at += 1;
        Ok(match unescaped {
            None => Scalar::quoted(rest),
            Some(text) => Scalar::quoted(text + rest),
        })
    }

    /// Reads a block scalar after `|` or `>`, and moves to the line after it. `parent` is the
    /// column of the map or list that contains it.
    pub(super) fn block(&mut self, parent: usize) -> Result<Scalar<'t>, NotSimple> {
        let is_folded = self.byte() == Some(b'>');
        self.at += 1;
        let chomping = self.byte().filter(|byte| matches!(byte, b'-' | b'+'));
        self.at += usize::from(chomping.is_some());
        // A comment or an indentation indicator.
        if self.byte() != Some(b'\n') {
            return Err(NotSimple);
        }
        self.at += 1;
        let mut blank = 0;
        while self.byte() == Some(b'\n') {
            (self.at, blank) = (self.at + 1, blank + 1);
        }
        let start = self.at;
        self.skip_spaces();
        let indent = self.at - start;
        // An empty text, a first line with spaces only, or a list that is not indented.
        if indent <= parent || matches!(self.byte(), Some(b'\n') | None) {
            return Err(NotSimple);
        }
        self.at = start;
        self.block_lines(indent, blank, is_folded, chomping)
    }

    /// Reads the lines of a block from the first line that is not blank. `blank` is the number of
    /// blank lines before it.
    fn block_lines(
        &mut self,
        indent: usize,
        mut blank: usize,
        is_folded: bool,
        chomping: Option<u8>,
    ) -> Result<Scalar<'t>, NotSimple> {
        let mut text = String::new();
        let mut is_first = true;
        while let Some(line) = self.block_line(indent)? {
            if line.is_empty() {
                blank += 1;
                continue;
            }
            // YAML does not fold lines with deeper indentation.
            if is_folded && line.starts_with(' ') {
                return Err(NotSimple);
            }
            if is_folded && !is_first && blank == 0 {
                text.push(' ');
            }
            // A single line feed between folded lines becomes a space; further ones stay.
            let breaks = if is_folded || is_first { blank } else { blank + 1 };
            text.extend(std::iter::repeat_n('\n', breaks));
            text.push_str(line);
            (is_first, blank) = (false, 0);
        }
        match chomping {
            Some(b'-') => {}
            Some(_) => text.extend(std::iter::repeat_n('\n', blank + 1)),
            None => text.push('\n'),
        }
        self.begin_line();
        Ok(Scalar::quoted(text))
    }

    /// The next line of a block without its indentation; `None` after the block.
    fn block_line(&mut self, indent: usize) -> Result<Option<&'t str>, NotSimple> {
        let start = self.at;
        self.skip_spaces();
        let (spaces, end) = (self.at - start, self.line_end());
        match self.byte() {
            Some(b'\n') => {}
            // Only the full parser can decide whether a comment here ends the block.
            Some(b'#') if spaces > 0 && spaces < indent => return Err(NotSimple),
            Some(_) if spaces >= indent => {}
            _ => {
                self.at = start;
                return Ok(None);
            }
        }
        self.at = end + 1;
        Ok(Some(self.text.get(start + indent..end).unwrap_or_default()))
    }
}

/// Whether YAML allows every character unescaped, with the same meaning in all its versions: no
/// tabs, no carriage returns, no line breaks except line feeds, no byte order marks.
fn is_ordinary(text: &str) -> bool {
    let is_ordinary = |byte: u8| byte >= b' ' && byte != 0x7f || byte == b'\n';
    if !text.bytes().all(is_ordinary) {
        return false;
    }
    // The first UTF-8 bytes of control characters from U+0080 to U+009F (C2), of the line and
    // paragraph separators U+2028 and U+2029 (E2), and of the byte order mark and the noncharacters
    // U+FFFE and U+FFFF (EF).
    let mut rest = text.as_bytes();
    while let Some(found) = memchr3(0xc2, 0xe2, 0xef, rest) {
        let is_bad = match rest[found..] {
            [0xc2, next, ..] => next < 0xa0,
            [0xe2, 0x80, next, ..] => matches!(next, 0xa8 | 0xa9),
            [0xef, 0xbb, next, ..] => next == 0xbf,
            [0xef, 0xbf, next, ..] => next >= 0xbe,
            _ => false,
        };
        if is_bad {
            return false;
        }
        rest = &rest[found + 1..];
    }
    true
}
