//! The style of a page: one type scale, one accent colour, and the spacing. Lengths are in points,
//! 72 to the inch; `y` runs down the page until `paint` inverts it.

/// A colour as red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Color(pub(super) [u8; 3]);

/// Running text.
pub(super) const INK: Color = Color([0x1c, 0x22, 0x2b]);
/// Secondary text: footers, markers, quotations.
pub(super) const MUTED: Color = Color([0x5a, 0x65, 0x73]);
/// The accent colour: links, and the line below the title.
pub(super) const ACCENT: Color = Color([0x1f, 0x5f, 0xbf]);
/// The line below a link, lighter than its text.
pub(super) const ACCENT_SOFT: Color = Color([0xb4, 0xca, 0xea]);
/// Hairlines.
pub(super) const RULE: Color = Color([0xdd, 0xe2, 0xe9]);
/// The line below the header of a table.
pub(super) const RULE_STRONG: Color = Color([0xb3, 0xbd, 0xca]);
/// The background of code and of table headers.
pub(super) const TINT: Color = Color([0xf3, 0xf5, 0xf8]);
/// Size and line height of one kind of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Face {
    /// Type size.
    pub(super) size: f32,
    /// From one baseline to the next.
    pub(super) leading: f32,
    /// Whether it is bold.
    pub(super) bold: bool,
    /// Whether it is set in the monospaced face.
    pub(super) mono: bool,
    pub(super) color: Color,
}

const fn face(size: f32, leading: f32, bold: bool, color: Color) -> Face {
    Face { size, leading, bold, mono: false, color }
}

/// Running text.
pub(super) const BODY: Face = face(9.8, 15.0, false, INK);
/// The summary on the first page.
pub(super) const LEAD: Face = face(11.0, 16.0, false, INK);
/// The lines of facts on the first page.
pub(super) const SMALL: Face = face(8.0, 11.6, false, MUTED);
/// Severity, status and the like.
pub(super) const CHIP: Face = face(8.0, 11.0, true, INK);
/// The label and the detail of a key figure.
pub(super) const BAND_LABEL: Face = face(7.7, 10.6, false, MUTED);
/// A key figure.
pub(super) const BAND_FIGURE: Face = face(15.0, 19.0, true, INK);
/// The heading of a column of text.
pub(super) const COLUMN_TITLE: Face = face(9.0, 13.0, true, INK);
/// A column of text.
pub(super) const COLUMN_TEXT: Face = face(9.0, 13.0, false, INK);
/// Text in quotations.
pub(super) const QUOTED: Face = face(9.8, 15.0, false, MUTED);
/// Cells of a table.
pub(super) const CELL: Face = face(8.8, 12.8, false, INK);
/// Cells of a table whose words would be broken at the usual size.
pub(super) const CELL_SMALL: Face = face(7.2, 10.4, false, INK);
/// Lines of code.
pub(super) const CODE: Face =
    Face { size: 7.9, leading: 11.8, bold: false, mono: true, color: INK };
/// The audience, in the header of a page.
pub(super) const CLASS: Face = face(7.8, 10.0, true, Color([0x8a, 0x1c, 0x1c]));
/// The footer of a page.
pub(super) const FOOTER: Face = face(7.8, 10.0, false, MUTED);

/// The size of code within a line, relative to the text around it, since the monospaced face looks
/// larger at the same size.
pub(super) const INLINE_CODE: f32 = 0.9;

/// The face of a heading.
pub(super) fn heading(level: u8) -> Face {
    match level {
        0 | 1 => face(21.0, 27.0, true, INK),
        2 => face(14.2, 19.0, true, INK),
        3 => face(11.4, 16.0, true, INK),
        4 => face(9.8, 15.0, true, INK),
        _ => face(9.2, 14.0, true, MUTED),
    }
}

/// The space above a heading.
pub(super) fn above_heading(level: u8) -> f32 {
    match level {
        0 | 1 => 26.0,
        2 => 23.0,
        3 => 16.0,
        _ => 12.0,
    }
}

/// The space below a heading, including its line.
pub(super) fn below_heading(level: u8) -> f32 {
    match level {
        0 | 1 => 14.0,
        2 => 9.0,
        3 => 4.5,
        _ => 3.0,
    }
}

/// Between paragraphs.
pub(super) const PARAGRAPH_GAP: f32 = 7.5;
/// Between the items of a list.
pub(super) const ITEM_GAP: f32 = 3.0;
/// Around tables, code, figures and quotations.
pub(super) const BLOCK_GAP: f32 = 11.0;
/// The indentation of the text of a list.
pub(super) const LIST_INDENT: f32 = 17.0;
/// To the left and right of the text in a table cell.
pub(super) const CELL_SIDE: f32 = 6.5;
/// The same in a small table.
pub(super) const CELL_SIDE_SMALL: f32 = 3.2;
/// Above and below the text in a table cell.
pub(super) const CELL_ABOVE: f32 = 4.2;
/// To the left and right of code.
pub(super) const CODE_SIDE: f32 = 9.0;

/// The left and right margin: 21 mm.
pub(super) const SIDE_MARGIN: f32 = 59.5;
/// The top margin, which contains the header: 22 mm.
pub(super) const TOP_MARGIN: f32 = 62.4;
/// The distance from the upper edge of the page to the baseline of the header.
pub(super) const HEAD_BASELINE: f32 = 36.0;
/// The bottom margin, which contains the footer.
pub(super) const BOTTOM_MARGIN: f32 = 66.0;
/// The distance from the lower edge of the page to the baseline of the footer.
pub(super) const FOOTER_BASELINE: f32 = 36.0;

/// CSS pixels to points.
pub(super) const PX: f32 = 0.75;
