//! `check --audience public`: renders every report in every format, and searches the output for
//! words that must not leave the company.

use rayon::prelude::*;

use super::placed::Placed;
use crate::cli::args::Context;
use crate::cli::attached;
use crate::cli::error::CliError;
use crate::cli::render::{documents_of, templates_of};
use crate::cli::reports::{self, Checked, Others};
use crate::diag::Level;
use crate::model::path::Path;
use crate::render::page::Page;
use crate::report::projection::Protected;
use crate::report::template::Templates;
use crate::report::{Audience, Report};
use crate::sources::unpack::pdf_text;
use crate::store::Workspace;
use crate::store::locate::Locator;
use crate::store::workspace::Loaded;

/// The rule id of these findings. It is not a rule for incident files, because leaks are found in
/// the output.
pub(super) const LEAK_RULE: &str = "leak-in-report";
/// The description of the rule.
pub(super) const LEAK_ABOUT: &str = "a word that must not leave the company is in a report";

/// The leaks of every incident, in every template and format.
pub(super) fn leaks(
    checked: &Checked,
    workspace: &Workspace,
    context: &Context,
    audience: Audience,
) -> Result<Vec<Placed>, CliError> {
    let (templates, own) = templates_of(None, context, workspace)?;
    let mut names: Vec<String> =
        crate::report::template::BUILT_IN.iter().map(|one| one.name.to_owned()).collect();
    if !names.contains(&own) {
        names.push(own);
    }
    let of = |loaded: &Loaded| -> Result<Vec<Placed>, CliError> {
        let others = Others::default();
        let report = reports::report(loaded, &others, workspace, context, audience, None);
        let mut found: Vec<Found> = Vec::new();
        for name in names.iter().filter(|_| !report.incident.protected().is_empty()) {
            for (word, place) in in_template(&report, &templates, name, loaded)? {
                let is_same = |one: &&mut Found| one.word.word == word.word && one.place == place;
                match found.iter_mut().find(is_same) {
                    Some(known) => known.templates.push(name),
                    None => found.push(Found { word, place, templates: vec![name] }),
                }
            }
        }
        let file = workspace.name(&loaded.path);
        let locator = Locator::of_valid(&file, &loaded.text);
        Ok(found.iter().map(|one| one.placed(&locator, names.len())).collect())
    };
    let all: Result<Vec<Vec<Placed>>, CliError> = checked.loaded.par_iter().map(of).collect();
    Ok(all?.into_iter().flatten().collect())
}

/// A protected word found in a report.
struct Found<'r> {
    word: &'r Protected,
    place: String,
    /// The templates whose output contains it.
    templates: Vec<&'r str>,
}

impl Found<'_> {
    /// Converts to a finding with its position. `all` is the number of templates.
    fn placed(&self, locator: &Locator, all: usize) -> Placed {
        let is_id = self.place == "id";
        let templates = match self.templates.as_slice() {
            every if every.len() == all => "every template".to_owned(),
            [one] => format!("the template {one}"),
            several => format!("the templates {}", several.join(", ")),
        };
        let hint = if is_id {
            "rename the file and change the id: every address has it"
        } else {
            "remove it from the template, or from the incident file"
        };
        Placed {
            rule: LEAK_RULE,
            level: Level::Error,
            message: format!(
                "“{}”, {}, is in public reports: in {} of {templates}",
                self.word.word, self.word.what, self.place
            ),
            place: locator.value(&Path::key(if is_id { "id" } else { "title" })),
            hints: vec![hint.to_owned()],
        }
    }
}

/// The protected words in the page of a template and in the files made from it, each with the
/// first place where it was found.
fn in_template<'r>(
    report: &'r Report,
    templates: &Templates,
    name: &str,
    loaded: &Loaded,
) -> Result<Vec<(&'r Protected, String)>, CliError> {
    let page = Page::new(report, templates, name)
        .map_err(|error| CliError::bad_input(error.to_diagnostic()))?
        .value;
    let protected = report.incident.protected();
    let mut found: Vec<(&Protected, String)> =
        page.leaks(protected).into_iter().map(|leak| (leak.word, leak.place)).collect();
    let attached = attached::attachments(loaded, &report.incident);
    for file in &attached {
        let text = String::from_utf8_lossy(&file.bytes);
        for word in protected.iter().filter(|word| word.is_in(&text)) {
            if !found.iter().any(|(known, _)| known.word == word.word) {
                found.push((word, format!("the attached {}", file.name)));
            }
        }
    }
    for (format, bytes) in documents_of(&page, &attached)? {
        let text = if format == "pdf" {
            pdf_text(&bytes).unwrap_or_default()
        } else {
            String::from_utf8_lossy(&bytes).into_owned()
        };
        for word in protected.iter().filter(|word| word.is_in(&text)) {
            if !found.iter().any(|(known, _)| known.word == word.word) {
                found.push((word, format!("the {format} file")));
            }
        }
    }
    Ok(found)
}
