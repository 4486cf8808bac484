use std::collections::BTreeMap;

use super::super::{Desk, page::Page};
use crate::finding::{Finding, Severity};

const RULE: &str = "duplicate-title";

/// Names of parts that a book may have several of.
const COMMON: [&str; 16] = [
    "interlude",
    "intermission",
    "entracte",
    "prologue",
    "epilogue",
    "untitled",
    "afterword",
    "letter",
    "间章",
    "插曲",
    "幕间",
    "序",
    "序章",
    "楔子",
    "尾声",
    "番外",
];

/// Two chapters of a volume bear the same title.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut seen: BTreeMap<(Option<&str>, String), &Page<'_>> = BTreeMap::new();
    let mut found = Vec::new();
    for page in &desk.pages {
        let plain: String = page.chapter.title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if plain.is_empty() || COMMON.contains(&plain.as_str()) || plain.chars().all(crate::text::is_numeral) {
            continue;
        }
        let Some(other) = seen.insert((page.chapter.volume, plain.clone()), page) else { continue };
        let message = format!("{} bears the title “{}”, as {} does.", page.named(), page.chapter.title, other.named().to_lowercase());
        let finding = Finding::new(RULE, Severity::Warning, &plain, message, "Give one of them another title.".into()).against(format!(
            "{}: “{}”",
            other.named(),
            other.chapter.title
        ));
        let finding = page.over(finding, page.opening());
        found.push(other.over(finding, other.opening()));
    }
    found
}
