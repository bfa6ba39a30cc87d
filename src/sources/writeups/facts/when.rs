//! The times of an incident, from all statements of its document.

use super::fields::{Fields, has_span};
use super::gathered::{Gathered, clean};
use super::{phrases, settle, stated, timeline};
use crate::model::milestone::MilestoneName;
use crate::model::time::Moment;
use crate::sources::record::{ProseMilestone, RowRecord};
use crate::sources::writeups::times::reading::Times;

/// The times of an incident. Empty for a template and an index.
#[derive(Default)]
pub(crate) struct When {
    /// The milestones that are stated by name.
    pub(crate) by_name: Vec<(MilestoneName, Moment)>,
    /// The timeline entries.
    pub(crate) rows: Vec<RowRecord>,
    /// The milestones that sentences state.
    pub(crate) in_prose: Vec<ProseMilestone>,
    /// The windows of an impact that came and went.
    pub(crate) windows: Vec<[Moment; 2]>,
}

impl When {
    /// Reads the times of an incident. `length` is the duration that the document states.
    pub(crate) fn of(
        gathered: &mut Gathered,
        fields: &Fields,
        title: &str,
        length: Option<&str>,
        times: &mut Times<'_, '_>,
    ) -> When {
        let by_name = by_name(gathered, fields, times);
        let mut rows = timeline::records(&mut gathered.timelines, title, times);
        let Prose { milestones: mut in_prose, windows } =
            in_prose(gathered, fields, title, &rows, times);
        settle::settle(&mut rows, &by_name, &mut in_prose, title, times);
        let other_end =
            length.and_then(|length| settle::by_length(length, &rows, &by_name, &in_prose));
        in_prose.extend(other_end);
        When { by_name, rows, in_prose, windows }
    }

    /// Whether the document states when something went wrong.
    pub(crate) fn is_of_an_incident(&self) -> bool {
        let states = |row: &RowRecord| row.at.is_some() && !row.states.is_empty();
        !self.by_name.is_empty() || !self.in_prose.is_empty() || self.rows.iter().any(states)
    }

    /// Returns the earliest time of a timeline entry or of a milestone stated by name.
    pub(crate) fn first(&self) -> Option<Moment> {
        let of_rows = self.rows.iter().filter_map(|row| row.at);
        of_rows.chain(self.by_name.iter().map(|(_, at)| *at)).min()
    }
}

/// The statements of sentences.
#[derive(Default)]
struct Prose {
    milestones: Vec<ProseMilestone>,
    /// The windows of an impact that came and went.
    windows: Vec<[Moment; 2]>,
}

/// Reads the milestones that are stated by name. Words that do not fit a milestone are preserved in
/// `gathered`.
fn by_name(
    gathered: &mut Gathered,
    fields: &Fields,
    times: &mut Times<'_, '_>,
) -> Vec<(MilestoneName, Moment)> {
    let mut found = Vec::new();
    let mut left: Vec<String> = Vec::new();
    for event in gathered.key_events(fields) {
        let moment = match event.is_malformed {
            true => {
                times.malformed(&event.written);
                None
            }
            false => times.stated(&event.written),
        };
        match moment {
            Some(moment) => {
                match found.iter().find(|(name, _)| *name == event.name) {
                    Some((name, first)) if *first != moment => {
                        times.say(
                            &event.written,
                            format!(
                                "`{}`: {name} is stated a second time; {first} is used",
                                event.written
                            ),
                        );
                    }
                    Some(_) => {}
                    None => found.push((event.name, moment)),
                }
                if !event.rest.is_empty() {
                    left.push(format!("- {}: {}", event.label, event.rest));
                }
            }
            None => left.push(format!("- {}: {} {}", event.label, event.written, event.rest)),
        }
    }
    if !left.is_empty() {
        let lines: Vec<&str> = left.iter().map(|line| line.trim_end()).collect();
        gathered.further.push(("Key events".to_owned(), clean(&lines.join("\n"))));
    }
    found
}

/// Reads the milestones that sentences state.
fn in_prose(
    gathered: &Gathered,
    fields: &Fields,
    title: &str,
    rows: &[RowRecord],
    times: &mut Times<'_, '_>,
) -> Prose {
    // The title can contain the span: `Mail outage on November 30, 06:35 – 14:43 UTC`.
    let of_title = Some(title).filter(|title| has_span(title));
    let spans = fields.spans.iter().map(String::as_str).chain(of_title);
    let spans = spans.map(|span| format!("The outage: {span}.\n\n")).collect::<String>();
    let stated = phrases::stated(&format!("{spans}{}", gathered.story()), title, &times.clock);
    let mut found = Prose {
        windows: stated
            .windows
            .iter()
            .map(|window| window.clone().map(|read| read.moment))
            .collect(),
        ..Prose::default()
    };
    for stated::Stated { name, written, read, choice, because, is_weak } in stated.milestones {
        if is_weak && is_contradicted(name, read.moment, rows) {
            continue;
        }
        if let Some(choice) = choice {
            times.say(&written, format!("`{written}`: {choice}"));
        }
        let line = times.line_of(&written, &because);
        found.milestones.extend(times.told(&written, Ok(read)).map(|at| ProseMilestone {
            name,
            at,
            because,
            line,
        }));
    }
    found
}

/// Whether a timeline entry contradicts a weak statement: it states the same milestone, an end
/// before that start, or a start after that end. Entries are explicit, so they take precedence.
fn is_contradicted(name: MilestoneName, at: Moment, rows: &[RowRecord]) -> bool {
    use MilestoneName::{ImpactEnd, ImpactStart, ResolvedAt};
    let is_other_end = |row: &RowRecord, other: Moment| match name {
        ImpactStart => {
            (row.shows(ImpactEnd) || row.shows(ResolvedAt)) && other.latest() < at.earliest()
        }
        ImpactEnd => row.shows(ImpactStart) && other.earliest() > at.latest(),
        _ => false,
    };
    rows.iter().any(|row| row.shows(name) || row.at.is_some_and(|other| is_other_end(row, other)))
}
