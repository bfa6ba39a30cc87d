//! The limits of fetching.

use std::time::Duration;

/// The limits of fetching.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long the server may be silent.
    pub read_timeout: Duration,
    /// How long one address may take, with all its tries.
    pub total_timeout: Duration,
    /// How long finding the data behind a host may take, whatever is tried for it.
    pub search_timeout: Duration,
    /// How long everything that the fetcher does may take, from when it is made; `None` for no limit.
    pub run_timeout: Option<Duration>,
    /// How long an answer may be in bytes, after decompression.
    pub max_bytes: u64,
    /// How often to try again after the first time.
    pub retries: u32,
    /// What we call ourselves.
    pub user_agent: String,
    /// Fetch nothing: what is in the cache serves.
    pub offline: bool,
    /// Use the proxy that the system's settings name.
    pub system_proxy: bool,
}

impl Default for FetchOptions {
    fn default() -> Self {
        let repository = env!("CARGO_PKG_REPOSITORY");
        let contact =
            if repository.is_empty() { String::new() } else { format!(" (+{repository})") };
        FetchOptions {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(180),
            search_timeout: Duration::from_secs(60),
            run_timeout: None,
            max_bytes: 64 * 1024 * 1024,
            retries: 3,
            user_agent: format!("posthoc/{}{contact}", env!("CARGO_PKG_VERSION")),
            offline: false,
            system_proxy: true,
        }
    }
}
