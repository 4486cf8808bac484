//! Several drafts of one chapter: how they are ranked, and that another can be taken.

use story::{
    plan::Beat,
    rules::beats_told,
    state::RunState,
    tasks::{Answer, Call},
    workflow::{
        Materials, chosen,
        novel::{DRAFT, EXTRACT},
    },
};

use crate::book::{Book, nothing_special, prose};

#[test]
fn the_draft_with_the_fewest_faults_is_taken_and_the_others_are_kept() {
    for (mut book, zh) in [(Book::english(1), false), (Book::chinese(1), true)] {
        book.until(DRAFT, 1, &mut nothing_special);
        let short = if zh { "灯灭了。" } else { "It went dark." };
        let twice = {
            let text = prose(1, zh);
            let first = text.split("\n\n").next().unwrap();
            format!("{first}\n\n{text}")
        };
        let said = [short.to_owned(), twice, prose(1, zh)];
        let mut draws = Vec::new();
        let turn = book.step_on(Materials { candidates: 3, ..Materials::default() }, &mut |call: &Call| {
            draws.push((call.slot.clone(), call.draw));
            Some(Answer::Text(said[call.draw as usize].clone()))
        });
        assert_eq!(draws, [("candidate/1".into(), 0), ("candidate/2".into(), 1), ("candidate/3".into(), 2)]);
        let kept = book.state.draws.clone().unwrap();
        assert_eq!((kept.chosen, kept.candidates.len()), (3, 3), "{kept:?}");
        assert_eq!(book.state.draft.as_ref().unwrap().text, said[2]);
        assert!(kept.candidates[&1].merits.reasons.iter().any(|r| r.rule == "length"));
        let told = turn.outputs["candidates"].as_array().unwrap();
        assert_eq!(told.iter().map(|c| c["chosen"] == true).collect::<Vec<_>>(), [false, false, true]);
        assert!(!turn.outputs.to_string().contains(short), "no prose: {}", turn.outputs);

        book.step(&mut nothing_special);
        let state = RunState::from(book.state.clone());
        let RunState::Novel(next) = chosen(&state, 1).unwrap() else { unreachable!("a novel stays one") };
        assert_eq!((next.draft.as_ref().unwrap().text.as_str(), next.cursor.phase.as_str()), (short, EXTRACT));
        assert_eq!((next.extraction.is_none(), next.draws.as_ref().unwrap().chosen), (true, 1));
        assert_eq!(chosen(&state, 3).unwrap(), state, "it is in hand already");
        assert!(chosen(&state, 4).is_none());
        book.finish(&mut nothing_special);
        assert!(book.state.draws.is_none(), "a chapter that is kept leaves none in hand");
    }
}

#[test]
fn a_beat_is_told_where_its_people_and_its_words_are() {
    let beat = |text: &str, who: &[&str]| Beat {
        text: text.into(),
        characters: who.iter().map(|name| (*name).to_owned()).collect(),
        ..Beat::default()
    };
    let cases = [
        (
            beat("Mara lights the lamp against the harbour board's order.", &["Mara"]),
            "Mara was lighting the lamps again. The harbour knew.",
            1,
        ),
        (beat("Holt burns the letter from the board.", &["Holt"]), "Mara lit the lamp and went to sleep.", 0),
        (beat("阿宁点亮灯塔，不顾港务局的命令。", &["阿宁"]), "夜里，阿宁又去点亮了灯塔，港务局的人在岸上看着。", 1),
        (beat("老周烧掉了那封信。", &["老周"]), "阿宁睡了，海上没有风。", 0),
    ];
    for (beat, text, told) in cases {
        assert_eq!(beats_told(std::slice::from_ref(&beat), text), told, "{}", beat.text);
    }
}
