//! The bytes of an input to store as evidence.

use std::path::Path;

use super::outcome::provenance;
use super::read::ReadInput;
use crate::assemble::plan::Original;
use crate::assemble::{Provenance, entry_key};
use crate::sources::record::DocumentRecord;

/// The bytes of `read` if it is a document; `root` is the workspace.
pub(super) fn original<'r>(
    read: &'r ReadInput,
    document: Option<&DocumentRecord>,
    root: &Path,
) -> Original<'r> {
    let name = document.and_then(|record| name_of(read, record, root));
    let from =
        Provenance { name, sha256: Some(entry_key::hex(&read.input.bytes)), ..provenance(read) };
    Original {
        from,
        label: &read.input.name,
        ending: ending(&read.input.name),
        bytes: &read.input.bytes,
    }
}

/// The file extension of an input, if it is a plain one.
fn ending(name: &str) -> String {
    // `#` starts a fragment in an address, and is an ordinary character in a file name.
    let name =
        if name.contains("://") { name.split(['?', '#']).next().unwrap_or_default() } else { name };
    let extension = Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or("data")
        .to_lowercase();
    let plain = extension.len() <= 8 && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { extension } else { "data".to_owned() }
}

/// How a document is identified in its incident file: by its path in the workspace, so that two
/// files with the same name stay distinct; by its file name if it is elsewhere; or by the last part
/// of an address.
fn name_of(input: &ReadInput, record: &DocumentRecord, root: &Path) -> Option<String> {
    // A page saved as a file may contain its address.
    if input.input.retrieved_at.is_some() {
        return Some(record.id.clone());
    }
    let path = std::fs::canonicalize(&input.input.name).ok()?;
    let root = std::fs::canonicalize(root).ok()?;
    let inside = path.strip_prefix(root).ok();
    let joined = inside.map(|inside| {
        inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    });
    joined.or_else(|| Some(record.id.clone()))
}
