//! DeepSeek: chat completions as OpenAI's, but JSON only as `json_object`, and comments for as long as a request waits in its queue.

use genai::{Headers, adapter::AdapterKind, chat::ChatOptions};
use reqwest::Url;
use serde_json::json;

use super::{
    dialect::{Asked, Dialect},
    ladder::Rung,
    openai::{bearer, hear_chunk, in_format, quiet},
};
use crate::{address::Address, answer::Seen, provider::Provider, secret::Secret};

pub(super) struct DeepSeek;

impl Dialect for DeepSeek {
    fn provider(&self) -> Provider {
        Provider::DeepSeek
    }

    /// Not the library's own for DeepSeek: that one turns thinking on as soon as any effort is given.
    fn adapter(&self) -> AdapterKind {
        AdapterKind::OpenAI
    }

    fn url(&self, address: &Address, _: &str) -> Url {
        address.at("chat/completions")
    }

    fn headers(&self, key: Option<&Secret>) -> Headers {
        bearer(key)
    }

    fn first_rung(&self, _: &Address) -> Rung {
        Rung::JsonMode
    }

    fn options(&self, asked: &Asked<'_>) -> ChatOptions {
        in_format(asked, quiet()).with_max_tokens(asked.most).with_extra_body(json!({ "model": asked.model }))
    }

    fn hear(&self, frame: &str, seen: &mut Seen) {
        hear_chunk(frame, seen);
    }
}
