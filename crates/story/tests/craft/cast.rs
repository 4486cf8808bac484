//! Who speaks in a text that nobody has read yet.

use story::{cast::speakers, language::Tongue};

const ALICE: &str = include_str!("../../../../examples/texts/alice.txt");
const HONGLOUMENG: &str = include_str!("../../../../examples/texts/hongloumeng_1-12.txt");

#[test]
fn the_people_who_speak_are_found_by_the_words_that_say_so() {
    let told = |text: &str, tongue: Tongue| {
        let people = speakers([text].into_iter(), tongue);
        people
            .into_iter()
            .map(|p| p.pronouns.map_or(p.name.clone(), |pronouns| format!("{} ({pronouns})", p.name)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(told(ALICE, Tongue::En));
    insta::assert_snapshot!(told(HONGLOUMENG, Tongue::Zh));
    assert_eq!(told("It rained. Nobody said anything. Then he said that the Sea was calm.", Tongue::En), "");
}
