//! The form of times in incident files as a regular expression, for the JSON schema.

use std::collections::BTreeSet;

use crate::model::zone::Tz;

/// A pattern in the dialect of JSON Schema that matches every text which [`super::Moment::parse`]
/// reads, and few others. It checks the length of months but not leap years or clock changes, and
/// the areas of zones but not their places. With `takes_naive`, a clock time needs no zone.
pub fn pattern(takes_naive: bool) -> String {
    let date = r"\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))";
    // A leap second is at the end of an hour in UTC; offsets are multiples of a quarter of an hour.
    let clock = r"(?:[01]\d|2[0-3]):(?:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?|(?:14|29|44|59):60(?:\.\d{1,9})?)";
    let zone = zone();
    let suffix = r"\s*(?:\[[^\]\[]+\])";
    let zone = match takes_naive {
        true => format!("(?:{zone})?(?:{suffix})*"),
        false => format!("(?:{zone}(?:{suffix})*|(?:{suffix})+)"),
    };
    let point = format!(r"{date}(?:(?:[Tt]|\s)\s*{clock}\s*{zone})?");
    format!(r"^\s*~?\s*{point}\s*(?:\.\.\s*{point}\s*)?$")
}

/// `Z`, an offset, `UTC+8`, a place, or a name of letters: an abbreviation or a Windows name.
fn zone() -> String {
    let offset = r"[+\-−](?:\d{1,2}(?::\d{2})?|\d{4})";
    let areas: BTreeSet<&str> =
        Tz::all().filter_map(|zone| Some(zone.name().split_once('/')?.0)).collect();
    let areas: Vec<String> = areas.into_iter().map(any_case).collect();
    // AM and PM are not zones, and two full stops separate the ends of an interval.
    let words = r"(?![AaPp]\.?\s?[Mm]\.?(?:\s|$))[A-Za-z](?:[A-Za-z ,'&()\-]|\.(?!\.|$))*";
    format!(
        r"(?:{offset}|[A-Za-z]{{3}}\s?{offset}|(?:{})/[A-Za-z0-9_+\-/]+|[A-Za-z]+\d[A-Za-z0-9]*|{words})",
        areas.join("|")
    )
}

/// `word` in upper and lower case.
fn any_case(word: &str) -> String {
    let both = |c: char| match c.is_ascii_alphabetic() {
        true => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        false => c.to_string(),
    };
    word.chars().map(both).collect()
}
