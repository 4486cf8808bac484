//! A novel as Markdown, and back.

use story::{
    language::Tongue,
    text::{han_value, normalize, paragraphs},
};

use crate::{
    escape::{ends_in_break, escape_line, unescape_line},
    novel::{Book, BookChapter, is_notice, rehearsal_notice},
};

/// A novel as Markdown (CommonMark): prose shows exactly as it stands, and a line break inside a paragraph stays one.
pub fn novel_md(book: &Book) -> String {
    let tongue = book.tongue();
    let mut blocks = Vec::new();
    if !book.title.trim().is_empty() {
        blocks.push(format!("# {}", escape_heading(&book.title_line())));
    }
    if book.rehearsal {
        blocks.push(format!("> {}", escape_line(rehearsal_notice(tongue))));
    }
    for chapter in &book.chapters {
        blocks.push(format!("## {}", escape_heading(&chapter.heading(tongue))));
        let text = normalize(&chapter.text);
        blocks.extend(paragraphs(&text).into_iter().map(|paragraph| {
            let lines: Vec<String> = paragraph.split('\n').map(escape_line).collect();
            lines.join("\\\n")
        }));
    }
    if blocks.is_empty() { String::new() } else { blocks.join("\n\n") + "\n" }
}

/// A heading's own closing signs would be swallowed.
fn escape_heading(line: &str) -> String {
    let bare = line.trim_end_matches('#');
    escape_line(bare) + &"\\#".repeat(line.len() - bare.len())
}

/// Why Markdown cannot be read as a novel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "lines count from 1")]
pub enum ReadNovelError {
    /// Words that belong to no chapter.
    #[error("line {line}: there is text before the first chapter")]
    BeforeFirstChapter { line: usize },
}

impl ReadNovelError {
    /// What the writer can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::BeforeFirstChapter { .. } => "Begin the first chapter with a line such as `## Chapter 1: Title`, above the text.".into(),
        }
    }
}

/// Reads a novel as [`novel_md`] writes it. The language is told by the headings: `zh` or `en`.
///
/// A chapter whose heading bears no number follows the one before it. A line break without a backslash is kept too.
///
/// # Errors
/// Text that stands in no chapter.
pub fn read_novel_md(text: &str) -> Result<Book, ReadNovelError> {
    let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
    let mut book = Book { title: String::new(), language: "en".into(), rehearsal: false, chapters: Vec::new() };
    let mut bodies: Vec<Vec<String>> = Vec::new();
    for (at, line) in text.split('\n').enumerate() {
        if let Some(heading) = line.strip_prefix("## ") {
            let (tongue, ordinal, title) = chapter_of(&unescape_line(heading.trim()));
            let following = book.chapters.last().map_or(1, |last| last.ordinal.saturating_add(1));
            if tongue == Some(Tongue::Zh) {
                book.language = "zh".into();
            }
            book.chapters.push(BookChapter { ordinal: ordinal.unwrap_or(following), title, text: String::new() });
            bodies.push(Vec::new());
        } else if let Some(body) = bodies.last_mut() {
            let broken = if ends_in_break(line) { &line[..line.len() - 1] } else { line };
            body.push(unescape_line(broken));
        } else if let Some(title) = line.strip_prefix("# ").filter(|_| book.title.is_empty()) {
            book.title = unescape_line(title.trim());
        } else if is_notice(line) {
            book.rehearsal = true;
        } else if !line.trim().is_empty() {
            return Err(ReadNovelError::BeforeFirstChapter { line: at + 1 });
        }
    }
    for (chapter, body) in book.chapters.iter_mut().zip(bodies) {
        chapter.text = normalize(&body.join("\n"));
    }
    Ok(book)
}

/// `Chapter 3: The Lamp` and `第三章 灯`, taken apart; any other heading is all title.
fn chapter_of(heading: &str) -> (Option<Tongue>, Option<u32>, String) {
    let english = heading.strip_prefix("Chapter ").and_then(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let ordinal = rest[..digits].parse().ok()?;
        let title = match &rest[digits..] {
            "" => "",
            rest => rest.strip_prefix(": ")?,
        };
        Some((Some(Tongue::En), Some(ordinal), title.to_owned()))
    });
    let chinese = || {
        let (number, rest) = heading.strip_prefix('第')?.split_once('章')?;
        let ordinal = han_value(number)?;
        let title = if rest.is_empty() { "" } else { rest.strip_prefix([' ', '\u{3000}'])? };
        Some((Some(Tongue::Zh), Some(ordinal), title.to_owned()))
    };
    english.or_else(chinese).unwrap_or_else(|| (None, None, heading.to_owned()))
}
