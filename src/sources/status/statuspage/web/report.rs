//! The page of one incident.

use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};

use super::element::{Reading, Shown, code, impact, line, selector, written};
use crate::sources::input::Input;
use crate::sources::record::IncidentRecord;
use crate::sources::source::ReadError;
use crate::sources::status::kit::feed;
use crate::text::clean::{TextKind, clean_line, clean_markdown};

static REPORT: LazyLock<Selector> = LazyLock::new(|| selector(".incident-updates-container"));
static NAME: LazyLock<Selector> = LazyLock::new(|| selector(".incident-name"));
static PAGE: LazyLock<Selector> = LazyLock::new(|| selector(".subheader a"));
static ROW: LazyLock<Selector> = LazyLock::new(|| selector(".update-row"));
static WORD: LazyLock<Selector> = LazyLock::new(|| selector(".update-title"));
static BODY: LazyLock<Selector> = LazyLock::new(|| selector(".update-body"));
static STAMP: LazyLock<Selector> = LazyLock::new(|| selector(".update-timestamp"));
static AFFECTED: LazyLock<Selector> = LazyLock::new(|| selector(".components-affected"));
static ADDRESS: LazyLock<Selector> = LazyLock::new(|| selector("link[rel='canonical'], meta[property='og:url']"));

/// Reads the page; `None` if it is another one. Nothing can be read if nothing says which incident
/// it is.
pub(super) fn read(
    html: &Html,
    input: &Input,
    reading: &mut Reading<'_>,
) -> Option<Result<Option<IncidentRecord>, ReadError>> {
    let report = html.select(&REPORT).next()?;
    let name = html.select(&NAME).next();
    let title = name.map(line).unwrap_or_default();
    let Some(code) = own_code(html, input) else {
        let mut error = ReadError::new("this page does not say which incident it is");
        error.hint = Some("save it as CODE.html, with the last part of its address".to_owned());
        return Some(Err(error));
    };
    if title.is_empty() {
        reading.say(&code, format!("incident {code} has no name, and is called by its code"));
    }
    let mut record = IncidentRecord::new(code.clone(), if title.is_empty() { code.clone() } else { title });
    record.impact_word = name.and_then(impact);
    let page = html.select(&PAGE).next().map(line).and_then(|name| feed::provider_of(&name));
    record.provider = page.or_else(|| reading.provider.clone());
    record.url = reading.address_of(&format!("/incidents/{code}"));
    record.components = html.select(&AFFECTED).next().map(|list| components(&line(list))).unwrap_or_default();
    let rows: Vec<Shown<'_>> = report.select(&ROW).map(update).collect();
    Some(Ok(reading.fill(&mut record, rows, None).then_some(record)))
}

fn update(row: ElementRef<'_>) -> Shown<'_> {
    let part = |selector: &Selector| row.select(selector).next();
    let body = part(&BODY).map(|body| written(body).unwrap_or_else(|| body.inner_html())).unwrap_or_default();
    let word = part(&WORD).map(line).unwrap_or_default();
    Shown { word, text: clean_markdown(&body, TextKind::Html), stamp: part(&STAMP) }
}

/// The code of the incident that the page is about: in its own address, or in the file's name.
fn own_code(html: &Html, input: &Input) -> Option<String> {
    let said = html.select(&ADDRESS).find_map(|element| code(element.attr("href").or(element.attr("content"))?));
    let fetched = || code(input.url.as_deref()?);
    let saved = || {
        let stem = feed::last_part(&input.name).split('.').next()?;
        let is_code = stem.len() == 12 && stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        is_code.then(|| stem.to_owned())
    };
    said.or_else(fetched).or_else(|| code(&input.name)).or_else(saved)
}

/// The components in `This incident affected: API, Web (EU, US), and Jobs.`
///
/// A name that holds the joints of a sentence itself cannot be told from two. What stands in
/// brackets is taken for the children of a group only where there are several.
pub(in crate::sources::status) fn components(sentence: &str) -> Vec<(String, String)> {
    let list = sentence.split_once(": ").map_or("", |(_, list)| list).trim_end_matches('.');
    let mut components = Vec::new();
    for item in joined(list) {
        let group = item.strip_suffix(')').and_then(|item| item.split_once(" ("));
        let children = group.map(|(_, children)| joined(children)).unwrap_or_default();
        match group {
            Some((group, _)) if children.len() > 1 => {
                components.extend(children.into_iter().map(|child| (clean_line(group), clean_line(child))));
            }
            _ => components.push((String::new(), clean_line(item))),
        }
    }
    components
}

/// The parts of `a, b, and c` or `a and b` that are not in brackets.
fn joined(list: &str) -> Vec<&str> {
    // Where there are commas, a bare "and" is part of a name.
    let mut parts = split_at(list, &[", and ", ", "]);
    if parts.len() == 1 {
        parts = split_at(list, &[" and "]);
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The parts of a list between any of the joints that are not in brackets.
fn split_at<'l>(list: &'l str, joints: &[&str]) -> Vec<&'l str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0usize, 0);
    for (at, character) in list.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 || at < start => {}
            _ => {
                if let Some(joint) = joints.iter().find(|joint| list[at..].starts_with(**joint)) {
                    parts.push(&list[start..at]);
                    start = at + joint.len();
                }
            }
        }
    }
    parts.push(&list[start..]);
    parts
}
