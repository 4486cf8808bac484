use story::{finding::Severity, output_spec::LengthRange, rules::after_last_round, text::Unit};

use crate::bench::Bench;

const WORDS: LengthRange = LengthRange { min: 5, max: 8, unit: Unit::Words };
const CHARS: LengthRange = LengthRange { min: 5, max: 8, unit: Unit::Chars };

#[test]
fn a_chapter_outside_its_range_is_an_error_until_the_last_round() {
    for (text, length, said) in [
        ("The tide went out.", WORDS, Some("too short: it has 4 words and is to have 5 to 8")),
        ("The tide went out early.", WORDS, None),
        ("The tide went out, and Mara's boat stayed.", WORDS, Some("too long: it has 9 words")),
        ("潮退了。", CHARS, Some("too short: it has 3 characters and is to have 5 to 8")),
        ("潮水退得很早。", CHARS, None),
        ("潮水退得很早，船留下了。", CHARS, Some("too long: it has 10 characters")),
    ] {
        let mut bench = Bench::new(text);
        bench.length = length;
        let found = bench.found("length");
        match said {
            None => assert!(found.is_empty(), "{text}: {found:?}"),
            Some(said) => {
                assert_eq!(found.len(), 1, "{text}");
                assert!(found[0].message.contains(said), "{}", found[0].message);
                assert_eq!(found[0].severity, Severity::Error);
                assert_eq!((found[0].spans.len(), &found[0].against), (0, &None));
                assert_eq!(after_last_round(found[0].clone()).severity, Severity::Warning);
            }
        }
    }
}

#[test]
fn one_word_more_is_the_same_fault() {
    let print = |text: &str| {
        let mut bench = Bench::new(text);
        bench.length = WORDS;
        bench.found("length")[0].fingerprint.clone()
    };
    assert_eq!(print("The tide."), print("The tide went."));
    assert_ne!(print("The tide."), print("The tide went out, and the boat stayed there all night."));
}
