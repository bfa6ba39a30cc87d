use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::diag::Level;
use crate::model::path::Path;
use crate::yaml::{cuts, marks};

rule! {
    /// Finds values that YAML truncates: at a `#`, or after a `!word` or `&word`.
    ///
    /// A space and a `#` start a comment: the value below is "paged on-call, see". It is an error
    /// if nothing is left of the value. A comment with a space after its `#` is taken as intended,
    /// and so is one on a line of its own. A `!word` before a value is a tag, and a `&word` an
    /// anchor; standard tags such as `!!str`, and anchors that an alias uses, are fine. Texts in
    /// quotes and after `|` are not truncated.
    ///
    /// ```yaml
    /// timeline:
    ///   - {at: 2026-03-17T14:09Z, text: paged on-call, see #inc-1}     # text: "paged on-call, see #inc-1"
    /// ```
    CutValue = "cut-value", Warning, "a value that loses a part to a `#`, a `!word` or a `&word`"
}

fn check(context: &Context, findings: &mut Findings) {
    for cut in cuts::of(context.text) {
        let finding = findings.add(Path::root(), cut.message()).spanning(cut.span.clone());
        finding.hint(cut.hint());
        if cut.is_empty {
            finding.graded(Level::Error);
        }
    }
    for mark in marks::of(context.text) {
        findings.add(Path::root(), mark.message()).spanning(mark.span.clone()).hint(mark.hint());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::rules::tests::shown;
    use crate::model::Incident;

    fn found(text: &str) -> Vec<String> {
        let (incident, definitions) =
            (Incident::new("a".parse().unwrap(), "A"), Definitions::default());
        shown(&CutValue, &Context::new(&incident, &definitions, &[], None).with_text(text))
    }

    #[test]
    fn partly_cut_value_is_a_warning_and_fully_cut_value_an_error() {
        assert_eq!(
            found("text: paged, see #inc-1 # why\nowner: #oncall\ntags:\n  - #x\n"),
            [
                "warning : `#inc-1 # why` is a comment here, so `text` ends before it",
                "error : `#oncall` is a comment here, so `owner` is empty",
                "error : `#x` is a comment here, so this item is empty",
            ]
        );
        assert_eq!(
            found("text: !word x\nowner: &ana\ntags: [&a x, *a]\n"),
            [
                "warning : `!word` is a tag in YAML, so it is not part of the value",
                "warning : `&ana` is an anchor in YAML, so it is not part of the value",
            ]
        );
        assert_eq!(found("text: 'see #inc-1' # why\nowner: ana # on call\n"), [""; 0]);
    }
}
