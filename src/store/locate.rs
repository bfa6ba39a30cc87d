//! From a path in the model to the place in the text.

use std::ops::Range;

use yamlpath::{Component, Document, Route};

use crate::diag::Place;
use crate::model::path::{Path, Step};

/// A YAML text that places can be looked up in.
pub struct Locator<'a> {
    file: &'a str,
    text: &'a str,
    document: Option<Document>,
}

impl<'a> Locator<'a> {
    /// Reads `text`. A text that cannot be read has one place: the whole file.
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Locator { file, text, document: Document::new(text).ok() }
    }

    /// The place of the value at `path`; of the nearest value around it, if that is not there. A
    /// map or a list that begins below its key is placed at the key: its first line is about
    /// something else.
    pub fn value(&self, path: &Path) -> Place {
        self.nearest(path, |document, route| {
            let (start, end) = document.query_exact(route).ok().flatten()?.location.byte_span;
            let line = self.text.get(..start)?.rsplit('\n').next().unwrap_or_default();
            // Only what begins a line can lie below its key.
            let key = line.trim().is_empty().then(|| document.query_key_only(route).ok()).flatten();
            Some(key.map_or((start, end), |key| key.location.byte_span))
        })
    }

    /// The place of the key at the end of `path`; of the value, if the path ends in a list.
    pub fn key(&self, path: &Path) -> Place {
        self.nearest(path, |document, route| {
            document.query_key_only(route).ok().map(|feature| feature.location.byte_span)
        })
    }

    fn nearest(&self, path: &Path, look_up: impl Fn(&Document, &Route) -> Option<(usize, usize)>) -> Place {
        let Some(document) = &self.document else { return Place::whole_file(self.file) };
        let mut steps = path.0.as_slice();
        let mut found = if steps.is_empty() { None } else { look_up(document, &route(steps)) };
        while found.is_none() && steps.len() > 1 {
            steps = &steps[..steps.len() - 1];
            found = document.query_key_only(&route(steps)).ok().map(|feature| feature.location.byte_span);
            found = found.or_else(|| Some(document.query_exact(&route(steps)).ok()??.location.byte_span));
        }
        // What a file does not have at all is missing from the incident, which its title names.
        let title = || document.query_key_only(&route(&[Step::Key("title".to_owned())])).ok();
        if found.is_none() && !steps.is_empty() {
            found = title().map(|feature| feature.location.byte_span);
        }
        match found {
            Some((start, end)) => Place::new(self.file, self.text, self.first_line(start..end)),
            None => Place::whole_file(self.file),
        }
    }

    /// A caret under ten lines helps nobody: the first line of a long value stands for it.
    fn first_line(&self, span: Range<usize>) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or_default();
        let length = text.find('\n').unwrap_or(text.len());
        span.start..span.start + text[..length].trim_end().len().max(1)
    }
}

/// The route that yamlpath takes to `steps`.
pub(super) fn route(steps: &[Step]) -> Route<'static> {
    let components: Vec<Component<'static>> = steps
        .iter()
        .map(|step| match step {
            Step::Key(key) => Component::from(key.clone()),
            Step::Index(index) => Component::from(*index),
        })
        .collect();
    Route::from(components)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: x\nmilestones:\n  resolved_at: 2026-01-01 # end\ntimeline:\n  - at: a\n    text: |\n      one\n      two\n";

    fn value(path: &Path) -> (usize, String) {
        let place = Locator::new("f", TEXT).value(path);
        (place.line, TEXT[place.span].to_owned())
    }

    #[test]
    fn the_place_of_a_value_is_its_first_line() {
        assert_eq!(value(&Path::key("milestones").then("resolved_at")), (3, "2026-01-01".into()));
        assert_eq!(value(&Path::key("timeline").then(0).then("text")), (6, "|".into()));
    }

    #[test]
    fn a_value_that_is_not_there_is_placed_at_its_parent() {
        assert_eq!(value(&Path::key("milestones").then("impact_start")), (2, "milestones".into()));
        assert_eq!(value(&Path::key("root_causes")), (1, "title".into()));
        assert_eq!(Locator::new("f", TEXT).value(&Path::root()).line, 1);
    }

    #[test]
    fn a_map_below_its_key_is_placed_at_the_key() {
        assert_eq!(value(&Path::key("milestones")), (2, "milestones".into()));
        assert_eq!(value(&Path::key("timeline").then(0)), (5, "at: a".into()));
    }

    #[test]
    fn the_place_of_a_key() {
        let place = Locator::new("f", TEXT).key(&Path::key("milestones").then("resolved_at"));
        assert_eq!(&TEXT[place.span], "resolved_at");
    }
}
