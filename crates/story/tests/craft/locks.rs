//! Locked words are found again wherever the text around them went, and nowhere else.

use proptest::prelude::*;
use story::{
    locks::{carried, missing},
    text::{Span, slice},
};

/// The locked words stand between `[` and `]` in `old`; where they stand in `new`.
fn found(old: &str, new: &str) -> Vec<Option<(usize, String)>> {
    let (mut text, mut spans, mut start) = (String::new(), Vec::new(), 0);
    for c in old.chars() {
        match c {
            '[' => start = text.chars().count(),
            ']' => spans.push(Span { start, end: text.chars().count() }),
            c => text.push(c),
        }
    }
    carried(&text, &spans, new).into_iter().map(|span| span.map(|span| (span.start, slice(new, span).to_owned()))).collect()
}

#[test]
fn locked_words_are_found_where_they_went() {
    let at = |start: usize, words: &str| vec![Some((start, words.to_owned()))];
    let cases = [
        ("Mara lit [the lamp]. Holt saw it.", "Mara lit the lamp. Holt saw nothing at all.", at(9, "the lamp")),
        ("Mara lit [the lamp]. Holt saw it.", "At dusk, in the rain, Mara lit the lamp. Holt saw it.", at(31, "the lamp")),
        ("Mara lit [the lamp]. Holt saw it.", "Wet through, Mara lit the lamp. Nobody saw it.", at(22, "the lamp")),
        ("Mara lit [the lamp]. Holt saw it.", "Mara lit a candle. Holt saw it.", vec![None]),
        // The second of three.
        ("He nodded. [He nodded.] He nodded.", "He nodded. He left. He nodded.", vec![None]),
        ("He nodded. [He nodded.] He nodded.", "Slowly he nodded. He nodded. He nodded.", at(18, "He nodded.")),
        // Of two locks neither finds the other's words.
        ("[No.] She sat. [No.]", "She sat. No.", vec![None, Some((9, "No.".into()))]),
        // Carried to another place altogether.
        ("[One.]\n\nTwo.\n\nThree.", "Two.\n\nThree.\n\nOne.", at(14, "One.")),
        ("阿宁点起了[那盏灯]。海上有人看见。", "那一夜大雨，阿宁点起了那盏灯。没有人看见。", at(11, "那盏灯")),
        ("阿宁点起了[那盏灯]。", "阿宁点起了那盏烛。", vec![None]),
        ("aaa[aa]", "aaaa", at(2, "aa")),
        ("[👩‍🚀 went up].", "Then 👩‍🚀 went up.", at(5, "👩‍🚀 went up")),
    ];
    for (old, new, expected) in cases {
        assert_eq!(found(old, new), expected, "{old} → {new}");
    }
}

#[test]
fn words_that_are_locked_twice_must_stand_twice() {
    let locked = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    assert_eq!(missing("No. She sat. No.", &locked(&["No.", "No."])), Vec::<&str>::new());
    assert_eq!(missing("No. She sat.", &locked(&["No.", "No.", "She sat."])), ["No."]);
    assert_eq!(missing("那盏灯灭了。", &locked(&["那盏灯", "灯灭了"])), Vec::<&str>::new(), "what lies over each other may stand so");
}

proptest! {
    #[test]
    fn what_is_done_beside_locked_words_leaves_them_locked(
        before in "[a-c雨 \n]{0,20}", words in "[a-c雨]{1,6}", after in "[a-c雨 \n]{0,20}", put in "[a-c雨 ]{0,9}", cut in 0usize..20, ahead: bool,
    ) {
        let old = format!("{before}{words}{after}");
        let start = before.chars().count();
        let span = Span { start, end: start + words.chars().count() };
        let changed = |text: &str| -> String { put.chars().chain(text.chars().skip(cut)).collect() };
        let new = if ahead { format!("{}{words}{after}", changed(&before)) } else { format!("{before}{words}{}", changed(&after)) };
        let found = carried(&old, &[span], &new)[0];
        prop_assert!(found.is_some_and(|found| slice(&new, found) == words), "{old:?} → {new:?}: {found:?}");
    }

    #[test]
    fn whatever_is_found_are_the_words(old in "[ab ]{1,12}", new in "[ab ]{0,12}", start in 0usize..12, length in 1usize..5) {
        let count = old.chars().count();
        let start = start.min(count - 1);
        let span = Span { start, end: (start + length).min(count) };
        if let Some(found) = carried(&old, &[span], &new)[0] {
            prop_assert_eq!(slice(&new, found), slice(&old, span));
        } else if !new.contains(slice(&old, span)) {
            prop_assert!(missing(&new, &[slice(&old, span).to_owned()]).len() == 1);
        }
    }
}
