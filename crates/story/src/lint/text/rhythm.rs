use super::{
    super::{
        Desk,
        page::{Page, sentences},
        tokens::tokens,
    },
    has_speech, is_verse,
};
use crate::finding::{Finding, Severity};

const RULE: &str = "monotone-rhythm";

/// So many sentences make a rhythm.
const SENTENCES: usize = 14;
/// How far the lengths spread around their mean, at least.
const SPREAD: f64 = 0.25;

/// All sentences of a chapter are of about one length. Speech and verse have a rhythm of their own.
pub(super) fn check(_: &Desk<'_>, page: &Page<'_>) -> Option<Finding> {
    let mut lengths: Vec<f64> = Vec::new();
    for range in &page.paragraphs {
        let paragraph = &page.text[range.clone()];
        if !has_speech(paragraph) && !is_verse(paragraph) {
            lengths.extend(
                sentences(paragraph).into_iter().map(|s| f64::from(u32::try_from(tokens(&paragraph[s]).len()).unwrap_or(u32::MAX))),
            );
        }
    }
    let count = f64::from(u32::try_from(lengths.len()).ok()?);
    let mean = lengths.iter().sum::<f64>() / count;
    let spread = (lengths.iter().map(|length| (length - mean).powi(2)).sum::<f64>() / count).sqrt() / mean;
    if lengths.len() < SENTENCES || spread >= SPREAD {
        return None;
    }
    let message = format!("{} has {} sentences of about {mean:.0} words each: they do not vary.", page.named(), lengths.len());
    let finding = Finding::new(RULE, Severity::Warning, &page.key(), message, "Let short sentences follow long ones.".into());
    Some(page.over(finding, page.opening()))
}
