//! Zip archives: the list of their files, and the bytes of one.
//!
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>. Stored and deflated files are read, which are all
//! that exports of chats and reports have; encrypted ones and archives of more than 4 GB are refused.

use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its path in the archive, with `/` between the parts.
    pub name: String,
    /// The number of its bytes, unpacked.
    pub size: u64,
    flags: u16,
    method: u16,
    crc: u32,
    packed: usize,
    offset: usize,
}

/// Whether bytes begin as an archive with files does.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The files of an archive, in its order. Folders are not among them.
///
/// # Errors
/// A sentence that says why it is no archive that can be read.
pub fn members(bytes: &[u8]) -> Result<Vec<Member>, String> {
    listed(bytes)
        .ok_or_else(|| "the archive is damaged: its list of files cannot be read".to_owned())
}

fn listed(bytes: &[u8]) -> Option<Vec<Member>> {
    // The list is at the end, before a comment of at most 64 KiB.
    const END: usize = 22;
    let first = bytes.len().checked_sub(END)?;
    let end = (first.saturating_sub(usize::from(u16::MAX))..=first)
        .rev()
        .find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))?;
    let count = u16_at(bytes, end + 10)?;
    let mut at = usize::try_from(u32_at(bytes, end + 16)?).ok()?;
    let mut members = Vec::new();
    for _ in 0..count {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let [name, extra, comment] =
            [28, 30, 32].map(|field| u16_at(bytes, at + field).map(usize::from));
        let (name, extra, comment) = (name?, extra?, comment?);
        let written = bytes.get(at + 46..at + 46 + name)?;
        let member = Member {
            name: String::from_utf8_lossy(written).replace('\\', "/"),
            flags: u16_at(bytes, at + 8)?,
            method: u16_at(bytes, at + 10)?,
            crc: u32_at(bytes, at + 16)?,
            packed: usize::try_from(u32_at(bytes, at + 20)?).ok()?,
            size: u64::from(u32_at(bytes, at + 24)?),
            offset: usize::try_from(u32_at(bytes, at + 42)?).ok()?,
        };
        if !member.name.ends_with('/') {
            members.push(member);
        }
        at += 46 + name + extra + comment;
    }
    Some(members)
}

/// The bytes of a file in the archive `bytes`, of at most `most`.
///
/// # Errors
/// A sentence that says why it cannot be unpacked: it is too large, encrypted, or damaged.
pub fn unpacked(bytes: &[u8], member: &Member, most: u64) -> Result<Vec<u8>, String> {
    if member.size > most {
        return Err(format!("it has more than {} MB", most >> 20));
    }
    if member.flags & 1 != 0 {
        return Err("it is encrypted".to_owned());
    }
    let damaged = || "it is damaged".to_owned();
    let packed = packed(bytes, member).ok_or_else(damaged)?;
    let mut unpacked = Vec::new();
    match member.method {
        0 => unpacked.extend_from_slice(packed),
        8 => {
            // What it says of its size may be wrong.
            let mut stream = DeflateDecoder::new(packed).take(member.size + 1);
            stream.read_to_end(&mut unpacked).map_err(|_| damaged())?;
        }
        method => return Err(format!("it is packed by a method that is not supported ({method})")),
    }
    let mut crc = Crc::new();
    crc.update(&unpacked);
    if unpacked.len() as u64 == member.size && crc.sum() == member.crc {
        Ok(unpacked)
    } else {
        Err(damaged())
    }
}

fn packed<'b>(bytes: &'b [u8], member: &Member) -> Option<&'b [u8]> {
    let head = bytes.get(member.offset..)?;
    if !head.starts_with(b"PK\x03\x04") {
        return None;
    }
    let start = 30 + usize::from(u16_at(head, 26)?) + usize::from(u16_at(head, 28)?);
    head.get(start..start.checked_add(member.packed)?)
}

/// An archive of files, for tests.
#[cfg(test)]
pub(crate) fn packed_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (index, (name, content)) in files.iter().enumerate() {
        let mut crc = Crc::new();
        crc.update(content);
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(content).unwrap();
        let (method, data) =
            if index % 2 == 0 { (8_u16, encoder.finish().unwrap()) } else { (0, content.to_vec()) };
        let offset = bytes.len() as u32;
        let mut common = vec![20, 0, 0, 0];
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        common.extend(crc.sum().to_le_bytes());
        common.extend((data.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(data);
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&common);
        list.extend([0; 10]);
        list.extend(offset.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let start = bytes.len() as u32;
    let size = list.len() as u32;
    bytes.extend(list);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([(files.len() as u16).to_le_bytes(); 2].concat());
    bytes.extend(size.to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_and_deflated_files_are_unpacked() {
        let long = "a message ".repeat(500);
        let bytes = packed_of(&[("ops/1.json", long.as_bytes()), ("users.json", b"[]")]);
        assert!(is_archive(&bytes));
        let members = members(&bytes).unwrap();
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["ops/1.json", "users.json"]);
        assert_eq!(unpacked(&bytes, &members[0], 1 << 20).unwrap(), long.as_bytes());
        assert_eq!(unpacked(&bytes, &members[1], 1 << 20).unwrap(), b"[]");
        assert!(unpacked(&bytes, &members[0], 100).unwrap_err().contains("more than"));
    }

    #[test]
    fn damage_is_an_error_and_no_panic() {
        let bytes = packed_of(&[("a", b"some text that is long enough"), ("b", b"x")]);
        let good = members(&bytes).unwrap();
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                for member in members(&damaged).unwrap_or_default() {
                    let _ = unpacked(&damaged, &member, 1 << 20);
                }
            }
            assert!(members(&bytes[..at]).is_err());
        }
        let mut changed = bytes.clone();
        let at = bytes.windows(1).rposition(|window| window == b"x").unwrap();
        changed[at] = b'y';
        assert!(good.iter().any(|member| unpacked(&changed, member, 1 << 20).is_err()));
        let mut encrypted = good[0].clone();
        encrypted.flags = 1;
        assert_eq!(unpacked(&bytes, &encrypted, 1 << 20).unwrap_err(), "it is encrypted");
    }
}
