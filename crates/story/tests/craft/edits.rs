//! What a hand changes in the state, what follows from it, and what is refused.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use story::{
    patch,
    state::NovelState,
    workflow::{
        Undo,
        novel::{
            self,
            edit::{edited, undone},
        },
    },
};

use crate::book::{Book, nothing_special};

/// A book of five chapters whose third is in hand, at this step.
fn third(phase: &str) -> Book {
    let mut book = Book::english(5);
    book.until(phase, 3, &mut nothing_special);
    book
}

/// The chapters that are committed.
fn written(book: &Book) -> BTreeSet<String> {
    book.kept.iter().map(|kept| kept.unit_id.clone()).collect()
}

fn edit(book: &Book, patch: &Value) -> NovelState {
    edited(&book.state, patch, &written(book)).unwrap_or_else(|faults| panic!("{patch}: {faults:?}"))
}

fn titles(state: &NovelState) -> Vec<String> {
    state.outline.as_ref().unwrap().in_order().into_iter().map(|(_, c)| c.title.clone()).collect()
}

#[test]
fn a_changed_draft_is_counted_and_read_and_judged_anew() {
    let book = third(novel::COMMIT);
    let state = edit(&book, &json!({ "draft": { "text": "Mara put the lamp out.\r\n\r\n\r\nThen she slept. " } }));
    let draft = state.draft.as_ref().unwrap();
    assert_eq!((draft.text.as_str(), draft.length.words), ("Mara put the lamp out.\n\nThen she slept.", 8));
    assert_eq!((state.cursor.phase.as_str(), state.cursor.chapter_index), (novel::EXTRACT, Some(3)));
    assert!(state.extraction.is_none() && state.critique.is_none() && state.best.is_none());
    assert_eq!(state.beats, book.state.beats);
}

#[test]
fn a_draft_that_is_taken_away_is_written_anew() {
    let state = edit(&third(novel::COMMIT), &json!({ "draft": null }));
    assert_eq!((state.cursor.phase.as_str(), state.critique.is_none(), state.beats.is_some()), (novel::DRAFT, true, true));
    let dropped = json!({ "draft": null, "outline": { "chapters": { "c0003": null } } });
    let state = edit(&third(novel::COMMIT), &dropped);
    assert_eq!((state.cursor.phase.as_str(), state.cursor.chapter_index, state.beats), (novel::BEATS, Some(3), None));
}

#[test]
fn a_person_may_write_the_draft_before_any_step_did() {
    let book = third(novel::BEATS);
    let state = edit(&book, &json!({ "draft": { "text": "Nobody came." } }));
    let draft = state.draft.as_ref().unwrap();
    assert_eq!((draft.ordinal, draft.title.as_str(), draft.round), (3, titles(&book.state)[2].as_str(), 0));
    assert_eq!(state.cursor.phase, novel::EXTRACT);
}

#[test]
fn what_does_not_fit_is_named_by_its_place() {
    let cases = [
        (novel::BEATS, json!([1]), ""),
        (novel::BEATS, json!({ "mood": "dark" }), "/mood"),
        (novel::BEATS, json!({ "cursor": { "chapter_index": "three" } }), "/cursor/chapter_index"),
        (novel::BEATS, json!({ "cursor": { "phase": "novel.chapter.fly" } }), "/cursor/phase"),
        (novel::BEATS, json!({ "cursor": { "phase": "novel.chapter.reread" } }), "/cursor/phase"),
        (novel::BEATS, json!({ "cursor": { "phase": "novel.chapter.critique" } }), "/cursor/phase"),
        (novel::BEATS, json!({ "cursor": { "phase": "novel.chapter.draft" } }), "/cursor/phase"),
        (novel::BEATS, json!({ "cursor": { "phase": "done", "chapter_index": null } }), "/cursor/phase"),
        (novel::BEATS, json!({ "cursor": { "chapter_index": 1 } }), "/cursor/chapter_index"),
        (novel::BEATS, json!({ "cursor": { "chapter_index": 5 } }), "/cursor/chapter_index"),
        (novel::EXTRACT, json!({ "draft": { "text": " \n " } }), "/draft/text"),
        (novel::EXTRACT, json!({ "draft": { "text": 7 } }), "/draft/text"),
        (novel::BEATS, json!({ "version": 2 }), "/version"),
        (novel::BEATS, json!({ "output_spec": { "chapter_length": { "min": 9, "max": 3 } } }), "/output_spec/chapter_length"),
        (novel::BEATS, json!({ "guidance": { "a/b": { "order": 1, "text": " " } } }), "/guidance/a~1b/text"),
        (novel::BEATS, json!({ "guidance": { "a": { "order": 1, "text": "Rain.", "chapter": 6 } } }), "/guidance/a/chapter"),
        (novel::BEATS, json!({ "guidance": { "a": { "order": 1 } } }), "/guidance/a"),
        (novel::BEATS, json!({ "outline": null }), "/outline"),
        (novel::BEATS, json!({ "outline": { "chapters": { "c0001": null } } }), "/outline/chapters/c0001"),
        (novel::BEATS, json!({ "outline": { "chapters": { "c0001": { "order": 2500 } } } }), "/outline/chapters/c0001/order"),
        (novel::BEATS, json!({ "outline": { "chapters": { "c0004": { "order": 1500 } } } }), "/outline/chapters/c0004/order"),
        (
            novel::BEATS,
            json!({ "outline": { "chapters": { "x": { "order": 0, "title": "", "summary": "" } } } }),
            "/outline/chapters/x/order",
        ),
        (novel::BEATS, json!({ "outline": { "chapters": { "c0004": { "title": "x".repeat(301) } } } }), "/outline/chapters/c0004/title"),
        (novel::BEATS, json!({ "outline": { "chapters": { "c0004": { "order": "last" } } } }), "/outline/chapters/c0004/order"),
        (novel::EXTRACT, json!({ "outline": { "chapters": { "c0004": { "order": 2500 } } } }), "/outline/chapters/c0003"),
        (novel::EXTRACT, json!({ "outline": { "chapters": { "c0003": null } } }), "/outline/chapters/c0003"),
    ];
    for (phase, patch, pointer) in cases {
        let book = third(phase);
        let faults = edited(&book.state, &patch, &written(&book)).expect_err(&patch.to_string());
        let named: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert!(named.contains(&pointer), "{patch}: {faults:?}");
    }
}

#[test]
fn planned_chapters_are_put_in_moved_and_dropped_and_numbered_by_their_place() {
    let book = third(novel::BEATS);
    let named = |name: &str| json!({ "order": 3500, "title": name, "summary": "Ice on the estuary." });
    let before = titles(&book.state);
    let state = edit(&book, &json!({ "outline": { "chapters": { "ice": named("Ice"), "c0005": { "order": 2500 }, "c0004": null } } }));
    assert_eq!(titles(&state), [&before[0], &before[1], &before[4], &before[2], "Ice"]);
    assert_eq!((state.cursor.phase.as_str(), state.cursor.chapter_index), (novel::BEATS, Some(3)), "what stands there now is begun");
    let dropped = edit(&book, &json!({ "outline": { "chapters": { "c0003": null, "c0004": null, "c0005": null } } }));
    assert_eq!((dropped.cursor.phase.as_str(), novel::progress(&dropped).total), ("done", 2));
}

#[test]
fn a_chapter_that_has_only_a_line_is_planned_before_it_is_written() {
    let mut book = third(novel::BEATS);
    let line = json!({ "order": 2500, "title": "Ice", "summary": "Ice on the estuary." });
    book.state = edit(&book, &json!({ "outline": { "chapters": { "ice": line } } }));
    assert_eq!((book.state.cursor.phase.as_str(), book.state.cursor.chapter_index), (novel::OUTLINE, Some(3)));
    assert_eq!(book.finish(&mut nothing_special), None);
    assert_eq!(book.kept.len(), 6);
    assert_eq!(book.kept[2].unit_id, "ice");
}

#[test]
fn a_finished_book_goes_on_where_chapters_are_added() {
    let mut book = Book::english(2);
    assert_eq!(book.finish(&mut nothing_special), None);
    let state = edit(&book, &json!({ "guidance": { "a": { "order": 1, "text": "More rain." } } }));
    assert!(state.is_done(), "an edit alone begins nothing");
    let chapters =
        json!({ "c0003": { "order": 3000, "title": "Ice", "summary": "Ice." }, "n": { "order": 4000, "title": "N", "summary": "Thaw." } });
    book.state = edit(&book, &json!({ "outline": { "chapters": chapters } }));
    assert_eq!((book.state.cursor.phase.as_str(), book.state.cursor.chapter_index), (novel::OUTLINE, Some(3)));
    assert_eq!(book.finish(&mut nothing_special), None);
    assert_eq!(book.kept.iter().map(|kept| kept.unit_id.as_str()).collect::<Vec<_>>(), ["c0001", "c0002", "c0003", "n"]);
}

#[test]
fn instructions_for_a_chapter_go_where_it_goes() {
    let mut book = third(novel::BEATS);
    let of = |chapter: u32| json!({ "order": 1, "text": format!("For {chapter}."), "chapter": chapter });
    book.state = edit(&book, &json!({ "guidance": { "four": of(4), "five": of(5), "all": { "order": 0, "text": "Rain." } } }));
    let state = edit(&book, &json!({ "outline": { "chapters": { "c0005": { "order": 2500 }, "c0004": null } } }));
    let chapters: Vec<_> = state.guidance.iter().map(|(key, g)| (key.as_str(), g.chapter)).collect();
    assert_eq!(chapters, [("all", None), ("five", Some(3))]);
}

#[test]
fn a_plan_of_ones_own_is_gone_on_with() {
    let book = Book::english(3);
    let chapter = json!({ "order": 1, "title": "Ice", "summary": "Ice.", "hook": "A light." });
    let state = edit(&book, &json!({ "outline": { "chapters": { "one": chapter } } }));
    assert_eq!((state.cursor.phase.as_str(), novel::progress(&state).total), (novel::BEATS, 1));
}

#[test]
fn what_was_changed_again_since_is_not_taken_back() {
    let book = third(novel::BEATS);
    let guidance = |text: &str| json!({ "guidance": { "a": { "order": 1, "text": text } } });
    let (was, became) = (book.state.clone(), edit(&book, &guidance("Rain.")));
    let mut later = third(novel::BEATS);
    later.state = edited(&became, &guidance("Snow."), &written(&book)).unwrap();
    let refused = undone(&later.state, &json!(was), &json!(became), &written(&book));
    assert_eq!(refused, Err(Undo::MovedOn(vec!["/guidance/a/text".into()])));
    later.state = edited(&became, &json!({ "guidance": { "b": { "order": 2, "text": "Fog." } } }), &written(&book)).unwrap();
    let left = undone(&later.state, &json!(was), &json!(became), &written(&book)).unwrap();
    assert_eq!(left.guidance.keys().collect::<Vec<_>>(), ["b"], "what came besides stays");
}

/// Patches of all sorts, most of which fit.
fn a_patch() -> impl Strategy<Value = Value> {
    let text = "[a-z]{1,6}( [a-z]{1,6}){0,3}";
    let key = "[a-c]";
    let chapter =
        prop_oneof![Just(Value::Null), (2_000_i64..6_000, text).prop_map(|(o, t)| json!({ "order": o, "title": t, "summary": t }))];
    prop_oneof![
        text.prop_map(|text| json!({ "draft": { "text": text } })),
        (key, prop_oneof![Just(Value::Null), text.prop_map(|text| json!({ "order": 1, "text": text }))])
            .prop_map(|(key, value)| json!({ "guidance": { key: value } })),
        ("c000[3-9]|[a-c]", chapter).prop_map(|(id, value)| json!({ "outline": { "chapters": { id: value } } })),
        text.prop_map(|text| json!({ "beats": { "beats": [{ "text": text }] } })),
        text.prop_map(|text| json!({ "current_state": { "clock": text, "characters": { "Mara": { "place": text } } } })),
        Just(json!({ "cursor": { "phase": novel::BEATS } })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn taken_back_an_edit_leaves_the_state_as_it_was(
        phase in prop::sample::select(vec![novel::BEATS, novel::DRAFT, novel::EXTRACT, novel::COMMIT]),
        before in prop::collection::vec(a_patch(), 0..3),
        last in a_patch(),
    ) {
        let mut book = third(phase);
        let written = written(&book);
        for patch in before {
            if let Ok(state) = edited(&book.state, &patch, &written) {
                book.state = state;
            }
        }
        if let Ok(next) = edited(&book.state, &last, &written) {
            let (was, became) = (json!(book.state), json!(next));
            let mut patched = was.clone();
            patch::apply(&mut patched, &patch::diff(&was, &became));
            prop_assert_eq!(&patched, &became, "what is recorded is what was done");
            prop_assert_eq!(undone(&next, &was, &became, &written), Ok(book.state.clone()));
        }
    }
}
