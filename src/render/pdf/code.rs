//! Code: every line as written, in a tinted box. A line that is too long continues below a hook,
//! which is drawn rather than typed, so that it is not copied.

use super::layout::{Composer, Room, text_strip};
use super::rich::Rich;
use super::strip::{FrameKind, Mark, Strip};
use super::tags::Role;
use super::text::Align;
use super::theme::{self, MUTED};

/// Columns between tab stops.
const TAB: usize = 4;
/// The indentation of the rest of a long line, in points.
const HOOK: f32 = 13.0;

impl Composer<'_> {
    pub(super) fn code(&mut self, text: &str, room: Room) {
        self.leave(theme::BLOCK_GAP);
        let paragraph = self.tree.add(room.node, Role::Paragraph);
        let node = self.tree.add(paragraph, Role::Code);
        let outer = self.open(FrameKind::Code, room.x, room.width, 7.0);
        let width = (room.width - 2.0 * theme::CODE_SIDE).max(4.0 * HOOK);
        let x = room.x + theme::CODE_SIDE;
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
        let count = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            let rich = Rich::plain(&untabbed(line.strip_suffix('\r').unwrap_or(line)), self.fonts);
            let mut pieces = self.fonts.lines(&rich, theme::CODE, width, Align::Start);
            if pieces.len() > 1 {
                pieces = self.fonts.lines(&rich, theme::CODE, width - HOOK, Align::Start);
            }
            for (piece_at, piece) in pieces.into_iter().enumerate() {
                let inset = if piece_at == 0 { 0.0 } else { HOOK };
                let mut strip = text_strip(node, x + inset, piece);
                if piece_at > 0 {
                    hook(&mut strip, x + 2.5);
                }
                // At least two lines remain together at either end of the box.
                strip.keep_next = count > 1 && piece_at == 0 && (at == 0 || at + 2 == count);
                self.push(strip);
            }
        }
        self.close(outer);
        self.leave(theme::BLOCK_GAP);
    }
}

fn untabbed(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        let spaces = if c == '\t' { TAB - column % TAB } else { 0 };
        out.extend(std::iter::repeat_n(' ', spaces));
        if c != '\t' {
            out.push(c);
        }
        column += spaces.max(1);
    }
    out
}

/// An arrow down and to the right.
fn hook(strip: &mut Strip, x: f32) {
    let y = strip.baseline.unwrap_or(strip.height) - 2.4;
    let stroke = |points| Mark::Stroke { points, width: 0.7, dashed: false, color: MUTED };
    let stem = stroke(vec![(x, y - 4.0), (x, y), (x + 5.6, y)]);
    let head = stroke(vec![(x + 3.8, y - 1.7), (x + 5.6, y), (x + 3.8, y + 1.7)]);
    strip.draw(None, vec![stem, head]);
}
