use super::Judged;
use crate::{
    finding::{Finding, Severity},
    text::{Span, is_own_word},
};

pub(super) const RULE: &str = "forbidden-words";

/// At most so many places are shown of one word.
const MOST_PLACES: usize = 20;

/// A word or phrase that the brief forbids stands in the chapter: a whole word in scripts with blanks, any place in Han, kana and hangul.
/// One finding a word.
pub(super) fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let draft = judged.draft;
    let text: Vec<char> = draft.text.chars().map(fold).collect();
    let mut done: Vec<Vec<char>> = Vec::new();
    let mut found = Vec::new();
    for said in judged.forbidden {
        let word: Vec<char> = said.trim().chars().map(fold).collect();
        if word.is_empty() || done.contains(&word) {
            continue;
        }
        let places = places(&text, &word);
        if !places.is_empty() {
            let times = if places.len() == 1 { "once".to_owned() } else { format!("{} times", places.len()) };
            let message = format!("{} uses “{}”, which the brief forbids, {times}.", judged.named(), said.trim());
            let hint = "Say it in another way, or take the word off the brief's list.".into();
            let about = format!("{}/{}", judged.key(), word.iter().collect::<String>());
            let finding = Finding::new(RULE, Severity::Warning, &about, message, hint);
            found.push(places.into_iter().take(MOST_PLACES).fold(finding, |finding, span| finding.over(draft.ordinal, &draft.text, span)));
        }
        done.push(word);
    }
    found
}

/// Every place of `word`, none inside another.
fn places(text: &[char], word: &[char]) -> Vec<Span> {
    let mut places = Vec::new();
    let mut at = 0;
    while at + word.len() <= text.len() {
        let end = at + word.len();
        let part = at > 0 && joined(text[at - 1], text[at]) || end < text.len() && joined(text[end - 1], text[end]);
        if !part && text[at..end] == *word {
            places.push(Span { start: at, end });
            at = end;
        } else {
            at += 1;
        }
    }
    places
}

/// Whether two signs side by side belong to one word.
fn joined(a: char, b: char) -> bool {
    let letter = |c: char| c.is_alphanumeric() && !is_own_word(c);
    letter(a) && letter(b)
}

/// One sign for one sign, so that places stay places.
fn fold(c: char) -> char {
    match c {
        '’' | 'ʼ' => '\'',
        c if c.is_whitespace() => ' ',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}
