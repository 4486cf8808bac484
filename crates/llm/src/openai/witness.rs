use std::sync::{Mutex, PoisonError};

use genai::chat::{ChatFrameSink, FrameCtx, RawFrameRef};
use serde::Deserialize;

/// Reads along what the stream says beside its text: why it ended, what it used, and whether it is a refusal.
///
/// The library tells these only with the closing mark of a stream, which not every service sends, and refusals not at all.
#[derive(Default)]
pub(super) struct Witness(Mutex<Seen>);

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) finish: Option<String>,
    pub(super) refusal: bool,
    pub(super) usage: Option<Used>,
}

impl Witness {
    pub(super) fn has_finish(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).finish.is_some()
    }

    pub(super) fn take(&self) -> Seen {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ChatFrameSink for Witness {
    fn on_frame(&self, _: &FrameCtx, frame: RawFrameRef<'_>) {
        let Ok(chunk) = serde_json::from_str::<Chunk>(frame.data) else { return };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(choice) = chunk.choices.into_iter().flatten().next() {
            seen.finish = choice.finish_reason.or(seen.finish.take());
            seen.refusal |= choice.delta.and_then(|delta| delta.refusal).is_some_and(|words| !words.is_empty());
        }
        seen.usage = chunk.usage.or(seen.usage.take());
    }
}

#[derive(Deserialize)]
struct Chunk {
    choices: Option<Vec<Choice>>,
    usage: Option<Used>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    refusal: Option<String>,
}

/// Tokens, as the service counts them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Used {
    #[serde(default)]
    pub(super) prompt_tokens: u64,
    #[serde(default)]
    pub(super) completion_tokens: u64,
    prompt_tokens_details: Option<PromptDetails>,
    /// DeepSeek's way to say it.
    prompt_cache_hit_tokens: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct PromptDetails {
    cached_tokens: Option<u64>,
}

impl Used {
    pub(super) fn cached(&self) -> u64 {
        self.prompt_tokens_details.as_ref().and_then(|d| d.cached_tokens).or(self.prompt_cache_hit_tokens).unwrap_or(0)
    }
}
