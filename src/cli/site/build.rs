//! Builds the pages of a site in memory.

use std::collections::BTreeMap;

use crate::analysis::duration_name::DurationName;
use crate::analysis::progress::last_record;
use crate::analysis::stats::{Grouping, StatsOptions, StatsTable, stats};
use crate::cli::args::Context;
use crate::cli::error::CliError;
use crate::cli::filter::Filters;
use crate::cli::render::templates_of;
use crate::cli::reports::{self, Others};
use crate::markdown::Document;
use crate::model::Incident;
use crate::model::time::{Moment, Precision};
use crate::model::zone::Zone;
use crate::render::html::{Frame, write_in};
use crate::render::page::Page;
use crate::render::{Figures, Meta};
use crate::report::figures::Drawing;
use crate::report::site::{self, Entry, Services, SitePage};
use crate::report::statistics;
use crate::report::template::Templates;
use crate::report::{Audience, Projection};
use crate::store::Workspace;
use crate::store::workspace::Loaded;

/// The script that filters lists of incidents.
const FILTERS: &str = include_str!("../../../templates/html/filters.js");
/// The script that reloads a page of `posthoc serve` when a file changes.
const RELOAD: &str = include_str!("../../../templates/html/reload.js");

/// Builds the pages of a site.
pub(in crate::cli) struct Builder<'a> {
    workspace: &'a Workspace,
    context: &'a Context,
    audience: Audience,
    templates: Templates,
    template: String,
    title: &'a str,
    base: &'a str,
    /// Whether the pages are served by `posthoc serve` and reload themselves.
    is_live: bool,
}

impl<'a> Builder<'a> {
    /// `base` is the address of the site, for its feeds.
    pub(in crate::cli) fn new(
        workspace: &'a Workspace,
        context: &'a Context,
        audience: Audience,
        template: Option<&str>,
        title: &'a str,
        base: &'a str,
    ) -> Result<Self, CliError> {
        let (templates, template) = templates_of(template, context, workspace)?;
        Ok(Builder {
            workspace,
            context,
            audience,
            templates,
            template,
            title,
            base,
            is_live: false,
        })
    }

    /// Makes the pages reload themselves, for `posthoc serve`.
    pub(in crate::cli) fn live(self) -> Self {
        Builder { is_live: true, ..self }
    }

    /// The page of an incident: its path, its content and its entry in lists.
    pub(in crate::cli) fn incident(
        &self,
        loaded: &Loaded,
        others: &Others,
    ) -> Result<(String, Vec<u8>, Entry), CliError> {
        let now = self.context.stated_now;
        let report =
            reports::report(loaded, others, self.workspace, self.context, self.audience, now);
        let page = Page::new(&report, &self.templates, &self.template)
            .map_err(|error| CliError::bad_input(error.to_diagnostic()))?
            .value;
        reports::refuse_leaks(&page, &report, loaded)?;
        let frame = self.frame("../", false);
        let bytes = write_in(&page.document, &page.figures, &page.meta, &frame);
        Ok((
            site::incident_path(&page.view.id),
            bytes,
            Entry::new(&report, last_record(&report.incident)),
        ))
    }

    /// The entry of an incident in lists.
    pub(in crate::cli) fn entry(&self, loaded: &Loaded) -> Entry {
        let now = self.context.stated_now;
        let others = Others::default();
        let (workspace, context) = (self.workspace, self.context);
        let report = reports::report(loaded, &others, workspace, context, self.audience, now);
        Entry::new(&report, last_record(&report.incident))
    }

    /// The frame of an error page, which reloads itself when the errors are corrected.
    pub(in crate::cli) fn error_frame() -> Frame {
        Frame {
            links: vec![("All incidents".to_owned(), "/index.html".to_owned())],
            script: Some(RELOAD.to_owned()),
            may_connect: true,
            ..Frame::default()
        }
    }

    /// The frame of a page. `up` is the relative path to the top of the site.
    fn frame(&self, up: &str, is_list: bool) -> Frame {
        let links = [
            (self.title, "index.html"),
            ("Follow-ups", "follow-ups.html"),
            ("Statistics", "statistics.html"),
        ];
        let scripts = [(is_list, FILTERS), (self.is_live, RELOAD)];
        let script: String =
            scripts.iter().filter(|(is_used, _)| *is_used).map(|(_, script)| *script).collect();
        Frame {
            links: links
                .iter()
                .map(|(words, path)| ((*words).to_owned(), format!("{up}{path}")))
                .collect(),
            feeds: vec![
                ("application/atom+xml", format!("{up}feed.atom")),
                ("application/feed+json", format!("{up}feed.json")),
            ],
            script: (!script.is_empty()).then_some(script),
            may_connect: self.is_live,
        }
    }

    fn page(&self, page: SitePage, up: &str, is_list: bool) -> Vec<u8> {
        let document = Document::of_site(&page.markdown);
        let figures: Figures =
            page.drawings.into_iter().map(|drawing| (drawing.name, drawing.figure)).collect();
        let title = if page.title == self.title {
            page.title
        } else {
            format!("{} – {}", page.title, self.title)
        };
        let meta = Meta {
            title,
            class: crate::text::capitalized(self.audience.as_str()),
            head: self.title.to_owned(),
            date: self.context.stated_now,
            ..Meta::default()
        };
        write_in(&document, &figures, &meta, &self.frame(up, is_list))
    }
}

/// The pages about several incidents.
pub(in crate::cli) struct Shared {
    /// Newest first; incidents without a date are last.
    entries: Vec<Entry>,
    services: Services,
    projections: Vec<Projection>,
}

impl Shared {
    /// `entries` are the entries of `incidents`, in any order.
    pub(in crate::cli) fn new(
        builder: &Builder,
        mut entries: Vec<Entry>,
        incidents: &[&Loaded],
    ) -> Self {
        entries.sort_by(|a, b| b.at.cmp(&a.at).then(a.id.cmp(&b.id)));
        let names = entries.iter().flat_map(|entry| entry.services.iter().map(String::as_str));
        let services = Services::new(names);
        let projections = incidents
            .iter()
            .map(|loaded| {
                reports::projection(&loaded.incident, builder.workspace, builder.audience)
            })
            .collect();
        Shared { entries, services, projections }
    }

    /// Every file with its path.
    pub(in crate::cli) fn files(
        &self,
        builder: &Builder,
    ) -> Result<Vec<(String, Vec<u8>)>, CliError> {
        let zone = Filters::zone(builder.context, builder.workspace);
        let all: Vec<&Incident> = self.projections.iter().map(|one| &**one).collect();
        let mut files = vec![
            ("index.html".to_owned(), self.index(builder, &all, zone)),
            ("follow-ups.html".to_owned(), self.follow_ups(builder)),
            ("statistics.html".to_owned(), self.statistics(builder, &all, zone)),
        ];
        let mut by_service: BTreeMap<&str, Vec<&Incident>> = BTreeMap::new();
        for incident in &all {
            for service in &incident.services {
                by_service.entry(service).or_default().push(incident);
            }
        }
        for (name, path) in self.services.all() {
            let of_service = by_service.get(name).map(Vec::as_slice).unwrap_or_default();
            let months = months(of_service, builder, zone).1;
            let page = site::service(name, &self.entries, &self.services, months);
            files.push((path, builder.page(page, "../", true)));
        }
        let feeds = [
            ("feed.atom", site::atom(builder.title, &self.entries, builder.base)),
            ("feed.json", site::json_feed(builder.title, &self.entries, builder.base)),
        ];
        files.extend(
            feeds
                .into_iter()
                .filter_map(|(path, text)| Some((path.to_owned(), text?.into_bytes()))),
        );
        Ok(files)
    }

    fn index(&self, builder: &Builder, all: &[&Incident], zone: Zone) -> Vec<u8> {
        let months = months(all, builder, zone).1;
        builder.page(site::index(builder.title, &self.entries, &self.services, months), "", true)
    }

    fn follow_ups(&self, builder: &Builder) -> Vec<u8> {
        let has_owners = builder.audience != Audience::Public;
        builder.page(site::follow_ups(&self.entries, has_owners), "", false)
    }

    fn statistics(&self, builder: &Builder, all: &[&Incident], zone: Zone) -> Vec<u8> {
        let definitions = &builder.workspace.config.definitions;
        let options = StatsOptions { metrics: METRICS.to_vec(), ..options(builder, zone) };
        let answer = stats(all, definitions, &options);
        let (by_month, _) = months(all, builder, zone);
        let drawings = statistics::draw(&answer, &by_month);
        let notes = statistics::notes(&answer, Vec::new(), &[], zone);
        let now = Moment::known_to(builder.context.now(), Precision::Minute).display_in(zone);
        let subtitle = format!("All incidents, as of {now}");
        let markdown = statistics::markdown("Statistics", &subtitle, &answer, &notes, &drawings);
        let page = SitePage { title: "Statistics".to_owned(), markdown, drawings };
        builder.page(page, "", false)
    }
}

/// The durations on the statistics page.
const METRICS: [DurationName; 6] = [
    DurationName::Ttr,
    DurationName::Restore,
    DurationName::Ttd,
    DurationName::Ttn,
    DurationName::Reported,
    DurationName::Impact,
];

/// The options that all statistics of a site share.
fn options(builder: &Builder, zone: Zone) -> StatsOptions {
    let now = Some(builder.context.now());
    StatsOptions { zone, inputs: true, now, ..StatsOptions::default() }
}

/// The table of incidents per month, and its chart.
fn months(incidents: &[&Incident], builder: &Builder, zone: Zone) -> (StatsTable, Option<Drawing>) {
    let by = Some(Grouping::Month);
    let options = StatsOptions { metrics: Vec::new(), by, ..options(builder, zone) };
    let table = stats(incidents, &builder.workspace.config.definitions, &options);
    let drawing =
        statistics::draw(&table, &table).into_iter().find(|drawing| drawing.name == "months");
    (table, drawing)
}
