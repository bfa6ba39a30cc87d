//! A report, prepared for every output.

use indexmap::IndexMap;
use serde_json::Value;

use super::document::{Block, Document, Look, plain_text};
use super::meta::{Figures, Meta};
use crate::diag::Warned;
use crate::model::Kind;
use crate::model::path::Path;
use crate::report::projection::Protected;
use crate::report::template::{TemplateError, Templates};
use crate::report::view::View;
use crate::report::{Report, figures};
use crate::text::shortened;

/// The view, the document and the figures of a report, which all renderers share.
#[derive(Debug, Clone)]
pub struct Page {
    /// The part of the report that the audience may read.
    pub view: View,
    /// The filled template as a tree.
    pub document: Document,
    /// The figures that the document refers to.
    pub figures: Figures,
    /// For each figure with lines, the name of each line and its block characters.
    pub sparklines: IndexMap<String, Vec<(String, String)>>,
    /// The metadata of the outputs.
    pub meta: Meta,
}

/// A protected word that is still in a page.
#[derive(Debug, Clone)]
pub struct Leak<'a> {
    /// The word.
    pub word: &'a Protected,
    /// Where it is: the path of a value of the view, `the text` or `the metadata`.
    pub place: String,
}

impl Page {
    /// The words of `protected` that are in the page: in a value of the view, in the filled
    /// template or in the metadata. The template of a user may have them, and the id of an
    /// incident.
    pub fn leaks<'a>(&self, protected: &'a [Protected]) -> Vec<Leak<'a>> {
        if protected.is_empty() {
            return Vec::new();
        }
        let mut texts = Vec::new();
        if let Ok(view) = serde_json::to_value(&self.view) {
            each_text(&view, &Path::root(), &mut texts);
        }
        let shown = plain_text(&self.document.clone().into_line());
        let meta = &self.meta;
        let written = [&meta.title, &meta.subject, &meta.head, &meta.footer].map(String::as_str);
        let written = written.into_iter().chain(meta.keywords.iter().map(String::as_str));
        texts.push(("the text".to_owned(), shown));
        texts.push(("the metadata".to_owned(), written.collect::<Vec<_>>().join("\n")));
        protected
            .iter()
            .filter_map(|word| {
                let (place, _) = texts.iter().find(|(_, text)| word.is_in(text))?;
                Some(Leak { word, place: place.clone() })
            })
            .collect()
    }

    /// Fills the template `name` with `report`.
    ///
    /// # Errors
    /// [`TemplateError`] if there is no such template, or if it uses a field that does not exist.
    pub fn new(
        report: &Report,
        templates: &Templates,
        template: &str,
    ) -> Result<Warned<Page>, TemplateError> {
        let drawings = figures::draw(report);
        let view = View::new(report, &drawings);
        let markdown = templates.render(template, &view)?;
        let document = Document::from_markdown(&markdown);
        let meta = meta(report, &view, &document.value);
        let (mut figures, mut sparklines) = (Figures::new(), IndexMap::new());
        for drawing in drawings {
            if !drawing.sparklines.is_empty() {
                sparklines.insert(drawing.name.clone(), drawing.sparklines);
            }
            figures.insert(drawing.name, drawing.figure);
        }
        Ok(document.map(|document| Page { view, document, figures, sparklines, meta }))
    }
}

/// Every text of `value` and its path.
fn each_text(value: &Value, path: &Path, texts: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => texts.push((path.to_string(), text.clone())),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(index, inner)| each_text(inner, &path.clone().then(index), texts)),
        Value::Object(map) => {
            for (key, inner) in map {
                texts.push((path.to_string(), key.clone()));
                each_text(inner, &path.clone().then(key.as_str()), texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn meta(report: &Report, view: &View, document: &Document) -> Meta {
    // The first words of the document below its title, for search engines and reading lists.
    let mut paragraphs = document.blocks.iter().filter_map(|block| match block {
        Block::Paragraph(content) => Some(plain_text(content)),
        Block::Styled { look: Look::Lead, block } => match block.as_ref() {
            Block::Paragraph(content) => Some(plain_text(content)),
            _ => None,
        },
        _ => None,
    });
    let subject = paragraphs.next().unwrap_or_default();
    let keywords = view.services.iter().chain(&view.tags).cloned();
    let class = crate::text::capitalized(view.audience);
    let keywords = std::iter::once(class.clone()).chain(keywords).collect();
    Meta {
        title: view.title.clone(),
        authors: view.roles.authors.clone(),
        subject: shortened(&subject, 300),
        keywords,
        date: report.now,
        class,
        head: format!("{} · {}", document_kind(report.incident.kind()), view.id),
        footer: view.as_of_text.clone().map(|at| format!("As of {at}")).unwrap_or_default(),
    }
}

fn document_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Incident => "Incident report",
        Kind::NearMiss => "Near miss report",
        Kind::Maintenance => "Maintenance report",
        Kind::Drill => "Drill report",
        Kind::Security => "Security incident report",
    }
}
