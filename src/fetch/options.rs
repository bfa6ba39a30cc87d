//! The limits of fetching.

use std::time::Duration;

/// The limits of fetching.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    /// The limit for making a connection.
    pub connect_timeout: Duration,
    /// How long the server may be silent.
    pub read_timeout: Duration,
    /// The limit for one address with all its attempts.
    pub total_timeout: Duration,
    /// The limit for finding the data of a host, with all addresses that are tried.
    pub search_timeout: Duration,
    /// The limit for everything that the fetcher does, from its creation; `None` for no limit.
    pub run_timeout: Option<Duration>,
    /// The limit of an answer in bytes, after decompression.
    pub max_bytes: u64,
    /// The number of retries after the first attempt.
    pub retries: u32,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// Use only the cache, not the network.
    pub offline: bool,
    /// Use the proxy of the system's settings.
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
