use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Draft;
use crate::finding::Severity;

/// Several drafts of the unit in hand, to choose from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draws {
    /// The number of the one that was taken into the hand.
    pub chosen: u32,
    /// By number, from 1, in the order in which they were asked for.
    pub candidates: BTreeMap<u32, Candidate>,
}

/// One of several drafts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Its words.
    pub draft: Draft,
    /// How code judges it.
    pub merits: Merits,
}

/// How code judges a draft beside others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merits {
    /// Its place, from 1 for the best: by errors, then warnings, then beats that are not told, then how far its length is from the aim.
    pub rank: u32,
    /// Findings that are errors.
    pub errors: u32,
    /// Findings that are warnings.
    pub warnings: u32,
    /// Beats that its words tell, as far as code can see.
    pub beats_covered: u32,
    /// Beats that it was to tell.
    pub beats: u32,
    /// What was found, by rule.
    pub reasons: Vec<Reason>,
}

/// Findings of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The rule.
    pub rule: String,
    /// The worst of them.
    pub severity: Severity,
    /// How many there are.
    pub count: u32,
}
