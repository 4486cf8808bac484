use serde_json::json;
use story::{
    tasks::{Answer, Call},
    workflow::novel::{BEATS, OUTLINE},
};

use crate::book::{Book, nothing_special, outline};

fn asked_for(call: &Call) -> (u64, u64, bool) {
    (call.input["from"].as_u64().unwrap(), call.input["to"].as_u64().unwrap(), call.input["detailed"] == json!(true))
}

#[test]
fn ninety_five_chapters_are_planned_in_windows_as_the_run_comes_near() {
    let mut book = Book::english(95);
    assert_eq!(book.finish(&mut nothing_special), None);
    let outlines: Vec<_> = book.calls(OUTLINE).iter().map(|a| (a.chapter, a.call.slot.clone(), asked_for(&a.call))).collect();
    assert_eq!(
        outlines,
        [
            (0, "outline/1".to_owned(), (1, 40, true)),
            (0, "outline/2".to_owned(), (41, 95, false)),
            (41, "outline/1".to_owned(), (41, 80, true)),
            (81, "outline/1".to_owned(), (81, 95, true)),
        ]
    );
    assert_eq!(book.kept.len(), 95);
    assert!(book.kept.iter().zip(1..).all(|(kept, n)| kept.draft.ordinal == n && kept.unit_id == format!("c{n:04}")));
    let outline = book.state.outline.as_ref().unwrap();
    assert!(outline.in_order().iter().all(|(_, c)| c.is_detailed()));
}

#[test]
fn chapters_that_are_missing_are_asked_for_once_more_and_numbered_by_their_place() {
    let mut book = Book::english(10);
    book.step(&mut |call| match call.slot.as_str() {
        "outline/1" => Some(outline(1..=6, true, false)),
        "outline/1/missing" => {
            assert_eq!(asked_for(call), (7, 10, true));
            assert_eq!(call.input["before"].as_array().unwrap().len(), 6, "what came so far is shown");
            None
        }
        slot => panic!("nobody asks {slot}"),
    });
    let outline = book.state.outline.as_ref().unwrap();
    let titles: Vec<&str> = outline.in_order().iter().map(|(_, c)| c.title.as_str()).collect();
    assert_eq!(titles, (1..=10).map(|n| format!("Lamp {n}")).collect::<Vec<_>>());
}

#[test]
fn a_model_that_gives_a_few_at_a_time_is_asked_until_the_book_is_whole() {
    let mut book = Book::english(10);
    let few = &mut |call: &Call| match call.slot.as_str() {
        "outline/1" => Some(outline(1..=6, true, false)),
        "outline/1/missing" => Some(outline(7..=8, true, false)),
        "outline/1/missing/2" => {
            assert_eq!(asked_for(call), (9, 10, true));
            None
        }
        _ => None,
    };
    assert_eq!(book.finish(few), None);
    assert_eq!(book.kept.len(), 10, "a book never silently has fewer chapters than were asked for");
}

#[test]
fn a_surplus_is_cut() {
    let mut book = Book::english(5);
    book.step(&mut |_| Some(outline(1..=9, true, false)));
    assert_eq!(book.state.outline.as_ref().unwrap().count(), 5);
    assert_eq!((book.state.cursor.phase.as_str(), book.state.cursor.chapter_index), (BEATS, Some(1)));
}

#[test]
fn a_plan_of_no_chapter_at_all_is_no_plan() {
    let book = Book::english(5);
    let context = story::context::assemble(&book.brief, &book.state, 8_000);
    let materials = story::workflow::Materials::default();
    let desk = story::workflow::novel::Desk { brief: &book.brief, state: &book.state, context: &context, materials: &materials };
    let none = |slot: &str| story::tasks::Heard { slot: slot.into(), answer: Answer::Json(json!({ "chapters": [] })) };
    let fault = story::workflow::novel::act(desk, &[none("outline/1"), none("outline/1/missing")]).unwrap_err();
    assert_eq!(fault.blames, story::workflow::Blame::Answer, "the answers are to blame: they are asked for again");
    assert_eq!(fault.to_string(), "step novel.outline cannot run: the model planned none of the chapters 1 to 5");
}
