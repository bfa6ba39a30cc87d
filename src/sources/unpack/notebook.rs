//! A Jupyter notebook (nbformat 3 and 4): its text, and its code with the output.

use serde_json::Value;

use super::unpacked::Unpacked;
use crate::sources::source::ReadError;

/// Reads the notebook `value`; `None` if it is not one.
///
/// # Errors
/// [`ReadError`] if it has no cells.
pub(super) fn read(value: &Value) -> Result<Option<Unpacked>, ReadError> {
    if value.get("nbformat").is_none() {
        return Ok(None);
    }
    // Version 3 has worksheets, but never more than one.
    let cells = value.get("cells").or_else(|| value.pointer("/worksheets/0/cells"));
    let Some(cells) = cells.and_then(Value::as_array) else {
        return Err(ReadError::new("this notebook has no cells"));
    };
    let language = ["/metadata/kernelspec/language", "/metadata/language_info/name"];
    let language =
        language.iter().find_map(|path| value.pointer(path)?.as_str()).unwrap_or_default();
    let mut parts: Vec<String> = Vec::new();
    for cell in cells {
        let text = text(&cell["source"]).or_else(|| text(&cell["input"])).unwrap_or_default();
        match cell["cell_type"].as_str().unwrap_or_default() {
            "code" => {
                parts.extend(fenced(&text, language));
                for output in cell["outputs"].as_array().into_iter().flatten() {
                    let shown = self::text(&output["text"])
                        .or_else(|| self::text(&output["data"]["text/plain"]));
                    parts.extend(shown.and_then(|shown| fenced(&shown, "")));
                }
            }
            // Version 3 has heading cells.
            "heading" => {
                let level = cell["level"].as_u64().unwrap_or(1).clamp(1, 6) as usize;
                parts.push(format!("{} {text}", "#".repeat(level)));
            }
            _ => parts.push(text),
        }
    }
    Ok(Some(Unpacked::new(parts.join("\n\n"))))
}

/// Returns a text, which can also be stored as a list of lines.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => Some(lines.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

fn fenced(code: &str, language: &str) -> Option<String> {
    let fence = if code.contains("```") { "~~~~" } else { "```" };
    let code = code.trim_end();
    (!code.is_empty()).then(|| format!("{fence}{language}\n{code}\n{fence}"))
}
