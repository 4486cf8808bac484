use super::{
    super::page::{Page, sentences},
    has_speech, is_verse,
};
use crate::finding::{Finding, Severity};

const RULE: &str = "one-sentence-paragraphs";

/// So many paragraphs of narration, and so many in the hundred of them with one sentence.
const PARAGRAPHS: usize = 12;
const SHARE: usize = 85;

/// Nearly every paragraph of narration is one sentence. Speech, verse and rows of stars are no narration.
pub(super) fn check(page: &Page<'_>) -> Option<Finding> {
    let told: Vec<_> = page
        .paragraphs
        .iter()
        .filter(|range| {
            let words = &page.text[(*range).clone()];
            !has_speech(words) && !is_verse(words) && words.contains(char::is_alphanumeric)
        })
        .collect();
    let single = told.iter().filter(|range| sentences(&page.text[(**range).clone()]).len() <= 1 && range.len() < 300).count();
    // Between speeches a single sentence is what a paragraph is.
    if told.len() < PARAGRAPHS || told.len() * 2 < page.paragraphs.len() || single * 100 < told.len() * SHARE {
        return None;
    }
    let message = format!("{} has {single} paragraphs of one sentence among {} that tell.", page.named(), told.len());
    let finding = Finding::new(RULE, Severity::Warning, &page.key(), message, "Put together what belongs together.".into());
    Some(page.over(finding, page.opening()))
}
