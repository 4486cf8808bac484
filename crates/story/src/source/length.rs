use crate::{
    language::counts_chars,
    output_spec::LengthRange,
    text::{Length, Unit},
};

/// How long an episode is where nobody says: in characters for languages that are counted so, else in words.
const USUAL_CHARS: LengthRange = LengthRange { min: 500, max: 800, unit: Unit::Chars };
const USUAL_WORDS: LengthRange = LengthRange { min: 700, max: 1100, unit: Unit::Words };

/// However long a chapter is, an answer longer than this is given by no model.
const MOST_WORDS: u64 = 6_000;
const MOST_CHARS: u64 = 9_000;
/// What the headings and names of a script need at least.
const HEADINGS: u64 = 150;

/// How long an episode is to be by the words of a preset (`500-800字`, `500~800 字`, `700 to 1,100 words`, `about 800 words`), else as is
/// usual for the language.
pub fn implied_length(preset: &str, language: &str) -> LengthRange {
    let usual = if counts_chars(language) { USUAL_CHARS } else { USUAL_WORDS };
    named_length(preset).unwrap_or(usual)
}

/// How long an episode is to be that tells one chapter of this length whole, where nobody asked for a length: about as long as the chapter.
/// A script has headings and names that its source has not, and the shorter the chapter, the more they weigh.
pub fn chapter_range(chapter: Length, unit: Unit) -> LengthRange {
    let most = match unit {
        Unit::Words => MOST_WORDS,
        Unit::Chars => MOST_CHARS,
    };
    let length = chapter.in_unit(unit).min(most);
    LengthRange { min: (length * 7 / 10).max(1), max: length * 13 / 10 + HEADINGS, unit }
}

/// How long an episode is to be by the words of a preset, where they say so: the first range, else the first single number, that stands before `字` or `words`.
pub fn named_length(text: &str) -> Option<LengthRange> {
    let text = text.to_lowercase();
    let mut single = None;
    for (at, unit) in units(&text) {
        let before = text[..at].trim_end().trim_end_matches("个").trim_end();
        let Some((last, rest)) = number_before(before) else { continue };
        // A line's length, such as `15字以内`, is none of an episode.
        if last < 100 {
            continue;
        }
        let rest = rest.trim_end();
        let joined = ["-", "–", "—", "~", "～", "至", "到", " to", "－"].iter().find_map(|joint| rest.strip_suffix(joint));
        if let Some((first, _)) = joined.and_then(|rest| number_before(rest.trim_end().trim_end_matches("字").trim_end()))
            && (1..=last).contains(&first)
        {
            return Some(LengthRange { min: first, max: last, unit });
        }
        single.get_or_insert(LengthRange { min: last * 8 / 10, max: last * 12 / 10, unit });
    }
    single
}

/// Where `字` and `word` stand in order.
fn units(text: &str) -> Vec<(usize, Unit)> {
    let chars = text.match_indices('字').map(|(at, _)| (at, Unit::Chars));
    let words = text.match_indices("words").map(|(at, _)| (at, Unit::Words));
    let han_words = text.match_indices('词').map(|(at, _)| (at, Unit::Words));
    let mut all: Vec<_> = chars.chain(words).chain(han_words).collect();
    all.sort_unstable_by_key(|(at, _)| *at);
    all
}

/// The number that `text` ends with, and what stands before it.
fn number_before(text: &str) -> Option<(u64, &str)> {
    let digit = |c: char| c.is_ascii_digit() || c == ',' || c == '，';
    let start = text.trim_end_matches(digit).len();
    let digits: String = text[start..].chars().filter(char::is_ascii_digit).collect();
    Some((digits.parse().ok()?, &text[..start]))
}
