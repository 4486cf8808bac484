//! A finished novel, as it goes into files.

use story::{
    language::Tongue,
    text::{chapter_heading, normalize, paragraphs},
};

use crate::escape::unescape_line;

/// A novel to be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Empty where there is none.
    pub title: String,
    /// BCP 47; decides how chapters are headed.
    pub language: String,
    /// Whether the offline model wrote it: then the head of the file says so.
    pub rehearsal: bool,
    /// In reading order.
    pub chapters: Vec<BookChapter>,
}

/// One chapter of a [`Book`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookChapter {
    /// From 1; need not be without holes where only some chapters are exported.
    pub ordinal: u32,
    /// Empty where there is none.
    pub title: String,
    /// The body alone, as [`normalize`] leaves it.
    pub text: String,
}

impl Book {
    pub(crate) fn tongue(&self) -> Tongue {
        Tongue::of(&self.language)
    }

    /// The title in one line.
    pub(crate) fn title_line(&self) -> String {
        in_one_line(&self.title)
    }
}

impl BookChapter {
    pub(crate) fn heading(&self, tongue: Tongue) -> String {
        chapter_heading(tongue, self.ordinal, &in_one_line(&self.title))
    }
}

/// What stands in the head of every file that the offline model wrote.
pub fn rehearsal_notice(tongue: Tongue) -> &'static str {
    match tongue {
        Tongue::En => "A rehearsal: written by Fabulist's offline model to try out the brief. No language model was asked.",
        Tongue::Zh => "排演稿：由 Fabulist 的离线模型写成，用来试排创作简报，没有调用任何语言模型。",
    }
}

/// Whether a line of Markdown says that the file is a rehearsal.
pub(crate) fn is_notice(line: &str) -> bool {
    let Some(quoted) = line.strip_prefix("> ") else { return false };
    let quoted = unescape_line(quoted.trim_end());
    [Tongue::En, Tongue::Zh].into_iter().any(|tongue| quoted == rehearsal_notice(tongue))
}

/// A novel as plain text: title, notice, chapters, an empty line between paragraphs.
///
/// Chinese lines are indented by two ideographic spaces, as printed books do.
pub fn novel_txt(book: &Book) -> String {
    let tongue = book.tongue();
    let mut blocks = Vec::new();
    if !book.title.trim().is_empty() {
        blocks.push(book.title_line());
    }
    if book.rehearsal {
        blocks.push(rehearsal_notice(tongue).to_owned());
    }
    for chapter in &book.chapters {
        blocks.push(chapter.heading(tongue));
        let text = normalize(&chapter.text);
        blocks.extend(paragraphs(&text).into_iter().map(|paragraph| match tongue {
            Tongue::En => paragraph.to_owned(),
            Tongue::Zh => indented(paragraph),
        }));
    }
    if blocks.is_empty() { String::new() } else { blocks.join("\n\n") + "\n" }
}

/// Each line, verse too, begins with two ideographic spaces, and with no blank of its own before them.
fn indented(paragraph: &str) -> String {
    paragraph.split('\n').map(|line| format!("　　{}", line.trim_start())).collect::<Vec<_>>().join("\n")
}

pub(crate) fn in_one_line(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}
