//! The guide to briefs shows what is true: each of its examples is read, and each key stands in it.

use documents::read_brief;
use story::brief::KNOWN_KEYS;

const GUIDE: &str = include_str!("../../../docs/briefs.md");

/// The fenced blocks of the guide in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    GUIDE.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn every_example_of_the_guide_is_a_brief() {
    for block in blocks("toml") {
        let whole = if block.contains("premise") { block.to_owned() } else { format!("premise = 'x'\n{block}") };
        let file = read_brief("guide.toml", whole.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{block}"));
        assert_eq!(file.warnings, [], "{block}");
    }
    let file = read_brief("guide.md", blocks("markdown")[0].as_bytes()).unwrap();
    assert_eq!(file.title, "The Night Ferry");
    assert_eq!(blocks("toml").len(), 4);
}

#[test]
fn every_key_has_its_line_in_the_guide() {
    for key in KNOWN_KEYS {
        assert!(GUIDE.contains(&format!("| `{key}` |")), "{key}");
    }
}

#[test]
fn the_error_that_the_guide_shows_is_the_one_that_is_told() {
    let e = read_brief("brief.toml", b"premis = 'x'\n[output_spec]\nchapter_count = '12'\n").unwrap_err();
    assert!(GUIDE.contains(&e.to_string()), "{e}");
}
