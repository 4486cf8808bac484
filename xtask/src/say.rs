//! What a person is told. Output that nobody reads any more is no fault.

use std::{
    io::{Write, stderr, stdout},
    process::ExitCode,
};

/// An answer that was asked for.
pub(crate) fn say(text: &str) {
    let _ = writeln!(stdout(), "{text}");
}

/// Everything else, in the same stream as the tools that are run, so that the order is kept.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// Says what went wrong, for a command that ends with it.
pub(crate) fn failed(message: String) -> ExitCode {
    complain(&format!("error: {message}"));
    ExitCode::FAILURE
}
