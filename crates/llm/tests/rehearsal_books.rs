//! Stories about whole books of the offline model, from the examples that a reader tries first.

mod rehearsal;

use std::collections::BTreeMap;

use rehearsal::{ask, chapter, freeze, outline, plans, write_novel};
use serde_json::{Value, json};
use story::{
    brief::FrozenBrief,
    output_spec::LengthRange,
    tasks::{BriefView, PlanBeats},
    text::{Length, Unit, paragraphs},
};

const LIGHTHOUSE: &str = include_str!("../../../examples/lighthouse.toml");
const LONGMEN: &str = include_str!("../../../examples/longmen.toml");
const WORDS: LengthRange = LengthRange { min: 1_200, max: 1_800, unit: Unit::Words };
const CHARS: LengthRange = LengthRange { min: 1_500, max: 2_500, unit: Unit::Chars };

#[allow(clippy::unwrap_used, reason = "a hand for tests; the examples are known")]
fn example(text: &str) -> FrozenBrief {
    let mut value: Value = toml::from_str(text).unwrap();
    let title = value.as_object_mut().unwrap().remove("title").unwrap();
    freeze(title.as_str().unwrap(), value)
}

fn ferry() -> FrozenBrief {
    freeze(
        "The Night Ferry",
        json!({
            "language": "en", "genre": "literary suspense", "tone": "restrained, nocturnal", "pov": "first", "tense": "present",
            "setting": "The overnight car ferry from Ancona to Patras, one crossing, twenty-two hours, in February.",
            "premise": "Four hundred and twelve people boarded at Ancona. At the first count, at midnight, there are four hundred and thirteen.\n\nLivia counts again. She has counted this ship every night for nine years.\n\nBetween two ports nobody can leave.",
            "characters": [
                { "name": "Livia Marchetti", "role": "narrator", "pronouns": "she/her", "goal": "To hand in the list of passengers with the right number on it before she leaves the ship.", "secret": "She let somebody aboard without a ticket, and cannot say why." },
                { "name": "Andreas Kouris", "role": "the passenger too many", "pronouns": "he/him", "goal": "To be counted.", "secret": "His name stands on the list of a crossing that took place in 1999." },
                { "name": "Captain Irena Doukas", "role": "antagonist", "pronouns": "she/her", "goal": "To arrive with the number that she reported when she left." },
                { "name": "Old Stavros Pappas", "role": "the late bosun", "description": "Drowned in 1999.", "pronouns": "he/him" }
            ]
        }),
    )
}

/// The chapters of a book; it fails where two paragraphs are equal, whatever their length.
fn book(brief: &FrozenBrief, count: u32, range: LengthRange) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut twice: Vec<String> = Vec::new();
    let mut chapters = Vec::new();
    for plan in plans(brief, count) {
        let (_, text) = chapter(brief, &plan, count, range);
        assert!(range.holds(Length::of(&text)), "chapter {}: {:?}", plan.number, Length::of(&text));
        for paragraph in paragraphs(&text) {
            if let Some(before) = seen.insert(paragraph.to_owned(), plan.number) {
                twice.push(format!("{before} and {}: {paragraph}", plan.number));
            }
        }
        chapters.push(text);
    }
    assert!(twice.is_empty(), "{} of {count} chapters: {twice:#?}", brief.title);
    chapters
}

#[test]
fn rehearsal_has_no_two_equal_paragraphs_in_a_book_of_any_length() {
    for count in [12, 20, 300] {
        book(&example(LIGHTHOUSE), count, WORDS);
        book(&example(LONGMEN), count, CHARS);
    }
}

#[test]
fn rehearsal_runs_the_examples_without_saying_a_paragraph_twice() {
    for text in [LIGHTHOUSE, LONGMEN] {
        let (chapters, _) = write_novel(&example(text));
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        for kept in &chapters {
            for paragraph in paragraphs(&kept.draft.text) {
                assert_eq!(seen.insert(paragraph, kept.draft.ordinal), None, "{paragraph}");
            }
        }
    }
}

#[test]
fn rehearsal_varies_the_length_of_chapters() {
    for (text, range) in [(LIGHTHOUSE, WORDS), (LONGMEN, CHARS)] {
        let mut lengths: Vec<u64> = book(&example(text), 12, range).iter().map(|t| Length::of(t).in_unit(range.unit)).collect();
        lengths.sort_unstable();
        assert!(lengths[11] - lengths[0] > range.middle() / 20, "{lengths:?}");
    }
}

#[test]
fn rehearsal_gives_the_dead_of_the_cast_no_part() {
    for (brief, dead) in [(ferry(), "Stavros"), (with_dead(LIGHTHOUSE), "Hamish"), (with_dead(LONGMEN), "马三保")] {
        for plan in plans(&brief, 12) {
            assert!(!format!("{} {} {}", plan.title, plan.summary, plan.hook).contains(dead), "{plan:?}");
            let input = PlanBeats {
                brief: BriefView::of(&brief),
                chapter: plan.clone(),
                chapter_count: 12,
                beat_count: 5,
                length: WORDS,
                dead: vec![],
                guidance: vec![],
            };
            assert!(!ask(&input).contains(dead));
            let (_, text) = chapter(&brief, &plan, 12, if dead.is_ascii() { WORDS } else { CHARS });
            assert!(!text.contains(dead), "{text}");
        }
    }
}

#[allow(clippy::unwrap_used, reason = "a hand for tests; the examples are known")]
fn with_dead(text: &str) -> FrozenBrief {
    let mut value: Value = toml::from_str(text).unwrap();
    let more = if text == LONGMEN {
        json!({ "name": "马三保", "role": "镖师，第一章身死，贯穿全书的托付之人" })
    } else {
        json!({ "name": "Hamish Orr", "role": "the dead keeper", "description": "Drowned nine years ago; never found." })
    };
    value["characters"].as_array_mut().unwrap().push(more);
    let title = value.as_object_mut().unwrap().remove("title").unwrap();
    freeze(title.as_str().unwrap(), value)
}

#[test]
fn rehearsal_takes_no_title_for_a_name() {
    let brief = freeze(
        "The Clockmaker",
        json!({
            "language": "en", "premise": "In Lower Fenwick the clock in the tower has not struck for a hundred years.",
            "setting": "Lower Fenwick, a market town with one bridge.",
            "characters": [
                { "name": "Pim", "role": "protagonist", "pronouns": "he/him" },
                { "name": "Master Oswin Tarrant", "role": "the clockmaker", "pronouns": "he/him" },
                { "name": "Mayor Lettice Bray", "role": "antagonist", "pronouns": "she/her" },
                { "name": "Dr. Alasdair Fenn", "role": "suspect", "pronouns": "he/him" }
            ]
        }),
    );
    let titles: Vec<String> = outline(&brief, 300, 1, 300, false).chapters.into_iter().map(|c| c.title).collect();
    assert!(titles.iter().any(|t| t.starts_with("What Lettice ")), "{titles:?}");
    assert!(!titles.iter().any(|t| ["What Dr", "What Mayor", "What Master"].iter().any(|bad| t.starts_with(bad))), "{titles:?}");
    for text in book(&brief, 6, WORDS) {
        let words: Vec<&str> = text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
        for pair in words.windows(2) {
            let title = matches!(pair[0], "Mayor" | "Master" | "Dr");
            assert!(!title || matches!(pair[1], "Lettice" | "Oswin" | "Alasdair"), "{pair:?} in {text}");
        }
    }
}

#[test]
fn rehearsal_cuts_no_chinese_noun_after_its_number() {
    for text in book(&example(LONGMEN), 20, CHARS) {
        for bad in ["份海捕", "条街的", "处渡口", "提封信", "烧掉账册的事", "掉账册的"] {
            // After its number a measure word is right.
            let bare = text.match_indices(bad).find(|(at, _)| !text[..*at].ends_with(['一', '那']));
            assert!(bare.is_none(), "{bad} in {text}");
        }
    }
}

#[test]
fn rehearsal_agrees_with_the_one_who_tells() {
    for text in book(&ferry(), 12, WORDS) {
        for bad in [" I leaves", " I finds", " I has ", " I is ", " I was ", "can not", "that has not been there", "still tells it"] {
            let narration: String =
                text.split('“').enumerate().map(|(i, part)| if i == 0 { part } else { part.split_once('”').map_or("", |p| p.1) }).collect();
            assert!(!narration.contains(bad), "{bad} in {text}");
        }
        for sentence in text.split(['.', '\n']).map(str::trim).filter(|s| s.starts_with("I ")) {
            assert!(
                ![" and finds ", " and puts ", " and pays ", " and cannot leaves "].iter().any(|bad| sentence.contains(bad)),
                "{sentence}"
            );
        }
    }
}

#[test]
#[ignore = "writes chapters into the folder REHEARSAL_SHOW, to be read"]
fn rehearsal_shows_the_examples_when_asked_to() {
    let Ok(folder) = std::env::var("REHEARSAL_SHOW") else { return };
    for (name, brief, range) in
        [("lighthouse", example(LIGHTHOUSE), WORDS), ("longmen", example(LONGMEN), CHARS), ("ferry", ferry(), WORDS)]
    {
        let mut out = String::new();
        for plan in plans(&brief, 12) {
            out.push_str(&format!("{} {} :: {} :: {}\n", plan.number, plan.title, plan.summary, plan.hook));
        }
        let text = book(&brief, 12, range);
        out.push_str(&format!("\n{}\n\n# 9\n\n{}\n", text[0], text[8]));
        std::fs::write(format!("{folder}/{name}.txt"), out).unwrap();
    }
}
