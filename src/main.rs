//! The doorway: everything happens in [`posthoc::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    posthoc::cli::main()
}
