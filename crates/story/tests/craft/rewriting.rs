//! A passage in other words: what is asked for, and that nothing beside it changes.

use std::collections::BTreeSet;

use proptest::prelude::*;
use story::{
    rewrite::{Rewrite, Scope},
    text::{Span, normalize, paragraphs},
};

const TEXT: &str = "Mara lit the lamp.\n\nHolt saw it from the quay, and said nothing.\n\nIt rained.";

fn taken(scope: Scope, told: &str) -> Result<String, String> {
    Rewrite::new(TEXT, scope).unwrap().take(told)
}

fn numbers(numbers: &[u32]) -> Scope {
    Scope::Paragraphs(numbers.iter().copied().collect())
}

#[test]
fn an_answer_takes_the_place_of_what_was_asked_for() {
    let cases = [
        (numbers(&[1]), "⟦1⟧\nMara let it go dark.", TEXT.replace("Mara lit the lamp.", "Mara let it go dark.")),
        (numbers(&[1, 3]), "⟦3⟧ It snowed.\n\n⟦1⟧\nDark.", TEXT.replace("Mara lit the lamp.", "Dark.").replace("rained", "snowed")),
        // A marker that is missing keeps the old words.
        (numbers(&[1, 3]), "⟦3⟧\nIt snowed.", TEXT.replace("rained", "snowed")),
        (Scope::Span(Span { start: 9, end: 17 }), "  a candle ", TEXT.replace("the lamp", "a candle")),
        (Scope::Span(Span { start: 8, end: 18 }), "⟦a candle.⟧", TEXT.replace("the lamp.", "a candle.")),
        (Scope::Text, "One line.\n", "One line.".into()),
    ];
    for (scope, told, expected) in cases {
        assert_eq!(taken(scope.clone(), told), Ok(expected), "{scope:?}");
    }
}

#[test]
fn an_answer_that_changes_nothing_or_does_not_fit_is_refused_in_words() {
    for (scope, told, why) in [
        (numbers(&[3]), "⟦3⟧\nIt rained.", "as it was"),
        (numbers(&[3]), "⟦2⟧\nSomething.", "was not asked for"),
        (numbers(&[3]), "Something.", "marker"),
        (Scope::Text, TEXT, "as it was"),
        (Scope::Span(Span { start: 0, end: 4 }), "⟦⟧", "as it was"),
    ] {
        let refused = taken(scope.clone(), told).unwrap_err();
        assert!(refused.contains(why), "{scope:?}: {refused}");
    }
}

#[test]
fn what_cannot_be_rewritten_is_named() {
    for (scope, pointer) in [
        (numbers(&[]), "/paragraphs"),
        (numbers(&[0]), "/paragraphs"),
        (numbers(&[4]), "/paragraphs"),
        (Scope::Span(Span { start: 3, end: 3 }), "/span"),
        (Scope::Span(Span { start: 18, end: 20 }), "/span"),
        (Scope::Span(Span { start: 0, end: 99 }), "/span/end"),
    ] {
        assert_eq!(Rewrite::new(TEXT, scope).unwrap_err().pointer, pointer);
    }
}

proptest! {
    #[test]
    fn outside_of_a_span_every_byte_stays(
        text in "[a-d雨é👩 \n]{1,60}", start in 0usize..60, length in 1usize..30, told in "[a-d风ö\u{301} \n]{1,30}",
    ) {
        let text = normalize(&text);
        let count = text.chars().count();
        prop_assume!(count > 0);
        let start = start.min(count - 1);
        let end = (start + length).min(count);
        let chars: Vec<char> = text.chars().collect();
        let (head, tail): (String, String) = (chars[..start].iter().collect(), chars[end..].iter().collect());
        if let Ok(rewrite) = Rewrite::new(&text, Scope::Span(Span { start, end }))
            && let Ok(new) = rewrite.take(&told)
        {
            prop_assert!(new.starts_with(&head) && new.ends_with(&tail) && new.len() >= head.len() + tail.len(), "{text:?} → {new:?}");
            prop_assert_eq!(normalize(&new), new);
        }
    }

    #[test]
    fn other_paragraphs_stay(texts in prop::collection::vec("[a-d雨 ]{0,6}[a-d雨]", 1..7), asked in prop::collection::btree_set(1u32..7, 1..4)) {
        let text = normalize(&texts.join("\n\n"));
        let old: Vec<&str> = paragraphs(&text);
        let asked: BTreeSet<u32> = asked.into_iter().filter(|n| *n as usize <= old.len()).collect();
        prop_assume!(!asked.is_empty());
        let told: Vec<String> = asked.iter().map(|n| format!("⟦{n}⟧\nAnew {n}.")).collect();
        let new = Rewrite::new(&text, Scope::Paragraphs(asked.clone())).unwrap().take(&told.join("\n\n")).unwrap();
        for (n, (old, new)) in (1..).zip(old.iter().zip(paragraphs(&new))) {
            if asked.contains(&n) {
                // What it is indented by stays.
                prop_assert_eq!(new.trim(), format!("Anew {n}."));
            } else {
                prop_assert_eq!(new, *old);
            }
        }
    }
}
