//! The people named in an incident, and their pseudonyms.

use serde_yaml::Value;

use super::pattern::Pattern;
use super::protection::Protection;
use crate::model::timeline::{Entry, EntryKind};
use crate::model::{DetectionMethod, Incident};
use crate::text::capitalized;

/// The people of an incident, in the order in which the file names them.
pub(super) struct People {
    people: Vec<Person>,
    /// Values of fields for people that are not people, in lower case.
    others: Vec<String>,
}

struct Person {
    /// The normalized name, for comparison.
    key: String,
    /// The replacement for the name.
    pseudonym: String,
    /// The patterns that find the name in texts.
    patterns: Vec<Pattern>,
}

impl People {
    /// The replacement for `names`, the value of a field for people. Names known not to be people
    /// stay; unknown names are left out. `None` if nothing is left.
    pub(super) fn pseudonyms(&self, names: &str) -> Option<String> {
        let mut all: Vec<&str> = split(names).filter_map(|name| self.pseudonym(name)).collect();
        all.dedup();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn pseudonym<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let key = key(name);
        let person = self.people.iter().find(|person| person.key == key);
        let known = person.map(|person| person.pseudonym.as_str());
        known.or_else(|| self.others.contains(&key).then_some(name))
    }

    /// The patterns to find in texts with their pseudonyms, full names before parts of names.
    pub(super) fn in_texts(&self) -> impl Iterator<Item = (&Pattern, &str)> {
        let mut all: Vec<(&Pattern, &str)> = Vec::new();
        for Person { pseudonym, patterns, .. } in &self.people {
            all.extend(patterns.iter().map(|pattern| (pattern, pseudonym.as_str())));
        }
        all.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.word().len()));
        all.into_iter()
    }
}

/// Everyone named in a field for people. The number in a pseudonym is the person's position in
/// this list, so it is the same in every output of the file.
pub(super) fn people(incident: &Incident, protection: &Protection) -> People {
    let mut found: Vec<Person> = Vec::new();
    // The settings may list people who are mentioned only in texts.
    let known = protection.roles.iter().map(|(name, role)| (name.as_str(), Some(role.as_str())));
    let named = names(incident).into_iter().flat_map(split).map(|name| {
        let role = protection.roles.iter().find(|(known, _)| key(known) == key(name));
        (name, role.map(|(_, role)| role.as_str()))
    });
    let all: Vec<(&str, Option<&str>)> = named.chain(known).collect();
    let texts = Texts::of(incident, all.iter().map(|(name, _)| *name));
    let others = no_people(incident, protection);
    let certain: Vec<String> = certain(incident).into_iter().flat_map(split).map(key).collect();
    let mut number = 0;
    for (name, role) in all {
        let key = key(name);
        if key.is_empty() || found.iter().any(|person| person.key == key) || others.contains(&key) {
            continue;
        }
        let pseudonym = role.map_or_else(
            || {
                number += 1;
                format!("Responder {number}")
            },
            str::to_owned,
        );
        let words = Words { incident, texts: &texts, protection };
        let patterns = words.patterns(name, role.is_some() || certain.contains(&key));
        found.push(Person { key, pseudonym, patterns });
    }
    People { people: found, others }
}

/// The names in fields for people, in the order of the file format.
fn names(incident: &Incident) -> Vec<&str> {
    let roles = &incident.roles;
    let one = [&roles.commander, &roles.comms, &roles.owner, &roles.scribe];
    let one = one.into_iter().flatten();
    let detection = incident.detection.as_ref();
    // Detections by an alert or a monitor name a machine, not a person.
    let reporter = detection
        .filter(|detection| {
            !matches!(
                detection.method,
                None | Some(DetectionMethod::Alert | DetectionMethod::Monitoring)
            )
        })
        .and_then(|detection| detection.by.as_ref());
    let actors = incident.timeline.iter().filter(|entry| !is_system(entry, incident));
    one.chain(&roles.responders)
        .chain(&roles.authors)
        .chain(reporter)
        .chain(actors.filter_map(|entry| entry.actor.as_ref()))
        .chain(incident.action_items.iter().filter_map(|item| item.owner.as_ref()))
        .chain(incident.open_questions.iter().filter_map(|question| question.asked_by.as_ref()))
        .map(String::as_str)
        .collect()
}

/// Whether the actor of an entry is the product that its source comes from, such as a pager that
/// closes its own alerts. The format of the source is then named after the actor.
pub(super) fn is_system(entry: &Entry, incident: &Incident) -> bool {
    let is_by_machine = matches!(
        entry.kind(),
        EntryKind::Alert | EntryKind::StatusUpdate | EntryKind::Metric | EntryKind::Deploy
    );
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let format = entry
        .source_key()
        .and_then(|source| incident.sources.get(source)?.format.as_deref())
        .map(letters);
    let actor = entry.actor.as_deref().map(letters).filter(|actor| actor.len() > 2);
    is_by_machine && actor.zip(format).is_some_and(|(actor, format)| format.starts_with(&actor))
}

/// Names that the report shows anyway, and words that the settings list as not being names, in
/// lower case.
fn no_people(incident: &Incident, protection: &Protection) -> Vec<String> {
    let named = incident.services.iter().chain(&incident.regions).chain(protection.roles.values());
    protection.not_names.iter().cloned().chain(named.map(|name| name.to_lowercase())).collect()
}

/// The names in fields that contain only people and teams. Actors of entries are not included,
/// because they may be machines.
fn certain(incident: &Incident) -> Vec<&str> {
    let roles = &incident.roles;
    let one = [&roles.commander, &roles.comms, &roles.owner, &roles.scribe].into_iter().flatten();
    one.chain(&roles.responders).chain(&roles.authors).map(String::as_str).collect()
}

/// Classifies the words of a name.
struct Words<'a> {
    incident: &'a Incident,
    texts: &'a Texts,
    protection: &'a Protection,
}

/// What else a word of a name can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Nothing but a name.
    Name,
    /// It also occurs in the texts in lower case: `Mark` and `mark`.
    Either,
    /// A function word: `Will` and `will`. It can be a name only if capitalized.
    Grammar,
    /// An ordinary word. Its uses as a name cannot be distinguished.
    Ordinary,
}

impl Words<'_> {
    /// The patterns that find a name in texts: the whole name and, if it has several words, each
    /// word. `is_certain` if the name is known to be a person's and not a machine's.
    fn patterns(&self, name: &str, is_certain: bool) -> Vec<Pattern> {
        let name = bare(name);
        // A team is not a person. Its name is left out only in fields for owners.
        let is_team = self.incident.teams.iter().any(|team| same_letters(team, name));
        let is_noun = !is_certain && self.texts.nouns.contains(&key(name));
        if is_team || is_noun || name.chars().count() < 2 {
            return Vec::new();
        }
        let words: Vec<&str> = name.split_whitespace().collect();
        if let [word] = words.as_slice() {
            let pattern = match self.usage(word) {
                Use::Name => Pattern::name(name),
                Use::Either if is_certain => Pattern::name(name),
                Use::Grammar if is_certain => Pattern::part(&capitalized(word)),
                Use::Either | Use::Grammar | Use::Ordinary => None,
            };
            return pattern.into_iter().collect();
        }
        let uses: Vec<Use> = words.iter().map(|word| self.usage(word)).collect();
        let has_capitals = [words.first(), words.last()]
            .iter()
            .flatten()
            .all(|word| word.starts_with(char::is_uppercase));
        // If every word of a name also occurs as an ordinary word, the name is probably a
        // machine's: `Status Page`. A person's name can contain one such word: `Will Smith`.
        let is_of_a_person =
            has_capitals && words.len() <= 4 && (is_certain || uses.contains(&Use::Name));
        let parts = words.iter().zip(uses).filter(|(word, use_of)| {
            is_of_a_person
                && *use_of != Use::Ordinary
                && word.starts_with(char::is_uppercase)
                && word.chars().filter(|c| c.is_alphabetic()).count() > 1
        });
        // People often write names in lower case in chats.
        let parts = parts.filter_map(|(word, use_of)| {
            let in_any_case = is_certain && use_of != Use::Grammar;
            if in_any_case { Pattern::name(word) } else { Pattern::part(word) }
        });
        Pattern::name(name).into_iter().chain(parts).collect()
    }

    fn usage(&self, word: &str) -> Use {
        let lower = word.to_lowercase();
        let is_ordinary = CALENDAR.contains(&lower.as_str())
            || self.protection.not_names.contains(&lower)
            || self.texts.have_as_a_noun(word);
        if is_ordinary {
            Use::Ordinary
        } else if GRAMMAR.contains(&lower.as_str()) {
            Use::Grammar
        } else if self.texts.have_in_lower_case(word) {
            Use::Either
        } else {
            Use::Name
        }
    }
}

/// First names that are also names of months, which occur in the dates of every report.
const CALENDAR: [&str; 6] = ["april", "may", "june", "august", "jan", "mar"];

/// Common short English words that are not nouns. Some are also names.
const GRAMMAR: [&str; 60] = [
    "a", "an", "the", "i", "me", "my", "you", "he", "him", "his", "she", "her", "it", "its", "we",
    "us", "our", "they", "them", "who", "am", "is", "are", "was", "be", "been", "do", "does",
    "did", "has", "have", "had", "can", "will", "would", "shall", "should", "must", "might", "and",
    "or", "but", "if", "so", "as", "at", "by", "for", "from", "in", "of", "on", "to", "up", "with",
    "no", "not", "then", "than", "all",
];

/// Splits a field that may contain several names: `ana, raj`, `ana and raj`, `ana/raj`.
fn split(names: &str) -> impl Iterator<Item = &str> {
    let parts = names.split([',', ';', '/', '&', '+']);
    parts.flat_map(|part| part.split(" and ")).map(bare).filter(|name| !name.is_empty())
}

/// Strips `@`, an address or a remark from a name: `@ana`, `Ana Alm <ana@example.com>`,
/// `Ana (SRE)`.
fn bare(name: &str) -> &str {
    let end = name.find(['<', '(']).filter(|end| *end > 0).unwrap_or(name.len());
    name[..end].trim().trim_start_matches('@')
}

fn key(name: &str) -> String {
    bare(name).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn same_letters(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    letters(a) == letters(b)
}

/// The texts of an incident, for deciding whether a word is used as an ordinary noun.
struct Texts {
    /// The texts without full names.
    text: String,
    /// Full names that the texts use as ordinary nouns: `the status page`.
    nouns: Vec<String>,
}

/// The keys whose values are names or do not appear in reports.
const NAMES: [&str; 7] = ["roles", "actor", "owner", "asked_by", "by", "teams", "sources"];

fn each_text(value: &Value, all: &mut String) {
    match value {
        Value::String(text) => {
            all.push_str(text);
            all.push_str("\n\n");
        }
        Value::Sequence(list) => list.iter().for_each(|inner| each_text(inner, all)),
        Value::Mapping(map) => {
            let texts =
                map.iter().filter(|(key, _)| !key.as_str().is_some_and(|key| NAMES.contains(&key)));
            texts.for_each(|(_, inner)| each_text(inner, all));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Tagged(_) => {}
    }
}

/// Words that precede a noun but never the name of a person.
const DETERMINERS: [&str; 12] =
    ["the", "a", "an", "our", "their", "its", "his", "her", "your", "my", "every", "each"];

impl Texts {
    /// Collects the texts without full names, so that `ana alm` does not make `ana` a noun.
    fn of<'a>(incident: &Incident, names: impl Iterator<Item = &'a str>) -> Self {
        let tree = serde_yaml::to_value(incident).unwrap_or_default();
        let mut all = String::new();
        each_text(&tree, &mut all);
        let names: Vec<&str> =
            names.map(bare).filter(|name| name.contains(char::is_whitespace)).collect();
        let whole = Texts { text: all.clone(), nouns: Vec::new() };
        let nouns = names.iter().map(|name| key(name)).filter(|name| whole.have_as_a_noun(name));
        let nouns = nouns.collect();
        for name in names {
            let without = Pattern::name(name).and_then(|name| name.replaced(&all, "·"));
            all = without.unwrap_or(all);
        }
        Texts { text: all, nouns }
    }

    /// Whether the texts use `noun` as an ordinary noun, which is lower case after an article or a
    /// possessive.
    fn have_as_a_noun(&self, noun: &str) -> bool {
        let noun = noun.to_lowercase();
        let noun: Vec<&str> = noun.split_whitespace().collect();
        let words: Vec<&str> = self.words().collect();
        words.windows(noun.len() + 1).any(|words| {
            let is_determiner =
                |word: &str| DETERMINERS.iter().any(|known| word.eq_ignore_ascii_case(known));
            words.split_first().is_some_and(|(before, rest)| rest == noun && is_determiner(before))
        })
    }

    /// Whether `word` is capitalized but occurs in the texts in lower case.
    fn have_in_lower_case(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        lower != word && self.words().any(|next| next == lower)
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        let words =
            self.text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '@' | '-'));
        words.filter(|word| !word.is_empty())
    }
}
