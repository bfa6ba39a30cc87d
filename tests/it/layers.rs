//! The layers: imports run one way, there are no circles, and the names of vendors stay in
//! `sources`. The order is the one that `src/lib.rs` draws.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each layer with the layers that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("text", &["diag"]),
    ("yaml", &[]),
    ("model", &["diag", "text"]),
    ("markdown", &["diag", "text"]),
    ("sources", &["diag", "text", "yaml", "model"]),
    ("assemble", &["diag", "text", "model", "sources"]),
    ("analysis", &["diag", "text", "yaml", "model"]),
    ("figure", &["diag", "text", "model", "markdown", "analysis"]),
    ("report", &["diag", "text", "model", "analysis", "figure", "markdown"]),
    ("render", &["diag", "text", "model", "analysis", "figure", "markdown", "report"]),
    // The settings hold what analysis reads of them.
    // It writes what `assemble` plans.
    ("store", &["diag", "text", "yaml", "model", "analysis", "sources", "assemble"]),
    ("fetch", &["diag", "text", "model", "sources"]),
    (
        "cli",
        &[
            "diag", "text", "yaml", "model", "markdown", "sources", "assemble", "analysis",
            "figure", "report", "render", "store", "fetch",
        ],
    ),
];

/// Names of readers that are allowed in other layers: formats without an owner, plain words, and
/// products that a layer knows for another reason, such as the form of their access keys or an
/// output for their review comments, or a template in the order of their guide.
const ALLOWED_ANYWHERE: &[&str] = &[
    "application",
    "aws",
    "csv",
    "export",
    "git_log",
    "github",
    "gitlab",
    "irc",
    "keep",
    "kit",
    "mod",
    "objects",
    "pagerduty",
    "slack",
    "teams",
];

/// Whether a folder of `sources` has readers of products.
fn has_formats(kind: &str) -> bool {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sources").join(kind).join("mod.rs");
    std::fs::read_to_string(list).is_ok_and(|text| text.contains("FORMATS"))
}

/// The names of products, which are allowed only in `sources`: those of the readers' files and
/// folders.
fn vendors() -> BTreeSet<String> {
    let files = source_files();
    let modules = files.iter().map(|file| module_of(file));
    let readers = modules.filter_map(|module| {
        let (kind, reader) = reader_of(&module)?;
        has_formats(kind).then(|| reader.to_owned())
    });
    let mut names: BTreeSet<String> = readers
        .filter(|name| !ALLOWED_ANYWHERE.contains(&name.as_str()) && name != "tests")
        .collect();
    // `uptime_kuma` is written in several ways.
    let written: Vec<String> = names
        .iter()
        .flat_map(|name| ["", " ", "-", "."].map(|between| name.replace('_', between)))
        .collect();
    names.extend(written);
    names
}

fn source_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// `src/model/id.rs` belongs to `model`, `src/diag.rs` to `diag`.
fn layer_of(path: &Path) -> String {
    let inner =
        path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("below src");
    let first =
        inner.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Whether a file is compiled only for tests: `#[cfg(test)]` is above its `mod` line, or above that
/// of its folder.
fn is_for_tests(path: &Path) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut module = if path.ends_with("mod.rs") { path.parent().expect("a folder") } else { path };
    while let Some(folder) = module.parent().filter(|folder| folder.starts_with(&root)) {
        let name = module.file_stem().expect("a name").to_string_lossy();
        let parents = [folder.join("mod.rs"), folder.with_extension("rs"), folder.join("lib.rs")];
        let text = parents.iter().find_map(|parent| std::fs::read_to_string(parent).ok());
        let lines: Vec<&str> = text.as_deref().unwrap_or_default().lines().collect();
        let is_declared = |line: &str| {
            line.strip_suffix(';').is_some_and(|line| line.ends_with(&format!("mod {name}")))
        };
        if lines.windows(2).any(|pair| pair[0] == "#[cfg(test)]" && is_declared(pair[1])) {
            return true;
        }
        module = folder;
    }
    false
}

/// The code without its comments and doc comments, and without what tests use.
fn code_of(path: &Path) -> String {
    if is_for_tests(path) {
        return String::new();
    }
    let text = std::fs::read_to_string(path).expect("a source file");
    let is_module = |after: &str| {
        let line = after.lines().find(|line| !line.starts_with("#[")).unwrap_or_default();
        line.contains("mod ") && line.ends_with('{')
    };
    let mut tests = text
        .match_indices("#[cfg(test)]\n")
        .filter(|(at, mark)| is_module(&text[at + mark.len()..]));
    let before_tests = &text[..tests.next().map_or(text.len(), |(at, _)| at)];
    without_comments(before_tests)
}

fn without_comments(text: &str) -> String {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.collect::<Vec<_>>().join("\n")
}

/// Every layer that a file names as `crate::LAYER`.
fn used_by(code: &str) -> BTreeSet<String> {
    code.match_indices("crate::")
        .map(|(at, found)| {
            code[at + found.len()..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn imports_follow_the_layer_order() {
    let rules: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    for path in source_files() {
        let layer = layer_of(&path);
        if matches!(layer.as_str(), "lib" | "main") {
            continue;
        }
        let Some(allowed) = rules.get(layer.as_str()) else {
            wrong.push(format!(
                "{}: `{layer}` is a layer that this test does not know",
                path.display()
            ));
            continue;
        };
        for used in used_by(&code_of(&path)) {
            let is_layer = rules.contains_key(used.as_str());
            if is_layer && used != layer && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: `{layer}` may not use `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn layer_order_has_no_cycle() {
    for (position, (layer, uses)) in MAY_USE.iter().enumerate() {
        for used in *uses {
            let below = MAY_USE[..position].iter().any(|(name, _)| name == used);
            assert!(below, "`{layer}` may use `{used}`, which does not stand above it in the list");
        }
    }
}

#[test]
fn vendor_names_appear_only_in_sources() {
    let vendors = vendors();
    assert!(vendors.contains("statuspage") && vendors.contains("uptime kuma"), "{vendors:?}");
    let mut wrong = Vec::new();
    for path in source_files().into_iter().filter(|path| layer_of(path) != "sources") {
        let code = code_of(&path);
        // `StatusPage` is a word of the field, `Statuspage` and `statuspage` are a product.
        let capital = |vendor: &str| vendor[..1].to_uppercase() + &vendor[1..];
        for vendor in vendors
            .iter()
            .filter(|vendor| code.contains(vendor.as_str()) || code.contains(&capital(vendor)))
        {
            wrong.push(format!("{}: names `{vendor}`", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_layers_have_no_effects() {
    let effects = [
        "std::fs",
        "std::env",
        "std::process",
        "std::net",
        "Utc::now",
        "Local::now",
        "SystemTime",
        "println!",
        "eprintln!",
        "reqwest",
    ];
    let mut wrong = Vec::new();
    for path in source_files() {
        let layer = layer_of(&path);
        let allowed: &[&str] = match layer.as_str() {
            "cli" | "main" => continue,
            // `git` is run for the history.
            "store" => &["std::fs", "std::process"],
            "fetch" => &["reqwest"],
            _ => &[],
        };
        let code = code_of(&path);
        for effect in
            effects.iter().filter(|effect| code.contains(**effect) && !allowed.contains(effect))
        {
            wrong.push(format!("{}: `{layer}` uses `{effect}`", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The module of a file: `src/model/id.rs` is `["model", "id"]`, and so is `src/model/id/mod.rs`.
fn module_of(path: &Path) -> Vec<String> {
    let inner =
        path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("below src");
    let mut parts: Vec<String> =
        inner.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
    parts
}

/// Every path with `::` in a piece of code, those in the braces of a `use` written out.
fn paths_in(code: &str) -> Vec<Vec<String>> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    // The paths before the open braces: `crate::model` in `crate::model::{…`.
    let mut open: Vec<Option<Vec<String>>> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut rest = code;
    let mut joins = false;
    let around = |open: &[Option<Vec<String>>]| open.last().cloned().flatten().unwrap_or_default();
    while let Some(first) = rest.chars().next() {
        if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if joins {
                // What came before was only its beginning.
                found.pop();
            } else {
                path = around(&open);
            }
            path.push(rest[..length].to_owned());
            found.push(path.clone());
            (rest, joins) = (&rest[length..], false);
        } else if let Some(after) = rest.strip_prefix("::") {
            (rest, joins) = (after, true);
        } else {
            match first {
                '{' => {
                    if joins {
                        found.pop();
                    }
                    open.push(joins.then(|| path.clone()));
                }
                '}' => drop(open.pop()),
                _ => {}
            }
            (rest, joins) = (&rest[first.len_utf8()..], false);
        }
    }
    found.retain(|path| path.len() > 1);
    found
}

/// The files that each file imports from. A file is known by its module.
fn imports() -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let files: Vec<PathBuf> = source_files();
    let modules: BTreeSet<Vec<String>> = files.iter().map(|path| module_of(path)).collect();
    let file_of = |path: &[String]| {
        (1..=path.len())
            .rev()
            .map(|length| path[..length].to_vec())
            .find(|start| modules.contains(start))
    };
    let mut all: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for file in files.iter().filter(|path| !module_of(path).is_empty()) {
        let module = module_of(file);
        let code = code_of(file);
        // The path of a visibility is not an import.
        let code =
            code.split("pub(in ").enumerate().map(|(at, piece)| match piece.split_once(')') {
                Some((_, after)) if at > 0 => after,
                _ => piece,
            });
        let used = all.entry(module.clone()).or_default();
        for path in paths_in(&code.collect::<String>()) {
            let supers = path.iter().take_while(|part| *part == "super").count();
            let start = match path[0].as_str() {
                "crate" => path[1..].to_vec(),
                "self" => [&module[..], &path[1..]].concat(),
                "super" => {
                    [&module[..module.len().saturating_sub(supers)], &path[supers..]].concat()
                }
                _ => [&module[..], &path[..]].concat(),
            };
            // Another word before `::` is a type or a crate, unless it is a module below this one.
            let is_below =
                |file: &Vec<String>| file.len() > module.len() && file.starts_with(&module);
            let is_path = matches!(path[0].as_str(), "crate" | "self" | "super");
            used.extend(
                file_of(&start).filter(|file| *file != module && (is_path || is_below(file))),
            );
        }
    }
    all
}

/// The files that can be reached from `start`.
fn reached(
    imports: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
    start: &Vec<String>,
) -> BTreeSet<Vec<String>> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&Vec<String>> = imports.get(start).into_iter().flatten().collect();
    while let Some(file) = next.pop() {
        if reached.insert(file.clone()) {
            next.extend(imports.get(file).into_iter().flatten());
        }
    }
    reached
}

#[test]
fn files_have_no_import_cycles() {
    let imports = imports();
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 1000, "the imports are not read");
    let in_circles: BTreeSet<String> = imports
        .keys()
        .filter(|file| reached(&imports, file).contains(*file))
        .map(|file| file.join("/"))
        .collect();
    assert!(in_circles.is_empty(), "in a circle of imports: {in_circles:#?}");
}

/// The file or the folder of a reader below one kind of formats: `status/aws/data` is of `aws`.
fn reader_of(module: &[String]) -> Option<(&str, &str)> {
    let [sources, kind, reader, ..] = module else { return None };
    (sources == "sources").then_some((kind, reader))
}

/// Tests count too: a test of one reader that needs another is a test of the registry.
#[test]
fn status_readers_import_kit_and_no_other_reader() {
    let mut wrong = Vec::new();
    for file in source_files() {
        let module = module_of(&file);
        let Some(("status", own)) = reader_of(&module) else { continue };
        let text = std::fs::read_to_string(&file).expect("a source file");
        for path in paths_in(&without_comments(&text)) {
            if path[0] == "crate"
                && let Some(("status", other)) = reader_of(&path[1..])
                && other != own
                && other != "kit"
            {
                wrong.push(format!("{} imports {}", module.join("/"), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn distant_paths_start_at_the_crate() {
    let distant = source_files().into_iter().filter(|file| {
        std::fs::read_to_string(file).expect("a source file").contains("super::super")
    });
    let distant: Vec<PathBuf> = distant.collect();
    assert!(distant.is_empty(), "{distant:#?}");
}

/// A report holds what analysis found; a page is made from it alone.
#[test]
fn pages_use_types_of_analysis_but_call_nothing() {
    let files = source_files();
    let pages = files.iter().filter(|path| matches!(&*layer_of(path), "report" | "render"));
    let mut wrong = Vec::new();
    for file in pages {
        for path in paths_in(&code_of(file)) {
            let is_type = path.last().is_some_and(|name| name.starts_with(char::is_uppercase))
                || path.iter().rev().skip(1).any(|name| name.starts_with(char::is_uppercase));
            if path.starts_with(&["crate".to_owned(), "analysis".to_owned()]) && !is_type {
                wrong.push(format!("{}: {}", file.display(), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn use_paths_are_expanded() {
    let shown = |code: &str| paths_in(code).iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(
        shown("use crate::a::{self, b::{C, D}, e};"),
        ["crate::a::self", "crate::a::b::C", "crate::a::b::D", "crate::a::e"]
    );
    assert_eq!(shown("fn f() { super::g(h::i()) }"), ["super::g", "h::i"]);
}
