//! A committed chapter that a person has changed: what later chapters know follows the hand.

use std::sync::Arc;

use serde_json::{Value, json};
use story::{
    tasks::{Answer, Call},
    workflow::novel::{self, next_step},
};

use crate::book::{Book, good_answer, nothing_special};

const HAND: &str = "On night 2 Mara found Holt at the foot of the stair. He was dead.\n\nShe lit the lamp all the same.";

/// A good answer in which Holt dies where the text says so.
fn with_a_death(call: &Call) -> Option<Answer> {
    if call.task != "extract_facts" || !call.input["text"].as_str()?.contains("He was dead.") {
        return None;
    }
    let Answer::Json(mut told) = good_answer(call) else { return None };
    told["deaths"] = json!([{ "character": "Holt", "quote": "He was dead." }]);
    told["fact_digest"] = json!("Mara found Holt dead and lit the lamp.");
    Some(Answer::Json(told))
}

/// A book with its third chapter in hand.
fn in_the_third() -> Book {
    let mut book = Book::english(5);
    book.until(novel::EXTRACT, 3, &mut nothing_special);
    book
}

#[test]
fn a_death_by_hand_in_an_earlier_chapter_is_known_from_then_on() {
    let mut book = in_the_third();
    assert!(book.state.current_state.characters["Holt"].alive);
    let draft = book.state.draft.clone();
    let turn = book.reread(2, HAND, &mut with_a_death);

    assert_eq!(turn.outputs["chapter"], 2);
    assert_eq!(turn.outputs["counts"]["deaths"], 1);
    let holt = &book.state.current_state.characters["Holt"];
    assert!(!holt.alive);
    assert_eq!(holt.death.as_ref().map(|d| (d.chapter, d.quote.as_str())), Some((2, "He was dead.")));
    assert_eq!(book.state.digests.near[&2].fact, "Mara found Holt dead and lit the lamp.");
    assert_eq!((&book.state.cursor.phase[..], book.state.cursor.chapter_index), (novel::EXTRACT, Some(3)), "the chapter in hand stays");
    assert_eq!(book.state.draft, draft);

    book.until(novel::DRAFT, 4, &mut nothing_special);
    book.step(&mut nothing_special);
    let asked = &book.asked.last().unwrap().call;
    let prompt = format!("{}{}", asked.prompt.system_text(), asked.prompt.user_text());
    assert!(prompt.contains("Mara found Holt dead"), "the next chapter's prompt tells of it");
    assert_eq!(asked.input["dead"], json!(["Holt"]));
}

#[test]
fn what_the_old_text_alone_said_is_forgotten_and_what_a_hand_put_into_the_state_stays() {
    let mut book = in_the_third();
    let mara = &book.state.current_state.characters["Mara"];
    assert!(mara.holding.iter().any(|item| item == "key 2") && mara.knows.iter().any(|fact| fact == "fact 2"));
    let mut world = (*book.state.current_state).clone();
    world.characters.get_mut("Holt").unwrap().place = Some("the bank".into());
    book.state.current_state = Arc::new(world);

    let told_less = |call: &Call| {
        let Answer::Json(mut told) = good_answer(call) else { return None };
        (told["possessions"], told["knowledge"]) = (json!([]), json!([]));
        Some(Answer::Json(told))
    };
    book.reread(2, HAND, &mut { told_less });
    let world = &book.state.current_state;
    let mara = &world.characters["Mara"];
    assert!(!mara.holding.iter().any(|item| item == "key 2") && !mara.knows.iter().any(|fact| fact == "fact 2"), "{mara:?}");
    assert!(mara.holding.iter().any(|item| item == "key 1") && mara.knows.iter().any(|fact| fact == "fact 1"), "{mara:?}");
    assert_eq!(world.characters["Holt"].place.as_deref(), Some("the bank"));
}

#[test]
fn a_chapter_that_says_the_same_changes_nothing() {
    let mut book = in_the_third();
    let text = book.kept[1].draft.text.clone();
    let (world, digests) = (book.state.current_state.clone(), book.state.digests.clone());
    book.reread(2, &text, &mut nothing_special);
    assert_eq!((&book.state.current_state, &book.state.digests), (&world, &digests));
}

#[test]
fn a_model_too_weak_to_read_it_leaves_its_own_words_as_digest() {
    let mut book = in_the_third();
    let turn = book.reread(2, HAND, &mut |_| Some(Answer::NotRead));
    assert_eq!(turn.outputs["not_read"], Value::Bool(true));
    assert!(book.state.digests.near[&2].fact.starts_with("On night 2 Mara found Holt"), "{:?}", book.state.digests.near[&2]);
}

#[test]
fn what_waits_to_be_read_goes_first_until_the_book_is_done() {
    assert_eq!(next_step(novel::DRAFT, true), novel::REREAD);
    assert_eq!(next_step(novel::DRAFT, false), novel::DRAFT);
    assert_eq!(next_step("done", true), "done");
}
