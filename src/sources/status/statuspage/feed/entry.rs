//! One entry of the feed: one incident or maintenance with its updates.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::model::time::Moment;
use crate::model::timeline::State;
use crate::model::zone::Zone;
use crate::sources::decode::Decoded;
use crate::sources::record::{IncidentRecord, UntimedPost};
use crate::sources::status::kit::feed::html::{Paragraph, oldest_stamp, paragraphs};
use crate::sources::status::kit::feed::offset::Offsets;
use crate::sources::status::kit::feed::posts::{self, Outcome, Post};
use crate::sources::status::kit::feed::timestamp::{
    Home, Order, Stamp, Years, feed_date, stamp, without_tags,
};
use crate::sources::status::kit::feed::{self, Feed, Item, Raw};
use crate::sources::status::kit::home::{Homes, id_of_content};
use crate::text::clean::{TextKind, clean_line, clean_markdown};

/// The start of the paragraph with the plan of a maintenance.
pub(super) const PLAN: &str = "<strong>THIS IS A SCHEDULED EVENT";

/// What applies to all entries of one feed.
pub(super) struct Page<'a> {
    decoded: &'a Decoded<'a>,
    provider: Option<String>,
    home: Home,
    homes: Homes,
}

impl<'a> Page<'a> {
    pub(super) fn new(decoded: &'a Decoded<'a>, feed: &Feed<'a>, zone: Option<Zone>) -> Self {
        let author = clean_line(&feed.author.text());
        let provider = if author.is_empty() {
            feed::provider_of(&feed.head.title.text())
        } else {
            Some(author)
        };
        Page { decoded, provider, home: Home { zone }, homes: feed::homes(feed) }
    }

    /// Reads one entry; without a record, but with a problem, if its id or all its times are
    /// missing.
    pub(super) fn entry(&self, item: &Item<'a>) -> Outcome {
        let mut reading = Reading {
            page: self,
            item,
            home: self.home,
            offsets: Offsets::of([item.published.text(), item.updated.text()]),
            doubts: BTreeSet::new(),
            outcome: Outcome::default(),
            untimed: Vec::new(),
        };
        let record = reading.record();
        reading.outcome.record = record;
        reading.outcome
    }
}

/// One entry during reading.
struct Reading<'a, 'p> {
    page: &'p Page<'a>,
    item: &'p Item<'a>,
    home: Home,
    /// The offsets in the entry's own dates.
    offsets: Offsets,
    /// The assumptions about its timestamps.
    doubts: BTreeSet<String>,
    outcome: Outcome,
    /// The updates with unreadable timestamps.
    untimed: Vec<UntimedPost>,
}

impl<'a> Reading<'a, '_> {
    /// The element with the updates.
    fn body(&self) -> Raw<'a> {
        if self.item.content.is_empty() { self.item.summary } else { self.item.content }
    }

    fn say(&mut self, part: &str, message: impl Into<String>) {
        self.outcome.problems.push((self.page.decoded.span_of(part), message.into()));
    }

    fn record(&mut self) -> Option<IncidentRecord> {
        let item = self.item;
        let link = item.link.text();
        let feed_id = item.id.text();
        let own = [&link, &feed_id].map(|name| self.page.homes.own(name));
        let by_content = || id_of_content(&item.title.text(), oldest_stamp(&self.body().text()));
        let Some(id) = id(own[0], own[1]).or_else(by_content) else {
            self.say(item.raw, feed::NAMELESS);
            return None;
        };
        let published = feed_date(&item.published.text(), self.home);
        if let Err(problem) = &published {
            // The years of the updates depend on it; the last change may be in another year.
            let message = feed::undated(&id, problem);
            self.say(item.raw, message);
        }
        let published = published.ok();
        let title = clean_line(&item.title.text());
        if title.is_empty() {
            self.say(item.raw, format!("{id} has no title, and is called by its id"));
        }
        let mut record = IncidentRecord::new(id.clone(), if title.is_empty() { id } else { title });
        record.url = feed::address(&link);
        record.revised = feed::revised(item, self.home);
        record.provider = self.page.provider.clone();
        let html = self.body().text();
        let (preface, paragraphs) = paragraphs(&html);
        if paragraphs.is_empty() {
            self.report_text(format!(
                "the updates of {} cannot be distinguished and became one",
                record.id
            ));
            let text = clean_markdown(&html, TextKind::Html);
            match published {
                Some(at) => {
                    let whole =
                        Post { at, created: None, word: "entry".to_owned(), state: None, text };
                    record.updates = posts::updates(vec![whole], Order::NewestFirst);
                }
                None => record.untimed.push(posts::untimed("entry", text)),
            }
            return Some(record);
        }
        let Some(anchor) = published else {
            record.maintenance = preface.contains(PLAN);
            record.untimed = paragraphs.iter().map(untimed).collect();
            return Some(record);
        };
        record.scheduled = self.plan(preface, anchor).map(|(from, until)| (from, Some(until)));
        record.maintenance = record.scheduled.is_some();
        let posts = self.posts(&paragraphs, anchor, &record.id);
        record.updates = posts::updates(posts, Order::NewestFirst);
        record.untimed = std::mem::take(&mut self.untimed);
        posts::fill_from_updates(&mut record);
        if let Some(published) = published {
            self.check_published(&record, published);
        }
        Some(record)
    }

    fn posts(
        &mut self,
        paragraphs: &[Paragraph<'_>],
        published: Moment,
        incident: &str,
    ) -> Vec<Post> {
        let mut years = Years::from(published, Order::NewestFirst);
        let dated: Vec<Option<(NaiveDate, Stamp)>> = paragraphs
            .iter()
            .map(|paragraph| {
                let stamp = stamp(paragraph.stamp)?;
                Some((years.date(&stamp)?, stamp))
            })
            .collect();
        for (date, stamp) in dated.iter().flatten() {
            self.home = self.home.proven_by(*date, stamp, published);
        }
        let by_clock = dated.iter().flatten().find_map(|(date, stamp)| {
            Some((stamp.zone.clone(), self.home.shown_by_clock(*date, stamp, published)?))
        });
        let mut posts = Vec::with_capacity(paragraphs.len());
        for (paragraph, mut dated) in paragraphs.iter().zip(dated) {
            if let (Some((_, stamp)), None) = (&mut dated, &by_clock) {
                self.offsets.settle(stamp, self.home);
            }
            let instant = match &dated {
                Some((date, stamp))
                    if by_clock.as_ref().is_some_and(|(label, _)| *label == stamp.zone) =>
                {
                    let place = by_clock.as_ref().map_or(Zone::UTC, |(_, place)| *place);
                    place.instant(date.and_time(stamp.time)).map_err(|error| error.to_string())
                }
                Some((date, stamp)) => {
                    if let Some(doubt) = self
                        .home
                        .doubt(*date, stamp)
                        .filter(|doubt| self.doubts.insert(doubt.clone()))
                    {
                        self.report_text(doubt);
                    }
                    self.home.commonest_instant(*date, stamp).map_err(|error| error.to_string())
                }
                None => {
                    Err(format!("`{}` is not a stamp", clean_line(&without_tags(paragraph.stamp))))
                }
            };
            match (instant, dated) {
                (Ok(instant), Some((_, stamp))) => {
                    posts.push(self.post(
                        paragraph,
                        Moment::known_to(instant, stamp.precision),
                        incident,
                    ));
                }
                (instant, _) => {
                    let problem = instant.err().unwrap_or_default();
                    self.report_text(format!(
                        "an update of {incident} has no time that can be read: {problem}"
                    ));
                    self.untimed.push(untimed(paragraph));
                }
            }
        }
        posts
    }

    fn post(&mut self, paragraph: &Paragraph<'_>, at: Moment, incident: &str) -> Post {
        let word = feed::line(paragraph.state);
        let state = posts::state(&word);
        if state.is_none() {
            self.report_text(format!("an update of {incident} has the unknown state `{word}`"));
        }
        Post {
            at,
            created: None,
            word,
            state,
            text: clean_markdown(paragraph.text, TextKind::Html),
        }
    }

    /// A problem in a part of the text whose own place was lost by unescaping.
    fn report_text(&mut self, message: impl Into<String>) {
        self.say(self.body().0, message);
    }

    /// The plan of a maintenance: `THIS IS A SCHEDULED EVENT Nov 12, 22:00 UTC - Nov 13, 02:00
    /// UTC`, or `Nov 12, 22:00 - 23:00 UTC` within one day.
    fn plan(&mut self, preface: &str, published: Moment) -> Option<(Moment, Moment)> {
        if preface.is_empty() {
            return None;
        }
        let text = clean_line(&without_tags(preface).replace("&nbsp;", " "));
        let plan = preface.contains(PLAN).then(|| self.window(&text, published)).flatten();
        if plan.is_none() {
            self.report_text(format!("`{text}` is before the updates and was not understood"));
        }
        plan
    }

    fn window(&self, text: &str, published: Moment) -> Option<(Moment, Moment)> {
        let (from, until) = text.split_once("EVENT")?.1.split_once(" - ")?;
        let mut from = stamp(from)?;
        let mut until = stamp(until).or_else(|| {
            let date: Vec<&str> = text.split_once("EVENT")?.1.split_whitespace().take(2).collect();
            stamp(&format!("{} {until}", date.join(" ")))
        })?;
        // Over several days each time has its zone; within one day there is one zone at the end.
        if from.zone.is_empty() {
            from.zone.clone_from(&until.zone);
        }
        self.offsets.settle(&mut from, self.home);
        self.offsets.settle(&mut until, self.home);
        let mut years = Years::from(published, Order::OldestFirst);
        let mut moment = |stamp: &Stamp| {
            let instant = self.home.commonest_instant(years.date(stamp)?, stamp).ok()?;
            Some(Moment::known_to(instant, stamp.precision))
        };
        let (from, until) = (moment(&from)?, moment(&until)?);
        (from <= until).then_some((from, until))
    }

    /// Warns if the newest update is not in the minute in which the entry was published or changed:
    /// a zone or a year was then misread. A write-up comes later, and a maintenance may be
    /// published at its planned time.
    fn check_published(&mut self, record: &IncidentRecord, published: Moment) {
        let is_exempt =
            record.maintenance || record.updates.iter().any(|u| u.state == Some(State::Postmortem));
        let newest = record.updates.iter().map(|update| update.at).max();
        let changed = feed_date(&self.item.updated.text(), self.home).ok();
        if let (false, Some(newest)) = (is_exempt, newest)
            && !feed::same_minute(newest, published)
            && !changed.is_some_and(|changed| feed::same_minute(newest, changed))
        {
            let message = format!(
                "the newest update of {} is of {newest}, but the feed says {published}",
                record.id
            );
            self.say(self.item.published.0, message);
        }
    }
}

/// The post of a paragraph with an unreadable time.
fn untimed(paragraph: &Paragraph<'_>) -> UntimedPost {
    posts::untimed(&feed::line(paragraph.state), clean_markdown(paragraph.text, TextKind::Html))
}

/// The incident's id: the code in its address, which is its id in the API too, or its id in the
/// feed.
pub(super) fn id(link: &str, feed_id: &str) -> Option<String> {
    let code = [link, feed_id]
        .into_iter()
        .find_map(|address| address.split_once("/incidents/").map(|(_, code)| code));
    let code = code.or_else(|| feed_id.rsplit_once(",2005:Incident/").map(|(_, number)| number));
    let code = code.map_or(feed_id, feed::last_part);
    let code = clean_line(code);
    (!code.is_empty()).then_some(code)
}
