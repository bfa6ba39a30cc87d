//! A sample of every status page format, generated from one description of incidents, for tests
//! that apply to all of them.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::sources::input::Input;

/// The address of the sample page.
pub(crate) const HOME: &str = "https://status.example.com";

/// An incident as a page may have it. A format uses what it has fields for.
#[derive(Debug, Clone)]
pub(crate) struct Incident<'a> {
    /// Its id in systems that number or name their incidents.
    pub number: &'a str,
    /// Its id in a feed.
    pub guid: &'a str,
    /// Its link.
    pub link: &'a str,
    pub title: &'a str,
    /// The oldest first; at least one.
    pub posts: Vec<Post<'a>>,
    /// When it was last changed, in RFC 3339.
    pub revised: &'a str,
}

/// A post of an incident.
#[derive(Debug, Clone)]
pub(crate) struct Post<'a> {
    /// Its date, in RFC 3339 and UTC.
    pub at: &'a str,
    /// `investigating` or `resolved`.
    pub word: &'a str,
    pub text: &'a str,
    /// When it was last changed.
    pub edited: &'a str,
}

/// How to write the incidents of a page in one format.
pub(crate) struct Sample {
    pub format: &'static str,
    /// The origin of an incident's id.
    pub id: IdOf,
    /// Where the time of the last change is written.
    pub revision: Revision,
    /// The files or responses; several if a file has one incident.
    pub write: fn(&[Incident<'_>]) -> Vec<Input>,
}

/// The origin of an incident's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdOf {
    /// Its number, in its own field or in the name of its file.
    Number,
    /// Its address, or its id in the feed.
    Address,
    /// Its title and first post: it has no id.
    Content,
}

/// Which objects have a time of their last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Revision {
    /// Nothing.
    None,
    /// The incident as a whole.
    Incident,
    /// Each post, and possibly the incident too.
    Posts,
    /// A feed entry, which is one post and is dated by it.
    Entry,
}

impl Sample {
    /// Whether a capture has only the latest post of an incident.
    pub(crate) fn has_latest_only(&self) -> bool {
        matches!(self.format, "incident-io-feed" | "incident-io-widget")
    }

    /// Whether an incident has a title and no posts.
    pub(crate) fn has_no_posts(&self) -> bool {
        self.format == "instatus-summary"
    }

    /// Whether every entry of the feed links to the page.
    pub(crate) fn links_to_the_page(&self) -> bool {
        self.format == "azure-feed"
    }

    /// Whether the address of an incident without a number is not its id.
    pub(crate) fn is_called_by_guid(&self) -> bool {
        matches!(self.format, "azure-feed" | "better-stack-feed")
    }

    /// The address of an incident of the page.
    pub(crate) fn address(&self) -> &'static str {
        match self.format {
            "better-stack-feed" => "https://status.example.com/incident/7",
            _ => "https://status.example.com/incidents/7",
        }
    }
}

const fn sample(
    format: &'static str,
    id: IdOf,
    revision: Revision,
    write: fn(&[Incident<'_>]) -> Vec<Input>,
) -> Sample {
    Sample { format, id, revision, write }
}

/// One sample per format.
pub(crate) const SAMPLES: &[Sample] = &[
    sample("statuspage-v2", IdOf::Number, Revision::Posts, |all| json(statuspage_v2(all))),
    sample("statuspage-feed", IdOf::Address, Revision::Incident, |all| feed(statuspage_feed(all))),
    sample("statuspage-html", IdOf::Address, Revision::None, statuspage_html),
    sample("incident-io-feed", IdOf::Address, Revision::Entry, |all| feed(incident_io_feed(all))),
    sample("instatus-feed", IdOf::Address, Revision::Incident, |all| feed(instatus_feed(all))),
    sample("aws-feed", IdOf::Content, Revision::Entry, |all| feed(aws_feed(all))),
    sample("azure-feed", IdOf::Address, Revision::Entry, |all| feed(azure_feed(all))),
    sample("xai-feed", IdOf::Address, Revision::Incident, |all| feed(xai_feed(all))),
    sample("lambstatus-feed", IdOf::Address, Revision::Incident, |all| feed(lambstatus_feed(all))),
    sample("incident-io", IdOf::Number, Revision::Posts, |all| json(incident_io(all))),
    sample("incident-io-widget", IdOf::Number, Revision::None, |all| json(incident_io_widget(all))),
    sample("google-cloud", IdOf::Number, Revision::Incident, |all| json(google_cloud(all))),
    sample("aws-data", IdOf::Content, Revision::None, |all| json(aws_data(all))),
    sample("aws-events", IdOf::Number, Revision::None, |all| json(aws_events(all))),
    sample("slack-status", IdOf::Number, Revision::Posts, |all| json(slack_status(all))),
    sample("heroku", IdOf::Number, Revision::Incident, |all| json(heroku(all))),
    sample("instatus-summary", IdOf::Number, Revision::Incident, |all| json(instatus_summary(all))),
    sample("better-stack", IdOf::Number, Revision::Posts, |all| json(better_stack(all))),
    sample("better-stack-feed", IdOf::Address, Revision::Entry, |all| feed(better_stack_feed(all))),
    sample("checkly", IdOf::Number, Revision::Posts, |all| json(checkly(all))),
    sample("zendesk-status", IdOf::Number, Revision::Posts, |all| json(zendesk(all))),
    sample("yandex-cloud", IdOf::Number, Revision::Posts, |all| json(yandex_cloud(all))),
    sample("datocms-status", IdOf::Number, Revision::Posts, datocms_status),
    sample("cachet", IdOf::Number, Revision::Posts, |all| json(cachet(all))),
    sample("uptime-kuma", IdOf::Number, Revision::Incident, |all| json(uptime_kuma(all))),
    sample("cstate", IdOf::Number, Revision::Incident, |all| files(all, cstate)),
    sample("netlify-statuskit", IdOf::Number, Revision::Incident, |all| files(all, statuskit)),
    sample("statusfy-markdown", IdOf::Number, Revision::Incident, |all| files(all, statusfy)),
    sample("upptime-monitor", IdOf::Number, Revision::Posts, |all| json(upptime(all))),
    sample("salesforce-trust", IdOf::Number, Revision::Posts, |all| json(salesforce(all))),
    sample("status-io", IdOf::Number, Revision::Posts, |all| json(status_io(all))),
    sample("pagerduty-status", IdOf::Number, Revision::Posts, |all| json(pagerduty(all))),
    sample("rootly-status", IdOf::Address, Revision::Posts, |all| json(rootly(all))),
    sample("saved-page", IdOf::Content, Revision::None, |all| files(all, saved_page)),
    sample("incident-records", IdOf::Number, Revision::None, |all| json(home_made(all))),
    sample("feed", IdOf::Address, Revision::Entry, |all| feed(generic_feed(all))),
];

fn json(text: String) -> Vec<Input> {
    vec![Input::new("page.json", text)]
}

fn feed(text: String) -> Vec<Input> {
    vec![Input::new("feed.xml", text)]
}

fn files(all: &[Incident<'_>], write: fn(&Incident<'_>) -> String) -> Vec<Input> {
    all.iter().map(|one| Input::new(format!("issues/{}.md", one.number), write(one))).collect()
}

impl Incident<'_> {
    fn first(&self) -> &Post<'_> {
        &self.posts[0]
    }

    fn last(&self) -> &Post<'_> {
        self.posts.last().expect("a post")
    }

    /// The posts, newest first.
    fn newest(&self) -> impl Iterator<Item = &Post<'_>> {
        self.posts.iter().rev()
    }
}

fn instant(at: &str) -> DateTime<Utc> {
    at.parse().expect("a time in RFC 3339")
}

fn shown(at: &str, pattern: &str) -> String {
    instant(at).format(pattern).to_string()
}

fn rfc_2822(at: &str) -> String {
    shown(at, "%a, %d %b %Y %H:%M:%S +0000")
}

fn list<T>(all: impl IntoIterator<Item = T>, write: impl Fn(T) -> String) -> String {
    all.into_iter().map(write).collect::<Vec<_>>().join(",\n")
}

fn escaped(html: &str) -> String {
    html.replace('<', "&lt;").replace('>', "&gt;")
}

/// An RSS feed of items with a title, a link, a guid and the result of `body` for each.
fn rss(title: &str, all: &[Incident<'_>], body: impl Fn(&Incident<'_>) -> String) -> String {
    let items: String = all
        .iter()
        .map(|one| {
            let Incident { title, link, guid, revised, .. } = one;
            format!(
                "<item><title>{title}</title><link>{link}</link><guid isPermaLink=\"false\">{guid}</guid><atom:updated>{revised}</atom:updated>{}</item>\n",
                body(one)
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\
         <channel><title>{title}</title><link>{HOME}</link>{items}</channel></rss>"
    )
}

fn dated(at: &str) -> String {
    format!("<pubDate>{}</pubDate>", rfc_2822(at))
}

/// Statuspage's paragraphs, newest first.
fn paragraphs(one: &Incident<'_>, pattern: &str) -> String {
    let paragraph = |post: &Post<'_>| {
        format!(
            "<p><small>{}</small><br><strong>{}</strong> - {}</p>",
            shown(post.at, pattern),
            post.word,
            post.text
        )
    };
    one.newest().map(paragraph).collect()
}

fn statuspage_v2(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, word, text, edited }| {
            format!(
                r#"{{"id": "u{at}", "status": "{word}", "body": "{text}", "created_at": "{at}", "updated_at": "{edited}", "display_at": "{at}"}}"#
            )
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"id": "{number}", "name": "{title}", "status": "{}", "impact": "minor", "shortlink": "{link}", "created_at": "{}", "updated_at": "{revised}", "incident_updates": [{posts}]}}"#,
            one.last().word,
            one.first().at
        )
    });
    format!(
        r#"{{"page": {{"id": "p", "name": "Example", "url": "{HOME}", "time_zone": "Etc/UTC", "updated_at": "2026-03-31T00:00:00Z"}}, "incidents": [{incidents}]}}"#
    )
}

fn statuspage_feed(all: &[Incident<'_>]) -> String {
    let entries: String = all
        .iter()
        .map(|one| {
            let Incident { guid, link, title, revised, .. } = one;
            format!(
                "<entry><id>{guid}</id><published>{}</published><updated>{revised}</updated><link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/><title>{title}</title><content type=\"html\">{}</content></entry>\n",
                one.last().at,
                escaped(&paragraphs(one, "%b %e, %H:%M UTC"))
            )
        })
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>tag:status.example.com,2005:/history</id><link rel=\"alternate\" type=\"text/html\" href=\"{HOME}\"/><title>Example Status - Incident History</title><updated>2026-03-31T00:00:00Z</updated>{entries}</feed>"
    )
}

fn statuspage_html(all: &[Incident<'_>]) -> Vec<Input> {
    let days: String = all
        .iter()
        .map(|one| {
            let updates: String = one
                .newest()
                .map(|post| {
                    format!(
                        "<div class=\"update font-regular {0}\"><strong>{0}</strong> - {1}<br><small>{2}</small></div>",
                        post.word,
                        post.text,
                        shown(post.at, "%b %e, %H:%M UTC")
                    )
                })
                .collect();
            format!(
                "<div class=\"status-day font-regular\"><div class=\"date\">{}</div><div class=\"incident-container\"><div class=\"incident-title impact-major font-large\"><a href=\"{}\">{}</a></div><div class=\"updates-container\">{updates}</div></div></div>",
                shown(one.last().at, "%b %e, %Y"),
                one.link,
                one.title
            )
        })
        .collect();
    let mut input = Input::new(
        "page.html",
        format!(
            "<!DOCTYPE html><html><head><title>Example Status</title><meta name=\"issued\" content=\"1\"><link rel=\"alternate\" type=\"application/atom+xml\" href=\"/history.atom\"></head><body>{days}</body></html>"
        ),
    );
    input.url = Some(format!("{HOME}/"));
    vec![input]
}

fn incident_io_feed(all: &[Incident<'_>]) -> String {
    let entries: String = all
        .iter()
        .map(|one| {
            let Incident { guid, link, title, revised, .. } = one;
            let Post { word, text, .. } = one.last();
            let html = escaped(&format!("<b>Status: {word}</b><br/><br/>{text}"));
            format!(
                "<entry><title>{title}</title><id>{guid}</id><link href=\"{link}\"/><updated>{revised}</updated><content type=\"html\">{html}</content></entry>\n"
            )
        })
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Example Status</title><id>{HOME}/</id><generator>incident.io</generator>{entries}</feed>"
    )
}

fn instatus_feed(all: &[Incident<'_>]) -> String {
    rss("Example Status - Incident history", all, |one| {
        let posts: String = one
            .posts
            .iter()
            .map(|Post { at, word, text, .. }| {
                format!(
                    " {} - {} - {text}",
                    shown(at, "%b %-d, %H:%M:%S GMT+0"),
                    match *word {
                        "resolved" => "Resolved",
                        _ => "Investigating",
                    }
                )
            })
            .collect();
        format!(
            "<description>\n    Type: Incident\n    Duration: 1 hour\n\n    Affected Components: API\n   {posts}\n</description>{}",
            dated(one.first().at)
        )
    })
}

fn aws_feed(all: &[Incident<'_>]) -> String {
    let items: String = all
        .iter()
        .flat_map(|one| one.posts.iter().map(move |post| (one, post)))
        .map(|(one, post)| {
            let mark = if post.word == "resolved" { "[RESOLVED] " } else { "" };
            format!(
                "<item><title>Informational message: {mark}{}</title><link>{}</link>{}<atom:updated>{}</atom:updated><guid>http://status.aws.amazon.com/#queues{}-eu-south-9_{}</guid><description>{}</description></item>\n",
                one.title,
                one.link,
                dated(post.at),
                post.edited,
                one.number,
                instant(post.at).timestamp(),
                post.text
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>Example Queues (Rome) Service Status</title><link>http://status.aws.amazon.com/</link>{items}</channel></rss>"
    )
}

fn azure_feed(all: &[Incident<'_>]) -> String {
    rss("Azure Status", all, |one| {
        format!("<description>{}</description>{}", one.last().text, dated(one.first().at))
    })
}

fn xai_feed(all: &[Incident<'_>]) -> String {
    rss("xAI System Status", all, |one| {
        let posts: String = one
            .newest()
            .map(|Post { at, word, text, .. }| {
                format!(
                    "<div><p><strong>{}</strong></p> <h3>{word}</h3> <p>{text}</p></div>",
                    rfc_2822(at)
                )
            })
            .collect();
        let html = format!("<h3>Status: {}</h3> <p>Severity: degraded</p>{posts}", one.last().word);
        format!("<description>{}</description>{}", escaped(&html), dated(one.first().at))
    })
}

fn lambstatus_feed(all: &[Incident<'_>]) -> String {
    rss("Example Status - Incident History", all, |one| {
        format!(
            "{}<content:encoded><![CDATA[{}]]></content:encoded>",
            dated(one.last().at),
            paragraphs(one, "%b %e, %Y, %H:%M UTC")
        )
    })
}

fn incident_io(all: &[Incident<'_>]) -> String {
    let ulid = |tail: &str| {
        let letters: String = tail.chars().filter(char::is_ascii_digit).collect();
        format!("01KDVZ4QW0{letters:0>16}")
    };
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, word, text, edited }| {
            format!(
                r#"{{"id": "{}", "status": "{word}", "body": "{text}", "created_at": "{at}", "updated_at": "{edited}", "display_at": "{at}"}}"#,
                ulid(&shown(at, "%m%d%H%M"))
            )
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"id": "{}", "name": "{title}", "status": "{}", "impact": "minor", "shortlink": "{link}", "created_at": "{}", "updated_at": "{revised}", "incident_updates": [{posts}]}}"#,
            ulid(number),
            one.last().word,
            one.first().at
        )
    });
    format!(
        r#"{{"page": {{"id": "{}", "name": "Example", "url": "{HOME}"}}, "incidents": [{incidents}]}}"#,
        ulid("1")
    )
}

fn incident_io_widget(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let Incident { number, link, title, .. } = one;
        let Post { at, word, text, .. } = one.last();
        format!(
            r#"{{"id": "{number}", "name": "{title}", "status": "{word}", "url": "{link}", "last_update_at": "{at}", "last_update_message": "{text}", "affected_components": []}}"#
        )
    });
    format!(
        r#"{{"page_title": "Example Status", "page_url": "{HOME}", "ongoing_incidents": [{incidents}], "in_progress_maintenances": [], "scheduled_maintenances": []}}"#
    )
}

fn google_cloud(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, word, text, edited }| {
            let status = if *word == "resolved" { "AVAILABLE" } else { "SERVICE_DISRUPTION" };
            format!(
                r#"{{"created": "{at}", "modified": "{edited}", "when": "{at}", "text": "{text}", "status": "{status}"}}"#
            )
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"id": "{number}", "number": "{number}", "begin": "{0}", "created": "{0}", "modified": "{revised}", "external_desc": "{title}", "severity": "low", "status_impact": "SERVICE_DISRUPTION", "service_key": "x", "service_name": "{title}", "uri": "{link}", "updates": [{posts}]}}"#,
            one.first().at
        )
    });
    format!("[{incidents}]")
}

fn aws_data(all: &[Incident<'_>]) -> String {
    let events = list(all, |one| {
        let mut posts = String::new();
        for post in &one.posts {
            let stamp = (instant(post.at) - chrono::TimeDelta::hours(7)).format("%l:%M %p PDT");
            let text = post.text;
            let _ =
                write!(posts, r#"<div><span class=\"yellowfg\">{stamp}</span>&nbsp;{text}</div>"#);
        }
        format!(
            r#"{{"service_name": "Queues (Oregon)", "summary": "{}", "date": "{}", "status": "2", "details": "", "service": "queues-us-west-2", "description": "{posts}"}}"#,
            one.title,
            instant(one.first().at).timestamp()
        )
    });
    format!(r#"{{"archive": [{events}], "current": []}}"#)
}

fn aws_events(all: &[Incident<'_>]) -> String {
    let events = list(all, |one| {
        let posts = list(&one.posts, |Post { at, word, text, .. }| {
            format!(
                r#"{{"summary": "s", "message": "{text}", "status": {}, "timestamp": {}}}"#,
                u8::from(*word != "resolved"),
                instant(at).timestamp()
            )
        });
        format!(
            r#"{{"arn": "arn:aws:health:eu-south-9::event/QUEUES/{}", "date": "{}", "status": "1", "service": "queues", "service_name": "Queues", "summary": "{}", "event_log": [{posts}]}}"#,
            one.number,
            instant(one.first().at).timestamp(),
            one.title
        )
    });
    format!("[{events}]")
}

fn slack_status(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let notes = list(one.newest(), |Post { at, text, edited, .. }| {
            format!(r#"{{"date_created": "{at}", "date_updated": "{edited}", "body": "{text}"}}"#)
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"id": {number}, "date_created": "{}", "date_updated": "{revised}", "title": "{title}", "type": "outage", "status": "resolved", "url": "{link}", "services": [], "notes": [{notes}]}}"#,
            one.first().at
        )
    });
    format!("[{incidents}]")
}

fn heroku(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(&one.posts, |Post { at, word, text, edited }| {
            format!(
                r#"{{"id": {}, "contents": "{text}", "update_type": "{word}", "created_at": "{at}", "updated_at": "{edited}"}}"#,
                instant(at).timestamp()
            )
        });
        let Incident { number, title, revised, .. } = one;
        format!(
            r#"{{"id": {number}, "title": "{title}", "state": "resolved", "created_at": "{}", "updated_at": "{revised}", "systems": ["Apps"], "updates": [{posts}]}}"#,
            one.first().at
        )
    });
    format!(
        r#"{{"status": [{{"system": "Apps", "status": "yellow"}}], "incidents": [{incidents}], "scheduled": []}}"#
    )
}

fn instatus_summary(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"id": "cm{number}", "name": "{title}", "started": "{}", "status": "{}", "impact": "MINOROUTAGE", "url": "{link}", "updatedAt": "{revised}"}}"#,
            one.first().at,
            one.last().word.to_uppercase()
        )
    });
    format!(
        r#"{{"page": {{"name": "Example", "url": "{HOME}", "status": "HASISSUES"}}, "activeIncidents": [{incidents}], "activeMaintenances": []}}"#
    )
}

fn better_stack(all: &[Incident<'_>]) -> String {
    let id = |one: &Incident<'_>, post: &Post<'_>| {
        format!("{}{}", one.number, instant(post.at).timestamp())
    };
    let reports = list(all, |one| {
        let posts = list(&one.posts, |post| format!(r#"{{"id": "{}"}}"#, id(one, post)));
        let Incident { number, title, revised, .. } = one;
        format!(
            r#"{{"id": "{number}", "type": "status_report", "attributes": {{"title": "{title}", "report_type": "manual", "starts_at": "{}", "updated_at": "{revised}", "affected_resources": [], "aggregate_state": "downtime"}}, "relationships": {{"status_updates": {{"data": [{posts}]}}}}}}"#,
            one.first().at
        )
    });
    let posts = list(all, |one| {
        list(&one.posts, |post| {
            let Post { at, text, edited, .. } = post;
            format!(
                r#"{{"id": "{}", "type": "status_update", "attributes": {{"message": "{text}", "published_at": "{at}", "updated_at": "{edited}"}}}}"#,
                id(one, post)
            )
        })
    });
    format!(
        r#"{{"data": {{"id": "1", "type": "status_page", "attributes": {{"company_name": "Example", "timezone": "UTC"}}}}, "included": [{reports}, {posts}]}}"#
    )
}

fn better_stack_feed(all: &[Incident<'_>]) -> String {
    let items: String = all
        .iter()
        .flat_map(|one| one.posts.iter().rev().map(move |post| (one, post)))
        .map(|(one, post)| {
            let Incident { title, link, .. } = one;
            // The number of an incident without its own page is in no guid.
            let guid = match link.split_once("/incident/") {
                Some(_) => format!("{link}#{:x}", instant(post.at).timestamp()),
                None => one.guid.to_owned(),
            };
            let Post { at, text, edited, .. } = post;
            format!(
                "<item><title>{title}</title><description>{text}</description>{}<atom:updated>{edited}</atom:updated><link>{link}</link><guid isPermaLink=\"false\">{guid}</guid></item>\n",
                dated(at)
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>Example Status</title><link>{HOME}</link>{items}</channel></rss>"
    )
}

fn checkly(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, word, text, edited }| {
            format!(
                r#"{{"id": "{at}", "status": "{}", "description": "{text}", "publicIncidentUpdateDate": "{at}", "created_at": "{at}", "updated_at": "{edited}"}}"#,
                word.to_uppercase()
            )
        });
        let Incident { number, title, revised, .. } = one;
        format!(
            r#"{{"id": "{number}", "name": "{title}", "severity": "MAJOR", "duration": 0, "created_at": "{}", "updated_at": "{revised}", "lastUpdateStatus": "RESOLVED", "services": [], "incidentUpdates": [{posts}]}}"#,
            one.first().at
        )
    });
    format!(r#"{{"incidents": [{incidents}]}}"#)
}

fn yandex_cloud(all: &[Incident<'_>]) -> String {
    let items = list(all, |one| {
        let posts = list(&one.posts, |Post { at, text, edited, .. }| {
            format!(
                r#"{{"id": {}, "type": "update", "content": "{text}", "createdAt": "{at}", "updatedAt": "{edited}"}}"#,
                instant(at).timestamp()
            )
        });
        let Incident { number, title, revised, .. } = one;
        format!(
            r#"{{"id": {number}, "title": "{title}", "status": "open", "startDate": "{0}", "createdAt": "{0}", "updatedAt": "{revised}", "levelId": 2, "level": {{"label": "Unavailable"}}, "services": [], "comments": [{posts}]}}"#,
            one.first().at
        )
    });
    format!(r#"{{"items": [{items}], "count": {}}}"#, all.len())
}

fn zendesk(all: &[Incident<'_>]) -> String {
    let id = |one: &Incident<'_>, post: &Post<'_>| {
        format!("{}{}", one.number, instant(post.at).timestamp())
    };
    let incidents = list(all, |one| {
        let posts = list(&one.posts, |post| format!(r#"{{"id": "{}"}}"#, id(one, post)));
        let Incident { number, title, revised, .. } = one;
        format!(
            r#"{{"id": "{number}", "type": "incident", "attributes": {{"outage": true, "impact": "major", "started_at": "{}", "updated_at": "{revised}", "status": "investigating", "title": "{title}"}}, "relationships": {{"incident_updates": {{"data": [{posts}]}}}}}}"#,
            one.first().at
        )
    });
    let mut posts: Vec<String> = Vec::new();
    for (one, post) in all.iter().flat_map(|one| one.posts.iter().map(move |post| (one, post))) {
        let Post { at, text, edited, .. } = post;
        posts.push(format!(
            r#"{{"id": "{}", "type": "incident_update", "attributes": {{"created_at": "{at}", "updated_at": "{edited}", "description": "{text}"}}}}"#,
            id(one, post)
        ));
    }
    format!(r#"{{"data": [{incidents}], "included": [{}]}}"#, posts.join(",\n"))
}

fn home_made(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(&one.posts, |Post { at, word, text, .. }| {
            format!(r#"{{"at": "{at}", "status": "{word}", "text": "{text}"}}"#)
        });
        let (number, title, start) = (one.number, one.title, one.first().at);
        format!(
            r#"{{"id": "{number}", "title": "{title}", "severity": "major", "created": "{start}", "updates": [{posts}]}}"#
        )
    });
    format!(r#"{{"incidents": [{incidents}]}}"#)
}

fn datocms_status(all: &[Incident<'_>]) -> Vec<Input> {
    all.iter()
        .map(|one| {
            let posts = list(&one.posts, |Post { at, word, text, edited }| {
                format!(
                    r#"{{"date": "{at}", "updatedAt": "{edited}", "status": "{word}", "content": "{text}"}}"#
                )
            });
            let Incident { number, title, revised, .. } = one;
            Input::new(
                format!("{number}.json"),
                format!(
                    r#"{{"updates": [{posts}], "impact": "major", "name": "{title}", "updatedAt": "{revised}", "components": ["api"]}}"#
                ),
            )
        })
        .collect()
}

fn cachet(all: &[Incident<'_>]) -> String {
    let plain = |at: &str| shown(at, "%Y-%m-%d %H:%M:%S");
    let incidents = list(all, |one| {
        let (first, rest) = one.posts.split_first().expect("a post");
        let posts = list(rest, |Post { at, text, edited, .. }| {
            format!(
                r#"{{"id": {}, "status": 4, "message": "{text}", "created_at": "{}", "updated_at": "{}"}}"#,
                instant(at).timestamp(),
                plain(at),
                plain(edited)
            )
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"id": {number}, "name": "{title}", "status": 1, "human_status": "Investigating", "visible": 1, "message": "{}", "permalink": "{link}", "occurred_at": "{1}", "created_at": "{1}", "updated_at": "{2}", "updates": [{posts}]}}"#,
            first.text,
            plain(first.at),
            plain(revised)
        )
    });
    format!(r#"{{"meta": {{"pagination": {{"total": 1}}}}, "data": [{incidents}]}}"#)
}

fn uptime_kuma(all: &[Incident<'_>]) -> String {
    let plain = |at: &str| shown(at, "%Y-%m-%d %H:%M:%S");
    let incidents = list(all, |one| {
        format!(
            r#"{{"id": {}, "style": "danger", "title": "{}", "content": "{}", "pin": true, "createdDate": "{}", "lastUpdatedDate": "{}"}}"#,
            one.number,
            one.title,
            one.last().text,
            plain(one.first().at),
            plain(one.revised)
        )
    });
    format!(
        r#"{{"config": {{"slug": "default", "title": "Example", "published": true, "showPoweredBy": true}}, "incidents": [{incidents}], "publicGroupList": [], "maintenanceList": []}}"#
    )
}

fn cstate(one: &Incident<'_>) -> String {
    let posts: Vec<String> = one
        .newest()
        .map(|Post { at, word, text, .. }| {
            let word = if *word == "resolved" { "Resolved" } else { "Investigating" };
            format!("*{word}* - {text} {{{{< track \"{}\" >}}}}", shown(at, "%Y-%m-%d %H:%M:%S"))
        })
        .collect();
    let Incident { title, revised, .. } = one;
    format!(
        "---\nsection: issue\ntitle: {title}\ndate: {}\nlastmod: {revised}\nresolved: false\naffected: [API]\nseverity: disrupted\n---\n{}",
        one.first().at,
        posts.join("\n\n")
    )
}

fn statuskit(one: &Incident<'_>) -> String {
    let posts: String = one
        .posts
        .iter()
        .map(|Post { at, word, text, .. }| {
            let word = if *word == "resolved" { "Resolved" } else { "Investigating" };
            format!("\n**{word}**: {text} {{{{< track \"{at}\" >}}}}\n")
        })
        .collect();
    let Incident { title, revised, .. } = one;
    format!(
        "+++\ntitle = \"{title}\"\ndate = {}\nlastmod = {revised}\nseverity = \"partial-outage\"\naffectedsystems = [\"Builds\"]\nresolved = false\n+++\n{posts}",
        one.first().at
    )
}

fn statusfy(one: &Incident<'_>) -> String {
    let posts: String = one
        .newest()
        .map(|Post { at, word, text, .. }| {
            let word = if *word == "resolved" { "Resolved" } else { "Investigating" };
            format!("\n::: update {word} | {at}\n{text}\n:::\n")
        })
        .collect();
    let Incident { number, title, revised, .. } = one;
    format!(
        "---\nid: {number}\ntitle: {title}\ndate: {}\nmodified: {revised}\nseverity: degraded-performance\naffectedsystems:\n  - api\nresolved: false\n---\n{posts}",
        one.first().at
    )
}

fn upptime(all: &[Incident<'_>]) -> String {
    let issues = list(all, |one| {
        let (first, rest) = one.posts.split_first().expect("a post");
        let posts = list(rest, |Post { at, text, edited, .. }| {
            format!(
                r#"{{"id": {}, "body": "{text}", "created_at": "{at}", "updated_at": "{edited}"}}"#,
                instant(at).timestamp()
            )
        });
        let Incident { number, link, title, revised, .. } = one;
        format!(
            r#"{{"number": {number}, "title": "{title}", "state": "open", "created_at": "{}", "updated_at": "{revised}", "html_url": "{link}", "labels": [{{"name": "status"}}, {{"name": "api"}}], "body": "{}", "comments": [{posts}]}}"#,
            first.at, first.text
        )
    });
    format!("[{issues}]")
}

fn salesforce(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, text, edited, .. }| {
            format!(
                r#"{{"id": {}, "message": "{text}", "type": "x", "createdAt": "{at}", "updatedAt": "{edited}"}}"#,
                instant(at).timestamp()
            )
        });
        let Incident { number, title, revised, .. } = one;
        format!(
            r#"{{"id": {number}, "externalId": "{number}", "createdAt": "{}", "updatedAt": "{revised}", "affectsAll": false, "name": "{title}", "instanceKeys": ["EX1"], "serviceKeys": ["search"], "IncidentImpacts": [], "IncidentEvents": [{posts}]}}"#,
            one.first().at
        )
    });
    format!("[{incidents}]")
}

fn status_io(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, word, text, edited }| {
            let state = if *word == "resolved" { 300 } else { 100 };
            format!(
                r#"{{"_id": "m{}", "details": "{text}", "state": {state}, "status": 500, "datetime": "{at}", "updated": "{edited}"}}"#,
                instant(at).timestamp()
            )
        });
        let Incident { number, title, revised, .. } = one;
        format!(
            r#"{{"_id": "{number}", "name": "{title}", "datetime_open": "{}", "updated": "{revised}", "messages": [{posts}], "components_affected": [], "containers_affected": []}}"#,
            one.first().at
        )
    });
    format!(
        r#"{{"result": {{"status_overall": {{"updated": "2026-03-31T00:00:00Z", "status_code": 500}}, "incidents": [{incidents}], "maintenance": {{"active": [], "upcoming": []}}}}}}"#
    )
}

fn pagerduty(all: &[Incident<'_>]) -> String {
    let posts = list(all, |one| {
        let Incident { number, title, revised, .. } = one;
        let updates = list(&one.posts, |Post { at, word, text, edited }| {
            format!(
                r#"{{"id": "PU{}", "post": {{"id": "{number}"}}, "message": "{text}", "status": {{"id": "PS", "description": "{word}"}}, "reported_at": "{at}", "updated_at": "{edited}"}}"#,
                instant(at).timestamp()
            )
        });
        format!(
            r#"{{"id": "{number}", "type": "status_page_post", "post_type": "incident", "title": "{title}", "updated_at": "{revised}", "updates": [{updates}]}}"#
        )
    });
    format!(r#"{{"posts": [{posts}]}}"#)
}

fn rootly(all: &[Incident<'_>]) -> String {
    let incidents = list(all, |one| {
        let posts = list(one.newest(), |Post { at, word, text, edited }| {
            format!(
                r#"{{"body": "{text}", "status": "{word}", "created_at": "{at}", "updated_at": "{edited}"}}"#
            )
        });
        let Incident { link, title, revised, .. } = one;
        format!(
            r#"{{"name": "{title}", "status": "started", "impact": "minor", "started_at": "{}", "updated_at": "{revised}", "resolved_at": null, "url": "{link}", "incident_updates": [{posts}]}}"#,
            one.first().at
        )
    });
    format!(
        r#"{{"page": {{"name": "Example Status", "url": "{HOME}", "time_zone": "UTC", "updated_at": "2026-03-31T00:00:00Z"}}, "incidents": [{incidents}]}}"#
    )
}

fn saved_page(one: &Incident<'_>) -> String {
    let posts: String = one
        .newest()
        .map(|Post { at, word, text, .. }| {
            let word = if *word == "resolved" { "Resolved" } else { "Investigating" };
            format!("{word}\n\n{text}\nPosted {}\n\n", shown(at, "%b %d, %Y - %H:%M UTC"))
        })
        .collect();
    format!("{}\n\nIncident Report for Example\n\n{posts}", one.title)
}

fn generic_feed(all: &[Incident<'_>]) -> String {
    let entries: String = all
        .iter()
        .flat_map(|one| one.posts.iter().rev().map(move |post| (one, post)))
        .map(|(one, post)| {
            let Incident { title, link, guid, .. } = one;
            let Post { at, text, edited, .. } = post;
            format!(
                "<entry><id>{guid}</id><title>{title}</title><link href=\"{link}\"/><published>{at}</published><updated>{edited}</updated><content type=\"html\">{text}</content></entry>\n"
            )
        })
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>{HOME}</id><link href=\"{HOME}\"/><title>Example Status</title>{entries}</feed>"
    )
}
