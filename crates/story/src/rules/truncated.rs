use super::Judged;
use crate::{
    finding::{Finding, Severity},
    text::{Span, slice},
};

pub(super) const RULE: &str = "truncated-ending";

/// How much of the ending is shown, in scalar values.
const SHOWN: usize = 60;

/// The chapter breaks off: its last paragraph ends without a mark that ends a sentence, or in the middle of speech.
pub(super) fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let draft = judged.draft;
    let Some(last) = judged.grain.spans(&draft.text).pop() else { return Vec::new() };
    let paragraph = slice(&draft.text, last);
    if is_the_end(paragraph) || !judged.unit.is_chapter() && is_a_cut(paragraph) {
        return Vec::new();
    }
    let fault = if !ends_a_sentence(paragraph) {
        "ends in the middle of a sentence"
    } else if speech_is_open(paragraph) {
        "ends in the middle of speech"
    } else {
        return Vec::new();
    };
    let ending = Span { start: last.start.max(last.end.saturating_sub(SHOWN)), end: last.end };
    let message = format!("{} {fault}: “…{}”.", judged.named(), slice(&draft.text, ending).trim());
    let hint = "Finish the last paragraph; where answers are often cut off, allow the model longer ones.".into();
    vec![Finding::new(RULE, Severity::Error, slice(&draft.text, ending).trim(), message, hint).over(draft.ordinal, &draft.text, ending)]
}

/// Whether the last line only says that the book is over, or is a row of signs.
fn is_the_end(line: &str) -> bool {
    let words: String = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    matches!(words.as_str(), "" | "theend" | "end" | "fin" | "finis" | "完" | "全书完" | "全文完" | "剧终" | "终")
}

/// Whether a script's last line is none of prose: a transition, a caption, words in capitals.
fn is_a_cut(line: &str) -> bool {
    line.starts_with(['>', '【', '[']) || line.ends_with([':', '：']) || line.is_ascii() && !line.contains(|c: char| c.is_ascii_lowercase())
}

fn ends_a_sentence(paragraph: &str) -> bool {
    // Marks of emphasis may stand around the last word.
    let Some(last) = paragraph.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_')).chars().next_back() else {
        return true;
    };
    // Thai, Lao and Khmer end sentences with a blank.
    let without_marks = matches!(last, '\u{0E00}'..='\u{0EFF}' | '\u{1780}'..='\u{17FF}');
    const ENDS: &str = ".!?…‥。．！？｡⋯～~”\"’'»›“‘」』）)】〕》〉]—―–⸺─।॥؟۔။።‽‼⁇⁈⁉♪";
    without_marks || ENDS.contains(last)
}

fn speech_is_open(paragraph: &str) -> bool {
    let pairs: &[(char, &[char])] = if paragraph.contains('„') {
        &[('„', &['“', '”', '‟']), ('「', &['」']), ('『', &['』'])]
    } else {
        &[('“', &['”']), ('「', &['」']), ('『', &['』'])]
    };
    pairs.iter().any(|(open, close)| is_open(paragraph, *open, close)) || straight_is_open(paragraph)
}

/// Whether the last `open` is never closed. An even rest means that one sign was used for both ends.
fn is_open(paragraph: &str, open: char, close: &[char]) -> bool {
    let count = |wanted: &dyn Fn(char) -> bool| paragraph.chars().filter(|c| wanted(*c)).count();
    let opened = count(&|c| c == open);
    let closed = count(&|c| close.contains(&c));
    let unclosed = paragraph.rfind(open).is_some_and(|at| !paragraph[at..].contains(close) && !paragraph.ends_with(open));
    unclosed && opened > closed && (opened - closed) % 2 == 1
}

/// Whether the last straight quote opens something: a blank stands before it and none behind it.
fn straight_is_open(paragraph: &str) -> bool {
    if paragraph.matches('"').count().is_multiple_of(2) {
        return false;
    }
    let Some(at) = paragraph.rfind('"') else { return false };
    let before = paragraph[..at].chars().next_back().is_none_or(char::is_whitespace);
    let behind = paragraph[at + 1..].chars().next().is_some_and(|c| !c.is_whitespace());
    before && behind
}
