use std::collections::BTreeMap;

use super::part::LOOKED_AT;
use super::*;

use crate::sources::json::{Str, null_is_default, reason, without_nulls};

#[derive(Debug, PartialEq, Deserialize)]
struct Incident<'a> {
    #[serde(borrow)]
    id: Str<'a>,
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(default)]
    count: u8,
    #[serde(borrow, default, deserialize_with = "without_nulls")]
    components: Vec<Component<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    links: BTreeMap<Str<'a>, Vec<Str<'a>>>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Component<'a> {
    #[serde(borrow, default)]
    name: Option<Str<'a>>,
    #[serde(default)]
    level: Option<u8>,
}

fn read(text: &str) -> (Result<Incident<'_>, String>, Vec<String>) {
    let Lenient { value, ignored } = lenient::<Incident<'_>>(serde_json::from_str(text).unwrap());
    let shown = |ignored: &Ignored<'_>| {
        format!("{} {}: {}", ignored.path, ignored.text, reason(&ignored.error))
    };
    (value.map_err(|error| reason(&error)), ignored.iter().map(shown).collect())
}

#[test]
fn wrong_type_drops_only_its_field() {
    let (incident, ignored) = read(
        r#"{"id": "a", "name": true, "count": 300, "components": [{"name": "x", "level": "y"}, 7, {"name": "z"}],
               "links": {"u": ["v", {}], "w": 5}, "unknown": {"id": 1}}"#,
    );
    let incident = incident.unwrap();
    assert_eq!((&*incident.id, incident.name, incident.count), ("a", None, 0));
    let names: Vec<_> =
        incident.components.iter().map(|component| component.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["x", "z"]);
    assert_eq!(
        incident.links.get("u").map(|links| links.iter().map(|link| &**link).collect()),
        Some(vec!["v"])
    );
    assert_eq!(
        ignored,
        [
            "name true: invalid type: boolean `true`, expected a string",
            "count 300: invalid value: integer `300`, expected u8",
            "components[0].level \"y\": invalid type: string \"y\", expected u8",
            "components[1] 7: invalid type: integer `7`, expected an object",
            "links.u[1] {}: invalid type: object, expected a string",
            "links.w 5: invalid type: integer `5`, expected a sequence",
        ]
    );
}

#[test]
fn missing_essential_field_drops_the_record() {
    let (incident, ignored) = read(r#"{"id": 5, "name": "n"}"#);
    assert_eq!(incident.unwrap_err(), "missing field `id`");
    assert_eq!(ignored.len(), 1, "{ignored:?}");
    let (incident, ignored) = read("[1]");
    assert!(incident.is_err() && ignored.is_empty());
}

#[test]
fn invalid_unicode_and_duplicate_keys_drop_their_field() {
    let (incident, ignored) = read(r#"{"id": "a", "name": "\ud800", "count": 1, "count": 2}"#);
    assert_eq!(incident.map(|incident| (incident.name, incident.count)), Ok((None, 1)));
    assert_eq!(ignored.len(), 2, "{ignored:?}");
    assert!(ignored.contains(&"count 2: the key is there twice".to_owned()), "{ignored:?}");
}

#[test]
fn many_unreadable_values_drop_their_field_in_bounded_work() {
    let wrong = vec!["7"; 5000].join(",");
    let text = format!(r#"{{"id": "a", "components": [{wrong}], "name": "n"}}"#);
    let (incident, ignored) = read(&text);
    let incident = incident.unwrap();
    assert_eq!((incident.name.as_deref(), incident.components.len()), (Some("n"), 0));
    assert_eq!(ignored.len(), SINGLE_VALUES + 1);
}

/// The result of reading `text`, and the number of values that were visited.
fn counted<'a, T: Deserialize<'a>>(text: &'a str) -> (Lenient<'a, T>, usize) {
    LOOKED_AT.set(0);
    let lenient = lenient::<T>(serde_json::from_str(text).unwrap());
    (lenient, LOOKED_AT.get())
}

#[test]
fn bad_map_members_are_dropped_in_linear_time() {
    type Map<'a> = BTreeMap<Str<'a>, Option<Vec<u8>>>;
    let text = |bad: usize| {
        let members: String = (0..bad)
            .map(|n| format!(r#""bad{n}": 7, "good{n}": [1], "part{n}": [2, "x"], "#))
            .collect();
        format!(r#"{{{members}"last": [3]}}"#)
    };
    let looked_at = [1000, 2000].map(|bad| {
        let text = text(bad);
        let (read, looked_at) = counted::<Map<'_>>(&text);
        assert_eq!(read.ignored.len(), 2 * bad);
        let map = read.value.unwrap();
        assert_eq!(map.len(), 2 * bad + 1, "what fits is read");
        assert!(map.values().flatten().all(|list| list.len() == 1));
        looked_at
    });
    assert!(looked_at[1] < looked_at[0] * 5 / 2, "{looked_at:?}");
}

#[test]
fn bad_list_elements_are_dropped_in_linear_time() {
    let looked_at = [1000, 2000].map(|bad| {
        let text = format!("[{}3]", r#""x", 1, "#.repeat(bad));
        let (read, looked_at) = counted::<Vec<u8>>(&text);
        assert_eq!((read.ignored.len(), read.value.unwrap().len()), (bad, bad + 1));
        assert_eq!(read.ignored[bad - 1].path, format!("[{}]", 2 * (bad - 1)));
        looked_at
    });
    assert!(looked_at[1] < looked_at[0] * 5 / 2, "{looked_at:?}");
}

#[test]
fn repeated_key_takes_linear_time() {
    let looked_at = [1000, 2000].map(|times| {
        let text = format!(r#"{{{}"id": "a"}}"#, r#""count": 1, "#.repeat(times));
        let (read, looked_at) = counted::<Incident<'_>>(&text);
        assert_eq!((read.ignored.len(), read.value.unwrap().count), (times - 1, 1));
        looked_at
    });
    assert!(looked_at[1] < looked_at[0] * 5 / 2, "{looked_at:?}");
}
