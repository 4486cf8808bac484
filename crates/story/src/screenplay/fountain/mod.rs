//! Fountain: the plain-text screenplay that the tools of the trade read.
//!
//! What we write is forced wherever readers disagree: names in scripts without capitals, actions that look like names or
//! transitions. What others write is read as the specification says.

mod check;
mod emit;
mod of_script;
mod parse;

pub use check::check;
pub use emit::{TitlePage, emit};
pub use of_script::{blocks_of, script_of};
pub use parse::parse;

use crate::text::Span;

/// One element of a Fountain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// `INT. LONG HALL - DAY`, without the dot that forces it; and the scene's number.
    Heading {
        #[allow(missing_docs)]
        text: String,
        /// Between two `#`.
        number: Option<String>,
    },
    /// One or several lines of what happens.
    Action(String),
    /// A speech.
    Speech {
        /// As it is written, without `@`.
        name: String,
        /// `V.O.`, without the brackets.
        extension: Option<String>,
        /// Said at the same time as the one before.
        dual: bool,
        #[allow(missing_docs)]
        lines: Vec<Line>,
    },
    /// `CUT TO:`.
    Transition(String),
    /// Centred text.
    Centered(String),
    /// A sung line.
    Lyric(String),
    /// An outline's heading, of a level from 1.
    Section {
        #[allow(missing_docs)]
        level: usize,
        #[allow(missing_docs)]
        text: String,
    },
    /// What a scene tells.
    Synopsis(String),
    /// `===`.
    PageBreak,
}

/// A line of a speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Without its brackets.
    Parenthetical(String),
    /// What is said; empty for a pause.
    Words(String),
}

/// An element and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    #[allow(missing_docs)]
    pub block: Block,
    /// In scalar values of the text.
    pub span: Span,
}

/// What a heading begins with that nobody has to force.
const HEADINGS: [&str; 9] = ["INT./EXT", "INT/EXT", "EXT./INT", "EXT/INT", "INT", "EXT", "EST", "I/E", "E/I"];

/// Whether every reader takes `line` for a scene heading: `INT. …`, and not `INTERNAL …`.
fn is_heading(line: &str) -> bool {
    let upper = line.to_uppercase();
    HEADINGS.iter().any(|word| upper.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', ' '])))
}

/// Letters, and none of them small.
fn in_capitals(text: &str) -> bool {
    text.contains(|c: char| c.is_uppercase()) && !text.contains(|c: char| c.is_lowercase())
}
