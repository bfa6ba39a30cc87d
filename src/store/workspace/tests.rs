use super::*;
use crate::store::write;

/// A workspace with an incident file at each of these paths below `incidents`.
fn workspace(files: &[&str]) -> (tempfile::TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    for name in files {
        let path = folder.path().join(INCIDENTS).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = format!("schema: posthoc/v1\nid: {}\ntitle: x\n", stem(&path));
        write::atomically(&path, text.as_bytes()).unwrap();
    }
    let workspace = Workspace::find(folder.path()).unwrap();
    (folder, workspace)
}

fn listed(problems: &[Diagnostic]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn id_of_several_files_is_used_from_none() {
    let (_folder, workspace) = workspace(&["a.yaml", "a.yml", "b.yaml", "sub/a.yaml"]);
    let all = workspace.load_all().unwrap();
    assert_eq!(
        all.incidents.iter().map(|loaded| loaded.incident.id.as_str()).collect::<Vec<_>>(),
        ["b"]
    );
    insta::assert_snapshot!(listed(&all.problems), @r"
        incidents/a.yaml:1:1: error: the id `a` is also that of incidents/a.yml and incidents/sub/a.yaml
        incidents/a.yml:1:1: error: the id `a` is also that of incidents/a.yaml and incidents/sub/a.yaml
        incidents/sub/a.yaml:1:1: error: the id `a` is also that of incidents/a.yaml and incidents/a.yml
        ");
    let Err(StoreError::Content { problems, .. }) = workspace.load("a") else {
        panic!("it is ambiguous")
    };
    assert_eq!(problems, all.problems);
    let inside = workspace.incidents_dir().join("sub/a.yaml");
    assert_eq!(
        workspace.load(inside.to_str().unwrap()).unwrap().path,
        inside,
        "its path says which"
    );
    assert!(workspace.is_taken(&"a".parse().unwrap()).unwrap());
    assert!(!workspace.is_taken(&"c".parse().unwrap()).unwrap());
}

#[test]
fn duplicate_id_error_lists_only_a_few_files() {
    let names: Vec<String> = (0..60).map(|number| format!("{number}/a.yaml")).collect();
    let (_folder, workspace) = workspace(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let problems = workspace.load_all().unwrap().problems;
    assert_eq!(problems.len(), 60);
    assert_eq!(
        problems[2].message,
        "the id `a` is also that of incidents/0/a.yaml and incidents/1/a.yaml and incidents/11/a.yaml and 56 other files"
    );
}

#[test]
fn two_files_with_one_id_are_both_reported_and_ignored() {
    let (_folder, workspace) = workspace(&["a.yaml", "c.yaml"]);
    let text = b"# x\nschema: posthoc/v1\nid: 'a' # copied\ntitle: B\n";
    write::atomically(&workspace.incidents_dir().join("b.yaml"), text).unwrap();
    let all = workspace.load_all().unwrap();
    assert_eq!(
        all.incidents.iter().map(|loaded| loaded.incident.id.as_str()).collect::<Vec<_>>(),
        ["c"]
    );
    insta::assert_snapshot!(listed(&all.problems), @"
        incidents/b.yaml:3:5: error: the id `a` is not the file's name `b`
        incidents/a.yaml:1:1: error: the id `a` is also that of incidents/b.yaml
        incidents/b.yaml:1:1: error: the id `a` is also that of incidents/a.yaml
        ");
    let Err(StoreError::Content { problems, .. }) = workspace.load("a") else {
        panic!("two files have it")
    };
    insta::assert_snapshot!(listed(&problems), @"
        incidents/a.yaml:1:1: error: the id `a` is also that of incidents/b.yaml
        incidents/b.yaml:1:1: error: the id `a` is also that of incidents/a.yaml
        ");
    assert!(workspace.load("c").is_ok());
}

#[test]
fn ambiguous_part_of_an_id_lists_the_matches() {
    let (_folder, workspace) = workspace(&["2026-a.yaml", "2026-b.yaml", "2025-c.yaml"]);
    assert_eq!(workspace.load("c").unwrap().incident.id.as_str(), "2025-c");
    let error = workspace.load("2026").unwrap_err();
    assert!(
        matches!(&error, StoreError::Ambiguous { matches, .. } if matches == &["2026-a", "2026-b"]),
        "{error}"
    );
    assert!(matches!(workspace.load("2027"), Err(StoreError::NoSuchIncident { .. })));
}

#[test]
fn byte_order_mark_does_not_shift_places() {
    let (_folder, workspace) = workspace(&["a.yaml"]);
    let text = "\u{feff}schema: posthoc/v1\nid: a\ntitle: A\nseverty: x\n";
    write::atomically(&workspace.incidents_dir().join("a.yaml"), text.as_bytes()).unwrap();
    let problems = workspace.load_all().unwrap().problems;
    let place = problems[0].place.clone().unwrap();
    assert_eq!((&text[place.span], place.line, place.column), ("severty", 4, 1));
}

#[cfg(unix)]
#[test]
fn folders_and_bad_links_named_like_incident_files_are_reported() {
    let (folder, workspace) = workspace(&["a.yaml"]);
    let incidents = folder.path().join(INCIDENTS);
    fs::create_dir(incidents.join("folder.yaml")).unwrap();
    for (link, target) in
        [("dangling.yaml", "nowhere"), ("loop.yaml", "loop.yaml"), ("device.yaml", "/dev/zero")]
    {
        std::os::unix::fs::symlink(target, incidents.join(link)).unwrap();
    }
    write::atomically(&folder.path().join("linked"), b"schema: posthoc/v1\nid: link\ntitle: x\n")
        .unwrap();
    std::os::unix::fs::symlink("../linked", incidents.join("link.yaml")).unwrap();
    let all = workspace.load_all().unwrap();
    assert_eq!(
        all.incidents.iter().map(|loaded| loaded.incident.id.as_str()).collect::<Vec<_>>(),
        ["a", "link"]
    );
    insta::assert_snapshot!(listed(&all.problems).replace(&*folder.path().to_string_lossy(), ""), @r"
        incidents/dangling.yaml:1:1: error: this is a link that cannot be followed: no such file or directory
        incidents/device.yaml:1:1: error: this is not a file, but it is named like an incident file
        incidents/folder.yaml:1:1: error: this is a folder, but it is named like an incident file
        incidents/loop.yaml:1:1: error: this is a link that cannot be followed: too many levels of symbolic links
        ");
}
