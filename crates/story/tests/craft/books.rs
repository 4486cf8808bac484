use story::workflow::novel::{BEATS, COMMIT, CRITIQUE, DRAFT, EXTRACT, OUTLINE};

use crate::book::{Book, nothing_special, prose};

fn three_chapters(mut book: Book, zh: bool) {
    assert_eq!(book.finish(&mut nothing_special), None);
    let (beats_to_commit, outline) = ([BEATS, DRAFT, EXTRACT, CRITIQUE, COMMIT], OUTLINE);
    let expected: Vec<&str> = std::iter::once(outline).chain([beats_to_commit; 3].into_iter().flatten()).collect();
    assert_eq!(book.phases, expected);
    assert_eq!(book.kept.len(), 3);
    for (n, kept) in (1..).zip(&book.kept) {
        assert_eq!((kept.draft.ordinal, kept.draft.text.as_str()), (n, prose(u64::from(n), zh).as_str()));
        assert_eq!(kept.draft.title, if zh { format!("第{n}盏灯") } else { format!("Lamp {n}") }, "titles carry no number");
        assert!(kept.findings.is_empty(), "{:?}", kept.findings);
        assert!(!kept.prints.is_empty());
    }
    assert_eq!(novel_progress(&book), (3, 3));
    let state = &book.state;
    assert!(state.draft.is_none() && state.beats.is_none() && state.critique.is_none(), "nothing stays in hand");
    assert_eq!(state.digests.near.len(), 3);
}

fn novel_progress(book: &Book) -> (u32, u32) {
    let progress = story::workflow::novel::progress(&book.state);
    (progress.done, progress.total)
}

#[test]
fn three_chapters_come_to_an_end_in_english() {
    three_chapters(Book::english(3), false);
}

#[test]
fn three_chapters_come_to_an_end_in_chinese() {
    three_chapters(Book::chinese(3), true);
}

#[test]
fn what_a_false_quote_says_never_enters_the_world_and_a_nickname_is_no_new_person() {
    let mut book = Book::english(2);
    book.until(EXTRACT, 1, &mut nothing_special);
    let turn = book.step(&mut nothing_special);
    assert_eq!(turn.outputs["counts"]["dropped"], 1);
    assert_eq!(turn.outputs["counts"]["presence"], 1);
    book.finish(&mut nothing_special);
    let people = &book.state.current_state.characters;
    assert_eq!(people.keys().collect::<Vec<_>>(), ["Holt", "Mara"]);
    assert_eq!((people["Holt"].place.as_deref(), people["Mara"].place.as_deref()), (None, Some("the tower")));
    assert_eq!(people["Mara"].holding, ["key 1", "key 2"]);
}

#[test]
fn the_same_answers_make_the_same_book() {
    let make = || {
        let mut book = Book::english(4);
        book.finish(&mut nothing_special);
        let prompts: Vec<_> = book.asked.into_iter().map(|asked| asked.call.prompt).collect();
        (book.state, prompts)
    };
    assert_eq!(make(), make());
}
