//! Faults planted into prose, and passages that only look like them: what the rules find of the one, and leave alone of the other.
//!
//! A case is prose and what was read of it, by hand. Those marked as blind were written from the description of the checks, before the rules.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

mod case;

use std::collections::BTreeMap;

use case::{Case, cases};
use story::lint::{RULES, check};

/// What was seen of one rule.
#[derive(Default)]
struct Tally {
    planted: u32,
    found: u32,
    look_alikes: u32,
    false_alarms: u32,
    blind: u32,
}

impl Tally {
    fn precision(&self) -> f64 {
        if self.found + self.false_alarms == 0 { 1.0 } else { f64::from(self.found) / f64::from(self.found + self.false_alarms) }
    }

    fn recall(&self) -> f64 {
        if self.planted == 0 { 1.0 } else { f64::from(self.found) / f64::from(self.planted) }
    }
}

fn tally(cases: &[Case]) -> (BTreeMap<&'static str, Tally>, Vec<String>) {
    let mut tallies: BTreeMap<&'static str, Tally> = RULES.iter().map(|rule| (*rule, Tally::default())).collect();
    let mut wrong = Vec::new();
    for case in cases {
        let told = case.told();
        let found = check(&case.book(&told));
        let own = tallies.get_mut(case.rule.as_str()).unwrap_or_else(|| panic!("there is no rule {}", case.rule));
        own.blind += u32::from(case.blind);
        let hit = found.iter().any(|finding| finding.rule == case.rule);
        if case.found {
            own.planted += 1;
            own.found += u32::from(hit);
        } else {
            own.look_alikes += 1;
        }
        if case.found && !hit {
            wrong.push(format!("missed: {} · {}", case.rule, case.name));
        }
        for finding in found.iter().filter(|finding| !(case.found && finding.rule == case.rule)) {
            let rule = RULES.iter().find(|rule| **rule == finding.rule).unwrap();
            tallies.get_mut(rule).unwrap().false_alarms += 1;
            wrong.push(format!("false alarm: {} · in {} · {}", finding.rule, case.name, finding.message));
        }
    }
    (tallies, wrong)
}

#[test]
fn every_rule_finds_what_is_planted_and_leaves_look_alikes_alone() {
    let cases = cases();
    let (tallies, wrong) = tally(&cases);
    println!(
        "{:<24} {:>7} {:>5} {:>11} {:>12} {:>9} {:>6}",
        "rule", "planted", "blind", "look-alikes", "false alarms", "precision", "recall"
    );
    for (rule, tally) in &tallies {
        println!(
            "{rule:<24} {:>7} {:>5} {:>11} {:>12} {:>9.3} {:>6.3}",
            tally.planted,
            tally.blind,
            tally.look_alikes,
            tally.false_alarms,
            tally.precision(),
            tally.recall()
        );
    }
    let planted: u32 = tallies.values().map(|tally| tally.planted).sum();
    let look_alikes: u32 = tallies.values().map(|tally| tally.look_alikes).sum();
    let blind: u32 = tallies.values().map(|tally| tally.blind).sum();
    println!("{planted} planted, {look_alikes} look-alikes, {blind} of them written blind");
    for line in &wrong {
        println!("{line}");
    }
    for (rule, tally) in &tallies {
        assert!(tally.precision() >= 0.97, "precision of {rule}: {:.3}", tally.precision());
        assert!(tally.recall() >= 0.95, "recall of {rule}: {:.3}", tally.recall());
    }
}

#[test]
fn what_was_read_by_hand_stands_in_the_prose() {
    for case in cases() {
        for (chapter, told) in case.chapters.iter().zip(case.told()) {
            let Some(mut told) = told else { continue };
            assert_eq!(told.keep_what_is_quoted(&chapter.text), 0, "{}", case.name);
        }
    }
}

#[test]
fn a_book_is_told_the_same_findings_each_time_and_a_finding_keeps_its_fingerprint_when_another_chapter_grows() {
    for case in cases().iter().filter(|case| case.found) {
        let told = case.told();
        let book = case.book(&told);
        let first = check(&book);
        assert_eq!(first, check(&book), "{}", case.name);
        // A chapter is put before all others: every ordinal and every number of a finding moves, and no fingerprint does.
        let mut grown = book.clone();
        for chapter in &mut grown.chapters {
            chapter.ordinal += 1;
        }
        let plain = if case.lang == "zh" {
            "河水涨了。渡口的人都散了，只剩下一条狗。"
        } else {
            "The river rose. Everybody left the ferry but the dog."
        };
        let volume = grown.chapters[0].volume;
        grown.chapters.insert(0, story::lint::Chapter { ordinal: 1, volume, text: plain, ..Default::default() });
        grown.asked.due.values_mut().for_each(|due| *due += 1);
        let prints: Vec<String> = check(&grown).into_iter().map(|finding| finding.fingerprint).collect();
        let lost = first.iter().filter(|finding| finding.rule == case.rule).find(|finding| !prints.contains(&finding.fingerprint));
        assert_eq!(lost, None, "{}", case.name);
    }
}
