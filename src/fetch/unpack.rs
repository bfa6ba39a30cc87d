//! Decodes the content encoding of answers (RFC 9110, 8.4).
//!
//! The HTTP client could decode them too, but would bring the encoders along, and does not handle
//! servers that send raw deflate as `deflate`.

use std::io::{BufRead, BufReader, Read};

use brotli_decompressor::Decompressor;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::error::Cause;

/// The value of `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip, deflate, br";

/// Answers with more encodings are refused.
const MOST_LAYERS: usize = 3;

/// `answer` without its encodings. `encoding` is the value of `Content-Encoding`: the names of the
/// encodings in the order in which they were applied.
pub(super) fn unpacked<'r>(
    encoding: Option<&str>,
    answer: impl Read + 'r,
) -> Result<Box<dyn Read + 'r>, Cause> {
    let names: Vec<String> = encoding
        .unwrap_or_default()
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect();
    if names.len() > MOST_LAYERS {
        return Err(Cause::Packed(encoding.unwrap_or_default().to_owned()));
    }
    let mut reader: Box<dyn Read + 'r> = Box::new(answer);
    for name in names.iter().rev() {
        let packed = BufReader::new(reader);
        reader = match name.as_str() {
            "gzip" | "x-gzip" => Box::new(Gzip { packed: Some(packed), unpacking: None }),
            "deflate" => Box::new(Deflate::Unknown(Some(packed))),
            "br" => Box::new(Decompressor::new(packed, 4096)),
            other => return Err(Cause::Packed(crate::text::clean::clean_line(other))),
        };
    }
    Ok(reader)
}

/// gzip; an answer of zero bytes is empty rather than broken.
struct Gzip<R: Read> {
    packed: Option<BufReader<R>>,
    unpacking: Option<MultiGzDecoder<BufReader<R>>>,
}

impl<R: Read> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if let Some(packed) = &mut self.packed {
            if packed.fill_buf()?.is_empty() {
                return Ok(0);
            }
            self.unpacking = self.packed.take().map(MultiGzDecoder::new);
        }
        self.unpacking.as_mut().map_or(Ok(0), |unpacking| unpacking.read(buffer))
    }
}

/// `deflate` is zlib according to the standard, but some servers send raw deflate.
enum Deflate<R: Read> {
    Unknown(Option<BufReader<R>>),
    Zlib(ZlibDecoder<BufReader<R>>),
    Raw(DeflateDecoder<BufReader<R>>),
}

impl<R: Read> Read for Deflate<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if let Deflate::Unknown(packed) = self {
            let Some(start) = packed.as_mut().map(BufRead::fill_buf).transpose()? else {
                return Ok(0);
            };
            if start.is_empty() {
                return Ok(0);
            }
            // RFC 1950, 2.2: the method is 8. Raw deflate that begins with these bits would be a
            // stored block without content.
            let is_zlib = start[0] & 0x0F == 8;
            let Some(packed) = packed.take() else { return Ok(0) };
            *self = if is_zlib {
                Deflate::Zlib(ZlibDecoder::new(packed))
            } else {
                Deflate::Raw(DeflateDecoder::new(packed))
            };
        }
        match self {
            Deflate::Unknown(_) => Ok(0),
            Deflate::Zlib(unpacking) => unpacking.read(buffer),
            Deflate::Raw(unpacking) => unpacking.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = b"{\"incidents\": [\"slow\", \"slow\", \"slow\"]}";

    /// `hello` in brotli: one uncompressed block (RFC 7932, 9.2), and the empty last one.
    const BROTLI: &[u8] = &[0x0B, 0x02, 0x80, b'h', b'e', b'l', b'l', b'o', 0x03];

    fn read(encoding: &str, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut whole = Vec::new();
        unpacked(Some(encoding), bytes).unwrap().read_to_end(&mut whole)?;
        Ok(whole)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn raw(bytes: &[u8], level: Compression) -> Vec<u8> {
        let mut packer = DeflateEncoder::new(Vec::new(), level);
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn every_requested_encoding_is_decoded() {
        assert_eq!(read("gzip", &gzip(TEXT)).unwrap(), TEXT);
        assert_eq!(read("X-GZIP", &[gzip(b"one"), gzip(b"two")].concat()).unwrap(), b"onetwo");
        assert_eq!(read("deflate", &zlib(TEXT)).unwrap(), TEXT);
        for level in 0..=9 {
            let long = TEXT.repeat(50);
            assert_eq!(
                read("deflate", &raw(&long, Compression::new(level))).unwrap(),
                long,
                "level {level}"
            );
        }
        assert_eq!(read("br", BROTLI).unwrap(), b"hello");
        assert_eq!(read("identity", TEXT).unwrap(), TEXT);
        assert_eq!(read("", TEXT).unwrap(), TEXT);
        assert_eq!(
            read("deflate, gzip", &gzip(&zlib(TEXT))).unwrap(),
            TEXT,
            "the last one was applied last"
        );
    }

    #[test]
    fn truncated_body_is_an_error() {
        let long = TEXT.repeat(500);
        for (encoding, packed) in [
            ("gzip", gzip(&long)),
            ("deflate", zlib(&long)),
            ("deflate", raw(&long, Compression::default())),
            ("br", BROTLI.to_vec()),
        ] {
            for end in 1..packed.len() {
                assert!(read(encoding, &packed[..end]).is_err(), "{encoding} of {end} bytes");
            }
            assert_eq!(read(encoding, b"").ok().unwrap_or_default(), b"", "an empty answer");
        }
        assert!(
            read("gzip", TEXT).is_err()
                && read("deflate", TEXT).is_err()
                && read("br", TEXT).is_err()
        );
    }

    #[test]
    fn unsupported_encoding_is_reported() {
        let refused = |encoding: &str| unpacked(Some(encoding), TEXT).err().unwrap();
        assert_eq!(refused("zstd"), Cause::Packed("zstd".to_owned()));
        assert_eq!(refused("gzip, zstd"), Cause::Packed("zstd".to_owned()));
        assert!(matches!(refused("gzip, gzip, gzip, gzip"), Cause::Packed(_)));
    }
}
