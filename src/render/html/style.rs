//! The style sheet, and the content security policy that allows only it.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::figure::svg;

/// The style sheet of every page.
pub(super) struct Sheet {
    /// The CSS rules.
    pub(super) css: String,
    /// The `Content-Security-Policy` of a page without a script.
    policy: String,
}

impl Sheet {
    /// The content security policy: only this style sheet, and only this script.
    pub(super) fn policy(&self, script: Option<&str>, may_connect: bool) -> String {
        let script = script.map_or_else(String::new, |script| {
            format!("; script-src 'sha256-{}'", base64(&Sha256::digest(script.as_bytes())))
        });
        let connect = if may_connect { "; connect-src 'self'" } else { "" };
        format!("{}{script}{connect}", self.policy)
    }
}

/// The style sheet, which is assembled once.
pub(super) fn sheet() -> &'static Sheet {
    static SHEET: LazyLock<Sheet> = LazyLock::new(|| {
        let (light, dark) = (svg::variables(false), svg::variables(true));
        let rules = include_str!("../../../templates/html/style.css");
        // The dark scheme is for screens only; printed pages are white.
        let css = format!(
            "\n:root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{}{rules}",
            svg::style()
        );
        let hash = base64(&Sha256::digest(css.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
        );
        Sheet { css, policy }
    });
    &SHEET
}

/// Base64 as in RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let number = group
            .iter()
            .enumerate()
            .fold(0u32, |sum, (index, byte)| sum | u32::from(*byte) << (16 - 8 * index));
        for digit in 0..4 {
            let value = number >> (18 - 6 * digit) & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_matches_the_rfc_vectors() {
        for (text, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn style_sheet_loads_nothing_external() {
        let css = &sheet().css;
        for word in ["url(", "@import", "http", "</"] {
            assert!(!css.contains(word), "{word}");
        }
    }
}
