use story::{
    finding::Severity,
    rules::after_last_round,
    text::{paragraph_print, paragraph_spans, slice},
};

use crate::bench::Bench;

const RAIN: &str = "Rain came in off the estuary and hung there, as it had hung every evening since the ferry stopped.";
const LAMP: &str = "那盏灯在窗前亮了一整夜，灯芯换过三回，油也添过三回，天亮时她才肯把它吹灭。";

#[test]
fn a_paragraph_said_again_in_the_same_chapter_is_shown_where_it_stands_again() {
    for paragraph in [RAIN, LAMP] {
        let text = format!("{paragraph}\n\nSomething else.\n\n{paragraph}\n\nMore.\n\n{paragraph}");
        let found = Bench::new(&text).found("repeated-paragraph");
        assert_eq!(found.len(), 1, "one finding for one paragraph");
        let spans = paragraph_spans(&text);
        assert_eq!(found[0].spans.iter().map(|e| e.span).collect::<Vec<_>>(), [spans[2], spans[4]]);
        assert!(found[0].spans.iter().all(|e| slice(&text, e.span) == paragraph && e.quote == paragraph));
        assert!(found[0].against.as_ref().unwrap().starts_with("Chapter 7, paragraph 1: “"), "{:?}", found[0].against);
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(after_last_round(found[0].clone()).severity, Severity::Warning);
    }
}

#[test]
fn a_paragraph_of_an_earlier_chapter_names_that_chapter() {
    let mut bench = Bench::new(&format!("Morning.\n\n{RAIN}"));
    bench.repeated.insert(paragraph_print(RAIN).unwrap(), 3);
    let found = bench.found("repeated-paragraph");
    assert_eq!(found.len(), 1);
    assert!(found[0].against.as_ref().unwrap().starts_with("Chapter 3: “Rain came in"));
    assert_eq!(found[0].spans[0].quote, RAIN);
}

#[test]
fn a_refrain_of_a_few_words_and_a_changed_paragraph_are_no_repetition() {
    for text in [
        "“Yes.”\n\nHe waited.\n\n“Yes.”".to_owned(),
        "“不。”\n\n他等着。\n\n“不。”".to_owned(),
        format!("{RAIN}\n\n{}", RAIN.replace("evening", "morning")),
    ] {
        assert!(Bench::new(&text).found("repeated-paragraph").is_empty(), "{text}");
    }
}
