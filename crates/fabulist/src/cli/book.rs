//! A run's book as files.

use documents::{Book, BookChapter, Play, PlayUnit, novel_md, novel_txt, script_fountain, script_md, script_screenplay, script_txt};
use story::text::Length;

use studio::run::{Kind, Run};

use crate::{choice::Chosen, failure::Failure, say};

/// The formats that a kind has; what is written where none is asked for comes first.
pub(crate) fn formats_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Novel => &["md", "txt"],
        Kind::Script | Kind::NovelToScript => &["fountain", "txt", "md", "screenplay"],
    }
}

/// The book as a document.
pub(crate) fn document(book: &studio::desk::Book) -> Book {
    Book {
        title: book.title.clone(),
        language: book.language.clone(),
        rehearsal: book.rehearsal,
        chapters: book.chapters.iter().map(|c| BookChapter { ordinal: c.ordinal, title: c.title.clone(), text: c.text.clone() }).collect(),
    }
}

/// The script as a document, where the run writes one.
fn play(run: &Run, chosen: &Chosen) -> Option<Play> {
    let book = &chosen.book;
    Some(Play {
        title: book.title.clone(),
        language: book.language.clone(),
        rehearsal: book.rehearsal,
        format: book.script?,
        front: chosen.front.clone(),
        units: book
            .chapters
            .iter()
            .map(|unit| PlayUnit {
                ordinal: unit.ordinal,
                episode: run.kind == Kind::NovelToScript,
                title: unit.title.clone(),
                text: unit.text.clone(),
            })
            .collect(),
    })
}

/// The book's text in a format.
pub(crate) fn render(run: &Run, chosen: &Chosen, format: &str) -> String {
    let play = play(run, chosen).map(|play| play.replaced(&chosen.replacements));
    let novel = || document(&chosen.book).replaced(&chosen.replacements);
    match (play, format) {
        (Some(play), "fountain") => script_fountain(&play),
        (Some(play), "txt") => script_txt(&play),
        (Some(play), "screenplay") => script_screenplay(&play),
        (Some(play), _) => script_md(&play),
        (None, "txt") => novel_txt(&novel()),
        (None, _) => novel_md(&novel()),
    }
}

/// What the name of a file in this format ends with.
pub(crate) fn extension(format: &str) -> &str {
    if format == "screenplay" { "screenplay.txt" } else { format }
}

/// The formats that are asked for, each once.
pub(crate) fn formats(kind: Kind, asked: &[String]) -> Result<Vec<String>, Failure> {
    let mut formats: Vec<String> = Vec::new();
    for format in asked {
        let format = format.trim().to_lowercase();
        if !formats_of(kind).contains(&format.as_str()) {
            let (what, zh) = if kind == Kind::Novel { ("a novel", "小说") } else { ("a script", "剧本") };
            return Err(Failure::usage(
                say!("There is no format `{}` for {what}." | "{zh}没有 `{}` 这种格式。", format),
                say!("Choose from {}." | "可选：{}。", formats_of(kind).join(", ")),
            ));
        }
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    let usual: &[&str] = if kind == Kind::Novel { &["md"] } else { &["fountain", "txt"] };
    Ok(if formats.is_empty() { usual.iter().map(|format| (*format).to_owned()).collect() } else { formats })
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
