//! How figures stand in the columns of a terminal: whole, whatever its width.

use crate::cli::table::{Align, table};
use crate::cli::terminal::clean_line;

/// The figures of one duration of one group, each ready to be read; empty where there is none.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    /// The group, where there are several; the same in all lines of a group.
    pub(super) group: Option<String>,
    pub(super) metric: String,
    pub(super) known: String,
    /// The median, or the values that are too few for one.
    pub(super) median: String,
    /// Whether there is a median, and not a list of values.
    pub(super) is_median: bool,
    pub(super) interval: String,
    pub(super) p90: String,
    pub(super) mean: String,
    pub(super) largest: String,
}

/// The figures as a table, or one below the other where a table would break them.
pub(super) fn laid_out(figures: &[Figures], width: usize) -> String {
    let mut columns = vec![
        ("metric", Align::Left),
        ("known", Align::Right),
        ("median", Align::Right),
        ("95 %", Align::Left),
        ("p90", Align::Right),
        ("mean", Align::Right),
        ("largest", Align::Right),
    ];
    let grouped = figures.iter().any(|figures| figures.group.is_some());
    if grouped {
        columns.insert(0, ("group", Align::Left));
    }
    let rows: Vec<Vec<String>> = figures
        .iter()
        .enumerate()
        .map(|(index, one)| {
            let is_first = index == 0 || figures[index - 1].group != one.group;
            let group = grouped.then(|| one.group.clone().filter(|_| is_first).unwrap_or_default());
            let cells = [&one.metric, &one.known, &one.median, &one.interval, &one.p90, &one.mean, &one.largest];
            group.into_iter().chain(cells.into_iter().cloned()).collect()
        })
        .collect();
    let widest = |index: usize, name: &str| {
        rows.iter().filter_map(|row| row.get(index)).map(|cell| length(cell)).chain([length(name)]).max().unwrap_or(0)
    };
    let whole: usize = columns.iter().enumerate().map(|(index, (name, _))| widest(index, name) + 2).sum();
    if whole <= width { table(&columns, rows) } else { stacked(figures, width) }
}

fn stacked(figures: &[Figures], width: usize) -> String {
    let widest = |of: fn(&Figures) -> &String| figures.iter().map(|one| length(of(one))).max().unwrap_or(0);
    let (metric, known) = (widest(|one| &one.metric), widest(|one| &one.known));
    let mut text = String::new();
    for (index, one) in figures.iter().enumerate() {
        let mut indent = 0;
        if let Some(group) = &one.group {
            if index == 0 || figures[index - 1].group != one.group {
                text += &filled(group, 0, width);
            }
            indent = 2;
        }
        let head = format!("{:indent$}{:metric$}  {:>known$}  ", "", one.metric, one.known);
        text += &filled(&(head + &sentence(one)), indent + metric + known + 4, width);
    }
    text
}

fn sentence(figures: &Figures) -> String {
    if !figures.is_median {
        return figures.median.clone();
    }
    let mut parts = vec![format!("median {}", figures.median)];
    if !figures.interval.is_empty() {
        parts.push(format!("95 % {}", figures.interval));
    }
    if !figures.p90.is_empty() {
        parts.push(format!("p90 {}", figures.p90));
    }
    if !figures.mean.is_empty() {
        parts.push(format!("mean {}", figures.mean));
    }
    if !figures.largest.is_empty() {
        parts.push(format!("largest {}", figures.largest));
    }
    parts.join(", ")
}

/// `text`, cleaned, with its lines broken between words and never within a figure; what follows
/// the first line stands `indent` columns in.
pub(super) fn filled(text: &str, indent: usize, width: usize) -> String {
    let text = clean_line(text);
    let pieces = pieces(&text);
    // Where there is no room beside the head, what follows goes below it.
    let longest = pieces.iter().map(|piece| length(piece.trim_end())).max().unwrap_or(0);
    let indent = if indent + longest > width { indent.min(4) } else { indent };
    let mut lines = vec![String::new()];
    for piece in pieces {
        let Some(line) = lines.last_mut() else { break };
        if line.trim().is_empty() || length(line) + length(piece.trim_end()) <= width {
            line.push_str(piece);
        } else {
            lines.push(format!("{:indent$}{piece}", ""));
        }
    }
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The parts of a text between which a line may break, each with the spaces behind it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let words: Vec<(usize, &str)> = text
        .split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .filter(|(_, word)| !word.is_empty())
        .collect();
    for pair in words.windows(2) {
        if !is_one_figure(pair[0].1, pair[1].1) {
            pieces.push(&text[start..pair[1].0]);
            start = pair[1].0;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Whether two words that follow each other belong to one figure: `3 h`, `h 27`, `< 1`, `– 5`, or
/// to it and its name: `p90 21`.
fn is_one_figure(left: &str, right: &str) -> bool {
    let is_unit = |word: &str| matches!(word, "d" | "h" | "min" | "s" | "%");
    let starts_with_digit = right.starts_with(|c: char| c.is_ascii_digit());
    let ends_with_digit = left.ends_with(|c: char| c.is_ascii_digit());
    let bare = right.trim_end_matches([',', ';', '.', ')', ':']);
    let is_name = matches!(left, "median" | "p90" | "mean" | "largest");
    (ends_with_digit && is_unit(bare))
        || (is_unit(left) && starts_with_digit)
        || (is_name && (starts_with_digit || right.starts_with(['~', '<', '—'])))
        || matches!(left, "–" | "<" | "≥" | "=" | "−")
        || right == "–"
}

/// How many columns it takes.
fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(group: &str, metric: &str) -> Figures {
        Figures {
            group: Some(group.to_owned()),
            metric: metric.to_owned(),
            known: "12 of 14".to_owned(),
            median: "3 h 27 min".to_owned(),
            is_median: true,
            interval: "1 h 2 min – 14 h 31 min".to_owned(),
            p90: "21 h 44 min".to_owned(),
            mean: "7 h 5 min".to_owned(),
            largest: "31 %".to_owned(),
        }
    }

    #[test]
    fn a_table_where_it_fits_and_one_below_the_other_where_not() {
        let few = Figures { median: "~40 min, 2 h 14 min so far".into(), is_median: false, ..Figures::default() };
        let few = Figures { group: Some("minor".into()), metric: "IMPACT".into(), known: "2 of 2".into(), ..few };
        let all = [figures("major", "TTR"), figures("major", "TTD"), few];
        assert!(laid_out(&all, 120).starts_with("GROUP  METRIC"));
        insta::assert_snapshot!(laid_out(&all, 80), @r"
        major
          TTR     12 of 14  median 3 h 27 min, 95 % 1 h 2 min – 14 h 31 min,
                            p90 21 h 44 min, mean 7 h 5 min, largest 31 %
          TTD     12 of 14  median 3 h 27 min, 95 % 1 h 2 min – 14 h 31 min,
                            p90 21 h 44 min, mean 7 h 5 min, largest 31 %
        minor
          IMPACT    2 of 2  ~40 min, 2 h 14 min so far
        ");
        for line in laid_out(&all, 40).lines() {
            assert!(length(line) <= 40, "{line}");
            assert!(!line.ends_with(|c: char| c.is_ascii_digit()), "a figure without its unit: {line}");
        }
    }

    #[test]
    fn a_line_never_breaks_within_a_figure() {
        let text = "a: 3 h 27 min – 4 h of harm, < 1 min, 31 % of it";
        insta::assert_snapshot!(filled(text, 2, 20), @r"
        a: 3 h 27 min – 4 h
          of harm, < 1 min,
          31 % of it
        ");
        assert_eq!(pieces("a  b 5 s"), ["a  ", "b ", "5 s"]);
    }
}
