use std::fmt;

use super::{Format, MOST_BYTES, strict::TWICE};

/// Why a file is no brief.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {wrong}")]
pub struct BriefFileError {
    /// The file's name, as it was given.
    pub file: String,
    /// What is wrong with it.
    pub wrong: Box<Wrong>,
}

impl BriefFileError {
    /// What the writer can do about it.
    pub fn hint(&self) -> String {
        self.wrong.hint()
    }
}

/// What can be wrong with a brief's file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each says what its fields are; lines and columns count from 1, in characters")]
pub enum Wrong {
    /// Neither TOML nor JSON nor Markdown by its name.
    #[error("{}", extension(.found.as_deref()))]
    Extension { found: Option<String> },
    /// Nobody writes so long a brief.
    #[error("the file has {bytes} bytes; a brief has at most {MOST_BYTES} (4 MiB)")]
    TooLarge { bytes: usize },
    /// Old encodings: GBK, Latin-1.
    #[error("the file is not UTF-8: the byte at offset {offset} (line {line}) belongs to no character")]
    NotUtf8 { offset: usize, line: usize },
    /// What some editors call Unicode.
    #[error("the file is UTF-16, not UTF-8")]
    Utf16,
    /// No text holds one.
    #[error("line {line}, column {column}: there is a NUL character")]
    Nul { line: usize, column: usize },
    /// Nothing, or blanks.
    #[error("the file is empty")]
    EmptyFile,
    /// The parser gave up.
    #[error("{}the {} cannot be read: {detail}", at_place(*.at), .format.name())]
    Syntax {
        format: Format,
        at: Option<(usize, usize)>,
        detail: String,
        /// A typographic sign on that line, and the plain one that is wanted.
        lookalike: Option<(char, char)>,
    },
    /// A list or a single value at the top.
    #[error("the {} holds no keys at its top level", .format.name())]
    NotATable { format: Format },
    /// The fence that begins the front matter has no partner.
    #[error("the front matter begins with `{fence}` on line {line} and never ends")]
    OpenFrontMatter { fence: &'static str, line: usize },
    /// Well formed, but a story cannot be written from it.
    #[error("the brief says nothing to write from: it has no logline, premise, genre, setting or characters")]
    EmptyBrief,
    /// Well formed, but wrong at these places. Never empty.
    #[error("{}", faults(.0))]
    Faults(Vec<Fault>),
}

impl Wrong {
    fn hint(&self) -> String {
        match self {
            Self::Extension { .. } => "Save the brief as .toml, .json or .md; examples/ has one of each.".into(),
            Self::TooLarge { .. } => "Keep the plan of the book in the brief, and leave out finished chapters and long notes.".into(),
            Self::NotUtf8 { .. } | Self::Utf16 => "Save the file again as UTF-8: most editors offer it under “Save as”.".into(),
            Self::Nul { .. } => "Remove it: delete the line and type it anew.".into(),
            Self::EmptyFile => "Write at least `premise`: a few sentences on what the book is about.".into(),
            Self::Syntax { lookalike: Some((found, wanted)), .. } => {
                format!("That line has a typographic {found} where a plain {wanted} may be wanted.")
            }
            Self::Syntax { detail, .. } if detail.ends_with(TWICE) => "Keep one of the two, or join what they say.".into(),
            Self::Syntax { format, .. } => match format {
                Format::Toml => "Text stands in quotes (tone = \"dry\"), long text in three quotes (\"\"\"…\"\"\").".into(),
                Format::Json => "Keys and text stand in double quotes, with a comma between entries and none after the last.".into(),
                Format::Yaml | Format::Markdown => "Indent with blanks, not tabs, and put text that holds a colon into quotes.".into(),
            },
            Self::NotATable { format: Format::Json } => "Put everything into one pair of braces: {\"title\": …, \"premise\": …}.".into(),
            Self::NotATable { .. } => "Write one `key: value` on each line between the fences.".into(),
            Self::OpenFrontMatter { fence, .. } => {
                format!("Write `{fence}` on a line of its own after the last key; the premise follows below it.")
            }
            Self::EmptyBrief => "Write at least `premise`: a few sentences on what the book is about.".into(),
            Self::Faults(faults) => match faults.as_slice() {
                [one] => one.hint.clone(),
                _ => "Mend these places and try again; docs/briefs.md shows every key with an example.".into(),
            },
        }
    }
}

/// What is wrong at one place of a brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A JSON pointer from the root of the file.
    pub pointer: String,
    /// What is wrong there, to be read after the pointer: `must be text, but is the number 7`.
    pub detail: String,
    /// What to do, in one sentence.
    pub hint: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.pointer, self.detail)
    }
}

fn faults(faults: &[Fault]) -> String {
    match faults {
        [one] => one.to_string(),
        many => {
            let lines: Vec<String> = many.iter().map(|fault| format!("\n  {fault}. {}", fault.hint)).collect();
            format!("{} things are wrong:{}", many.len(), lines.concat())
        }
    }
}

fn extension(found: Option<&str>) -> String {
    match found {
        None => "a brief's name ends in .toml, .json or .md, but this one has no ending".into(),
        Some(found) => format!("a brief's name ends in .toml, .json or .md, not in .{found}"),
    }
}

fn at_place(at: Option<(usize, usize)>) -> String {
    at.map_or_else(String::new, |(line, column)| format!("line {line}, column {column}: "))
}
