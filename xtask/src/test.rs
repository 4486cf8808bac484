//! `cargo xtask test`: everything that must hold before a change is taken.

use std::{env, process::ExitCode};

use crate::{
    postgres,
    say::{complain, failed, say},
    step::Cargo,
    studio, tools,
};

const USAGE: &str = "\
Usage: cargo xtask test [--fast] [-- FILTER…]

Checks the format, lints with warnings as errors, builds, and runs every test:
with cargo-nextest where it is installed, else with cargo test.

The tests need PostgreSQL's server programs: where they are missing, Debian's
package is installed, after asking (with CI=true without). The server that is
then started is the tests' own, in a temporary folder, and ends with them.
Some tests hold our answers and files against programs that others wrote: those
are installed from PyPI and npm into the folder of the build output.
With CI=true each fuzz target goes on for a minute, else for three seconds.

Options:
  --fast       only build and run the tests
  -- FILTER…   only run the tests whose names contain one of these
  -h, --help   show this

Build output is kept outside of the clone, in $FABULIST_BUILD_DIR or else in
fabulist-build in the cache folder of the system.";

/// What holds where `CI` is set and nobody says otherwise. A change is judged by what it changed, so the cases that property tests and fuzz
/// targets invent are the same each time, and each target goes on for a minute; at a desk every run invents others, for a moment.
const IN_CI: [(&str, &str); 3] = [("PROPTEST_RNG_SEED", "1"), ("FABULIST_FUZZ_SEED", "1"), ("FABULIST_FUZZ_SECONDS", "60")];

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Help,
    Run { fast: bool, filters: Vec<String> },
}

pub(crate) fn main(args: &[String]) -> ExitCode {
    match asked(args) {
        Ok(Asked::Help) => {
            say(USAGE);
            ExitCode::SUCCESS
        }
        Ok(Asked::Run { fast, filters }) => run(fast, &filters).err().unwrap_or(ExitCode::SUCCESS),
        Err(message) => {
            complain(&format!("error: {message}\n\n{USAGE}"));
            ExitCode::from(2)
        }
    }
}

fn asked(args: &[String]) -> Result<Asked, String> {
    let mut fast = false;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--fast" => fast = true,
            "-h" | "--help" => return Ok(Asked::Help),
            "--" => return Ok(Asked::Run { fast, filters: args.cloned().collect() }),
            other if other.starts_with('-') => return Err(format!("there is no option `{other}`")),
            other => return Err(format!("a filter stands after two dashes: cargo xtask test -- {other}")),
        }
    }
    Ok(Asked::Run { fast, filters: Vec::new() })
}

/// The tool that runs the tests has the last word: nothing is said after it.
fn run(fast: bool, filters: &[String]) -> Result<(), ExitCode> {
    let cargo = Cargo::new().map_err(failed)?;
    postgres::install_if_missing().map_err(failed)?;
    studio::install_if_missing().map_err(failed)?;
    let tools = tools::install(cargo.build_dir()).map_err(failed)?;
    if !fast {
        needed(&cargo, "fmt", "rustfmt")?;
        needed(&cargo, "clippy", "clippy")?;
        cargo.step("format", &["fmt", "--all", "--check"])?;
        cargo.step("lint", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    }
    let nextest = cargo.has("nextest");
    if !nextest {
        complain("note: cargo-nextest is not installed, so cargo test runs the tests: slower, and without a time limit for each");
    }
    let run: &[&str] = if nextest { &["nextest", "run", "--workspace"] } else { &["test", "--workspace", "--no-fail-fast"] };
    cargo.step("build", &[run, &["--no-run"]].concat())?;
    let server = postgres::start().map_err(failed)?;
    let mut cargo = cargo.with(testbed::SHARED, server.port().to_string()).with(testbed::TOOLS, tools.display().to_string());
    if env::var_os("CI").is_some() {
        for (name, value) in IN_CI.into_iter().filter(|(name, _)| env::var_os(name).is_none()) {
            cargo = cargo.with(name, value.into());
        }
    }
    let mut last = run.to_vec();
    if !filters.is_empty() {
        last.push("--");
        last.extend(filters.iter().map(String::as_str));
    }
    complain(&format!("── tests: cargo {}", last.join(" ")));
    cargo.last_step(&last)
}

fn needed(cargo: &Cargo, tool: &str, component: &str) -> Result<(), ExitCode> {
    if cargo.has(tool) {
        return Ok(());
    }
    Err(failed(format!("`cargo {tool}` is not installed\nhint: `rustup component add {component}` installs it; `--fast` goes without.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(args: &[&str]) -> Result<Asked, String> {
        asked(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read_and_slips_are_told() {
        assert_eq!(read(&[]), Ok(Asked::Run { fast: false, filters: vec![] }));
        assert_eq!(
            read(&["--fast", "--", "brief", "--exact"]),
            Ok(Asked::Run { fast: true, filters: vec!["brief".into(), "--exact".into()] })
        );
        assert_eq!(read(&["-h"]), Ok(Asked::Help));
        assert!(read(&["--slow"]).is_err());
        assert!(read(&["brief"]).unwrap_err().contains("-- brief"));
    }
}
