//! What every call of one chapter reads first, under a budget, and the record of what got in.
//!
//! The order is fixed, from what changes least to what changes most: brief, cast, plan window, digests, current state with the
//! open questions, guidance. The same chapter gives the same bytes to beats, draft, extract, critique and fix, so that a
//! provider's prompt cache hits.

mod builder;
mod lines;
mod standing;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::builder::{Builder, Memory};
use crate::{
    brief::FrozenBrief,
    guidance::Guidance,
    language::Tongue,
    output_spec::LengthRange,
    plan::UnitKind,
    tasks::{Prompt, Segment},
    text::{Unit, tokens},
};
pub(crate) use standing::around;
pub use standing::{PlanLine, Standing, Stands};

/// The budget of a step's prompt in tokens, where the model's window does not ask for less.
pub const STEP_BUDGET: u64 = 8_000;
/// Below this the run says that its context is poor.
pub const POOR_BUDGET: u64 = 3_000;
/// What the task's own part needs at most.
const TASK_RESERVE: u64 = 1_200;
/// However long the chapters are, this much context stays.
const LEAST: u64 = 1_500;

/// What was included in a prompt, what was cut and why, and what it cost.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ContextRecord {
    /// Tokens allowed for all sections together.
    pub budget: u64,
    /// Tokens used, by our own count.
    pub used: u64,
    /// In the order of the prompt.
    pub sections: Vec<SectionRecord>,
    /// What a person should know, such as a poor budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One section of the record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SectionRecord {
    /// `brief`, `cast`, `preset`, `plan`, `digests`, `state`, `guidance`.
    pub name: String,
    /// Tokens that got in.
    pub tokens: u64,
    /// What was left out and why; absent when nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<String>,
}

/// The shared beginning of a chapter's prompts, with its record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context {
    /// The system text and the sections.
    pub prompt: Prompt,
    /// What got in.
    pub record: ContextRecord,
}

impl Context {
    /// A prompt: these sections, then the chapter's text where the task reads one, then the task.
    pub fn with(&self, chapter: Option<&str>, task: Segment) -> Prompt {
        self.with_source(None, chapter, task)
    }

    /// The same, with the passage of a source before the text.
    pub fn with_source(&self, source: Option<&str>, text: Option<&str>, task: Segment) -> Prompt {
        let mut prompt = self.prompt.clone();
        if let Some(source) = source {
            prompt.user.push(Segment::new("source", source));
        }
        if let Some(text) = text {
            prompt.user.push(Segment::new("chapter", text));
        }
        prompt.user.push(task);
        prompt
    }
}

/// Assembles the context for the chapter that `state` has in hand, or for the outline when there is none.
///
/// `budget` is for the whole prompt of a step: what a chapter's text and the task need is taken off first.
pub fn assemble(brief: &FrozenBrief, state: &impl Stands, budget: u64) -> Context {
    let standing = state.standing();
    let language = standing.language.unwrap_or(brief.content.language());
    let tongue = Tongue::of(language);
    let system = match (standing.kind, tongue) {
        (UnitKind::Chapter, Tongue::En) => include_str!("../tasks/system.en.md"),
        (UnitKind::Chapter, Tongue::Zh) => include_str!("../tasks/system.zh.md"),
        (_, Tongue::En) => include_str!("../tasks/system_script.en.md"),
        (_, Tongue::Zh) => include_str!("../tasks/system_script.zh.md"),
    }
    .trim_end()
    .replace("{{ language }}", language);
    let preset = lines::preset(standing.preset, tongue);
    let text_reserve = if standing.unit.is_some() { most_tokens(standing.length) } else { 0 };
    let room = budget.saturating_sub(text_reserve + TASK_RESERVE + tokens(&system) + tokens(&preset)).max(LEAST);

    let mut builder = Builder::new(room);
    if budget < POOR_BUDGET {
        builder.record.note =
            Some(format!("the model leaves {budget} tokens for a prompt; below {POOR_BUDGET} the story's memory is poor"));
    }
    // Shares of the room, in twentieths; what a section leaves unused is not spent by another, so that the prompt's size is
    // the same at chapter 20 and at chapter 500.
    builder.section("brief", lines::brief(brief, tongue), room * 5 / 20, "the brief is longer than its share");
    builder.section("cast", lines::cast(&brief.content.characters, tongue), room * 4 / 20, "the cast is longer than its share");
    builder.whole("preset", preset);
    if let Some(ordinal) = standing.unit {
        builder.plan("plan", lines::plan(&standing, ordinal, tongue), room * 3 / 20, "only the chapters nearest to this one fit");
        builder.memory("digests", Memory::of(standing.digests, standing.kind, tongue), room * 4 / 20, "the oldest digests did not fit");
        builder.section(
            "state",
            lines::state(standing.current_state, standing.kind, tongue),
            room * 2 / 20,
            "only those who were there last fit",
        );
    }
    builder.section("guidance", lines::guidance(&standing, tongue), room * 2 / 20, "the last instructions did not fit");
    builder.record.used = builder.record.sections.iter().map(|s| s.tokens).sum();
    let prompt = Prompt { system: vec![Segment::new("system", system)], user: builder.sections, turns: Vec::new() };
    Context { prompt, record: builder.record }
}

/// The most tokens that a chapter within `range` has.
pub fn most_tokens(range: LengthRange) -> u64 {
    match range.unit {
        Unit::Words => range.max * 3 / 2,
        Unit::Chars => range.max * 5 / 4,
    }
}

/// The standing instructions that hold for the unit with this ordinal, in order.
pub fn guidance_for(guidance: &BTreeMap<String, Guidance>, unit: Option<u32>) -> Vec<String> {
    let mut held: Vec<_> = guidance.iter().filter(|(_, g)| g.chapter.is_none() || g.chapter == unit).collect();
    held.sort_by(|a, b| a.1.order.cmp(&b.1.order).then_with(|| a.0.cmp(b.0)));
    held.into_iter().map(|(_, g)| g.text.clone()).collect()
}
