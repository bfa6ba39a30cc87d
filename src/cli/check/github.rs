//! Findings as GitHub workflow commands:
//! `::error file=NAME,line=LINE,endLine=LINE,col=COLUMN,endColumn=COLUMN,title=RULE::MESSAGE`, as
//! the documentation of GitHub Actions, "Workflow commands", gives them.

use super::placed::{Marked, Placed};
use crate::cli::reports::Checked;
use crate::diag::Level;
use crate::text::visible;

pub(super) fn write(findings: &[Placed], checked: &Checked) -> String {
    findings.iter().map(|finding| line(finding, checked)).collect()
}

fn line(finding: &Placed, checked: &Checked) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let place = &finding.place;
    let marked = Marked::of(place, checked);
    let message = std::iter::once(finding.message.as_str())
        .chain(finding.hints.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("\n");
    format!(
        "::{command} file={},line={},endLine={},col={},endColumn={},title={}::{}\n",
        property(&place.file),
        place.line,
        marked.end_line,
        place.column,
        marked.end_column,
        property(&format!("posthoc {}", finding.rule)),
        data(&message)
    )
}

fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
