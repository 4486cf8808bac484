//! A writer's machine: a home of its own, and the real binary.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod killing;

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

/// A writer with an empty data folder and an empty working folder.
pub(crate) struct Writer {
    pub(crate) dir: tempfile::TempDir,
    env: Vec<(String, String)>,
}

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder"), env: Vec::new() }
    }

    /// With this in the environment of every command.
    pub(crate) fn with(mut self, key: &str, value: &str) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file into the working folder.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a file in a temporary folder");
        path
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fabulist"));
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null()).env_clear();
        for key in ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(key) {
                command.env(key, value);
            }
        }
        command.env("FABULIST_DATA_DIR", self.data()).env("LANG", "en_US.UTF-8");
        for (key, value) in &self.env {
            command.env(key, value);
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Said {
        Said::of(self.command(args).output().expect("the binary starts"))
    }

    /// Runs a command that must end well.
    pub(crate) fn ok(&self, args: &[&str]) -> Said {
        let said = self.run(args);
        assert_eq!(said.code, 0, "{args:?} failed:\n{}\n{}", said.stdout, said.stderr);
        said
    }

    /// The JSON document of a command that must end well.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let said = self.ok(&[args, &["--json"]].concat());
        serde_json::from_str(&said.stdout).unwrap_or_else(|e| panic!("{args:?} did not print one JSON document: {e}\n{}", said.stdout))
    }

    /// Starts a command and leaves it running.
    pub(crate) fn start(&self, args: &[&str]) -> Child {
        self.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts")
    }

    /// The only run of this writer.
    pub(crate) fn only_run(&self) -> Value {
        let runs = self.json(&["runs", "list"]);
        let items = runs["items"].as_array().expect("a list").clone();
        assert_eq!(items.len(), 1, "one run was expected");
        items[0].clone()
    }

    /// Every attempt of a run, as (index, attempt, name, status).
    pub(crate) fn steps(&self, run: &str) -> Vec<(i64, i64, String, String)> {
        let shown = self.json(&["runs", "show", run]);
        let text = |step: &Value, key: &str| step[key].as_str().unwrap_or_default().to_owned();
        let number = |step: &Value, key: &str| step[key].as_i64().unwrap_or_default();
        let steps = shown["steps"].as_array().expect("steps").clone();
        steps.iter().map(|s| (number(s, "index"), number(s, "attempt"), text(s, "name"), text(s, "status"))).collect()
    }
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// Asserts that the command failed with this code, said these words, and gave a hint.
    pub(crate) fn failed(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is missing in:\n{}", self.stderr);
        }
        assert!(self.stderr.contains("hint:"), "no hint in:\n{}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

/// The files of a folder with their bytes and times of change.
pub(crate) fn snapshot(dir: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let modified = std::fs::metadata(&path).and_then(|m| m.modified()).expect("a time of change");
            (path.clone(), std::fs::read(&path).expect("a file"), modified)
        })
        .collect();
    files.sort();
    files
}

/// A brief of a few short chapters.
pub(crate) const SHORT: &str = r#"
title = "The Salt Road"
genre = "mystery"
setting = "a harbour town on the North Sea"
premise = "Ines comes home to sell her father's boatyard and finds that his last boat was never meant to float."

[[characters]]
name = "Ines"
role = "protagonist"
goal = "to sell the boatyard and leave"
secret = "she sent the letter that ruined her father"

[[characters]]
name = "Tomas"
role = "her brother"
goal = "to keep the yard"

[output_spec]
chapter_count = 2
chapter_length = { min = 120, max = 260, unit = "words" }
"#;
