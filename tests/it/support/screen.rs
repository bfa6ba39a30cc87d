//! What a person at a terminal sees: the program with its streams on a pseudo terminal.

use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::support::world::World;

/// Runs the program on a terminal of 24 lines that is `columns` wide; what it printed on both
/// streams, as text with line ends, and its exit code.
pub fn seen(
    world: &World,
    columns: u16,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> (String, Option<i32>) {
    seen_by(world, columns, variables, arguments, |_| {})
}

/// The same, while `person` does something to the running program.
pub fn seen_by(
    world: &World,
    columns: u16,
    variables: &[(&str, &str)],
    arguments: &[&str],
    person: impl FnOnce(&Child),
) -> (String, Option<i32>) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo terminal");
    grantpt(&terminal).expect("access to it");
    unlockpt(&terminal).expect("its other end");
    let name = ptsname(&terminal, Vec::new()).expect("its name");
    let other_end = || -> OwnedFd {
        let path = name.to_str().expect("a plain name");
        std::fs::OpenOptions::new().read(true).write(true).open(path).expect("the other end").into()
    };
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).expect("a size");

    let prepared = world.command(arguments);
    let mut command = Command::new(prepared.get_program());
    command.args(prepared.get_args()).env_clear().current_dir(world.path(""));
    for (name, value) in prepared.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.env("TERM", "xterm").env("NO_COLOR", "1").envs(variables.iter().copied());
    let streams = [other_end(), other_end(), other_end()].map(Stdio::from);
    let [input, output, errors] = streams;
    let mut child =
        command.stdin(input).stdout(output).stderr(errors).spawn().expect("the program runs");
    // The command holds the other end too, and the terminal reports it closed only when nobody
    // does.
    drop(command);
    person(&child);
    let mut bytes = Vec::new();
    // Linux returns EIO when the other end is closed.
    let _ = std::fs::File::from(terminal).read_to_end(&mut bytes);
    let code = child.wait().expect("it ends").code();
    (String::from_utf8_lossy(&bytes).replace("\r\n", "\n"), code)
}
