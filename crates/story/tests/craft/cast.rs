//! Who speaks in a text that nobody has read yet.

use story::{cast::speakers, language::Tongue};

const ALICE: &str = include_str!("../../../../examples/texts/alice.txt");
const HONGLOUMENG: &str = include_str!("../../../../examples/texts/hongloumeng_1-12.txt");

#[test]
fn the_people_who_speak_are_found_by_the_words_that_say_so() {
    insta::assert_snapshot!(speakers([ALICE].into_iter(), Tongue::En).join(", "));
    insta::assert_snapshot!(speakers([HONGLOUMENG].into_iter(), Tongue::Zh).join("、"));
    assert_eq!(speakers(["It rained. Nobody said anything."].into_iter(), Tongue::En), Vec::<String>::new());
}
