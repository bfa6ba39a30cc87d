//! The conformance set: small sets of incidents with the figures that any implementation of the
//! definitions gives. `tests/conformance/README.md` describes the files.

use serde_json::Value;

use crate::support::world::World;

/// Fails unless `ours` has everything that `expected` states. Numbers may differ in their last
/// digits.
fn assert_has(ours: &Value, expected: &Value, at: &str) {
    match (ours, expected) {
        (Value::Object(ours), Value::Object(expected)) => {
            for (key, expected) in expected {
                let ours = ours.get(key).unwrap_or(&Value::Null);
                assert_has(ours, expected, &format!("{at}.{key}"));
            }
        }
        (Value::Array(ours), Value::Array(expected)) => {
            assert_eq!(ours.len(), expected.len(), "{at}: {ours:?}");
            for (index, (ours, expected)) in ours.iter().zip(expected).enumerate() {
                assert_has(ours, expected, &format!("{at}[{index}]"));
            }
        }
        (Value::Number(ours), Value::Number(expected)) => {
            let (ours, expected) =
                (ours.as_f64().expect("a number"), expected.as_f64().expect("a number"));
            assert!(
                (ours - expected).abs() <= 1e-6 * expected.abs().max(1.0),
                "{at}: {ours} and {expected}"
            );
        }
        (ours, expected) => assert_eq!(ours, expected, "{at}"),
    }
}

#[test]
fn every_case_of_the_conformance_set_gives_its_figures() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance");
    let mut cases = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).expect("a case");
        let case: serde_yaml::Value =
            serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let word = |key: &str| case[key].as_str().unwrap_or_else(|| panic!("{name}: no {key}"));
        let world = World::new();
        world.write("posthoc.toml", "");
        for incident in case["incidents"].as_sequence().expect("incidents") {
            let id = incident["id"].as_str().expect("an id");
            let text = serde_yaml::to_string(incident).expect("YAML");
            world.write(
                &format!("incidents/{id}.yaml"),
                format!("schema: posthoc/v1\ntitle: A case\n{text}"),
            );
        }
        let arguments: Vec<&str> = ["stats", "--json", "--metric", word("metric")]
            .into_iter()
            .chain(word("arguments").split_whitespace())
            .collect();
        let output = world.command_at(word("now"), &arguments).output().expect("it runs");
        let ours: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{name}: {error}: {}", world.shown(&output)));
        let expected = std::fs::read(path.with_extension("json")).expect("the expected figures");
        let expected: Value =
            serde_json::from_slice(&expected).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_has(&ours, &expected, &name);
        cases += 1;
    }
    assert_eq!(cases, 12);
}
