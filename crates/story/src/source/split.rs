use crate::{
    language::counts_chars,
    output_spec::LengthRange,
    text::{Length, Unit},
};

/// How long an episode is where nobody says: in characters for languages that are counted so, else in words.
const USUAL_CHARS: LengthRange = LengthRange { min: 500, max: 800, unit: Unit::Chars };
const USUAL_WORDS: LengthRange = LengthRange { min: 700, max: 1100, unit: Unit::Words };

/// How many episodes a chapter of this length becomes: at least one, and never more than it has paragraphs.
pub fn episodes_for(length: Length, paragraphs: u32, range: LengthRange) -> u32 {
    let middle = range.middle().max(1);
    let wanted = (length.in_unit(range.unit) + middle / 2) / middle;
    u32::try_from(wanted).unwrap_or(u32::MAX).clamp(1, paragraphs.max(1))
}

/// Divides paragraphs of these lengths into `parts` stretches, none empty, and gives the last paragraph (from 1) of each.
///
/// The stretches are about equally long. A cut that is `wanted` (a last paragraph, from 1) is taken where it does not make a stretch
/// longer or shorter by more than half. With fewer paragraphs than parts each paragraph is a stretch of its own.
pub fn split(lengths: &[u64], parts: usize, wanted: &[usize]) -> Vec<usize> {
    let count = lengths.len();
    let parts = parts.clamp(1, count.max(1));
    let mut until = vec![0_u64; count + 1];
    for (i, length) in lengths.iter().enumerate() {
        until[i + 1] = until[i] + length;
    }
    let total = until[count];
    let mut cuts: Vec<usize> = Vec::with_capacity(parts);
    let mut begun = 0;
    for part in 1..parts {
        // Each part after this one needs a paragraph of its own.
        let latest = count - (parts - part);
        let left = u64::try_from(parts - part + 1).unwrap_or(u64::MAX);
        let share = (total - until[begun]) / left;
        let ideal = until[begun] + share;
        let off = |cut: usize| until[cut].abs_diff(ideal);
        let near = |cut: &usize| (begun + 1..=latest).contains(cut) && off(*cut) * 2 <= share;
        let cut = wanted.iter().copied().filter(near).min_by_key(|cut| (off(*cut), *cut));
        let cut = cut.or_else(|| (begun + 1..=latest).min_by_key(|cut| (off(*cut), *cut))).unwrap_or(begun + 1);
        cuts.push(cut);
        begun = cut;
    }
    cuts.push(count);
    cuts
}

/// How long an episode is to be by the words of a preset (`500-800字`, `500~800 字`, `700 to 1,100 words`, `about 800 words`), else as is
/// usual for the language.
pub fn implied_length(preset: &str, language: &str) -> LengthRange {
    let usual = if counts_chars(language) { USUAL_CHARS } else { USUAL_WORDS };
    named_length(preset).unwrap_or(usual)
}

/// The first range, else the first single number, that stands before `字` or `words`.
fn named_length(text: &str) -> Option<LengthRange> {
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
