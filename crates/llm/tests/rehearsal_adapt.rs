//! Rehearsal turns real novels into scripts: from their own words, by their own speakers, as long as is asked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a test that cannot go on has failed")]

mod books;

use std::{collections::BTreeMap, time::Instant};

use books::{ALICE, Book, DREAM, eight_word_runs, folded, season};
use story::{
    finding::Severity,
    output_spec::{LengthRange, ScriptFormat},
    screenplay::{duanju, fountain},
    text::{Length, Unit},
};

const SHORT: LengthRange = LengthRange { min: 500, max: 800, unit: Unit::Chars };

/// What must hold of every episode: extractive speech, and a source that it can be recognised from.
fn is_faithful(episode: &books::Episode, format: ScriptFormat) -> (usize, usize) {
    let source = folded(&episode.source_text());
    let script = match format {
        ScriptFormat::Custom => duanju::script_of(&episode.text),
        _ => fountain::script_of(&episode.text),
    };
    let speeches: Vec<String> = script.speeches().map(|s| s.text.clone()).collect();
    let parts = |speech: &str| books::parts(speech).iter().all(|part| source.contains(&folded(part)));
    let kept = speeches.iter().filter(|s| parts(s)).count();
    assert!(eight_word_runs(&episode.text, &episode.source_text()) >= 3, "episode {} shares too little with its source", episode.number);
    (kept, speeches.len())
}

fn all_faithful(book: &Book, episodes: &[books::Episode], format: ScriptFormat) {
    let (mut kept, mut all, mut silent) = (0, 0, 0);
    for episode in episodes {
        let (k, n) = is_faithful(episode, format);
        kept += k;
        all += n;
        silent += usize::from(n == 0);
        let faults = match format {
            ScriptFormat::Custom => duanju::check(episode.number, &episode.text),
            _ => fountain::check(episode.number, &episode.text, &script_names(&episode.text)),
        };
        let errors: Vec<_> = faults.into_iter().filter(|f| f.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{} episode {}: {errors:?}\n{}", book.title, episode.number, episode.text);
    }
    // A stretch in which nobody speaks is shown and told.
    assert!(silent * 4 <= episodes.len(), "{silent} of {} episodes are silent", episodes.len());
    assert!(kept * 100 >= all * 90, "{}: {kept} of {all} speeches stand in the source", book.title);
}

fn script_names(text: &str) -> Vec<String> {
    fountain::script_of(text).speakers()
}

#[test]
fn twenty_episodes_of_the_dream_are_each_as_long_as_a_short_drama_is_and_valid() {
    let began = Instant::now();
    let book = Book::read(DREAM);
    let episodes = season(&book, 20, SHORT, ScriptFormat::Custom);
    assert!(began.elapsed().as_secs() < 20, "took {:?}", began.elapsed());
    assert_eq!(episodes.len(), 20);
    for episode in &episodes {
        let length = Length::of(&episode.text).chars;
        assert!((500..=880).contains(&length), "episode {} has {length} characters:\n{}", episode.number, episode.text);
    }
    all_faithful(&book, &episodes, ScriptFormat::Custom);
}

#[test]
fn six_episodes_of_alice_and_one_for_each_chapter_are_whole_and_valid() {
    let book = Book::read(ALICE);
    let words = LengthRange { min: 700, max: 1100, unit: Unit::Words };
    let six = season(&book, 6, words, ScriptFormat::Fountain);
    assert_eq!(six.len(), 6);
    all_faithful(&book, &six, ScriptFormat::Fountain);
    let each: Vec<books::Episode> = book.by_chapter(words, ScriptFormat::Fountain);
    assert_eq!(each.len(), 12);
    for episode in six.iter().chain(&each) {
        let length = Length::of(&episode.text).words;
        assert!((700..=1100).contains(&length), "episode {} has {length} words", episode.number);
    }
    all_faithful(&book, &each, ScriptFormat::Fountain);
}

#[test]
fn every_chapter_of_the_dream_is_divided_by_its_length() {
    let book = Book::read(DREAM);
    let mut short = BTreeMap::new();
    for chapter in 1..=12 {
        let episodes = book.by_length(chapter, SHORT, ScriptFormat::Custom);
        all_faithful(&book, &episodes, ScriptFormat::Custom);
        for episode in episodes {
            let length = Length::of(&episode.text).chars;
            assert!(length <= 880, "chapter {chapter}, episode {} has {length} characters:\n{}", episode.number, episode.text);
            let source = Length::of(&episode.source_text()).chars;
            if length < 500 {
                short.insert((chapter, episode.number), (length, source));
                assert!(
                    source < 900,
                    "chapter {chapter}, episode {} has {length} of {source} characters:\n{}",
                    episode.number,
                    episode.text
                );
            }
        }
    }
    println!("below the range, for want of source: {short:?}");
}

#[test]
fn the_same_chapter_gives_the_same_script_twice() {
    let book = Book::read(DREAM);
    assert_eq!(book.by_length(3, SHORT, ScriptFormat::Custom)[2].text, book.by_length(3, SHORT, ScriptFormat::Custom)[2].text);
}
