//! A page that shows errors with their positions.

use crate::diag::Diagnostic;
use crate::markdown::Document;
use crate::text::markdown::{code_span, line};

/// The errors as a document. `text_of` returns the text of a file, to show the line of an error.
pub(super) fn document(
    problems: &[Diagnostic],
    text_of: &dyn Fn(&str) -> Option<String>,
) -> Document {
    let mut text = String::from("# This cannot be shown\n\n");
    for problem in problems {
        text.push_str(&format!("**{}**\n\n", line(&problem.message)));
        if let Some(place) = &problem.place {
            let at = format!("{}:{}:{}", place.file, place.line, place.column);
            text.push_str(&format!("{}\n\n", code_span(&at, false)));
            let whole = text_of(&place.file);
            let marked =
                whole.as_deref().and_then(|text| text.lines().nth(place.line.saturating_sub(1)));
            if let Some(marked) = marked {
                let mark = " ".repeat(place.column.saturating_sub(1));
                text.push_str(&format!("    {marked}\n    {mark}^\n\n"));
            }
        }
        for hint in &problem.hints {
            text.push_str(&format!("- {}\n", line(hint)));
        }
        text.push('\n');
    }
    Document::of_site(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Place;

    #[test]
    fn error_is_shown_with_its_line() {
        let text = "id: a\ntitel: A\n";
        let problem = Diagnostic::error("unknown key `titel`")
            .at(Place::new("incidents/a.yaml", text, 6..11))
            .hint("did you mean `title`?");
        let shown = document(&[problem], &|_| Some(text.to_owned())).to_markdown();
        insta::assert_snapshot!(shown, @r"
        # This cannot be shown

        **unknown key \`titel\`**

        `incidents/a.yaml:2:1`

        ```
        titel: A
        ^
        ```

        - did you mean \`title\`?
        ");
    }
}
