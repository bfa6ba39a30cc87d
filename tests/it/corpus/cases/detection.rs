//! Which reader an input is for: never two.

use std::path::PathBuf;

use posthoc::sources::{Input, REGISTRY, Verdict, detect};

use crate::corpus::cases::workspace;
use crate::corpus::sources::seeds;
use crate::support::world::shared;

/// The readers that are sure of an input.
fn claimed_by(input: &Input) -> Vec<&'static str> {
    let sure = REGISTRY.iter().filter(|source| source.sniff(input) == Verdict::Yes);
    sure.map(|source| source.id()).collect()
}

fn files(folder: PathBuf) -> impl Iterator<Item = PathBuf> {
    let all = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    all.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path)
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn no_capture_is_claimed_by_two_readers() {
    let folders = ["corpus", "cases/status", "cases/documents", "seeds"].into_iter().map(shared);
    let mut contested = Vec::new();
    for path in folders.flat_map(files) {
        let input = Input::new(path.to_string_lossy(), std::fs::read(&path).expect("a capture"));
        let claimed = claimed_by(&input);
        if claimed.len() > 1 {
            contested.push(format!("{}: {claimed:?}", path.display()));
        }
    }
    assert!(contested.is_empty(), "{contested:#?}");
}

/// A hosted page has the vendor's name in its address, and a page may link to another vendor's.
#[test]
fn host_does_not_decide_which_reader_claims_a_page() {
    let hosts = [
        "status.example.com",
        "acme.statuspage.io",
        "acme.instatus.com",
        "acme.betteruptime.com",
        "status.io",
    ];
    for seed in seeds() {
        let own = detect::choose(&Input::new("seed", seed), None).expect("a reader").id();
        for host in hosts {
            let moved = Input::new("seed", seed.replace("status.example.com", host));
            assert!(claimed_by(&moved).len() <= 1, "{host}: {:?} of {own}", claimed_by(&moved));
            assert_eq!(
                detect::choose(&moved, None).map(|source| source.id()),
                Ok(own),
                "{host} in {seed}"
            );
        }
    }
}

/// A feed is XML and not a web page, whatever its texts contain and however its root is written.
#[test]
fn feed_is_never_read_as_a_web_page() {
    let words = "incident outage postmortem statuspage /history.atom Investigating Resolved Posted Jul 03, 2025 - 20:15 UTC \
                 class=\"status-day \" data-react-class=\"HistoryIndex\" <meta name=\"issued\" layout-content";
    let long = words.repeat(20).replace('<', "&lt;");
    for (open, close) in [
        ("<feed xmlns='http://www.w3.org/2005/Atom'>", "</feed>"),
        ("<?xml version='1.0'?>\n<!-- <html> -->\n<feed>", "</feed>"),
        ("<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>", "</atom:feed>"),
        ("<rss version='2.0'><channel>", "</channel></rss>"),
        (
            "<?xml version='1.0'?><?xml-stylesheet href='/feed.xsl'?><rdf:RDF xmlns:rdf='x'>",
            "</rdf:RDF>",
        ),
    ] {
        let text = format!("{open}<title>{long}</title>{close}");
        for name in ["history.atom", "page.html", "page"] {
            let chosen =
                detect::choose(&Input::new(name, text.as_str()), None).map(|source| source.id());
            assert_eq!(chosen, Ok("feed"), "{name}: {open}");
        }
    }
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn feed_of_a_hosted_page_needs_no_format_option() {
    let world = workspace("status/statuspage-io-atom");
    let shown = world.run(&["import", "history.atom"]);
    assert!(shown.ends_with("1 created, 0 extended, 0 unchanged\n── exit 0\n"), "{shown}");
    let file = world.read("incidents/2026-03-01-slow-exports.yaml");
    assert!(file.contains("format: statuspage-feed"), "{file}");
    for at in ["at: 2026-03-01T10:00Z", "at: 2026-03-01T11:00Z"] {
        assert!(file.contains(at), "{at} in {file}");
    }
}
