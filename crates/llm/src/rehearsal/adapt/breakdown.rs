use story::{
    language::Tongue,
    screenplay::reading::{Passage, Said},
    tasks::{BreakDownChapter, BreakdownAnswer, KeyLineProposal, MomentProposal},
    text::Length,
};

use super::source::{Heard, cast_names, hear, tongue_of};
use crate::rehearsal::{draft::ended, read::sentences};

/// How many lines must not be lost.
const KEY_LINES: usize = 8;

/// Says what a chapter is made of, in its own words.
pub(in crate::rehearsal) fn break_down(input: &BreakDownChapter) -> BreakdownAnswer {
    let tongue = tongue_of(&input.source);
    let heard = hear(&input.source, &cast_names(&input.cast, &[]));
    let moments = moments(input, &heard, tongue);
    let core = [0, moments.len() / 2, moments.len().saturating_sub(1)];
    let mut plot: Vec<&str> = core.iter().filter_map(|i| moments.get(*i)).map(|m| m.text.as_str()).collect();
    plot.dedup();
    BreakdownAnswer {
        core_plot: plot.join(if tongue == Tongue::Zh { "" } else { " " }),
        conflicts: conflicts(&heard, tongue),
        key_lines: key_lines(&heard, tongue),
        characters: characters(input, &heard),
        moments,
    }
}

/// Everybody who speaks, those who speak most first, and the cast as far as it is named.
fn characters(input: &BreakDownChapter, heard: &Heard) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for passage in &heard.passages {
        let Passage::Said(Said { speaker: Some(name), .. }) = passage else { continue };
        match counts.iter_mut().find(|(n, _)| n == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name.clone(), 1)),
        }
    }
    counts.retain(|(name, _)| !["All", "Narrator", "Voice"].contains(&name.as_str()));
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut names: Vec<String> = counts.into_iter().map(|(name, _)| name).collect();
    for person in &input.cast {
        let named = input.source.paragraphs.iter().any(|p| p.text.contains(&person.name));
        if named && !names.contains(&person.name) {
            names.push(person.name.clone());
        }
    }
    names
}

/// Lines short enough to be kept word for word, spread over the chapter; those that ask or cry out before those that state.
fn key_lines(heard: &Heard, tongue: Tongue) -> Vec<KeyLineProposal> {
    let (least, most) = match tongue {
        Tongue::En => (4, 22),
        Tongue::Zh => (6, 36),
    };
    let said: Vec<(&Said, &str)> = heard
        .passages
        .iter()
        .filter_map(|p| match p {
            Passage::Said(said) if said.speaker.is_some() && !said.thought => Some((said, said.parts.first()?.text.as_str())),
            _ => None,
        })
        .filter(|(_, words)| (least..=most).contains(&Length::of(words).words) && !words.contains(['\'', '‘', '"']))
        .collect();
    let each = said.len().div_ceil(KEY_LINES).max(1);
    said.chunks(each)
        .filter_map(|chunk| chunk.iter().find(|(_, w)| w.ends_with(['?', '!', '？', '！'])).or_else(|| chunk.first()))
        .map(|(said, words)| KeyLineProposal { speaker: said.speaker.clone().unwrap_or_default(), quote: (*words).to_owned() })
        .collect()
}

/// Who stands against whom: those who put questions and cries to one another.
fn conflicts(heard: &Heard, tongue: Tongue) -> Vec<String> {
    let mut pairs: Vec<(String, String, usize)> = Vec::new();
    let spoken: Vec<&Said> = heard.passages.iter().filter_map(|p| if let Passage::Said(said) = p { Some(said) } else { None }).collect();
    for two in spoken.windows(2) {
        let (Some(a), Some(b)) = (&two[0].speaker, &two[1].speaker) else { continue };
        let sharp = two.iter().any(|s| s.text().contains(['?', '!', '？', '！']));
        if a == b || !sharp {
            continue;
        }
        match pairs.iter_mut().find(|(x, y, _)| (x == a && y == b) || (x == b && y == a)) {
            Some((_, _, n)) => *n += 1,
            None => pairs.push((a.clone(), b.clone(), 1)),
        }
    }
    pairs.sort_by_key(|(_, _, n)| std::cmp::Reverse(*n));
    let told = |(a, b, _): &(String, String, usize)| match tongue {
        Tongue::En => format!("{a} and {b} will not let each other have the last word."),
        Tongue::Zh => format!("{a}与{b}各执一词，谁也不肯让。"),
    };
    pairs.iter().take(2).map(told).collect()
}

/// The chapter stretch by stretch: a new one with each scene, and where one grows long.
fn moments(input: &BreakDownChapter, heard: &Heard, tongue: Tongue) -> Vec<MomentProposal> {
    let enough = match tongue {
        Tongue::En => 130,
        Tongue::Zh => 260,
    };
    let begins: Vec<usize> = heard.scenes.iter().filter_map(|s| s.beats.first()).map(|b| b.paragraph).collect();
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    let mut length = 0;
    for paragraph in &input.source.paragraphs {
        let fresh = stretches.is_empty() || length >= enough || (length > enough / 4 && begins.contains(&(paragraph.number as usize)));
        if fresh {
            stretches.push((paragraph.number, paragraph.number));
            length = 0;
        }
        if let Some(last) = stretches.last_mut() {
            last.1 = paragraph.number;
        }
        length += Length::of(&paragraph.text).words;
    }
    stretches
        .into_iter()
        .map(|(from, to)| MomentProposal {
            from: i64::from(from),
            to: i64::from(to),
            text: happens(heard, from as usize, to as usize, tongue),
        })
        .collect()
}

/// What happens there, in a sentence: the first that tells enough, else the first words spoken.
fn happens(heard: &Heard, from: usize, to: usize, tongue: Tongue) -> String {
    let inside = |paragraph: usize| (from..=to).contains(&paragraph);
    let told = heard.passages.iter().find_map(|p| match p {
        Passage::Told(told) if inside(told.paragraph) => {
            sentences::split(&told.text).into_iter().find(|s| Length::of(s).words > 5).map(|s| brief(s, tongue))
        }
        _ => None,
    });
    let said = || {
        heard.passages.iter().find_map(|p| match p {
            Passage::Said(said) if inside(said.paragraph) => {
                let who = said.speaker.clone().unwrap_or_default();
                let words = said.text();
                let first = sentences::split(&words).first().map_or(words.clone(), |s| (*s).to_owned());
                Some(match tongue {
                    Tongue::En => format!("{who} says: “{}”", brief(&first, tongue)),
                    Tongue::Zh => format!("{who}说：“{}”", brief(&first, tongue)),
                })
            }
            _ => None,
        })
    };
    told.or_else(said).unwrap_or_else(|| match tongue {
        Tongue::En => "The story goes on.".into(),
        Tongue::Zh => "故事继续。".into(),
    })
}

/// A sentence, or its first clauses where it is long.
fn brief(sentence: &str, tongue: Tongue) -> String {
    let (most, marks): (u64, &[char]) = match tongue {
        Tongue::En => (32, &[',', ';', ':']),
        Tongue::Zh => (48, &['，', '；', '：', ',']),
    };
    if Length::of(sentence).words <= most {
        return sentence.trim().to_owned();
    }
    let cut = sentence.match_indices(marks).map(|(at, _)| at).take_while(|at| Length::of(&sentence[..*at]).words <= most).last();
    cut.map_or_else(|| sentence.trim().to_owned(), |at| ended(&sentence[..at], tongue))
}
