use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    brief::FrozenBrief,
    context::Context,
    digests::ChapterDigest,
    extraction::Extraction,
    finding::Finding,
    knowledge::Fact,
    plan::UnitId,
    refold::Reading,
    state::{Draft, RunState},
    tasks::Call,
};

/// Everything that a step may look at. `S` is the state of one kind of run, or of any.
#[derive(Debug)]
pub struct Desk<'a, S = RunState> {
    /// The brief, as it was when the run began.
    pub brief: &'a FrozenBrief,
    /// Where the run stands.
    pub state: &'a S,
    /// What all calls of the unit in hand read first.
    pub context: &'a Context,
    /// What was read from the store.
    pub materials: &'a Materials,
}

impl<S> Clone for Desk<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Desk<'_, S> {}

impl<'a, S> Desk<'a, S> {
    /// The same desk over `state`.
    pub(crate) fn over<T>(self, state: &'a T) -> Desk<'a, T> {
        Desk { brief: self.brief, state, context: self.context, materials: self.materials }
    }
}

/// What a step does next.
#[derive(Debug)]
pub enum Act<S = RunState> {
    /// Ask a model; the answer is heard under the call's slot.
    Ask(Box<Call>),
    /// The step is finished: save this.
    Done(Box<StepTurn<S>>),
}

impl<S> Act<S> {
    /// The same, with the next state as `into` makes it.
    pub(crate) fn map<T>(self, into: impl FnOnce(S) -> T) -> Act<T> {
        match self {
            Self::Ask(call) => Act::Ask(call),
            Self::Done(turn) => {
                let StepTurn { state, outputs, effects, hold, progress } = *turn;
                Act::Done(Box::new(StepTurn { state: into(state), outputs, effects, hold, progress }))
            }
        }
    }
}

/// Where a run stands after a step, and what must be saved with it.
#[derive(Debug, Clone)]
pub struct StepTurn<S = RunState> {
    /// The whole next state; the parts that stay are shared with the one before.
    pub state: S,
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
    /// A chapter, scene or episode is finished: a new version of its artifact.
    KeepUnit(Box<UnitKept>),
    /// A committed chapter was read again: what hangs from its text.
    RereadChapter(Box<ChapterReread>),
}

/// What was read of a committed chapter that a person has changed.
#[derive(Debug, Clone)]
pub struct ChapterReread {
    /// The chapter's stable id in the plan.
    pub chapter_id: UnitId,
    /// The version that was read.
    pub version_id: String,
    /// Its words.
    pub content_id: String,
    /// What they say happened; absent when they could not be read.
    pub extraction: Option<Arc<Extraction>>,
    /// The facts of that, under the key of this reading.
    pub facts: Option<(String, Vec<Fact>)>,
    /// What is remembered of them.
    pub digest: ChapterDigest,
}

/// A finished chapter, scene or episode with everything that hangs from its text.
#[derive(Debug, Clone)]
pub struct UnitKept {
    /// Its stable id in the plan.
    pub unit_id: UnitId,
    /// Text, title, ordinal.
    pub draft: Arc<Draft>,
    /// What it says happened; absent when it could not be read.
    pub extraction: Option<Arc<Extraction>>,
    /// The facts of that.
    pub facts: Vec<Fact>,
    /// What is remembered of it.
    pub digest: ChapterDigest,
    /// The fingerprints of its paragraphs: number and print.
    pub prints: Vec<(usize, String)>,
    /// Findings that stay with the version.
    pub findings: Vec<Finding>,
    /// Where it comes from, as an object whose keys stand in the version's metadata; empty for a text of the run's own making.
    pub provenance: Map<String, Value>,
}

/// What a step must read from the store besides the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// In which earlier chapters of this run's line do these paragraph prints stand?
    pub prints: Vec<String>,
    /// The texts of these contents.
    pub contents: Vec<String>,
    /// Whether it must see what was read of all committed chapters.
    pub readings: bool,
    /// Whether it must see which words of the unit in hand are locked.
    pub locks: bool,
}

/// What the store answered to [`Needs`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Materials {
    /// By print: the ordinal of the earliest chapter before the one in hand that has it.
    pub repeated: BTreeMap<String, u32>,
    /// The texts that were asked for, by content id; one that is gone is missing.
    pub contents: BTreeMap<String, String>,
    /// The chapter that this step reads again, where it does.
    pub reread: Option<Reread>,
    /// What was read of the committed chapters, in order, where that is needed.
    pub readings: Vec<Reading>,
    /// Words that must stand in the unit in hand, in the order of its text so far.
    pub locked: Vec<String>,
    /// How many drafts to choose from; 0 is 1.
    pub candidates: u32,
}

/// A committed chapter whose latest version a person wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Reread {
    #[allow(missing_docs)]
    pub ordinal: u32,
    /// Its stable id in the plan.
    pub chapter_id: UnitId,
    #[allow(missing_docs)]
    pub version_id: String,
    #[allow(missing_docs)]
    pub content_id: String,
    #[allow(missing_docs)]
    pub title: String,
    #[allow(missing_docs)]
    pub text: String,
    /// What the hand began from, where it changed a text; none where it wrote the first one.
    pub text_before: Option<String>,
    /// What was read of the committed chapters so far, in order, this one's earlier version among them.
    pub readings: Vec<Reading>,
}

/// What a step could not go on for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The state.
    State,
    /// The answers that were heard: asked again, the model may do better.
    Answer,
    /// The answers, too: they leave out words that are locked.
    Locks,
}

/// A state that its own step cannot go on from: a fault of ours, or of a hand that edited the state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("step {phase} cannot run: {why}")]
pub struct OutOfTurn {
    /// The step.
    pub phase: String,
    /// What is missing.
    pub why: String,
    /// What is to blame.
    pub blames: Blame,
}

impl OutOfTurn {
    /// The answers of this step cannot be used.
    pub(crate) fn unusable(phase: &str, why: impl Into<String>) -> Self {
        Self { phase: phase.into(), why: why.into(), blames: Blame::Answer }
    }

    pub(crate) fn new(phase: &str, why: impl Into<String>) -> Self {
        Self { phase: phase.into(), why: why.into(), blames: Blame::State }
    }

    /// The answers of this step leave out what is locked.
    pub(crate) fn against_locks(phase: &str, missing: &[&str]) -> Self {
        let quotes: Vec<String> = missing.iter().map(|words| format!("“{}”", crate::digests::shorten(words, 80))).collect();
        let why = format!("the model's text leaves out words that are locked: {}", quotes.join(", "));
        Self { phase: phase.into(), why, blames: Blame::Locks }
    }
}
