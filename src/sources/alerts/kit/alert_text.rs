//! The wording of an alert in a timeline, the same for every system.

use sha2::{Digest as _, Sha256};

use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The most important labels, the broadest first; the others follow by name.
const DISTINCTIVE_LABELS: &[&str] = &[
    "cluster",
    "region",
    "environment",
    "env",
    "namespace",
    "service",
    "job",
    "instance",
    "host",
    "node",
    "pod",
    "container",
];

/// The number of labels to show; the stored evidence has all of them.
const LABELS_SHOWN: usize = 5;

/// `**NAME** VERB (SEVERITY): SUMMARY`, then a paragraph for each further text, then the labels.
/// Repeated texts are omitted.
pub(in crate::sources::alerts) fn sentence(
    name: &str,
    verb: &str,
    severity: Option<&str>,
    texts: &[&str],
    labels: &[(&str, &str)],
) -> String {
    let plain = |text: &str| clean_markdown(text, TextKind::Plain);
    let mut sentence = format!("**{}** {verb}", plain(&clean_line(name)));
    if let Some(severity) = severity.map(clean_line).filter(|severity| !severity.is_empty()) {
        sentence.push_str(&format!(" ({})", plain(&severity)));
    }
    let mut parts = vec![plain(name)];
    let mut separator = ": ";
    for text in texts.iter().map(|text| plain(text)).filter(|text| !text.is_empty()) {
        if !parts.contains(&text) {
            sentence.push_str(separator);
            sentence.push_str(&text);
            separator = "\n\n";
            parts.push(text);
        }
    }
    let labels = shown(labels);
    if !labels.is_empty() {
        sentence.push_str(&format!("\n\n{}", labels.join(", ")));
    }
    sentence
}

fn shown(labels: &[(&str, &str)]) -> Vec<String> {
    let rank = |name: &str| {
        DISTINCTIVE_LABELS
            .iter()
            .position(|telling| *telling == name)
            .unwrap_or(DISTINCTIVE_LABELS.len())
    };
    let filled = labels.iter().filter(|(_, value)| !value.trim().is_empty());
    let mut labels: Vec<(usize, String)> =
        filled.map(|(name, value)| (rank(name), code(&format!("{name}={value}")))).collect();
    labels.sort();
    labels.into_iter().take(LABELS_SHOWN).map(|(_, label)| label).collect()
}

/// `text` as inline code.
pub(in crate::sources::alerts) fn code(text: &str) -> String {
    let text = clean_line(text).replace('`', "'");
    format!("`{text}`")
}

/// Twelve hexadecimal digits of the SHA-256: an id for content without one.
pub(in crate::sources::alerts) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
