//! A novel that came in, held against the rules, with the lines of its file.

use story::{
    finding::{Finding, Severity},
    language::Tongue,
    lint::{Asked, Book, Chapter, check},
    text::named_chapters,
};

use super::{ImportWarning, ImportedNovel, NotStoryKind, decode};

const DOUBLED: &str = "doubled-chapter";
/// Numbers beyond this are no chapter's.
const MOST_NUMBER: u32 = 100_000;

/// A novel and what the rules find in it.
#[derive(Debug, Clone, PartialEq)]
pub struct LintedNovel {
    /// Its chapters, also those that have a heading and no text.
    pub chapters: Vec<LintedChapter>,
    /// In order, each with the line of its first evidence, from 1.
    pub findings: Vec<(Finding, usize)>,
}

/// A chapter that a finding may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintedChapter {
    /// From 1, as findings count.
    pub ordinal: u32,
    /// As it stands in the file; its title where there is no heading.
    pub heading: String,
    /// Where it begins, from 1.
    pub line: usize,
}

/// Holds a novel against the rules. `bytes` are those that it was read from, for the lines.
pub fn lint_novel(bytes: &[u8], novel: &ImportedNovel, asked: Asked<'_>) -> LintedNovel {
    let told = |chapter: &'_ super::ImportedChapter| (chapter.line, chapter.heading.clone());
    let mut places: Vec<(usize, String)> = novel.chapters.iter().map(told).collect();
    let mut chapters: Vec<(usize, Chapter<'_>)> = novel
        .chapters
        .iter()
        .map(|c| {
            let chapter = Chapter { number: c.number, volume: c.volume.as_deref(), title: &c.title, text: &c.text, ..Chapter::default() };
            (c.line, chapter)
        })
        .collect();
    for warning in &novel.warnings {
        if let ImportWarning::EmptyChapter { line, heading } = warning {
            let number = named_chapters(heading, MOST_NUMBER).first().copied();
            // It stands in the volume of the chapter before it.
            let volume = chapters.iter().rev().find(|(at, _)| at < line).and_then(|(_, chapter)| chapter.volume);
            chapters.push((*line, Chapter { number, volume, title: heading, ..Chapter::default() }));
            places.push((*line, heading.clone()));
        }
    }
    chapters.sort_by_key(|(line, _)| *line);
    places.sort_by_key(|(line, _)| *line);
    let chapters: Vec<Chapter<'_>> = (1..).zip(chapters).map(|(ordinal, (_, chapter))| Chapter { ordinal, ..chapter }).collect();
    let places: Vec<LintedChapter> = (1..).zip(places).map(|(ordinal, (line, heading))| LintedChapter { ordinal, heading, line }).collect();
    let book = Book { tongue: Some(Tongue::of(&novel.language)), chapters, asked, ..Book::default() };

    let text = decode::decode(bytes, Some(&novel.encoding)).map(|decoded| decoded.text).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let mut findings: Vec<(Finding, usize)> = check(&book)
        .into_iter()
        .map(|finding| {
            let first = finding.spans.first();
            let from = first.and_then(|evidence| places.get(evidence.chapter?.checked_sub(1)? as usize)).map_or(1, |place| place.line);
            let line = first.map_or(from, |evidence| line_of(&lines, from, &evidence.quote));
            (finding, line)
        })
        .collect();
    findings.extend(novel.not_story.iter().filter(|part| part.kind == NotStoryKind::DoubledChapter).map(|part| {
        let message = format!("“{}” stands in the file already.", part.excerpt);
        (Finding::new(DOUBLED, Severity::Error, &part.excerpt, message, "Take one of the two out.".into()), part.line)
    }));
    findings.sort_by_key(|(_, line)| *line);
    LintedNovel { chapters: places, findings }
}

/// The line, from 1, that holds the first words of `quote`, from line `from` on.
fn line_of(lines: &[&str], from: usize, quote: &str) -> usize {
    let first = quote.lines().next().unwrap_or_default().trim();
    // A wrapped line ends anywhere: few words are enough, and all of them where there are few.
    for size in [24, 12, 6] {
        let end = first.char_indices().map(|(at, _)| at).nth(size).unwrap_or(first.len());
        let words = first[..end].trim_end();
        if words.is_empty() {
            break;
        }
        if let Some(at) = lines.iter().skip(from.saturating_sub(1)).position(|line| line.contains(words)) {
            return from + at;
        }
    }
    from
}
