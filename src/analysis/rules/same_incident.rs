use super::context::Context;
use super::finding::Findings;
use super::rule::rule;
use crate::model::path::Path;

rule! {
    /// Finds two files with the same title, service and times.
    ///
    /// Each is counted, so every total includes the incident twice. It happens when one page is
    /// imported under two names. Files that refer to each other are not reported.
    ///
    /// ```yaml
    /// # incidents/a.yaml and incidents/b.yaml
    /// title: API errors
    /// services: [api]
    /// milestones: {impact_start: 2026-03-17T14:00Z, resolved_at: 2026-03-17T16:00Z}
    /// ```
    SameIncident = "same-incident", Warning, "another file with the same title, service and times", Housekeeping
}

fn check(context: &Context, findings: &mut Findings) {
    let incident = context.incident;
    let Some(neighbourhood) = context.neighbourhood else { return };
    let Some(other) = neighbourhood.same_as(incident) else { return };
    findings
        .add(Path::key("id"), format!("{} has the same title, services and times", other.id))
        .hint(format!(
            "if they are one incident, set `related: {{duplicate_of: {}}}` in one of them",
            other.id
        ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::config::Definitions;
    use crate::analysis::fixture::with;
    use crate::analysis::neighbourhood::Neighbourhood;
    use crate::analysis::rules::tests::shown;
    use crate::model::Incident;
    use crate::model::milestone::MilestoneName::{ImpactStart, ResolvedAt};

    fn found(all: &[Incident; 2]) -> Vec<String> {
        let refs: Vec<&Incident> = all.iter().collect();
        let definitions = Definitions::default();
        let neighbourhood = Neighbourhood::new(&refs);
        let one = |incident| {
            shown(
                &SameIncident,
                &Context::new(incident, &definitions, &refs, None).beside(&neighbourhood),
            )
        };
        refs.iter().flat_map(|incident| one(incident)).collect()
    }

    #[test]
    fn identical_and_similar_incidents_are_reported() {
        let times = [(ImpactStart, "2026-03-17T14:00Z"), (ResolvedAt, "2026-03-17T16:00Z")];
        let mut all = ["a", "b"].map(|id| with(id, &times));
        for one in &mut all {
            one.title = "API errors".into();
            one.services = vec!["api".into()];
        }
        assert_eq!(
            found(&all),
            [
                "warning id: b has the same title, services and times",
                "warning id: a has the same title, services and times",
            ]
        );
        let mut other_service = all.clone();
        other_service[1].services = vec!["web".into()];
        assert_eq!(found(&other_service), [""; 0]);
        let mut later = all.clone();
        later[1].milestones.impact_start = crate::analysis::fixture::at("2026-03-18T14:00Z");
        assert_eq!(found(&later), [""; 0]);
        all[1].related.duplicate_of = "a".parse().ok();
        assert_eq!(found(&all), [""; 0], "the files say so");
    }
}
