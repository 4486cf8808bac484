/// The largest file that is imported: 64 MiB.
pub const MOST_IMPORT_BYTES: usize = 64 * 1024 * 1024;
/// Chapters of an imported novel.
pub const MOST_CHAPTERS: usize = 10_000;

/// Why a file is not taken for a novel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the message of each says what its fields are")]
pub enum ImportError {
    /// Nothing, or blanks.
    #[error("the file is empty")]
    Empty,
    /// Nobody writes so long a novel.
    #[error("the file has {bytes} bytes; at most {MOST_IMPORT_BYTES} (64 MiB) are imported")]
    TooLarge { bytes: u64 },
    /// A format of its own.
    #[error("the file is {kind}, not plain text or Markdown")]
    OtherFormat { kind: &'static str },
    /// Bytes that no text has.
    #[error("the file is not text: it holds bytes that no text has")]
    Binary,
    /// No encoding of that name.
    #[error("there is no encoding called {label}")]
    UnknownEncoding { label: String },
    /// Most of it makes no sense in this encoding.
    #[error("the file cannot be read as {encoding}: more than one sign in twenty makes no sense")]
    NotThisEncoding { encoding: String, named: bool },
    /// Headings, a licence, adverts, and nothing else.
    #[error("there is no story in the file: it holds headings or adverts only")]
    NoStory,
    /// More than anybody reads.
    #[error("the file has {chapters} chapters; at most {MOST_CHAPTERS} are imported")]
    TooManyChapters { chapters: usize },
    /// A length to split by that splits nothing.
    #[error("the chapter length {length} is out of range")]
    ChapterLength { length: u64 },
}

impl ImportError {
    /// What the writer can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Empty => "Choose the file that holds the novel.".into(),
            Self::TooLarge { .. } | Self::TooManyChapters { .. } => "Import it in parts, for example volume by volume.".into(),
            Self::OtherFormat { .. } | Self::Binary => "Save the novel as plain text or Markdown and import that.".into(),
            Self::UnknownEncoding { .. } => {
                "Name one of utf-8, utf-16le, utf-16be, gbk, gb18030, big5, windows-1252, or leave it out to have it found.".into()
            }
            Self::NotThisEncoding { named: true, .. } => "Leave the encoding out to have it found, or name another one.".into(),
            Self::NotThisEncoding { .. } => "Name the encoding: utf-8, utf-16le, utf-16be, gbk, gb18030, big5 or windows-1252.".into(),
            Self::NoStory => "Ask to keep what looks as if it did not belong to the story, and look at what is found.".into(),
            Self::ChapterLength { .. } => "Give the length of a chapter as a number between 100 and 1,000,000.".into(),
        }
    }
}
