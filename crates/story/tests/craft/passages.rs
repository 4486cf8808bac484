use std::collections::BTreeSet;

use proptest::prelude::*;
use story::{
    memory::{Weights, asked, chunks, score, words},
    text::{normalize, slice, tokens},
};

fn listed(text: &str) -> Vec<String> {
    words(text).collect()
}

#[test]
fn words_are_found_whatever_their_form() {
    for (a, b) in
        [("lamps", "lamp"), ("promised", "promise"), ("running", "run"), ("Stories", "story"), ("buried", "bury"), ("VANE’s", "Vane")]
    {
        assert_eq!(listed(a), listed(b), "{a}");
    }
    for (a, b) in [("glass", "glas"), ("bus", "bu"), ("ring", "r"), ("bed", "b"), ("house", "horse")] {
        assert_ne!(listed(a), listed(b), "{a}");
    }
    assert_eq!(listed("林穗把玉佩给了陈渡。"), ["林穗", "穗把", "把玉", "玉佩", "佩给", "给了", "了陈", "陈渡"]);
    assert_eq!(listed("他说：好！"), ["他说", "好"], "a sign parts words, and one alone is a word");
    assert_eq!(listed("第12章 Chapter 7b: Ærøskøbing"), ["第", "12", "章", "chapter", "7b", "ærøskøbing"]);
    assert!(listed("— “…” ！ a").is_empty());
}

#[test]
fn a_question_is_asked_in_the_words_that_tell_something() {
    let texts = |question: &str| asked(question).into_iter().map(|word| word.text).collect::<Vec<_>>();
    assert_eq!(texts("Where did she hide the brass key?"), ["hid", "brass", "key"]);
    assert_eq!(texts("Who was there?"), listed("Who was there?"), "where there are no others, those");
    let one = asked("玉");
    assert!(one[0].begins && one[0].means("玉佩") && !one[0].means("佩玉"));
    assert_eq!(asked(&"lantern ship harbour quay ".repeat(30)).len(), 4, "each once");
}

#[test]
fn passages_are_whole_paragraphs_where_they_fit() {
    let short = "It rained on the quay all night.\n\nInes waited.\n\nNobody came.";
    let all = chunks(short);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].span.start, all[0].span.end), (0, short.chars().count()));
    assert!(all[0].words.contains("quay") && all[0].words.contains("wait"));
    let chinese = "林穗在渡口等了一夜，没有人来。".repeat(60);
    let long = format!("{short}\n\n{chinese}\n\nThe end.");
    let all = chunks(&long);
    assert!(all.len() >= 3, "{all:?}");
    for chunk in &all {
        let passage = slice(&long, chunk.span);
        assert!(tokens(passage) <= 320 && passage.trim() == passage);
    }
    assert!(all[1..all.len() - 1].iter().all(|chunk| slice(&long, chunk.span).ends_with('。')), "cut behind a sentence");
}

#[test]
fn a_rare_word_is_worth_more_than_one_that_stands_everywhere() {
    let question = asked("the lantern of the captain");
    assert_eq!(question.len(), 2);
    let weights = Weights::of(1_000, &[3, 700]);
    assert!(weights.at_first_sight(1) > weights.at_first_sight(2) && weights.at_first_sight(2) > 0.0);
    let lantern = score(&weights, &question, "A lantern hung there.");
    let captain = score(&weights, &question, "The captain laughed. The captain wept. The captain slept.");
    let both = score(&weights, &question, "The captain hung up the lantern.");
    assert!(both > lantern && lantern > captain && captain > 0.0);
    assert!(
        score(&weights, &question, &format!("A lantern hung there. {}", "It rained. ".repeat(300))) < lantern,
        "a long passage has more words anyway"
    );
}

proptest! {
    /// Every letter stands in exactly one passage, in order, and a word of a passage is a word of its text.
    #[test]
    fn passages_are_the_text(parts in prop::collection::vec("[a-zA-Z林穗玉佩。，.! ”]{0,400}", 0..8)) {
        let text = normalize(&parts.join("\n\n"));
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let all = chunks(&text);
        let joined: String = all.iter().map(|chunk| letters(slice(&text, chunk.span))).collect();
        prop_assert_eq!(joined, letters(&text));
        let mut end = 0;
        for chunk in &all {
            prop_assert!(chunk.span.start >= end && chunk.span.end > chunk.span.start);
            end = chunk.span.end;
            let passage = slice(&text, chunk.span);
            prop_assert!(tokens(passage) <= 330, "{}", tokens(passage));
            prop_assert_eq!(&chunk.words, &words(passage).collect::<BTreeSet<_>>());
        }
    }
}
