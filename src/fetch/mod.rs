//! Fetches an [`Input`](crate::sources::Input) over HTTP. Nothing else in posthoc uses the network.
//!
//! Every limit is explicit: the time for a connection, a silence and the whole request, the length
//! of the answer after decompression, the number of attempts, and the number of redirects. The
//! caller provides the [`Sleeper`] and the [`Cache`], and the time is a parameter. Each host gets
//! one request at a time from all threads together; only while it is unknown where a host has its
//! data, a few addresses are tried at the same time.

mod address;
mod ahead;
mod cache;
mod client;
mod deadline;
mod error;
mod exchange;
mod fetcher;
mod gate;
mod options;
mod page;
mod retry;
mod unpack;

pub use address::{host_of, shown_address};
pub use cache::Cache;
pub use error::{Answers, Cause, FetchError};
pub use fetcher::{ApiAccess, Fetched, Fetcher, Trail};
pub use options::FetchOptions;
pub use page::{FetchedPage, moved};
pub use retry::{Sleeper, ThreadSleeper};
