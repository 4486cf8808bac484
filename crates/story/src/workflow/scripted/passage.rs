use crate::{
    language::Tongue,
    tasks::{SourceParagraph, SourcePart},
    text::tokens,
};

/// So many tokens of a source are shown in one prompt.
const MOST: u64 = 24_000;

/// The passage as far as it fits into a prompt: all of it, else its beginning and end, the paragraphs with key lines, and of the others
/// as many as there is room for, evenly over the passage. Where something is left out, it says so.
pub(super) fn within(source: &[SourcePart], keys: &[&str], tongue: Tongue) -> Vec<SourcePart> {
    within_tokens(source, keys, tongue, MOST)
}

fn within_tokens(source: &[SourcePart], keys: &[&str], tongue: Tongue, most: u64) -> Vec<SourcePart> {
    let all: Vec<&SourceParagraph> = source.iter().flat_map(|part| &part.paragraphs).collect();
    let costs: Vec<u64> = all.iter().map(|p| tokens(&p.text)).collect();
    if costs.iter().sum::<u64>() <= most {
        return source.to_vec();
    }
    let mut kept = vec![false; all.len()];
    let mut used = 0;
    let mut keep = |n: usize| {
        if !kept[n] && used + costs[n] <= most {
            kept[n] = true;
            used += costs[n];
        }
    };
    [0, all.len() - 1].into_iter().for_each(&mut keep);
    (0..all.len()).filter(|n| keys.iter().any(|key| all[*n].text.contains(key))).for_each(&mut keep);
    // Every 16th, then those between them: wherever the room ends, the passage is shown evenly.
    for step in [16, 8, 4, 2, 1] {
        (0..all.len()).step_by(step).for_each(&mut keep);
    }
    let mut kept = kept.into_iter();
    source.iter().map(|part| SourcePart { paragraphs: shown(part, &mut kept, tongue), ..part.clone() }).collect()
}

/// What is kept of a part, and a line for each stretch that is not.
fn shown(part: &SourcePart, kept: &mut impl Iterator<Item = bool>, tongue: Tongue) -> Vec<SourceParagraph> {
    let mut shown: Vec<SourceParagraph> = Vec::new();
    let mut gap: Option<(u32, u32)> = None;
    let note = |(first, last): (u32, u32)| SourceParagraph {
        number: first,
        text: match tongue {
            Tongue::En => format!("[Paragraphs {first} to {last} are left out for want of room.]"),
            Tongue::Zh => format!("【第{first}至{last}段限于篇幅未列出】"),
        },
    };
    for (paragraph, kept) in part.paragraphs.iter().zip(kept) {
        if kept {
            shown.extend(gap.take().map(note));
            shown.push(paragraph.clone());
        } else {
            gap = Some((gap.map_or(paragraph.number, |(first, _)| first), paragraph.number));
        }
    }
    shown.extend(gap.map(note));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(paragraphs: u32) -> SourcePart {
        let paragraph =
            |number| SourceParagraph { number, text: format!("Paragraph {number} says that the tide was out and nobody came.") };
        SourcePart { chapter: 1, title: "Tides".into(), paragraphs: (1..=paragraphs).map(paragraph).collect() }
    }

    #[test]
    fn a_passage_that_fits_is_shown_whole() {
        let source = [chapter(20)];
        assert_eq!(within(&source, &[], Tongue::En), source);
    }

    #[test]
    fn of_a_passage_that_is_too_long_its_ends_its_key_lines_and_an_even_choice_are_shown() {
        let cut = within_tokens(&[chapter(400)], &["Paragraph 123 says"], Tongue::En, 800);
        let text: Vec<&str> = cut[0].paragraphs.iter().map(|p| p.text.as_str()).collect();
        let used: u64 = text.iter().filter(|t| t.starts_with("Paragraph ")).map(|t| tokens(t)).sum();
        assert!(used <= 800 && used > 700, "{used}");
        for number in [1, 123, 400] {
            assert!(text.iter().any(|t| t.starts_with(&format!("Paragraph {number} says"))), "{number}");
        }
        assert!(text.iter().any(|t| t.starts_with("[Paragraphs ")), "what is left out is told");
        let far = cut[0].paragraphs.windows(2).map(|pair| pair[1].number - pair[0].number).max().unwrap();
        assert!(far <= 32, "no part of the passage is dark: {far}");
    }
}
