//! Temporary files that later replace other files.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::StoreError;
use super::leftovers;

#[derive(PartialEq, Eq)]
pub(super) enum Durability {
    Flushed,
    Regenerable,
}

/// A temporary file next to `path` with these bytes, and with the permissions of the existing file.
pub(super) fn temporary(
    path: &Path,
    bytes: &[u8],
    durability: Durability,
) -> Result<NamedTempFile, StoreError> {
    let folder = parent(path);
    let failed = || StoreError::io("write", path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(leftovers::PREFIX).suffix(leftovers::SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private by default; a document gets the permissions of the umask.
        let mode =
            fs::metadata(path).map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut file = builder.tempfile_in(&folder).map_err(failed())?;
    file.write_all(bytes).map_err(failed())?;
    if durability == Durability::Flushed {
        file.as_file().sync_all().map_err(failed())?;
    }
    Ok(file)
}

pub(super) fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
