//! OpenAI, and every service that speaks as it does: chat completions.

use genai::{
    Headers,
    adapter::AdapterKind,
    chat::{ChatOptions, ChatResponseFormat, JsonSpec, ReasoningEffort},
};
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;

use super::{
    dialect::{Asked, Dialect},
    ladder::Rung,
};
use crate::{
    address::Address,
    answer::{Seen, Used},
    provider::Provider,
    secret::Secret,
};

pub(super) struct OpenAi;

/// DeepSeek, also where it is reached through `OPENAI_BASE_URL`.
pub(super) const DEEPSEEK_HOST: &str = "api.deepseek.com";

impl Dialect for OpenAi {
    fn provider(&self) -> Provider {
        Provider::OpenAi
    }

    fn adapter(&self) -> AdapterKind {
        AdapterKind::OpenAI
    }

    /// The library knows which of OpenAI's models take `max_tokens` under another name, which holds behind proxies too.
    fn name_for_library<'m>(&self, model: &'m str) -> &'m str {
        model
    }

    fn url(&self, address: &Address, _: &str) -> Url {
        address.at("chat/completions")
    }

    fn headers(&self, key: Option<&Secret>) -> Headers {
        bearer(key)
    }

    fn first_rung(&self, address: &Address) -> Rung {
        if address.host() == DEEPSEEK_HOST { Rung::JsonMode } else { Rung::Schema }
    }

    fn options(&self, asked: &Asked<'_>) -> ChatOptions {
        // The name as it was given: the library takes a part before `::` away.
        let mut body = json!({ "model": asked.model });
        let mut options = in_format(asked, quiet());
        if asked.official {
            body["max_completion_tokens"] = json!(asked.most);
        } else {
            options = options.with_max_tokens(asked.most);
        }
        options.with_extra_body(body)
    }

    fn hear(&self, frame: &str, seen: &mut Seen) {
        hear_chunk(frame, seen);
    }
}

/// Options that ask for tokens, and for no effort of thought.
pub(super) fn quiet() -> ChatOptions {
    // An effort of its own stops the library from taking the end of a name such as `qwen-max` for one. This one is not sent.
    ChatOptions::default().with_capture_usage(true).with_reasoning_effort(ReasoningEffort::Budget(0))
}

/// `options`, with the answer's form as `response_format` says it.
pub(super) fn in_format(asked: &Asked<'_>, options: ChatOptions) -> ChatOptions {
    match (asked.rung, asked.native_schema()) {
        (_, Some(schema)) => options.with_response_format(JsonSpec::new(asked.call.task, schema.clone())),
        (Some(Rung::JsonMode), None) => options.with_response_format(ChatResponseFormat::JsonMode),
        _ => options,
    }
}

pub(super) fn bearer(key: Option<&Secret>) -> Headers {
    key.map_or_else(Headers::default, |key| Headers::from(("Authorization".to_owned(), format!("Bearer {}", key.reveal()))))
}

/// Reads a chunk of a chat completion.
pub(super) fn hear_chunk(frame: &str, seen: &mut Seen) {
    let Ok(chunk) = serde_json::from_str::<Chunk>(frame) else { return };
    if let Some(choice) = chunk.choices.into_iter().flatten().next() {
        seen.finish = choice.finish_reason.or(seen.finish.take());
        seen.refusal |= choice.delta.and_then(|delta| delta.refusal).is_some_and(|words| !words.is_empty());
    }
    if let Some(tokens) = chunk.usage {
        let cached = tokens.prompt_tokens_details.and_then(|details| details.cached_tokens).or(tokens.prompt_cache_hit_tokens);
        seen.used = Some(Used { input: tokens.prompt_tokens, cached: cached.unwrap_or(0), stored: 0, output: tokens.completion_tokens });
    }
}

#[derive(Deserialize)]
struct Chunk {
    choices: Option<Vec<Choice>>,
    usage: Option<Tokens>,
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

#[derive(Deserialize)]
struct Tokens {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
    prompt_tokens_details: Option<PromptDetails>,
    /// DeepSeek's way to say it.
    prompt_cache_hit_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct PromptDetails {
    cached_tokens: Option<u64>,
}
