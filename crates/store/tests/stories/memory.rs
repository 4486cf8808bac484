//! Passages are found in a run's latest texts, by the run's own measure, and go when the words go.

use store::Place;
use studio::{
    ports::{Knowledge as _, Search, Store as _},
    run::Run,
};

use crate::{
    Database,
    desk::{Desk, a_version, by_hand, keep},
};

async fn found(desk: &Desk, run: &Run, question: &str) -> Vec<(u32, String, f64)> {
    let search = Search { run_id: run.id.clone(), question: question.into(), last: None, most: 5 };
    desk.store.search(&search).await.unwrap().into_iter().map(|p| (p.ordinal, p.text, p.score)).collect()
}

async fn texts(desk: &Desk, run: &Run, question: &str) -> Vec<String> {
    found(desk, run, question).await.into_iter().map(|(_, text, _)| text).collect()
}

/// How many passages there are, and how many are indexed.
async fn count(desk: &Desk) -> (i64, i64) {
    let raw = desk.raw().await;
    let all = raw.number("SELECT COUNT(*) FROM chunks").await;
    let indexed = match desk.place {
        Place::Folder(_) => raw.number("SELECT COUNT(*) FROM chunk_words_docsize").await,
        Place::Url(_) => all,
    };
    (all, indexed)
}

pub(crate) async fn passages_are_found_in_the_latest_texts_of_their_run(database: Database) {
    let desk = Desk::new(database).await;
    let (run, other) = (desk.run().await, desk.run().await);
    let one = a_version("ch-1", 1, "The brass lantern hung in the hall.");
    let two = a_version("ch-2", 2, "林穗把玉佩藏在灶台下面，谁也没有看见。");
    let three = a_version("ch-3", 3, "Nobody spoke of the lantern in the hall.");
    desk.write(&run, vec![keep(&one), keep(&two), keep(&three)]).await;
    desk.write(&other, vec![keep(&a_version("ch-1", 1, "Another lantern in another hall."))]).await;

    assert_eq!(texts(&desk, &run, "Where is the brass lantern?").await[0], "The brass lantern hung in the hall.");
    assert_eq!(texts(&desk, &run, "lanterns").await.len(), 2, "two chapters of this run, none of the other");
    for question in ["玉佩藏在哪里？", "灶台", "玉"] {
        assert_eq!(texts(&desk, &run, question).await, ["林穗把玉佩藏在灶台下面，谁也没有看见。"], "{question}");
    }
    for nothing in ["zeppelin", "佩玉", "", "—", "'; DROP TABLE chunks; --", "\"", "a* OR b", "NEAR(hall)"] {
        let found = texts(&desk, &run, nothing).await;
        assert!(found.iter().all(|text| text.contains("hall")), "{nothing}: {found:?}");
    }
    let two_only = Search { run_id: run.id.clone(), question: "lantern".into(), last: Some(2), most: 5 };
    assert_eq!(desk.store.search(&two_only).await.unwrap().len(), 1, "only the chapters so far");
    let both = found(&desk, &run, "hall").await;
    assert_eq!(both.iter().map(|(n, ..)| *n).collect::<Vec<_>>(), [1, 3], "of equals the earlier one");

    // What else the database holds changes nothing.
    let many = desk.run().await;
    desk.write(&many, (1..=20).map(|n| keep(&a_version(&format!("c{n}"), n, &format!("Hall {n} of halls, brass and brass.")))).collect())
        .await;
    assert_eq!(found(&desk, &run, "hall").await, both);

    desk.write(&run, vec![keep(&by_hand(&one, "A zeppelin burned."))]).await;
    assert_eq!(texts(&desk, &run, "brass").await, Vec::<String>::new(), "the old text is not found any more");
    assert_eq!(texts(&desk, &run, "zeppelins").await, ["A zeppelin burned."]);
}

pub(crate) async fn passages_go_with_their_words(database: Database) {
    let desk = Desk::new(database).await;
    let (run, neighbour) = (desk.run().await, desk.run().await);
    let one = a_version("ch-1", 1, "The brass lantern hung in the hall.");
    desk.write(&run, vec![keep(&one), keep(&by_hand(&one, "A zeppelin burned."))]).await;
    desk.write(&neighbour, vec![keep(&a_version("ch-1", 1, "Another lantern."))]).await;
    assert_eq!(count(&desk).await, (3, 3));
    desk.store.delete_run(&run.id, true).await.unwrap();
    assert!(texts(&desk, &run, "lantern").await.is_empty(), "at once");
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(count(&desk).await, (2, 2), "what a person wrote stays, and so does the neighbour");
    assert_eq!(texts(&desk, &neighbour, "lantern").await.len(), 1);
    desk.store.delete_brief(&run.brief_id).await.unwrap();
    desk.store.delete_brief(&neighbour.brief_id).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(count(&desk).await, (0, 0));
}

pub(crate) async fn a_very_long_text_is_found_whole_and_again_when_made_anew(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    let text: Vec<String> =
        (0..400).map(|n| format!("Milestone w{n} stood there. {}", "It rained on the road to the sea. ".repeat(30))).collect();
    desk.write(&run, vec![keep(&a_version("ch-1", 1, &text.join("\n\n")))]).await;
    let before = count(&desk).await;
    assert!(before.0 >= 400 && before.0 == before.1, "{before:?}");
    let last = found(&desk, &run, "milestone w399").await;
    assert!(last[0].1.contains("w399 "), "{last:?}");
    let remade = desk.store.remake_knowledge(std::slice::from_ref(&run.id)).await.unwrap();
    assert_eq!((remade.passages as i64, count(&desk).await), (before.0, before));
    assert_eq!(found(&desk, &run, "milestone w399").await, last);
}
