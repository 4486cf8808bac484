//! The outside of a project file: a gzip of lines.

use std::io::{BufRead, BufReader, Read, Write};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use studio::{
    ports::{Micros, StoreError},
    project::Holds,
};

/// The shape of the file that this program writes, and the newest that it reads.
pub(crate) const FORMAT: u32 = 1;
/// No line is longer.
const LONGEST_LINE: u64 = 64 << 20;
/// No file holds more than this.
const MOST_BYTES: u64 = 1 << 30;

/// The first line: what the file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// `project`.
    pub(crate) fabulist: String,
    pub(crate) format: u32,
    /// The version of the database that it was written from.
    pub(crate) schema: i64,
    /// What is in it.
    pub(crate) holds: Holds,
    /// The id of that.
    pub(crate) id: String,
    pub(crate) title: String,
    /// When it was written, or deleted.
    pub(crate) at: Micros,
}

/// Writes the lines of a file.
pub(crate) struct Writing {
    gzip: GzEncoder<Vec<u8>>,
    rows: u64,
}

impl Writing {
    pub(crate) fn begin(head: &Head) -> Result<Self, StoreError> {
        let mut writing = Self { gzip: GzEncoder::new(Vec::new(), Compression::default()), rows: 0 };
        writing.line(head)?;
        Ok(writing)
    }

    pub(crate) fn row(&mut self, table: &str, row: Map<String, Value>) -> Result<(), StoreError> {
        self.rows += 1;
        self.line(&Map::from_iter([(table.to_owned(), Value::Object(row))]))
    }

    pub(crate) fn end(mut self) -> Result<Vec<u8>, StoreError> {
        self.line(&serde_json::json!({ "end": self.rows }))?;
        self.gzip.finish().map_err(unwritten)
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        serde_json::to_writer(&mut self.gzip, line).map_err(unwritten)?;
        self.gzip.write_all(b"\n").map_err(unwritten)
    }
}

fn unwritten(error: impl std::fmt::Display) -> StoreError {
    StoreError::Database(format!("the project file cannot be made: {error}"))
}

/// Reads the lines of a file, one after the other.
pub(crate) struct Reading<R: Read> {
    lines: std::io::Take<BufReader<GzDecoder<R>>>,
    number: u64,
}

impl<R: Read> Reading<R> {
    pub(crate) fn begin(bytes: R) -> Result<(Self, Head), StoreError> {
        let mut reading = Self { lines: BufReader::new(GzDecoder::new(bytes)).take(MOST_BYTES), number: 0 };
        let first = reading.line()?.ok_or_else(|| unfit("it is empty"))?;
        let head: Head = serde_json::from_str(&first).map_err(|_| unfit("its first line does not say that it is a project"))?;
        if head.fabulist != "project" {
            return Err(unfit("its first line does not say that it is a project"));
        }
        if head.format > FORMAT {
            return Err(StoreError::Unfit {
                detail: format!("the file has format {}, but this program knows only {FORMAT}", head.format),
                hint: "Use the newer fabulist that wrote it.".into(),
            });
        }
        Ok((reading, head))
    }

    /// The next line, without its end; none after the last one.
    pub(crate) fn line(&mut self) -> Result<Option<String>, StoreError> {
        let mut line = Vec::new();
        let read = (&mut self.lines).take(LONGEST_LINE).read_until(b'\n', &mut line);
        read.map_err(|e| unfit(&format!("it is damaged, or no project file: {e}")))?;
        self.number += 1;
        if line.is_empty() {
            return Ok(None);
        }
        if line.pop() != Some(b'\n') {
            return Err(unfit("it breaks off, or is too large"));
        }
        String::from_utf8(line).map(Some).map_err(|_| self.wrong("is not UTF-8"))
    }

    /// A fault of the line that was read last.
    pub(crate) fn wrong(&self, what: &str) -> StoreError {
        unfit(&format!("line {} {what}", self.number))
    }
}

/// The first line of a file.
pub(crate) fn head(bytes: impl Read) -> Result<Head, StoreError> {
    Reading::begin(bytes).map(|(_, head)| head)
}

pub(crate) fn unfit(what: &str) -> StoreError {
    StoreError::Unfit {
        detail: format!("the project file cannot be read: {what}"),
        hint: "Nothing was changed. Give a whole file that `fabulist project export` wrote.".into(),
    }
}
