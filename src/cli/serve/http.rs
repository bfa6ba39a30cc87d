//! The minimum of HTTP/1.1 for a browser on the same machine: requests without a body, and
//! responses after which the connection is closed.

use std::io::Read;

/// The maximum size of a request's head, in bytes.
const LONGEST: usize = 16 * 1024;

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// The path, without a query.
    pub(super) path: String,
    /// The value of the `Host` header; empty if there is none.
    pub(super) host: String,
}

impl Request {
    /// Reads a request. `None` if it is invalid or too long.
    pub(super) fn read(stream: &mut impl Read) -> Option<Request> {
        let mut head = Vec::new();
        let mut part = [0; 2048];
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
            head.extend_from_slice(&part[..read]);
            if head.len() > LONGEST {
                return None;
            }
        }
        Request::parse(&String::from_utf8_lossy(&head))
    }

    fn parse(head: &str) -> Option<Request> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?);
        let host = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("host"))
            .map(|(_, value)| value.trim().to_owned());
        let path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
        Some(Request { method, path, host: host.unwrap_or_default() })
    }
}

/// A response.
#[derive(Debug)]
pub(super) struct Answer {
    status: u16,
    media_type: &'static str,
    body: Vec<u8>,
    has_body: bool,
}

impl Answer {
    pub(super) fn new(status: u16, media_type: &'static str, body: Vec<u8>) -> Self {
        Answer { status, media_type, body, has_body: true }
    }

    pub(super) fn text(status: u16, text: &str) -> Self {
        Answer::new(status, "text/plain; charset=utf-8", format!("{text}\n").into_bytes())
    }

    pub(super) fn html(status: u16, body: Vec<u8>) -> Self {
        Answer::new(status, "text/html; charset=utf-8", body)
    }

    pub(super) fn without_body(self) -> Self {
        Answer { has_body: false, ..self }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let reason = match self.status {
            200 => "OK",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            _ => "Internal Server Error",
        };
        let mut bytes = format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n",
            self.status,
            self.media_type,
            self.body.len()
        )
        .into_bytes();
        if self.has_body {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_has_a_method_a_path_and_a_host() {
        let head =
            "GET /incidents/a.html?x=1 HTTP/1.1\r\nAccept: */*\r\nhost: localhost:7777\r\n\r\n";
        let request = Request::read(&mut head.as_bytes()).unwrap();
        assert_eq!(
            request,
            Request {
                method: "GET".into(),
                path: "/incidents/a.html".into(),
                host: "localhost:7777".into()
            }
        );
        assert_eq!(Request::read(&mut "GET /".as_bytes()), None, "it has no end");
        let long = "a".repeat(LONGEST + 10);
        assert_eq!(Request::read(&mut long.as_bytes()), None);
    }
}
