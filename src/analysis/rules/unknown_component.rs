use super::context::{Context, window};
use super::finding::Findings;
use super::rule::rule;

rule! {
    /// Finds a component of an impact window whose name is similar to a service of the incident.
    ///
    /// A window may name anything: the components of a status page, a region. A name that differs
    /// from a service by a letter or two is a typo, and the downtime of the service lacks the
    /// window.
    ///
    /// ```yaml
    /// services: [web]
    /// impact:
    ///   windows: [{start: 2026-03-17T14:00Z, end: 2026-03-17T15:50Z, components: [wbe]}]
    /// ```
    UnknownComponent = "unknown-component", Warning, "a component that is nearly the name of a service", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let known: Vec<&str> = incident
        .services
        .iter()
        .chain(incident.impact.components.values().flatten())
        .chain(&incident.impact.not_affected)
        .map(String::as_str)
        .collect();
    for (index, one) in incident.impact.windows.iter().enumerate() {
        for name in one.components.iter().filter(|name| !known.contains(&name.as_str())) {
            let Some(service) = incident.services.iter().find(|service| is_slip(name, service))
            else {
                continue;
            };
            findings
                .add(
                    window(index).then("components"),
                    format!("`{name}` is not a service of the incident, but `{service}` is"),
                )
                .hint(format!("write `{service}`, or add `{name}` to `services`"));
        }
    }
}

/// Whether two names differ by a typo. Names that end in different numbers (`db-1`, `db-2`) refer
/// to different things.
fn is_slip(one: &str, other: &str) -> bool {
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let letters = one.chars().count();
    let most = if letters < 8 { 1 } else { 2 };
    // In a name of two letters, each is half of the name.
    letters > 2 && digits(one) == digits(other) && strsim::osa_distance(one, other) <= most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{incident, window as of};
    use crate::analysis::rules::tests::found;

    #[test]
    fn misspelt_component_is_reported() {
        let mut slip = incident("slip");
        slip.services = vec!["web".into(), "db-1".into()];
        slip.impact.windows = vec![of(
            "2026-03-17T14:00Z",
            Some("2026-03-17T15:00Z"),
            None,
            &["wbe", "web", "db-2", "queue"],
        )];
        assert_eq!(
            found(&UnknownComponent, &slip),
            [
                "warning impact.windows[0].components: `wbe` is not a service of the incident, but `web` is"
            ]
        );
    }
}
