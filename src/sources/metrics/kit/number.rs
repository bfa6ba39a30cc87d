//! Numbers as people and dashboards write them: `NaN`, `95%`, `1.2 GiB`, `3,5`.

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sources::metrics) enum Cell<'a> {
    /// A number and its unit, which may be empty.
    Number(f64, &'a str),
    /// A sample without a value: `NaN`, `null`, `-`.
    NoNumber,
    /// An empty cell: the series has no sample here.
    Empty,
    /// Something else.
    Text,
}

/// Units of one kind, with the factor to the displayed one.
const SCALES: [(&str, &[(&str, f64)]); 2] = [
    (
        "B",
        &[
            ("B", 1.0),
            ("bytes", 1.0),
            ("kB", 1e3),
            ("KB", 1e3),
            ("MB", 1e6),
            ("GB", 1e9),
            ("TB", 1e12),
            ("KiB", 1024.0),
            ("MiB", 1_048_576.0),
            ("GiB", 1_073_741_824.0),
            ("TiB", 1_099_511_627_776.0),
        ],
    ),
    (
        "s",
        &[
            ("ns", 1e-9),
            ("us", 1e-6),
            ("µs", 1e-6),
            ("μs", 1e-6),
            ("ms", 1e-3),
            ("s", 1.0),
            ("sec", 1.0),
            ("min", 60.0),
            ("mins", 60.0),
            ("h", 3600.0),
            ("hour", 3600.0),
            ("hours", 3600.0),
            ("day", 86400.0),
            ("days", 86400.0),
        ],
    ),
];

/// Reads a cell. A comma in a number is a decimal comma if `has_comma` is set, and a thousands
/// separator otherwise: `1,234`.
pub(in crate::sources::metrics) fn cell(text: &str, has_comma: bool) -> Cell<'_> {
    let text = text.trim();
    if text.is_empty() {
        return Cell::Empty;
    }
    if ["null", "nil", "none", "nan", "-nan", "n/a", "na", "-", "undefined"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
    {
        return Cell::NoNumber;
    }
    if let Ok(number) = text.parse::<f64>() {
        return Cell::Number(number, "");
    }
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-');
    let mut end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    // An exponent.
    if let Some(rest) = text[end..].strip_prefix(['e', 'E']) {
        let digits =
            rest.find(|c: char| !c.is_ascii_digit() && c != '-' && c != '+').unwrap_or(rest.len());
        if rest[..digits].ends_with(|c: char| c.is_ascii_digit()) {
            end += 1 + digits;
        }
    }
    let (digits, unit) = (&text[..end], text[end..].trim());
    let number = match (digits.contains(','), has_comma) {
        (false, _) => digits.parse().ok(),
        (true, true) => digits.replace('.', "").replace(',', ".").parse().ok(),
        (true, false) => without_thousands(digits),
    };
    // A unit is a word or a sign: `2/2` and `3 of 5 pods` are texts.
    let is_unit = unit.chars().count() <= 12
        && !unit.starts_with(|c: char| c.is_ascii_digit() || c == ':')
        && !unit.contains(|c: char| c.is_ascii_digit())
        && unit.split_whitespace().count() <= 1
        && !unit.starts_with('/');
    match number {
        Some(number) if is_unit => Cell::Number(number, unit),
        _ => Cell::Text,
    }
}

/// `1,234,567.5`: groups of three.
fn without_thousands(digits: &str) -> Option<f64> {
    let whole = digits.split('.').next()?.trim_start_matches(['+', '-']);
    let mut groups = whole.split(',');
    let is_first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    (is_first && groups.all(|group| group.len() == 3))
        .then(|| digits.replace(',', "").parse().ok())?
}

/// The common unit of `units`, and the factor of each to it. `None` if they measure different
/// things.
pub(in crate::sources::metrics) fn common_unit<'u>(
    units: &[&'u str],
) -> Option<(Option<&'u str>, Vec<f64>)> {
    let first = units.first().copied().unwrap_or_default();
    if units.iter().all(|unit| *unit == first) {
        return Some(((!first.is_empty()).then_some(first), vec![1.0; units.len()]));
    }
    let factors_in = |table: &[(&str, f64)]| {
        let factor =
            |unit: &&str| table.iter().find(|(name, _)| name == unit).map(|(_, factor)| *factor);
        units.iter().map(factor).collect::<Option<Vec<f64>>>()
    };
    SCALES.iter().find_map(|(base, table)| Some((Some(*base), factors_in(table)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_signs_and_commas() {
        for (text, number, unit) in [
            ("12.5", 12.5, ""),
            ("-3", -3.0, ""),
            ("1e3", 1000.0, ""),
            ("+Inf", f64::INFINITY, ""),
            ("95%", 95.0, "%"),
            ("1.2 GiB", 1.2, "GiB"),
            ("47.5ms", 47.5, "ms"),
            ("1e3 req/s", 1000.0, "req/s"),
            ("1,234", 1234.0, ""),
            ("1,234,567.5 B", 1_234_567.5, "B"),
            ("$ 5", f64::NAN, ""),
        ] {
            let expected = if number.is_nan() { Cell::Text } else { Cell::Number(number, unit) };
            assert_eq!(cell(text, false), expected, "{text}");
        }
        assert_eq!(cell("3,5", true), Cell::Number(3.5, ""));
        assert_eq!(cell("1.234,5", true), Cell::Number(1234.5, ""));
        for text in ["NaN", "null", "-", "n/a"] {
            assert_eq!(cell(text, false), Cell::NoNumber, "{text}");
        }
        for text in ["2/2", "2 → 3 (auto-restart)", "up", "3,5", "1,23,456", "2026-03-01", "10:05"]
        {
            assert_eq!(cell(text, false), Cell::Text, "{text}");
        }
        assert_eq!(cell("  ", false), Cell::Empty);
    }

    #[test]
    fn units_of_one_kind_share_a_scale() {
        assert_eq!(common_unit(&["%", "%"]), Some((Some("%"), vec![1.0, 1.0])));
        assert_eq!(common_unit(&["", ""]), Some((None, vec![1.0, 1.0])));
        assert_eq!(
            common_unit(&["MiB", "GiB"]),
            Some((Some("B"), vec![1_048_576.0, 1_073_741_824.0]))
        );
        assert_eq!(common_unit(&["ms", "s"]), Some((Some("s"), vec![0.001, 1.0])));
        assert_eq!(common_unit(&["ms", "B"]), None);
    }
}
