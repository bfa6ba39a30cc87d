use ego_tree::iter::Edge;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use scraper::{ElementRef, Node};

use super::*;

/// A blog page with everything that usually surrounds an article.
const BLOG: &str = r##"<!DOCTYPE html><html><head><title>The night of the full disk | Acorn Notes</title>
<meta property="og:site_name" content="Acorn Notes"><script>if (a < b) { document.write("<p>no</p>") }</script></head>
<body class="post-with-sidebar comments-open">
<div id="cookie-banner">We use cookies. All of them, and we will not tell you what for, dear reader.</div>
<header class="site-header"><a href="/">Acorn Notes</a><nav><ul><li><a href="/blog">Blog</a></ul></nav></header>
<div class="wrapper">
<div class="post-body">
<h1>The night of the full disk</h1>
<p>On 9 May the <b>disk</b> of our first database was full, and nobody could write for two hours.</p>
<div class="share-buttons"><a href="https://example.com/tweet">Tweet this</a></div>
<h2 id="share-of-users">Share of users<a href="#share-of-users">¶</a></h2>
<p>A third of all users, that is, those whose names begin with A to H, saw errors.<span hidden>psst</span></p>
<pre><span class="comment"># as it was</span>
df -h</pre>
<table><thead><tr><th>Time<th>What</thead><tr><td>10:00<td>the disk is full<tr><td>12:00<td>it is not</table>
<div aria-hidden="true">decoration</div>
</div>
<div class="sidebar"><h3>About</h3><p>We write about acorns, and about the machines that count them, every week.</p></div>
<div id="comments"><h3>2 comments</h3><ol><li class="comment"><p>Ann says: thanks, on May 1, 2012 we had the same!</p>
<span>May 11, 2013 at 7:30 pm</span></li><li class="comment"><p>Bo: me too</p><span>May 12, 2013 at 8:05 am</span></li></ol>
</div></div><footer><p>All rights reserved by nobody in particular, since nineteen hundred and ninety.</p></footer></body></html>"##;

#[test]
fn blog_article_is_extracted() {
    let page = read(BLOG);
    assert_eq!(page.title.as_deref(), Some("The night of the full disk"));
    assert_eq!(page.site.as_deref(), Some("Acorn Notes"));
    assert_eq!((page.dated, page.authors), (None, Vec::<String>::new()));
    let expected = "# The night of the full disk\n\n\
        On 9 May the **disk** of our first database was full, and nobody could write for two hours.\n\n\
        ## Share of users\n\n\
        A third of all users, that is, those whose names begin with A to H, saw errors.\n\n\
        ```\n# as it was\ndf -h\n```\n\n\
        | Time | What |\n| --- | --- |\n| 10:00 | the disk is full |\n| 12:00 | it is not |";
    assert_eq!(page.markdown, expected);
    let days: Vec<_> = page.comments.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2013-05-11", "2013-05-12"]);
}

#[test]
fn text_container_is_found_regardless_of_its_name() {
    let article =
        "<h2>What broke</h2><p>The cache was empty, and the database had to answer everything.</p>";
    for around in [
        "<div class='social-share newsletter'>{}</div>",
        "<form id=page>{}</form>",
        "<div style='display: none'>{}</div>",
        "<div id=comments>{}</div>",
        "<aside>{}</aside>",
        "<section id=related><article class=ad>{}</article></section>",
        "<div class=menu><main>{}</main></div><div><p>Some other text, which is longer than what the main part says of itself, and says nothing.</p></div>",
    ] {
        let page = read(&around.replace("{}", article));
        assert_eq!(
            page.markdown,
            "## What broke\n\nThe cache was empty, and the database had to answer everything.",
            "{around}"
        );
    }
}

#[test]
fn comments_are_removed_even_if_they_dominate_the_page() {
    let article =
        "<p>The cache was empty, and the database had to answer everything, which it did for an hour.</p>".repeat(4);
    let comment = "<div class=comment-body><time datetime='2024-02-0{}T10:00:00+09:00'>that day</time><p>I remember it as if it had been yesterday, and so does everybody else in the office.</p></div>";
    let all: String = (1..9).map(|day| comment.replace("{}", &day.to_string())).collect();
    for around in [
        "<div><h3>Notes</h3>{}</div><section class='comments-area'>[]</section>",
        "{}<h3>Leave a Reply</h3><div><p>[]</p></div>",
        "{}<div id='disqus_thread'>[]</div>",
    ] {
        let page = read(&around.replace("{}", &article).replace("[]", &all));
        assert_eq!(page.markdown.matches("The cache").count(), 4, "{around}");
        assert!(!page.markdown.contains("yesterday"), "{around}: {}", page.markdown);
        assert_eq!(page.comments.len(), 8, "{around}");
        assert_eq!(page.comments[7].to_string(), "2024-02-08");
    }
}

#[test]
fn wiki_page_keeps_its_fields_and_text() {
    let page = read(
        r##"<html><head><title>Ops : Queue stuck</title></head><body class="theme-default"><div id="page">
        <div id="breadcrumb-section"><ol id="breadcrumbs"><li>Ops</ol></div><h1 id="title-heading"><span id="title-text">Ops : Queue stuck</span></h1>
        <div id="content"><div class="page-metadata">Created by <span class="author"> Kim Lee</span>, last modified on Mar 18, 2026</div>
        <div id="main-content" class="wiki-content group"><div class="toc-macro"><ul><li><a href="#a">Summary</a></ul></div>
        <div class="table-wrap"><table class="confluenceTable"><colgroup><col/></colgroup><tbody>
        <tr><th class="confluenceTh"><p>Date</p></th><td class="confluenceTd"><p><time datetime="2026-03-17">17 Mar 2026</time></p></td></tr>
        <tr><th class="confluenceTh">Status</th><td class="confluenceTd"><span class="status-macro aui-lozenge">RESOLVED</span></td></tr></tbody></table></div>
        <h1 id="QueueStuck-Summary">Summary</h1><p>The <span class="inline-comment-marker" data-ref="1">queue</span> did not move.</p>
        <h1 id="QueueStuck-Impact">Impact</h1><p>Orders waited.</p></div></div></div>
        <div id="footer" role="contentinfo"><p>Document generated by a wiki</p></div></body></html>"##,
    );
    let expected = "|  |  |\n| --- | --- |\n| Date | 17 Mar 2026 |\n| Status | RESOLVED |\n\n# Summary\n\n\
        The queue did not move.\n\n# Impact\n\nOrders waited.";
    assert_eq!(page.markdown, expected);
    assert_eq!((page.title.as_deref(), page.dated), (Some("Ops : Queue stuck"), None));
    assert_eq!(page.authors, ["Kim Lee"]);
}

#[test]
fn editor_export_drops_margin_comments() {
    let page = read(
        r##"<html><head><style>.c1{font-weight:700}</style></head><body class="c9 doc-content"><p class="c2 title"><span class="c1">Mail was late</span></p>
        <h1 class="c3" id="h.1"><span>Summary</span></h1><p class="c4"><span>Mail was late for </span><span class="c1">two hours</span><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup><span>.</span></p>
        <p class="c4"><span></span></p><h2><span>Timeline</span></h2><table class="c7"><tr><td><p><span>Time</span></p></td><td><p><span>Event</span></p></td></tr>
        <tr><td><p><span>09:00</span></p></td><td><p><span>mail</span></p><p><span>stops</span></p></td></tr></table>
        <ul class="c5 lst-0 start"><li><span>queue</span></li></ul><ul class="c5 lst-1 start"><li><span>disk</span></li></ul>
        <div class="c6"><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Really two?</span></p></div></body></html>"##,
    );
    let expected = "Mail was late\n\n# Summary\n\nMail was late for two hours.\n\n## Timeline\n\n\
        |  |  |\n| --- | --- |\n| Time | Event |\n| 09:00 | mail stops |\n\n- queue\n\n- disk";
    assert_eq!(page.markdown, expected);
}

#[test]
fn notebook_export_keeps_fields_and_folded_text() {
    let page = read(
        r#"<html><head><title>Login loop</title></head><body><article id="1" class="page sans"><header><div class="page-header-icon"><span>🔥</span></div>
        <h1 class="page-title">Login loop</h1><table class="properties"><tbody><tr class="property-row"><th><span></span>Severity</th><td><span class="selected-value">SEV2</span></td></tr>
        <tr><th>Date</th><td><time>@March 3, 2026</time></td></tr></tbody></table></header><div class="page-body">
        <figure class="callout"><div>💡</div><div>Still open</div></figure><ul class="toggle"><li><details open=""><summary>What broke</summary><p>Every login led back to itself.</p></details></li></ul>
        <ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> <span>Fix it</span></li></ul></div></article></body></html>"#,
    );
    let expected = "🔥\n\n# Login loop\n\n|  |  |\n| --- | --- |\n| Severity | SEV2 |\n| Date | @March 3, 2026 |\n\n\
        💡\n\nStill open\n\n- What broke\n\n  Every login led back to itself.\n\n- Fix it";
    assert_eq!(page.markdown, expected);
    assert_eq!(page.title.as_deref(), Some("Login loop"));
}

#[test]
fn title_is_the_heading_confirmed_by_the_page() {
    let title =
        |head: &str, body: &str| read(&format!("<head>{head}</head><body>{body}</body>")).title;
    let site = "<meta property=og:site_name content=Acorn>";
    let text = "<p>The disk was full, and it took us an hour to see that it was.</p>";
    let in_frame = format!(
        "<header><h1>Acorn</h1></header><div class=head><h1>Full disk<a href='#x'>¶</a></h1></div><article>{text}</article>"
    );
    for (head, body, expected) in [
        (format!("{site}<title>Full disk – Acorn</title>"), in_frame.as_str(), Some("Full disk")),
        (site.to_owned(), in_frame.as_str(), Some("Full disk")),
        (format!("{site}<title>Full disk :: ACORN</title>"), text, Some("Full disk")),
        (
            "<meta property=og:title content='Full &amp; slow'><title>x</title>".to_owned(),
            text,
            Some("Full & slow"),
        ),
        (
            "<title>Full disk</title>".to_owned(),
            "<h1>Summary</h1><p>Short.</p><h1>Impact</h1><p>None.</p>",
            Some("Full disk"),
        ),
        (
            "<title>Home</title>".to_owned(),
            "<main><h1>Full disk</h1><p>Short.</p></main>",
            Some("Full disk"),
        ),
        ("<title>Full disk - Acorn</title>".to_owned(), in_frame.as_str(), Some("Full disk")),
        (String::new(), "<h1>Full disk</h1><h1>Impact</h1>", Some("Full disk")),
        (String::new(), text, None),
    ] {
        assert_eq!(title(&head, body).as_deref(), expected, "{head} {body}");
    }
}

#[test]
fn day_and_authors_are_found_in_every_location() {
    let page = |html: &str| {
        let page = read(html);
        (page.dated.map(|day| day.to_string()).unwrap_or_default(), page.authors.join(", "))
    };
    let meta = "<meta property='article:published_time' content='2024-03-04T23:30:00-08:00'><meta name=author content='Ann Lee'>\
        <meta property='article:author' content='https://example.com/ann'><a rel='author nofollow'>by ann lee</a><a rel=author>Bo</a>";
    assert_eq!(page(meta), ("2024-03-04".into(), "Ann Lee, Bo".into()));
    let data = r#"<script type="application/ld+json">{"@graph": [{"@type": "Comment", "datePublished": "2020-01-01", "author": "Cy"},
        {"@type": "WebPage", "datePublished": "2021-01-01"},
        {"@type": ["BlogPosting"], "datePublished": "2022-05-06T07:08:09Z", "author": [{"name": "Di"}, "Ed"]}]}</script>"#;
    assert_eq!(page(data), ("2022-05-06".into(), "Di, Ed".into()));
    assert_eq!(
        page("<article><time class=published datetime='2023-01-02'>x</time></article>"),
        ("2023-01-02".into(), String::new())
    );
    assert_eq!(
        page("<header><h1>a</h1><time datetime='2023-01-02'></time></header>").0,
        "2023-01-02"
    );
    assert_eq!(
        page("<article><p>On <time datetime='2023-01-02'>Monday</time> it broke.</p></article>").0,
        "",
        "that is when it broke"
    );
    let broken = "<script type='application/ld+json'>{\"author\": </script><meta property='article:published_time' content='last week'>";
    assert_eq!(page(broken), (String::new(), String::new()));
}

#[test]
fn main_article_is_distinguished_from_teasers() {
    let teaser = |name: &str| {
        format!(
            "<article><h3>{name}</h3><p>Read what we think of {name}, all day long.</p></article>"
        )
    };
    let own = "<p>The disk was full, and it took us an hour to see that it was.</p>".repeat(9);
    let own = format!("<div class=story>{own}</div>");
    let page = read(&format!(
        "<body>{own}<div class=more>{}{}{}</div>",
        teaser("tea"),
        teaser("rain"),
        teaser("snow")
    ));
    assert_eq!(page.markdown.matches("The disk").count(), 9);
    let halves = read(&format!(
        "<body><div class=post-body>{own}{own}</div><div class=post-body>{own}</div>"
    ));
    assert_eq!(halves.markdown.matches("The disk").count(), 27);
    let single = read(&format!("<body><div>{own}</div><article>{own}{own}</article>"));
    assert_eq!(single.markdown.matches("The disk").count(), 18);
}

#[test]
fn large_and_deep_pages_are_read() {
    let section =
        BLOG.split_once("<h1>").unwrap().1.split_once("<div class=\"sidebar\"").unwrap().0;
    let page = format!("<main><h1>{}</main>", format!("{section}<div>").repeat(400));
    assert!(read(&page).markdown.contains("df -h"));
    let great = format!("<article>{}</article>", section.repeat(2_000_000 / section.len()));
    let start = std::time::Instant::now();
    assert!(read(&great).markdown.len() > great.len() / 2);
    // A generous limit for slow machines and debug builds. The test is that the time is linear.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());

    let drawing = format!(
        "<svg>{}</svg><script>{}</script><p>text <b>here</b>",
        "<path d='x'/>".repeat(900),
        "x='<p><i>'".repeat(900)
    );
    assert_eq!(read(&drawing).markdown, "text **here**");
    assert_eq!(read(&"<div class=ad>".repeat(5000)).markdown, "");
}

/// Returns the words of the text in an element, where a block element ends a word, and whether no
/// block element is inside an inline one. Otherwise the word boundaries are uncertain.
fn words_of(element: ElementRef<'_>) -> (Vec<String>, bool) {
    let is_line = |name: &str| crate::text::clean::is_inline(name) && name != "br";
    let (mut text, mut lines, mut is_sure) = (String::new(), 0, true);
    for edge in element.traverse() {
        let (Edge::Open(node) | Edge::Close(node)) = edge;
        let is_open = matches!(edge, Edge::Open(_));
        match node.value() {
            Node::Element(inner) if is_line(inner.name()) => lines += if is_open { 1 } else { -1 },
            Node::Element(inner) => {
                is_sure &= lines == 0 || inner.name() == "br";
                text.push(' ');
            }
            Node::Text(part) if is_open => text.push_str(part),
            _ => {}
        }
    }
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    (words.map(str::to_owned).collect(), is_sure)
}

/// Returns the words of the rendered Markdown.
fn words_shown(markdown: &str) -> Vec<String> {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link) => {}
            Event::Html(_) | Event::InlineHtml(_) => panic!("live HTML in {markdown:?}"),
            _ => text.push(' '),
        }
    }
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Advances to the next occurrence of a word. The word may be split by markup, but not joined to
/// another.
fn has_word<'w>(shown: &mut impl Iterator<Item = &'w String>, word: &str) -> bool {
    let mut left = word;
    shown.any(|shown| {
        left = left
            .strip_prefix(shown.as_str())
            .or_else(|| word.strip_prefix(shown.as_str()))
            .unwrap_or(word);
        left.is_empty()
    })
}

fn html() -> impl Strategy<Value = String> {
    const TAGS: &[&str] = &[
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<h2>",
        "</h2>",
        "<ul>",
        "</ul>",
        "<ol start=3>",
        "</ol>",
        "<li>",
        "</li>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "<th>",
        "</td>",
        "<td rowspan=2>",
        "<th colspan=2>",
        "<dl>",
        "<dt>",
        "<dd>",
        "</dl>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<br>",
        "<blockquote>",
        "</blockquote>",
        "<details><summary>",
        "</summary>",
        "</details>",
        "<a href='https://example.com/x'>",
        "<a href='javascript:x'>",
        "</a>",
        "<article>",
        "</article>",
        "<main>",
        "</main>",
        "<aside>",
        "</aside>",
        "<div class=comments>",
        "<div class=sidebar>",
        "<div hidden>",
        "<h3>Leave a Reply</h3>",
        "<span>",
        "</span>",
        "<x-a>",
        "</x-a>",
        "<hr>",
        "<img alt=''>",
        "<script>x",
        "</script>",
        "<nav>",
        "</nav>",
        "<form>",
        "</form>",
        "<!--",
        "-->",
        "<time datetime='2024-01-01'>",
        "<tbody>",
    ];
    const TEXT: &[&str] = &[
        "one ",
        "two",
        " three",
        "- four",
        "# five",
        "1. six",
        "|",
        "*",
        "_",
        "`",
        "\n",
        "&lt;",
        "&amp;",
        "\\",
        ". ",
        "**",
        "seven eight nine ten eleven twelve ",
    ];
    let piece =
        prop_oneof![3 => proptest::sample::select(TAGS), 2 => proptest::sample::select(TEXT)];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_word_of_the_article_is_lost_or_moved(html in html()) {
        let page = article_of(&html).page;
        let content = content::choose(&page, &Measures::of(&page));
        let markdown = clean_document(content);
        let shown = words_shown(&markdown);
        let (words, is_sure) = words_of(content);
        if is_sure {
            let mut rest = shown.iter();
            for word in &words {
                prop_assert!(has_word(&mut rest, word), "`{}` of {:?} is not in {:?}", word, html, markdown);
            }
        }
        let shown = shown.concat();
        let mut rest = shown.chars();
        for letter in words.concat().chars() {
            prop_assert!(rest.any(|shown| shown == letter), "the words of {:?} are not in {:?}", html, markdown);
        }
    }

    #[test]
    fn no_broken_page_panics(html in "(<[a-z]{1,6}( (class|id|style|datetime)=[a-z\"'-]{0,9})?>|</[a-z]{1,6}>|[ -~]{0,9}|é|\u{1b}|&#[0-9]{1,4};){0,30}", cut in 0usize..3000) {
        read(&html);
        let cut = (0..=cut.min(BLOG.len())).rev().find(|&at| BLOG.is_char_boundary(at)).unwrap_or(0);
        read(&BLOG[..cut]);
    }
}
