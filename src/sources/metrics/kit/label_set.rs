//! Label sets as Prometheus writes them: `{job="api", code="500"}`.

/// The labels after `{`, and the rest of the text.
pub(in crate::sources::metrics) fn labels(mut rest: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut labels = Vec::new();
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if let Some(after) = rest.strip_prefix('}') {
            return Some((labels, after));
        }
        let (name, after) = rest.split_once('=')?;
        let (value, after) = quoted(after.trim_start().strip_prefix('"')?)?;
        labels.push((name.trim().trim_matches('"').to_owned(), value));
        rest = after;
    }
}

/// The text before the closing quote, unescaped, and the rest.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

/// A column name that is a metric with its labels: `up{job="api"}`, or only the labels.
pub(in crate::sources::metrics) fn named(text: &str) -> Option<(&str, Vec<(String, String)>)> {
    let (name, rest) = text.trim().split_once('{')?;
    let (labels, rest) = labels(rest)?;
    (rest.trim().is_empty() && !labels.is_empty()).then_some((name.trim(), labels))
}
