//! Stories about whole runs with the offline model, and about mending.

mod rehearsal;

use llm::rehearsal::Rehearsal;
use rehearsal::{ask, call_for, dragon_gate, lighthouse, write_novel};
use story::{
    brief::FrozenBrief,
    output_spec::PartialOutputSpec,
    tasks::{BriefView, ChapterPlan, FixParagraphs, ParagraphToFix, read_marked},
    text::{Length, Unit},
};
use studio::ports::{Model, ModelError};

fn of_three(mut brief: FrozenBrief) -> FrozenBrief {
    let spec = brief.content.output_spec.get_or_insert_with(PartialOutputSpec::default);
    spec.chapter_count = Some(3);
    brief
}

#[test]
fn rehearsal_writes_a_novel_of_three_chapters_without_a_finding() {
    for brief in [of_three(lighthouse()), of_three(dragon_gate())] {
        let (chapters, steps) = write_novel(&brief);
        assert_eq!(chapters.len(), 3);
        assert!(!steps.iter().any(|s| s == "novel.chapter.fix"), "{steps:?}");
        for chapter in &chapters {
            assert_eq!(chapter.findings, []);
            let told = chapter.extraction.as_ref().unwrap();
            assert!(told.deaths.is_empty(), "{:?}", told.deaths);
            assert!(!told.presence.is_empty() && !told.events.is_empty());
        }
        let (again, _) = write_novel(&brief);
        assert_eq!(chapters.iter().map(|c| &c.draft.text).collect::<Vec<_>>(), again.iter().map(|c| &c.draft.text).collect::<Vec<_>>());
    }
}

#[test]
fn rehearsal_rewrites_paragraphs_to_the_length_that_is_asked() {
    let english =
        "Mara looked at the log. She turned a page and then another. The lamp had been dark for one hour. Tobias said nothing about it.";
    let chinese = "顾长风看着那封旧信，许久没有说话。他把信翻过来，背面一个字也没有。沈青站在门口，手里提着灯。";
    for (brief, text, unit) in [(lighthouse(), english, Unit::Words), (dragon_gate(), chinese, Unit::Chars)] {
        for aim in [20_u64, 60, 150, 700] {
            let one = |number| ParagraphToFix {
                number,
                text: text.into(),
                instruction: "Make it longer.".into(),
                length: Length::of(text).in_unit(unit),
                aim,
                unit: if unit == Unit::Words { "words".into() } else { "chars".into() },
            };
            let input = FixParagraphs {
                brief: BriefView::of(&brief),
                chapter: ChapterPlan { number: 3, ..ChapterPlan::default() },
                paragraphs: vec![one(2), one(5)],
                round: 1,
                ..FixParagraphs::default()
            };
            let new = read_marked(&ask(&input), &[2, 5]).unwrap();
            assert_eq!(new.len(), 2);
            assert_ne!(new[&2], new[&5]);
            assert!(new.values().all(|n| n != text));
            let sum: u64 = new.values().map(|t| Length::of(t).in_unit(unit)).sum();
            assert!(sum.abs_diff(aim * 2) * 20 <= aim * 2, "{sum} for {}", aim * 2);
        }
    }
}

#[test]
fn rehearsal_knows_only_its_tasks() {
    let mut call = call_for(&FixParagraphs::default_input(), 0);
    call.task = "sing_a_song";
    let answer = futures::executor::block_on(Rehearsal.ask(&call, &mut |_| {}));
    assert!(matches!(answer, Err(ModelError::Rejected { .. })), "asking again is of no use");
}

trait DefaultInput {
    fn default_input() -> Self;
}

impl DefaultInput for FixParagraphs {
    fn default_input() -> Self {
        Self { round: 1, ..Self::default() }
    }
}
