//! A text without headings, as chapters of about one length.

use story::text::{Length, Unit};

use super::{ImportWarning, ImportedChapter};

/// Parts of about `length` each: max(1, round(whole ÷ length)) of them where there are paragraphs enough. Each paragraph is in exactly one.
fn by_length<T>(paragraphs: Vec<T>, text: impl Fn(&T) -> &str, length: u64, unit: Unit) -> Vec<Vec<T>> {
    let lengths: Vec<u64> = paragraphs.iter().map(|paragraph| Length::of(text(paragraph)).in_unit(unit)).collect();
    let whole: u64 = lengths.iter().sum();
    let wanted = ((whole + length / 2) / length.max(1)).clamp(1, lengths.len().max(1) as u64);
    let (mut parts, mut part, mut told) = (Vec::new(), Vec::new(), 0);
    let count = paragraphs.len();
    for (at, (paragraph, own)) in paragraphs.into_iter().zip(&lengths).enumerate() {
        let done = parts.len() as u64;
        let end = whole * (done + 1) / wanted;
        // A paragraph goes where most of it falls; enough must be left for the parts to come.
        let full = !part.is_empty() && done + 1 < wanted && (told + own / 2 >= end || ((count - at) as u64) < wanted - done);
        if full {
            parts.push(std::mem::take(&mut part));
        }
        told += own;
        part.push(paragraph);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// A text without headings, split where that was asked for.
pub(super) fn split_up(
    chapters: Vec<ImportedChapter>,
    unit: Unit,
    length: Option<u64>,
    warnings: &mut Vec<ImportWarning>,
) -> Vec<ImportedChapter> {
    warnings.retain(|warning| !matches!(warning, ImportWarning::TextBeforeFirstHeading { .. }));
    let Some(length) = length else {
        let whole = chapters.iter().map(|chapter| chapter.length.in_unit(unit)).sum();
        if !chapters.is_empty() {
            warnings.push(ImportWarning::NoHeadings { length: whole, unit: unit_name(unit) });
        }
        return chapters;
    };
    let mut out = Vec::new();
    for chapter in chapters {
        let paragraphs: Vec<String> = story::text::paragraphs(&chapter.text).into_iter().map(str::to_owned).collect();
        for part in by_length(paragraphs, String::as_str, length, unit) {
            let text = part.join("\n\n");
            out.push(ImportedChapter { length: Length::of(&text), text, number: None, ..chapter.clone() });
        }
    }
    warnings.push(ImportWarning::SplitByLength { chapters: out.len() });
    out
}

pub(super) fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Words => "words",
        Unit::Chars => "characters",
    }
}
