//! An instruction of the writer: what it names, what a model reads of it, and what becomes of the answer.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use story::{
    context::{STEP_BUDGET, assemble},
    state::RunState,
    tasks::{Answer, Call, Heard},
    text::named_chapters,
    workflow::{self, Desk, Instruction, Intervened, Materials, OutOfTurn, novel},
};

use crate::book::{Book, nothing_special};

#[test]
fn chapters_are_named_in_many_ways() {
    let cases: [(&str, &[u32]); 30] = [
        ("Make chapter 3 shorter.", &[3]),
        ("Chapters 3, 4 and five need rain.", &[3, 4, 5]),
        ("chapters 2-4", &[2, 3, 4]),
        ("Chapters II to IV are too quiet.", &[2, 3, 4]),
        ("In chapter twenty-one she dies", &[21]),
        ("In Chapter Twenty One she dies", &[21]),
        ("the third chapter should hurt", &[3]),
        ("The 12th chapter and the 2nd chapter", &[2, 12]),
        ("CHAPTER XII, please", &[12]),
        ("ch. 7", &[7]),
        ("the last chapter", &[30]),
        ("In this chapter I want rain.", &[]),
        ("The next three chapters are slow.", &[]),
        ("Write a chapter about a boat", &[]),
        ("chapter 31", &[]),
        ("Chapter one to three people mattered", &[1]),
        ("让第三章短一些", &[3]),
        ("第十二章与第２章都要下雨", &[2, 12]),
        ("第3至5章", &[3, 4, 5]),
        ("第三、四章", &[3, 4]),
        ("第三章至第五章要更慢", &[3, 4, 5]),
        ("第廿一回", &[21]),
        ("第贰章", &[2]),
        ("第二十章里阿宁走了", &[20]),
        ("最后一章要有光", &[30]),
        ("三个章节都太慢", &[]),
        ("第一次见面", &[]),
        ("第三十一章", &[]),
        ("chapter 2 和第四章", &[2, 4]),
        ("", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(named_chapters(text, 30).into_iter().collect::<Vec<_>>(), expected, "{text}");
    }
}

/// The book's state after an instruction, and what was asked. Each answer is used in turn.
fn intervene(book: &Book, text: &str, answers: &[Value]) -> (Result<(RunState, String), OutOfTurn>, Vec<Call>) {
    let state = RunState::from(book.state.clone());
    let context = assemble(&book.brief, &state, STEP_BUDGET);
    let materials = Materials::default();
    let desk = Desk { brief: &book.brief, state: &state, context: &context, materials: &materials };
    let asked = Instruction { text: text.into(), about: String::new() };
    let written: BTreeSet<String> = book.kept.iter().map(|kept| kept.unit_id.clone()).collect();
    let (mut heard, mut calls): (Vec<Heard>, Vec<Call>) = (Vec::new(), Vec::new());
    loop {
        match workflow::intervene(desk, &asked, &written, &heard) {
            Ok(Intervened::Ask(call)) => {
                heard.push(Heard { slot: call.slot.clone(), answer: Answer::Json(answers[calls.len()].clone()) });
                calls.push(*call);
            }
            Ok(Intervened::Done { state, message }) => return (Ok((*state, message)), calls),
            Err(e) => return (Err(e), calls),
        }
    }
}

fn in_third(phase: &str, zh: bool) -> Book {
    let mut book = if zh { Book::chinese(5) } else { Book::english(5) };
    book.until(phase, 3, &mut nothing_special);
    book
}

#[test]
fn what_a_model_reads_of_an_instruction() {
    for (language, zh, text) in [("en", false, "Holt should find the key in chapter 4."), ("zh", true, "让老周在第四章找到钥匙。")]
    {
        let (_, calls) = intervene(&in_third(novel::CRITIQUE, zh), text, &[json!({ "message": "" })]);
        let prompt = &calls[0].prompt;
        let shown = format!("=== system\n{}\n\n=== user\n{}\n", prompt.system_text(), prompt.user_text());
        insta::assert_snapshot!(format!("{language}_intervene"), shown);
    }
}

#[test]
fn everything_that_may_be_touched_is_changed_and_nothing_else() {
    let book = in_third(novel::CRITIQUE, false);
    let answer = json!({
        "message": " Done. ",
        "guidance": [{ "text": "It rains.", "chapter": 4 }],
        "plan": [{ "chapter": 4, "action": "change", "summary": "Holt finds the key." },
            { "chapter": 4, "action": "insert_after", "title": "Ice", "summary": "Ice." }, { "chapter": 5, "action": "drop" }],
        "draft": [{ "paragraph": 1, "text": "It rained on the quay." }],
        "people": [{ "name": "Holt", "place": "the bank", "learns": "the key is gone" }, { "name": "Ada", "alive": false }],
        "clock": "dawn",
    });
    let (done, _) = intervene(&book, "Rain.", &[answer]);
    let (RunState::Novel(state), message) = done.unwrap() else { panic!("the kind stays") };
    assert_eq!(message, "Done.");
    let plan: Vec<&str> = state.outline.as_ref().unwrap().in_order().into_iter().map(|(_, c)| c.summary.as_str()).collect();
    assert_eq!((plan[3], plan[4], plan.len()), ("Holt finds the key.", "Ice.", 5));
    assert!(state.draft.as_ref().unwrap().text.starts_with("It rained on the quay.\n\n"));
    assert_eq!(state.cursor.phase, novel::EXTRACT, "a changed draft is read anew");
    let world = &state.current_state;
    assert_eq!((world.clock.as_deref(), world.characters["Holt"].place.as_deref()), (Some("dawn"), Some("the bank")));
    assert!(world.characters["Holt"].knows.contains(&"the key is gone".to_owned()) && !world.characters["Ada"].alive);
    assert_eq!(state.guidance["writer-1"].chapter, Some(4));
    assert_eq!((&state.digests, &state.output_spec, &state.beats), (&book.state.digests, &book.state.output_spec, &book.state.beats));
}

#[test]
fn a_chapter_goes_back_to_an_earlier_step() {
    let book = in_third(novel::COMMIT, false);
    for (step, beats, draft) in [(novel::BEATS, false, false), (novel::DRAFT, true, false), (novel::EXTRACT, true, true)] {
        let (done, _) = intervene(&book, "Again.", &[json!({ "message": "", "go_to": step })]);
        let (RunState::Novel(state), _) = done.unwrap() else { panic!("the kind stays") };
        assert_eq!((state.cursor.phase.as_str(), state.beats.is_some(), state.draft.is_some()), (step, beats, draft));
        assert!(state.critique.is_none() && state.extraction.is_none());
    }
}

#[test]
fn an_answer_that_does_not_fit_is_asked_for_once_more() {
    let book = in_third(novel::BEATS, false);
    let wrong = [
        json!({ "message": "", "plan": [{ "chapter": 1, "action": "change", "summary": "x" }] }),
        json!({ "message": "", "plan": [{ "chapter": 2, "action": "drop" }] }),
        json!({ "message": "", "plan": [{ "chapter": 9, "action": "change", "summary": "x" }] }),
        json!({ "message": "", "draft": [{ "paragraph": 1, "text": "x" }] }),
        json!({ "message": "", "go_to": "novel.chapter.commit" }),
        json!({ "message": "", "dropped_guidance": ["none"] }),
        json!({ "message": "", "guidance": [{ "text": "x", "chapter": 77 }] }),
    ];
    for wrong in wrong {
        let (done, calls) = intervene(&book, "Rain.", &[wrong.clone(), json!({ "message": "Then not." })]);
        assert_eq!(done.unwrap(), (RunState::from(book.state.clone()), "Then not.".to_owned()));
        assert!(!calls[1].input["fault"].as_str().unwrap().is_empty(), "{wrong}");
        let (refused, _) = intervene(&book, "Rain.", &[wrong.clone(), wrong]);
        assert_eq!(refused.unwrap_err().blames, story::workflow::Blame::Answer, "the answers are to blame");
    }
}
