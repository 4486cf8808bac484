//! Fabulist: a durable writing studio. This is the terminal door and the wiring of the parts.

mod cli;
mod config;
mod failure;
mod http;
mod out_files;
mod say;
mod wiring;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
