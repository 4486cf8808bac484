//! `cargo xtask chaos`: the bad-luck suite, for as long as somebody wants it.

use std::process::ExitCode;

use crate::{
    postgres,
    say::{complain, failed, say},
    step::Cargo,
};

const USAGE: &str = "\
Usage: cargo xtask chaos [--minutes N] [--seed N] [--on sqlite|postgres]

Two server processes on one SQLite file, then two nodes on one PostgreSQL; a
model that fails one call in five, in every way; processes killed and stopped
at random; people who press next, draw, choose, pause, resume, cancel, fork,
intervene, edit, write, rewrite, lock, unlock, redo, revert, restore and delete
at random, on novels, scripts and adaptations. Afterwards the invariants of
the engine must hold, everything that was promised must be there, and every run
must be finished or go on with one call. Prints kills, faults, commands, losses.

Options:
  --minutes N  how long the bad luck lasts, all in all: 2 when left out
  --seed N     the schedule of that number; it is printed, so that it can be
               told again. Another one each time when left out
  --on WHERE   only on one of the two databases
  -h, --help   show this";

/// The suite as `cargo test` names it. Not by nextest: nobody says here how long it may take.
pub(crate) const SUITE: [&str; 9] = ["--quiet", "--package", "fabulist", "--test", "chaos", "--", "--nocapture", "--test-threads", "1"];

#[derive(Debug, PartialEq)]
enum Asked {
    Help,
    Run { minutes: f64, seed: Option<u64>, on: Option<&'static str> },
}

pub(crate) fn main(args: &[String]) -> ExitCode {
    match asked(args) {
        Ok(Asked::Help) => {
            say(USAGE);
            ExitCode::SUCCESS
        }
        Ok(Asked::Run { minutes, seed, on }) => run(minutes, seed, on).err().unwrap_or(ExitCode::SUCCESS),
        Err(message) => {
            complain(&format!("error: {message}\n\n{USAGE}"));
            ExitCode::from(2)
        }
    }
}

fn asked(args: &[String]) -> Result<Asked, String> {
    let (mut minutes, mut seed, mut on) = (2.0, None, None);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "-h" | "--help" => return Ok(Asked::Help),
            "--minutes" => {
                let said = value()?;
                let fits = |minutes: &f64| *minutes > 0.0 && minutes.is_finite();
                minutes = said.parse().ok().filter(fits).ok_or_else(|| format!("{said} is no number of minutes"))?;
            }
            "--seed" => {
                let said = value()?;
                seed = Some(said.parse().map_err(|_| format!("{said} is no seed"))?);
            }
            "--on" => {
                on = Some(match value()?.as_str() {
                    "sqlite" => "file",
                    "postgres" => "postgresql",
                    other => return Err(format!("there is no database `{other}`")),
                });
            }
            other => return Err(format!("there is no option `{other}`")),
        }
    }
    Ok(Asked::Run { minutes, seed, on })
}

fn run(minutes: f64, seed: Option<u64>, on: Option<&'static str>) -> Result<(), ExitCode> {
    let cargo = Cargo::new().map_err(failed)?;
    if on != Some("file") {
        postgres::install_if_missing().map_err(failed)?;
    }
    let each = if on.is_some() { minutes } else { minutes / 2.0 };
    let mut cargo = cargo.with("FABULIST_CHAOS_MINUTES", each.to_string());
    if let Some(seed) = seed {
        cargo = cargo.with("FABULIST_CHAOS_SEED", seed.to_string());
    }
    cargo.last_step(&[&["test"][..], &SUITE, &[on.unwrap_or("lose_nothing")]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(args: &[&str]) -> Result<Asked, String> {
        asked(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read_and_slips_are_told() {
        assert_eq!(read(&[]), Ok(Asked::Run { minutes: 2.0, seed: None, on: None }));
        let told = read(&["--minutes", "30", "--seed", "7", "--on", "postgres"]);
        assert_eq!(told, Ok(Asked::Run { minutes: 30.0, seed: Some(7), on: Some("postgresql") }));
        assert_eq!(read(&["-h"]), Ok(Asked::Help));
        for wrong in [&["--minutes"][..], &["--minutes", "0"], &["--seed", "x"], &["--on", "mysql"], &["fast"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
