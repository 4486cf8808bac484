//! Rehearsal: the built-in offline model. It writes and reads by rule, from the typed input of a task alone.
//!
//! The same input, seed and draw give the same answer on every machine: there is no clock and no chance in it.

mod adapt;
mod alive;
mod beats;
mod critique;
mod dice;
mod draft;
mod en;
mod fit;
mod fix;
mod grammar;
mod intervene;
mod material;
mod outline;
mod read;
mod rewrite;
mod scene;
mod talk;
mod titles;
mod zh;

use async_trait::async_trait;
use dice::Dice;
use serde::{Serialize, de::DeserializeOwned};
use story::{
    canonical::canonical_json,
    tasks::{
        BreakDownChapter, Call, CritiqueChapter, CritiqueScript, DraftChapter, DraftEpisode, DraftScene, ExtractFacts, FixParagraphs,
        FixScript, Intervene, ListScenes, OutlineChapters, PlanBeats, PlanEpisodes, PlanSeason, RewritePassages, Task,
    },
    text::tokens,
};
use studio::ports::{Finish, Model, ModelError, ModelInfo, Reply, Usage};

/// The name of the model and of its provider.
pub const NAME: &str = "rehearsal";

/// How many words, or characters of Chinese, come at once.
const PIECE: usize = 12;

/// The offline model.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rehearsal;

impl Rehearsal {
    /// What is known of it before it is asked.
    pub fn info() -> ModelInfo {
        ModelInfo {
            name: NAME.into(),
            provider: NAME.into(),
            window: 1_000_000,
            thinking: 0,
            concurrency: studio::ports::CONCURRENCY,
            priced: true,
            configured: true,
            repeatable: true,
        }
    }
}

#[async_trait]
impl Model for Rehearsal {
    async fn ask(&self, call: &Call, on_text: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        let text = answer(call)?;
        for piece in pieces(&text) {
            on_text(piece);
        }
        let usage =
            Usage { calls: 1, input_tokens: call.prompt.tokens(), cached_input_tokens: 0, output_tokens: tokens(&text), cost: Some(0) };
        Ok(Reply { text, finish: Finish::Stop, usage })
    }
}

/// The whole answer to a call.
fn answer(call: &Call) -> Result<String, ModelError> {
    let seed = call.seed.to_string();
    let draw = call.draw.to_string();
    let mut dice = Dice::of(&[&canonical_json(&call.input), &seed, &draw]);
    match call.task {
        OutlineChapters::NAME => json(&outline::outline(&input(call)?, &mut dice)),
        PlanBeats::NAME => json(&beats::plan(&input(call)?, &mut dice)),
        DraftChapter::NAME => Ok(draft::draft(&input(call)?, &mut dice)),
        ExtractFacts::NAME => json(&read::extract(&input(call)?)),
        CritiqueChapter::NAME => json(&critique::judge(&input(call)?)),
        Intervene::NAME => json(&intervene::intervene(&input(call)?)),
        RewritePassages::NAME => Ok(rewrite::rewrite(&input(call)?, &mut dice)),
        FixParagraphs::NAME => Ok(fix::fix(&input(call)?, &mut dice)),
        BreakDownChapter::NAME => json(&adapt::break_down(&input(call)?)),
        PlanEpisodes::NAME => json(&adapt::episodes(&input(call)?)),
        PlanSeason::NAME => json(&adapt::season(&input(call)?)),
        DraftEpisode::NAME => Ok(adapt::episode(&input(call)?, call.draw)),
        ListScenes::NAME => json(&adapt::list(&input(call)?, &mut dice)),
        DraftScene::NAME => Ok(adapt::scene(&input(call)?, &mut dice)),
        CritiqueScript::NAME => json(&adapt::judge(&input(call)?)),
        FixScript::NAME => Ok(adapt::mend(&input(call)?)),
        task => Err(unfit(format!("rehearsal does not know the task `{task}`"))),
    }
}

fn input<T: DeserializeOwned>(call: &Call) -> Result<T, ModelError> {
    T::deserialize(&call.input).map_err(|e| unfit(format!("the input of {} cannot be read: {e}", call.task)))
}

fn json<T: Serialize>(answer: &T) -> Result<String, ModelError> {
    serde_json::to_string(answer).map_err(|e| bad(e.to_string()))
}

/// Asking again cannot help: this version has no such task, or not in this form.
fn unfit(detail: String) -> ModelError {
    ModelError::Rejected { provider: NAME.into(), status: 400, detail }
}

fn bad(detail: String) -> ModelError {
    ModelError::BadAnswer { provider: NAME.into(), detail, used: None }
}

/// `text` in small pieces that together are the text.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut words = 0;
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            words += usize::from(c == ' ' || c == '\n' || !c.is_ascii());
            if words > PIECE {
                end = at;
                break;
            }
        }
        // A sign that counts at once as the first of a piece must not stop it before it began.
        let end = if end == 0 { rest.chars().next().map_or(rest.len(), char::len_utf8) } else { end };
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}
