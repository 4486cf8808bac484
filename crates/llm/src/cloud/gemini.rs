//! Gemini: `streamGenerateContent`.

use genai::{
    Headers,
    adapter::AdapterKind,
    chat::{ChatOptions, ReasoningEffort},
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

pub(super) struct Gemini;

impl Dialect for Gemini {
    fn provider(&self) -> Provider {
        Provider::Gemini
    }

    fn adapter(&self) -> AdapterKind {
        AdapterKind::Gemini
    }

    fn url(&self, address: &Address, model: &str) -> Url {
        let resource = if model.contains('/') { model.to_owned() } else { format!("models/{model}") };
        let mut url = address.at_version("v1beta", &format!("{resource}:streamGenerateContent"));
        url.query_pairs_mut().append_pair("alt", "sse");
        url
    }

    /// In a header, never in the address, which ends up in logs.
    fn headers(&self, key: Option<&Secret>) -> Headers {
        key.map_or_else(Headers::default, |key| Headers::from(("x-goog-api-key".to_owned(), key.reveal().to_owned())))
    }

    fn options(&self, asked: &Asked<'_>) -> ChatOptions {
        // The library knows no JSON mode without a schema, and whatever is added to the body replaces what it has made: so all of it is
        // ours.
        let mut config = json!({ "maxOutputTokens": asked.most });
        if matches!(asked.rung, Some(Rung::Schema | Rung::JsonMode)) {
            config["responseMimeType"] = json!("application/json");
        }
        if let Some(schema) = asked.native_schema() {
            config["responseJsonSchema"] = schema.clone();
        }
        ChatOptions::default()
            .with_capture_usage(true)
            .with_reasoning_effort(ReasoningEffort::Zero)
            .with_extra_body(json!({ "generationConfig": config }))
    }

    fn hear(&self, frame: &str, seen: &mut Seen) {
        let Ok(chunk) = serde_json::from_str::<Chunk>(frame) else { return };
        if let Some(reason) = chunk.candidates.into_iter().flatten().next().and_then(|candidate| candidate.finish_reason) {
            seen.finish = Some(reason);
        }
        // A prompt that the filter holds back has no candidate at all.
        seen.refusal |= chunk.prompt_feedback.is_some_and(|feedback| feedback.block_reason.is_some());
        if let Some(tokens) = chunk.usage_metadata {
            let input = tokens.prompt_token_count + tokens.tool_use_prompt_token_count;
            // Thoughts are paid for as what is written, and counted apart.
            let output = tokens.candidates_token_count + tokens.thoughts_token_count;
            seen.used = Some(Used { input, cached: tokens.cached_content_token_count, stored: 0, output });
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    candidates: Option<Vec<Candidate>>,
    prompt_feedback: Option<Feedback>,
    usage_metadata: Option<Tokens>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    block_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Tokens {
    prompt_token_count: u64,
    cached_content_token_count: u64,
    candidates_token_count: u64,
    thoughts_token_count: u64,
    tool_use_prompt_token_count: u64,
}
