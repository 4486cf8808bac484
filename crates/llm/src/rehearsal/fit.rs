use story::{output_spec::LengthRange, text::Length};

use super::scene::{Para, Stage, Writer};

/// The length of `text` in the unit of `range`.
pub(super) fn measure(text: &str, range: LengthRange) -> u64 {
    Length::of(text).in_unit(range.unit)
}

/// Which of `sizes` together come nearest to `aim` within `least..=most`: their places in the list.
pub(super) fn choose(sizes: &[u64], least: u64, aim: u64, most: u64) -> Vec<usize> {
    let limit = usize::try_from(most).unwrap_or(usize::MAX).min(4_000);
    // For every sum that can be had: the last item that reached it first.
    let mut reached: Vec<Option<usize>> = vec![None; limit + 1];
    let mut can = vec![false; limit + 1];
    can[0] = true;
    for (item, size) in sizes.iter().enumerate() {
        let size = usize::try_from(*size).unwrap_or(usize::MAX);
        if size == 0 || size > limit {
            continue;
        }
        for sum in (size..=limit).rev() {
            if can[sum - size] && !can[sum] {
                can[sum] = true;
                reached[sum] = Some(item);
            }
        }
    }
    let distance = |sum: usize| {
        let sum = u64::try_from(sum).unwrap_or(u64::MAX);
        (sum < least || sum > most, sum.abs_diff(aim))
    };
    let mut sum = (0..=limit).filter(|sum| can[*sum]).min_by_key(|sum| distance(*sum)).unwrap_or(0);
    let mut chosen = Vec::new();
    while sum > 0 {
        let Some(item) = reached[sum] else { break };
        chosen.push(item);
        sum -= usize::try_from(sizes[item]).unwrap_or(sum).min(sum);
    }
    chosen.sort_unstable();
    chosen
}

/// Brings the paragraphs of a chapter into `range`, as near to `aim` as sentences allow, with sentences about `stage`.
pub(super) fn fill(writer: &mut Writer<'_>, stage: &Stage, paragraphs: &mut Vec<Para>, range: LengthRange, aim: u64) {
    let mut length: u64 = paragraphs.iter().map(|p| measure(&p.text, range)).sum();
    let mut loose: Vec<String> = Vec::new();
    // Long sentences first, until only a little is missing.
    let little = if range.unit == story::text::Unit::Words && !zh(writer) { 34 } else { 70 };
    for _ in 0..600 {
        let missing = aim.saturating_sub(length);
        if missing <= little {
            break;
        }
        let list = ["act", "sense", "around", "react"][loose.len() % 4];
        if let Some(sentence) = writer.filler(stage, list).filter(|s| measure(s, range) + little / 3 <= missing) {
            length += measure(&sentence, range);
            loose.push(sentence);
        } else if missing < little * 2 {
            break;
        }
    }
    settle(writer, stage, paragraphs, loose, range, aim, length);
}

fn zh(writer: &Writer<'_>) -> bool {
    writer.material.tongue == story::language::Tongue::Zh
}

fn settle(
    writer: &mut Writer<'_>,
    stage: &Stage,
    paragraphs: &mut Vec<Para>,
    loose: Vec<String>,
    range: LengthRange,
    aim: u64,
    length: u64,
) {
    let joint = if zh(writer) { "" } else { " " };
    let before_end = paragraphs.len().saturating_sub(1);
    for group in loose.chunks(4) {
        let text = group.join(joint);
        // A sentence or two make no paragraph of their own.
        let home = paragraphs.iter_mut().rev().skip(1).find(|p| p.narration && p.a == stage.a).filter(|_| group.len() < 3);
        if let Some(home) = home {
            home.text.push_str(joint);
            home.text.push_str(&text);
            continue;
        }
        paragraphs.insert(before_end.min(paragraphs.len()), Para { text, a: stage.a, narration: true });
    }
    if length >= range.min && length + 2 >= aim {
        return;
    }
    let mut short: Vec<String> = Vec::new();
    for n in 0..56 {
        let list = if n % 8 == 7 { "act" } else { "short" };
        if let Some(sentence) = writer.filler(stage, list)
            && !short.contains(&sentence)
        {
            short.push(sentence);
        }
    }
    let sizes: Vec<u64> = short.iter().map(|s| measure(s, range)).collect();
    let missing = |end: u64| end.saturating_sub(length);
    let chosen = choose(&sizes, missing(range.min), missing(aim), missing(range.max));
    // A short sentence stands best at the end of a paragraph about the same person.
    let mut homes: Vec<usize> =
        (0..paragraphs.len()).rev().skip(1).filter(|i| paragraphs[*i].narration && paragraphs[*i].a == stage.a).collect();
    if homes.is_empty() {
        // Short sentences are no paragraph by themselves.
        homes.extend((0..paragraphs.len()).rev().find(|i| paragraphs[*i].narration).or(paragraphs.len().checked_sub(1)));
    }
    if homes.is_empty() {
        paragraphs.insert(0, Para { text: String::new(), a: stage.a, narration: true });
        homes.push(0);
    }
    for (n, item) in chosen.into_iter().enumerate() {
        let home = &mut paragraphs[homes[n % homes.len()]].text;
        if !home.is_empty() {
            home.push_str(joint);
        }
        home.push_str(&short[item]);
    }
    paragraphs.retain(|p| !p.text.is_empty());
}
