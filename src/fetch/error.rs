//! Fetch errors, with hints on what to do about them.

use std::time::Duration;

/// An address that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot fetch {url}: {cause}{}", after(*.attempts))]
pub struct FetchError {
    /// The address, without user name and password.
    pub url: String,
    /// The number of attempts.
    pub attempts: u32,
    /// The error of the last attempt.
    pub cause: Cause,
}

fn after(attempts: u32) -> String {
    if attempts > 1 { format!(" (tried {attempts} times)") } else { String::new() }
}

/// The kinds of errors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The network is disabled.
    #[error("the network is disabled")]
    Offline,
    /// The network is disabled, and the cache has no entry.
    #[error("the network is disabled, and this address is not in the cache")]
    NeverFetched,
    /// The address is invalid.
    #[error("this is not an address: {0}")]
    Address(String),
    /// The address has a scheme other than http or https.
    #[error("`{0}` is neither http nor https")]
    Scheme(String),
    /// The HTTP client could not be created.
    #[error("cannot create the HTTP client: {0}")]
    Client(String),
    /// The connection failed.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// This machine does not trust the certificate of the server for that name.
    #[error("its certificate is refused: {0}")]
    Certificate(String),
    /// The server was silent for too long.
    #[error("no answer for {}", seconds(*.0))]
    Timeout(Duration),
    /// The request took too long in total.
    #[error("not done within {}", seconds(*.0))]
    TotalTime(Duration),
    /// Finding the data of a host took too long.
    #[error("no data was found there within {}", seconds(*.0))]
    SearchTime(Duration),
    /// The whole run took too long.
    #[error("not fetched within the {} that --timeout allows", seconds(*.0))]
    RunTime(Duration),
    /// Another address gave the data first.
    #[error("another address had answered by then")]
    Unwanted,
    /// The answer has a content encoding that is not supported and was not requested.
    #[error("the answer has the content encoding `{0}`, which is not supported")]
    Packed(String),
    /// The answer ended early.
    #[error("the answer ended early: {0}")]
    Interrupted(String),
    /// The server answered with an error status.
    #[error("the server answered {code} {reason}")]
    Status {
        /// The HTTP status.
        code: u16,
        /// Its standard reason phrase.
        reason: &'static str,
    },
    /// The server of an API refused, and says why.
    #[error("the server answered {code}: {message}")]
    Refused {
        /// The HTTP status.
        code: u16,
        /// Its own words.
        message: String,
    },
    /// The server asks to wait longer than we are willing to.
    #[error("the server answered {code} and asks to retry in {}", seconds(*.wait))]
    Busy {
        /// The HTTP status.
        code: u16,
        /// How long it asks to wait.
        wait: Duration,
    },
    /// The answer is too long.
    #[error("the answer is longer than {}", bytes(*.limit))]
    TooLarge {
        /// The limit in bytes, after decompression.
        limit: u64,
    },
    /// The redirects form a loop.
    #[error("it redirects in a circle: {}", .0.join(" -> "))]
    RedirectLoop(Vec<String>),
    /// There are too many redirects.
    #[error("it redirects more than {0} times")]
    TooManyRedirects(usize),
    /// Redirected from https to http.
    #[error("it redirects from https to {0}, which is not encrypted")]
    Downgrade(String),
    /// A redirect without a usable address.
    #[error("it redirects without a usable address")]
    BadRedirect,
    /// The next page of a history is on another host.
    #[error("its next page is {0}, which is another host")]
    ForeignPage(String),
    /// A web page where data was expected.
    #[error("it gives a web page{}, not data{}", named(title), from.as_ref().map_or(String::new(), |url| format!("; it redirects to {url}")))]
    WebPage {
        /// The page's title.
        title: Option<String>,
        /// The other host that it redirects to.
        from: Option<String>,
    },
    /// No known address of a status page gives data on this host.
    #[error("no known kind of status page; {}", .0.iter().map(Answers::to_string).collect::<Vec<_>>().join("; "))]
    NoStatusPage(Vec<Answers>),
}

fn named(title: &Option<String>) -> String {
    title.as_ref().map_or_else(String::new, |title| format!(" (\"{title}\")"))
}

/// The most addresses with the same answer that are listed; `-v` lists all of them.
const MOST_SHOWN: usize = 4;

/// Addresses of a host that gave the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// The answer: `is a web page`, `404 Not Found`.
    pub what: String,
    /// The addresses, without the host.
    pub addresses: Vec<String>,
}

impl std::fmt::Display for Answers {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (shown, more) = self.addresses.split_at(self.addresses.len().min(MOST_SHOWN));
        write!(out, "{}: {}", self.what, shown.join(" "))?;
        if more.is_empty() { Ok(()) } else { write!(out, " and {} more", more.len()) }
    }
}

/// A duration for people: in its natural unit, rounded to a whole number.
fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let in_units = |unit: u64| (seconds + unit / 2) / unit;
    let days = seconds / 86_400;
    match seconds {
        0 => format!("{} ms", duration.subsec_millis()),
        1..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", in_units(60)),
        7_200..172_800 => format!("{} h", in_units(3_600)),
        _ if days < 60 => format!("{} days", in_units(86_400)),
        _ if days < 730 => format!("{} months", in_units(2_629_800)),
        _ if days < 36_525 => format!("{} years", in_units(31_557_600)),
        _ => "more than a hundred years".to_owned(),
    }
}

fn bytes(limit: u64) -> String {
    match limit {
        0..1024 => format!("{limit} bytes"),
        1024..1_048_576 => format!("{} KiB", limit / 1024),
        _ => format!("{} MiB", limit / 1_048_576),
    }
}

impl FetchError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match &self.cause {
            Cause::Offline | Cause::NeverFetched => "leave --offline out, or give a file",
            Cause::Address(_) | Cause::Scheme(_) => {
                "give an address such as https://status.example.com"
            }
            Cause::Client(_) => "are the system's certificates installed?",
            Cause::Connect(_) => "check the name, the network and the proxy",
            Cause::Certificate(_) => {
                "check the name; an authority of your own goes into the system's certificates, or into SSL_CERT_FILE"
            }
            Cause::Timeout(_) | Cause::TotalTime(_) | Cause::Interrupted(_) => "try again later",
            Cause::Status { code: 401 | 403, .. } => {
                "it wants a login: save the data with a browser and give the file"
            }
            Cause::Refused { code: 401 | 403, .. } => "check the token, and what it may read",
            Cause::Refused { .. } => "correct what was asked for",
            Cause::Status { code: 404 | 410, .. } => {
                "check the address; a status page may have moved to another system"
            }
            Cause::Status { code: 429 | 500.., .. } => "the server has trouble: try again later",
            Cause::Status { .. } => "check the address",
            // Waiting for a month is never intended: the clock of the server is wrong, or it
            // refuses all programs.
            Cause::Busy { wait, .. } if wait.as_secs() > 30 * 86_400 => {
                "save the data with a browser and give the file"
            }
            Cause::Busy { .. } => "try again then",
            Cause::Unwanted => return None,
            Cause::SearchTime(_) => "give the address of the data itself, or try again later",
            Cause::RunTime(_) => "give --timeout a longer time, or import this address alone",
            Cause::TooLarge { .. } | Cause::Packed(_) => {
                "save it with another program and give the file"
            }
            Cause::RedirectLoop(_) | Cause::TooManyRedirects(_) | Cause::BadRedirect => {
                "open the address in a browser and give the one it ends at"
            }
            Cause::ForeignPage(_) => "if that is meant, import that address as well",
            Cause::WebPage { from: Some(_), .. } => {
                "log in to the network or to the site with a browser, or give the address that it ends at"
            }
            Cause::Downgrade(_) => "if that is meant, give the http address itself",
            Cause::WebPage { .. } | Cause::NoStatusPage(_) => {
                "give the address of the data itself, or save the data and give the file; `posthoc formats` lists what can be read"
            }
        };
        Some(hint.to_owned())
    }

    /// Whether another address of the same host may still answer: this one does not exist, or is
    /// something else.
    pub(super) fn is_about_this_address_only(&self) -> bool {
        match &self.cause {
            Cause::Status { code, .. } => (400..500).contains(code) && *code != 429,
            Cause::NeverFetched
            | Cause::WebPage { .. }
            | Cause::RedirectLoop(_)
            | Cause::TooManyRedirects(_)
            | Cause::BadRedirect => true,
            Cause::Offline
            | Cause::Refused { .. }
            | Cause::Address(_)
            | Cause::Scheme(_)
            | Cause::Client(_)
            | Cause::Connect(_)
            | Cause::Certificate(_)
            | Cause::Timeout(_)
            | Cause::TotalTime(_)
            | Cause::SearchTime(_)
            | Cause::RunTime(_)
            | Cause::Packed(_)
            | Cause::Unwanted
            | Cause::Interrupted(_)
            | Cause::Busy { .. }
            | Cause::TooLarge { .. }
            | Cause::Downgrade(_)
            | Cause::ForeignPage(_)
            | Cause::NoStatusPage(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_shown_in_plain_words() {
        let text = |seconds_: u64| seconds(Duration::from_secs(seconds_));
        assert_eq!(seconds(Duration::from_millis(250)), "250 ms");
        for (length, words) in [
            (7, "7 s"),
            (180, "3 min"),
            (3_600, "60 min"),
            (7_200, "2 h"),
            (7 * 86_400, "7 days"),
            (100 * 86_400, "3 months"),
            (2_300_678_280, "73 years"),
            (u64::MAX, "more than a hundred years"),
        ] {
            assert_eq!(text(length), words);
        }
    }
}
