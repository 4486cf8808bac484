use std::ops::Range;

use super::{super::Desk, words};
use crate::{
    finding::{Finding, Severity},
    language::Tongue,
};

const RULE: &str = "tense-slip";

/// Verbs of narration, in both tenses: what is always true is seldom told with them.
const VERBS: [(&str, &str); 52] = [
    ("says", "said"),
    ("asks", "asked"),
    ("goes", "went"),
    ("comes", "came"),
    ("looks", "looked"),
    ("turns", "turned"),
    ("walks", "walked"),
    ("runs", "ran"),
    ("takes", "took"),
    ("puts", "set"),
    ("opens", "opened"),
    ("closes", "closed"),
    ("sits", "sat"),
    ("stands", "stood"),
    ("smiles", "smiled"),
    ("nods", "nodded"),
    ("waves", "waved"),
    ("waits", "waited"),
    ("watches", "watched"),
    ("pulls", "pulled"),
    ("pushes", "pushed"),
    ("reaches", "reached"),
    ("hears", "heard"),
    ("sees", "saw"),
    ("feels", "felt"),
    ("knows", "knew"),
    ("thinks", "thought"),
    ("tells", "told"),
    ("gives", "gave"),
    ("leaves", "left"),
    ("steps", "stepped"),
    ("stops", "stopped"),
    ("starts", "started"),
    ("answers", "answered"),
    ("whispers", "whispered"),
    ("shouts", "shouted"),
    ("laughs", "laughed"),
    ("lifts", "lifted"),
    ("drops", "dropped"),
    ("picks", "picked"),
    ("throws", "threw"),
    ("glances", "glanced"),
    ("shakes", "shook"),
    ("climbs", "climbed"),
    ("follows", "followed"),
    ("glides", "glided"),
    ("hands", "handed"),
    ("drives", "drove"),
    ("rises", "rose"),
    ("kneels", "knelt"),
    ("leans", "leaned"),
    ("points", "pointed"),
];
const PAST: [&str; 4] = ["was", "were", "had", "did"];
const PRESENT: [&str; 4] = ["is", "are", "has", "does"];
/// So many verbs of the other tense, and none of the book's, make a slip.
const VERBS_OF_SLIP: usize = 3;
/// In a book that has shown its tense by so many verbs.
const VERBS_OF_BOOK: usize = 4;

#[derive(Default, Clone, Copy)]
struct Count {
    past: usize,
    present: usize,
    past_verbs: usize,
    present_verbs: usize,
}

/// A paragraph of English narration is told in another tense than the book.
///
/// What is always true, what is quoted, and a chapter that is told so from end to end are none.
pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    if desk.tongue == Tongue::Zh {
        return Vec::new();
    }
    let counts: Vec<Vec<(Range<usize>, Count)>> = desk
        .pages
        .iter()
        .map(|page| page.paragraphs.iter().map(|range| (range.clone(), count(&page.told[range.clone()]))).collect())
        .collect();
    // The book's tense is that of most of its paragraphs: a slip may hold more verbs than they do.
    let telling = |past: bool| {
        counts.iter().flatten().filter(|(_, count)| if past { count.past > count.present } else { count.present > count.past }).count()
    };
    let all = counts.iter().flatten().fold(Count::default(), |sum, (_, count)| Count {
        past: sum.past + count.past,
        present: sum.present + count.present,
        ..sum
    });
    let in_past = match desk.book.asked.tense.map(str::to_lowercase) {
        Some(tense) if tense.contains("past") => true,
        Some(tense) if tense.contains("present") => false,
        _ => telling(true) > telling(false),
    };
    if (if in_past { all.past } else { all.present }) < VERBS_OF_BOOK {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (page, counts) in desk.pages.iter().zip(&counts) {
        let slips = |count: &Count| {
            let (own, other, verbs) =
                if in_past { (count.past, count.present, count.present_verbs) } else { (count.present, count.past, count.past_verbs) };
            own == 0 && verbs >= VERBS_OF_SLIP && other >= verbs
        };
        let telling = counts.iter().filter(|(_, count)| count.past + count.present > 0).count();
        let slipped: Vec<&Range<usize>> = counts.iter().filter(|(_, count)| slips(count)).map(|(range, _)| range).collect();
        if slipped.is_empty() || slipped.len() * 5 > telling * 3 {
            continue;
        }
        let (tense, book) = if in_past { ("present", "past") } else { ("past", "present") };
        let message = format!("{} tells in the {tense} tense here, and the book is told in the {book} tense.", page.named());
        let words: String = page.text[slipped[0].clone()].chars().take(60).collect();
        let finding = Finding::new(RULE, Severity::Warning, &words, message, format!("Tell it in the {book} tense."));
        found.push(slipped.into_iter().take(8).fold(finding, |finding, range| page.over(finding, range.clone())));
    }
    found
}

fn count(told: &str) -> Count {
    let mut count = Count::default();
    for word in words(told) {
        let word = word.to_ascii_lowercase();
        let word = word.as_str();
        if VERBS.iter().any(|(present, _)| *present == word) {
            count.present += 1;
            count.present_verbs += 1;
        } else if VERBS.iter().any(|(_, past)| *past == word) {
            count.past += 1;
            count.past_verbs += 1;
        } else if PAST.contains(&word) {
            count.past += 1;
        } else if PRESENT.contains(&word) {
            count.present += 1;
        }
    }
    count
}
