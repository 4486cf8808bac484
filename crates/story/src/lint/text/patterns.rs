use std::ops::Range;

use super::super::{Desk, page::Page, tokens::tokens};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
};

const RULE: &str = "overused-pattern";

const STOCK_EN: [&str; 26] = [
    "a testament to",
    "couldn't help but",
    "could not help but",
    "little did he know",
    "little did she know",
    "a breath she didn't know",
    "a breath he didn't know",
    "didn't quite reach his eyes",
    "didn't quite reach her eyes",
    "sent shivers down",
    "a shiver ran down",
    "barely above a whisper",
    "a mix of",
    "a mixture of",
    "the air was thick with",
    "time seemed to",
    "a sense of",
    "a tapestry of",
    "a symphony of",
    "a dance of",
    "eyes widened",
    "heart pounding in",
    "hung in the air",
    "let out a breath",
    "the weight of",
    "sharp intake of breath",
];
const STOCK_ZH: [&str; 16] = [
    "嘴角勾起",
    "一抹弧度",
    "眼中闪过一丝",
    "闪过一丝",
    "倒吸一口凉气",
    "空气仿佛凝固",
    "心中涌起",
    "不由自主",
    "深吸一口气",
    "仿佛被什么",
    "如同潮水般",
    "前所未有的",
    "难以言喻",
    "意味深长",
    "一股莫名的",
    "不禁微微",
];
/// So many stock phrases at least, and one in so many words or Han signs.
const STOCK: (usize, usize) = (4, 250);
/// The same for 不是…而是, and for dashes in both languages.
const NOT_BUT: (usize, usize) = (4, 250);
const DASHES_EN: (usize, usize) = (8, 30);
const DASHES_ZH: (usize, usize) = (6, 50);

/// A turn of phrase that readers are tired of comes too often: stock phrases, 不是…而是, dashes.
///
/// One of them, or a few in a long chapter, are a writer's right. A double hyphen is how old books set a dash.
pub(super) fn check(desk: &Desk<'_>, page: &Page<'_>) -> Vec<Finding> {
    let count = tokens(page.text).len();
    let mut found = Vec::new();
    let mut tell = |about: &str, what: &str, mut places: Vec<Range<usize>>, (least, once_in): (usize, usize)| {
        places.sort_by_key(|range| range.start);
        if places.len() >= least && places.len() * once_in >= count {
            let message = format!("{} has {what} {} times in {count} words.", page.named(), places.len());
            let about = format!("{about}/{}", page.key());
            let finding = Finding::new(RULE, Severity::Warning, &about, message, "Keep the best of them.".into());
            found.push(places.into_iter().take(8).fold(finding, |finding, range| page.over(finding, range)));
        }
    };
    match desk.tongue {
        Tongue::En => {
            let folded = page.text.replace('’', "'").to_ascii_lowercase();
            // An apostrophe that was curly is shorter now: places are looked up where nothing moved.
            let places =
                if folded.len() == page.text.len() { all(&folded, &STOCK_EN) } else { all(&page.text.to_ascii_lowercase(), &STOCK_EN) };
            tell("stock", "stock phrases", several(page.text, places), STOCK);
            tell("dash", "dashes", all(page.text, &["—", " – "]), DASHES_EN);
        }
        Tongue::Zh => {
            tell("stock", "stock phrases", several(page.text, all(page.text, &STOCK_ZH)), STOCK);
            tell("not-but", "“不是…而是”", not_but(page.text), NOT_BUT);
            tell("dash", "dashes", all(page.text, &["——"]), DASHES_ZH);
        }
    }
    found
}

fn all(text: &str, phrases: &[&str]) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> =
        phrases.iter().flat_map(|phrase| text.match_indices(phrase).map(|(at, _)| at..at + phrase.len())).collect();
    places.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    // 一抹弧度 inside of a longer phrase counts once.
    let mut kept: Vec<Range<usize>> = Vec::new();
    for range in places {
        if kept.last().is_none_or(|last| last.end <= range.start) {
            kept.push(range);
        }
    }
    kept
}

/// Nothing where all of them are one phrase: that it comes back is another rule's business.
fn several(text: &str, places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let first = places.first().map(|range| text[range.clone()].to_lowercase());
    if places.iter().all(|range| Some(text[range.clone()].to_lowercase()) == first) { Vec::new() } else { places }
}

/// 不是甲，而是乙: in one sentence.
fn not_but(text: &str) -> Vec<Range<usize>> {
    let places = text.match_indices("不是").filter_map(|(at, _)| {
        let rest = &text[at..];
        let end = rest.find("而是")? + "而是".len();
        (!rest[..end].contains(['。', '！', '？', '\n']) && rest[..end].chars().count() <= 40).then_some(at..at + end)
    });
    let mut kept: Vec<Range<usize>> = Vec::new();
    for range in places {
        if kept.last().is_none_or(|last| last.end <= range.start) {
            kept.push(range);
        }
    }
    kept
}
