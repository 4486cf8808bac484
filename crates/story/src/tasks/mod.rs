//! What a model is asked: one task = one typed input, one typed answer and one prompt in each language.

mod again;
mod break_down_chapter;
mod critique_chapter;
mod critique_script;
mod draft_chapter;
mod draft_episode;
mod draft_scene;
mod extract_facts;
mod find_json;
mod fix_paragraphs;
mod fix_script;
mod intervene;
mod list_scenes;
mod outline_chapters;
mod plan_beats;
mod plan_episodes;
mod plan_season;
mod prompt;
mod rewrite_passages;
mod source;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

pub use break_down_chapter::{BreakDownChapter, BreakdownAnswer, KeyLineProposal, MomentProposal};
pub use critique_chapter::{CritiqueChapter, Judgement, Rewrite};
pub use critique_script::{CritiqueScript, Loss, ScriptJudgement};
pub use draft_chapter::DraftChapter;
pub use draft_episode::DraftEpisode;
pub use draft_scene::DraftScene;
pub use extract_facts::{ExtractFacts, KnownName};
pub use find_json::find_json;
pub use fix_paragraphs::{FixParagraphs, ParagraphToFix, read_marked};
pub use fix_script::FixScript;
pub use intervene::{Intervene, Intervention, NewGuidance, NewParagraph, PersonChange, PlanAction, PlanChange, Standing};
pub use list_scenes::{ListScenes, ListedScene, SceneListAnswer};
pub use outline_chapters::{OutlineAnswer, OutlineChapters, OutlinedChapter};
pub use plan_beats::{BeatProposal, BeatsAnswer, PlanBeats};
pub use plan_episodes::{EpisodeProposal, EpisodesAnswer, PlanEpisodes};
pub use plan_season::{CutProposal, PlanSeason, SeasonAnswer, SeasonChapter, SeasonEpisode};
pub use prompt::{Prompt, Segment, Turn, render};
pub use rewrite_passages::{Passage, PassageScope, RewritePassages};
pub use source::{EpisodeView, KeyLine, MomentView, SceneView, SourceParagraph, SourcePart};

use crate::{brief::Character, language::Tongue};

/// One task for a model.
pub trait Task: Serialize + DeserializeOwned {
    /// Its name in journals and logs.
    const NAME: &'static str;
    /// The task's own part of the prompt, rendered strictly from the fields of the input.
    fn template(tongue: Tongue) -> &'static str;
}

/// A task whose answer is a JSON object.
pub trait StructuredTask: Task {
    /// What comes back. Its schema is derived from it, and its doc comments are read by the model too.
    type Answer: DeserializeOwned + JsonSchema;
}

/// One call of a model, complete: nothing else decides what is asked.
#[derive(Debug, Clone)]
pub struct Call {
    /// [`Task::NAME`].
    pub task: &'static str,
    /// The call's place in its step: `draft`, `outline/3`. Never an order of arrival.
    pub slot: String,
    /// The typed input in JSON. The offline model works from it; it never parses the prompt.
    pub input: Value,
    /// What a model reads.
    pub prompt: Prompt,
    /// What kind of answer is wanted.
    pub wanted: Wanted,
    /// The longest answer, in tokens.
    pub max_tokens: u64,
    /// `output_spec.seed`.
    pub seed: u64,
    /// Which of several draws this is, from 0.
    pub draw: u32,
}

/// What kind of answer is wanted.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// Running text.
    Prose,
    /// A JSON object of this schema.
    Json {
        /// The schema, as derived from the answer's type.
        schema: Arc<Value>,
        /// Says what is wrong with an answer, if anything is.
        check: fn(&Value) -> Result<(), String>,
    },
}

/// What came back for a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Running text.
    Text(String),
    /// A JSON object that passed the check.
    Json(Value),
    /// No answer could be had within the attempts, and the step can do without.
    NotRead,
}

/// An answer, with the slot that asked for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// [`Call::slot`].
    pub slot: String,
    /// What came back.
    pub answer: Answer,
}

/// A chapter as the plan has it, for a task's input.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChapterPlan {
    /// Its ordinal, from 1.
    pub number: u32,
    /// Without a number.
    pub title: String,
    /// What happens.
    pub summary: String,
    /// What makes the reader turn the page; empty where the plan has only a line.
    #[serde(default)]
    pub hook: String,
}

/// The brief, for a task's input: what the offline model writes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the brief")]
pub struct BriefView {
    pub title: String,
    /// BCP 47.
    pub language: String,
    pub logline: String,
    pub premise: String,
    pub genre: String,
    pub tone: String,
    pub style: String,
    pub setting: String,
    /// `first`, `third_limited`, `third_omniscient` or empty.
    pub pov: String,
    pub tense: String,
    pub forbidden: Vec<String>,
    pub cast: Vec<Character>,
}

impl BriefView {
    /// What a task may know of `brief`.
    pub fn of(brief: &crate::brief::FrozenBrief) -> Self {
        let c = &brief.content;
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        Self {
            title: brief.title.clone(),
            language: c.language().to_owned(),
            logline: text(&c.logline),
            premise: text(&c.premise),
            genre: text(&c.genre),
            tone: text(&c.tone),
            style: text(&c.style),
            setting: text(&c.setting),
            pov: c
                .pov
                .map(|p| serde_json::to_value(p).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default())
                .unwrap_or_default(),
            tense: text(&c.tense),
            forbidden: c.forbidden.clone(),
            cast: c.characters.clone(),
        }
    }
}

/// The schema of a task's answer, derived once.
pub fn schema_of<T: StructuredTask>() -> Arc<Value> {
    static KNOWN: Mutex<BTreeMap<&'static str, Arc<Value>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(T::NAME).or_insert_with(|| Arc::new(schemars::schema_for!(T::Answer).to_value())).clone()
}

/// Reads `answer` as the answer of `T`.
///
/// Fails with the place and the fault, in words that can be sent back to the model.
pub fn read_answer<T: StructuredTask>(answer: &Value) -> Result<T::Answer, String> {
    serde_path_to_error::deserialize(answer).map_err(|e| {
        let path = e.path().to_string();
        if path == "." { e.inner().to_string() } else { format!("at `{path}`: {}", e.inner()) }
    })
}

/// A structured call.
pub fn ask<T: StructuredTask>(slot: impl Into<String>, input: &T, prompt: Prompt, max_tokens: u64, seed: u64) -> Call {
    let wanted = Wanted::Json { schema: schema_of::<T>(), check: |value| read_answer::<T>(value).map(|_| ()) };
    call(slot, input, prompt, wanted, max_tokens, seed)
}

/// A call for prose.
pub fn ask_prose<T: Task>(slot: impl Into<String>, input: &T, prompt: Prompt, max_tokens: u64, seed: u64) -> Call {
    call(slot, input, prompt, Wanted::Prose, max_tokens, seed)
}

fn call<T: Task>(slot: impl Into<String>, input: &T, prompt: Prompt, wanted: Wanted, max_tokens: u64, seed: u64) -> Call {
    let input = serde_json::to_value(input).unwrap_or(Value::Null);
    Call { task: T::NAME, slot: slot.into(), input, prompt, wanted, max_tokens, seed, draw: 0 }
}
