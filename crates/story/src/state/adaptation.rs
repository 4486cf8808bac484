use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Critique, Cursor, Draft, Draws, Redo, Round, ScriptInputs, hand::in_hand};
use crate::{
    brief::Character,
    context::{PlanLine, Standing, Stands, around},
    current_state::CurrentState,
    digests::Digests,
    extraction::Extraction,
    guidance::Guidance,
    output_spec::{LengthRange, OutputSpec, PartialOutputSpec},
    plan::{EpisodePlan, UnitKind},
    presets::PinnedPreset,
    source::{Breakdown, Source, chapter_range},
};

/// How the source is divided into episodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitMode {
    /// One chapter is one episode: 1章=1集.
    #[default]
    ChapterUnit,
    /// Each chapter becomes as many episodes as its length asks for.
    AutoByLength,
    /// Exactly so many episodes over the whole source.
    ByEpisodeCount,
}

/// The state of a run of kind `novel_to_script`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdaptationState {
    /// [`super::STATE_VERSION`].
    pub version: u32,
    /// Which step runs next, and where.
    pub cursor: Cursor,
    /// Pinned when the run was created; `chapter_length` is the length of an episode.
    pub output_spec: Arc<OutputSpec>,
    /// BCP 47: the language of the script, pinned when the run was created.
    pub language: String,
    /// Standing instructions, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub guidance: BTreeMap<String, Guidance>,
    /// The world as the committed episodes left it.
    pub current_state: Arc<CurrentState>,
    /// What the committed episodes said, near ones in detail.
    pub digests: Arc<Digests>,
    /// The preset that the run asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_preset_id: Option<String>,
    /// The preset that holds, as it was when the run was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_preset: Option<Arc<PinnedPreset>>,
    /// How the source is divided; absent where the run did not say, which is [`SplitMode::ChapterUnit`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_mode: Option<SplitMode>,
    /// How many episodes, with [`SplitMode::ByEpisodeCount`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_count: Option<u32>,
    /// Whether an episode is to be as long as its chapter, since nobody asked for a length; then `chapter_length` only says what is counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub length_by_chapter: bool,
    /// What the run asked of its output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion_output_spec: Option<Arc<PartialOutputSpec>>,
    /// The snapshot that the source belongs to, also where the run did not name it.
    pub source_brief_snapshot_id: String,
    /// The run that the source was written by, also where the run did not name it; absent for a standalone manuscript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_workflow_run_id: Option<String>,
    /// The chapters, pinned.
    pub source: Arc<Source>,
    /// The chapter in hand, broken down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<Arc<Breakdown>>,
    /// Every chapter, where the whole book is planned at once: by ordinal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakdowns: Option<Arc<BTreeMap<u32, Arc<Breakdown>>>>,
    /// The plan, as far as it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_plan: Option<Arc<EpisodePlan>>,
    /// The last lines of the episode before the one in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<String>,
    /// The episode in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Arc<Draft>>,
    /// What the draft says happened; absent until it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraction: Option<Arc<Extraction>>,
    /// What is to be done with the draft; absent until it was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critique: Option<Arc<Critique>>,
    /// How many times this episode was fixed so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix_round: Option<u32>,
    /// The best round so far, once there is more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Arc<Round>>,
    /// The drafts that the one in hand was chosen from, where there were several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<Arc<Draws>>,
    /// The version that the draft in hand is to come after; absent for an episode that has no text yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Arc<String>>,
    /// What waits while a committed episode is written anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redo: Option<Arc<Redo>>,
}

/// What is settled about an adaptation before its first step.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the fields are those of the state")]
pub struct AdaptationInputs {
    pub script: ScriptInputs,
    pub split_mode: Option<SplitMode>,
    pub episode_count: Option<u32>,
    pub length_by_chapter: bool,
    pub conversion_output_spec: Option<PartialOutputSpec>,
    pub source_brief_snapshot_id: String,
    pub source_workflow_run_id: Option<String>,
    pub source: Source,
}

in_hand!(AdaptationState);

impl AdaptationState {
    /// The state of a run that has done nothing yet.
    pub fn begin(inputs: AdaptationInputs, cast: &[Character]) -> Self {
        let script = inputs.script;
        Self {
            version: super::STATE_VERSION,
            cursor: Cursor {
                phase: crate::workflow::adaptation::BREAKDOWN.into(),
                chapter_index: inputs.source.first(),
                ..Cursor::default()
            },
            output_spec: Arc::new(script.output_spec),
            language: script.language,
            guidance: BTreeMap::new(),
            current_state: Arc::new(CurrentState::of_cast(cast)),
            digests: Arc::default(),
            prompt_preset_id: script.prompt_preset_id,
            prompt_preset: script.prompt_preset.map(Arc::new),
            split_mode: inputs.split_mode,
            episode_count: inputs.episode_count,
            length_by_chapter: inputs.length_by_chapter,
            conversion_output_spec: inputs.conversion_output_spec.map(Arc::new),
            source_brief_snapshot_id: inputs.source_brief_snapshot_id,
            source_workflow_run_id: inputs.source_workflow_run_id,
            source: Arc::new(inputs.source),
            breakdown: None,
            breakdowns: None,
            episode_plan: None,
            ending: None,
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

    /// How the source is divided.
    pub fn split(&self) -> SplitMode {
        self.split_mode.unwrap_or_default()
    }

    /// How long the episode with this ordinal is to be.
    pub fn length_of(&self, episode: u32) -> LengthRange {
        let asked = self.output_spec.chapter_length;
        let planned = self.episode_plan.as_ref().and_then(|plan| plan.episode(episode)).filter(|_| self.length_by_chapter);
        let chapter = planned.and_then(|(_, episode)| self.source.chapters.get(&episode.from.chapter));
        chapter.map_or(asked, |chapter| chapter_range(chapter.length, asked.unit))
    }

    /// What is known of this chapter, where it was broken down and is not put away.
    pub fn broken_down(&self, chapter: u32) -> Option<&Breakdown> {
        let kept = self.breakdowns.as_ref().and_then(|all| all.get(&chapter));
        kept.or(self.breakdown.as_ref().filter(|breakdown| breakdown.chapter == chapter)).map(|breakdown| &**breakdown)
    }
}

impl Stands for AdaptationState {
    fn standing(&self) -> Standing<'_> {
        let unit = self.cursor.episode_index;
        let plan = self.episode_plan.iter().zip(unit).flat_map(|(plan, unit)| {
            let ordered = (1_u32..).zip(plan.in_order());
            ordered
                .filter(move |(n, _)| around(unit).contains(n))
                .map(|(n, (_, e))| (n, PlanLine { title: &e.title, summary: &e.core, hook: Some(&e.hook) }))
        });
        Standing {
            kind: UnitKind::Episode,
            unit,
            language: Some(&self.language),
            preset: self.prompt_preset.as_ref().map(|preset| preset.text.as_str()),
            length: unit.map_or(self.output_spec.chapter_length, |unit| self.length_of(unit)),
            guidance: &self.guidance,
            current_state: &self.current_state,
            digests: &self.digests,
            plan: plan.collect(),
        }
    }
}
