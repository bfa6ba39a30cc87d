//! Inputs that are decoded or unpacked before they are read: a message shows the line that was
//! read, whatever the bytes of the file are.

use crate::support::world::World;

const FEED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Zürich</title>\n\
    <item><title>Störung</title><guid>1</guid><description>é</description><pubDate>Dienßtag</pubDate></item>\n\
    </channel></rss>\n";

/// The bytes of a text in UTF-16, with a mark.
fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a character of Latin-1")).collect()
}

#[test]
fn warning_shows_its_line_in_every_encoding() {
    let named = |name: &str| FEED.replace("UTF-8", name);
    let one_line = |name: &str| named(name).replace('\n', "");
    let marked = |text: &str| format!("\u{feff}{text}");
    for (text, bytes) in [
        (FEED.to_owned(), FEED.as_bytes().to_vec()),
        (FEED.to_owned(), marked(FEED).into_bytes()),
        (named("ISO-8859-1"), latin1(&named("ISO-8859-1"))),
        (named("UTF-16"), utf16(&named("UTF-16"), u16::to_le_bytes)),
        (FEED.to_owned(), utf16(FEED, u16::to_be_bytes)),
        (one_line("UTF-8"), marked(&one_line("UTF-8")).into_bytes()),
        (one_line("ISO-8859-1"), latin1(&one_line("ISO-8859-1"))),
        (one_line("UTF-16"), utf16(&one_line("UTF-16"), u16::to_le_bytes)),
    ] {
        let before = text.split_once("Dienßtag").expect("its date").0;
        let (line, column) =
            (before.lines().count(), before.lines().last().unwrap_or_default().chars().count() + 1);
        let place = format!("{line}:{column}");
        let world = World::new();
        world.write("posthoc.toml", "").write("feed.xml", &bytes);
        let shown = world.run(&["import", "feed.xml"]);
        assert!(
            shown.contains(&format!(
                "warning: `Dienßtag` is not the date of a feed (incident \"Störung\")\n --> feed.xml:{place}\n"
            )),
            "{shown}"
        );
        let (line, carets) = shown
            .split_once("<pubDate>Dienßtag")
            .and_then(|(before, after)| {
                Some((
                    before.lines().last()?.chars().count() + "<pubDate>".len(),
                    after.lines().nth(1)?,
                ))
            })
            .unwrap_or_else(|| panic!("{shown}"));
        assert_eq!(carets.find('^'), Some(line), "{shown}");
    }
}

#[test]
fn error_shows_its_line_in_every_encoding() {
    for (bytes, message) in [
        (utf16("{\"ä\": 1,\n\"ö\": ]", u16::to_le_bytes), "not the JSON that was expected"),
        (
            [utf16("{\"ä\": 1,\n\"ö\": ", u16::to_be_bytes), vec![0xd8, 0]].concat(),
            "not valid UTF-16 at byte 30",
        ),
        (
            b"\xef\xbb\xbf{\"\xc3\xa4\": 1,\n\"\xc3\xb6\": \xff}".to_vec(),
            "not valid UTF-8 at byte 19",
        ),
    ] {
        let world = World::new();
        world.write("posthoc.toml", "").write("a.json", &bytes);
        let shown = world.run(&["import", "a.json", "--format", "statuspage-v2"]);
        assert!(shown.contains(message) && shown.contains(" --> a.json:2:6\n"), "{shown}");
        assert!(shown.contains("2 | \"ö\": "), "{shown}");
    }
}

#[test]
fn warning_on_standard_input_shows_its_line() {
    let world = World::new();
    world.write("posthoc.toml", "");
    let output =
        world.command(&["import", "-"]).write_stdin(FEED).output().expect("the program runs");
    let shown = world.shown(&output);
    assert!(
        shown.contains(" --> <stdin>:3:80\n") && shown.contains("<pubDate>Dienßtag</pubDate>"),
        "{shown}"
    );
}
