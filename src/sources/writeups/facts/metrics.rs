//! Extracts metrics from tables with values before, during and after the incident.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::MetricSnapshot;
use crate::model::word_enums::Figure;
use crate::sources::writeups::shape::blocks::{Block, Table, blocks, plain};

/// Returns the metrics in the tables of `text`, and the text without these tables.
pub(crate) fn metrics(text: &str) -> (Vec<MetricSnapshot>, String) {
    let (mut found, mut rest) = (Vec::new(), text.to_owned());
    if !text.contains('|') {
        return (found, rest);
    }
    for block in blocks(text) {
        let Block::Table(table) = block else { continue };
        let Some(columns) = Columns::of(&table) else { continue };
        found.extend(table.rows.iter().filter_map(|cells| columns.metric(cells)));
        rest = rest.replacen(table.whole, "", 1);
    }
    (found, rest)
}

struct Columns {
    before: Option<usize>,
    during: Option<usize>,
    after: Option<usize>,
}

impl Columns {
    fn of(table: &Table<'_>) -> Option<Self> {
        let heads: Vec<String> = table.head.iter().map(|head| plain(head).to_lowercase()).collect();
        let column = |words: &[&str]| {
            heads.iter().skip(1).position(|head| words.iter().any(|word| head.starts_with(word)))
        };
        let columns = Columns {
            before: column(&["before", "normal", "baseline", "usual"]).map(|at| at + 1),
            during: column(&["during", "incident", "outage", "peak", "at peak"]).map(|at| at + 1),
            after: column(&["after", "now", "post"]).map(|at| at + 1),
        };
        let known = [columns.before, columns.during, columns.after].into_iter().flatten().count();
        // Any other column would be lost.
        (known >= 2 && heads.len() == known + 1).then_some(columns)
    }

    fn metric(&self, cells: &[&str]) -> Option<MetricSnapshot> {
        let name = plain(cells.first()?);
        let cell = |at: Option<usize>| {
            let words = at.and_then(|at| cells.get(at)).map(|cell| plain(cell))?;
            (!words.is_empty()).then(|| Measured::of(&words))
        };
        let figures = [cell(self.before), cell(self.during), cell(self.after)];
        let units: Vec<&str> = figures
            .iter()
            .flatten()
            .filter(|one| one.is_number)
            .map(|one| one.unit.as_str())
            .collect();
        // A common unit is stored once, for all values.
        let unit = units
            .first()
            .filter(|unit| !unit.is_empty() && units.iter().all(|other| other == *unit))
            .copied();
        let unit = unit.map(str::to_owned);
        let shown = |one: Option<Measured>| one.map(|one| Figure(one.shown(unit.is_some())));
        let [before, during, after] = figures.map(shown);
        (!name.is_empty()).then_some(MetricSnapshot { name, unit, before, during, after })
    }
}

/// A value: a bound, a number and a unit (`480+ ms`), or a word.
struct Measured {
    number: String,
    unit: String,
    is_number: bool,
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<sign>[~≈<>≤≥=]{0,2})\s*(?P<number>-?\d[\d.,]*)\s*(?P<more>\+?)\s*(?P<unit>%|[^\d\s]\S*)?$")
        .expect("valid built-in regex")
});

impl Measured {
    fn of(words: &str) -> Self {
        let Some(found) = NUMBER.captures(words) else {
            return Measured { number: words.to_owned(), unit: String::new(), is_number: false };
        };
        // "420+" means at least 420.
        let sign = if found["more"].is_empty() { &found["sign"] } else { ">=" };
        let unit = found.name("unit").map_or("", |unit| unit.as_str()).to_owned();
        Measured { number: format!("{sign}{}", &found["number"]), unit, is_number: true }
    }

    fn shown(self, without_unit: bool) -> String {
        match without_unit || self.unit.is_empty() {
            true => self.number,
            false => format!("{} {}", self.number, self.unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metric_table_is_moved_out_of_the_text() {
        let text = "Look:\n\n| Metric | Before Outage | During Outage | After Fix |\n|---|---|---|---|\n| Connections | ~120 | 420+ | ~95 |\n| Latency | 12 ms | 480+ ms | 10 ms |\n| Lag | Moderate | High | |\n| Mixed | 1 s | 20 ms | 1 s |\n\nGood.";
        let (found, rest) = metrics(text);
        let told: Vec<String> = found
            .iter()
            .map(|metric| {
                let figure = |figure: &Option<Figure>| {
                    figure.as_ref().map_or("-".to_owned(), ToString::to_string)
                };
                format!(
                    "{} [{}] {} {} {}",
                    metric.name,
                    metric.unit.as_deref().unwrap_or_default(),
                    figure(&metric.before),
                    figure(&metric.during),
                    figure(&metric.after)
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "Connections [] ~120 >=420 ~95",
                "Latency [ms] 12 >=480 10",
                "Lag [] Moderate High -",
                "Mixed [] 1 s 20 ms 1 s"
            ]
        );
        assert_eq!(rest.split_whitespace().collect::<Vec<_>>(), ["Look:", "Good."]);
    }

    #[test]
    fn other_tables_stay_in_the_text() {
        let text = "| Region | Before | Users |\n|---|---|---|\n| a | 1 | 2 |";
        assert_eq!(metrics(text), (vec![], text.to_owned()));
    }
}
