//! Servers on this machine that do what a test wants, and end with it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What a client asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// The path with its query.
    pub path: String,
    /// The head as it was sent.
    pub head: String,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.to_owned())
    }
}

/// A server that answers the nth request with what `answer` writes. It takes many connections at
/// the same time, and counts those that wait for their answer.
pub struct Server {
    pub address: String,
    asked: Arc<Mutex<Vec<Request>>>,
    busiest: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// `answer` gets the number of the request, from 0, and its path.
    pub fn new(answer: impl Fn(usize, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Server::start(move |number, request, stream, at_work| {
            let bytes = answer(number, &request.path);
            // Once the last byte is sent, the client may be back before we are.
            drop(at_work);
            let _ = stream.write_all(&bytes);
        })
    }

    /// `talk` gets the request as well, and the connection.
    pub fn talking(talk: impl Fn(usize, &Request, &mut TcpStream) + Send + Sync + 'static) -> Self {
        Server::start(move |number, request, stream, _at_work| talk(number, request, stream))
    }

    /// A server of pages by their paths; what is not among them is not found.
    pub fn of(pages: &[(&str, &str)]) -> Self {
        let pages: Vec<(String, String)> =
            pages.iter().map(|(path, body)| ((*path).to_owned(), (*body).to_owned())).collect();
        Server::new(move |_, path| match pages.iter().find(|(known, _)| known == path) {
            Some((_, body)) => answer("200 OK", "", body.as_bytes()),
            None => answer("404 Not Found", "", b""),
        })
    }

    fn start(
        talk: impl Fn(usize, &Request, &mut TcpStream, AtWork) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (busy, busiest) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (log, stopped, most, talk) =
            (asked.clone(), stop.clone(), busiest.clone(), Arc::new(talk));
        let thread = std::thread::spawn(move || {
            let mut connections = Vec::new();
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(mut stream) = stream else { continue };
                let (log, busy, most, talk) =
                    (log.clone(), busy.clone(), most.clone(), talk.clone());
                connections.push(std::thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
                    let at_work = AtWork::new(busy, &most);
                    let request = read_request(&mut stream);
                    let number = {
                        let mut log = log.lock().unwrap();
                        log.push(request.clone());
                        log.len() - 1
                    };
                    talk(number, &request, &mut stream, at_work);
                }));
            }
            connections.into_iter().for_each(|connection| drop(connection.join()));
        });
        Server { address, asked, busiest, stop, thread: Some(thread) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// How many requests there were.
    pub fn requests(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// What was asked, in order.
    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    /// The paths that were asked for, in order.
    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|request| request.path).collect()
    }

    /// The most connections that waited for their answer at the same time.
    pub fn busiest(&self) -> usize {
        self.busiest.load(Ordering::SeqCst)
    }
}

/// A connection that waits for its answer.
struct AtWork(Arc<AtomicUsize>);

impl AtWork {
    fn new(busy: Arc<AtomicUsize>, most: &AtomicUsize) -> Self {
        most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        AtWork(busy)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // One more connection wakes the listener up.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads the head of a request.
fn read_request(stream: &mut TcpStream) -> Request {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16 * 1024 {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => break,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    Request { path: head.split(' ').nth(1).unwrap_or_default().to_owned(), head }
}

pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn ok(body: &str) -> Vec<u8> {
    answer("200 OK", "Content-Type: application/json\r\n", body.as_bytes())
}
