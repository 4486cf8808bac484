use proptest::prelude::*;
use serde_json::{Map, Value};
use story::{
    patch::{apply, diff},
    text::{Length, Span, join_paragraphs, normalize, paragraph_spans, paragraphs, slice, without_overlap},
};
use unicode_normalization::UnicodeNormalization as _;

/// JSON as states hold it: without a null anywhere.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![any::<bool>().prop_map(Value::from), any::<i32>().prop_map(Value::from), "[a-c汉~/]{0,3}".prop_map(Value::from)];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-d]", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Prose with everything that makes text hard: blanks, marks, line ends, Han, emoji.
fn prose() -> impl Strategy<Value = String> {
    "[a-cé \u{301}\u{308}\u{3000}\u{a0}\u{feff}\u{2028}\u{85}\u{200b}\r\n\n\n汉字。，“”가ァ😀'-]{0,40}"
}

proptest! {
    #[test]
    fn a_patch_leads_from_the_old_to_the_new(old in json(), new in json()) {
        let patch = diff(&old, &new);
        let mut patched = old.clone();
        apply(&mut patched, &patch);
        prop_assert_eq!(patched, new);
    }

    #[test]
    fn lengths_of_lines_add_up(a in prose(), b in prose()) {
        let mut sum = Length::of(&a);
        sum += Length::of(&b);
        prop_assert_eq!(Length::of(&format!("{a}\n{b}")), sum);
    }

    #[test]
    fn a_letter_counts_once_however_many_bytes_it_has(n in 0_usize..50) {
        for letter in ["a", "é", "汉", "가", "𠀀"] {
            prop_assert_eq!(Length::of(&letter.repeat(n)).chars, n as u64);
        }
        prop_assert_eq!(Length::of(&"汉".repeat(n)).words, n as u64);
        prop_assert_eq!(Length::of(&"…—😀 ".repeat(n)), Length::default());
    }

    #[test]
    fn composed_or_not_the_words_are_as_many(text in "[a-zé ü,.]{0,40}") {
        let apart: String = text.nfd().collect();
        prop_assert_eq!(Length::of(&apart).words, Length::of(&text).words);
    }

    #[test]
    fn normal_text_stays_as_it_is(text in prose()) {
        let once = normalize(&text);
        prop_assert_eq!(normalize(&once), once);
    }

    #[test]
    fn joining_undoes_parting(text in prose()) {
        let text = normalize(&text);
        let parts = paragraphs(&text);
        prop_assert_eq!(&join_paragraphs(&parts), &text);
        let spans = paragraph_spans(&text);
        prop_assert_eq!(spans.iter().map(|span| slice(&text, *span)).collect::<Vec<_>>(), parts);
    }

    #[test]
    fn what_is_found_is_what_was_sought(text in prose(), from in 0_usize..40, size in 1_usize..10) {
        let needle: String = text.chars().skip(from).take(size).collect();
        match Span::find(&text, &needle) {
            Some(span) => prop_assert_eq!(slice(&text, span), needle),
            None => prop_assert!(needle.is_empty()),
        }
    }

    #[test]
    fn a_quote_over_a_line_end_is_found(words in proptest::collection::vec("[a-c汉]{1,4}", 1..6), before in "[x ]{0,5}") {
        let text = format!("{before}{}\nend", words.join("\n"));
        let span = Span::find_words(&text, &words.join(" "));
        prop_assert!(span.is_some_and(|s| slice(&text, s).split_whitespace().eq(words.iter().map(String::as_str))
            || slice(&text, s).split_whitespace().count() == words.len()));
    }

    #[test]
    fn words_said_twice_at_a_seam_are_said_once(text in "[a-z ]{0,30}", said in "[a-z]{8,20}", more in "[A-Z]{0,20}") {
        let answer = format!("{said}{more}");
        prop_assert_eq!(without_overlap(&format!("{text}{said}"), &answer), more);
    }

    #[test]
    fn nothing_is_lost_where_nothing_overlaps(text in "[a-z ]{0,30}", more in "[A-Z]{0,30}") {
        prop_assert_eq!(without_overlap(&text, &more), &more);
    }
}

#[test]
fn a_slice_beyond_the_end_is_short_and_never_panics() {
    assert_eq!(slice("汉字", Span { start: 1, end: 9 }), "字");
    assert_eq!(slice("汉字", Span { start: 7, end: 9 }), "");
    assert_eq!(slice("汉字", Span { start: 2, end: 1 }), "");
}
