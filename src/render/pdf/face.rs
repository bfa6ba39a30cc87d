//! Faces and text styles, which shaping and writing share.

use parley::fontique::Blob;

use super::theme::Color;

/// A face that text was shaped with.
pub(super) struct Face {
    pub(super) data: Blob<u8>,
    pub(super) index: u32,
}

/// The style of a text, which Parley passes from the text to its glyphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub(super) color: Color,
    pub(super) code: bool,
    pub(super) strike: bool,
    pub(super) keycap: bool,
    /// The number of its link in [`super::rich::Links`].
    pub(super) link: Option<u32>,
}
