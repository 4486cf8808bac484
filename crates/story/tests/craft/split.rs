use std::collections::BTreeMap;

use proptest::prelude::*;
use story::{
    output_spec::LengthRange,
    plan::{Cut, Place},
    source::{Laid, Stretch, episodes_for, implied_length, split},
    text::{Length, Unit},
};

const RANGE: LengthRange = LengthRange { min: 500, max: 800, unit: Unit::Chars };

#[test]
fn as_many_episodes_as_the_length_holds_middles() {
    let of = |chars: u64, paragraphs: u32| episodes_for(Length { words: chars, chars }, paragraphs, RANGE);
    for (chars, episodes) in [(0, 1), (10, 1), (974, 1), (975, 2), (1300, 2), (6615, 10), (7237, 11)] {
        assert_eq!(of(chars, 100), episodes, "{chars}");
    }
    assert_eq!(of(6500, 3), 3, "an episode needs a paragraph of its own");
}

#[test]
fn a_preset_says_how_long_an_episode_is() {
    let range = |min, max, unit| LengthRange { min, max, unit };
    for (text, wanted) in [
        ("每集500-800字", range(500, 800, Unit::Chars)),
        ("每集 500~800 字，节奏快", range(500, 800, Unit::Chars)),
        ("篇幅800－1200字", range(800, 1200, Unit::Chars)),
        ("每集800字至1200字", range(800, 1200, Unit::Chars)),
        ("台词每句不超过15字。全集约600字", range(480, 720, Unit::Chars)),
        ("Lines of at most 12 words. Write 700 to 1,100 words an episode.", range(700, 1100, Unit::Words)),
        ("one episode: 320-500 words, about a minute", range(320, 500, Unit::Words)),
        ("800 words", range(640, 960, Unit::Words)),
    ] {
        assert_eq!(implied_length(text, "en"), wanted, "{text}");
    }
    assert_eq!(implied_length("Cut early.", "en"), range(700, 1100, Unit::Words));
    assert_eq!(implied_length("", "zh-Hans"), range(500, 800, Unit::Chars));
}

#[test]
fn a_wish_is_taken_where_it_keeps_the_parts_even() {
    let lengths = [10_u64; 12];
    assert_eq!(split(&lengths, 3, &[]), [4, 8, 12]);
    assert_eq!(split(&lengths, 3, &[5, 9]), [5, 9, 12]);
    assert_eq!(split(&lengths, 3, &[1, 11]), [4, 8, 12], "too uneven");
    assert_eq!(split(&[1000, 1, 1], 3, &[]), [1, 2, 3]);
}

fn book() -> impl Strategy<Value = BTreeMap<u32, Vec<u64>>> {
    proptest::collection::vec(proptest::collection::vec(0_u64..2000, 1..12), 1..8).prop_map(|chapters| (1_u32..).zip(chapters).collect())
}

fn place() -> impl Strategy<Value = Place> {
    (0_u32..10, 0_u32..14).prop_map(|(chapter, paragraph)| Place { chapter, paragraph })
}

proptest! {
    #[test]
    fn splitting_loses_and_repeats_no_paragraph(lengths in proptest::collection::vec(0_u64..5000, 1..80), parts in 1_usize..100, wanted in proptest::collection::vec(0_usize..100, 0..20)) {
        let cuts = split(&lengths, parts, &wanted);
        prop_assert_eq!(cuts.len(), parts.min(lengths.len()));
        prop_assert!(cuts.windows(2).all(|pair| pair[0] < pair[1]) && cuts[0] > 0);
        prop_assert_eq!(*cuts.last().unwrap(), lengths.len());
    }

    #[test]
    fn a_season_has_exactly_as_many_episodes_and_tells_or_cuts_every_paragraph(
        book in book(),
        wish in 1_usize..40,
        asked in proptest::collection::vec((place(), place()), 0..40),
        cuts in proptest::collection::vec((place(), place(), "[a-z ]{0,6}"), 0..5),
    ) {
        let stretch = Stretch::of(&book);
        let all: Vec<Place> = stretch.paragraphs.iter().map(|(place, _)| *place).collect();
        let count = wish.min(all.len());
        let asked: Vec<Laid> = asked.into_iter().map(|(a, b)| Laid { from: a.min(b), to: a.max(b) }).collect();
        let cuts: Vec<Cut> = cuts.into_iter().map(|(a, b, reason)| Cut { from: a.min(b), to: a.max(b), reason }).collect();
        let (episodes, out) = stretch.lay(count, &asked, &cuts);
        prop_assert_eq!(episodes.len(), count);
        prop_assert!(episodes.iter().all(|e| e.from <= e.to) && episodes.windows(2).all(|pair| pair[0].to < pair[1].from));
        for place in all {
            let told = episodes.iter().filter(|e| e.from <= place && place <= e.to).count();
            let cut = out.iter().filter(|c| c.from <= place && place <= c.to).count();
            prop_assert_eq!(told + cut, 1, "{:?}", place);
        }
        prop_assert!(out.iter().all(|cut| !cut.reason.trim().is_empty()));
    }

    #[test]
    fn windows_part_the_book_and_leave_each_episode_a_paragraph(book in book(), sizes in proptest::collection::vec(1_usize..6, 1..4)) {
        let stretch = Stretch::of(&book);
        prop_assume!(sizes.iter().sum::<usize>() <= stretch.paragraphs.len());
        let windows = stretch.windows(&sizes);
        let joined: Vec<(Place, u64)> = windows.iter().flat_map(|w| w.paragraphs.clone()).collect();
        prop_assert_eq!(joined, stretch.paragraphs);
        prop_assert!(windows.iter().zip(&sizes).all(|(window, size)| window.paragraphs.len() >= *size));
    }
}
