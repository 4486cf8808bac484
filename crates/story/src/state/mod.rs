//! The state of a run: everything it must remember to go on after a crash.
//!
//! Each top-level key is stored by itself, so the parts that stay are shared and never written again.

mod adaptation;
mod draws;
pub(crate) mod hand;
mod run;
mod script;

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use self::hand::InHand as _;
use crate::{
    context::{PlanLine, Standing, Stands, around},
    current_state::CurrentState,
    digests::Digests,
    extraction::Extraction,
    finding::Finding,
    guidance::Guidance,
    output_spec::OutputSpec,
    plan::{Beats, Outline, UnitKind},
    source::Breakdown,
    text::Length,
};

pub use adaptation::{AdaptationInputs, AdaptationState, SplitMode};
pub use draws::{Candidate, Draws, Merits, Reason};
pub use run::RunState;
pub use script::{ScriptInputs, ScriptState};

/// The version of the state's shape. A run with a newer one is never claimed by this program.
pub const STATE_VERSION: u32 = 1;

/// The state of a run of kind `novel`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NovelState {
    /// [`STATE_VERSION`].
    pub version: u32,
    /// Which step runs next, and where.
    pub cursor: Cursor,
    /// Pinned when the run was created.
    pub output_spec: Arc<OutputSpec>,
    /// Standing instructions, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub guidance: BTreeMap<String, Guidance>,
    /// The world as the committed chapters left it.
    pub current_state: Arc<CurrentState>,
    /// What the committed chapters said, near ones in detail.
    pub digests: Arc<Digests>,
    /// The plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outline: Option<Arc<Outline>>,
    /// The beats of the chapter in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beats: Option<Arc<Beats>>,
    /// The chapter in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Arc<Draft>>,
    /// What the draft says happened; absent until it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraction: Option<Arc<Extraction>>,
    /// What is to be done with the draft; absent until it was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critique: Option<Arc<Critique>>,
    /// How many times this chapter was fixed so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix_round: Option<u32>,
    /// The best round so far, once there is more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Arc<Round>>,
    /// The drafts that the one in hand was chosen from, where there were several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<Arc<Draws>>,
    /// The version that the draft in hand is to come after; absent for a chapter that has no text yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Arc<String>>,
    /// What waits while a committed chapter is written anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redo: Option<Arc<Redo>>,
}

/// A committed chapter, scene or episode is written anew: what waits meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redo {
    /// Its ordinal.
    pub chapter: u32,
    /// Where the run stood.
    pub back: Cursor,
    /// The world as all committed chapters left it.
    pub current_state: Arc<CurrentState>,
    /// What they said.
    pub digests: Arc<Digests>,
    /// What was in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beats: Option<Arc<Beats>>,
    /// The chapter of the source that was in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<Arc<Breakdown>>,
    /// The last lines of the episode before the one that was in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<String>,
    /// What was in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Arc<Draft>>,
    /// Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraction: Option<Arc<Extraction>>,
    /// Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critique: Option<Arc<Critique>>,
    /// Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix_round: Option<u32>,
    /// Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Arc<Round>>,
    /// Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<Arc<Draws>>,
}

/// Where a run stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The name of the step that runs next, or `done`.
    pub phase: String,
    /// The ordinal of the chapter in hand, from 1; in an adaptation a chapter of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter_index: Option<u32>,
    /// The ordinal of the scene in hand, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene_index: Option<u32>,
    /// The ordinal of the episode in hand, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_index: Option<u32>,
    /// Its place among the episodes that begin in the same chapter, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter_episode_index: Option<u32>,
}

/// A chapter in hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The chapter's ordinal.
    pub ordinal: u32,
    /// Its title.
    pub title: String,
    /// The prose, normalised.
    pub text: String,
    /// Counted from the text.
    pub length: Length,
    /// 0 for the first draft, then one more with each fix and with each new draft of a held chapter.
    pub round: u32,
}

/// What the critique decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Keep it.
    Commit,
    /// Send the named paragraphs back.
    Fix,
    /// A person must decide.
    Person,
}

/// The rubric, each from 0 to 100.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scores {
    /// How much of the beats is told.
    pub coverage: u8,
    /// Whether it sounds as the brief asks.
    pub voice: u8,
    /// Whether it moves.
    pub pace: u8,
    /// Whether people speak like themselves.
    pub dialogue: u8,
    /// How strongly a 短剧 episode seizes; absent for other forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening_hook: Option<u8>,
    /// How strongly it calls for the next one; absent for other forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_hook: Option<u8>,
}

/// The critique of a chapter in hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Critique {
    /// What happens next.
    pub verdict: Verdict,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// The model's rubric; absent when it could not be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<Scores>,
    /// What is to be done, by paragraph number. Counts only where the verdict is `fix`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub paragraphs: BTreeMap<u32, String>,
}

/// One round of a chapter, judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// The text of that round.
    pub draft: Arc<Draft>,
    /// What it says happened; absent when it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraction: Option<Arc<Extraction>>,
    /// What was found.
    pub findings: Vec<Finding>,
}

hand::in_hand!(NovelState);

impl Stands for NovelState {
    fn standing(&self) -> Standing<'_> {
        let unit = self.cursor.chapter_index;
        let plan = self.outline.iter().zip(unit).flat_map(|(outline, unit)| {
            let ordered = (1_u32..).zip(outline.in_order());
            ordered
                .filter(move |(n, _)| around(unit).contains(n))
                .map(|(n, (_, c))| (n, PlanLine { title: &c.title, summary: &c.summary, hook: c.hook.as_deref() }))
        });
        Standing {
            kind: UnitKind::Chapter,
            unit,
            language: None,
            preset: None,
            length: self.output_spec.chapter_length,
            guidance: &self.guidance,
            current_state: &self.current_state,
            digests: &self.digests,
            plan: plan.collect(),
        }
    }
}

impl NovelState {
    /// The state of a run that has done nothing yet.
    pub fn begin(output_spec: OutputSpec, cast: &[crate::brief::Character]) -> Self {
        Self {
            version: STATE_VERSION,
            cursor: Cursor { phase: crate::workflow::novel::OUTLINE.into(), ..Cursor::default() },
            output_spec: Arc::new(output_spec),
            guidance: BTreeMap::new(),
            current_state: Arc::new(CurrentState::of_cast(cast)),
            digests: Arc::default(),
            outline: None,
            beats: None,
            draft: None,
            extraction: None,
            critique: None,
            fix_round: None,
            best: None,
            draws: None,
            replaces: None,
            redo: None,
        }
    }

    /// Whether every planned chapter is committed.
    pub fn is_done(&self) -> bool {
        self.cursor.phase == crate::workflow::DONE
    }

    /// Takes `draft` from a person's hand: it is read and judged anew, with all its fix rounds, and no earlier round is put in its place.
    pub fn take_from_hand(&mut self, draft: Draft) {
        self.hand().take(draft, crate::workflow::novel::EXTRACT);
    }

    /// Puts down everything that belongs to the chapter in hand.
    pub fn clear_hand(&mut self) {
        self.beats = None;
        self.hand().clear();
    }
}

impl Draft {
    /// A draft of `text`, counted.
    pub fn new(ordinal: u32, title: &str, text: String, round: u32) -> Self {
        Self { ordinal, title: title.to_owned(), length: Length::of(&text), text, round }
    }
}
