//! Writes the reference of the incident file, of `posthoc.toml` and of the template variables.
//!
//! ```text
//! cargo run --example reference
//! ```
//!
//! The pages in `docs/reference/` are made of the types that read the files: their schemas, and the
//! doc comments of their fields. The examples come from the two files beside this one. A test fails
//! while a page is not what this program would write.

mod keys;
mod page;
mod samples;

use std::error::Error;
use std::path::{Path, PathBuf};

use page::Style;

const INCIDENT: &str = "\
# The incident file

One incident is one YAML file in `incidents/`, named after its `id`. Only `schema`, `id` and `title` are
required: a key that is absent means that the value is unknown, never zero or \"no\". Unknown keys are errors, and
the message names the nearest key that exists.

`posthoc new` writes a commented file to start from. `posthoc init` writes a JSON Schema with which editors offer
and check the keys, and `posthoc schema` prints it.
";

const SETTINGS: &str = "\
# `posthoc.toml`

The settings of a workspace, in its top folder. The file and all of its keys are optional. Unknown keys are errors,
and the message names the nearest key that exists.
";

const VARIABLES: &str = "\
# Template variables

Templates (`posthoc render --template FILE`) are [Tera](https://keats.github.io/tera/docs/) templates that write
Markdown, for example `{{ title }}` or `{% for entry in timeline %}{{ entry.text }}{% endfor %}`. `posthoc templates
default` prints the built-in template as a start. `posthoc show ID --json` and `posthoc render --to json` print the
same values as JSON.

This is version 1 of the shape. It only grows: a variable is never renamed or removed. Instants are UTC in RFC 3339,
lengths are seconds, and an unknown value is `null`. Variables that are Markdown say so; all others are plain text.
The values depend on the audience: what a public report may not show is `null` or empty.
";

/// The pages: the name of each file, and its text.
fn pages() -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let incident = serde_json::to_value(schemars::schema_for!(posthoc::model::Incident))?;
    let settings = serde_json::to_value(posthoc::store::config::schema())?;
    let variables = serde_json::to_value(schemars::schema_for!(posthoc::report::view::View))?;
    Ok(vec![
        ("incident-file.md", page::write(INCIDENT, &incident, &samples::incident()?, Style::Yaml)?),
        ("posthoc-toml.md", page::write(SETTINGS, &settings, &samples::settings()?, Style::Toml)?),
        (
            "template-variables.md",
            page::write(VARIABLES, &variables, &samples::variables()?, Style::Variables)?,
        ),
    ])
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference")
}

fn main() -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder())?;
    for (name, text) in pages()? {
        posthoc::store::write::atomically(&folder().join(name), text.as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_pages_are_up_to_date() {
        for (name, text) in pages().unwrap() {
            let written = std::fs::read_to_string(folder().join(name)).unwrap_or_default();
            assert!(
                written == text,
                "docs/reference/{name} is stale: run `cargo run --example reference`"
            );
        }
    }
}
