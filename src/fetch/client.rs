//! The HTTP client.
//!
//! The client is asynchronous, because only that can be cancelled at any time: a blocking client
//! has a limit either for a silence or for the whole request. One thread drives the connections of
//! all other threads.

use std::future::Future;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder, Response};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use super::deadline::Deadline;
use super::error::Cause;
use super::options::FetchOptions;

/// How often a waiting thread checks whether its answer is still needed.
const LOOK: Duration = Duration::from_millis(50);

/// The client and the thread that drives it.
pub(super) struct Driven {
    client: Client,
    handle: Handle,
    /// The thread ends when this is dropped.
    _end: oneshot::Sender<()>,
}

impl Driven {
    pub(super) fn new(options: &FetchOptions) -> Result<Self, String> {
        // An error means that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(&options.user_agent)
            .connect_timeout(options.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            // One connection to each host is kept open for the next request.
            .pool_max_idle_per_host(1);
        if !options.system_proxy {
            builder = builder.no_proxy();
        }
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel::<()>();
        let drive = move || drop(runtime.block_on(ended));
        std::thread::Builder::new()
            .name("http".to_owned())
            .spawn(drive)
            .map_err(|error| error.to_string())?;
        let client = builder.build().map_err(|error| deepest(&error))?;
        Ok(Driven { client, handle, _end: end })
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Sends the request and waits for the headers of the answer.
    pub(super) fn send(
        &self,
        request: RequestBuilder,
        patience: &Patience<'_>,
    ) -> Result<Response, NoAnswer> {
        self.wait(request.send(), patience)
    }

    /// The bytes of an answer as they arrive.
    pub(super) fn body<'d>(&'d self, response: Response, patience: Patience<'d>) -> Body<'d> {
        Body { driven: self, response, patience, piece: bytes::Bytes::new() }
    }

    fn wait<T>(
        &self,
        work: impl Future<Output = reqwest::Result<T>>,
        patience: &Patience<'_>,
    ) -> Result<T, NoAnswer> {
        let silent_at = Instant::now() + patience.silence;
        self.handle.block_on(async {
            let mut work = std::pin::pin!(work);
            loop {
                let left = silent_at.saturating_duration_since(Instant::now());
                let turn = left.min(patience.deadline.left()).min(LOOK);
                if let Ok(done) = tokio::time::timeout(turn, &mut work).await {
                    return done.map_err(NoAnswer::Failed);
                }
                if let Some(cause) = patience.ended() {
                    return Err(NoAnswer::Ended(cause));
                }
                if Instant::now() >= silent_at {
                    return Err(NoAnswer::Ended(Cause::Timeout(patience.silence)));
                }
            }
        })
    }
}

/// How long to wait for an answer.
#[derive(Clone, Copy)]
pub(super) struct Patience<'p> {
    /// How long the server may be silent.
    pub(super) silence: Duration,
    /// When the last byte must have arrived.
    pub(super) deadline: Deadline,
    /// Set when the answer is no longer needed.
    pub(super) is_over: Option<&'p AtomicBool>,
}

impl Patience<'_> {
    /// The reason to stop waiting, if there is one.
    pub(super) fn ended(&self) -> Option<Cause> {
        if self.is_over.is_some_and(|over| over.load(Ordering::Relaxed)) {
            return Some(Cause::Unwanted);
        }
        self.deadline.passed()
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// Waiting was stopped.
    Ended(Cause),
    /// The client reported an error.
    Failed(reqwest::Error),
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NoAnswer::Ended(cause) => cause.fmt(f),
            NoAnswer::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NoAnswer {}

/// An answer that is read as it arrives. Its errors contain an [`NoAnswer`].
pub(super) struct Body<'d> {
    driven: &'d Driven,
    response: Response,
    patience: Patience<'d>,
    piece: bytes::Bytes,
}

impl Body<'_> {
    /// The number of bytes according to the server, before decompression.
    pub(super) fn announced(&self) -> Option<u64> {
        self.response.content_length()
    }
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.piece.is_empty() {
            let chunk = self
                .driven
                .wait(self.response.chunk(), &self.patience)
                .map_err(std::io::Error::other)?;
            let Some(chunk) = chunk else { return Ok(0) };
            self.piece = chunk;
            if let Some(cause) = self.patience.ended() {
                return Err(std::io::Error::other(NoAnswer::Ended(cause)));
            }
        }
        let length = self.piece.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.piece.split_to(length));
        Ok(length)
    }
}

/// The innermost error: the outer ones repeat the address.
pub(super) fn deepest(error: &dyn std::error::Error) -> String {
    let mut current = error;
    while let Some(source) = current.source() {
        current = source;
    }
    crate::text::clean::clean_line(&current.to_string())
}
