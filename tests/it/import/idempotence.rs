//! Importing again changes no byte, for every capture of every format, whether the changes upstream
//! are wanted or not, and whether a person has edited the files in between or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use posthoc::sources::{Input, Yields, detect};
use serde_json::Value;

use crate::support::world::{World, shared};

/// What is no history: a monitor's settings.
const NO_HISTORIES: [&str; 1] = ["upptimerc.yml"];

/// What an import of `path` did, by the word for it; or how it failed.
fn import(world: &World, path: &Path, options: &[&str]) -> Result<BTreeMap<String, usize>, String> {
    let path = path.to_string_lossy();
    let output = world.output(
        &[&["-q", "import", &path, "--json", "--zone", "America/New_York"], options].concat(),
    );
    if !output.status.success() {
        return Err(world.shown(&output));
    }
    let answer: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let steps = answer["incidents"].as_array().ok_or("no list of incidents")?;
    let mut done = BTreeMap::new();
    for step in steps {
        *done.entry(step["action"].as_str().unwrap_or_default().to_owned()).or_insert(0) += 1;
    }
    Ok(done)
}

/// Fails unless an import of what is there already leaves every file as it is.
fn again(world: &World, path: &Path, options: &[&str], what: &str) -> Result<(), String> {
    let before = world.files();
    let done = import(world, path, options)?;
    if done.keys().any(|word| word != "unchanged") {
        return Err(format!("{what}: {done:?}"));
    }
    if before != world.files() {
        return Err(format!("{what}: bytes have changed"));
    }
    Ok(())
}

/// Adds words to the first text of a timeline, in whatever style it is written; `None` of none.
fn edit(text: &str) -> Option<String> {
    const MARK: &str = "    text: ";
    let (head, timeline) = text.split_once("\ntimeline:\n")?;
    let mut lines: Vec<String> = timeline.split('\n').map(str::to_owned).collect();
    let at = lines.iter().position(|line| line.starts_with(MARK))?;
    match lines[at].as_bytes()[MARK.len()] {
        b'"' | b'\'' => lines[at].insert_str(MARK.len() + 1, "In our words. "),
        b'|' | b'>' => lines[at + 1] += " In our words.",
        _ => lines[at] += " In our words.",
    }
    Some(format!("{head}\ntimeline:\n{}", lines.join("\n")))
}

/// Edits the texts of all files; how many.
fn edit_all(world: &World) -> usize {
    let mut count = 0;
    for (name, bytes) in
        world.files().into_iter().filter(|(name, _)| name.starts_with("incidents/"))
    {
        if let Some(edited) = edit(&String::from_utf8(bytes).expect("text")) {
            world.write(&name, edited);
            count += 1;
        }
    }
    count
}

/// The format of a capture, how many files it gives, and how many of them were edited.
fn row(path: &Path) -> Result<(&'static str, usize, usize), String> {
    let input = Input::new(path.to_string_lossy(), std::fs::read(path).expect("a capture"));
    let source = detect::choose(&input, None).map_err(|error| error.to_string())?;
    assert_eq!(source.yields(), Yields::Incidents, "{}", path.display());
    let world = World::new();
    let created = import(&world, path, &[])?.get("created").copied().unwrap_or_default();
    again(&world, path, &[], "a second import")?;
    again(&world, path, &["--update"], "--update")?;
    let edited = edit_all(&world);
    again(&world, path, &["--update"], "--update of edited files")?;
    Ok((source.id(), created, edited))
}

#[test]
#[cfg_attr(not(corpus), ignore = "needs the corpus")]
#[allow(clippy::print_stdout)]
fn second_import_of_any_capture_changes_no_byte() {
    let folder = shared("corpus/status");
    let systems = std::fs::read_dir(folder).expect("the captures").flatten();
    let files =
        systems.flat_map(|system| std::fs::read_dir(system.path()).expect("a system").flatten());
    let mut paths: Vec<PathBuf> = files.map(|file| file.path()).collect();
    paths.retain(|path| !NO_HISTORIES.iter().any(|name| path.ends_with(name)));
    paths.sort();
    println!("{:72} {:18} {:>7} {:>7}", "FILE", "FORMAT", "CREATED", "EDITED");
    let (mut wrong, mut files, mut texts) = (Vec::new(), 0, 0);
    for path in &paths {
        let name = path.file_name().expect("a name").to_string_lossy();
        match row(path) {
            Ok((format, created, edited)) => {
                println!("{name:72} {format:18} {created:>7} {edited:>7}");
                (files, texts) = (files + created, texts + edited);
            }
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        paths.len() >= 60 && files >= 500 && texts * 10 > files * 9,
        "{} {files} {texts}",
        paths.len()
    );
}
