//! `posthoc serve`.

mod error_page;
mod http;
mod watched;

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::time::Duration;

use self::http::{Answer, Request};
use self::watched::{Shown, Watched};
use super::args::Context;
use super::error::{CliError, Exit};
use super::names::one_of;
use super::stop;
use super::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::report::Audience;

/// Show the site in a browser while you edit: pages load again when a file is saved
///
/// Listens on this machine only. A file that cannot be read is shown with its errors, each at its
/// place, and the other pages still work. Ctrl-C ends it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 7777)]
    port: u16,
    /// The readers: public leaves out names, internal entries and internal links
    #[arg(long, default_value = "internal", ignore_case = true, value_parser = one_of(Audience::ALL, Audience::as_str))]
    audience: Audience,
    /// The title of the site
    #[arg(long, value_name = "TEXT", default_value = "Incidents")]
    title: String,
    /// A built-in template for the reports, or your own template file
    #[arg(long, value_name = "NAME|FILE", add = clap_complete::ArgValueCandidates::new(super::complete::templates))]
    template: Option<String>,
}

/// The interval between checks for Ctrl-C while there are no requests.
const LOOK: Duration = Duration::from_millis(30);

pub(super) fn run(
    args: &Args,
    context: &Context,
    terminal: &mut Terminal,
) -> Result<Exit, CliError> {
    // Report a missing workspace in the terminal, not in the browser.
    context.workspace()?;
    stop::watch();
    let failed = |what: &str, error: std::io::Error| {
        CliError::failed(
            Diagnostic::error(format!("cannot {what} 127.0.0.1:{}: {error}", args.port))
                .hint("--port 0 takes a free port"),
        )
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .map_err(|error| failed("listen on", error))?;
    listener.set_nonblocking(true).map_err(|error| failed("listen on", error))?;
    let address = listener.local_addr().map_err(|error| failed("listen on", error))?;
    terminal.line(&format!("http://{address}/"))?;
    terminal.flush()?;
    let shown =
        Shown { audience: args.audience, title: &args.title, template: args.template.as_deref() };
    let watched = Watched::new(shown, context);
    while !stop::asked().load(Ordering::Relaxed) {
        match listener.accept() {
            Ok((stream, _)) => serve(stream, &watched, address.port()),
            Err(_) => std::thread::sleep(LOOK),
        }
    }
    Ok(Exit::Fine)
}

/// The read and write timeout of a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Answers one request. A closed connection is not an error.
fn serve(mut stream: TcpStream, watched: &Watched, port: u16) {
    let _ = stream.set_nonblocking(false);
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let answer = match Request::read(&mut stream) {
        None => return,
        Some(request) => answer(&request, watched, port),
    };
    let _ = stream.write_all(&answer.bytes());
}

fn answer(request: &Request, watched: &Watched, port: u16) -> Answer {
    // DNS rebinding: another site in the same browser could read pages through a host name that it
    // resolves to this machine.
    let is_own = ["127.0.0.1", "localhost"].iter().any(|name| {
        request.host.eq_ignore_ascii_case(&format!("{name}:{port}"))
            || request.host.eq_ignore_ascii_case(name)
    });
    if !is_own {
        return Answer::text(403, "this server answers for 127.0.0.1 and localhost only");
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Answer::text(405, "only pages can be asked for");
    }
    let answer = match request.path.as_str() {
        "/version" => Answer::text(200, &watched.version()),
        path => watched.page(path.trim_start_matches('/')),
    };
    if request.method == "HEAD" { answer.without_body() } else { answer }
}
