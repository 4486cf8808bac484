//! The project's own commands. One file for each; this one only chooses.

mod bench;
mod build_dir;
mod chaos;
mod debian;
mod postgres;
mod say;
mod step;
mod studio;
mod test;
mod tools;

use std::process::ExitCode;

use say::{complain, say};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

Commands:
  test    check the format, lint, and run every test
  bench   measure the figures, in release
  chaos   kill, stop and fail whatever there is, and look what is left

`cargo xtask COMMAND -h` tells more.";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next();
    let rest: Vec<String> = args.collect();
    match command.as_deref() {
        Some("test") => test::main(&rest),
        Some("bench") => bench::main(&rest),
        Some("chaos") => chaos::main(&rest),
        Some("-h" | "--help" | "help") => {
            say(USAGE);
            ExitCode::SUCCESS
        }
        None => {
            complain(USAGE);
            ExitCode::from(2)
        }
        Some(other) => {
            complain(&format!("error: there is no command `{other}`\n\n{USAGE}"));
            ExitCode::from(2)
        }
    }
}
