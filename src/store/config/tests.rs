use super::*;
use crate::store::write;

#[test]
fn objective_mistakes_are_reported_with_their_place() {
    insta::assert_snapshot!(problems_in("[objectives.a]\nservice = 'api'\ntarget = 100\n[objectives.b]\ntarget = '99.9'\nwindow = '1h'\n[objectives.c]\nservice = 'api'\ntarget = 99\nhours = { zone = 'UTC', days = [] }\ngoal = 1\n"), @r#"
    posthoc.toml:3:10: error: `target`: a target of 100 % is not above 0 and below 100, such as 99.9
    posthoc.toml:4:1: error: `service` is missing
    posthoc.toml:5:10: error: `target`: this is the text "99.9", expected a number
    posthoc.toml:6:10: error: `window`: `1h` is not a window; write 30d, 4w, month, quarter or year
    posthoc.toml:10:9: error: `hours`: business hours need at least one day
    posthoc.toml:11:1: error: unknown key `goal` (known here: service, target, window, hours)
    "#);
    let text = "[objectives.api]\nservice = 'api'\ntarget = 99.95\nwindow = 'quarter'\nhours = { zone = 'UTC', to = '18:00' }\n";
    let objectives = Config::parse("posthoc.toml", text).unwrap().objectives;
    assert_eq!(objectives["api"].target.percent(), 99.95);
    assert!(objectives["api"].hours.is_some());
}

fn problems_in(text: &str) -> String {
    let problems = Config::parse("posthoc.toml", text).expect_err("it has mistakes");
    let report = |problem: &Diagnostic| {
        format!(
            "{problem}{}",
            problem.hints.iter().map(|hint| format!(" ({hint})")).collect::<String>()
        )
    };
    problems.iter().map(report).collect::<Vec<_>>().join("\n")
}

#[test]
fn empty_file_gives_the_defaults() {
    assert_eq!(Config::parse("posthoc.toml", ""), Ok(Config::default()));
}

#[test]
fn every_mistake_is_reported_with_place_and_suggestion() {
    insta::assert_snapshot!(problems_in("zone = \"Europe/Berln\"\nincidnts = 'x'\ntemplate = 5\n\n[definitions]\ntolerence = '2m'\nversion = 'two'\ntrust = ['metric', 'alrt']\nseverities = ['a', 'A']\n\n[definitions.durations]\nttr = { start = 'trigger_at', end = 'resolved_at' }\nmttr = { start = 'detected_at', end = 'resolved_at' }\nttd = { start = 'begun_at', end = 'resolved_at' }\nimpact = { start = 'detected_at', end = 'resolved_at' }\n"), @r#"
    posthoc.toml:1:8: error: unknown time zone `Europe/Berln` (did you mean `Europe/Berlin`?)
    posthoc.toml:2:1: error: unknown key `incidnts` (did you mean `incidents`?)
    posthoc.toml:3:12: error: `template`: this is the number 5, expected a text (put it in quotes: "5")
    posthoc.toml:6:1: error: unknown key `tolerence` (did you mean `tolerance`?)
    posthoc.toml:7:11: error: `version`: this is the text "two", expected a whole number
    posthoc.toml:8:20: error: `trust`: unknown value `alrt`, expected one of `metric`, `alert`, `customer_report`, `chat`, `status_page`, `change`, `note`, `document` (did you mean `alert`?)
    posthoc.toml:9:14: error: the severity `a` is empty or listed twice in the order
    posthoc.toml:12:7: error: `ttr` cannot use trigger_at: it is never an end of a duration
    posthoc.toml:13:1: error: unknown key `mttr` (did you mean `ttr`?)
    posthoc.toml:14:17: error: `start`: unknown value `begun_at`, expected one of `trigger_at`, `impact_start`, `detected_at`, `acknowledged_at`, `declared_at`, `first_notice_at`, `identified_at`, `mitigated_at`, `impact_end`, `resolved_at`
    posthoc.toml:15:10: error: `impact` is not a duration between two milestones, so it has no start and end to set
    "#);
}

#[test]
fn wrong_type_is_reported_with_the_expected_one() {
    insta::assert_snapshot!(problems_in("[definitions]\ntolerance = 2\ntrust = 'alert'\n[definitions.business_hours]\nzone = true\nfrom = 09:00\nto = 17:00:30\n[check]\nignore = 'blame'\n[[severity]]\nmap = {}\n"), @r#"
    posthoc.toml:2:13: error: `tolerance`: this is the number 2, expected a text (a length of time is a text with its unit: `tolerance = "2m"`)
    posthoc.toml:3:9: error: `trust`: this is the text "alert", expected a list (write `trust = ["alert"]`)
    posthoc.toml:5:8: error: `zone`: this is `true`, expected a text (put it in quotes if the text is meant: `zone = "true"`)
    posthoc.toml:6:8: error: `from`: this is a TOML time, expected a text (put it in quotes: `from = "09:00"`)
    posthoc.toml:7:6: error: `to`: this is a TOML time, expected a text (put it in quotes: `to = "17:00:30"`)
    posthoc.toml:9:10: error: `ignore`: this is the text "blame", expected a list (write `ignore = ["blame"]`)
    posthoc.toml:10:1: error: `severity`: this is a list, expected a map (one pair of brackets: `[severity]`)
    "#);
}

#[test]
fn source_tables_are_validated() {
    insta::assert_snapshot!(problems_in("[sources.a]\nurl = 'status.example.com'\n[sources.b]\nformat = 'statuspage-v3'\nzone = 'Europe/Berln'\n[sources.c]\nurl = 'ftp://example.com'\nulr = 1\n[sources.\"d e\"]\nurl = 'https://ann:pw@example.com'\n[sources.e]\nurl = 'https://'\n"), @r#"
    posthoc.toml:2:7: error: the address `status.example.com` does not begin with https:// (write it whole: url = "https://status.example.com")
    posthoc.toml:3:1: error: the source `b` has no `url` (add its address: url = "https://status.example.com")
    posthoc.toml:4:10: error: unknown format `statuspage-v3`, did you mean `statuspage-v2`? (`posthoc formats` lists what there is)
    posthoc.toml:5:8: error: unknown time zone `Europe/Berln` (did you mean `Europe/Berlin`?)
    posthoc.toml:7:7: error: the address `ftp://example.com` is neither http nor https (write it whole: url = "https://status.example.com")
    posthoc.toml:8:1: error: unknown key `ulr` (did you mean `url`?)
    posthoc.toml:9:1: error: `d e` is not a valid name for a source (use letters, digits, `-`, `_` and `.`: [sources.github])
    posthoc.toml:10:7: error: the address contains a password, and this file is shared (leave it out here, and import the address with the password on the command line)
    posthoc.toml:12:7: error: `https://` is not an address: empty host (write it whole: url = "https://status.example.com")
    "#);
    let config = Config::parse(
        "posthoc.toml",
        "[sources.github]\nurl = 'https://status.example.com'\nformat = 'statuspage-v2'\nzone = 'Asia/Seoul'\n",
    );
    let sources = config.unwrap().sources;
    let expected = NamedSource {
        url: "https://status.example.com".to_owned(),
        format: Some("statuspage-v2".to_owned()),
        zone: Some("Asia/Seoul".parse().unwrap()),
    };
    assert_eq!(sources.into_iter().collect::<Vec<_>>(), [("github".to_owned(), expected)]);
}

#[test]
fn status_page_words_map_to_the_severity_scale() {
    let name = |text: &str, word: &str| {
        let meaning = (word == "partial-outage").then_some("major");
        Config::parse("posthoc.toml", text).unwrap().severity_of(word, meaning)
    };
    assert_eq!(name("", "Minor").as_deref(), Some("minor"));
    assert_eq!(name("", "partial-outage").as_deref(), Some("major"), "by what its format means");
    assert_eq!(name("", "apocalypse"), None);
    let own = "[definitions]\nseverities = ['P1', 'P2']\n[severity.map]\nmedium = 'p2'\napocalypse = 'P1'\n";
    assert_eq!(name(own, "MEDIUM").as_deref(), Some("P2"));
    assert_eq!(name(own, "apocalypse").as_deref(), Some("P1"));
    assert_eq!(name(own, "minor"), None, "the scale has no such name, and no map says which it is");
    insta::assert_snapshot!(
        problems_in("[severity]\nmpa = 1\n[severity.map]\nlow = 'sev9'\n"),
        @r"
        posthoc.toml:2:1: error: unknown key `mpa` (did you mean `map`?)
        posthoc.toml:4:7: error: the severity `sev9` is not on the scale (the scale is sev1, critical, sev2, major, sev3, minor, sev4, sev5, none)
        "
    );
}

#[test]
fn invalid_toml_is_reported_with_its_place() {
    insta::assert_snapshot!(problems_in("zone = UTC\n[definitions\nx = \n"), @r#"
    posthoc.toml:1:8: error: the text of `zone` needs quotes (write `zone = "UTC"`)
    posthoc.toml:2:1: error: the name of a table is in one pair of brackets (write `[definitions]`)
    "#);
    insta::assert_snapshot!(problems_in("zone = 'UTC'\nzone = 'UTC'\n"), @"posthoc.toml:2:1: error: `zone` is set twice (line 1 sets it too: `zone = 'UTC'`; remove one of the two)");
    insta::assert_snapshot!(problems_in("zone = \"UTC"), @r#"posthoc.toml:1:8: error: the text of `zone` has no closing quote (write `zone = "UTC"`)"#);
}

#[test]
fn rule_selection_accepts_only_known_rules() {
    insta::assert_snapshot!(problems_in("[check]\nselect = ['nave-time']\nignore = ['blame', 'xyz']\nignor = []\n"), @r"
    posthoc.toml:2:11: error: no rule `nave-time` (did you mean `naive-time`?)
    posthoc.toml:3:20: error: no rule `xyz` (`posthoc rules` lists them)
    posthoc.toml:4:1: error: unknown key `ignor` (did you mean `ignore`?)
    ");
    let config = Config::parse("posthoc.toml", "[check]\nignore = ['blame']\n").unwrap();
    assert!(!config.check.has("blame") && config.check.has("naive-time"));
}

#[test]
fn configured_folder_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    write::atomically(&path, b"zone = 'UTC'\nincidents = 'nope'\n").unwrap();
    let Err(StoreError::Content { problems, .. }) = Config::load(&path, FILE_NAME) else {
        panic!("it is not there")
    };
    assert_eq!(problems[0].to_string(), "posthoc.toml:2:13: error: there is no folder `nope`");
    std::fs::create_dir(folder.path().join("nope")).unwrap();
    assert!(Config::load(&path, FILE_NAME).is_ok());
}
