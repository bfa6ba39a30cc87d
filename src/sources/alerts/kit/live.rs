//! A reader of alerts that can be fetched from a server by its address alone.

use super::alerts::Alerts;
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict};
use crate::sources::warnings::Warnings;

/// A reader of what a server has now.
pub(in crate::sources) struct Live {
    pub(in crate::sources::alerts) alerts: Alerts,
    /// Paths below the address of the server, the best first.
    pub(in crate::sources::alerts) endpoints: &'static [&'static str],
    /// The beginning of the title of its page for people.
    pub(in crate::sources::alerts) title: &'static str,
}

impl Reader for Live {
    fn about(&self) -> About {
        self.alerts.about()
    }

    fn endpoints(&self) -> &'static [&'static str] {
        self.endpoints
    }

    fn is_page(&self, html: &str) -> bool {
        html.contains(&format!("<title>{}", self.title))
    }

    fn sniff(&self, input: &Input, head: &str) -> Verdict {
        // No alert is active: an empty list, which says whose it is by its address only.
        let is_own = |url: &str| self.endpoints.iter().any(|path| url.ends_with(path));
        match input.url.as_deref().is_some_and(is_own) && head.trim() == "[]" {
            true => Verdict::Yes,
            false => self.alerts.sniff(input, head),
        }
    }

    fn read<'a>(
        &self,
        text: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        self.alerts.read(text, warnings)
    }
}
