use story::{
    output_spec::LengthRange,
    state::RunState,
    text::{Unit, tokens},
    workflow,
};

use super::Amounts;
use crate::run::{Kind, Run};

/// What a rule needs to know of a run. Tokens, by our own count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    #[allow(missing_docs)]
    pub kind: Kind,
    /// Chapters, scenes or episodes, all in all.
    pub units: u32,
    /// The brief.
    pub brief: f64,
    /// The text of one unit.
    pub text: f64,
    /// What an adaptation reads for one unit.
    pub source: f64,
    /// A step's prompt at the most.
    pub room: f64,
    /// Rounds of fixing at the most.
    pub rounds: u32,
    /// Whether it is the offline model, which mends its prose seldom and costs no time.
    pub offline: bool,
}

/// Tokens of a text, by what its length is counted in.
const PER_WORD: f64 = 1.55;
const PER_CHAR: f64 = 1.15;
/// What every prompt says besides the brief.
const MANNERS: f64 = 580.0;
/// What it says of each unit that is planned near by, and of how many.
const PLANNED: f64 = 28.0;
const NEAR: u32 = 12;
/// What is kept of what was written: at first much is new, later something is left out for whatever comes in.
const KEEPS: f64 = 200.0;
const KEEPS_OF_TEXT: f64 = 0.22;
const NEW_EACH: f64 = 0.7;
/// A model in the cloud: seconds before an answer, and tokens a second.
const BEFORE_ANSWER: f64 = 2.0;
const A_SECOND: f64 = 60.0;

/// Whether a step plans several units at once.
pub(super) fn is_planning(step: &str) -> bool {
    [workflow::novel::OUTLINE, workflow::script::SCENE_LIST, workflow::adaptation::SEASON].contains(&step)
}

#[expect(clippy::cast_precision_loss, reason = "a forecast needs no 53 bits")]
impl Plan {
    /// Of a run as it stands, or as it would begin.
    pub fn of(run: &Run, state: &RunState, brief: &str, offline: bool) -> Self {
        let spec = state.output_spec();
        let units = run.progress.total.max(run.progress.done);
        let source = match state {
            RunState::Novel(_) | RunState::Script(_) => 0.0,
            RunState::Adaptation(state) => {
                let words: u64 = state.source.chapters.values().map(|chapter| chapter.length.words).sum();
                words as f64 * PER_WORD / f64::from(units.max(1))
            }
        };
        let text = of_length(spec.chapter_length);
        // The offline model writes short scenes.
        let text = if offline && run.kind != Kind::Novel { text.min(650.0) } else { text };
        let room = run.context_budget as f64;
        Self { kind: run.kind, units, brief: tokens(brief) as f64, text, source, room, rounds: spec.max_fix_rounds, offline }
    }

    /// What unit `n` takes, as units go.
    pub fn unit(&self, n: u32) -> Amounts {
        let rounds = match (self.kind, self.offline) {
            (Kind::Novel, true) => 0.0,
            (Kind::NovelToScript, true) => 1.0,
            _ => 0.3,
        };
        self.with_rounds(n, rounds)
    }

    /// What it takes where every round of fixing is needed.
    pub(super) fn worst_unit(&self, n: u32) -> Amounts {
        self.with_rounds(n, f64::from(self.rounds))
    }

    /// What planning takes.
    pub fn planning(&self) -> Amounts {
        match self.kind {
            Kind::Novel | Kind::Script => self.timed(1.0, self.brief * 1.08 + 250.0, 130.0 * f64::from(self.units)),
            Kind::NovelToScript => Amounts::default(),
        }
    }

    fn with_rounds(&self, n: u32, rounds: f64) -> Amounts {
        let text = self.text;
        let memory = (KEEPS + KEEPS_OF_TEXT * text) * (1.0 - NEW_EACH.powf(f64::from(n.saturating_sub(1))));
        let plan = PLANNED * f64::from(self.units.min(NEAR));
        let context = (self.brief * 1.08 + MANNERS + plan + memory).min(self.room);
        // Extraction and critique read the whole text in its context, again after each fix.
        let judged = 1.0 + rounds;
        let mut calls = 1.0 + 2.0 * judged + rounds;
        let mut input = context + 180.0 + 2.0 * judged * (context + text + 100.0) + rounds * (context + text);
        let mut output = text + judged * (890.0 + 0.72 * text) + rounds * 0.35 * text;
        if self.kind != Kind::Script {
            // Beats, or the breakdown of a chapter; the draft of an episode reads of it again.
            calls += 1.0;
            input += context + 2.0 * self.source;
            output += 150.0 + 0.08 * text;
        }
        self.timed(calls, input, output)
    }

    fn timed(&self, calls: f64, input: f64, output: f64) -> Amounts {
        let seconds = if self.offline { 0.02 * calls } else { BEFORE_ANSWER * calls + output / A_SECOND };
        Amounts { calls, input, cached: 0.0, output, seconds }
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most 100,000")]
fn of_length(length: LengthRange) -> f64 {
    let middle = length.middle() as f64;
    match length.unit {
        Unit::Words => middle * PER_WORD,
        Unit::Chars => middle * PER_CHAR,
    }
}
