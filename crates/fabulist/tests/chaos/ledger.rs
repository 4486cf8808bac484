//! What was asked, what was promised, and what was seen to be wrong.

use std::collections::{BTreeMap, BTreeSet};

use crate::schedule::{KINDS, Kind};

/// How often something was pressed, and what came of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) accepted: u32,
    /// The run's status, or the like, did not allow it.
    pub(crate) refused: u32,
    /// Nobody answered: killed, stopped, not there, or too slow.
    pub(crate) unanswered: u32,
}

/// What became of a run, as far as people know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Alive,
    /// Its deletion was promised.
    Deleted {
        words_kept: bool,
    },
    /// It was asked to be deleted, and nobody answered.
    Unknown,
}

/// Everything that was promised to people.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) counts: BTreeMap<Kind, Count>,
    /// Runs in the order in which they were made known.
    pub(crate) runs: Vec<(String, Fate)>,
    /// Texts that were taken: run and words.
    pub(crate) texts: Vec<(String, String)>,
    /// Steps that were answered: run, id, index, status.
    pub(crate) steps: Vec<(String, String, i64, String)>,
    /// Answers that nobody should ever get.
    pub(crate) wrong: Vec<String>,
    pub(crate) kills: u32,
    pub(crate) stops: u32,
}

impl Ledger {
    pub(crate) fn fate(&self, run: &str) -> Option<Fate> {
        self.runs.iter().find(|(id, _)| id == run).map(|(_, fate)| *fate)
    }

    pub(crate) fn set_fate(&mut self, run: &str, fate: Fate) {
        if let Some(known) = self.runs.iter_mut().find(|(id, _)| id == run) {
            known.1 = fate;
        }
    }

    /// Runs that people know to be there, the youngest first.
    pub(crate) fn alive(&self) -> Vec<String> {
        self.runs.iter().rev().filter(|(_, fate)| *fate == Fate::Alive).map(|(id, _)| id.clone()).collect()
    }

    /// Commands of which none was ever accepted.
    pub(crate) fn never_accepted(&self) -> Vec<Kind> {
        let accepted: BTreeSet<Kind> = self.counts.iter().filter(|(_, count)| count.accepted > 0).map(|(kind, _)| *kind).collect();
        // Several drafts can be asked for only where one comes next and nobody is at it: a short time may have no such moment.
        let rare = [Kind::Draw, Kind::Choose];
        KINDS.iter().map(|(kind, _)| *kind).filter(|kind| !accepted.contains(kind) && !rare.contains(kind)).collect()
    }

    pub(crate) fn print_commands(&self) {
        let total = self.counts.values().fold(Count::default(), |sum, count| Count {
            accepted: sum.accepted + count.accepted,
            refused: sum.refused + count.refused,
            unanswered: sum.unanswered + count.unanswered,
        });
        let each: Vec<String> = self
            .counts
            .iter()
            .map(|(kind, count)| {
                format!(
                    "{} {}",
                    format!("{kind:?}").to_lowercase(),
                    [count.accepted, count.refused, count.unanswered].map(|n| n.to_string()).join("/")
                )
            })
            .collect();
        println!(
            "  commands  {} accepted, {} refused, {} unanswered (each: {})",
            total.accepted,
            total.refused,
            total.unanswered,
            each.join(", ")
        );
    }
}
