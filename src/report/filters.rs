//! The filters of templates. The results of filters are Markdown; all other values are escaped as
//! plain text.

#![allow(clippy::needless_pass_by_value, reason = "Tera calls a filter with values")]

use std::borrow::Cow;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use super::phrasing;
use crate::markdown::{Document, Inline, write_cell};
use crate::text::danger::one_line;
use crate::text::markdown as escape;

/// Adds the filters, and the escaping of values that are not Markdown.
pub(super) fn register(tera: &mut Tera) {
    // The empty suffix matches every name, since a user's template may have any name.
    tera.autoescape_on(vec![""]);
    tera.set_escape_fn(|text, out| out.write_all(escape::line(text).as_bytes()));
    tera.register_filter("md", md);
    tera.register_filter("markdown", markdown);
    tera.register_filter("cell", cell);
    tera.register_filter("code", code);
    tera.register_filter("link", link);
    tera.register_filter("grouped", grouped);
    tera.register_filter("list", list);
    tera.register_filter("sentence", sentence);
    tera.register_filter("statement", statement);
}

/// `{{ title | md }}`: plain text as one line. The same as without a filter, but explicit.
fn md(text: Cow<'_, str>, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&escape::line(&text))
}

/// `{{ summary | markdown(level=3, lead="Why") }}`: a Markdown field as blocks of its own. Its
/// highest heading gets `level`; `lead` precedes its first words.
fn markdown(text: Cow<'_, str>, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let mut document = Document::fragment(&text);
    document.shift_headings(arguments.get::<u8>("level")?.unwrap_or(3));
    if let Some(lead) = lead(&arguments)? {
        document.lead_with(&lead);
    }
    Ok(Value::safe_string(document.to_markdown().trim_end()))
}

/// `{{ entry.text | cell(lead=entry.label) }}`: a Markdown field in one table cell.
fn cell(text: Cow<'_, str>, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let mut document = Document::fragment(&text);
    if let Some(lead) = lead(&arguments)? {
        document.lead_with(&lead);
    }
    Ok(Value::safe_string(&write_cell(&document.into_line())))
}

/// The argument `lead`, followed by a full stop, if there is one.
fn lead(arguments: &Kwargs) -> TeraResult<Option<String>> {
    let lead = arguments
        .get::<Value>("lead")?
        .map(|value| value.to_string())
        .filter(|lead| !lead.trim().is_empty());
    Ok(lead.map(|lead| format!("{}.", lead.trim().trim_end_matches('.'))))
}

/// `{{ id | code }}`: a code span; `code(cell=false)` outside of tables, so that a `|` is not
/// escaped.
fn code(text: Cow<'_, str>, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let in_cell = arguments.get::<bool>("cell")?.unwrap_or(true);
    Ok(Value::safe_string(&escape::code_span(&text, in_cell)))
}

/// `{{ title | link(url=url) }}`: a link, or only its text if there is no address.
fn link(text: Cow<'_, str>, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let words = Inline::Text(one_line(&text).into_owned());
    let url = arguments
        .get::<Value>("url")?
        .map(|value| value.to_string())
        .filter(|url| !url.trim().is_empty());
    let inline = match url {
        Some(url) => Inline::Link { url: url.trim().to_owned(), content: vec![words] },
        None => words,
    };
    Ok(Value::safe_string(&write_cell(&[inline])))
}

/// `{{ figure.value | grouped }}`: whole numbers in groups of three digits.
fn grouped(text: Cow<'_, str>, _: Kwargs, _: &State) -> Value {
    Value::safe_string(&escape::line(&crate::text::grouped(&text)))
}

/// `{{ services | list(sep=" · ") }}`: the items separated by `sep`, each escaped.
fn list(items: Vec<Value>, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let separator = arguments.get::<&str>("sep")?.unwrap_or(", ");
    Ok(Value::safe_string(&escaped(&items).join(separator)))
}

/// `{{ services | sentence }}`: `a, b and c`, each escaped.
fn sentence(items: Vec<Value>, arguments: Kwargs, _: &State) -> TeraResult<Value> {
    let last = arguments.get::<&str>("last")?.unwrap_or("and");
    Ok(Value::safe_string(&phrasing::listed(&escaped(&items), last)))
}

/// `{{ finding.message | statement }}`: with a capital letter and a full stop. The name of a field
/// or a file at the start is not changed.
fn statement(text: Cow<'_, str>, _: Kwargs, _: &State) -> Value {
    let text = text.trim().trim_end_matches('.');
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_word =
        first.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | ',' | ':'));
    let text = if is_word { crate::text::capitalized(text) } else { text.to_owned() };
    Value::safe_string(&escape::line(&format!("{text}.")))
}

fn escaped(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| escape::line(&item.to_string())).collect()
}
