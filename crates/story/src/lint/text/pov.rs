use std::ops::Range;

use super::{
    super::{Desk, page::Page},
    words,
};
use crate::{
    brief::Pov,
    finding::{Finding, Severity},
    language::Tongue,
};

const RULE: &str = "pov-slip";

/// So many times “I” in the narration of one paragraph are no slip of the pen.
const TIMES: usize = 3;
/// A chapter of a book told by “I” that never says so has at least so many words, or Han signs.
const WORDS: usize = 100;
const SIGNS: usize = 160;

/// Narration says “I” in a book that the brief wants told of others, or never says it in one that “I” is to tell.
///
/// Speech, thoughts in italics, letters and diaries say “I” as they like. Without a brief that says who tells the book, there is no slip.
pub(super) fn check(desk: &Desk<'_>, page: &Page<'_>) -> Option<Finding> {
    let (about, message, places) = match desk.book.asked.pov? {
        Pov::First => {
            let size = if desk.tongue == Tongue::Zh {
                page.told.chars().filter(|c| c.is_alphanumeric()).count()
            } else {
                words(&page.told).count()
            };
            if size < if desk.tongue == Tongue::Zh { SIGNS } else { WORDS } || selves(desk.tongue, &page.told) > 0 {
                return None;
            }
            ("never", format!("{} never says “I”, and the brief wants the book told by “I”.", page.named()), vec![page.opening()])
        }
        Pov::ThirdLimited | Pov::ThirdOmniscient => {
            let mut letter = false;
            let mut places: Vec<Range<usize>> = Vec::new();
            for range in &page.paragraphs {
                let words = &page.text[range.clone()];
                letter = begins_letter(words) || letter && !ends_letter(words);
                let told = without_thoughts(&page.told[range.clone()]);
                if !letter && !is_own_voice(words) && selves(desk.tongue, &told) >= TIMES {
                    places.push(range.clone());
                }
            }
            if places.is_empty() {
                return None;
            }
            ("says", format!("{} says “I” in its narration, and the brief wants the book told of others.", page.named()), places)
        }
    };
    let finding = Finding::new(
        RULE,
        Severity::Warning,
        &format!("{about}/{}", page.key()),
        message,
        "Tell it as the rest of the book is told.".into(),
    );
    Some(places.into_iter().take(8).fold(finding, |finding, range| page.over(finding, range)))
}

/// How often the words speak of their teller.
fn selves(tongue: Tongue, told: &str) -> usize {
    match tongue {
        Tongue::En => words(told)
            .filter(|word| {
                let word = word.split(['\'', '’']).next().unwrap_or_default();
                word == "I" || matches!(word.to_ascii_lowercase().as_str(), "me" | "my" | "mine" | "myself")
            })
            .count(),
        Tongue::Zh => told.matches(['我', '俺']).count() - told.matches("自我").count().min(told.matches('我').count()),
    }
}

/// Without what stands between asterisks or underscores.
fn without_thoughts(told: &str) -> String {
    told.split(['*', '_']).step_by(2).collect::<Vec<_>>().join(" ")
}

fn begins_letter(words: &str) -> bool {
    let words = words.trim_start_matches(['*', '_', '“', '"', '>', ' ']);
    ["Dear ", "My dear", "Dearest", "To whom", "亲爱的", "敬启", "吾儿", "贤弟", "见字如面"].iter().any(|start| words.starts_with(start))
        || words.chars().count() <= 12 && words.ends_with(['：', ':']) && !words.contains(['说', '道', '问'])
        || words.chars().count() <= 40 && words.ends_with(',') && words.split_whitespace().count() <= 4
}

fn ends_letter(words: &str) -> bool {
    let words = words.trim_start_matches(['*', '_', '—', '–', '-', ' ']);
    let signs = words.chars().count() <= 40;
    signs
        && ["Yours", "Your ", "Love", "Sincerely", "Ever", "With love", "此致", "敬礼", "顺颂", "即颂"]
            .iter()
            .any(|start| words.starts_with(start))
}

/// Whether the paragraph says that it is somebody's thought, song, or writing.
fn is_own_voice(words: &str) -> bool {
    const SIGNS: [&str; 17] = [
        "心想",
        "心道",
        "心说",
        "暗想",
        "暗道",
        "想道",
        "写道",
        "日记",
        "信上",
        "信中",
        "唱道",
        "自言自语",
        "she thought",
        "he thought",
        "diary",
        "journal",
        "wrote",
    ];
    words.starts_with('>') || SIGNS.iter().any(|sign| words.contains(sign))
}
