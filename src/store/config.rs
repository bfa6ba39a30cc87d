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
    /// What must not be in public reports.
    pub redaction: RedactionSettings,
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

/// What must not be in anything that is written with `--audience public`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RedactionSettings {
    /// Terms that must never leave the company, such as code names, customers and hosts. Each is
    /// replaced in every text, in any case and however its words are joined; `*` stands for any
    /// further letters, digits, dots and hyphens: `"Blue Whale"`, `"*.corp.example.com"`.
    pub terms: Vec<String>,
    /// Names in fields for people (roles, actors, owners) that are ordinary words, such as
    /// `support`. Texts keep them; otherwise each name of a person becomes `Responder 1` and so on.
    pub not_names: Vec<String>,
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
    /// Objectives for the availability of services: `posthoc stats` prints the availability, and
    /// how much of the error budget is used.
    objectives: BTreeMap<String, Objective>,
    /// Status pages that `posthoc import NAME` and `posthoc import --all` fetch.
    sources: BTreeMap<String, WrittenSource>,
    /// How the severities of imported incidents are translated.
    severity: SeveritySettings,
    /// The roles that an import writes instead of the names of people in chats and alerts: `"Ana
    /// Alm" = "on-call engineer"`.
    roles: BTreeMap<String, String>,
    /// What must not be in anything that is written with `--audience public`.
    redaction: RedactionSettings,
    /// The services, each with its aliases: `search = ["Search API", "opensearch"]`. `import
    /// --propose` lists those that the title or the summary of a write-up mentions.
    services: BTreeMap<String, Vec<String>>,
    /// How write-ups are read.
    writeups: WriteUpSettings,
    /// Whether `import --into` stores the bytes of evidence under `evidence/`. If not, a source has
    /// their hash only: metrics have no charts, and `posthoc verify` has nothing to compare.
    #[schemars(extend("default" = true))]
    store_evidence: Option<bool>,
    /// Formats of the team's own: where the fields are in the records of a JSON file or in a table.
    /// `posthoc formats try FILE` proposes one.
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
        redaction,
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
            redaction,
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
    for (index, term) in settings.redaction.terms.iter().enumerate() {
        if !term.contains(char::is_alphanumeric) {
            let problem = Diagnostic::error("a term needs a letter or a digit")
                .hint("write the word that must not leave the company");
            problems.push((Path::key("redaction").then("terms").then(index), problem));
        }
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
mod tests;
