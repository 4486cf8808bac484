//! `cargo xtask bench`: the figures, in release, on the parts that the product uses.

use std::process::ExitCode;

use crate::{
    chaos, postgres,
    say::{failed, say},
    step::Cargo,
};

const USAGE: &str = "\
Usage: cargo xtask bench [FIGURE…]

Builds the product and the benchmark in release and prints the figures: the
machine, the file system, the pragmas read back, every run and the median.

Figures (all of them when none is named):
  step       one step from claim to commit
  growth     a book of 520 chapters: chapter 500 against chapter 20
  autoruns   100 and 1,000 autoruns at once
  kill       kill -9 with 1,000 autoruns going
  delete     deleting a run of 1,000 steps
  fork       forking a book of 200 chapters; the state after step 5 and 5,000
  import     a novel of 1 MB, in English and in Chinese
  memory     passages of a book of 20,000, in a database of 100,000
  rules      precision and recall of every rule of fabulist lint on the planted
             suite; two old novels; the time for 100 chapters of 3,000 characters
  write      fabulist write examples/lighthouse.toml
  adapt      how well fabulist adapt hears who says what, on chapters labelled by hand
  chaos      two minutes of bad luck: kills, faults, commands, losses (as
             `cargo xtask chaos`, which can do it for longer)
  http       everything over HTTP, with a server process of its own:
    http-next      one step by `next`
    http-autoruns  100 autoruns, against a client that only asks the model
    http-start     ready on an existing database, and idle memory
    http-events    from a commit to a client; the bytes of a long book's events
    http-lists     pages of a list of 10,000 runs
    http-kill      kill -9 with 100 autoruns going
    http-postgres  next, autoruns and kill -9 on PostgreSQL, two nodes

To try things out: FABULIST_BENCH_TIMES measures so often instead of five times,
FABULIST_BENCH_BINARY names another `fabulist` than the one just built.";

pub(crate) fn main(args: &[String]) -> ExitCode {
    if args.iter().any(|arg| arg == "-h" || arg == "--help") {
        say(USAGE);
        return ExitCode::SUCCESS;
    }
    run(args).err().unwrap_or(ExitCode::SUCCESS)
}

fn run(figures: &[String]) -> Result<(), ExitCode> {
    let all = figures.is_empty();
    // These are tests that tell figures; the others are the bench program's.
    let (told, figures): (Vec<&String>, Vec<&String>) =
        figures.iter().partition(|figure| ["adapt", "chaos", "rules"].contains(&figure.as_str()));
    if all || told.iter().any(|figure| *figure == "adapt") {
        let cargo = cargo()?;
        cargo.step("adapt", &["test", "--release", "--quiet", "--package", "fabulist", "--test", "gold", "--", "--nocapture"])?;
    }
    if all || told.iter().any(|figure| *figure == "chaos") {
        postgres::install_if_missing().map_err(failed)?;
        let args = [&["test", "--release"][..], &chaos::SUITE, &["lose_nothing"]].concat();
        cargo()?.step("chaos", &args)?;
    }
    if all || told.iter().any(|figure| *figure == "rules") {
        let planted = ["--package", "story", "--test", "planted", "--package", "documents", "--test", "lint"];
        let args = [&["test", "--release", "--quiet"][..], &planted, &["--", "--nocapture", "--test-threads", "1"]].concat();
        cargo()?.step("rules", &args)?;
    }
    if figures.is_empty() && !all {
        return Ok(());
    }
    let needs_postgres = figures.is_empty() || figures.iter().any(|figure| *figure == "http" || *figure == "http-postgres");
    if needs_postgres {
        postgres::install_if_missing().map_err(failed)?;
    }
    let cargo = cargo()?;
    cargo.step("build", &["build", "--release", "--package", "fabulist", "--package", "bench"])?;
    let mut args = vec!["run", "--release", "--quiet", "--package", "bench", "--"];
    args.extend(figures.iter().map(|figure| figure.as_str()));
    cargo.last_step(&args)
}

fn cargo() -> Result<Cargo, ExitCode> {
    Cargo::new().map_err(failed)
}
