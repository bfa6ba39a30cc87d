//! Matches the items of an old list with those of a new one, and names them.

use serde_json::Value as Json;

use super::wrapping::unwrapped;
use crate::model::time::Moment;

/// A list item as people refer to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Item {
    /// Its time.
    pub at: Option<Moment>,
    /// Its end.
    pub end: Option<Moment>,
    /// Its name: an id, a title, the key of a source.
    pub name: Option<String>,
    /// Its text.
    pub text: String,
    /// The complete item, in the file format.
    pub whole: Json,
}

/// A list of the file format whose items are maps.
struct List {
    name: &'static str,
    /// The fields that identify an item, the most certain first. A key identifies nothing if part
    /// of it is absent or if another item has the same key.
    keys: &'static [&'static [&'static str]],
    /// The field with the name.
    called: Option<&'static str>,
    /// The fields with the text.
    text: &'static [&'static str],
}

const LISTS: &[List] = &[
    List {
        name: "timeline",
        keys: &[&["source"], &["at", "text"], &["text"], &["at", "kind"], &["at"]],
        called: None,
        text: &["text"],
    },
    List {
        name: "action_items",
        keys: &[&["id"], &["ticket"], &["text"]],
        called: Some("id"),
        text: &["text"],
    },
    List { name: "root_causes", keys: &[&["id"], &["text"]], called: Some("id"), text: &["text"] },
    List {
        name: "contributing_factors",
        keys: &[&["id"], &["text"]],
        called: Some("id"),
        text: &["text"],
    },
    List {
        name: "windows",
        // Windows of several components often start or end together.
        keys: &[
            &["start", "end"],
            &["start", "components"],
            &["start"],
            &["end", "components"],
            &["end"],
            &["source"],
            &["components"],
            &["level"],
        ],
        called: None,
        text: &["level", "components"],
    },
    List { name: "sections", keys: &[&["title"], &["text"]], called: Some("title"), text: &[] },
    List { name: "open_questions", keys: &[&["question"]], called: None, text: &["question"] },
    List {
        name: "metrics",
        keys: &[&["name"]],
        called: Some("name"),
        text: &["before", "during", "after"],
    },
    List {
        name: "severity_history",
        keys: &[&["at", "to"], &["at"], &["to"]],
        called: None,
        text: &["to"],
    },
    List { name: "links", keys: &[&["url"], &["title"]], called: Some("title"), text: &["url"] },
];

impl Item {
    /// The item `whole` of the list with the name `list`.
    pub(super) fn of(list: &str, whole: &Json) -> Self {
        let known = LISTS.iter().find(|known| known.name == list);
        let moment =
            |key: &str| whole.get(key).and_then(Json::as_str).and_then(|text| text.parse().ok());
        let words =
            known.map_or(&[][..], |list| list.text).iter().filter_map(|key| words(whole.get(key)?));
        Item {
            at: moment("at").or_else(|| moment("start")),
            end: moment("end"),
            name: known.and_then(|list| list.called).and_then(|key| words_of(whole, key)),
            text: words.collect::<Vec<_>>().join(", "),
            whole: whole.clone(),
        }
    }

    /// An item that is a plain word.
    pub(super) fn word(whole: &Json) -> Self {
        Item { text: words(whole).unwrap_or_default(), whole: whole.clone(), ..Item::default() }
    }

    /// An item with the name `name`, which is its key in the map.
    pub(super) fn named(name: &str, whole: &Json) -> Self {
        let says = ["title", "format", "url"]
            .iter()
            .filter_map(|key| words_of(whole, key))
            .collect::<Vec<_>>();
        Item {
            name: Some(name.to_owned()),
            text: says.join(", "),
            whole: whole.clone(),
            ..Item::default()
        }
    }
}

fn words_of(whole: &Json, key: &str) -> Option<String> {
    words(whole.get(key)?)
}

fn words(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Array(list) => Some(list.iter().filter_map(words).collect::<Vec<_>>().join(", ")),
        Json::Null | Json::Object(_) => None,
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
    }
}

/// The pairs of positions of the same item, and the items that are only in the old or only in the
/// new list. They are in the order of the new list; removed items come last.
pub(super) fn matched(
    name: &str,
    before: &[Json],
    after: &[Json],
) -> Vec<(Option<usize>, Option<usize>)> {
    let mut partner: Vec<Option<usize>> = vec![None; after.len()];
    let mut gone: Vec<usize> = (0..before.len()).collect();
    pair_equal(before, after, &mut gone, &mut partner);
    let keys = LISTS.iter().find(|list| list.name == name).map_or(&[][..], |list| list.keys);
    for key in keys {
        pair_by(|item| key_of(item, key), before, after, &mut gone, &mut partner);
    }
    pair_alike(before, after, &mut gone, &mut partner);
    let new = partner.into_iter().enumerate().map(|(new, old)| (old, Some(new)));
    new.chain(gone.into_iter().map(|old| (Some(old), None))).collect()
}

/// Pairs items that are equal.
fn pair_equal(
    before: &[Json],
    after: &[Json],
    gone: &mut Vec<usize>,
    partner: &mut [Option<usize>],
) {
    let mut by_text: std::collections::HashMap<String, Vec<usize>> =
        std::collections::HashMap::new();
    for &old in gone.iter().rev() {
        by_text.entry(before[old].to_string()).or_default().push(old);
    }
    for (new, partner) in partner.iter_mut().enumerate() {
        *partner = by_text.get_mut(&after[new].to_string()).and_then(Vec::pop);
    }
    gone.retain(|old| !partner.contains(&Some(*old)));
}

/// Pairs items with the same key, if the key is unique on both sides.
fn pair_by(
    key: impl Fn(&Json) -> Option<String>,
    before: &[Json],
    after: &[Json],
    gone: &mut Vec<usize>,
    partner: &mut [Option<usize>],
) {
    let mut olds: std::collections::HashMap<String, Vec<usize>> = std::collections::HashMap::new();
    for &old in gone.iter() {
        if let Some(key) = key(&before[old]) {
            olds.entry(key).or_default().push(old);
        }
    }
    let mut news: std::collections::HashMap<String, Vec<usize>> = std::collections::HashMap::new();
    for new in (0..after.len()).filter(|&new| partner[new].is_none()) {
        if let Some(key) = key(&after[new]) {
            news.entry(key).or_default().push(new);
        }
    }
    for (key, new) in news {
        if let ([new], Some([old])) = (new.as_slice(), olds.get(&key).map(Vec::as_slice)) {
            partner[*new] = Some(*old);
            gone.retain(|other| other != old);
        }
    }
}

/// A key of several fields as one text. A source without a record belongs to many entries, so it is
/// not a key.
fn key_of(item: &Json, fields: &[&str]) -> Option<String> {
    let parts: Option<Vec<String>> = fields
        .iter()
        .map(|&field| words_of(item, field).filter(|text| field != "source" || text.contains('#')))
        .map(|text| text.map(|text| unwrapped(&text)))
        .collect();
    parts.map(|parts| parts.join("\n"))
}

/// The similarity from which two texts are the same text, edited: half, as in git.
const ALIKE: f64 = 0.5;
/// Longer texts, and longer lists of unpaired items, are not compared by letters.
const MOST_LETTERS: usize = 2000;
const MOST_LEFT: usize = 20;

/// Pairs the remaining items whose texts are similar, as edited texts.
fn pair_alike(
    before: &[Json],
    after: &[Json],
    gone: &mut Vec<usize>,
    partner: &mut [Option<usize>],
) {
    let left: Vec<usize> = (0..after.len()).filter(|&new| partner[new].is_none()).collect();
    if left.len() > MOST_LEFT || gone.len() > MOST_LEFT {
        return;
    }
    let text = |item: &Json| match item {
        Json::String(text) => Some(text.clone()),
        other => words_of(other, "text"),
    };
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for &new in &left {
        for &old in gone.iter() {
            let (Some(one), Some(other)) = (text(&before[old]), text(&after[new])) else {
                continue;
            };
            // A different name is another item; only sentences are edited.
            let is_sentence = one.contains(' ') && other.contains(' ');
            if is_sentence && one.len().max(other.len()) <= MOST_LETTERS {
                pairs.push((strsim::normalized_levenshtein(&one, &other), old, new));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (likeness, old, new) in pairs {
        if likeness >= ALIKE && partner[new].is_none() && gone.contains(&old) {
            partner[new] = Some(old);
            gone.retain(|other| *other != old);
        }
    }
}
