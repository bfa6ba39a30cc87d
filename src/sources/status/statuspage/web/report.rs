//! The page of one incident.

use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};

use super::element::{Reading, Shown, code, impact, line, selector, written};
use crate::sources::input::Input;
use crate::sources::record::IncidentRecord;
use crate::sources::source::ReadError;
use crate::sources::status::kit::components::components;
use crate::sources::status::kit::feed;
use crate::text::clean::{TextKind, clean_markdown};

static REPORT: LazyLock<Selector> = LazyLock::new(|| selector(".incident-updates-container"));
static NAME: LazyLock<Selector> = LazyLock::new(|| selector(".incident-name"));
static PAGE: LazyLock<Selector> = LazyLock::new(|| selector(".subheader a"));
static ROW: LazyLock<Selector> = LazyLock::new(|| selector(".update-row"));
static WORD: LazyLock<Selector> = LazyLock::new(|| selector(".update-title"));
static BODY: LazyLock<Selector> = LazyLock::new(|| selector(".update-body"));
static STAMP: LazyLock<Selector> = LazyLock::new(|| selector(".update-timestamp"));
static AFFECTED: LazyLock<Selector> = LazyLock::new(|| selector(".components-affected"));
static ADDRESS: LazyLock<Selector> =
    LazyLock::new(|| selector("link[rel='canonical'], meta[property='og:url']"));

/// Reads the page; `None` if it is another one. It cannot be read if the incident's id is unknown.
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
    let mut record =
        IncidentRecord::new(code.clone(), if title.is_empty() { code.clone() } else { title });
    record.impact_word = name.and_then(impact);
    let page = html.select(&PAGE).next().map(line).and_then(|name| feed::provider_of(&name));
    record.provider = page.or_else(|| reading.provider.clone());
    record.url = reading.address_of(&format!("/incidents/{code}"));
    record.components =
        html.select(&AFFECTED).next().map(|list| components(&line(list))).unwrap_or_default();
    let rows: Vec<Shown<'_>> = report.select(&ROW).map(update).collect();
    Some(Ok(reading.fill(&mut record, rows, None).then_some(record)))
}

fn update(row: ElementRef<'_>) -> Shown<'_> {
    let part = |selector: &Selector| row.select(selector).next();
    let body = part(&BODY)
        .map(|body| written(body).unwrap_or_else(|| body.inner_html()))
        .unwrap_or_default();
    let word = part(&WORD).map(line).unwrap_or_default();
    Shown { word, text: clean_markdown(&body, TextKind::Html), stamp: part(&STAMP) }
}

/// The code of the page's incident: from its own address, or from the file's name.
fn own_code(html: &Html, input: &Input) -> Option<String> {
    let message = html
        .select(&ADDRESS)
        .find_map(|element| code(element.attr("href").or(element.attr("content"))?));
    let fetched = || code(input.url.as_deref()?);
    let saved = || {
        let stem = feed::last_part(&input.name).split('.').next()?;
        let is_code = stem.len() == 12
            && stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        is_code.then(|| stem.to_owned())
    };
    message.or_else(fetched).or_else(|| code(&input.name)).or_else(saved)
}
