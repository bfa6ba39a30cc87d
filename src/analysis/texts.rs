//! The texts that people wrote in an incident, with their places and audiences.

use crate::model::Incident;
use crate::model::path::{Path, Step};
use crate::model::timeline::{Entry, Visibility};

/// A text in an incident.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// The content.
    pub text: &'a str,
    /// The entry that contains it, if it is in the timeline.
    pub entry: Option<&'a Entry>,
    steps: [Option<At<'a>>; 3],
}

/// A step to a text. Unlike [`Step`] it owns nothing, since most texts are read but never named.
#[derive(Debug, Clone, Copy)]
enum At<'a> {
    Key(&'a str),
    Index(usize),
}

impl Text<'_> {
    /// Its path in the file.
    pub(crate) fn path(&self) -> Path {
        let step = |at: At| match at {
            At::Key(key) => Step::from(key),
            At::Index(index) => Step::from(index),
        };
        Path(self.steps.into_iter().flatten().map(step).collect())
    }

    /// Whether everyone may read it once the write-up is published. An entry is public if it is
    /// marked as public, and then immediately.
    pub(crate) fn is_public(&self) -> bool {
        self.entry.is_none_or(|entry| entry.visibility() == Visibility::Public)
    }
}

/// Every text of `incident` that a reader may see, in no particular order; hidden entries are left
/// out.
pub(crate) fn texts(incident: &Incident) -> Vec<Text<'_>> {
    let mut found = Collected(Vec::with_capacity(incident.timeline.len() + 16));
    found.one(["title"], &incident.title);
    found.maybe(["summary"], &incident.summary);
    found.maybe(["impact", "statement"], &incident.impact.statement);
    if let Some(detection) = &incident.detection {
        found.maybe(["detection", "description"], &detection.description);
        found.maybe(["detection", "could_be_faster"], &detection.could_be_faster);
    }
    if let Some(trigger) = &incident.trigger {
        found.maybe(["trigger", "change"], &trigger.change);
        found.maybe(["trigger", "description"], &trigger.description);
    }
    for (key, causes) in [
        ("root_causes", &incident.root_causes),
        ("contributing_factors", &incident.contributing_factors),
    ] {
        found.list(key, "text", causes.iter().map(|cause| cause.text.as_str()));
    }
    for (index, text) in incident.mitigators.iter().enumerate() {
        found.push([At::Key("mitigators"), At::Index(index)], text);
    }
    if let Some(resolution) = &incident.resolution {
        found.maybe(["resolution", "temporary"], &resolution.temporary);
        found.maybe(["resolution", "permanent"], &resolution.permanent);
    }
    let lessons = &incident.lessons;
    for (key, list) in [
        ("learned", &lessons.learned),
        ("went_well", &lessons.went_well),
        ("went_poorly", &lessons.went_poorly),
        ("lucky", &lessons.lucky),
        ("wrong_turns", &lessons.wrong_turns),
        ("surprised_by", &lessons.surprised_by),
    ] {
        for (index, text) in list.iter().enumerate() {
            found.push([At::Key("lessons"), At::Key(key), At::Index(index)], text);
        }
    }
    found.list(
        "open_questions",
        "question",
        incident.open_questions.iter().map(|one| one.question.as_str()),
    );
    for (index, question) in incident.open_questions.iter().enumerate() {
        if let Some(answer) = &question.answer {
            found.push([At::Key("open_questions"), At::Index(index), At::Key("answer")], answer);
        }
    }
    found.list("action_items", "text", incident.action_items.iter().map(|one| one.text.as_str()));
    found.list("sections", "text", incident.sections.iter().map(|section| section.text.as_str()));
    found.list("links", "url", incident.links.iter().map(|link| link.url.as_str()));
    for (key, source) in &incident.sources {
        for (field, text) in [("title", &source.title), ("url", &source.url)] {
            if let Some(text) = text {
                found.push([At::Key("sources"), At::Key(key), At::Key(field)], text);
            }
        }
    }
    for (index, entry) in incident.timeline.iter().enumerate().filter(|(_, entry)| !entry.hidden) {
        let steps = [Some(At::Key("timeline")), Some(At::Index(index)), Some(At::Key("text"))];
        found.0.push(Text { text: &entry.text, entry: Some(entry), steps });
    }
    found.0
}

/// The texts found so far.
struct Collected<'a>(Vec<Text<'a>>);

impl<'a> Collected<'a> {
    fn push<const N: usize>(&mut self, at: [At<'a>; N], text: &'a str) {
        let mut steps = [None; 3];
        steps.iter_mut().zip(at).for_each(|(step, at)| *step = Some(at));
        self.0.push(Text { text, entry: None, steps });
    }

    fn one<const N: usize>(&mut self, keys: [&'a str; N], text: &'a str) {
        self.push(keys.map(At::Key), text);
    }

    fn maybe<const N: usize>(&mut self, keys: [&'a str; N], text: &'a Option<String>) {
        if let Some(text) = text {
            self.one(keys, text);
        }
    }

    fn list(&mut self, key: &'a str, field: &'a str, texts: impl Iterator<Item = &'a str>) {
        for (index, text) in texts.enumerate() {
            self.push([At::Key(key), At::Index(index), At::Key(field)], text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fixture::{entry, incident};
    use crate::model::Cause;

    #[test]
    fn each_text_has_a_path_and_an_audience() {
        let mut incident = incident("texts");
        incident.root_causes = vec![Cause { text: "A lock.".into(), ..Cause::default() }];
        incident.lessons.lucky = vec!["It was night.".into()];
        incident.timeline =
            vec![entry("2026-03-17T14:00Z", "Seen."), entry("2026-03-17T14:01Z", "Gone.")];
        incident.timeline[1].hidden = true;
        let all = texts(&incident);
        let shown: Vec<String> = all
            .iter()
            .map(|text| format!("{}: {} {}", text.path(), text.text, text.is_public()))
            .collect();
        assert_eq!(
            shown,
            [
                "title: The incident texts true",
                "root_causes[0].text: A lock. true",
                "lessons.lucky[0]: It was night. true",
                "timeline[0].text: Seen. false",
            ]
        );
    }
}
