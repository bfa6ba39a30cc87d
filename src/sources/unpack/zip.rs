//! The files in a zip archive (APPNOTE.TXT 6.3), the container of Word and LibreOffice documents.
//!
//! Everything is read through the list at the end of the archive, which has the true lengths. The
//! unpacked size of a file is limited, so that a small archive cannot exhaust the memory.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

use super::unpacked::damaged;
use crate::sources::source::ReadError;

/// The limit on the unpacked size of a document part: one with a thousand pages has about 20 MB.
const LARGEST: u64 = 32 * 1024 * 1024;

/// The size of the end record, which a comment of up to 64 KiB may follow.
const END: usize = 22;

/// A zip archive with the list of its files.
#[derive(Debug)]
pub(crate) struct Archive<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry<'a>>,
}

#[derive(Debug)]
struct Entry<'a> {
    name: &'a [u8],
    is_encrypted: bool,
    method: u16,
    packed: usize,
    /// The position of its own header.
    at: usize,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<usize> {
    let found = bytes.get(at..at.checked_add(N)?)?;
    Some(found.iter().rev().fold(0, |all, byte| all << 8 | usize::from(*byte)))
}

fn list<'a>(bytes: &'a [u8]) -> Option<Vec<Entry<'a>>> {
    let last = bytes.len().checked_sub(END)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let end = (first..=last).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))?;
    let mut at = number::<4>(bytes, end + 16)?;
    let mut entries = Vec::new();
    while bytes.get(at..)?.starts_with(b"PK\x01\x02") {
        let length = number::<2>(bytes, at + 28)?;
        let name = bytes.get(at + 46..at + 46 + length)?;
        entries.push(Entry {
            name,
            is_encrypted: number::<2>(bytes, at + 8)? & 1 == 1,
            method: u16::try_from(number::<2>(bytes, at + 10)?).ok()?,
            packed: number::<4>(bytes, at + 20)?,
            at: number::<4>(bytes, at + 42)?,
        });
        at += 46 + length + number::<2>(bytes, at + 30)? + number::<2>(bytes, at + 32)?;
    }
    Some(entries)
}

impl<'a> Archive<'a> {
    /// Reads the list of files.
    ///
    /// # Errors
    /// [`ReadError`] if the list is missing: the archive is truncated.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let entries = list(bytes).filter(|entries| !entries.is_empty());
        let entries =
            entries.ok_or_else(|| damaged("its list of parts is missing: it was cut short"))?;
        Ok(Archive { bytes, entries })
    }

    /// Whether the archive has a file of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// Whether the archive has a file whose name has that start and end.
    pub(super) fn has_like(&self, start: &str, end: &str) -> bool {
        let is_like = |entry: &Entry<'_>| {
            entry.name.starts_with(start.as_bytes()) && entry.name.ends_with(end.as_bytes())
        };
        self.entries.iter().any(is_like)
    }

    fn entry(&self, name: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.name == name.as_bytes())
    }

    /// The paths of the files, with `/` between the parts.
    pub(crate) fn names(&self) -> Vec<String> {
        let names =
            self.entries.iter().map(|entry| String::from_utf8_lossy(entry.name).into_owned());
        names.filter(|name| !name.ends_with('/')).collect()
    }

    /// The text of a file; empty if there is no file of that name.
    ///
    /// # Errors
    /// [`ReadError`] if it cannot be unpacked, is too large, or is not UTF-8.
    pub(super) fn text(&self, name: &str) -> Result<String, ReadError> {
        let unpacked = self.bytes_of(name)?;
        let utf16 = crate::sources::decode::from_utf16(&unpacked);
        utf16.map_or_else(|| String::from_utf8(unpacked), Ok).map_err(|error| {
            damaged(&format!(
                "`{name}` in it is not valid UTF-8 at byte {}",
                error.utf8_error().valid_up_to()
            ))
        })
    }

    /// The bytes of a file; empty if there is no file of that name.
    ///
    /// # Errors
    /// [`ReadError`] if it cannot be unpacked, or is too large.
    pub(crate) fn bytes_of(&self, name: &str) -> Result<Vec<u8>, ReadError> {
        let Some(entry) = self.entry(name) else { return Ok(Vec::new()) };
        if entry.is_encrypted {
            return Err(ReadError {
                hint: Some("save it without a password".to_owned()),
                ..ReadError::new("it is encrypted")
            });
        }
        let cut = || damaged(&format!("`{name}` in it was cut short"));
        let start = (|| {
            let names = number::<2>(self.bytes, entry.at + 26)?;
            Some(entry.at + 30 + names + number::<2>(self.bytes, entry.at + 28)?)
        })();
        let packed =
            start.and_then(|start| self.bytes.get(start..start.checked_add(entry.packed)?));
        let packed = packed.ok_or_else(cut)?;
        let mut unpacked = Vec::new();
        let read = match entry.method {
            0 => packed.take(LARGEST + 1).read_to_end(&mut unpacked),
            8 => DeflateDecoder::new(packed).take(LARGEST + 1).read_to_end(&mut unpacked),
            method => {
                return Err(damaged(&format!(
                    "`{name}` in it is compressed with an unknown method ({method})"
                )));
            }
        };
        read.map_err(|error| damaged(&format!("`{name}` in it cannot be unpacked: {error}")))?;
        if unpacked.len() as u64 > LARGEST {
            return Err(ReadError::new(format!(
                "`{name}` in it unpacks to more than {} MiB",
                LARGEST / (1024 * 1024)
            )));
        }
        Ok(unpacked)
    }
}
