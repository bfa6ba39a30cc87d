//! posthoc: incident postmortems and timelines as code.
//!
//! Data flows one way. Nothing below `cli` accesses files, the network, the clock, the environment
//! or the terminal, except that [`store`] owns the file system and [`fetch`] owns HTTP.
//!
//! ```text
//! bytes ─read─▶ records ─assemble─▶ Incident ─analyze─▶ Report ─▶ View ─▶ Tera ─▶ Markdown ─▶ Document ─▶ HTML │ PDF
//! sources/        assemble/         model/     analysis/   report/          templates/  markdown/   render/
//!                         ▲ the person's file: store/
//! ```
//!
//! | layer | content | may use |
//! |---|---|---|
//! | [`diag`] | messages with their places | – |
//! | [`text`] | untrusted strings: dangerous characters, escaping for each target, addresses of links | – |
//! | `yaml` | the places of values in a YAML text | – |
//! | [`model`] | what an incident is: plain types | `diag`, `text` |
//! | [`markdown`] | Markdown as a tree, made safe | `diag`, `text` |
//! | [`sources`] | the formats of other systems | `diag`, `text`, `yaml`, `model` |
//! | [`assemble`] | turns records and existing incidents into a plan of changes | the above |
//! | [`analysis`] | durations, impact, statistics, rules | `diag`, `text`, `yaml`, `model` |
//! | [`figure`] | charts as display lists | `analysis`, `markdown` and below |
//! | [`report`] | the frozen view, templates, audiences | `figure`, `markdown` and below |
//! | [`render`] | Markdown, HTML, PDF, JSON | `report` and below |
//! | [`store`] | the incidents folder, `posthoc.toml`, and their history in git; writes plans | the plans of `assemble`, the settings of `analysis`, `yaml`, `model` |
//! | [`fetch`] | fetches inputs over HTTP | the inputs of `sources` |
//! | `cli` | the program: arguments, terminal, exit codes; not part of the library | everything |
//!
//! `tests/it/layers.rs` fails if an import goes the other way.
//!
//! The public part is small on purpose: the model, and the steps of this flow, as the tests, the
//! benchmarks and the fuzz targets use them. All else is `pub(crate)`; the compiler warns of an
//! item that is `pub` and cannot be reached.
//!
//! From the text of a file to a document:
//!
//! ```
//! use posthoc::analysis::{claim, config::Definitions, duration_name::DurationName};
//! use posthoc::analysis::{impact, phases, progress};
//! use posthoc::model::evidence;
//! use posthoc::render::{html, page::Page};
//! use posthoc::report::{Audience, Projection, Protection, Report, template::Templates};
//! use posthoc::store::load;
//!
//! let mut incident = load::parse("outage.yaml", "
//! schema: posthoc/v1
//! id: outage
//! title: The API was down
//! milestones: {impact_start: ~2026-03-17T14:05Z, resolved_at: 2026-03-17T14:45Z}
//! timeline: [{at: 2026-03-17T14:09Z, kind: alert, text: The lag alert fired., milestone: detected_at}]
//! ").map_err(|mistakes| mistakes[0].to_string())?;
//!
//! // Set the milestones that the evidence proves and the file does not state.
//! let definitions = Definitions::default();
//! evidence::settle(&mut incident, definitions.order_of_trust());
//!
//! let durations = phases::durations(&incident, &definitions, None);
//! let ttr = durations.iter().find(|duration| duration.name == DurationName::Ttr).unwrap();
//! assert_eq!(ttr.value.as_ref().unwrap().to_string(), "~40 min");
//! assert_eq!(ttr.formula.to_string(), "resolved_at − impact_start");
//! assert_eq!(durations[0].value.as_ref().unwrap().to_string(), "~4 min", "time to detect");
//!
//! let report = Report {
//!     impact: impact::summarize(&incident, None),
//!     reopened: progress::reopened(&incident),
//!     claims: claim::compare(&incident, &durations),
//!     zone: incident.zone(),
//!     findings: vec![],
//!     evidence: vec![],
//!     incident: Projection::new(
//!         &incident,
//!         Audience::Internal,
//!         &Protection::default(),
//!         definitions.order_of_trust(),
//!     ),
//!     definitions,
//!     now: None,
//!     durations,
//! };
//! let page = Page::new(&report, &Templates::built_in()?, "default")?.value;
//! let html = html::write(&page.document, &page.figures, &page.meta);
//! assert!(String::from_utf8(html)?.contains("<h1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![warn(unreachable_pub)]

pub mod analysis;
pub mod assemble;
// The program is not part of the library: `main.rs` calls it, and the test of growth runs its
// commands within one process, to count their allocations.
#[doc(hidden)]
pub mod cli;
pub mod diag;
pub mod fetch;
pub mod figure;
pub mod markdown;
pub mod model;
pub mod render;
pub mod report;
pub mod sources;
pub mod store;
pub mod text;
mod yaml;
