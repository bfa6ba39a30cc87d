//! Reads files that may be anything: a pipe, a device, a link, or larger than the memory.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

/// The largest incident file that is read. No postmortem has this size.
pub(crate) const LARGEST_FILE: u64 = 8 << 20;

/// The largest input of an import, and so the largest evidence file.
pub(crate) const LARGEST_EVIDENCE: u64 = 64 << 20;

/// The bytes of a regular file of at most `most` bytes. Anything else is refused at once: a pipe is
/// not waited for, and no device is read.
///
/// # Errors
/// Errors of the system; [`ErrorKind::FileTooLarge`]; and [`ErrorKind::InvalidInput`] if it is not
/// a regular file.
pub(crate) fn bounded(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let (file, metadata) = regular_file(path)?;
    at_most(file, most, metadata.len())
}

/// Opens a regular file for reading; see [`bounded`].
///
/// # Errors
/// Errors of the system; [`ErrorKind::InvalidInput`] if it is not a regular file.
pub(super) fn regular_file(path: &Path) -> Result<(File, Metadata), Error> {
    // Opening a device or a socket may fail or have side effects, so the type is checked first.
    regular(&std::fs::metadata(path)?)?;
    let file = open(path)?;
    // Checks the opened file, since another one may have its name by now.
    let metadata = file.metadata()?;
    regular(&metadata)?;
    Ok((file, metadata))
}

fn regular(metadata: &Metadata) -> Result<(), Error> {
    if metadata.is_dir() {
        return Err(Error::new(ErrorKind::IsADirectory, "it is a folder"));
    }
    if !metadata.is_file() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("it is {}, not a file", kind(metadata)),
        ));
    }
    Ok(())
}

/// The kind of something that is neither a file nor a folder.
fn kind(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        match () {
            () if kind.is_fifo() => return "a pipe",
            () if kind.is_socket() => return "a socket",
            () if kind.is_char_device() || kind.is_block_device() => return "a device",
            () => {}
        }
    }
    let _ = metadata;
    "something else"
}

/// The bytes of a stream, at most `most`. About `expected` bytes are allocated.
///
/// # Errors
/// As [`bounded`].
pub(crate) fn at_most(stream: impl Read, most: u64, expected: u64) -> Result<Vec<u8>, Error> {
    let too_large =
        || Error::new(ErrorKind::FileTooLarge, format!("it is larger than {}", size(most)));
    if expected > most {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
    stream.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
}

fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{} MB", bytes >> 20) } else { format!("{bytes} bytes") }
}

/// Opens a file for reading. A pipe without a writer is opened without waiting.
fn open(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options
            .custom_flags(i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default());
    }
    options.open(path)
}

#[cfg(all(test, unix))]
#[allow(
    clippy::disallowed_methods,
    reason = "the tests make what a person could leave in a folder"
)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_within_the_size_limit_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("file"), b"12345").unwrap();
        std::os::unix::fs::symlink("/dev/zero", path("zero")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
        assert_eq!(bounded(&path("file"), 5).unwrap(), b"12345");
        for (name, kind) in [
            ("file", ErrorKind::FileTooLarge),
            ("zero", ErrorKind::InvalidInput),
            ("pipe", ErrorKind::InvalidInput),
            (".", ErrorKind::IsADirectory),
            ("none", ErrorKind::NotFound),
        ] {
            assert_eq!(bounded(&path(name), 4).unwrap_err().kind(), kind, "{name}");
        }
        assert_eq!(
            at_most(std::io::repeat(0), 1 << 20, 0).unwrap_err().to_string(),
            "it is larger than 1 MB"
        );
    }
}
