use std::collections::BTreeMap;

use proptest::prelude::*;
use story::{
    extraction::Presence,
    finding::Finding,
    language::Tongue,
    output_spec::LengthRange,
    rules::{aims, paragraphs_to_fix},
    state::Draft,
    text::{Grain, Unit},
};

use crate::bench::Bench;

fn words(n: usize) -> String {
    vec!["word"; n].join(" ") + "."
}

fn chapter(lengths: &[usize]) -> Draft {
    Draft::new(7, "The Lamp", lengths.iter().map(|n| words(*n)).collect::<Vec<_>>().join("\n\n"), 0)
}

fn named(bench: &Bench, rule: &str, tongue: Tongue) -> BTreeMap<u32, String> {
    paragraphs_to_fix(tongue, &bench.draft, bench.length, Grain::Paragraph, &bench.found(rule))
}

#[test]
fn a_short_chapter_gets_its_longest_third_expanded() {
    let mut bench = Bench::new("");
    bench.draft = chapter(&[3, 40, 5, 60, 7, 8]);
    bench.length = LengthRange { min: 1000, max: 1500, unit: Unit::Words };
    let en = named(&bench, "length", Tongue::En);
    assert_eq!(en.keys().copied().collect::<Vec<_>>(), [2, 4]);
    assert!(en[&2].starts_with("Expand"));
    assert!(named(&bench, "length", Tongue::Zh)[&2].starts_with("扩写"));
    bench.draft = chapter(&[10; 60]);
    assert_eq!(named(&bench, "length", Tongue::En).len(), 8, "never more than eight");
}

#[test]
fn a_long_chapter_gets_as_many_shortened_as_are_needed() {
    let mut bench = Bench::new("");
    bench.length = LengthRange { min: 50, max: 100, unit: Unit::Words };
    bench.draft = chapter(&[60, 5, 90, 5]);
    assert_eq!(named(&bench, "length", Tongue::En).keys().copied().collect::<Vec<_>>(), [3], "90 can shrink by the 60 that are too many");
    bench.draft = chapter(&[60, 40, 90, 5]);
    assert_eq!(named(&bench, "length", Tongue::En).keys().copied().collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn each_fault_names_its_paragraph_and_what_to_do() {
    let text = "Holt came in.\n\nThe damned lamp burned.\n\nWord count: 300\n\nAnd then she";
    let mut bench = Bench::new(text).dead("Holt", "the water closed");
    bench.told.presence = vec![Presence { character: "Holt".into(), quote: "Holt came in".into(), ..Presence::default() }];
    bench.forbidden = vec!["damned".into()];
    let mut all: Vec<Finding> = Vec::new();
    for rule in ["dead-character-acts", "meta-text", "truncated-ending", "forbidden-words"] {
        all.extend(bench.found(rule));
    }
    let en = paragraphs_to_fix(Tongue::En, &bench.draft, bench.length, Grain::Paragraph, &all);
    assert_eq!(en[&1], "Holt is dead and neither acts nor speaks: leave Holt out, or make it a memory.");
    assert_eq!(en[&2], "Say it without “damned”.");
    assert!(en[&3].starts_with("Take out what is not story"));
    assert!(en[&4].starts_with("It breaks off"));
    let zh = paragraphs_to_fix(Tongue::Zh, &bench.draft, bench.length, Grain::Paragraph, &all);
    assert_eq!(zh[&1], "Holt已死，不得行动或说话：改由他人来做，或写成回忆。");
    assert_eq!(zh[&2], "不要用“damned”，换一种说法。");
    assert_eq!(zh.len(), 4);
}

proptest! {
    #[test]
    fn a_model_that_obeys_the_aims_brings_the_chapter_into_its_range(
        lengths in proptest::collection::vec(1_usize..200, 1..30),
        min in 1_u64..3000,
        more in 0_u64..2000,
        pick in proptest::collection::vec(any::<bool>(), 30),
    ) {
        let range = LengthRange { min, max: min + more, unit: Unit::Words };
        let draft = chapter(&lengths);
        let mut numbers: Vec<u32> = (1..=lengths.len() as u32).filter(|n| pick[*n as usize - 1]).collect();
        if numbers.is_empty() {
            numbers.push(1);
        }
        let aims = aims(range, Grain::Paragraph, &draft, &numbers);
        prop_assert_eq!(aims.len(), numbers.len());
        let own: u64 = numbers.iter().map(|n| lengths[*n as usize - 1] as u64).sum();
        let others = draft.length.words - own;
        let after = others + aims.iter().sum::<u64>();
        if range.holds(draft.length) {
            prop_assert_eq!(after, draft.length.words);
        } else if others + numbers.len() as u64 <= range.max {
            prop_assert!((range.min..=range.max).contains(&after), "{} not in {}..={}", after, range.min, range.max);
            prop_assert!(aims.iter().all(|aim| *aim > 0));
        }
    }

    #[test]
    fn what_is_named_for_length_can_reach_it(lengths in proptest::collection::vec(1_usize..200, 1..20), min in 1_u64..3000, more in 0_u64..2000) {
        let mut bench = Bench::new("");
        bench.draft = chapter(&lengths);
        bench.length = LengthRange { min, max: min + more, unit: Unit::Words };
        let named = named(&bench, "length", Tongue::En);
        prop_assert_eq!(named.is_empty(), bench.length.holds(bench.draft.length));
        prop_assert!(named.len() <= 8 && named.keys().all(|n| (1..=lengths.len()).contains(&(*n as usize))));
    }
}
