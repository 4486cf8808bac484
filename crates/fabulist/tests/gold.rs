//! How well rehearsal hears: three chapters labelled by hand, and the scripts that `fabulist adapt` makes of the two novels.
//! `cargo xtask bench adapt` prints the figures.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on has failed, and this one prints figures")]

mod support;

use story::screenplay::{Speech, Voice, duanju, fountain};
use support::Writer;

const ALICE: &str = include_str!("../../../examples/texts/alice.txt");
const DREAM: &str = include_str!("../../../examples/texts/hongloumeng_1-12.txt");

/// A quotation as a person labelled it.
struct Label<'a> {
    speakers: Vec<&'a str>,
    explicit: bool,
    thought: bool,
    words: &'a str,
}

/// The rows below the comments and the header.
fn labels(file: &str) -> Vec<Label<'_>> {
    let rows = file.lines().filter(|line| !line.starts_with('#')).skip(1);
    let labels: Vec<Label<'_>> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split('\t').collect();
            let &[_, speaker, explicit, kind, words] = cells.as_slice() else { panic!("five cells: {row}") };
            Label { speakers: speaker.split('/').collect(), explicit: explicit == "yes", thought: kind == "thought", words }
        })
        .collect();
    assert_eq!(labels.len(), 60, "sixty lines a chapter");
    labels
}

#[derive(Debug, Default)]
struct Score {
    lines: usize,
    spoken: usize,
    explicit: usize,
    right: usize,
    others: usize,
    others_right: usize,
    thoughts: usize,
    voice_over: usize,
}

/// Each label is looked for in the script's speeches, in order.
fn score(speeches: &[Speech], labels: &[Label<'_>]) -> Score {
    let mut score = Score { lines: labels.len(), ..Score::default() };
    let heard: Vec<String> = speeches.iter().map(|s| folded(&s.text)).collect();
    let mut at = 0;
    for label in labels {
        let words = folded(label.words);
        let found = (at..heard.len()).find(|i| heard[*i].contains(&words));
        let speech = found.map(|i| &speeches[i]);
        at = found.unwrap_or(at);
        let right = speech.is_some_and(|s| label.speakers.iter().any(|name| name.to_lowercase() == s.name.to_lowercase()));
        score.spoken += usize::from(speech.is_some());
        if label.explicit {
            score.explicit += 1;
            score.right += usize::from(right);
        } else {
            score.others += 1;
            score.others_right += usize::from(right);
        }
        if label.thought {
            score.thoughts += 1;
            score.voice_over += usize::from(speech.is_some_and(|s| s.voice == Some(Voice::Over)));
        }
    }
    score
}

/// Letters and digits alone.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The episodes that `fabulist adapt FILE` makes, one for each chapter, in order.
fn adapted(file: &str, novel: &str) -> Vec<String> {
    let writer = Writer::new();
    writer.file(file, novel);
    let made = writer.json(&["adapt", file]);
    let list = writer.json(&["artifacts", "list", made["run"]["id"].as_str().unwrap()]);
    let ids = list["items"].as_array().unwrap().iter().map(|artifact| artifact["id"].as_str().unwrap());
    let episodes: Vec<String> = ids.map(|id| writer.ok(&["artifacts", "show", id]).stdout).collect();
    assert_eq!(episodes.len(), 12, "one for each chapter");
    episodes
}

fn heard(book: &str, episode: u32, script: &str, gold: &str) -> (Vec<Speech>, Score) {
    let parsed = if script.trim_start().starts_with('第') { duanju::script_of(script) } else { fountain::script_of(script) };
    let speeches: Vec<Speech> = parsed.speeches().cloned().collect();
    let score = score(&speeches, &labels(gold));
    let percent = |n: usize, of: usize| n * 100 / of.max(1);
    println!(
        "{book:<8} episode {episode:>2}: {}/{} quoted lines are dialogue ({} %), {}/{} explicit ones have the right speaker ({} %), {}/{} others ({} %), {}/{} thoughts are voice-over",
        score.spoken,
        score.lines,
        percent(score.spoken, score.lines),
        score.right,
        score.explicit,
        percent(score.right, score.explicit),
        score.others_right,
        score.others,
        percent(score.others_right, score.others),
        score.voice_over,
        score.thoughts,
    );
    (speeches, score)
}

#[test]
fn the_mad_tea_party_is_heard() {
    let (_, score) = heard("Alice", 7, &adapted("alice.txt", ALICE)[6], include_str!("gold/alice_7.tsv"));
    assert!(score.spoken * 100 >= score.lines * 85, "{score:?}");
    assert!(score.right * 100 >= score.explicit * 80, "{score:?}");
    assert_eq!(score.voice_over, score.thoughts);
}

#[test]
fn two_chapters_of_the_dream_are_heard() {
    let not_speech: Vec<&str> = include_str!("gold/hongloumeng_not_speech.tsv").lines().filter(|l| !l.starts_with('#')).skip(1).collect();
    let episodes = adapted("红楼梦.txt", DREAM);
    for (chapter, gold) in [(3, include_str!("gold/hongloumeng_3.tsv")), (6, include_str!("gold/hongloumeng_6.tsv"))] {
        let (speeches, score) = heard("红楼梦", chapter, &episodes[chapter as usize - 1], gold);
        assert!(score.spoken * 100 >= score.lines * 80, "{score:?}");
        assert!(score.right * 100 >= score.explicit * 75, "{score:?}");
        assert_eq!(score.voice_over, score.thoughts);
        for row in &not_speech {
            let words = folded(row.split_once('\t').unwrap().1);
            assert!(!speeches.iter().any(|s| folded(&s.text) == words), "nobody says “{words}”");
        }
    }
}
