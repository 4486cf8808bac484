use std::collections::BTreeMap;

use super::{dead_character, forbidden, length, meta_text, repetition, truncated};
use crate::{
    finding::Finding,
    language::Tongue,
    output_spec::LengthRange,
    state::Draft,
    text::{Grain, Length},
};

/// At most so many paragraphs are named for the chapter's length alone, or so many lines.
const MOST_FOR_LENGTH: usize = 8;
const MOST_LINES_FOR_LENGTH: usize = 24;
/// One paragraph in so many is expanded when a chapter is too short.
const ONE_IN: usize = 3;

/// Which paragraphs to rewrite for `findings`, and how, in words for the model.
///
/// A paragraph with several faults gets all their instructions in one, in the order of the findings.
pub fn paragraphs_to_fix(tongue: Tongue, draft: &Draft, range: LengthRange, grain: Grain, findings: &[Finding]) -> BTreeMap<u32, String> {
    let mut named: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for finding in findings {
        let numbers = match finding.rule.as_str() {
            length::RULE => for_length(draft, range, grain),
            truncated::RULE => number(grain.spans(&draft.text).len()).into_iter().collect(),
            _ => numbers_under(draft, grain, finding),
        };
        let Some(instruction) = instruction(tongue, draft, range, finding) else { continue };
        for number in numbers {
            let said = named.entry(number).or_default();
            if !said.contains(&instruction) {
                said.push(instruction.clone());
            }
        }
    }
    let between = if tongue == Tongue::Zh { "" } else { " " };
    named.into_iter().map(|(number, said)| (number, said.join(between))).collect()
}

/// What `finding` says and asks for, in words for the model.
pub fn in_words(tongue: Tongue, draft: &Draft, range: LengthRange, finding: &Finding) -> String {
    match (tongue, instruction(tongue, draft, range, finding)) {
        // Messages are written for the person at the desk, in English.
        (Tongue::Zh, Some(instruction)) => instruction,
        (Tongue::En, Some(instruction)) => format!("{} {instruction}", finding.message),
        (_, None) => format!("{} {}", finding.message, finding.hint),
    }
}

/// The length that each paragraph of `numbers` is to have, in the range's unit: obeyed exactly, they bring the chapter into `range`.
///
/// A chapter of the right length keeps it. One that is too short or too long goes to the middle of the range, in proportion to the
/// paragraphs, but no paragraph to less than a third, unless only that reaches the maximum. Only where the other paragraphs alone
/// are longer than the maximum does the chapter stay too long.
pub fn aims(range: LengthRange, grain: Grain, draft: &Draft, numbers: &[u32]) -> Vec<u64> {
    let all = lengths(draft, range, grain);
    let own: Vec<u64> =
        numbers.iter().map(|n| usize::try_from(*n).ok().and_then(|n| all.get(n.checked_sub(1)?).copied()).unwrap_or(0)).collect();
    let total: u64 = all.iter().sum();
    if (range.min..=range.max).contains(&total) || own.is_empty() {
        return own;
    }
    let others = total.saturating_sub(own.iter().sum());
    let middle = range.middle().saturating_sub(others);
    if total < range.min {
        return spread(middle, &own);
    }
    let thirds: u64 = own.iter().map(|length| length.div_ceil(3)).sum();
    let most = range.max.saturating_sub(others);
    let least = u64::try_from(own.len()).unwrap_or(u64::MAX);
    spread(middle.max(thirds).min(most).max(least), &own)
}

/// `sum` in whole shares, in proportion to `weights`; all alike where every weight is 0. No share is 0 where `sum` suffices.
fn spread(sum: u64, weights: &[u64]) -> Vec<u64> {
    let heavy: u64 = weights.iter().sum();
    let weights: Vec<u64> = if heavy == 0 { vec![1; weights.len()] } else { weights.to_vec() };
    let mut weight_left: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    let mut left = sum;
    let mut shares = Vec::with_capacity(weights.len());
    for (i, weight) in weights.iter().enumerate() {
        let still_to_come = u64::try_from(weights.len() - i - 1).unwrap_or(u64::MAX);
        let fair = (u128::from(left) * u128::from(*weight)).checked_div(weight_left).unwrap_or(u128::from(left));
        let share = u64::try_from(fair).unwrap_or(left).max(1).min(left.saturating_sub(still_to_come));
        let share = if still_to_come == 0 { left } else { share };
        shares.push(share);
        left -= share;
        weight_left -= u128::from(*weight);
    }
    shares
}

fn lengths(draft: &Draft, range: LengthRange, grain: Grain) -> Vec<u64> {
    grain.pieces(&draft.text).iter().map(|p| Length::of(p).in_unit(range.unit)).collect()
}

/// The longest paragraphs: about one in three to expand, or as many to shorten as are needed to come down to the maximum.
fn for_length(draft: &Draft, range: LengthRange, grain: Grain) -> Vec<u32> {
    let lengths = lengths(draft, range, grain);
    let total: u64 = lengths.iter().sum();
    let mut longest: Vec<(usize, u64)> = lengths.into_iter().enumerate().collect();
    longest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let most = if grain == Grain::Line { MOST_LINES_FOR_LENGTH } else { MOST_FOR_LENGTH };
    let wanted = if total < range.min {
        longest.len().div_ceil(ONE_IN)
    } else {
        let too_much = total.saturating_sub(range.max);
        let mut saved = 0;
        1 + longest
            .iter()
            .take_while(|(_, length)| {
                saved += length - length.div_ceil(3);
                saved < too_much
            })
            .count()
    };
    longest.into_iter().take(wanted.clamp(1, most)).filter_map(|(i, _)| number(i + 1)).collect()
}

/// The paragraphs in which the evidence stands.
fn numbers_under(draft: &Draft, grain: Grain, finding: &Finding) -> Vec<u32> {
    let here = |chapter: Option<u32>| chapter.is_none_or(|n| n == draft.ordinal);
    let holds = |span| finding.spans.iter().any(|e| here(e.chapter) && e.span.meets(span));
    let spans = grain.spans(&draft.text);
    spans.iter().enumerate().filter(|(_, span)| holds(**span)).filter_map(|(i, _)| number(i + 1)).collect()
}

fn number(n: usize) -> Option<u32> {
    u32::try_from(n).ok().filter(|n| *n > 0)
}

/// What the model is told; nothing for a rule that no rewriting mends.
fn instruction(tongue: Tongue, draft: &Draft, range: LengthRange, finding: &Finding) -> Option<String> {
    let quote = finding.spans.first().map(|e| e.quote.as_str()).unwrap_or_default();
    let short = draft.length.in_unit(range.unit) < range.min;
    Some(match (tongue, finding.rule.as_str()) {
        (Tongue::En, length::RULE) if short => "Expand it: show what people do, say and notice here.".into(),
        (Tongue::Zh, length::RULE) if short => "扩写：写出此处人物的动作、对话和见闻。".into(),
        (Tongue::En, length::RULE) => "Shorten it: keep what happens and the best of what is said.".into(),
        (Tongue::Zh, length::RULE) => "压缩：只留下发生的事和最要紧的话。".into(),
        (Tongue::En, repetition::RULE) => {
            "It stands word for word elsewhere in the book: say it anew, or let something else happen.".into()
        }
        (Tongue::Zh, repetition::RULE) => "此段与书中别处一字不差：换一种写法，或让别的事情发生。".into(),
        (Tongue::En, dead_character::RULE) => {
            let who = dead_character::who(finding);
            format!("{who} is dead and neither acts nor speaks: leave {who} out, or make it a memory.")
        }
        (Tongue::Zh, dead_character::RULE) => {
            let who = dead_character::who(finding);
            format!("{who}已死，不得行动或说话：改由他人来做，或写成回忆。")
        }
        (Tongue::En, meta_text::RULE) => {
            "Take out what is not story (headings, notes, markup) and keep the rest; where nothing is left, write a sentence that joins \
             the paragraphs around it."
                .into()
        }
        (Tongue::Zh, meta_text::RULE) => {
            "删去不属于故事的文字（标题、说明、标记），其余保留；若整段都不属于故事，就写一句承上启下的话。".into()
        }
        (Tongue::En, truncated::RULE) => "It breaks off: finish it, and end the chapter with a whole sentence.".into(),
        (Tongue::Zh, truncated::RULE) => "此处中断：把它写完，以完整的句子收束全章。".into(),
        (Tongue::En, forbidden::RULE) => format!("Say it without “{quote}”."),
        (Tongue::Zh, forbidden::RULE) => format!("不要用“{quote}”，换一种说法。"),
        (tongue, rule) => return super::script::instruction(tongue, rule, finding),
    })
}
