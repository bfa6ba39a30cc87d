//! The forms in which write-ups arrive, through the program.

use crate::support::world::World;

const OUTAGE: &str = include_str!("../../../src/sources/unpack/fixtures/outage.md");

#[test]
fn text_of_own_pdf_can_be_imported() {
    let world = World::new();
    world.write("outage.md", OUTAGE);
    assert!(world.run(&["import", "outage.md"]).contains("1 created"));
    let id = "2026-03-17-search-was-down-on-17-march-2026";
    assert!(world.run(&["render", "--to", "pdf", "--out", "out"]).contains("exit 0"));
    world.write("other/posthoc.toml", "").write("other/incidents/.keep", "");
    // Without the format, the file that the PDF carries would be taken.
    let pdf = format!("../out/{id}.pdf");
    let output = world.run(&["-C", "other", "import", "--format", "document", &pdf]);
    assert!(output.contains("1 created"), "{output}");
    let file = world.read(&format!("other/incidents/{id}.yaml"));
    for part in [
        "title: Search was down on 17 March 2026",
        "Search answered with **errors** for 40 minutes.",
        "impact_start:\n    at: 2026-03-17T10:00Z",
        "impact_end:\n    at: 2026-03-17T10:40Z",
        "The setting `index.max` was lower than *the size* of the index:",
        "owner: ann\n    due: 2026-04-01",
        "- Above 80 %",
    ] {
        assert!(file.contains(part), "{part}: {file}");
    }
}

#[test]
fn unreadable_pdf_is_refused_by_name() {
    let world = World::new();
    world.write("cut.pdf", "%PDF-1.7\nnothing");
    let output = world.run(&["import", "cut.pdf"]);
    assert!(output.contains("this PDF is damaged") && output.contains("exit 3"), "{output}");
}
