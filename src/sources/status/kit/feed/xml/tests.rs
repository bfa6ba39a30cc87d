use super::*;
use crate::sources::decode::decode;

#[test]
fn atom_and_rss_share_field_names() {
    let atom = decode(
            b"<?xml version=\"1.0\"?><feed xmlns='x'><id>f</id><title>Page</title><author><name>Example</name></author>
              <link rel='self' href='https://example.com/self'/><link rel='alternate' href='https://example.com/'/>
              <entry><id>e1</id><published>P</published><updated>U</updated><author><name>Other</name></author>
              <link rel=\"alternate\" type=\"text/html\" href=\"https://example.com/incidents/a?b=1&amp;c=2\"/>
              <title type='html'>One &amp;amp; &#39;two&#x27;</title><content type='html'>&lt;p&gt;a &amp;lt; b&lt;/p&gt;</content></entry></feed>",
        )
        .unwrap();
    let feed = parse(&atom).unwrap();
    assert_eq!(
        (feed.head.id.0, feed.head.link.0, feed.author.0),
        ("f", "https://example.com/", "Example")
    );
    let [entry] = &feed.items[..] else { panic!("{feed:?}") };
    assert_eq!((entry.id.0, entry.published.0, entry.updated.0), ("e1", "P", "U"));
    assert_eq!(entry.link.text(), "https://example.com/incidents/a?b=1&c=2");
    assert_eq!(entry.title.text(), "One &amp; 'two'", "unescaped once, and once only");
    assert_eq!(entry.content.text(), "<p>a &lt; b</p>");
    assert!(entry.raw.starts_with("<entry>") && entry.raw.ends_with("</entry>"));
    let rss = decode(
            b"<rss version='2.0'><channel><title>Page</title><image><title>Logo</title></image><lastBuildDate>B</lastBuildDate>
              <item><title><![CDATA[A & <b>]]></title><guid isPermaLink='false'> g </guid><link>https://example.com/i</link>
              <pubDate>P</pubDate><category>x</category><category>y</category><description>a<![CDATA[<p>&amp;</p>]]>&lt;</description></item>
              <item/><item></item></channel></rss>",
        )
        .unwrap();
    let feed = parse(&rss).unwrap();
    assert_eq!((feed.head.title.0, feed.head.updated.0, feed.items.len()), ("Page", "B", 2));
    let item = &feed.items[0];
    assert_eq!(
        (&*item.title.text(), &*item.id.text(), item.link.0),
        ("A & <b>", "g", "https://example.com/i")
    );
    assert_eq!(item.categories, [Raw("x"), Raw("y")]);
    assert_eq!(item.summary.text(), "a<p>&amp;</p><");
}

#[test]
fn unescaped_content_stays_markup() {
    let text = decode(
        b"<feed><entry><content type='xhtml'><div>a &lt; <b>b</b></div></content></entry></feed>",
    )
    .unwrap();
    assert_eq!(parse(&text).unwrap().items[0].content.text(), "<div>a &lt; <b>b</b></div>");
}

#[test]
fn entities_are_never_expanded() {
    let bomb =
            b"<!DOCTYPE feed [<!ENTITY a \"&b;&b;\"><!ENTITY b \"x\">]><feed><title>&a;&#0;&#xD800;& &;</title></feed>";
    let bomb = decode(bomb).unwrap();
    assert_eq!(parse(&bomb).unwrap().head.title.text(), "&a;\u{0}&#xD800;& &;");
}

#[test]
fn truncated_or_invalid_feed_is_refused_with_its_place() {
    let refused = |text: &'static str| {
        let decoded = decode(text.as_bytes()).unwrap();
        let error = parse(&decoded).unwrap_err();
        (error.message, error.span.map(|span| span.start))
    };
    assert_eq!(refused("<feed><entry><title>abc"), ("the feed is cut short".to_owned(), Some(20)));
    assert_eq!(
        refused("<feed><entry><title><![CDATA[abc"),
        ("the feed is cut short".to_owned(), Some(32))
    );
    assert_eq!(refused("<feed><entry>").0, "the feed is cut short");
    assert!(refused("<feed></entry></feed>").0.starts_with("this is not well-formed XML"));
    assert_eq!(refused("<html></html>").0, "no `feed`, `rss` or `RDF` element in it");
}

#[test]
fn deep_nesting_is_read_without_recursion() {
    let deep =
        format!("<feed><entry>{}{}</entry></feed>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(parse(&decode(deep.as_bytes()).unwrap()).unwrap().items.len(), 1);
}
