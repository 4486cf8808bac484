use serde::Serialize;

/// What a writer should know about an import. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the message of each says what its fields are")]
pub enum ImportWarning {
    /// The sign � stands where it could not be read.
    #[error("characters that could not be read as {encoding}: {count}, the first in line {line}; � stands in their place")]
    UnreadableCharacters { count: usize, line: usize, encoding: String },
    /// Two files were put together.
    #[error("lines that were not UTF-8: {lines}, the first of them line {line}; they have been read as {encoding}")]
    MixedEncodings { lines: usize, line: usize, encoding: String },
    /// NUL and other signs that no text has.
    #[error("control characters that were left out: {count}, the first in line {line}")]
    ControlCharacters { count: usize, line: usize },
    /// One line with the whole book in it.
    #[error("line {line} has {chars} characters; it was parted into paragraphs where sentences end")]
    LongLine { line: usize, chars: usize },
    /// The book is one chapter.
    #[error("no chapter headings were found; the text is one chapter of {length} {unit}. Give a chapter length to split it")]
    NoHeadings { length: u64, unit: &'static str },
    /// The book was split by length.
    #[error("no chapter headings were found; the text was split into {chapters} chapters by length")]
    SplitByLength { chapters: usize },
    /// The length was of no use.
    #[error("the text has chapter headings; the chapter length was not needed")]
    LengthNotNeeded,
    /// Words before the first heading that are more than a title page.
    #[error("the text before the first heading, {length} {unit}, became a chapter of its own")]
    TextBeforeFirstHeading { length: u64, unit: &'static str },
    /// 第五章 after 第六章.
    #[error("line {line}: {heading:?} comes after number {previous}; the chapters were left in the order of the file")]
    OutOfOrder { line: usize, heading: String, previous: u32 },
    /// 第五章 twice.
    #[error("line {line}: {heading:?} bears the same number as line {first}, with other words; both were kept")]
    DoubleNumber { line: usize, heading: String, first: usize },
    /// 第七章 after 第五章.
    #[error("line {line}: {heading:?} follows number {previous}; what is between them is missing")]
    MissingNumber { line: usize, heading: String, previous: u32 },
    /// A heading without words below it.
    #[error("line {line}: {heading:?} has no text below it and was left out")]
    EmptyChapter { line: usize, heading: String },
    /// Adverts and such.
    #[error("passages that are probably no part of the story: {count}, {}", if *.kept { "kept" } else { "left out" })]
    NotStory { count: usize, kept: bool },
}

impl ImportWarning {
    /// Its name: `mixed-encodings`, `out-of-order`.
    pub fn code(&self) -> String {
        let told = serde_json::to_value(self).unwrap_or_default();
        told["code"].as_str().unwrap_or_default().to_owned()
    }
}
