//! A brief as a file: TOML, JSON, or Markdown with front matter.

mod error;
mod format;
mod markdown;
mod shape;
mod source;
mod strict;
mod typed;

use serde_json::{Map, Value};
use story::brief::BriefContent;

pub use error::{BriefFileError, Fault, Wrong};
pub use format::Format;

/// The largest file that is read: far more than any brief, far less than what hurts.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The longest title, in characters.
pub const MOST_TITLE_CHARS: usize = 300;

/// What a brief's file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct BriefFile {
    /// The book's title in one line; empty where the file gives none.
    pub title: String,
    /// Every known key typed, every other one kept.
    pub content: BriefContent,
    /// What was read but will have no effect, or not the one that was meant.
    pub warnings: Vec<Warning>,
}

/// Something in a brief that does not stop it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A JSON pointer from the root of the file.
    pub pointer: String,
    /// A whole sentence.
    pub detail: String,
}

/// Reads a brief. `name` gives the format by its extension and stands in every error.
///
/// A file that is well formed but wrong in several places tells them all at once ([`Wrong::Faults`]).
///
/// # Errors
/// Whatever keeps the file from being a brief, with the place where the parser knows it.
pub fn read_brief(name: &str, bytes: &[u8]) -> Result<BriefFile, BriefFileError> {
    read(name, bytes).map_err(|wrong| BriefFileError { file: name.to_owned(), wrong: Box::new(wrong) })
}

fn read(name: &str, bytes: &[u8]) -> Result<BriefFile, Wrong> {
    let format = Format::of(name)?;
    let text = source::text(bytes)?;
    let mut warnings = Vec::new();
    let map = match format {
        Format::Markdown => markdown::map(&text, &mut warnings)?,
        other => other.map(&text)?,
    };
    typed::brief(map, warnings)
}

/// Takes what says nothing (null, and keys that hold only that) out of a map, all the way down.
fn without_nulls(map: Map<String, Value>) -> Map<String, Value> {
    map.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key, value_without_nulls(value))).collect()
}

fn value_without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(without_nulls(map)),
        Value::Array(items) => Value::Array(items.into_iter().map(value_without_nulls).collect()),
        other => other,
    }
}
