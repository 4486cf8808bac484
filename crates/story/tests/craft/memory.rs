use proptest::prelude::*;
use story::{
    current_state::CurrentState,
    digests::{ChapterDigest, Digests, shorten},
    extraction::{Death, Extraction, Holding, Knowledge, Possession, Presence, ThreadMove},
};

fn digest(n: u32) -> ChapterDigest {
    ChapterDigest { title: format!("Lamp {n}"), fact: format!("In chapter {n} the lamp was lit. ").repeat(12), tone: "Cold.".into() }
}

#[test]
fn what_is_remembered_of_five_hundred_chapters_is_bounded_and_only_grows_within_a_block_of_ten() {
    let mut digests = Digests::default();
    for n in 1..=1_200 {
        let next = digests.with_chapter(n, digest(n));
        assert!(next.near.len() <= 19, "{} in detail after {n}", next.near.len());
        assert!(next.far.len() <= 10 + 9 + 3, "{} blocks after {n}", next.far.len());
        assert!(next.far.values().all(|block| block.text.chars().count() <= 440));
        if n % 10 == 0 {
            assert!(next.near.len() <= 19 && next.near.contains_key(&n));
        } else {
            assert_eq!(next.far, digests.far, "blocks are merged only when a ten is full");
            let mut before = next.near.clone();
            before.remove(&n);
            assert_eq!(before, digests.near, "what was there stays as it was");
        }
        // Every chapter is remembered somewhere, once.
        let mut covered: Vec<u32> = next.near.keys().copied().collect();
        covered.extend(next.far.iter().flat_map(|(from, block)| *from..=block.to));
        covered.sort_unstable();
        assert_eq!(covered, (1..=n).collect::<Vec<_>>());
        digests = next;
    }
}

#[test]
fn a_chapter_that_is_read_again_replaces_its_digest_while_it_stands_in_detail() {
    let mut digests = Digests::default();
    for n in 1..=25 {
        digests = digests.with_chapter(n, digest(n));
    }
    let again = ChapterDigest { fact: "It rained.".into(), ..digest(20) };
    assert_eq!(digests.with_chapter(20, again.clone()).near[&20], again);
    assert_eq!(digests.with_chapter(10, again), digests, "one that was merged stays as it was");
}

#[test]
fn the_world_of_five_hundred_chapters_is_bounded() {
    let mut world = CurrentState::default();
    for n in 1..=500_u32 {
        let quote = || "q".to_owned();
        let person = |k: u32| format!("Person {}", n * 3 + k);
        let told = Extraction {
            presence: (0..3).map(|k| Presence { character: person(k), quote: quote(), ..Presence::default() }).collect(),
            deaths: vec![Death { character: person(0), quote: quote(), ..Death::default() }],
            possessions: ["Mara".to_owned(), person(1)]
                .into_iter()
                .map(|character| Possession { item: format!("item {n} of {character}"), character, change: Holding::Gains, quote: quote() })
                .collect(),
            knowledge: vec![Knowledge { character: "Mara".into(), fact: format!("fact {n}"), quote: quote() }],
            threads: vec![ThreadMove { title: format!("Question {n}?"), quote: quote(), ..ThreadMove::default() }],
            ..Extraction::default()
        };
        world = world.after_chapter(n, &told, &|name| name == "Mara");
        assert!(world.characters.len() <= 1 + 3 * 13 + 60, "{} people", world.characters.len());
        assert!(world.items.len() <= 40 && world.threads.len() <= 30);
        let mara = &world.characters["Mara"];
        assert!(mara.holding.len() <= 40 && mara.knows.len() <= 12, "{} things in one hand", mara.holding.len());
        assert_eq!(mara.seen_in, n);
    }
    assert_eq!(world.last_dead(2), ["Person 1500", "Person 1497"]);
    assert_eq!(world.open_threads(1)[0].title, "Question 500?");
    assert!(world.last_items(2)[0].starts_with("item 500"));
}

proptest! {
    #[test]
    fn what_is_shortened_is_a_beginning_and_short_enough(text in "[a-z汉. 。]{0,80}", most in 1_usize..60) {
        let short = shorten(&text, most);
        prop_assert!(short.chars().count() <= most);
        prop_assert!(text.starts_with(short.trim_end_matches('…').trim_end()));
    }
}
