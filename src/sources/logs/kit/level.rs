//! The level of a log line.

use std::sync::LazyLock;

use regex::Regex;

/// A level; the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sources::logs) enum Level {
    /// Debugging detail.
    Information,
    /// Something may go wrong.
    Warning,
    /// Something went wrong.
    Error,
}

/// A level in a line of text: in capitals, or in brackets.
static IN_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|CRIT(?:ICAL)?|FATAL|ALERT|EMERG(?:ENCY)?|PANIC|FAILURE)\b|\[(?:\w+:)?(trace\d?|debug|info|notice|warn(?:ing)?|error|crit|fatal|alert|emerg)\]|\b(?:level|lvl|severity)[=:] ?\x22?(\w+)",
    )
    .expect("valid built-in regex")
});

impl Level {
    /// The level of that name, or of that syslog number.
    pub(in crate::sources::logs) fn named(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        Some(match word.as_str() {
            "0" | "1" | "2" | "3" => Level::Error,
            "4" => Level::Warning,
            "5" | "6" | "7" | "p4" | "p5" | "sev4" | "sev5" | "sev-4" | "sev-5" => {
                Level::Information
            }
            // The numbers of bunyan and pino.
            "10" | "20" | "30" => Level::Information,
            "40" | "p3" | "sev3" | "sev-3" => Level::Warning,
            "50" | "60" | "p0" | "p1" | "p2" => Level::Error,
            _ => match word.get(..3)? {
                "tra" | "deb" | "dbg" | "inf" | "not" | "ver" | "suc" | "fin" | "low" | "min" => {
                    Level::Information
                }
                "war" | "med" | "mod" | "ave" => Level::Warning,
                "err" | "sev" | "cri" | "fat" | "ale" | "eme" | "pan" | "fai" | "hig" | "maj"
                | "dis" | "feh" => Level::Error,
                _ => return None,
            },
        })
    }

    /// The level at the beginning of a line.
    pub(in crate::sources::logs) fn in_text(text: &str) -> Option<Self> {
        let end = text.char_indices().nth(160).map_or(text.len(), |(end, _)| end);
        let found = IN_TEXT.captures(&text[..end])?;
        Level::named(found.iter().skip(1).flatten().next()?.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_words_or_numbers() {
        for (text, level) in [
            ("INFO dfs.DataNode: received", Some(Level::Information)),
            ("[error] client denied", Some(Level::Error)),
            ("[core:notice] resuming", Some(Level::Information)),
            ("level=warn msg=x", Some(Level::Warning)),
            ("no error is named here", None),
        ] {
            assert_eq!(Level::in_text(text), level, "{text}");
        }
        assert_eq!(
            (Level::named("3"), Level::named("6"), Level::named("CRITICAL")),
            (Some(Level::Error), Some(Level::Information), Some(Level::Error))
        );
    }
}
