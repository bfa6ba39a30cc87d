//! Estimates the width of text without a font, on the safe side.
//!
//! A figure is laid out once for all renderers, without knowing their fonts. The widths are those
//! of common sans-serif faces, rounded up, so that text does not leave the drawing.

/// The width of `text` at `size`, in the unit of `size`.
pub(crate) fn width(text: &str, size: f32) -> f32 {
    text.chars().map(advance).sum::<f32>() * size
}

/// The width of a character as a fraction of the font size.
fn advance(c: char) -> f32 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' => 0.32,
        ' ' | 'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '/' | '-' => 0.40,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.98,
        'A'..='Z' | '~' | '<' | '>' | '=' | '+' | '&' | '#' => 0.76,
        ' '..='~' => 0.62,
        '\u{a0}'..='\u{58f}' | '\u{2010}'..='\u{203a}' => 0.80,
        // Other scripts, including wide ones.
        _ => 1.20,
    }
}

/// `text`, truncated with "…" to a width of at most `room`; empty if not even that fits.
pub(crate) fn fit(text: &str, size: f32, room: f32) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size);
    if left < 0.0 {
        return String::new();
    }
    let kept: String = text
        .chars()
        .take_while(|&c| {
            left -= advance(c) * size;
            left >= 0.0
        })
        .collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_text_fits_its_room() {
        for text in ["plain words", "WWWWWW", "日本語のテキスト", "", "i"] {
            for room in [0.0, 5.0, 20.0, 60.0, 500.0] {
                assert!(width(&fit(text, 12.0, room), 12.0) <= room, "{text} in {room}");
            }
        }
        assert_eq!(fit("short", 12.0, 100.0), "short");
    }
}
