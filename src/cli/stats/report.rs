//! The statistics as a report of its own: Markdown, HTML and PDF with figures.

use std::path::Path;

use indexmap::IndexMap;

use crate::analysis::stats::StatsTable;
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::cli::terminal::{Terminal, clean_line};
use crate::diag::Diagnostic;
use crate::model::time::{Moment, Precision};
use crate::model::word_enums::words;
use crate::model::zone::Zone;
use crate::render::document::Document;
use crate::render::pdf::{self, SystemFonts};
use crate::render::{Figures, Meta, html, markdown};
use crate::report::{Audience, statistics};
use crate::store::write;

words! {
    /// The kinds of files of a report on statistics.
    Output {
        /// Markdown.
        Md = "md",
        /// One self-contained HTML page.
        Html = "html",
        /// PDF.
        Pdf = "pdf",
    }
}

/// What to write, where, and for whom.
pub(super) struct Target<'a> {
    pub(super) to: &'a [Output],
    /// The folder.
    pub(super) out: &'a Path,
    pub(super) audience: Audience,
}

/// Writes `statistics.md`, `.html` and `.pdf`, as many as the target asks for; for another audience
/// than the company, its name is in the name of the file. `answer` lists its inputs, and `months`
/// is the same by month.
pub(super) fn write(
    target: &Target,
    (answer, months): (&StatsTable, &StatsTable),
    notes: &[String],
    zone: Zone,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let drawings = statistics::draw(answer, months);
    let subtitle = subtitle(answer, zone, context);
    let text = statistics::markdown("Incident statistics", &subtitle, answer, notes, &drawings);
    let parsed = Document::from_markdown(&text);
    let figures: Figures =
        drawings.into_iter().map(|drawing| (drawing.name, drawing.figure)).collect();
    let meta = Meta {
        title: "Incident statistics".to_owned(),
        subject: subtitle.clone(),
        date: context.stated_now,
        head: subtitle,
        class: crate::text::capitalized(target.audience.as_str()),
        ..Meta::default()
    };
    let out = context.path(target.out);
    write::folder(&out)?;
    let reader = match target.audience {
        Audience::Internal => String::new(),
        other => format!(".{other}"),
    };
    for output in target.to {
        let bytes = match output {
            Output::Md => markdown::write(&parsed.value, &IndexMap::new()),
            Output::Html => html::write(&parsed.value, &figures, &meta),
            Output::Pdf => {
                let options =
                    pdf::Options { system_fonts: Some(&SystemFonts), ..pdf::Options::default() };
                let printed = pdf::render(&parsed.value, &figures, &meta, &options)
                    .map_err(|error| CliError::failed(Diagnostic::error(error.to_string())))?;
                for warning in &printed.warnings {
                    terminal.report(warning)?;
                }
                printed.value
            }
        };
        let path = out.join(format!("statistics{reader}.{output}"));
        write::output(&path, &bytes)?;
        terminal.line(&clean_line(&context.name(&path).to_string()))?;
    }
    Ok(())
}

/// The period and the instant.
fn subtitle(answer: &StatsTable, zone: Zone, context: &Context) -> String {
    let show = |at| Moment::known_to(at, Precision::Minute).display_in(zone);
    let period = match (answer.since, answer.until) {
        (Some(since), Some(until)) => format!("{} to {}", show(since), show(until)),
        (Some(since), None) => format!("Since {}", show(since)),
        (None, Some(until)) => format!("Until {}", show(until)),
        (None, None) => "All incidents".to_owned(),
    };
    format!("{period}, as of {}", show(context.now()))
}
