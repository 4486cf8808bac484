//! Anthropic: the Messages API.

use genai::{
    Headers,
    adapter::AdapterKind,
    chat::{ChatOptions, JsonSpec, ReasoningEffort},
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
    prices::Price,
    provider::Provider,
    secret::Secret,
};

pub(super) struct Anthropic;

impl Dialect for Anthropic {
    fn provider(&self) -> Provider {
        Provider::Anthropic
    }

    fn adapter(&self) -> AdapterKind {
        AdapterKind::Anthropic
    }

    fn url(&self, address: &Address, _: &str) -> Url {
        address.at_version("v1", "messages")
    }

    fn headers(&self, key: Option<&Secret>) -> Headers {
        let mut headers = vec![("anthropic-version".to_owned(), "2023-06-01".to_owned())];
        headers.extend(key.map(|key| ("x-api-key".to_owned(), key.reveal().to_owned())));
        Headers::from(headers)
    }

    /// There is no JSON mode without a schema.
    fn below(&self, rung: Rung) -> Option<Rung> {
        (rung == Rung::Schema).then_some(Rung::Plain)
    }

    fn options(&self, asked: &Asked<'_>) -> ChatOptions {
        let options = ChatOptions::default()
            .with_capture_usage(true)
            // Says nothing of a model whose name says nothing: how much to think stays as the provider has it.
            .with_reasoning_effort(ReasoningEffort::Zero)
            // Required here, and the library would guess.
            .with_max_tokens(asked.most)
            .with_extra_body(json!({ "model": asked.model }));
        match asked.native_schema() {
            Some(schema) => options.with_response_format(JsonSpec::new(asked.call.task, schema.clone())),
            None => options,
        }
    }

    /// Nothing is cached that is not marked.
    fn marks_what_is_shared(&self) -> bool {
        true
    }

    fn hear(&self, frame: &str, seen: &mut Seen) {
        let Ok(event) = serde_json::from_str::<Event>(frame) else { return };
        if let Some(reason) = event.delta.and_then(|delta| delta.stop_reason) {
            seen.finish = Some(reason);
        }
        for tokens in [event.message.and_then(|message| message.usage), event.usage].into_iter().flatten() {
            let used = seen.used.get_or_insert_default();
            let cached = tokens.cache_read_input_tokens.unwrap_or(used.cached);
            let stored = tokens.cache_creation_input_tokens.unwrap_or(used.stored);
            // What was read from the cache and written into it is not among the input tokens.
            let fresh = tokens.input_tokens.unwrap_or(used.input - used.cached - used.stored);
            *used = Used { input: fresh + cached + stored, cached, stored, output: tokens.output_tokens.unwrap_or(used.output) };
        }
    }

    /// What is written into the five-minute cache costs a quarter more.
    fn surcharge(&self, used: &Used, price: &Price) -> i64 {
        i64::try_from(i128::from(used.stored) * i128::from(price.input) / 4_000_000).unwrap_or(i64::MAX)
    }
}

#[derive(Deserialize)]
struct Event {
    message: Option<Message>,
    delta: Option<Delta>,
    usage: Option<Tokens>,
}

#[derive(Deserialize)]
struct Message {
    usage: Option<Tokens>,
}

#[derive(Deserialize)]
struct Delta {
    stop_reason: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
}
