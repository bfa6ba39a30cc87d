//! InfluxDB 2: annotated CSV, the response of Flux queries.
//!
//! <https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/>. Blocks with different
//! columns may follow each other, each with its own annotations; the first column is for these and
//! is empty in rows. An empty `_value` is a null.

use std::collections::BTreeMap;

use super::kit::number::{Cell, cell};
use super::kit::{Line, Lines, Read, Reader, Stamps, Text};
use crate::sources::input::Input;
use crate::sources::source::{Verdict, WrittenFrom};
use crate::sources::table::{Row, Table};
use crate::sources::warnings::Warnings;
use crate::text::clean::clean_line;

pub(in crate::sources) static INFLUX_CSV: Reader = Reader {
    id: "influxdb-csv",
    about: "InfluxDB 2: annotated CSV",
    written_from: WrittenFrom::Captures,
    sniff,
    read,
};

fn sniff(_: &Input, head: &str) -> Verdict {
    let first = head.trim_start().lines().next().unwrap_or_default();
    let is_annotated =
        ["#datatype,", "#group,", "#default,"].iter().any(|name| first.starts_with(name));
    let is_plain =
        first.starts_with(",result,table,") && first.contains("_time") && first.contains("_value");
    if is_annotated || is_plain { Verdict::Yes } else { Verdict::No("not samples of a metric") }
}

/// The columns of a block.
#[derive(Default)]
struct Block {
    names: Vec<String>,
    types: Vec<String>,
    defaults: Vec<String>,
}

impl Block {
    fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The cell of a row, or the default of its column.
    fn cell<'r>(&'r self, row: &'r Row<'_>, column: usize) -> &'r str {
        match row.cell(column) {
            "" => self.defaults.get(column).map_or("", String::as_str),
            cell => cell,
        }
    }
}

/// Columns that do not describe the series.
const NO_LABELS: [&str; 8] = ["", "result", "table", "_start", "_stop", "_time", "_value", "error"];

fn read<'a>(text: Text<'a>, stamps: &mut Stamps, warnings: &mut Warnings<'a>) -> Read<'a> {
    let mut block = Block::default();
    let mut has_names = false;
    let mut order: Vec<String> = Vec::new();
    let mut by_series: BTreeMap<String, Line<'a>> = BTreeMap::new();
    for row in Table::of(text.body()).rows(true) {
        let cells = || row.cells.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        match row.cell(0) {
            "#datatype" => {
                block = Block { types: cells(), ..Block::default() };
                has_names = false;
            }
            "#group" => has_names = false,
            "#default" => {
                block.defaults = cells();
                // In the first column it is the annotation's own name.
                block.defaults.first_mut().map(String::clear);
                has_names = false;
            }
            comment if comment.starts_with('#') => {}
            _ if !has_names || is_header(&row) => {
                block.names = cells();
                has_names = true;
            }
            _ => sample(&block, &row, (&mut order, &mut by_series), stamps, warnings),
        }
    }
    let mut lines = Lines::default();
    for key in order {
        if let Some(line) = by_series.remove(&key) {
            lines.push(line, warnings);
        }
    }
    Ok((lines, None))
}

/// A block without annotations has only its column names.
fn is_header(row: &Row<'_>) -> bool {
    row.cell(1) == "result" && row.cell(2) == "table"
}

fn sample<'a>(
    block: &Block,
    row: &Row<'a>,
    (order, by_series): (&mut Vec<String>, &mut BTreeMap<String, Line<'a>>),
    stamps: &mut Stamps,
    warnings: &mut Warnings<'a>,
) {
    if let Some(error) =
        block.column("error").map(|column| row.cell(column)).filter(|error| !error.is_empty())
    {
        return warnings
            .about(row.text, format!("the server answered with an error: {}", clean_line(error)));
    }
    let Some((time, number)) = block.column("_time").zip(block.column("_value")) else {
        return warnings.about(row.text, "this row has no `_time` or no `_value` and was left out");
    };
    let place = if row.cell(time).is_empty() { block.cell(row, time) } else { row.place(time) };
    let Some(at) = stamps.read(place, warnings) else { return };
    let is_text = block
        .types
        .get(number)
        .is_some_and(|kind| matches!(kind.as_str(), "string" | "bool" | "boolean"));
    let value = match cell(block.cell(row, number), false) {
        Cell::Number(number, "") if !is_text => (!number.is_nan()).then_some(number),
        Cell::NoNumber | Cell::Empty => None,
        Cell::Number(..) | Cell::Text => {
            return warnings.about(
                row.place(number),
                format!("`{}` is not a number", clean_line(row.cell(number))),
            );
        }
    };
    let labels: Vec<(&str, &str)> = (0..block.names.len())
        .map(|column| (block.names[column].as_str(), block.cell(row, column)))
        .filter(|(name, value)| !NO_LABELS.contains(name) && !value.is_empty())
        .collect();
    let result = block.column("result").map_or("", |column| block.cell(row, column));
    let table = block.column("table").map_or("", |column| block.cell(row, column));
    let key = format!("{result}\u{0}{table}\u{0}{labels:?}");
    let line = by_series.entry(key.clone()).or_insert_with(|| {
        order.push(key);
        let mut line = Line { text: row.text, ..Line::default() };
        for (name, value) in labels {
            let name = match name {
                "_measurement" => super::kit::lines::NAME,
                "_field" => "field",
                other => other,
            };
            line = line.with(name, value);
        }
        line
    });
    line.points.push((at, value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::metrics::kit::testing::{read, sniff};

    #[test]
    fn each_block_has_its_columns_and_empty_value_is_a_gap() {
        let text = "#datatype,string,long,dateTime:RFC3339,double,string,string\r\n#group,false,false,false,false,true,true\r\n#default,_result,,,,,\r\n\
            ,result,table,_time,_value,_measurement,host\r\n,,0,2026-03-01T10:00:00Z,1.5,cpu,a\r\n,,0,2026-03-01T10:01:00Z,,cpu,a\r\n,,1,2026-03-01T10:00:00Z,7,cpu,b\r\n\r\n\
            #datatype,string,long,string,dateTime:RFC3339Nano,long\r\n#group,false,false,true,false,false\r\n#default,_result,,,,\r\n,result,table,_field,_time,_value\r\n\
            ,,2,free,2026-03-01T10:00:00.000000001Z,9\r\n,,2,free,2026-03-01T10:02:00Z,full\r\n";
        assert_eq!(sniff(&INFLUX_CSV, text), Verdict::Yes);
        insta::assert_snapshot!(read(&INFLUX_CSV, text), @"
        cpu, host=a: 2026-03-01T10:00:00Z=1.5 2026-03-01T10:01:00Z=-
        cpu, host=b: 2026-03-01T10:00:00Z=7
        field=free: 2026-03-01T10:00:00.000000001Z=9
        metrics:14:31: warning: `full` is not a number
        metrics:5:1: warning: 1 of 2 samples of this series cannot be drawn: 1 NaN or null
        ");
    }
}
