//! Web pages that a browser saved in one file.

use super::workspace;

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
fn page_saved_as_mhtml_equals_the_page() {
    let world = workspace("status/saved-as-mhtml");
    let output = world.run(&["import", "page.mhtml"]);
    let file = world.read("incidents/2024-12-21-mail-delayed.yaml");
    for part in [
        "2024-12-21T13:02Z",
        "2024-12-21T14:37Z",
        "Mail is delivered again.",
        "title: Mail delayed",
        "https://status.example.com/incidents/ab12",
    ] {
        assert!(file.contains(part), "{part}: {output}\n{file}");
    }
    assert!(!file.contains("2025-04-05") && !file.contains("Saved by"), "{file}");
    assert!(world.run(&["import", "page.mhtml"]).contains("unchanged"));
}
