//! Incidents described once, for tests of all status page formats. Each format writes them in its
//! own way: [`Source::sample`](super::source::Source::sample).

use chrono::{DateTime, Utc};

use super::input::Input;

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

/// How to write the incidents of a page in one format, and what the format cannot express.
#[derive(Clone, Copy)]
pub struct Sample {
    pub(crate) format: &'static str,
    /// The origin of an incident's id.
    pub(crate) id: IdOf,
    /// Where the time of the last change is written.
    pub(crate) revision: Revision,
    /// Whether a capture has only the latest post of an incident.
    pub(crate) has_latest_only: bool,
    /// Whether an incident has posts, not just a title.
    pub(crate) has_posts: bool,
    /// Whether every entry of the feed links to the page.
    pub(crate) links_to_page: bool,
    /// Whether an incident is identified by its guid if its address has no number.
    pub(crate) is_identified_by_guid: bool,
    /// The address of an incident of the page.
    pub(crate) address: &'static str,
    write: Write,
}

/// How the incidents are divided into files or responses.
#[derive(Clone, Copy)]
enum Write {
    Json(fn(&[Incident<'_>]) -> String),
    Feed(fn(&[Incident<'_>]) -> String),
    /// A file for each incident, named after its number.
    Files(fn(&Incident<'_>) -> String),
    Inputs(fn(&[Incident<'_>]) -> Vec<Input>),
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
    /// An incident that is its only post.
    OnlyPost,
    /// A feed entry, which is one post and is dated by it.
    Entry,
    /// A feed entry, which has the first date of the incident and its latest post.
    EntryOfIncident,
    /// A feed entry whose only time is that of the last change.
    Latest,
}

impl Sample {
    const fn new(format: &'static str, id: IdOf, revision: Revision, write: Write) -> Self {
        Sample {
            format,
            id,
            revision,
            has_latest_only: false,
            has_posts: true,
            links_to_page: false,
            is_identified_by_guid: false,
            address: "https://status.example.com/incidents/7",
            write,
        }
    }

    /// A JSON document of all incidents.
    pub(crate) const fn json(
        format: &'static str,
        id: IdOf,
        revision: Revision,
        write: fn(&[Incident<'_>]) -> String,
    ) -> Self {
        Sample::new(format, id, revision, Write::Json(write))
    }

    /// A feed of all incidents.
    pub(crate) const fn feed(
        format: &'static str,
        id: IdOf,
        revision: Revision,
        write: fn(&[Incident<'_>]) -> String,
    ) -> Self {
        Sample::new(format, id, revision, Write::Feed(write))
    }

    /// A text file for each incident, named after its number.
    pub(crate) const fn files(
        format: &'static str,
        id: IdOf,
        revision: Revision,
        write: fn(&Incident<'_>) -> String,
    ) -> Self {
        Sample::new(format, id, revision, Write::Files(write))
    }

    /// Inputs with names or addresses of their own.
    pub(crate) const fn inputs(
        format: &'static str,
        id: IdOf,
        revision: Revision,
        write: fn(&[Incident<'_>]) -> Vec<Input>,
    ) -> Self {
        Sample::new(format, id, revision, Write::Inputs(write))
    }

    pub(crate) const fn with_latest_post_only(self) -> Self {
        Sample { has_latest_only: true, ..self }
    }

    pub(crate) const fn without_posts(self) -> Self {
        Sample { has_posts: false, ..self }
    }

    pub(crate) const fn linking_to_page(self) -> Self {
        Sample { links_to_page: true, ..self }
    }

    pub(crate) const fn identified_by_guid(self) -> Self {
        Sample { is_identified_by_guid: true, ..self }
    }

    pub(crate) const fn at(self, address: &'static str) -> Self {
        Sample { address, ..self }
    }

    /// The incidents in this format.
    pub(crate) fn write(&self, all: &[Incident<'_>]) -> Vec<Input> {
        match self.write {
            Write::Json(write) => vec![Input::new("page.json", write(all))],
            Write::Feed(write) => vec![Input::new("feed.xml", write(all))],
            Write::Files(write) => all
                .iter()
                .map(|one| Input::new(format!("issues/{}.md", one.number), write(one)))
                .collect(),
            Write::Inputs(write) => write(all),
        }
    }
}

impl<'a> Incident<'a> {
    pub(crate) fn first(&self) -> &Post<'a> {
        &self.posts[0]
    }

    pub(crate) fn last(&self) -> &Post<'a> {
        self.posts.last().expect("a post")
    }

    /// The posts, newest first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Post<'a>> {
        self.posts.iter().rev()
    }
}

pub(crate) fn instant(at: &str) -> DateTime<Utc> {
    at.parse().expect("a time in RFC 3339")
}

/// A time in the pattern of `strftime`.
pub(crate) fn shown(at: &str, pattern: &str) -> String {
    instant(at).format(pattern).to_string()
}

pub(crate) fn rfc_2822(at: &str) -> String {
    shown(at, "%a, %d %b %Y %H:%M:%S +0000")
}

/// The members of a JSON array.
pub(crate) fn list<T>(all: impl IntoIterator<Item = T>, write: impl Fn(T) -> String) -> String {
    all.into_iter().map(write).collect::<Vec<_>>().join(",\n")
}

/// HTML as text of an XML element.
pub(crate) fn escaped(html: &str) -> String {
    html.replace('<', "&lt;").replace('>', "&gt;")
}

/// An RSS feed of items with a title, a link, a guid and the result of `body` for each.
pub(crate) fn rss(
    title: &str,
    all: &[Incident<'_>],
    body: impl Fn(&Incident<'_>) -> String,
) -> String {
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

/// The date of an RSS item.
pub(crate) fn dated(at: &str) -> String {
    format!("<pubDate>{}</pubDate>", rfc_2822(at))
}

/// The posts as paragraphs of HTML, newest first: the time in `pattern`, the state and the text.
pub(crate) fn paragraphs(one: &Incident<'_>, pattern: &str) -> String {
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
