//! A clean world for one test: an empty folder, a fixed clock, no colours, no network, and one
//! string that shows what a person would see.

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

/// The clock of every test.
pub const NOW: &str = "2026-04-01T12:00:00Z";

/// An empty folder to work in.
pub struct World {
    folder: tempfile::TempDir,
    /// What was fetched before; outside of the folder, as a person's is.
    cache: tempfile::TempDir,
}

impl World {
    pub fn new() -> Self {
        let folder = || tempfile::tempdir().expect("a temporary folder");
        World { folder: folder(), cache: folder() }
    }

    /// The folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
        self
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program, ready to run in this world.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_at(NOW, arguments)
    }

    /// The same at another time: of what really happens while the test runs.
    pub fn command_at(&self, now: &str, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("posthoc").expect("the program is built");
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("POSTHOC_CACHE", self.cache.path())
            .env("TZ", "Pacific/Kiritimati")
            .args(["--now", now]);
        command
    }

    pub fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// Runs the program; what it printed and how it ended, as one text.
    pub fn run(&self, arguments: &[&str]) -> String {
        self.shown(&self.output(arguments))
    }

    /// An output as one text, with the folder's own name taken out.
    pub fn shown(&self, output: &Output) -> String {
        let part = |name: &str, bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            if text.is_empty() {
                String::new()
            } else {
                format!("── {name}\n{}\n", text.trim_end())
            }
        };
        let code =
            output.status.code().map_or_else(|| "killed".to_owned(), |code| code.to_string());
        let text = format!(
            "{}{}── exit {code}\n",
            part("stdout", &output.stdout),
            part("stderr", &output.stderr)
        );
        text.replace(&*self.folder.path().to_string_lossy(), "[WORLD]")
    }

    /// Fails, naming them, when files differ from what `before` was.
    pub fn assert_same(&self, before: &[(String, Vec<u8>)]) {
        let after = self.files();
        let differing = |one: &[(String, Vec<u8>)], other: &[(String, Vec<u8>)]| -> Vec<String> {
            one.iter().filter(|file| !other.contains(file)).map(|file| file.0.clone()).collect()
        };
        let (was, is) = (differing(before, &after), differing(&after, before));
        assert!(was.is_empty() && is.is_empty(), "files differ: {was:?} became {is:?}");
    }

    /// Every file below the folder, with its bytes.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = walkdir::WalkDir::new(self.folder.path())
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let name = entry
                    .path()
                    .strip_prefix(self.folder.path())
                    .expect("below")
                    .to_string_lossy()
                    .into_owned();
                (name, std::fs::read(entry.path()).expect("a file"))
            })
            .collect();
        files.sort();
        files
    }
}

/// A part of the folder of other people's data. A test that needs it is
/// `#[cfg_attr(not(corpus), ignore = "needs the corpus")]`; `build.rs` sets `corpus` if there is
/// one.
pub fn shared(part: &str) -> PathBuf {
    let root = std::env::var_os("POSTHOC_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = root.join(part);
    assert!(path.exists(), "{} is not here; POSTHOC_CORPUS names the folder", path.display());
    path
}
