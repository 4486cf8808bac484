//! Data on stdout, everything else on stderr.

use std::{
    io::{IsTerminal, Write},
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;

use super::{Color, Globals};
use crate::{
    failure::{Exit, Failure},
    log::{self, LogFormat},
    say,
};

/// How this command speaks.
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    color: bool,
    /// Whether stderr is a terminal: only there is a bar drawn.
    pub(crate) terminal: bool,
    /// Whether the command's document was printed: there is one, also when it fails afterwards.
    printed: AtomicBool,
    /// Whether stdout did not take what was said.
    unwritten: AtomicBool,
}

impl Output {
    pub(crate) fn new(globals: &Globals) -> Self {
        let terminal = std::io::stderr().is_terminal() && std::env::var("TERM").is_ok_and(|term| term != "dumb");
        let color = match globals.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        Self {
            json: globals.json,
            quiet: globals.quiet,
            color,
            terminal,
            printed: AtomicBool::new(false),
            unwritten: AtomicBool::new(false),
        }
    }

    /// Data: a line on stdout.
    pub(crate) fn line(&self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
            // A reader that has gone away is no fault of the command.
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => self.unwritten.store(true, Ordering::Relaxed),
            _ => {}
        }
    }

    /// The command's one JSON document.
    pub(crate) fn document(&self, value: &Value) {
        self.printed.store(true, Ordering::Relaxed);
        self.line(&serde_json::to_string_pretty(value).unwrap_or_default());
    }

    /// The document with `--json`, else the lines.
    pub(crate) fn data(&self, value: impl FnOnce() -> Value, lines: impl FnOnce() -> Vec<String>) {
        if self.json {
            self.document(&value());
        } else {
            lines().iter().for_each(|line| self.line(&self.printable(line)));
        }
    }

    /// Fails where stdout did not take everything, as on a full disk.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if !self.unwritten.load(Ordering::Relaxed) {
            return Ok(());
        }
        let detail = say!("Not everything could be written to the standard output." | "标准输出未能完整写入。");
        Err(Failure::new(Exit::Failed, detail, say!("Free some space, or name a file with --out." | "请腾出空间，或用 --out 指定文件。")))
    }

    /// News for the person: a line on stderr.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{}", self.printable(text));
        }
    }

    /// Something that should be read also with `--quiet`.
    pub(crate) fn warn(&self, text: &str) {
        let head = self.paint("33", &say!("warning" | "注意"));
        let _ = writeln!(std::io::stderr().lock(), "{head}: {}", self.printable(&say::told(text)));
    }

    /// Why the command failed, and what to do.
    pub(crate) fn fail(&self, failure: &Failure) {
        let (detail, hint) = (say::told(&failure.detail), say::told(&failure.hint));
        if self.json && !self.printed.load(Ordering::Relaxed) {
            self.document(&json!({ "error": { "detail": detail, "hint": hint, "exit": failure.exit as u8 } }));
        }
        if detail.is_empty() {
            return;
        }
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(stderr, "{}: {}", self.paint("31", &say!("error" | "错误")), self.printable(&detail));
        if !hint.is_empty() {
            let _ = writeln!(stderr, "{}: {}", self.paint("36", &say!("hint" | "提示")), self.printable(&hint));
        }
    }

    /// `text` without what would move a terminal's cursor or clear its screen: titles are other people's words. Our own colours stay.
    fn printable(&self, text: &str) -> String {
        let mut rest = text.chars().peekable();
        let mut out = String::with_capacity(text.len());
        while let Some(c) = rest.next() {
            if c == '\u{1b}' && self.color && rest.peek() == Some(&'[') {
                let code: String = std::iter::from_fn(|| rest.next_if(|c| *c == '[' || c.is_ascii_digit())).collect();
                if rest.next_if_eq(&'m').is_some() {
                    out.extend(['\u{1b}'].into_iter().chain(code.chars()).chain(['m']));
                } else {
                    out.extend(['\u{fffd}'].into_iter().chain(code.chars()));
                }
            } else if c.is_control() && c != '\n' && c != '\t' {
                out.push('\u{fffd}');
            } else {
                out.push(c);
            }
        }
        out
    }

    /// `text` in a colour, where colours are wanted.
    pub(crate) fn paint(&self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Logs to stderr what `FABULIST_LOG` asks for, or from this level on where it asks for nothing.
    pub(crate) fn start_log(&self, format: LogFormat, otherwise: LevelFilter) {
        log::start(format, self.color, otherwise);
    }
}
