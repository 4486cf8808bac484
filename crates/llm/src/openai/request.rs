use genai::chat::{ChatMessage, ChatOptions, ChatRequest, ChatResponseFormat, JsonSpec, ReasoningEffort};
use serde_json::{Value, json};
use story::tasks::{Call, Wanted};

use super::ladder::Rung;
use crate::{prices::Size, schema::portable_schema};

/// Says `call` in the library's words.
pub(super) fn build(call: &Call, rung: Option<Rung>, model: &str, size: Size, official: bool) -> (ChatRequest, ChatOptions) {
    let schema = match &call.wanted {
        Wanted::Json { schema, .. } => Some(portable_schema(schema)),
        Wanted::Prose => None,
    };
    let mut options = ChatOptions::default()
        .with_capture_usage(true)
        // An effort of its own stops the library from taking the end of a name such as `qwen-max` for one. This one is not sent.
        .with_reasoning_effort(ReasoningEffort::Budget(0));
    // The name as it was given: the library takes a part before `::` away.
    let mut body = json!({ "model": model });
    let most = answer_tokens(call.max_tokens, size);
    if official {
        body["max_completion_tokens"] = json!(most);
    } else {
        options = options.with_max_tokens(most);
    }
    options = options.with_extra_body(body);
    let mut in_prompt = None;
    match (rung, schema) {
        (Some(Rung::Schema), Some(schema)) => options = options.with_response_format(JsonSpec::new(call.task, schema)),
        (Some(Rung::JsonMode), Some(schema)) => {
            options = options.with_response_format(ChatResponseFormat::JsonMode);
            in_prompt = Some(schema);
        }
        (_, schema) => in_prompt = schema,
    }
    (messages(call, in_prompt.as_ref()), options)
}

/// What to allow for an answer of `wanted` tokens: room for thinking on top, and never more than the model can write.
fn answer_tokens(wanted: u64, size: Size) -> u32 {
    let most = wanted.saturating_add(size.thinking).min(size.longest.unwrap_or(u64::MAX));
    u32::try_from(most).unwrap_or(u32::MAX)
}

/// The conversation. A schema goes to the very end, so that the beginning stays the same for the provider's cache.
fn messages(call: &Call, schema: Option<&Value>) -> ChatRequest {
    let mut said = vec![(false, call.prompt.user_text())];
    said.extend(call.prompt.turns.iter().map(|turn| (turn.from_model, turn.text.clone())));
    if let Some(schema) = schema {
        let rule = format!("Answer with one JSON object and nothing else, without a code fence. It must fit this JSON Schema:\n{schema}");
        match said.last_mut() {
            Some((false, last)) => {
                last.push_str("\n\n");
                last.push_str(&rule);
            }
            _ => said.push((false, rule)),
        }
    }
    let messages =
        said.into_iter().map(|(from_model, text)| if from_model { ChatMessage::assistant(text) } else { ChatMessage::user(text) });
    let request = ChatRequest::new(messages.collect());
    let system = call.prompt.system_text();
    if system.is_empty() { request } else { request.with_system(system) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_room_for_thinking_but_never_more_than_the_model_can_write() {
        let size = |longest, thinking| Size { window: 100_000, longest, thinking };
        assert_eq!(answer_tokens(4_000, size(None, 0)), 4_000);
        assert_eq!(answer_tokens(4_000, size(Some(16_384), 0)), 4_000);
        assert_eq!(answer_tokens(4_000, size(Some(128_000), 16_000)), 20_000);
        assert_eq!(answer_tokens(40_000, size(Some(16_384), 0)), 16_384);
        assert_eq!(answer_tokens(u64::MAX, size(None, 1)), u32::MAX);
    }
}
