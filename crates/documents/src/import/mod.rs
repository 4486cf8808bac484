//! A novel that comes in: bytes become chapters, with what a writer should know about them.

mod build;
mod contents;
mod decode;
mod error;
mod front;
mod heading;
mod language;
mod layout;
mod lines;
mod lint;
mod not_story;
mod numbers;
mod split;
mod warning;

use story::text::{Length, Unit};

pub use error::{ImportError, MOST_CHAPTERS, MOST_IMPORT_BYTES};
pub use lint::{LintedChapter, LintedNovel, lint_novel};
pub use not_story::{NotStory, NotStoryKind};
pub use warning::ImportWarning;

/// What a writer says about a file that comes in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// A label of the Encoding Standard; none to have it found.
    pub encoding: Option<String>,
    /// Whether the file is Markdown by its name; none to have it found.
    pub markdown: Option<bool>,
    /// How long a chapter of a text without headings is to be: characters in Chinese and Japanese, else words. None for one chapter.
    pub chapter_length: Option<u64>,
    /// Whether what is probably no part of the story stays in the text.
    pub keep_not_story: bool,
    /// BCP 47; none to have it found.
    pub language: Option<String>,
}

/// A novel that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedNovel {
    /// As its title page says; empty where there is none.
    pub title: String,
    /// BCP 47.
    pub language: String,
    /// As the Encoding Standard calls it.
    pub encoding: String,
    /// In the order of the file, at least one; each has words.
    pub chapters: Vec<ImportedChapter>,
    /// What was kept or left out as no part of the story, in the order of the file.
    pub not_story: Vec<NotStory>,
    /// What to know about it.
    pub warnings: Vec<ImportWarning>,
}

/// One chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedChapter {
    /// Without unit and number; empty where it has none. A named one is all title: `序章`, `Prologue`.
    pub title: String,
    /// The number that its heading bears.
    pub number: Option<u32>,
    /// The body alone, normalised.
    pub text: String,
    /// Counted from the text.
    pub length: Length,
    /// The heading as it stands in the file; empty where there is none.
    pub heading: String,
    /// The volume that it belongs to, as the file heads it.
    pub volume: Option<String>,
    /// Where it begins in the file, from 1.
    pub line: usize,
}

/// Reads a novel from the bytes of a text or Markdown file.
///
/// # Errors
/// The bytes are no text, or hold no story; see [`ImportError`]. What can be read with some loss is read, with a warning.
pub fn import_novel(bytes: &[u8], options: &ImportOptions) -> Result<ImportedNovel, ImportError> {
    if bytes.len() > MOST_IMPORT_BYTES {
        return Err(ImportError::TooLarge { bytes: bytes.len() as u64 });
    }
    if let Some(length) = options.chapter_length.filter(|length| !(100..=1_000_000).contains(length)) {
        return Err(ImportError::ChapterLength { length });
    }
    let decode::Decoded { text, encoding, mut warnings } = decode::decode(bytes, options.encoding.as_deref())?;
    if text.chars().all(lines::is_blank) {
        return Err(ImportError::Empty);
    }
    if lines::is_binary(&text) {
        return Err(ImportError::Binary);
    }
    let language = options.language.clone().unwrap_or_else(|| language::of(&text, &encoding).to_owned());
    let unit = if story::language::counts_chars(&language) { Unit::Chars } else { Unit::Words };
    let markdown = options.markdown.unwrap_or_else(|| text.starts_with("# ") || text.contains("\n## "));
    let lines = lines::lines(&text, markdown, &mut warnings);
    let built = build::build(lines, markdown, unit, options, &mut warnings)?;
    if !built.not_story.is_empty() {
        warnings.push(ImportWarning::NotStory { count: built.not_story.len(), kept: options.keep_not_story });
    }
    Ok(ImportedNovel { title: built.title, language, encoding, chapters: built.chapters, not_story: built.not_story, warnings })
}
