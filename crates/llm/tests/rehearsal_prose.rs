//! Stories about the prose that the offline model writes.

mod rehearsal;

use std::collections::BTreeMap;

use proptest::prelude::*;
use rehearsal::{ask, ask_call, call_for, chapter, draft_input, dragon_gate, lighthouse, outline, plans};
use story::{
    output_spec::LengthRange,
    plan::Beat,
    tasks::{BeatsAnswer, BriefView, PlanBeats},
    text::{Length, Unit, prints},
};

const WORDS: LengthRange = LengthRange { min: 1_500, max: 2_500, unit: Unit::Words };
const CHARS: LengthRange = LengthRange { min: 2_000, max: 3_000, unit: Unit::Chars };

#[test]
#[ignore = "writes chapters into the folder REHEARSAL_SHOW, to be read"]
fn rehearsal_shows_a_chapter_of_each_language_when_asked_to() {
    let Ok(folder) = std::env::var("REHEARSAL_SHOW") else { return };
    for (name, brief, range) in [("en", lighthouse(), WORDS), ("zh", dragon_gate(), CHARS)] {
        let all = plans(&brief, 12);
        let mut out = String::new();
        for plan in &all {
            out.push_str(&format!("{} {} :: {} :: {}\n", plan.number, plan.title, plan.summary, plan.hook));
        }
        for plan in [&all[0], &all[8]] {
            let (beats, text) = chapter(&brief, plan, 12, range);
            out.push_str(&format!("\n# {}\n", plan.title));
            for beat in beats {
                out.push_str(&format!("- {} [{:?} {:?} {:?}]\n", beat.text, beat.place, beat.time, beat.characters));
            }
            out.push_str(&format!("\n{text}\n\n{:?}\n", Length::of(&text)));
        }
        std::fs::write(format!("{folder}/{name}.txt"), out).unwrap();
    }
}

#[test]
fn rehearsal_gives_the_same_chapter_for_the_same_input_and_another_for_another_seed() {
    for (brief, range) in [(lighthouse(), WORDS), (dragon_gate(), CHARS)] {
        let plan = plans(&brief, 3).remove(0);
        let (beats, text) = chapter(&brief, &plan, 3, range);
        let (_, again) = chapter(&brief, &plan, 3, range);
        assert_eq!(text, again);
        let input = draft_input(&brief, &plan, 3, range, beats);
        assert_ne!(text, ask_call(&call_for(&input, 7)).text);
        let mut redraft = input.clone();
        redraft.redraft = 1;
        assert_ne!(text, ask(&redraft));
    }
}

#[test]
fn rehearsal_writes_three_hundred_chapters_without_saying_a_paragraph_twice() {
    for (brief, range) in [(lighthouse(), WORDS), (dragon_gate(), CHARS)] {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for plan in plans(&brief, 300) {
            let (_, text) = chapter(&brief, &plan, 300, range);
            assert!(range.holds(Length::of(&text)), "chapter {}: {:?}", plan.number, Length::of(&text));
            for (number, print) in prints(&text) {
                let before = seen.insert(print, plan.number);
                let paragraph = story::text::paragraphs(&text)[number - 1];
                assert_eq!(before, None, "chapter {} says again: {paragraph}", plan.number);
            }
        }
    }
}

#[test]
fn rehearsal_gives_no_two_chapters_of_a_long_book_the_same_title_in_any_window() {
    for brief in [lighthouse(), dragon_gate()] {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for from in (1..=2_000).step_by(100) {
            for c in outline(&brief, 2_000, from, from + 99, false).chapters {
                assert!(c.hook.is_none());
                assert!(seen.insert(c.title.to_lowercase(), c.number).is_none(), "{} twice", c.title);
            }
        }
        let detailed = outline(&brief, 2_000, 41, 80, true);
        assert!(detailed.chapters.iter().all(|c| seen[&c.title.to_lowercase()] == c.number && c.hook.is_some()));
    }
}

#[test]
fn rehearsal_tells_in_the_first_person_and_in_the_present_when_the_brief_asks() {
    let mut brief = lighthouse();
    brief.content.pov = Some(story::brief::Pov::First);
    brief.content.tense = Some("present".into());
    let plan = plans(&brief, 12).remove(0);
    let (_, text) = chapter(&brief, &plan, 12, WORDS);
    let narration: String =
        text.split('“').enumerate().map(|(i, part)| if i == 0 { part } else { part.split_once('”').map_or("", |p| p.1) }).collect();
    assert!(narration.contains(" I ") && !narration.contains("Mara Vane"), "{narration}");
    let mut brief = dragon_gate();
    brief.content.pov = Some(story::brief::Pov::First);
    let plan = plans(&brief, 12).remove(0);
    let (_, text) = chapter(&brief, &plan, 12, CHARS);
    assert!(text.contains('我'));
}

#[test]
fn rehearsal_heeds_guidance_the_dead_and_forbidden_words() {
    let mut brief = lighthouse();
    brief.content.forbidden = vec!["silence".into(), "gull".into()];
    let plan = plans(&brief, 12).remove(4);
    let input = PlanBeats {
        brief: BriefView::of(&brief),
        chapter: plan.clone(),
        chapter_count: 12,
        beat_count: 5,
        length: WORDS,
        dead: vec!["Tobias Crane".into()],
        guidance: vec!["Let the storm break over the causeway.".into(), "Make chapter 5 longer.".into()],
    };
    let beats: BeatsAnswer = serde_json::from_str(&ask(&input)).unwrap();
    assert!(beats.beats.iter().any(|b| b.text.contains("Let the storm break over the causeway")));
    let beats: Vec<Beat> = beats.beats.into_iter().map(Beat::from).collect();
    let mut draft = draft_input(&brief, &plan, 12, WORDS, beats);
    draft.dead = vec!["Tobias Crane".into()];
    let text = ask(&draft);
    let folded = text.to_lowercase();
    assert!(folded.contains("let the storm break over the causeway"));
    assert!(!folded.contains("tobias") && !folded.contains("silence") && !folded.contains("gull") && !folded.contains("chapter"), "{text}");
}

#[test]
fn rehearsal_ends_with_a_finished_sentence_and_leaves_no_slot_open() {
    for (brief, range) in [(lighthouse(), WORDS), (dragon_gate(), CHARS)] {
        for plan in plans(&brief, 12) {
            let (_, text) = chapter(&brief, &plan, 12, range);
            assert!(text.ends_with(['.', '”', '。', '！', '？']), "{text}");
            for sign in ['{', '}', '~', '^', '%', '|'] {
                assert!(!text.contains(sign), "{sign} in {text}");
            }
            assert!(!text.contains(" ,") && !text.contains("  ") && !text.contains("..") && !text.contains("。。"), "{text}");
            if range.unit == Unit::Chars {
                assert!(!text.contains(|c: char| c.is_ascii_alphabetic()), "{text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 4, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn rehearsal_hits_every_range(least in prop_oneof![30_u64..300, 300_u64..2_000, 2_000_u64..6_000], extra in 0_u64..400, chinese: bool, chars: bool, number in 1_u32..2_000) {
        let brief = if chinese { dragon_gate() } else { lighthouse() };
        let least = if chars && !chinese { least.max(60) } else { least };
        let range = LengthRange { min: least, max: least + extra, unit: if chars { Unit::Chars } else { Unit::Words } };
        let plan = outline(&brief, 2_000, number, number, true).chapters.remove(0);
        let plan = story::tasks::ChapterPlan { number, title: plan.title, summary: plan.summary, hook: plan.hook.unwrap_or_default() };
        let (_, text) = chapter(&brief, &plan, 2_000, range);
        let length = Length::of(&text);
        prop_assert!(range.holds(length), "{range:?} {length:?}");
        let far = length.in_unit(range.unit).abs_diff(range.middle());
        prop_assert!(far <= 4 + range.middle() * 8 / 100, "{far} from the aim of {range:?}");
    }
}
