//! One tool after another, each with its name and its time.

use std::{
    env,
    io::{IsTerminal, stderr},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use crate::{build_dir, say::complain};

/// How cargo is called: from the top of the clone, with its output in the cache.
pub(crate) struct Cargo {
    program: PathBuf,
    root: PathBuf,
    build_dir: PathBuf,
    env: Vec<(&'static str, String)>,
}

impl Cargo {
    pub(crate) fn new() -> Result<Self, String> {
        Ok(Self {
            program: env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from),
            root: build_dir::root(),
            build_dir: build_dir::build_dir(|name| env::var_os(name))?,
            env: Vec::new(),
        })
    }

    /// With this in the environment of whatever is run from now on.
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.env.push((name, value));
        self
    }

    /// Where build output goes.
    pub(crate) fn build_dir(&self) -> &Path {
        &self.build_dir
    }

    /// Whether `cargo NAME` is there at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        let found = self.command(&[name, "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.is_ok_and(|status| status.success())
    }

    /// Runs `cargo ARGS` and says how long it took. An error is the code to end with.
    pub(crate) fn step(&self, name: &str, args: &[&str]) -> Result<(), ExitCode> {
        complain(&format!("── {name}: cargo {}", args.join(" ")));
        let begun = Instant::now();
        self.last_step(args)?;
        complain(&format!("── {name}: {:.1} s", begun.elapsed().as_secs_f64()));
        Ok(())
    }

    /// The same without a word, for the tool that has the last one.
    pub(crate) fn last_step(&self, args: &[&str]) -> Result<(), ExitCode> {
        match self.command(args).status() {
            Ok(status) if status.success() => Ok(()),
            // A tool that a signal ended has no code.
            Ok(status) => Err(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)),
            Err(e) => {
                complain(&format!("error: cargo cannot be started: {e}"));
                Err(ExitCode::FAILURE)
            }
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // Nothing may ask a question: here nobody answers.
        command.args(args).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.build_dir).stdin(Stdio::null());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        if env::var_os("CARGO_TERM_COLOR").is_none() {
            let color = stderr().is_terminal() && env::var_os("NO_COLOR").is_none();
            command.env("CARGO_TERM_COLOR", if color { "always" } else { "never" });
        }
        command
    }
}
