use super::super::{Desk, page::Page};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
    text::is_own_word,
};

const RULE: &str = "wrong-script";

/// So many Latin words of a paragraph are narration in another language; so many Han signs.
const LATIN_WORDS: usize = 9;
const HAN_SIGNS: usize = 12;

/// A paragraph of narration is written in the script of another language: English in a Chinese book, Chinese in an English one.
///
/// What is quoted, a name, a brand and a sign over a shop are none.
pub(super) fn check(desk: &Desk<'_>, page: &Page<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for range in &page.paragraphs {
        let told = &page.told[range.clone()];
        let han = told.chars().filter(|c| is_own_word(*c)).count();
        let latin =
            told.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).count();
        let (fault, language) = match desk.tongue {
            Tongue::Zh => (latin >= LATIN_WORDS && latin > han, "Chinese"),
            Tongue::En => (han >= HAN_SIGNS && han > latin * 2, "English"),
        };
        if !fault {
            continue;
        }
        let words = &page.text[range.clone()];
        let message =
            format!("{} is written in {language}, and this paragraph is not: “{}”.", page.named(), crate::digests::shorten(words, 60));
        let finding = Finding::new(RULE, Severity::Warning, words, message, "Write it in the language of the book, or quote it.".into());
        found.push(page.over(finding, range.clone()));
    }
    found
}
