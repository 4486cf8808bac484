use std::sync::PoisonError;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use story::tasks::Call;

use super::Ollama;
use crate::failure::Failure;

/// A context that holds nearly every call: one size for all keeps the model in memory, which is loaded anew for each other size.
const USUAL_CONTEXT: u64 = 16_384;

/// What `POST /api/show` says of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Limits {
    /// The longest context that the model was made for, in tokens.
    pub(super) window: Option<u64>,
    /// Whether it thinks before it writes, unless it is told not to.
    pub(super) thinks: bool,
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    model_info: Map<String, Value>,
    #[serde(default)]
    capabilities: Vec<String>,
}

impl Limits {
    fn of(shown: &Shown) -> Self {
        let architecture = shown.model_info.get("general.architecture").and_then(Value::as_str).unwrap_or_default();
        let window = shown.model_info.get(&format!("{architecture}.context_length")).and_then(Value::as_u64);
        Self { window, thinks: shown.capabilities.iter().any(|can| can == "thinking") }
    }

    /// `num_ctx` for `call`: room for the prompt and the longest answer, but no more than the model was made for.
    pub(super) fn context_for(&self, call: &Call) -> u64 {
        let needed = (call.prompt.tokens() + call.max_tokens).next_power_of_two().max(USUAL_CONTEXT);
        needed.min(self.window.unwrap_or(u64::MAX))
    }
}

impl Ollama {
    /// What is known of `model`, asked once.
    pub(super) async fn limits(&self, model: &str) -> Result<Limits, Failure> {
        let known = self.limits.lock().unwrap_or_else(PoisonError::into_inner).get(model).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let request = self.http.post(self.address.at("api/show")).json(&json!({ "model": model })).timeout(self.timeouts.between_tokens);
        let response = request.send().await.map_err(|e| Failure::of_wire(&e, 0))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.text().await.map_err(|e| Failure::of_wire(&e, 0))?;
        if !status.is_success() {
            return Err(Failure::of_response(status.as_u16(), &headers, body));
        }
        let shown: Shown = serde_json::from_str(&body).map_err(|e| Failure::Unreadable { why: e.to_string() })?;
        let limits = Limits::of(&shown);
        self.limits.lock().unwrap_or_else(PoisonError::into_inner).insert(model.to_owned(), limits.clone());
        Ok(limits)
    }
}

/// Whether a model that says it has read `read` tokens cannot have read all of a prompt of `sent` tokens by our count.
///
/// Our count is on the safe side: real tokenizers find between half and all of it. A count that stands exactly at a usual limit, clearly
/// below ours, is that limit. Versions that count only what was not in memory from the call before say nothing at all about it, or zero.
pub(super) fn was_cut(read: u64, sent: u64) -> bool {
    let at_a_limit = (11..=17).map(|n| 1_u64 << n).any(|limit| read.abs_diff(limit) <= 8);
    read > 0 && sent > 1_000 && (read * 5 < sent * 2 || at_a_limit && read * 10 < sent * 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_found_under_the_name_of_the_architecture() {
        let shown: Shown = serde_json::from_value(json!({
            "model_info": { "general.architecture": "qwen3", "qwen3.context_length": 40_960, "qwen3.block_count": 36 },
            "capabilities": ["completion", "tools", "thinking"],
        }))
        .unwrap();
        assert_eq!(Limits::of(&shown), Limits { window: Some(40_960), thinks: true });
        assert_eq!(Limits::of(&serde_json::from_str("{}").unwrap()), Limits::default());
    }

    #[test]
    fn a_prompt_was_cut_where_clearly_less_was_read_than_sent() {
        assert!(was_cut(2_048, 8_000), "a quarter");
        assert!(was_cut(4_096, 7_000), "exactly at a usual limit");
        assert!(was_cut(4_090, 7_000), "nearly there");
        assert!(!was_cut(5_200, 8_000), "a tokenizer that is better than our estimate");
        assert!(!was_cut(4_300, 8_000), "Chinese, with few tokens a sign");
        assert!(!was_cut(0, 8_000), "nothing is said");
        assert!(!was_cut(100, 400), "too short to tell");
    }
}
