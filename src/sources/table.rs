//! Comma-separated tables, row by row, with places.

use csv::{ReaderBuilder, StringRecord};

/// A row: its cells, and its text in the table.
#[derive(Debug, Clone)]
pub(in crate::sources) struct Row<'a> {
    /// The cells, without the quotes.
    pub cells: StringRecord,
    /// The text of the row, a slice of the table's.
    pub text: &'a str,
}

impl Row<'_> {
    /// The cell with that index, trimmed; empty if there is none.
    pub(in crate::sources) fn cell(&self, number: usize) -> &str {
        self.cells.get(number).unwrap_or_default().trim()
    }

    /// A slice of the row's text with the cell, for the place of a warning.
    pub(in crate::sources) fn place(&self, number: usize) -> &str {
        let cell = self.cell(number);
        match self.text.find(cell) {
            Some(at) if !cell.is_empty() => &self.text[at..at + cell.len()],
            _ => self.text.trim_end(),
        }
    }
}

/// A table as text.
#[derive(Debug, Clone, Copy)]
pub(in crate::sources) struct Table<'a> {
    text: &'a str,
    /// The delimiter.
    pub delimiter: u8,
}

impl<'a> Table<'a> {
    /// The table `text`. A first line `sep=;` names what separates its cells; else it is the one of
    /// `,`, `;`, tab and `|` that is commonest in the first line that is no comment.
    pub(in crate::sources) fn of(text: &'a str) -> Self {
        if let Some(rest) = text.strip_prefix("sep=")
            && let Some((named, rest)) = rest.split_once('\n')
            && let [delimiter] = *named.trim_end_matches('\r').as_bytes()
        {
            return Table { text: rest, delimiter };
        }
        let first = text
            .lines()
            .find(|line| !line.starts_with('#') && !line.trim().is_empty())
            .unwrap_or_default();
        let mut is_quoted = false;
        let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
        // A row of a table in Markdown begins with a bar.
        let most = if first.starts_with('|') { 3 } else { 4 };
        let counts = &mut counts[..most];
        for byte in first.bytes() {
            is_quoted ^= byte == b'"';
            if let Some((_, count)) =
                counts.iter_mut().find(|(delimiter, _)| *delimiter == byte && !is_quoted)
            {
                *count += 1;
            }
        }
        let delimiter = counts
            .iter()
            .rev()
            .max_by_key(|(_, count)| *count)
            .map_or(b',', |(delimiter, _)| *delimiter);
        Table { text, delimiter }
    }

    /// Whether a comma is a decimal comma, because it is not the delimiter.
    pub(in crate::sources) fn has_decimal_comma(self) -> bool {
        self.delimiter == b';'
    }

    /// The rows, without comments (`#`) and empty lines. With `with_comments`, lines that start
    /// with `#` are rows too.
    pub(in crate::sources) fn rows(self, with_comments: bool) -> impl Iterator<Item = Row<'a>> {
        let comment = (!with_comments).then_some(b'#');
        let reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .comment(comment)
            .from_reader(self.text.as_bytes());
        let text = self.text;
        let mut records = reader.into_records();
        std::iter::from_fn(move || {
            // The text is UTF-8 and rows may differ in length, so nothing can fail.
            let cells = records.next()?.ok()?;
            let end = usize::try_from(records.reader().position().byte())
                .unwrap_or(text.len())
                .min(text.len());
            let start = cells
                .position()
                .map_or(0, |at| usize::try_from(at.byte()).unwrap_or_default())
                .min(end);
            let start = start + skipped(&text[start..end], comment.is_some());
            Some(Row { cells, text: text[start..end].trim_end_matches(['\r', '\n']) })
        })
    }
}

/// The bytes of comments and empty lines before a row.
fn skipped(text: &str, without_comments: bool) -> usize {
    let is_none = |line: &&str| line.trim().is_empty() || without_comments && line.starts_with('#');
    text.split_inclusive('\n').take_while(is_none).map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiter_is_the_commonest_or_the_declared_one() {
        for (text, delimiter) in [
            ("a,b\n1;2,3", b','),
            ("# x;y;z\na;b\n", b';'),
            ("a\tb\n", b'\t'),
            ("\"a;b;c\",d\n", b','),
            ("sep=;\r\na,b,c;d\n", b';'),
            ("a (b,c)|d|e\n", b'|'),
            ("alone\n", b','),
        ] {
            assert_eq!(Table::of(text).delimiter, delimiter, "{text:?}");
        }
    }

    #[test]
    fn row_gives_its_source_text() {
        let text = "# comment\na,b\n\n1,\"x\ny\"\r\n# more\n2,z";
        let rows: Vec<Row<'_>> = Table::of(text).rows(false).collect();
        let texts: Vec<&str> = rows.iter().map(|row| row.text).collect();
        assert_eq!(texts, ["a,b", "1,\"x\ny\"", "2,z"]);
        assert_eq!((rows[1].cell(1), rows[2].place(1), rows[2].cell(7)), ("x\ny", "z", ""));
    }
}
