//! What was fetched before: an answer with all that is needed to ask whether it still holds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::address::shown;

/// The form of an entry; one of another form is not read.
const VERSION: u32 = 1;

/// Keeps bytes between runs. What cannot be kept or found again is no error: it is fetched.
pub trait Cache: Send + Sync {
    /// The bytes that were saved under `key`, a name made of hexadecimal digits.
    fn load(&self, key: &str) -> Option<Vec<u8>>;

    /// Keeps `bytes` under `key`, in the place of what was there.
    fn save(&self, key: &str, bytes: &[u8]);
}

/// What an entry says of its body; it stands as one line of JSON before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    version: u32,
    /// The address that was asked, without its secrets.
    url: String,
    /// The address that answered, after redirects, without its secrets.
    pub(super) end: String,
    pub(super) status: u16,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) content_type: Option<String>,
    /// The next page by the `Link` header.
    pub(super) next: Option<String>,
    /// When the server last said that this is what it has.
    pub(super) retrieved_at: DateTime<Utc>,
    sha256: String,
}

/// An answer that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) meta: Meta,
    pub(super) body: Vec<u8>,
}

/// What a fresh answer says of itself.
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

/// The name of the entry of an address. It is made of the whole address: with another password
/// the answer is another. The address cannot be had back from it.
fn key(url: &Url) -> String {
    hex(url.as_str().as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
