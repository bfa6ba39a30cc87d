//! `posthoc.toml`: what this team means by its words.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::StoreError;
use crate::analysis::config::Definitions;
use crate::diag::{Diagnostic, Place};
use crate::model::zone::Zone;

/// The name of the file.
pub const FILE_NAME: &str = "posthoc.toml";

/// The settings of one workspace. Without a file the defaults serve.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder of the incident files, below the workspace; `incidents` if absent.
    pub incidents: Option<PathBuf>,
    /// The zone of periods in aggregates, and of incidents that name none; UTC if absent.
    pub zone: Option<String>,
    /// A template of the report: the name of a built-in one, or a file below the workspace.
    pub template: Option<String>,
    /// What the numbers mean.
    pub definitions: Definitions,
}

impl Config {
    /// Reads the file at `path`, called `name` in messages.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read, or says something that nobody understands.
    pub fn load(path: &Path, name: &str) -> Result<Self, StoreError> {
        let text = std::fs::read_to_string(path).map_err(StoreError::io("read", path))?;
        Config::parse(name, &text)
            .map_err(|problem| StoreError::Content { path: path.to_owned(), problems: vec![problem] })
    }

    /// Reads the text of the file, called `file` in messages.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        let place = |span: Option<std::ops::Range<usize>>| {
            span.map_or(Place::whole_file(file), |span| Place::new(file, text, span))
        };
        let config: Config = toml::from_str(text)
            .map_err(|error| Diagnostic::error(error.message().to_owned()).at(place(error.span())))?;
        if let Some(zone) = &config.zone {
            let span = text.find(zone.as_str()).map(|start| start..start + zone.len());
            zone.parse::<Zone>().map_err(|error| Diagnostic::error(error.to_string()).at(place(span)))?;
        }
        Ok(config)
    }

    /// The zone of aggregates.
    pub fn zone(&self) -> Zone {
        self.zone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(Zone::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_defaults() {
        assert_eq!(Config::parse("posthoc.toml", ""), Ok(Config::default()));
    }

    #[test]
    fn a_mistake_has_its_place() {
        let problem = Config::parse("posthoc.toml", "zone = \"UTC\"\nincidnts = 'x'\n").unwrap_err();
        assert_eq!(problem.place.as_ref().map(|place| place.line), Some(2));
        assert!(problem.message.contains("unknown field `incidnts`"), "{problem}");
        let problem = Config::parse("posthoc.toml", "zone = \"Europe/Berln\"\n").unwrap_err();
        assert_eq!(problem.place.as_ref().map(|place| place.column), Some(9));
    }
}
