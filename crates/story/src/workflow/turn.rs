use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    digests::ChapterDigest,
    extraction::Extraction,
    finding::Finding,
    plan::ChapterId,
    refold::Reading,
    state::{Draft, NovelState},
    tasks::Call,
};

/// What a step does next.
#[derive(Debug)]
pub enum Act {
    /// Ask a model; the answer is heard under the call's slot.
    Ask(Box<Call>),
    /// The step is finished: save this.
    Done(Box<StepTurn>),
}

/// Where a run stands after a step, and what must be saved with it.
#[derive(Debug, Clone)]
pub struct StepTurn {
    /// The whole next state; the parts that stay are shared with the one before.
    pub state: NovelState,
    /// Counts and references for the step's row. Never empty, never prose.
    pub outputs: Value,
    /// What else must be saved, in the same transaction.
    pub effects: Vec<Effect>,
    /// Why a person must look before anything goes on.
    pub hold: Option<Hold>,
    /// Units committed and planned.
    pub progress: Progress,
}

/// A pause that a finding asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    /// What a person has to decide, in a sentence.
    pub detail: String,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Units committed.
    pub done: u32,
    /// Units planned; before the plan what the output spec asks.
    pub total: u32,
}

/// Something that must be saved beside the state.
#[derive(Debug, Clone)]
pub enum Effect {
    /// A chapter is finished: a new version of its artifact.
    KeepChapter(Box<ChapterKept>),
    /// A committed chapter was read again: what hangs from its text.
    RereadChapter(Box<ChapterReread>),
}

/// What was read of a committed chapter that a person has changed.
#[derive(Debug, Clone)]
pub struct ChapterReread {
    /// The chapter's stable id in the plan.
    pub chapter_id: ChapterId,
    /// The version that was read.
    pub version_id: String,
    /// Its words.
    pub content_id: String,
    /// What they say happened; absent when they could not be read.
    pub extraction: Option<Arc<Extraction>>,
    /// What is remembered of them.
    pub digest: ChapterDigest,
}

/// A finished chapter with everything that hangs from its text.
#[derive(Debug, Clone)]
pub struct ChapterKept {
    /// The chapter's stable id in the plan.
    pub chapter_id: ChapterId,
    /// Text, title, ordinal.
    pub draft: Arc<Draft>,
    /// What it says happened; absent when it could not be read.
    pub extraction: Option<Arc<Extraction>>,
    /// What is remembered of it.
    pub digest: ChapterDigest,
    /// The fingerprints of its paragraphs: number and print.
    pub prints: Vec<(usize, String)>,
    /// Findings that stay with the version.
    pub findings: Vec<Finding>,
}

/// What a step must read from the store besides the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// In which earlier chapters of this run's line do these paragraph prints stand?
    pub prints: Vec<String>,
}

/// What the store answered to [`Needs`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Materials {
    /// By print: the ordinal of the earliest chapter before the one in hand that has it.
    pub repeated: BTreeMap<String, u32>,
    /// The chapter that this step reads again, where it does.
    pub reread: Option<Reread>,
}

/// A committed chapter whose latest version a person wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Reread {
    #[allow(missing_docs)]
    pub ordinal: u32,
    /// Its stable id in the plan.
    pub chapter_id: ChapterId,
    #[allow(missing_docs)]
    pub version_id: String,
    #[allow(missing_docs)]
    pub content_id: String,
    #[allow(missing_docs)]
    pub title: String,
    #[allow(missing_docs)]
    pub text: String,
    /// What was read of the committed chapters so far, in order, this one's earlier version among them.
    pub readings: Vec<Reading>,
}

/// A state that its own step cannot go on from: a fault of ours, or of a hand that edited the state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("step {phase} cannot run: {why}")]
pub struct OutOfTurn {
    /// The step.
    pub phase: String,
    /// What is missing.
    pub why: String,
    /// Whether the answers that were heard are to blame: asked again, the model may do better.
    pub answer: bool,
}

impl OutOfTurn {
    /// The answers of this step cannot be used.
    pub(crate) fn unusable(phase: &str, why: impl Into<String>) -> Self {
        Self { phase: phase.into(), why: why.into(), answer: true }
    }

    pub(crate) fn new(phase: &str, why: impl Into<String>) -> Self {
        Self { phase: phase.into(), why: why.into(), answer: false }
    }
}
