//! The sections of somebody else's postmortem, each where the file has its place.

use crate::model::action::ActionItem;
use crate::model::{Cause, Incident, Resolution, Section};
use crate::sources::record::SectionName;
use crate::sources::text::sentences;

/// Writes the sections into a new incident. What has no field of its own becomes a free section, so
/// that nothing is lost.
pub(super) fn fill(incident: &mut Incident, sections: &[(SectionName, String)]) {
    let cause = |text: &str| Cause { text: text.to_owned(), ..Cause::default() };
    for (name, text) in sections {
        match name {
            SectionName::Summary => incident.summary = Some(text.clone()),
            SectionName::Impact => incident.impact.statement = Some(text.clone()),
            SectionName::RootCause => incident.root_causes.push(cause(text)),
            SectionName::ContributingFactors => {
                incident.contributing_factors.extend(items(text).iter().map(|item| cause(item)));
            }
            SectionName::Mitigation => {
                incident.resolution.get_or_insert_with(Resolution::default).temporary = Some(text.clone());
            }
            SectionName::Resolution => {
                incident.resolution.get_or_insert_with(Resolution::default).permanent = Some(text.clone());
            }
            SectionName::FollowUps => {
                let follow_up =
                    |(number, text)| ActionItem { id: Some(format!("A{number}")), text, ..ActionItem::default() };
                incident.action_items = (1..).zip(items(text)).map(follow_up).collect();
            }
            SectionName::WentWell => incident.lessons.went_well.extend(items(text)),
            SectionName::WentPoorly => incident.lessons.went_poorly.extend(items(text)),
            SectionName::Lucky => incident.lessons.lucky.extend(items(text)),
            SectionName::Trigger | SectionName::Detection | SectionName::Lessons | SectionName::Timeline => {
                // Its name is one word.
                let (first, rest) = name.as_str().split_at(1);
                let title = first.to_uppercase() + rest;
                incident.sections.push(Section { title, text: text.clone() });
            }
        }
    }
}

/// The items of a list; of a text without one, its sentences, each of which is one thing to do.
fn items(text: &str) -> Vec<String> {
    let is_item = |line: &str| line.starts_with("- ") || line.starts_with("* ");
    if !text.lines().any(is_item) {
        return sentences(text).map(str::to_owned).collect();
    }
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        match items.last_mut() {
            _ if is_item(line) => items.push(line[2..].trim().to_owned()),
            Some(last) if line.starts_with(' ') || !line.trim().is_empty() => {
                *last = format!("{last}\n{}", line.trim_end());
            }
            None if !line.trim().is_empty() => items.push(line.trim().to_owned()),
            _ => {}
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_its_items_and_a_text_its_sentences() {
        assert_eq!(items("- One.\n  More.\n- Two."), ["One.\n  More.", "Two."]);
        assert_eq!(
            items("We add it, e.g. here. Then we look.\n\nWe stop."),
            ["We add it, e.g. here.", "Then we look.", "We stop."]
        );
        assert!(items("  ").is_empty());
    }

    #[test]
    fn every_section_has_its_place() {
        let mut incident = Incident::new("a".parse().unwrap(), "A");
        let sections: Vec<(SectionName, String)> =
            SectionName::ALL.iter().map(|name| (*name, format!("The {}.", name.as_str()))).collect();
        fill(&mut incident, &sections);
        let text = serde_yaml::to_string(&incident).unwrap();
        for name in SectionName::ALL {
            assert!(text.contains(&format!("The {}.", name.as_str())), "{name}: {text}");
        }
    }
}
