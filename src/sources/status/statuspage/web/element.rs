//! Elements that several of the pages have: an incident's link, an update, a timestamp.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use scraper::{ElementRef, Html, Node, Selector};

use crate::model::time::{Moment, epoch};
use crate::model::zone::Zone;
use crate::sources::decode::Decoded;
use crate::sources::input::Input;
use crate::sources::record::IncidentRecord;
use crate::sources::status::kit::feed;
use crate::sources::status::kit::feed::offset::Offsets;
use crate::sources::status::kit::feed::posts::{self, Post};
use crate::sources::status::kit::feed::timestamp::{Home, Order, Stamp, Years, stamp};
use crate::sources::status::kit::home::id_of_content;
use crate::sources::warnings::Warnings;
use crate::text::clean::{TextKind, clean_line, clean_markdown};
use crate::text::counted_that;

/// Why a timestamp gave no time.
pub(super) const NO_YEAR: &str = "its times have no year, and the page does not give one";

/// A selector of the product's own classes.
pub(super) fn selector(text: &'static str) -> Selector {
    Selector::parse(text).expect("a selector of this program")
}

static TITLE: LazyLock<Selector> = LazyLock::new(|| selector("title"));
static LINK: LazyLock<Selector> = LazyLock::new(|| selector("a[href*='/incidents/']"));
static NAME: LazyLock<Selector> = LazyLock::new(|| selector("[class*='incident-title'], a[href]"));
static STAMP: LazyLock<Selector> = LazyLock::new(|| selector("small"));
static EXACT: LazyLock<Selector> = LazyLock::new(|| selector("[data-datetime-unix]"));
static AS_WRITTEN: LazyLock<Selector> = LazyLock::new(|| selector(".whitespace-pre-wrap"));

/// One reading of one page.
pub(super) struct Reading<'a> {
    text: &'a str,
    decoded: &'a Decoded<'a>,
    pub warnings: Warnings<'a>,
    pub home: Home,
    /// The page's name.
    pub provider: Option<String>,
    /// The address from which the page was fetched.
    address: Option<url::Url>,
    /// The offsets of timestamps that come with their exact time.
    offsets: Offsets,
    /// Whether a timestamp lacks only its zone.
    pub(super) lacks_zone: bool,
    /// The assumptions about its zones, each once.
    doubts: BTreeSet<String>,
    /// The code of the current incident, once it is known.
    pub(super) code: String,
    /// The title of that incident.
    pub(super) title: String,
}

impl<'a> Reading<'a> {
    pub(super) fn new(input: &'a Input, decoded: &'a Decoded<'a>, zone: Option<Zone>) -> Self {
        let warnings = Warnings::new(input, decoded);
        let address = input.url.as_deref().and_then(|url| url::Url::parse(url).ok());
        Reading {
            text: decoded.body(),
            decoded,
            warnings,
            home: Home { zone },
            provider: None,
            address,
            offsets: Offsets::default(),
            lacks_zone: false,
            doubts: BTreeSet::new(),
            code: String::new(),
            title: String::new(),
        }
    }

    /// Takes the page's name from its title: `Example Status - Incident with logins`.
    pub(super) fn name_provider(&mut self, html: &Html) {
        let title = html.select(&TITLE).next().map(line).unwrap_or_default();
        let name = title.split_once(" Status - ").map_or(title.as_str(), |(name, _)| name);
        self.provider = feed::provider_of(name);
    }

    /// A warning about an incident. A parsed page has no places, but the code or the title of the
    /// incident can be located.
    pub(super) fn say(&mut self, code: &str, mut message: String) {
        let part_of = |name: &str| {
            let at = (!name.is_empty()).then(|| self.text.find(name)).flatten()?;
            Some(&self.text[at..at + name.len()])
        };
        let mut part = part_of(code);
        // An incident without a link on the page has a generated code.
        if part.is_none() && code == self.code && !self.title.is_empty() {
            part = part_of(&self.title);
            message = format!("{message} (incident \"{}\")", self.title);
        }
        self.warnings.at(self.decoded.span_of(part.unwrap_or_default()), message);
    }

    /// The incident that an element links to: its code, its title and its address.
    pub(super) fn linked(&mut self, element: ElementRef<'_>) -> Option<IncidentRecord> {
        let link = element.select(&LINK).next();
        let code = link.and_then(|link| code(link.attr("href")?));
        let link = link.filter(|_| code.is_some()).or_else(|| element.select(&NAME).next());
        let title = link.map(line).unwrap_or_default();
        let stamp = || element.select(&STAMP).last().map(line).unwrap_or_default();
        let Some(code) = code.or_else(|| id_of_content(&title, &stamp())) else {
            let shown: String = line(element).chars().take(60).collect();
            self.say(
                "",
                format!(
                    "`{shown}` has neither a link to its incident nor a name, and was left out"
                ),
            );
            return None;
        };
        self.code.clone_from(&code);
        self.title.clone_from(&title);
        if title.is_empty() {
            self.say(&code, format!("incident {code} has no name, and is called by its code"));
        }
        let mut record =
            IncidentRecord::new(code.clone(), if title.is_empty() { code } else { title });
        record.url = link.and_then(|link| self.address_of(link.attr("href")?));
        record.provider.clone_from(&self.provider);
        Some(record)
    }

    /// An absolute address; a relative one is resolved only if its base is known.
    pub(super) fn address_of(&self, href: &str) -> Option<String> {
        let joined = self.address.as_ref().and_then(|base| base.join(href).ok());
        joined.map_or_else(|| feed::address(href), |url| feed::address(url.as_str()))
    }

    /// Fills `record` from its updates, newest first, and returns whether to keep it. An update
    /// with an unreadable time keeps its text. If none has a time and only a zone is missing, the
    /// page should be imported again with one.
    pub(super) fn fill(
        &mut self,
        record: &mut IncidentRecord,
        shown: Vec<Shown<'_>>,
        mut years: Option<Years>,
    ) -> bool {
        self.code.clone_from(&record.id);
        self.title.clone_from(&record.title);
        let mut posts = Vec::with_capacity(shown.len());
        for stamp in shown.iter().filter_map(|shown| shown.stamp) {
            self.see(exact(stamp), &line(stamp));
        }
        let mut without_year = 0;
        for Shown { word, text, stamp } in shown {
            let state = posts::state(&word);
            if state.is_none() && !word.is_empty() {
                self.say(
                    &record.id,
                    format!("an update of incident {} has the unknown state `{word}`", record.id),
                );
            }
            match stamp
                .ok_or("it has no stamp".to_owned())
                .and_then(|stamp| self.time(stamp, years.as_mut()))
            {
                Ok(at) => posts.push(Post { at, created: None, word, state, text }),
                Err(problem) => {
                    // The newest state word is the state.
                    if posts.is_empty() {
                        record.state = record.state.or(state.filter(|state| state.is_phase()));
                    }
                    if problem == NO_YEAR {
                        without_year += 1;
                    } else {
                        let message = format!(
                            "an update of incident {} has no time that can be read: {problem}",
                            record.id
                        );
                        self.say(&record.id, message);
                    }
                    if !text.is_empty() {
                        record.untimed.push(posts::untimed(&word, text));
                    }
                }
            }
        }
        if without_year > 0 {
            let have = ["has", "have"].map(|verb| {
                format!("of incident {} {verb} no time that can be read: {NO_YEAR}", record.id)
            });
            let message = counted_that(without_year, "update", [&have[0], &have[1]]);
            self.say(&record.id, message);
        }
        record.updates = posts::updates(posts, Order::NewestFirst);
        posts::fill_from_updates(record);
        let is_kept = !record.updates.is_empty() || !record.untimed.is_empty() && !self.lacks_zone;
        if !is_kept {
            let message = match (record.untimed.is_empty(), self.home.zone) {
                (false, None) => "none of its updates has a zone; --zone says which it is",
                _ => "none of its updates has a time or a text",
            };
            self.say(&record.id, format!("incident {} was left out: {message}", record.id));
        }
        is_kept
    }

    /// The time of a timestamp: the exact one next to it, or its own, in a year that it states or
    /// that `years` gives.
    fn time(
        &mut self,
        element: ElementRef<'_>,
        years: Option<&mut Years>,
    ) -> Result<Moment, String> {
        if let Some(instant) = exact(element) {
            return Ok(Moment::exact(instant));
        }
        let text = line(element);
        let written = without_words(&text);
        let stamp = stamp(written).ok_or_else(|| format!("`{text}` is not a stamp"))?;
        let date = match (years, stamp.year) {
            (Some(years), _) => years.date(&stamp),
            (None, Some(year)) => NaiveDate::from_ymd_opt(year, stamp.month, stamp.day),
            (None, None) => return Err(NO_YEAR.to_owned()),
        };
        let date = date.ok_or_else(|| format!("no year near has the day of `{written}`"))?;
        self.moment(date, &stamp)
    }

    /// Adds a timestamp that comes with its exact time, which shows the meaning of the page's
    /// labels.
    pub(super) fn see(&mut self, exact: Option<DateTime<Utc>>, shown: &str) {
        let Some((instant, stamp)) = exact.zip(range(without_words(shown)).map(|(from, _)| from))
        else {
            return;
        };
        if let Some(date) = Years::from(Moment::exact(instant), Order::NewestFirst).date(&stamp) {
            self.offsets.see(date.and_time(stamp.time), instant);
        }
    }

    /// The moment of a timestamp with a known date.
    pub(super) fn moment(&mut self, date: NaiveDate, stamp: &Stamp) -> Result<Moment, String> {
        let mut stamp = stamp.clone();
        self.offsets.settle(&mut stamp, self.home);
        let stamp = &stamp;
        self.lacks_zone |= stamp.zone.is_empty() && self.home.zone.is_none();
        if let Some(doubt) =
            self.home.doubt(date, stamp).filter(|doubt| self.doubts.insert(doubt.clone()))
        {
            let code = self.code.clone();
            self.say(&code, format!("incident {code}: {doubt}"));
        }
        self.home
            .commonest_instant(date, stamp)
            .map(|instant| Moment::known_to(instant, stamp.precision))
            .map_err(|error| error.to_string())
    }
}

/// The exact time next to a timestamp.
fn exact(stamp: ElementRef<'_>) -> Option<DateTime<Utc>> {
    let digits = stamp.attr("data-datetime-unix");
    epoch(digits.or_else(|| stamp.select(&EXACT).next()?.attr("data-datetime-unix"))?.trim())
}

/// The timestamp in `Posted 3 days ago. Jul 03, 2025 - 20:15 PDT`, as on the page of an incident.
fn without_words(text: &str) -> &str {
    let written = text.rsplit_once(" ago.").map_or(text, |(_, written)| written).trim();
    ["Posted on ", "Posted "].iter().find_map(|word| written.strip_prefix(word)).unwrap_or(written)
}

/// An update as displayed on a page.
pub(super) struct Shown<'h> {
    pub word: String,
    /// Clean Markdown.
    pub text: String,
    pub stamp: Option<ElementRef<'h>>,
}

impl<'h> Shown<'h> {
    /// `<strong>WORD</strong> - TEXT <br> <small>STAMP</small>`, as on the front page; a future
    /// maintenance has no word.
    pub(super) fn of(update: ElementRef<'h>) -> Self {
        let named = |name: &'static str| move |child: &ElementRef<'h>| child.value().name() == name;
        let stamp = update.child_elements().filter(named("small")).last();
        let word = update.child_elements().find(named("strong"));
        let mut html = String::new();
        for child in update.children() {
            let Some(element) = ElementRef::wrap(child) else {
                if let Node::Text(text) = child.value() {
                    html.push_str(&escaped(text));
                }
                continue;
            };
            if Some(element) != stamp && Some(element) != word {
                html.push_str(&written(element).unwrap_or_else(|| element.html()));
            }
        }
        let html = html.trim();
        let html = html.strip_prefix('-').filter(|_| word.is_some()).unwrap_or(html);
        let text = clean_markdown(html.trim(), TextKind::Html);
        Shown { word: word.map(line).unwrap_or_default(), text, stamp }
    }
}

/// The HTML of a text with preserved line ends, converted to tags.
pub(super) fn written(element: ElementRef<'_>) -> Option<String> {
    let is_it = |element: &ElementRef<'_>| {
        element.value().classes().any(|class| class == "whitespace-pre-wrap")
    };
    let text = Some(element).filter(is_it).or_else(|| element.select(&AS_WRITTEN).next())?;
    let html = text.inner_html();
    Some(if html.contains("<br") { html } else { html.trim().replace('\n', "<br>") })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The text of an element on one line.
pub(super) fn line(element: ElementRef<'_>) -> String {
    clean_line(&element.text().collect::<String>())
}

/// The code of an incident in its address.
pub(super) fn code(address: &str) -> Option<String> {
    let rest = address.split_once("/incidents/")?.1;
    let code = rest.split(['/', '?', '#', '.']).next().unwrap_or_default();
    (!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .then(|| code.to_owned())
}

/// The word of the class `impact-WORD`.
pub(super) fn impact(element: ElementRef<'_>) -> Option<String> {
    element.value().classes().find_map(|class| class.strip_prefix("impact-")).map(str::to_owned)
}

/// The two ends of `Aug 26, 23:37 - Aug 27, 19:44 UTC` or, within a day, `Jan 24, 00:00-03:00 UTC`;
/// or one end of a single timestamp.
pub(super) fn range(text: &str) -> Option<(Stamp, Option<Stamp>)> {
    let text = clean_line(text);
    let Some((from, until)) = text.split_once('-').filter(|(from, _)| from.contains(':')) else {
        return Some((stamp(&text)?, None));
    };
    let (mut from, day) = (stamp(from)?, from.rsplit_once(',')?.0);
    let until = stamp(until).or_else(|| stamp(&format!("{day}, {until}")))?;
    // The zone is given once, at the end.
    if from.zone.is_empty() {
        from.zone.clone_from(&until.zone);
    }
    Some((from, Some(until)))
}
