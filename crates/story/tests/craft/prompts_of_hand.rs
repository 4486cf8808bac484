//! What a model reads when a person has locked words, or wants a passage in other words.

use std::{fmt::Write as _, sync::Arc};

use story::{
    context::{STEP_BUDGET, assemble},
    plan::UnitKind,
    rewrite::{Rewrite, Rewritten, Scope},
    tasks::{Answer, Call},
    text::Span,
    workflow::{
        Materials,
        novel::{CRITIQUE, DRAFT},
    },
};

use crate::book::{Book, nothing_special, prose};

fn shown(call: &Call) -> String {
    let mut text = format!("{} · {} · at most {} tokens\n", call.task, call.slot, call.max_tokens);
    let _ = write!(text, "\n=== user\n{}\n", call.prompt.user_text());
    for turn in &call.prompt.turns {
        let _ = write!(text, "\n=== {}\n{}\n", if turn.from_model { "model" } else { "user" }, turn.text);
    }
    text
}

fn books() -> [(&'static str, bool, Book); 2] {
    [("en", false, Book::english(2)), ("zh", true, Book::chinese(2))]
}

#[test]
fn what_a_model_reads_that_rewrites_a_passage() {
    for (language, zh, mut book) in books() {
        book.until("novel.chapter.beats", 2, &mut nothing_special);
        let text = book.kept[0].draft.text.clone();
        let context = assemble(&book.brief, &book.state, STEP_BUDGET);
        let first = text.split("\n\n").next().unwrap().chars().count();
        let scopes = [
            ("paragraphs", Scope::Paragraphs([1, 3].into())),
            ("span", Scope::Span(Span { start: 4, end: first - 3 })),
            ("text", Scope::Text),
        ];
        for (name, scope) in scopes {
            let instructions = if zh { "写得更冷一些。" } else { "Let it be colder." };
            let of = Rewritten {
                unit: UnitKind::Chapter,
                number: 1,
                title: &book.kept[0].draft.title,
                language: book.brief.content.language(),
                instructions,
            };
            let call = Rewrite::new(&text, scope).unwrap().ask(&book.brief, &context, of, 0);
            insta::assert_snapshot!(format!("{language}_rewrite_{name}"), shown(&call));
        }
    }
}

#[test]
fn what_a_model_reads_where_words_are_locked() {
    for (language, zh, mut book) in books() {
        book.until(DRAFT, 1, &mut nothing_special);
        // The chapter is written anew in the place of a version.
        book.state.replaces = Some(Arc::new("v1".into()));
        let locked = if zh {
            ["灯一直亮着，谁也没有去把它吹灭。", "没有人应声。"]
        } else {
            ["The lamp never went out.", "Nobody answered."]
        };
        let materials = || Materials { locked: locked.map(str::to_owned).into(), ..Materials::default() };
        let text = format!("{}\n\n{}\n\n{}", locked[0], locked[1], if zh { "（字数：60字）" } else { "Word count: 60" });
        let mut tries = 0;
        book.step_on(materials(), &mut |call| {
            tries += 1;
            let kept = if call.slot == "draft" { prose(1, zh) } else { text.clone() };
            Some(Answer::Text(kept))
        });
        assert_eq!(tries, 2, "a draft without the words is asked for once more");
        let asked: Vec<&Call> = book.asked.iter().filter(|a| a.phase == DRAFT).map(|a| &a.call).collect();
        insta::assert_snapshot!(format!("{language}_draft_locked"), shown(asked[0]));
        insta::assert_snapshot!(format!("{language}_draft_locked_again"), shown(asked[1]));
        book.until(CRITIQUE, 1, &mut nothing_special);
        book.step(&mut |_| {
            Some(Answer::Json(serde_json::json!({ "coverage": 50, "voice": 50, "pace": 50, "dialogue": 50, "rewrites": [
                { "paragraph": 1, "instruction": if zh { "写短些。" } else { "Shorter." } } ] })))
        });
        assert!(book.state.critique.as_ref().unwrap().paragraphs.contains_key(&1), "{:?}", book.state.critique);
        book.step_on(materials(), &mut |_| Some(Answer::Text(if zh { "⟦1⟧\n灭了。" } else { "⟦1⟧\nDark." }.into())));
        let fix = &book.asked.last().unwrap().call;
        insta::assert_snapshot!(format!("{language}_fix_locked"), shown(fix));
        assert!(book.state.draft.as_ref().unwrap().text.starts_with(locked[0]), "the paragraph stays");
    }
}
