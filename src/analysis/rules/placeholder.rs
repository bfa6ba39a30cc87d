use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::analysis::texts::texts;
use crate::model::path::Path;

rule! {
    /// Finds placeholder texts: `...`, `TBD`, `TODO: ask the team`, `xxx`.
    ///
    /// In a report, such a text looks as if something had been written. What is not known yet
    /// should be left out, and what nobody knows belongs in `open_questions`. A text that only
    /// contains one of these words is not a placeholder, and neither are `unknown` and `none`,
    /// which have a meaning.
    ///
    /// ```yaml
    /// resolution: {permanent: TBD}     # left out, until it is known
    /// ```
    Placeholder = "placeholder", Warning, "placeholder text that was not replaced", Gap
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    for text in texts(incident).iter().filter(|text| is_placeholder(text.text)) {
        report(text.path(), text.text, findings);
    }
    let owners = incident.action_items.iter().enumerate().flat_map(|(index, item)| {
        [("owner", &item.owner), ("ticket", &item.ticket)]
            .map(|(key, value)| (Path::key("action_items").then(index).then(key), value))
    });
    let roles = [
        ("commander", &incident.roles.commander),
        ("comms", &incident.roles.comms),
        ("owner", &incident.roles.owner),
        ("scribe", &incident.roles.scribe),
    ];
    let roles = roles.map(|(key, value)| (Path::key("roles").then(key), value));
    for (path, value) in owners.chain(roles) {
        if let Some(text) = value.as_deref().filter(|text| is_placeholder(text)) {
            report(path, text, findings);
        }
    }
}

fn report(path: Path, text: &str, findings: &mut Findings) {
    let shown: String = text.trim().lines().next().unwrap_or_default().chars().take(40).collect();
    findings
        .add(path, format!("`{shown}` is a placeholder"))
        .hint("write what is known, or remove the key: what is absent is unknown");
}

/// Whether a text is a placeholder.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    // Nearly every text is longer than any placeholder that does not start with its mark.
    let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if ["TODO", "TBD", "TBA", "FIXME"].contains(&first) {
        return true;
    }
    if text.is_empty() || text.len() > 24 {
        return false;
    }
    let is_marks = text.chars().all(|c| matches!(c, '.' | '…' | '?' | '-' | '_' | '–' | '—' | ' '));
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let in_brackets =
        text.starts_with('<') && text.ends_with('>') && !text.contains(['/', ':', '@']);
    let is_word = matches!(
        inner.as_str(),
        "tbd"
            | "todo"
            | "tba"
            | "tbc"
            | "fixme"
            | "placeholder"
            | "to be determined"
            | "to be done"
            | "to be defined"
            | "lorem ipsum"
    );
    let is_xs = inner.len() > 1 && inner.chars().all(|c| c == 'x');
    is_marks || is_word || is_xs || in_brackets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::incident;
    use crate::analysis::rules::tests::found;
    use crate::model::Resolution;
    use crate::model::action::ActionItem;

    #[test]
    fn placeholders_are_whole_values_or_leading_markers() {
        for text in [
            "...",
            "…",
            "TBD",
            "tbd.",
            "TODO",
            "TODO: ask the team about it",
            "TODO(ana) write",
            "xxx",
            "XX",
            "???",
            "-",
            "<description>",
            "[TBD]",
            "TBA",
            "_TODO_",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "",
            "We wrote a TODO",
            "unknown",
            "none",
            "n/a",
            "x",
            "Todo app down",
            "It was... slow",
            "tbdb is down",
            "<https://example.com>",
            "0",
            "yes",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn each_placeholder_is_reported_at_its_field() {
        let mut incident = incident("new");
        incident.summary = Some("TBD\n".into());
        incident.resolution =
            Some(Resolution { permanent: Some("...".into()), ..Resolution::default() });
        incident.action_items = vec![ActionItem {
            text: "Alert on it".into(),
            owner: Some("TODO".into()),
            ..ActionItem::default()
        }];
        assert_eq!(
            found(&Placeholder, &incident),
            [
                "warning summary: `TBD` is a placeholder",
                "warning resolution.permanent: `...` is a placeholder",
                "warning action_items[0].owner: `TODO` is a placeholder",
            ]
        );
    }
}
