use story::finding::Severity;

use crate::bench::{Bench, quotes};

fn found(text: &str, word: &str) -> Vec<String> {
    let mut bench = Bench::new(text);
    bench.forbidden = vec![word.into(), format!(" {word} ")];
    quotes(&bench.found("forbidden-words")).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_forbidden_word_is_shown_at_every_place_and_never_inside_another() {
    for (text, word, places) in [
        ("The ass brayed. Ass! The class assassin passed.", "ass", vec!["ass", "Ass"]),
        ("It was, suddenly, dark; SUDDENLY.", "suddenly", vec!["suddenly", "SUDDENLY"]),
        ("He did not\nlook back. He did not look at all.", "not look", vec!["not\nlook", "not look"]),
        ("Don’t say it.", "don't", vec!["Don’t"]),
        ("Élan, élan vital.", "élan", vec!["Élan", "élan"]),
        ("He had élancé.", "élan", vec![]),
        ("血流了一地，热血未冷。", "血", vec!["血", "血"]),
        ("他用AI写信，又用AIR喷涂。", "ai", vec!["AI"]),
    ] {
        assert_eq!(found(text, word), places, "{text}");
    }
}

#[test]
fn it_is_a_warning_and_shows_at_most_twenty_places() {
    let mut bench = Bench::new(&"Blood. ".repeat(30));
    bench.forbidden = vec!["blood".into(), "rust".into(), String::new()];
    let found = bench.found("forbidden-words");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].severity, found[0].spans.len()), (Severity::Warning, 20));
    assert!(found[0].message.contains("30 times"), "{}", found[0].message);
}
