//! The fields of a document: its front matter, and the labels above its text.

use crate::model::claims::{ClaimName, Claims};
use crate::model::people::Roles;
use crate::model::{Link, Status};
use crate::sources::writeups::outline::labels::{self, Field, is_placeholder};
use crate::sources::writeups::shape::blocks::plain;
use crate::sources::writeups::times::clock::{
    day_of, days_in, has_several_days, zone_in, zone_of_sentence,
};
use crate::sources::writeups::times::rows::{KeyEvent, key_event};
use crate::sources::writeups::times::{marks, shorthand, stamp};
use std::collections::BTreeMap;

use crate::sources::front::Setting;
use crate::text::capitalized;
use crate::text::clean::{clean_line, sentences};
use crate::text::link::is_safe_link;
use chrono::NaiveDate;
use url::Url;

/// The fields of a document.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) title: Option<String>,
    /// The day of the incident.
    pub(crate) date: Option<NaiveDate>,
    /// The value of the date field, if it cannot be read as a day.
    pub(crate) unread_date: Option<String>,
    /// The day of writing or publication.
    pub(crate) dated: Option<NaiveDate>,
    pub(crate) severity: Option<String>,
    pub(crate) status: Option<Status>,
    pub(crate) services: Vec<String>,
    pub(crate) teams: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) roles: Roles,
    pub(crate) claims: Claims,
    /// Milestones by name. Their times can only be read once the zone is known.
    pub(crate) events: Vec<KeyEvent>,
    /// The summary in front matter.
    pub(crate) summary: Option<String>,
    /// Other values of front matter, by key.
    pub(crate) further: Vec<(String, String)>,
    /// The links in front matter.
    pub(crate) links: Vec<Link>,
    /// The keys of front matter whose values have an unexpected type.
    pub(crate) odd: Vec<String>,
    /// Values that state the span of the impact: `Duration: 10:00 – 11:20 UTC`.
    pub(crate) spans: Vec<String>,
    /// Remarks about the times in values: `Date: 2026-05-07. All times in UTC.`
    pub(crate) about_times: Vec<String>,
}

/// Keys of front matter that describe the incident but are not fields.
const TELLING: [&str; 6] =
    ["summary", "description", "excerpt", "company", "organization", "product"];

/// Keys of front matter that contain addresses.
const ADDRESSES: [&str; 8] =
    ["url", "link", "links", "image", "images", "source", "canonical url", "references"];

/// The longest name, in words. A longer value is a sentence.
const LONGEST_NAME: usize = 8;

impl Fields {
    /// Reads the fields of front matter. Other keys are for the site generator and are ignored. A
    /// value that is not text, a number or a list of these invalidates only its own key.
    pub(crate) fn of_front(settings: &BTreeMap<String, Setting>) -> Self {
        let mut fields = Fields::default();
        for (key, setting) in settings {
            let label = key.replace(['_', '-'], " ");
            let value = setting.values.join(", ");
            if ADDRESSES.contains(&label.as_str()) {
                fields.addresses(&label, setting);
                continue;
            }
            let is_telling = TELLING.contains(&label.as_str());
            let is_meant = is_telling || labels::field(&label).is_some();
            // A map can contain the name: `author: {name: …}`.
            if is_meant
                && setting.is_odd
                && (value.is_empty() || matches!(value.as_str(), "true" | "false"))
            {
                fields.odd.push(key.clone());
                continue;
            }
            if value.is_empty() {
                continue;
            }
            match label.as_str() {
                "summary" => fields.summary = Some(value),
                _ if is_telling => fields.further.push((capitalized(&label), value)),
                _ => fields.front_field(key, &label, &value),
            }
        }
        // The description is the summary if there is no other.
        if fields.summary.is_none()
            && let Some(at) = fields.further.iter().position(|(name, _)| name == "Description")
        {
            fields.summary = Some(fields.further.remove(at).1);
        }
        fields
    }

    /// Returns a message for each key with an unexpected type, with its line. `head` are the lines
    /// of the front matter.
    pub(crate) fn mistakes<'t>(&self, head: &'t str) -> Vec<(String, &'t str)> {
        let mistake = |key: &String| {
            let is_it = |line: &&str| {
                line.split_once([':', '='])
                    .is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case(key))
            };
            let line = head.lines().find(is_it).unwrap_or_default();
            let message = format!(
                "the value of `{key}` is neither text, a number nor a list; this key is left out"
            );
            (message, line)
        };
        self.odd.iter().map(mistake).collect()
    }

    fn addresses(&mut self, label: &str, setting: &Setting) {
        for (title, address) in &setting.addresses {
            match Url::parse(address).is_ok() && is_safe_link(address) {
                true => self.links.push(Link { title: title.clone(), url: address.clone() }),
                // An address within the site is only useful to the site generator.
                false => {
                    let title = title.as_ref().map_or(String::new(), |title| format!("{title}: "));
                    self.further.push((capitalized(label), format!("{title}{address}")));
                }
            }
        }
        if setting.addresses.is_empty() && setting.is_odd {
            self.odd.push(label.to_owned());
        }
    }

    fn front_field(&mut self, key: &str, label: &str, value: &str) {
        // Static sites sort pages by `date`, so it is the day of publication.
        let is_publication =
            labels::field(label) == Some(Field::Date) && !label.contains("incident");
        if is_publication {
            self.dated = self.dated.or(day_of(value));
        } else if !self.take(label, value) && labels::field(label).is_some() {
            self.further.push((capitalized(&key.replace(['_', '-'], " ")), value.to_owned()));
        }
    }

    /// Sets a field. Returns false if the value does not fit the label and has to be preserved
    /// elsewhere.
    pub(crate) fn take(&mut self, label: &str, value: &str) -> bool {
        let words = plain(value);
        let Some(field) = labels::field(label) else { return false };
        if is_placeholder(&words) {
            // A label without a value carries no information.
            return true;
        }
        self.about_times.extend(
            sentences(&words).filter(|said| zone_of_sentence(said).is_some()).map(str::to_owned),
        );
        if matches!(field, Field::Date | Field::Span | Field::Claim(ClaimName::Duration))
            && (has_span(&words) || says_since(&words))
        {
            self.spans.push(words.clone());
        }
        match field {
            Field::Span => false,
            // The value is preserved as well, since the incident file may use another zone.
            Field::Zone => {
                self.about_times.extend(zone_in(&words).map(|zone| format!("times in {zone}")));
                false
            }
            Field::Title => set(&mut self.title, Some(clean_line(&words))),
            Field::Date => {
                let day = day_of(&words);
                if day.is_none() {
                    self.unread_date.get_or_insert_with(|| clean_line(&words));
                }
                // `Date: 4 March 2025 (UTC)`: the zone is that of the times.
                let has_clock =
                    marks::marks(&words).iter().any(|mark| !stamp::is_day(mark.written));
                let first = sentences(&words).next().unwrap_or_default();
                let zone = zone_in(first).filter(|_| !has_clock && !first.contains(" not "));
                self.about_times.extend(zone.map(|zone| format!("times in {zone}")));
                // Sentences about the times are stored separately.
                let (about, rest): (Vec<&str>, Vec<&str>) =
                    sentences(&words).skip(1).partition(|said| zone_of_sentence(said).is_some());
                let is_taken = set(&mut self.date, day) && is_day_alone(&words) && rest.is_empty();
                if is_taken && !about.is_empty() {
                    self.further.push(("About the times".to_owned(), about.join(" ")));
                }
                is_taken
            }
            Field::Dated => set(&mut self.dated, day_of(&words)),
            Field::Severity => match name(&words) {
                Some(severity) => set(&mut self.severity, Some(severity)),
                // `SEV2 - most users could not log in`: the value is preserved because of the
                // explanation.
                None => {
                    set(&mut self.severity, explained(&words));
                    false
                }
            },
            Field::Status => set(&mut self.status, status(&words)),
            Field::Commander => set(&mut self.roles.commander, name(&words)),
            Field::Scribe => set(&mut self.roles.scribe, name(&words)),
            Field::Owner => set(&mut self.roles.owner, name(&words)),
            Field::Authors => add(&mut self.roles.authors, &words),
            Field::Responders => add(&mut self.roles.responders, &words),
            Field::Services => add(&mut self.services, &words),
            Field::Teams => add(&mut self.teams, &words),
            Field::Tags => add(&mut self.tags, &words),
            Field::Claim(claim) => self.claim(claim, &words),
            Field::Milestone(_) => match key_event(&format!("{label}: {value}")) {
                Some(event) => {
                    self.events.push(event);
                    true
                }
                None => false,
            },
        }
    }

    /// Sets a published duration from a line of text, and its span if it has one.
    pub(crate) fn claim_of_line(&mut self, name: ClaimName, words: &str) {
        let is_new = self.claim(name, words);
        if is_new && name == ClaimName::Duration && has_span(words) {
            self.spans.push(words.to_owned());
        }
    }

    /// Adds the span of the impact from a line of text.
    pub(crate) fn span_of_line(&mut self, words: &str) {
        if has_span(words) && !self.spans.iter().any(|span| span == words) {
            self.spans.push(words.to_owned());
        }
    }

    /// Sets a published duration, unless one of that kind is set already. Returns false if the
    /// value is not a duration.
    pub(crate) fn claim(&mut self, name: ClaimName, words: &str) -> bool {
        // Cut off a footnote mark.
        let words = words.split("[^").next().unwrap_or_default();
        let is_length = words.contains(|c: char| c.is_ascii_digit())
            || words.contains("hour")
            || words.contains("minute");
        is_length
            && set(self.claims.slot(name), Some(words.trim().trim_end_matches('.').to_owned()))
    }
}

/// Sets a slot that is empty. Returns whether there was a value.
fn set<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let is_some = value.is_some();
    if slot.is_none() {
        *slot = value;
    }
    is_some
}

/// Adds the names of a list, or nothing if one of them is too long for a name. Returns whether they
/// were added.
fn add(list: &mut Vec<String>, words: &str) -> bool {
    let names: Vec<String> =
        words.split([',', ';', '\n']).map(clean_line).filter(|name| !name.is_empty()).collect();
    if names.iter().any(|found| name(found).is_none()) {
        return false;
    }
    for name in names {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    true
}

fn name(words: &str) -> Option<String> {
    let name = clean_line(words);
    (!name.is_empty() && name.split(' ').count() <= LONGEST_NAME).then_some(name)
}

/// Whether a value is a single day without information that would be lost: no clock time, no second
/// day.
fn is_day_alone(words: &str) -> bool {
    !words.contains(':')
        && !has_several_days(words)
        && days_in(words).len() <= 1
        && words.split_whitespace().count() <= LONGEST_NAME
}

/// Returns a short name before an explanation.
fn explained(words: &str) -> Option<String> {
    let (before, _) =
        [" - ", " – ", " — ", ": ", " ("].iter().find_map(|joint| words.split_once(joint))?;
    name(before).filter(|name| name.split(' ').count() <= 3)
}

/// Whether a value states since when the incident is ongoing: `Ongoing (started 14:15 UTC)`.
fn says_since(words: &str) -> bool {
    let lower = words.to_lowercase();
    ["started", "began", "since"].iter().any(|word| lower.contains(word))
        && marks::marks(words).iter().filter(|mark| !stamp::is_day(mark.written)).count() == 1
}

/// Whether a value has exactly two clock times.
pub(crate) fn has_span(words: &str) -> bool {
    let words = shorthand::with_colons(words);
    let marks = marks::marks(&words);
    marks.iter().filter(|mark| !stamp::is_day(mark.written)).count() == 2
}

fn status(words: &str) -> Option<Status> {
    match words.trim().trim_end_matches('.').to_lowercase().as_str() {
        "resolved" | "closed" | "fixed" | "completed" | "complete" => Some(Status::Resolved),
        "mitigated" | "monitoring" => Some(Status::Mitigated),
        "ongoing" | "open" | "investigating" | "active" => Some(Status::Ongoing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::front;

    #[test]
    fn yaml_and_toml_front_matter_are_read() {
        let yaml = "---\ntitle: It broke\nweight: 5\ndate: 2026-03-20\nauthors: [a, {name: b}]\nseverity: SEV2\nincident_date: 2026-03-17\nservices:\n  - api\n  - web\n---\nText";
        let fields = Fields::of_front(&front::detailed(&front::split(yaml).unwrap()).unwrap());
        assert_eq!(
            (fields.title.as_deref(), fields.severity.as_deref()),
            (Some("It broke"), Some("SEV2"))
        );
        assert_eq!(
            (fields.dated.unwrap().to_string(), fields.date.unwrap().to_string()),
            ("2026-03-20".into(), "2026-03-17".into())
        );
        assert_eq!(
            (fields.roles.authors, fields.services),
            (vec!["a".into(), "b".into()], vec!["api".to_owned(), "web".into()])
        );
        let toml = "+++\ntitle = \"It broke\"\ndate = 2026-03-20T10:00:00Z\n+++\nText";
        let fields = Fields::of_front(&front::detailed(&front::split(toml).unwrap()).unwrap());
        assert_eq!(
            (fields.title.as_deref(), fields.dated.unwrap().to_string().as_str()),
            (Some("It broke"), "2026-03-20")
        );
    }

    #[test]
    fn field_value_must_fit_its_label() {
        let mut fields = Fields::default();
        assert!(fields.take("Status", "Resolved"));
        assert!(!fields.take("Status", "Resolved at 2020-04-15 15:09 UTC"), "more than a word");
        assert!(!fields.take("Severity", "SEV2 - most of the users could not log in, for an hour"));
        assert_eq!(fields.severity.as_deref(), Some("SEV2"));
        assert!(
            fields.take("Date", "Tuesday, 17 March 2026")
                && !fields.take("Date", "2026-03-17 10:00 UTC")
        );
        assert!(!fields.take("Date", "March 17-19, 2026"), "the end would be lost");
        assert!(
            !fields.take("Date", "Start: 2026-03-17, End: 2026-03-18"),
            "the end would be lost"
        );
        assert!(fields.take("Time to repair", "4h 12m") && fields.take("Time to repair", "Xh Xm"));
        assert!(fields.take("Time to recovery", "148 minutes."));
        assert!(fields.take("First detected", "2023-09-18 13:42"));
        assert!(
            !fields.take("Moon", "full")
                && !fields
                    .take("Authors", "all of us, who have had so very little sleep that night")
        );
        assert_eq!(fields.claims.repair.as_deref(), Some("4h 12m"));
        assert_eq!(fields.claims.duration.as_deref(), Some("148 minutes"));
        assert_eq!(fields.events[0].written, "2023-09-18 13:42");
    }
}
