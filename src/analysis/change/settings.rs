//! Changes of the definitions.

use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::model::milestone::MilestoneName;

/// A definition that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redefined {
    /// The name: a duration in capitals, or a setting.
    pub name: String,
    /// The value before; `None` if there was none.
    pub before: Option<String>,
    /// The value after; `None` if there is none.
    pub after: Option<String>,
}

/// The definitions that changed, the version first.
pub(crate) fn redefined(before: &Definitions, after: &Definitions) -> Vec<Redefined> {
    let pairs = all(before).into_iter().zip(all(after));
    let differing = pairs.filter(|((_, before), (_, after))| before != after);
    differing.map(|((name, before), (_, after))| Redefined { name, before, after }).collect()
}

fn all(definitions: &Definitions) -> Vec<(String, Option<String>)> {
    // Destructured, so that the compiler reports a definition that is missing here.
    let Definitions {
        version,
        durations: _,
        fallbacks,
        tolerance,
        severities,
        trust,
        business_hours,
    } = definitions;
    let mut all = vec![("version".to_owned(), Some(version.to_string()))];
    let formula = |&name: &DurationName| {
        (name.as_str().to_uppercase(), Some(definitions.formula(name).to_string()))
    };
    all.extend(DurationName::ALL.iter().map(formula));
    let names = |names: &[MilestoneName]| {
        names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let fallback = |&name: &MilestoneName| {
        (format!("fallbacks.{name}"), fallbacks.get(&name).map(|list| names(list)))
    };
    all.extend(MilestoneName::ALL.iter().map(fallback));
    let trusted: Vec<&str> = trust.iter().map(|witness| witness.as_str()).collect();
    all.push(("tolerance".to_owned(), Some(tolerance.to_string())));
    all.push(("severities".to_owned(), Some(severities.join(", "))));
    all.push(("trust".to_owned(), Some(trusted.join(", "))));
    all.push(("business_hours".to_owned(), business_hours.as_ref().map(ToString::to_string)));
    all
}
