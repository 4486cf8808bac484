//! A run's book as files.

use documents::{Book, BookChapter, novel_md, novel_txt};
use story::text::Length;

use crate::{failure::Failure, say};

/// The formats that a novel has.
pub(crate) const FORMATS: [&str; 2] = ["md", "txt"];

/// The book as a document.
pub(crate) fn document(book: &studio::desk::Book) -> Book {
    Book {
        title: book.title.clone(),
        language: book.language.clone(),
        rehearsal: book.rehearsal,
        chapters: book.chapters.iter().map(|c| BookChapter { ordinal: c.ordinal, title: c.title.clone(), text: c.text.clone() }).collect(),
    }
}

/// The book's text in a format.
pub(crate) fn render(book: &studio::desk::Book, format: &str) -> String {
    let document = document(book);
    match format {
        "txt" => novel_txt(&document),
        _ => novel_md(&document),
    }
}

/// The formats that are asked for, each once.
pub(crate) fn formats(asked: &[String]) -> Result<Vec<String>, Failure> {
    let mut formats: Vec<String> = Vec::new();
    for format in asked {
        let format = format.trim().to_lowercase();
        if !FORMATS.contains(&format.as_str()) {
            return Err(Failure::usage(
                say!("There is no format `{}` for a novel." | "小说没有 `{}` 这种格式。", format),
                say!("Choose from {}." | "可选：{}。", FORMATS.join(", ")),
            ));
        }
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    Ok(if formats.is_empty() { vec!["md".into()] } else { formats })
}

/// The length of the whole book.
pub(crate) fn length(book: &studio::desk::Book) -> Length {
    let mut length = Length::default();
    for chapter in &book.chapters {
        length += Length::of(&chapter.text);
    }
    length
}

/// A length as the book's language counts it: `14,210 words`, `31,200 字`.
pub(crate) fn length_words(length: Length, language: &str) -> String {
    if story::language::counts_chars(language) {
        format!("{} 字", grouped(length.chars))
    } else {
        say!("{} words" | "{} 词", grouped(length.words))
    }
}

/// 12345 as `12,345`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
