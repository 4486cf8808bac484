use std::sync::Arc;

use story::{
    context::{STEP_BUDGET, assemble},
    digests::ChapterDigest,
    extraction::{Death, Extraction, Holding, Knowledge, Possession, Presence, ThreadMove},
    plan::{Outline, PlannedChapter},
    state::{Cursor, NovelState},
    workflow::novel::BEATS,
};

use crate::book::{Book, nothing_special};

/// A run of 520 chapters that has `done` of them, each with as much to remember as a real chapter has.
fn far_along(book: &Book, done: u32, zh: bool) -> NovelState {
    let mut state = book.state.clone();
    let (summary, hook, fact, tone) = match zh {
        true => (
            "阿宁在旧仓库里找到一封没有署名的信，老周认出了笔迹却不肯说。两人为此争吵，最后她独自乘船出海。",
            "信封背面画着一座她从没见过的灯塔。",
            "阿宁在旧仓库的夹墙里找到一封没有署名的信，信上写着父亲失踪那夜的船号。老周认出了笔迹，却推说眼花。两人在码头上大吵一场，阿宁当夜独自驾船出海，天亮前看见了对岸的灯光，却没能靠岸。",
            "克制、潮湿，对话短促，结尾悬而不落。",
        ),
        false => (
            "Mara finds an unsigned letter in the old net store, and Holt knows the hand but will not say whose. They quarrel, and she \
             takes the boat out alone.",
            "On the back of the envelope somebody has drawn a lighthouse that she has never seen.",
            "Mara found an unsigned letter behind the wall of the old net store, with the number of the boat that took her father. Holt \
             knew the hand and claimed that his eyes were bad. They quarrelled on the quay; that night she took the boat out alone and \
             saw a light on the far shore before dawn, but could not land.",
            "Restrained and damp, with short dialogue and an ending that hangs.",
        ),
    };
    let chapters = (1..=520_u32).map(|n| {
        let detailed = n <= done.div_ceil(40).max(1) * 40;
        let hook = detailed.then(|| hook.to_owned());
        (format!("c{n:04}"), PlannedChapter { order: i64::from(n) * 1000, title: format!("Lamp {n}"), summary: summary.into(), hook })
    });
    state.outline = Some(Arc::new(Outline { chapters: chapters.collect() }));
    for n in 1..=done {
        let quote = || "q".to_owned();
        let guest = format!("Keeper {}", n / 4);
        let told = Extraction {
            story_time: Some(format!("the {n}th night of the sale")),
            presence: ["Mara", "Holt", guest.as_str()]
                .into_iter()
                .map(|c| Presence { character: c.into(), place: Some("the old net store".into()), quote: quote(), ..Presence::default() })
                .collect(),
            deaths: (n % 5 == 0).then(|| Death { character: guest.clone(), quote: quote(), ..Death::default() }).into_iter().collect(),
            possessions: vec![Possession { character: "Mara".into(), item: format!("letter {n}"), change: Holding::Gains, quote: quote() }],
            knowledge: vec![Knowledge { character: "Mara".into(), fact: format!("the letter {n} came over the water"), quote: quote() }],
            threads: vec![ThreadMove { title: format!("Who wrote letter {n}, and why to her?"), quote: quote(), ..ThreadMove::default() }],
            ..Extraction::default()
        };
        state.current_state = Arc::new(state.current_state.after_chapter(n, &told, &|name| name == "Mara" || name == "Holt"));
        let digest = ChapterDigest { title: format!("Lamp {n}"), fact: fact.into(), tone: tone.into() };
        state.digests = Arc::new(state.digests.with_chapter(n, digest));
    }
    state.cursor = Cursor { phase: BEATS.into(), chapter_index: Some(done + 1), ..Cursor::default() };
    state
}

fn with_real_lengths(zh: bool) -> Book {
    let mut book = if zh { Book::chinese(520) } else { Book::english(520) };
    book.brief.content.output_spec.as_mut().unwrap().chapter_length = None;
    book.state = NovelState::begin(book.brief.output_spec(), &book.brief.content.characters);
    book
}

#[test]
fn the_prompt_of_chapter_500_is_no_longer_than_that_of_chapter_20() {
    for zh in [false, true] {
        let book = with_real_lengths(zh);
        let size = |done: u32| {
            let mut book = Book { state: far_along(&book, done, zh), ..with_real_lengths(zh) };
            let context = assemble(&book.brief, &book.state, STEP_BUDGET).prompt.tokens();
            for _ in 0..4 {
                book.step(&mut nothing_special);
            }
            let asked: Vec<u64> = book.asked.iter().map(|asked| asked.call.prompt.tokens()).collect();
            (context, asked)
        };
        let (near, early) = size(19);
        for done in [29, 99, 100, 199, 409, 488, 499, 509] {
            let (far, late) = size(done);
            assert!(far * 10 <= near * 11, "context after {done}: {far} tokens, after 19: {near}");
            for (late, early) in late.iter().zip(&early) {
                assert!(late * 10 <= early * 11, "a prompt after {done}: {late} tokens, after 19: {early}");
            }
        }
        assert!(near > 1_000, "the context is worth reading: {near}");
        assert!(early.iter().all(|tokens| *tokens <= STEP_BUDGET), "{early:?}");
    }
}

#[test]
fn chapter_500_still_knows_how_the_book_began_and_what_was_told_last() {
    for zh in [false, true] {
        let book = with_real_lengths(zh);
        let context = assemble(&book.brief, &far_along(&book, 499, zh), STEP_BUDGET);
        let text = context.prompt.user_text();
        let (far, near) = if zh { ("第1至100章：", "499. Lamp 499：") } else { ("Chapters 1–100: ", "499. Lamp 499: ") };
        assert!(text.contains(far) && text.contains(near), "{text}");
        assert!(text.contains("Who wrote letter 499"), "{text}");
        for section in &context.record.sections {
            assert!(section.tokens <= context.record.budget / 4, "{section:?}");
        }
    }
}

#[test]
fn all_calls_of_a_chapter_begin_with_the_same_bytes() {
    for (mut book, bad) in [(Book::english(4), "\n\nAnd then she"), (Book::chinese(4), "\n\n她伸手去够栏杆，却")] {
        book.finish(&mut |call| {
            let story::tasks::Answer::Text(text) = crate::book::good_answer(call) else { return None };
            (call.task == "draft_chapter").then(|| story::tasks::Answer::Text(text + bad))
        });
        for chapter in 1..=4 {
            let asked: Vec<_> = book.asked.iter().filter(|a| a.chapter == chapter).collect();
            let tasks: Vec<&str> = asked.iter().map(|a| a.call.task).collect();
            assert!(
                ["plan_beats", "draft_chapter", "extract_facts", "critique_chapter", "fix_paragraphs"].iter().all(|t| tasks.contains(t))
            );
            let shared = |i: usize| {
                let prompt = &asked[i].call.prompt;
                let own = prompt.user.iter().position(|s| s.name == "chapter" || s.name == "task").unwrap();
                (prompt.system.clone(), prompt.user[..own].to_vec())
            };
            assert!((1..asked.len()).all(|i| shared(i) == shared(0)), "chapter {chapter}");
        }
    }
}

#[test]
fn a_premise_that_is_too_long_is_shortened_and_the_record_says_so() {
    let mut book = Book::english(3);
    book.brief.content.premise = Some("The harbour board has sold the light. ".repeat(400));
    let context = assemble(&book.brief, &book.state, STEP_BUDGET);
    assert!(context.prompt.user_text().contains("Premise: The harbour board has sold the light."));
    assert!(context.record.sections[0].cut.is_some());
    assert!(context.record.used <= context.record.budget);
    let poor = assemble(&book.brief, &book.state, 2_000);
    assert!(poor.record.note.is_some());
}
