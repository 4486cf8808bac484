//! What scenes and episodes have in common once they are drafted: extract, critique, fix, commit.

mod commit;
mod critique;
mod draft;
pub(super) mod edit;
mod extract;
mod fix;
mod passage;

use serde_json::{Map, Value};

pub(super) use commit::commit;
pub(super) use critique::critique;
pub(super) use draft::draft;
pub(super) use extract::extract;
pub(super) use fix::fix;

use super::{Act, Effect, Hold, Progress, StepTurn, revise::Loop};
use crate::{
    brief::FrozenBrief,
    language::Tongue,
    output_spec::{LengthRange, OutputSpec, ScriptFormat},
    plan::{UnitId, UnitKind},
    source::PlacedLine,
    state::hand::Hand,
    tasks::SourcePart,
    text::Grain,
};

/// The names of a recipe's steps.
#[derive(Debug)]
pub(super) struct Phases {
    pub(super) draft: &'static str,
    pub(super) extract: &'static str,
    pub(super) critique: &'static str,
    pub(super) fix: &'static str,
    pub(super) commit: &'static str,
}

/// A scene or an episode in hand, with everything that its steps go by.
#[derive(Debug)]
pub(super) struct Unit<'a> {
    pub(super) kind: UnitKind,
    pub(super) id: UnitId,
    pub(super) ordinal: u32,
    pub(super) title: String,
    /// What it is to tell.
    pub(super) core: String,
    pub(super) opening_hook: String,
    pub(super) closing_hook: String,
    pub(super) spec: &'a OutputSpec,
    /// How long it is to be.
    pub(super) length: LengthRange,
    pub(super) language: &'a str,
    pub(super) preset: &'a str,
    /// What an episode is made from; empty for a scene.
    pub(super) source: Vec<SourcePart>,
    /// The whole chapters that it is made from.
    pub(super) chapters: Vec<&'a str>,
    /// The lines of the source that are to be kept, each with its place in it from 0 to 1.
    pub(super) key_lines: Vec<(PlacedLine, f64)>,
    /// Everybody whom the brief or the plan knows.
    pub(super) known: Vec<String>,
    pub(super) phases: &'static Phases,
    /// Where it comes from, for the version's metadata.
    pub(super) provenance: Map<String, Value>,
}

impl Unit<'_> {
    pub(super) fn format(&self) -> ScriptFormat {
        self.spec.script_format
    }

    pub(super) fn tongue(&self) -> Tongue {
        Tongue::of(self.language)
    }

    /// 短剧 is written line by line, everything else in paragraphs.
    pub(super) fn grain(&self) -> Grain {
        match self.format() {
            ScriptFormat::Custom => Grain::Line,
            ScriptFormat::Fountain | ScriptFormat::Screenplay => Grain::Paragraph,
        }
    }

    pub(super) fn by(&self) -> Loop<'_> {
        Loop {
            tongue: self.tongue(),
            spec: self.spec,
            length: self.length,
            grain: self.grain(),
            draft: self.phases.draft,
            fix: self.phases.fix,
            commit: self.phases.commit,
        }
    }

    /// The passage of the source as a prompt shows it: each paragraph under its chapter and number; of a passage that is too long for a
    /// prompt, what matters most.
    pub(super) fn passage(&self) -> Option<String> {
        let keys: Vec<&str> = self.key_lines.iter().map(|(line, _)| line.quote.as_str()).collect();
        shown_source(self.tongue(), &passage::within(&self.source, &keys, self.tongue()))
    }
}

/// The cast of the brief, by all their names.
pub(super) fn cast(brief: &FrozenBrief) -> impl Iterator<Item = String> + '_ {
    brief.content.characters.iter().flat_map(|c| c.aliases.iter().chain([&c.name])).cloned()
}

/// Which attempt at the unit in hand the next draft is, from 0.
fn redraft(hand: &Hand<'_>) -> u32 {
    hand.draft.as_ref().map_or(0, |draft| draft.round + 1)
}

/// A passage of the source, each paragraph under its chapter and number; none where there is nothing.
pub(super) fn shown_source(tongue: Tongue, source: &[SourcePart]) -> Option<String> {
    let mut blocks = Vec::new();
    for part in source {
        blocks.push(match tongue {
            Tongue::En => format!("# The novel, chapter {}: {}", part.chapter, part.title),
            Tongue::Zh => format!("# 原著第{}章 {}", part.chapter, part.title),
        });
        blocks.extend(part.paragraphs.iter().map(|p| format!("⟦{}:{}⟧ {}", part.chapter, p.number, p.text)));
    }
    (!blocks.is_empty()).then(|| blocks.join("\n\n"))
}

/// The end of a step.
pub(super) fn done<S>(state: S, outputs: Value, effects: Vec<Effect>, hold: Option<Hold>, progress: fn(&S) -> Progress) -> Act<S> {
    let progress = progress(&state);
    Act::Done(Box::new(StepTurn { state, outputs, effects, hold, progress }))
}
