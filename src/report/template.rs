//! Templates, which turn a view into Markdown with Tera 2.
//!
//! A template defines the content of a report once for every output. Values are escaped as plain
//! text unless a filter makes Markdown of them, so a template cannot forget to escape. A user's
//! template may start with `{% extends "default" %}` and replace a single block.

use tera::{Context, Tera};

use super::filters;
use super::view::View;
use crate::diag::{Diagnostic, Place};
use crate::text::uncapitalized;

/// A built-in template.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// The name for `--template`.
    pub name: &'static str,
    /// The description in `posthoc templates`.
    pub about: &'static str,
    /// The text, as a base for other templates.
    pub source: &'static str,
}

/// Every built-in template, the default first.
pub static BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: "default",
        about: "the whole record: a postmortem with timeline, figures, causes, lessons, follow-ups and sources",
        source: include_str!("../../templates/default.md"),
    },
    BuiltIn {
        name: "brief",
        about: "one page: summary, key figures, timeline, cause, fix and what is next",
        source: include_str!("../../templates/brief.md"),
    },
    BuiltIn {
        name: "public",
        about: "for customers: what happened, who was affected, when, what changed, and the updates",
        source: include_str!("../../templates/public.md"),
    },
    BuiltIn {
        name: "google-sre",
        about: "the order of the site reliability books: summary, impact, causes, trigger, resolution, detection",
        source: include_str!("../../templates/google-sre.md"),
    },
    BuiltIn {
        name: "pagerduty",
        about: "the order of PagerDuty's guide: overview, what happened, impact in figures, responders",
        source: include_str!("../../templates/pagerduty.md"),
    },
    BuiltIn {
        name: "atlassian",
        about: "the order of Atlassian's handbook: leadup, fault, impact, detection, response, recovery",
        source: include_str!("../../templates/atlassian.md"),
    },
];

/// Sections that several templates include by these names.
const PARTS: [(&str, &str); 4] = [
    ("parts/timeline", include_str!("../../templates/parts/timeline.md")),
    ("parts/follow-ups", include_str!("../../templates/parts/follow-ups.md")),
    ("parts/lessons", include_str!("../../templates/parts/lessons.md")),
    ("parts/sources", include_str!("../../templates/parts/sources.md")),
];

/// Templates, parsed once and shared between threads.
#[derive(Clone)]
pub struct Templates {
    tera: Tera,
    /// The names and texts of the templates, for locating errors.
    sources: Vec<(String, String)>,
}

impl Templates {
    /// The built-in templates.
    ///
    /// # Errors
    /// [`TemplateError`] if one of them is invalid, which a test excludes.
    pub fn built_in() -> Result<Self, TemplateError> {
        let mut tera = Tera::new();
        filters::register(&mut tera);
        let mut templates = Templates { tera, sources: Vec::new() };
        for (name, source) in PARTS {
            templates.add(name, source)?;
        }
        for template in BUILT_IN {
            templates.add(template.name, template.source)?;
        }
        Ok(templates)
    }

    /// Adds a template of the user, or replaces one with the same name. `name` is the path of its
    /// file, which messages use.
    ///
    /// # Errors
    /// [`TemplateError`] with the place of the error.
    pub fn add(&mut self, name: &str, source: &str) -> Result<(), TemplateError> {
        self.sources.retain(|(known, _)| known != name);
        self.sources.push((name.to_owned(), source.to_owned()));
        self.tera.add_raw_template(name, source).map_err(|error| self.error(name, &error))
    }

    /// The names of all templates, in the order of insertion. A part is no template of its own.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.sources.iter().map(|(name, _)| name.as_str());
        names.filter(|name| !PARTS.iter().any(|(part, _)| part == name))
    }

    /// Fills the template `name` with `view`.
    ///
    /// # Errors
    /// [`TemplateError`] if there is no such template, or if it uses a field that does not exist.
    pub fn render(&self, name: &str, view: &View) -> Result<String, TemplateError> {
        if !self.tera.contains_template(name) {
            let known = self.names().map(str::to_owned).collect();
            return Err(TemplateError::Unknown { name: name.to_owned(), known });
        }
        let context = Context::from_serialize(view).map_err(|error| self.error(name, &error))?;
        self.tera.render(name, &context).map_err(|error| self.error(name, &error))
    }

    fn error(&self, name: &str, error: &tera::Error) -> TemplateError {
        match error.kind() {
            tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) => {
                // The error may be in a template that this one extends or includes.
                let file = if report.filename().is_empty() { name } else { report.filename() };
                let source = self
                    .sources
                    .iter()
                    .find(|(known, _)| known == file)
                    .map_or("", |(_, source)| source);
                let span = report.span();
                let start = offset(source, span.start_line, span.start_col);
                let end = offset(source, span.end_line, span.end_col).max(start);
                TemplateError::Invalid {
                    place: Box::new(Place::new(file, source, start..end)),
                    message: sentence_part(report.message()),
                }
            }
            other => TemplateError::Unplaced {
                name: name.to_owned(),
                message: sentence_part(&other.to_string()),
            },
        }
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// The byte offset of a line (from 1) and a column in characters (from 0).
fn offset(source: &str, line: usize, column: usize) -> usize {
    let before: usize =
        source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = source.get(before..).unwrap_or("");
    before + rest.char_indices().nth(column).map_or(rest.len(), |(index, _)| index)
}

/// In the form of our messages: lower case at the start, no full stop. Of several messages only the
/// first is used, since it causes the others.
fn sentence_part(message: &str) -> String {
    let first = message
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("")
        .trim_end_matches('.');
    let first =
        first.strip_prefix("error: ").unwrap_or(first).replace(". Available", "; available");
    uncapitalized(&first)
}

/// Why a template could not be read or filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No template has that name.
    #[error("there is no template `{name}`")]
    Unknown {
        /// The name as given.
        name: String,
        /// The names of the existing templates.
        known: Vec<String>,
    },
    /// An error at a place in a template.
    #[error("template {}, line {}, column {}: {message}", place.file, place.line, place.column)]
    Invalid {
        /// The place.
        place: Box<Place>,
        /// The message.
        message: String,
    },
    /// An error without a place.
    #[error("template {name}: {message}")]
    Unplaced {
        /// The name of the template.
        name: String,
        /// The message.
        message: String,
    },
}

impl TemplateError {
    /// The error as a diagnostic, with a hint.
    pub fn to_diagnostic(&self) -> Diagnostic {
        const FIELDS: &str = "the fields are those of `posthoc show ID --json`; what may be absent is asked for with `is defined` or `{% if … %}`";
        match self {
            TemplateError::Unknown { known, .. } => Diagnostic::error(self.to_string())
                .hint(format!("there are: {}", known.join(", ")))
                .hint("a template of your own is given as the path of its file"),
            TemplateError::Invalid { place, message } => {
                let error = Diagnostic::error(message.clone()).at((**place).clone());
                let is_field = message.contains("not found")
                    || message.contains("undefined")
                    || message.contains("not defined");
                error.hint(if is_field {
                    FIELDS
                } else {
                    "templates are written in Tera 2; `posthoc templates default` prints one to compare with"
                })
            }
            TemplateError::Unplaced { .. } => Diagnostic::error(self.to_string()).hint(FIELDS),
        }
    }
}
