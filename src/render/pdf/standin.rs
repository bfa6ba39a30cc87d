//! Plain shapes for signs that are common in status updates and that only colour fonts have. Each
//! shape has the colour of the sign. Copying gives the original sign.

use super::theme::Color;

const RED: Color = Color([0xc2, 0x2f, 0x2f]);
const ORANGE: Color = Color([0xd9, 0x74, 0x1a]);
const YELLOW: Color = Color([0xd9, 0xae, 0x2b]);
const GREEN: Color = Color([0x2b, 0x8a, 0x57]);
const BLUE: Color = Color([0x1f, 0x5f, 0xbf]);
const PURPLE: Color = Color([0x7a, 0x4f, 0xb5]);
const BROWN: Color = Color([0x7d, 0x52, 0x2f]);
const BLACK: Color = Color([0x1c, 0x22, 0x2b]);

/// The shape and the colour for a sign that no font has.
pub(super) fn stand_in(sign: char) -> Option<(char, Color)> {
    let shape = match sign {
        '\u{2705}' | '\u{2611}' => ('\u{2714}', GREEN),
        '\u{274c}' => ('\u{2718}', RED),
        '\u{274e}' => ('\u{2718}', GREEN),
        '\u{2757}' => ('!', RED),
        '\u{2753}' => ('?', RED),
        '\u{2b50}' => ('\u{2605}', YELLOW),
        '\u{27a1}' => ('\u{2192}', BLACK),
        '\u{2b05}' => ('\u{2190}', BLACK),
        '\u{2b06}' => ('\u{2191}', BLACK),
        '\u{2b07}' => ('\u{2193}', BLACK),
        '\u{1f53a}' => ('\u{25b2}', RED),
        '\u{1f53b}' => ('\u{25bc}', RED),
        '\u{26aa}' => ('\u{25cb}', BLACK),
        '\u{26ab}' => ('\u{25cf}', BLACK),
        '\u{1f534}' => ('\u{25cf}', RED),
        '\u{1f7e0}' => ('\u{25cf}', ORANGE),
        '\u{1f7e1}' => ('\u{25cf}', YELLOW),
        '\u{1f7e2}' => ('\u{25cf}', GREEN),
        '\u{1f535}' => ('\u{25cf}', BLUE),
        '\u{1f7e3}' => ('\u{25cf}', PURPLE),
        '\u{1f7e4}' => ('\u{25cf}', BROWN),
        '\u{1f7e5}' => ('\u{25a0}', RED),
        '\u{1f7e7}' => ('\u{25a0}', ORANGE),
        '\u{1f7e8}' => ('\u{25a0}', YELLOW),
        '\u{1f7e9}' => ('\u{25a0}', GREEN),
        '\u{1f7e6}' => ('\u{25a0}', BLUE),
        '\u{1f7ea}' => ('\u{25a0}', PURPLE),
        '\u{1f7eb}' => ('\u{25a0}', BROWN),
        _ => return None,
    };
    Some(shape)
}
