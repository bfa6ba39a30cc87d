//! The binary: everything happens in `posthoc::cli`.

use std::process::ExitCode;

/// Reading ten thousand files and filling a thousand templates is, for a fifth of the time,
/// asking for small pieces of memory and giving them back; this allocator is quicker at it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    posthoc::cli::main()
}
