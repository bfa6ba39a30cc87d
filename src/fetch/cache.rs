//! The cache of answers, each with the headers for revalidation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::address::shown;

/// The version of the entry format; entries of other versions are ignored.
const VERSION: u32 = 1;

/// Stores bytes between runs. Failing to store or find them is not an error: they are fetched
/// again.
pub trait Cache: Send + Sync {
    /// The bytes that were saved under `key`, a name of hexadecimal digits.
    fn load(&self, key: &str) -> Option<Vec<u8>>;

    /// Stores `bytes` under `key`, replacing any earlier ones.
    fn save(&self, key: &str, bytes: &[u8]);
}

/// The metadata of an entry; in the entry it is one line of JSON before the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    version: u32,
    /// The requested address, without its secrets.
    url: String,
    /// The address that answered, after redirects, without its secrets.
    pub(super) end: String,
    pub(super) status: u16,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) content_type: Option<String>,
    /// The next page in the `Link` header.
    pub(super) next: Option<String>,
    /// When the server last confirmed this content.
    pub(super) retrieved_at: DateTime<Utc>,
    sha256: String,
}

/// A stored answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) meta: Meta,
    pub(super) body: Vec<u8>,
}

/// The headers of a fresh answer that are stored.
pub(super) struct Headers {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) next: Option<String>,
}

impl Entry {
    pub(super) fn new(
        url: &Url,
        end: &Url,
        headers: Headers,
        body: Vec<u8>,
        retrieved_at: DateTime<Utc>,
    ) -> Self {
        let Headers { etag, last_modified, content_type, next } = headers;
        let (url, end, sha256) = (shown(url), shown(end), hex(&body));
        let meta = Meta {
            version: VERSION,
            url,
            end,
            status: 200,
            etag,
            last_modified,
            content_type,
            next,
            retrieved_at,
            sha256,
        };
        Entry { meta, body }
    }

    /// The entry of an address, unless there is none or it is damaged.
    pub(super) fn load(cache: &dyn Cache, url: &Url) -> Option<Self> {
        let bytes = cache.load(&key(url))?;
        let line = bytes.iter().position(|byte| *byte == b'\n')?;
        let meta: Meta = serde_json::from_slice(&bytes[..line]).ok()?;
        let body = bytes[line + 1..].to_vec();
        let is_sound =
            meta.version == VERSION && meta.url == shown(url) && meta.sha256 == hex(&body);
        is_sound.then_some(Entry { meta, body })
    }

    pub(super) fn save(&self, cache: &dyn Cache, url: &Url) {
        let Ok(mut bytes) = serde_json::to_vec(&self.meta) else { return };
        bytes.reserve(self.body.len() + 1);
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        cache.save(&key(url), &bytes);
    }
}

/// The name of the entry of an address. It is a hash of the whole address, since another password
/// gives another answer. The address cannot be recovered from it.
fn key(url: &Url) -> String {
    hex(url.as_str().as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
