//! Maps the sections of another organisation's postmortem to the fields of the incident file.

use crate::model::action::ActionItem;
use crate::model::{Cause, Detection, Incident, Resolution, Section, Trigger};
use crate::sources::record::SectionName;
use crate::text::clean::sentences;

/// Writes the sections into a new incident. A section without a field of its own becomes a free
/// section, so that nothing is lost.
pub(super) fn fill(incident: &mut Incident, sections: &[(SectionName, String)]) {
    let cause = |text: &str| Cause { text: text.to_owned(), ..Cause::default() };
    for (name, text) in sections {
        match name {
            SectionName::Summary => incident.summary = Some(text.clone()),
            SectionName::Impact => incident.impact.statement = Some(text.clone()),
            SectionName::RootCause if is_list(text) => {
                incident.root_causes.extend(listed(text).iter().map(|item| cause(item)));
            }
            SectionName::RootCause => incident.root_causes.push(cause(text)),
            SectionName::ContributingFactors => {
                let (lead, text) = without_lead(text);
                let title = "Contributing factors".to_owned();
                incident.sections.extend(lead.map(|text| Section { title, text }));
                incident.contributing_factors.extend(items(text).iter().map(|item| cause(item)));
            }
            SectionName::Mitigation => {
                incident.resolution.get_or_insert_with(Resolution::default).temporary =
                    Some(text.clone());
            }
            SectionName::Resolution => {
                incident.resolution.get_or_insert_with(Resolution::default).permanent =
                    Some(text.clone());
            }
            SectionName::FollowUps => {
                let follow_up = |(number, text)| ActionItem {
                    id: Some(format!("A{number}")),
                    text,
                    ..ActionItem::default()
                };
                incident.action_items = (1..).zip(items(text)).map(follow_up).collect();
            }
            SectionName::WentWell => incident.lessons.went_well.extend(paragraphs(text)),
            SectionName::WentPoorly => incident.lessons.went_poorly.extend(paragraphs(text)),
            SectionName::Lucky => incident.lessons.lucky.extend(paragraphs(text)),
            SectionName::Lessons => incident.lessons.learned.extend(listed(text)),
            SectionName::Trigger => {
                incident.trigger.get_or_insert_with(Trigger::default).description =
                    Some(text.clone());
            }
            SectionName::Detection => {
                incident.detection.get_or_insert_with(Detection::default).description =
                    Some(text.clone());
            }
            // A timeline without entries is a text.
            SectionName::Timeline => {
                incident
                    .sections
                    .push(Section { title: "Timeline".to_owned(), text: text.clone() });
            }
        }
    }
}

/// The items of a list; or the sentences of a text without a list, each of which is one action.
fn items(text: &str) -> Vec<String> {
    if text.lines().any(|line| marker(line).is_some()) {
        return listed(text);
    }
    sentences(text).map(str::to_owned).collect()
}

/// The sentence that introduces a list, and the list; the sentence is not an item.
fn without_lead(text: &str) -> (Option<String>, &str) {
    let Some((lead, rest)) = text.split_once("\n\n") else { return (None, text) };
    let is_lead =
        marker(lead).is_none() && lead.trim_end().ends_with(':') && marker(rest).is_some();
    if is_lead { (Some(lead.trim().to_owned()), rest) } else { (None, text) }
}

/// The items of a list; or the paragraphs of a text without a list, each of which is one lesson.
fn paragraphs(text: &str) -> Vec<String> {
    if text.lines().any(|line| marker(line).is_some()) {
        return listed(text);
    }
    text.split("\n\n")
        .map(|paragraph| paragraph.trim().to_owned())
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

/// The items of a list; or the text as one item.
fn listed(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut width = 0;
    for line in text.lines() {
        match (marker(line), items.last_mut()) {
            (Some(length), _) => {
                width = length;
                items.push(line[length..].trim().to_owned());
            }
            (None, Some(last)) => {
                let indent = line.len() - line.trim_start().len();
                *last = format!("{last}\n{}", line[indent.min(width)..].trim_end());
            }
            (None, None) => items.push(line.trim_end().to_owned()),
        }
    }
    items.iter_mut().for_each(|item| *item = item.trim().to_owned());
    items.retain(|item| !item.is_empty());
    items
}

/// Whether a text consists of a list and nothing else.
fn is_list(text: &str) -> bool {
    text.lines().all(|line| line.is_empty() || line.starts_with(' ') || marker(line).is_some())
}

/// The length of the list marker at the start of `line`.
fn marker(line: &str) -> Option<usize> {
    if ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark)) {
        return Some(2);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_number =
        (1..=3).contains(&digits) && [". ", ") "].iter().any(|end| line[digits..].starts_with(end));
    is_number.then_some(digits + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_split_into_items_and_texts_into_sentences() {
        assert_eq!(items("- One.\n  More.\n\n  Still.\n- Two."), ["One.\nMore.\n\nStill.", "Two."]);
        assert_eq!(items("1. One\n   - deeper\n2) Two"), ["One\n- deeper", "Two"]);
        assert_eq!(listed("We learned much. And more."), ["We learned much. And more."]);
        assert_eq!(
            items("We add it, e.g. here. Then we look.\n\nWe stop."),
            ["We add it, e.g. here.", "Then we look.", "We stop."]
        );
        assert!(items("  ").is_empty());
    }

    #[test]
    fn every_section_maps_to_a_field() {
        let mut incident = Incident::new("a".parse().unwrap(), "A");
        let sections: Vec<(SectionName, String)> = SectionName::ALL
            .iter()
            .map(|name| (*name, format!("The {}.", name.as_str())))
            .collect();
        fill(&mut incident, &sections);
        let text = serde_yaml::to_string(&incident).unwrap();
        for name in SectionName::ALL {
            assert!(text.contains(&format!("The {}.", name.as_str())), "{name}: {text}");
        }
    }
}
