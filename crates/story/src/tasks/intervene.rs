use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BeatProposal, ChapterPlan, StructuredTask, Task};
use crate::{language::Tongue, plan::Beat};

/// Asks what an instruction of the writer changes in the run. The draft in hand stands before this task in the prompt, its paragraphs
/// marked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Intervene {
    /// What the writer says.
    pub instruction: String,
    /// The step that it is about; empty where it is about none.
    #[serde(default)]
    pub about: String,
    /// Chapters that are committed: their plan stays.
    pub committed: u32,
    /// How many chapters are planned.
    pub chapter_count: u32,
    /// The planned chapters that may be changed, those that the instruction names among them.
    pub chapters: Vec<ChapterPlan>,
    /// The chapters that the instruction names, as code reads it.
    pub named: Vec<u32>,
    /// The beats of the chapter in hand.
    pub beats: Vec<Beat>,
    /// How many paragraphs the draft in hand has; 0 where there is none.
    pub paragraph_count: u32,
    /// The standing instructions so far.
    pub guidance: Vec<Standing>,
    /// The steps that the chapter in hand can go back to.
    pub steps: Vec<String>,
    /// Why an earlier answer could not be carried out; empty the first time.
    #[serde(default)]
    pub fault: String,
}

/// A standing instruction, as it is told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Its key.
    pub key: String,
    /// What it says.
    pub text: String,
    /// The chapter that it is for; 0 for all.
    pub chapter: u32,
}

/// What changes. Everything that is left empty stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intervention {
    /// What was changed and what was not, in one to three sentences to the writer, in the language of the instruction.
    pub message: String,
    /// Instructions that hold from now on.
    #[serde(default)]
    pub guidance: Vec<NewGuidance>,
    /// The keys of standing instructions that hold no longer.
    #[serde(default)]
    pub dropped_guidance: Vec<String>,
    /// What changes in the plan of chapters that are not committed.
    #[serde(default)]
    pub plan: Vec<PlanChange>,
    /// All beats of the chapter in hand anew, in order; empty when they stay.
    #[serde(default)]
    pub beats: Vec<BeatProposal>,
    /// Paragraphs of the draft in hand with their new words.
    #[serde(default)]
    pub draft: Vec<NewParagraph>,
    /// What is different about people in the story's world now.
    #[serde(default)]
    pub people: Vec<PersonChange>,
    /// The story's own time now; null when it stays.
    #[serde(default)]
    pub clock: Option<String>,
    /// The step that the chapter in hand goes back to; null when it goes on from where it stands.
    #[serde(default)]
    pub go_to: Option<String>,
}

/// A new standing instruction.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGuidance {
    /// What it says, as one would tell it to the writer of a chapter.
    pub text: String,
    /// The chapter that it is for; null for all.
    #[serde(default)]
    pub chapter: Option<i64>,
}

/// What happens to a planned chapter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanAction {
    /// Its title, summary or hook becomes another.
    #[default]
    Change,
    /// A new chapter comes after it.
    InsertAfter,
    /// It is not written.
    Drop,
}

/// A change of the plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    /// The chapter's number.
    pub chapter: i64,
    /// What happens to it.
    pub action: PlanAction,
    /// A title without a number; null when it stays.
    #[serde(default)]
    pub title: Option<String>,
    /// What happens in it, whole; null when it stays.
    #[serde(default)]
    pub summary: Option<String>,
    /// What makes the reader turn the page; null when it stays.
    #[serde(default)]
    pub hook: Option<String>,
}

/// A paragraph with its new words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewParagraph {
    /// Its number, from 1.
    pub paragraph: i64,
    /// Its new words; empty when it goes.
    pub text: String,
}

/// What is different about somebody.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// The name that the story uses.
    pub name: String,
    /// Whether the person lives; null when that stays.
    #[serde(default)]
    pub alive: Option<bool>,
    /// Where the person is; null when that stays.
    #[serde(default)]
    pub place: Option<String>,
    /// What the person knows from now on; null for nothing new.
    #[serde(default)]
    pub learns: Option<String>,
}

impl Task for Intervene {
    const NAME: &'static str = "intervene";
    fn template(tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::En => include_str!("intervene.en.md"),
            Tongue::Zh => include_str!("intervene.zh.md"),
        }
    }
}

impl StructuredTask for Intervene {
    type Answer = Intervention;
}
