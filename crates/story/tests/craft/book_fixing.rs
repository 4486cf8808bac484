use serde_json::json;
use story::{
    finding::Severity,
    state::{Draft, Verdict},
    tasks::{Answer, Call},
    text::{Length, paragraphs},
    workflow::novel::{self, COMMIT, CRITIQUE, DRAFT, EXTRACT, FIX},
};

use crate::book::{Book, good_answer, nothing_special, prose};

fn rules(book: &Book) -> Vec<&str> {
    book.kept.last().map(|kept| kept.findings.iter().map(|f| f.rule.as_str()).collect()).unwrap_or_default()
}

/// Drafts `text` in place of every chapter's prose.
fn drafting(text: &str) -> impl FnMut(&Call) -> Option<Answer> {
    let text = text.to_owned();
    move |call| (call.task == "draft_chapter").then(|| Answer::Text(text.clone()))
}

#[test]
fn a_round_of_fixing_changes_the_named_paragraphs_and_no_other_byte() {
    for (mut book, zh, bad) in [(Book::english(1), false, "Word count: 60"), (Book::chinese(1), true, "（字数：60字）")] {
        let draft = prose(1, zh).replacen("\n\n", &format!("\n\n{bad}\n\n"), 1);
        book.until(CRITIQUE, 1, &mut drafting(&draft));
        book.step(&mut nothing_special);
        let critique = book.state.critique.clone().unwrap();
        assert_eq!((critique.verdict, critique.paragraphs.keys().copied().collect::<Vec<_>>()), (Verdict::Fix, vec![2]));
        book.step(&mut |_| {
            Some(Answer::Text(format!(
                "⟦2⟧
{}",
                if zh { "灯亮了。" } else { "The lamp took." }
            )))
        });
        let fixed = book.state.draft.clone().unwrap();
        let before: Vec<&str> = paragraphs(&draft);
        let after: Vec<&str> = paragraphs(&fixed.text);
        assert_eq!(after, [before[0], if zh { "灯亮了。" } else { "The lamp took." }, before[2], before[3]]);
        assert_eq!((fixed.round, fixed.length), (1, Length::of(&fixed.text)));
        assert_eq!(book.state.cursor.phase, EXTRACT);
        book.finish(&mut nothing_special);
        assert_eq!((book.kept.len(), rules(&book)), (1, vec![]));
    }
}

#[test]
fn an_answer_without_its_markers_changes_nothing_and_spends_the_round() {
    let mut book = Book::english(1);
    let draft = format!("{}\n\nAnd then she", prose(1, false));
    book.until(FIX, 1, &mut drafting(&draft));
    for answer in ["Here you are: all done.", "⟦9⟧\nNobody asked for this.", ""] {
        let mut again = Book { state: book.state.clone(), ..Book::english(1) };
        again.step(&mut |_| Some(Answer::Text(answer.into())));
        assert_eq!(again.state.draft.as_ref().unwrap().text, draft);
        assert_eq!(again.state.fix_round, Some(1));
    }
}

#[test]
fn words_behind_a_marker_on_its_own_line_belong_to_the_paragraph() {
    let read = |answer: &str| story::tasks::read_marked(answer, &[2, 4]);
    let both = std::collections::BTreeMap::from([(2, "The lamp took.\n\nIt burned.".to_owned()), (4, "灯亮了。".to_owned())]);
    assert_eq!(read("⟦2⟧\nThe lamp took.\n\nIt burned.\n\n⟦4⟧\n灯亮了。"), Ok(both.clone()));
    assert_eq!(read("⟦2⟧ The lamp took.\n\nIt burned.\n⟦ 4 ⟧灯亮了。"), Ok(both));
    assert_eq!(read("⟦3⟧\nNo."), Err("paragraph 3 was not asked for".to_owned()));
    assert_eq!(read("⟦2⟧ One.\n⟦2⟧ Two."), Err("paragraph 2 stands twice".to_owned()));
    assert!(read("Sure!\n⟦2⟧ One.").is_err() && read("⟦two⟧ One.").is_err());
    assert_eq!(read("⟦2⟧\n\n"), Ok(std::collections::BTreeMap::new()), "an empty one keeps its old words");
}

#[test]
fn every_new_draft_of_a_held_chapter_is_a_new_draw() {
    let mut book = Book::english(2);
    for _ in 0..3 {
        book.finish(&mut holt_comes_back(|_| true)).unwrap();
    }
    let redrafts: Vec<u64> =
        book.calls(DRAFT).iter().filter(|a| a.chapter == 2).map(|a| a.call.input["redraft"].as_u64().unwrap()).collect();
    assert!(redrafts[0] == 0 && redrafts.windows(2).all(|two| two[0] < two[1]), "{redrafts:?}");
}

#[test]
fn a_chapter_that_stays_too_short_is_kept_with_a_warning_once_the_rounds_are_used_up() {
    let mut book = Book::english(1);
    let mut answers = |call: &Call| match call.task {
        "draft_chapter" => Some(Answer::Text("Mara climbed the stair.\n\nShe lit the lamp.".into())),
        "fix_paragraphs" => {
            let p = &call.input["paragraphs"][0];
            assert!(p["instruction"].as_str().unwrap().starts_with("Expand"));
            assert!(p["aim"].as_u64() > p["length"].as_u64());
            Some(Answer::Text(String::new()))
        }
        _ => None,
    };
    assert_eq!(book.finish(&mut answers), None);
    assert_eq!(book.phases.iter().filter(|p| *p == FIX).count(), 2);
    assert_eq!(rules(&book), ["length"]);
    assert_eq!(book.kept[0].findings[0].severity, Severity::Warning);
}

#[test]
fn the_best_round_is_kept_and_not_the_last() {
    let mut book = Book::english(1);
    let mut round = 0;
    let mut answers = |call: &Call| match call.task {
        "draft_chapter" => Some(Answer::Text(prose(1, false).replace("carried", "suddenly carried"))),
        "fix_paragraphs" => {
            round += 1;
            let number = &call.input["paragraphs"][0]["number"];
            Some(Answer::Text(match round {
                1 => format!("⟦{number}⟧\nMara suddenly climbed, and the wind pulled her scarf out straight behind her on the stair."),
                _ => format!("⟦{number}⟧\nMara suddenly climbed and\n\n⟦{number}⟧\n"),
            }))
        }
        _ => None,
    };
    book.finish(&mut answers);
    assert_eq!(rules(&book), ["forbidden-words"]);
    assert!(book.kept[0].draft.text.starts_with("Mara suddenly climbed, and"), "of two alike the later one: {}", book.kept[0].draft.text);
    assert_eq!(book.kept[0].extraction.as_ref().unwrap().presence[0].quote, "Mara suddenly ", "what was read belongs to the kept text");

    let mut book = Book::english(1);
    let mut answers = |call: &Call| match call.task {
        "draft_chapter" => Some(Answer::Text(prose(1, false).replace("carried", "suddenly carried"))),
        "fix_paragraphs" => {
            let number = &call.input["paragraphs"][0]["number"];
            Some(Answer::Text(format!("⟦{number}⟧\n# Mara suddenly climbed")))
        }
        _ => None,
    };
    assert_eq!(book.finish(&mut answers), None);
    assert_eq!((rules(&book), book.kept[0].draft.round), (vec!["forbidden-words"], 0), "two bad rounds lose to the first");
}

/// Chapter 1 kills Holt; in chapter 2 he speaks, in every draft and after every fix, for as long as `stubborn` says.
fn holt_comes_back(stubborn: impl Fn(&Call) -> bool) -> impl FnMut(&Call) -> Option<Answer> {
    move |call| {
        if call.task != "extract_facts" {
            return None;
        }
        let Answer::Json(mut told) = good_answer(call) else { return None };
        let quote = told["presence"][0]["quote"].clone();
        if call.input["chapter"] == 1 {
            told["deaths"] = json!([{ "character": "Holt", "flashback": false, "quote": quote }]);
        } else if stubborn(call) {
            told["presence"] = json!([{ "character": "HOLT", "place": null, "flashback": false, "quote": quote }]);
        }
        Some(Answer::Json(told))
    }
}

#[test]
fn a_dead_man_who_will_not_lie_still_holds_the_run_for_a_person_who_accepts_him() {
    let mut book = Book::english(2);
    let held = book.finish(&mut holt_comes_back(|_| true)).unwrap();
    assert_eq!(held, "Holt acts or speaks in chapter 2, but died in chapter 1.");
    assert_eq!(book.state.critique.as_ref().unwrap().verdict, Verdict::Person);
    assert_eq!(book.state.cursor.phase, DRAFT);
    assert!(book.state.guidance["findings-2"].text.contains("leave Holt out"));
    assert_eq!(book.state.guidance["findings-2"].chapter, Some(2));

    let accepted = novel::accept_held(&book.state).unwrap();
    assert_eq!(accepted.cursor.phase, COMMIT);
    let text = accepted.draft.as_ref().unwrap().text.clone();
    book.state = accepted;
    assert_eq!(book.finish(&mut nothing_special), None);
    assert_eq!((book.kept[1].draft.text.as_str(), rules(&book)), (text.as_str(), vec!["dead-character-acts"]));
    assert!(book.state.guidance.is_empty(), "the guidance goes with its chapter");
}

#[test]
fn a_held_chapter_that_is_resumed_is_drafted_anew_with_its_findings_as_guidance() {
    let mut book = Book::english(2);
    book.finish(&mut holt_comes_back(|_| true)).unwrap();
    let asked = book.asked.len();
    assert_eq!(book.finish(&mut holt_comes_back(|_| false)), None);
    let redraft = &book.asked[asked].call;
    assert_eq!(redraft.task, "draft_chapter");
    assert!(redraft.input["guidance"][0].as_str().unwrap().contains("leave Holt out"));
    assert!(redraft.input["redraft"].as_u64() > Some(0));
    assert_eq!(redraft.input["dead"], json!(["Holt"]));
    assert_eq!((rules(&book), book.state.guidance.len()), (vec![], 0));
}

#[test]
fn a_fix_that_sends_the_dead_away_saves_the_chapter() {
    let mut book = Book::english(2);
    let mended = |call: &Call| !call.input["text"].as_str().unwrap().contains("plainer this time");
    assert_eq!(book.finish(&mut holt_comes_back(mended)), None);
    assert_eq!(book.kept.len(), 2);
    assert!(book.calls(FIX)[0].call.input["paragraphs"][0]["instruction"].as_str().unwrap().starts_with("Holt is dead"));
    assert!(!rules(&book).contains(&"dead-character-acts"));
}

#[test]
fn a_chapter_that_no_model_could_read_is_kept_with_a_warning() {
    let mut book = Book::english(2);
    let mut deaf = |call: &Call| matches!(call.task, "extract_facts" | "critique_chapter").then_some(Answer::NotRead);
    assert_eq!(book.finish(&mut deaf), None);
    assert_eq!(book.kept.len(), 2);
    assert_eq!(rules(&book), ["not-read", "not-read"]);
    assert!(book.kept[0].extraction.is_none());
    assert!(
        book.kept[0].digest.fact.starts_with("On night 1 Mara carried"),
        "its own first words are remembered: {}",
        book.kept[0].digest.fact
    );
}

#[test]
fn the_models_own_wishes_count_where_they_name_a_paragraph_that_exists() {
    let mut book = Book::english(1);
    book.until(CRITIQUE, 1, &mut nothing_special);
    book.step(&mut |_| {
        let rewrite = |n: i64| json!({ "paragraph": n, "instruction": "More salt." });
        let rewrites = [rewrite(2), rewrite(0), rewrite(99), rewrite(-1)];
        Some(Answer::Json(json!({ "coverage": 10, "voice": -5, "pace": 50, "dialogue": 500, "rewrites": rewrites })))
    });
    let critique = book.state.critique.as_ref().unwrap();
    assert_eq!(critique.paragraphs.keys().copied().collect::<Vec<_>>(), [2]);
    let scores = critique.scores.unwrap();
    assert_eq!((scores.coverage, scores.voice, scores.dialogue), (10, 0, 100));
}

#[test]
fn a_text_from_a_persons_hand_is_judged_by_itself_and_never_replaced_by_an_earlier_round() {
    let mut book = Book::english(2);
    book.finish(&mut holt_comes_back(|_| true)).unwrap();
    let mine = format!("{}\n\nSuddenly it rained.", prose(2, false));
    book.state.take_from_hand(Draft::new(2, "Mine", mine.clone(), 0));
    assert_eq!(book.state.cursor.phase, EXTRACT);
    let mut kind = |call: &Call| (call.task == "fix_paragraphs").then(|| Answer::Text(String::new()));
    assert_eq!(book.finish(&mut kind), None);
    assert_eq!((book.kept[1].draft.text.as_str(), book.kept[1].draft.title.as_str()), (mine.as_str(), "Mine"));
}
