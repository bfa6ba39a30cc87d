//! `posthoc.toml`: the settings of a workspace.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

use serde::Deserialize;
use toml::de::DeTable;

use super::error::StoreError;
use super::mistakes::{Checked, Places, Problem, Wrong, check, covers, in_file_order, last_key};
use super::named_sources::{self, NamedSource, WrittenSource};
use super::own_formats;
use super::toml_places::TomlPlaces;
use super::toml_syntax;
use super::wrong_time::wrong_zone;
use crate::analysis::config::{Definitions, Written};
use crate::analysis::objective::Objective;
use crate::analysis::rule_choice::{self, RuleChoice};
use crate::diag::Diagnostic;
use crate::model::milestone::MilestoneName;
use crate::model::path::Path;
use crate::model::word_enums::words;
use crate::model::zone::Zone;
use crate::sources::mapping::Mapping;

/// The name of the file.
pub const FILE_NAME: &str = "posthoc.toml";
/// The folder of the incident files, unless the settings name another.
pub(super) const INCIDENTS: &str = "incidents";

words! {
    /// What a clock time without a zone means in an incident file.
    NaiveTimes {
        /// Such a time is an error.
        Error = "error",
        /// The time is read in the file's `time_zone`. In a file without one it is an error.
        File = "file",
    }
}

/// The settings of one workspace. Without a file, the defaults apply.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The folder of the incident files, below the workspace; `incidents` if absent.
    pub incidents: Option<PathBuf>,
    /// The zone of periods in aggregates, and of incidents that name none; UTC if absent.
    pub zone: Option<String>,
    /// What a clock time without a zone means in an incident file; an error if absent.
    pub naive_times: Option<NaiveTimes>,
    /// A template of the report: the name of a built-in one, or a file below the workspace.
    pub template: Option<String>,
    /// What the numbers mean.
    pub definitions: Definitions,
    /// The objectives for the availability of services, by their names.
    pub objectives: BTreeMap<String, Objective>,
    /// Status pages that are imported by name.
    pub sources: BTreeMap<String, NamedSource>,
    /// The rules that `check` applies.
    pub check: RuleChoice,
    /// How the severities of status pages are translated to the team's scale.
    pub severity: SeveritySettings,
    /// The roles that an import writes instead of the names of people.
    pub roles: BTreeMap<String, String>,
    /// The services, each with its aliases.
    pub services: BTreeMap<String, Vec<String>>,
    /// How write-ups are read.
    pub writeups: WriteUpSettings,
    /// Whether the bytes of evidence are stored beside the incidents; they are if absent.
    pub store_evidence: Option<bool>,
    /// The team's own formats, by their names.
    pub formats: BTreeMap<String, Mapping>,
}

/// How write-ups are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WriteUpSettings {
    /// The team's own phrases for milestones. An entry of a timeline that contains one states that
    /// milestone, before other words are considered: `detected_at = ["pager went off"]`.
    pub words: BTreeMap<MilestoneName, Vec<String>>,
}

/// How the severities of imported incidents are translated to the team's scale.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SeveritySettings {
    /// Maps a severity of a status page, in any case, to a name on the scale of
    /// `definitions.severities`. Each format has a default for the severities that it documents,
    /// which an entry here replaces: `MAJOROUTAGE` of Instatus is `critical`. The source's own
    /// severity is stored with the source.
    pub map: BTreeMap<String, String>,
}

/// The settings as written; every key is optional.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    /// The folder of the incident files, relative to `posthoc.toml`. It must exist.
    #[schemars(extend("default" = INCIDENTS))]
    incidents: Option<PathBuf>,
    /// The time zone of days, weeks and months in aggregates: a name of the IANA database or an
    /// offset.
    #[schemars(extend("default" = "UTC"))]
    zone: Option<String>,
    /// What a time without a zone, such as `2026-03-17 09:13`, means in an incident file.
    #[schemars(extend("default" = "error"))]
    naive_times: Option<NaiveTimes>,
    /// The template of reports: the name of a built-in one (`posthoc templates` lists them), or a
    /// file relative to `posthoc.toml`.
    #[schemars(extend("default" = "default"))]
    template: Option<String>,
    /// What the numbers mean. Values that are absent keep their defaults.
    definitions: Written,
    /// Objectives for the availability of services: `posthoc stats` prints the availability, and how much of the error
    /// budget is used.
    objectives: BTreeMap<String, Objective>,
    /// Status pages that `posthoc import NAME` and `posthoc import --all` fetch.
    sources: BTreeMap<String, WrittenSource>,
    /// How the severities of imported incidents are translated.
    severity: SeveritySettings,
    /// The roles that an import writes instead of the names of people in chats and alerts: `"Ana
    /// Alm" = "on-call engineer"`.
    roles: BTreeMap<String, String>,
    /// The services, each with its aliases: `search = ["Search API", "opensearch"]`. `import
    /// --propose` lists those that the title or the summary of a write-up mentions.
    services: BTreeMap<String, Vec<String>>,
    /// How write-ups are read.
    writeups: WriteUpSettings,
    /// Whether `import --into` stores the bytes of evidence under `evidence/`. If not, a source has their hash only:
    /// metrics have no charts, and `posthoc verify` has nothing to compare.
    #[schemars(extend("default" = true))]
    store_evidence: Option<bool>,
    /// Formats of the team's own: where the fields are in the records of a JSON file or in a table. `posthoc formats
    /// try FILE` proposes one.
    formats: BTreeMap<String, Mapping>,
    /// Which rules `posthoc check` applies.
    check: WrittenCheck,
}

/// The rules that `posthoc check` applies. `--select` and `--ignore` on the command line do the
/// same for one run.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct WrittenCheck {
    /// Apply only these rules. `posthoc rules` lists all names. If empty, all rules are applied.
    select: Vec<String>,
    /// Do not apply these rules.
    ignore: Vec<String>,
}

/// The JSON Schema of the file. Its descriptions are the reference of the settings.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Settings)
}

impl Config {
    /// Reads the file at `path`, called `name` in messages. A folder that it names must exist.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read, or with every mistake in it.
    pub fn load(path: &FilePath, name: &str) -> Result<Self, StoreError> {
        let text = std::fs::read_to_string(path).map_err(StoreError::io("read", path))?;
        let root = path.parent().unwrap_or(FilePath::new("."));
        read(name, &text, |folder| root.join(folder).is_dir())
            .map_err(|problems| StoreError::Content { path: path.to_owned(), problems })
    }

    /// Reads the text of the file, called `file` in messages. The file system is not accessed.
    ///
    /// # Errors
    /// Every mistake, with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        read(file, text, |_| true)
    }

    /// The severity on the team's scale for a severity of a status page: by the team's map, else
    /// the same word if it is on the scale, else `meaning`, which is what the format means by it on
    /// the default scale.
    pub fn severity_of(&self, word: &str, meaning: Option<&str>) -> Option<String> {
        let scale = &self.definitions.severities;
        let in_scale =
            |name: &str| self.definitions.severity_rank(name).map(|rank| scale[rank].clone());
        let mapped =
            self.severity.map.iter().find(|(known, _)| known.eq_ignore_ascii_case(word.trim()));
        match mapped {
            Some((_, name)) => in_scale(name),
            None => in_scale(word).or_else(|| meaning.and_then(in_scale)),
        }
    }

    /// The zone of aggregates.
    pub fn zone(&self) -> Zone {
        self.zone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(Zone::UTC)
    }
}

fn read(
    file: &str,
    text: &str,
    is_there: impl Fn(&FilePath) -> bool,
) -> Result<Config, Vec<Diagnostic>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(in_file_order(toml_syntax::problems(file, text, &errors)));
    }
    let places = TomlPlaces { file, text, table: table.get_ref() };
    // The text is parsed into the same kind of tree as an incident file, so that mistakes are
    // reported alike.
    let tree = toml::from_str(text).map_err(|error| toml_syntax::problems(file, text, &[error]))?;
    let checked: Checked<Settings> = check(tree, &places, &in_toml);
    let mut found = checked.problems;
    let Some(settings) = checked.value else { return Err(in_file_order(found)) };
    let further = validate(&settings, is_there)
        .into_iter()
        .filter(|(path, _)| !covers(&checked.removed, path));
    found.extend(further.map(|(path, problem)| problem.at(places.value(&path))));
    let Settings {
        incidents,
        zone,
        naive_times,
        template,
        definitions,
        objectives,
        sources,
        severity,
        roles,
        check,
        services,
        writeups,
        store_evidence,
        formats,
    } = settings;
    let definitions = Definitions::try_from(definitions);
    if let Ok(definitions) = &definitions {
        found.extend(
            unknown_severities(&severity, definitions)
                .map(|(path, problem)| problem.at(places.value(&path))),
        );
    }
    match definitions {
        Ok(definitions) if found.is_empty() => Ok(Config {
            incidents,
            zone,
            naive_times,
            template,
            definitions,
            objectives,
            sources: named_sources::named(sources),
            severity,
            roles,
            services,
            writeups,
            store_evidence,
            formats,
            check: RuleChoice::new(check.select, check.ignore),
        }),
        _ => Err(in_file_order(found)),
    }
}

/// The key under which the `toml` crate passes a date or time to serde.
const TOML_TIME: &str = "$__toml_private_datetime";

/// Adds how a value of the wrong type is written in TOML.
fn in_toml(mut problem: Diagnostic, wrong: Wrong<'_>) -> Diagnostic {
    let (Some(name), Some(value), Problem::Value(message)) =
        (last_key(&wrong.at.0), wrong.value, wrong.problem)
    else {
        return problem;
    };
    let is_text_due = message.contains("expected a string");
    let time = value.get(TOML_TIME).and_then(serde_yaml::Value::as_str);
    if let (Some(time), true) = (time, is_text_due) {
        problem.message = format!("`{name}`: this is a TOML time, expected a text");
        let time = time.strip_suffix(":00").unwrap_or(time);
        return problem.hint(format!("put it in quotes: `{name} = \"{time}\"`"));
    }
    match value {
        serde_yaml::Value::Number(number) if name == "tolerance" => {
            problem.hints =
                vec![format!("a length of time is a text with its unit: `{name} = \"{number}m\"`")];
        }
        serde_yaml::Value::Bool(word) if is_text_due => {
            problem
                .hints
                .push(format!("put it in quotes if the text is meant: `{name} = \"{word}\"`"));
        }
        serde_yaml::Value::String(text) if message.contains("expected a sequence") => {
            problem.hints = vec![format!("write `{name} = [\"{text}\"]`")];
        }
        serde_yaml::Value::Sequence(list)
            if list.iter().all(serde_yaml::Value::is_mapping) && !list.is_empty() =>
        {
            problem.hints.push(format!("one pair of brackets: `[{}]`", wrong.at));
        }
        _ => {}
    }
    problem
}

/// Checks that the types cannot express, each with the path of the value.
fn validate(settings: &Settings, is_there: impl Fn(&FilePath) -> bool) -> Vec<(Path, Diagnostic)> {
    let mut problems = Vec::new();
    if let Some(folder) = &settings.incidents
        && !is_there(folder)
    {
        let message = format!("there is no folder `{}`", folder.display());
        problems.push((
            Path::key("incidents"),
            Diagnostic::error(message).hint("create it, or name the folder of the incident files"),
        ));
    }
    if let Some(Err(error)) = settings.zone.as_deref().map(str::parse::<Zone>) {
        problems.push((Path::key("zone"), wrong_zone(&error)));
    }
    problems.extend(named_sources::mistakes(&settings.sources, &settings.formats));
    problems.extend(own_formats::mistakes(&settings.formats));
    for (key, names) in [("select", &settings.check.select), ("ignore", &settings.check.ignore)] {
        for (index, name) in
            names.iter().enumerate().filter(|(_, name)| !rule_choice::is_rule(name))
        {
            let problem = Diagnostic::error(format!("no rule `{name}`"));
            let hint = match rule_choice::nearest_rule(name) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "`posthoc rules` lists them".to_owned(),
            };
            problems.push((Path::key("check").then(key).then(index), problem.hint(hint)));
        }
    }
    for mistake in settings.definitions.mistakes() {
        let path = mistake.path().0.into_iter().fold(Path::key("definitions"), Path::then);
        problems.push((path, Diagnostic::error(mistake.to_string())));
    }
    problems
}

/// The names of `[severity.map]` that are not on the scale.
fn unknown_severities(
    severity: &SeveritySettings,
    definitions: &Definitions,
) -> impl Iterator<Item = (Path, Diagnostic)> {
    severity.map.iter().filter(|(_, name)| definitions.severity_rank(name).is_none()).map(
        |(word, name)| {
            let message = format!("the severity `{name}` is not on the scale");
            let hint = format!("the scale is {}", definitions.severities.join(", "));
            (
                Path::key("severity").then("map").then(word.as_str()),
                Diagnostic::error(message).hint(hint),
            )
        },
    )
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            name("", "partial-outage").as_deref(),
            Some("major"),
            "by what its format means"
        );
        assert_eq!(name("", "apocalypse"), None);
        let own = "[definitions]\nseverities = ['P1', 'P2']\n[severity.map]\nmedium = 'p2'\napocalypse = 'P1'\n";
        assert_eq!(name(own, "MEDIUM").as_deref(), Some("P2"));
        assert_eq!(name(own, "apocalypse").as_deref(), Some("P1"));
        assert_eq!(
            name(own, "minor"),
            None,
            "the scale has no such name, and no map says which it is"
        );
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
}
