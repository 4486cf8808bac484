use std::{collections::BTreeMap, ops::Range};

use super::{
    super::{Desk, page::Page},
    Place, contradicts,
};
use crate::finding::{Finding, Severity};

const RULE: &str = "attribute-flip";

/// Colours of eyes; those of one number may be called by each other's names.
const EN: [(&str, u8); 11] = [
    ("blue", 1),
    ("green", 2),
    ("grey", 3),
    ("gray", 3),
    ("brown", 4),
    ("hazel", 4),
    ("amber", 4),
    ("black", 5),
    ("dark", 5),
    ("violet", 6),
    ("chestnut", 4),
];
const ZH: [(&str, u8); 9] = [("蓝", 1), ("绿", 2), ("碧", 2), ("灰", 3), ("棕", 4), ("褐", 4), ("琥珀", 4), ("黑", 5), ("紫", 6)];
const EYES_ZH: [&str; 6] = ["眼睛", "眼眸", "眸子", "双眼", "眼珠", "瞳"];

/// Somebody's eyes have another colour than before.
///
/// Only where the name stands right with the eyes. Red from weeping is no colour; dark is brown and black; a sister has eyes of her own.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let mut seen: BTreeMap<String, (u8, Place)> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, page) in desk.pages.iter().enumerate() {
        let mut here = english(desk, page);
        here.extend(chinese(desk, page));
        here.sort_by_key(|(range, ..)| range.start);
        for (range, name, colour) in here {
            let key = desk.people.key(&name);
            let Some((before, earlier)) = seen.get(&key) else {
                seen.insert(key, (colour, (number, range)));
                continue;
            };
            let (a, b) = (*before.min(&colour), *before.max(&colour));
            if a == b || (a, b) == (4, 5) {
                continue;
            }
            let message = format!("{} gives {name} eyes of another colour than before.", page.named());
            let finding = Finding::new(
                RULE,
                Severity::Warning,
                &format!("{key}/{}", &page.text[range.clone()]),
                message,
                "Give them the same colour.".into(),
            );
            found.push(contradicts(desk, finding, page, range, earlier));
        }
    }
    found
}

/// `Leonie's grey eyes`, `Leonie's large grey eyes`, `Leonie had grey eyes`.
fn english(desk: &Desk<'_>, page: &Page<'_>) -> Vec<(Range<usize>, String, u8)> {
    let mut found = Vec::new();
    for (at, _) in page.text.match_indices(" eyes") {
        let end = at + " eyes".len();
        let before = &page.text[..at];
        let (rest, word) = before.rsplit_once(|c: char| c.is_whitespace() || c == '-').unwrap_or(("", before));
        let Some((_, colour)) = EN.iter().find(|(name, _)| *name == word) else { continue };
        let mut rest = rest.trim_end();
        // One adjective may stand between.
        for _ in 0..2 {
            let owner = rest
                .strip_suffix("'s")
                .or_else(|| rest.strip_suffix("’s"))
                .or_else(|| rest.strip_suffix(" had"))
                .or_else(|| rest.strip_suffix(" has"));
            if let Some(name) = owner.and_then(|owner| named_at_end(desk, owner)) {
                let start = rest.rfind(&name).unwrap_or(at);
                found.push((start..end, name, *colour));
                break;
            }
            let Some((shorter, adjective)) = rest.rsplit_once(' ') else { break };
            if !adjective.chars().all(|c| c.is_lowercase() || c == ',' || c == '-') {
                break;
            }
            rest = shorter;
        }
    }
    found
}

fn named_at_end(desk: &Desk<'_>, words: &str) -> Option<String> {
    let name = desk.people.names.iter().find(|name| words.ends_with(name.as_str()))?;
    let before = words[..words.len() - name.len()].chars().next_back();
    before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-')).then(|| name.clone())
}

/// `阿黛尔的蓝眼睛`, `阿黛尔有一双蓝色的眼睛`.
fn chinese(desk: &Desk<'_>, page: &Page<'_>) -> Vec<(Range<usize>, String, u8)> {
    let mut found = Vec::new();
    for eyes in EYES_ZH {
        for (at, _) in page.text.match_indices(eyes) {
            let before = page.text[..at].trim_end_matches('的').trim_end_matches(['色', '大']);
            let Some((rest, colour)) = ZH.iter().find_map(|(name, colour)| Some((before.strip_suffix(name)?, colour))) else { continue };
            let rest = rest.trim_end_matches(['深', '浅', '湛', '碧', '漆', '乌']);
            let owner = ["的一双", "那双", "有一双", "有双", "的那双", "的"].iter().find_map(|join| rest.strip_suffix(join));
            if let Some(name) = owner.and_then(|owner| desk.people.names.iter().find(|name| owner.ends_with(name.as_str()))) {
                let start = rest.rfind(name.as_str()).unwrap_or(at);
                found.push((start..at + eyes.len(), name.clone(), *colour));
            }
        }
    }
    found
}
