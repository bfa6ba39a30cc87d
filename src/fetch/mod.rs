//! HTTP to [`Input`](crate::sources::Input). Nothing else in posthoc uses the network.
//!
//! Every limit is explicit: how long a connection, a silence and the whole may take, how long the
//! answer may be once it is decompressed, how often something is tried, and how often it may
//! redirect. Waiting is the caller's [`Sleeper`], keeping is the caller's [`Cache`], and the time is
//! a parameter. Each host is asked one thing at a time, whichever thread asks; only while it is not known
//! where a host has its data, a few addresses are tried at the same time.

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
pub use fetcher::{Fetched, Fetcher, Trail};
pub use options::FetchOptions;
pub use page::{Page, moved};
pub use retry::{Sleeper, ThreadSleeper};
