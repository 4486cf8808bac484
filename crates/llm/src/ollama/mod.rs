//! Ollama, in its own protocol. Behind its `/v1` it ignores how long a context is asked for and cuts the beginning of a prompt off in
//! silence.

mod limits;
mod request;
mod stream;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use serde::Deserialize;
use story::tasks::{Call, Wanted};
use studio::ports::{Model, ModelError, Reply, Usage};

use self::limits::Limits;
use crate::{address::Address, answer::Seen, failure::Failure, http, provider::Provider, schema::portable_schema, timeouts::Timeouts};

/// One Ollama, with the connections to it.
pub(crate) struct Ollama {
    address: Address,
    http: reqwest::Client,
    timeouts: Timeouts,
    limits: Mutex<BTreeMap<String, Limits>>,
    /// How often each request was made: the same seed gives the same words, so one that is made again gets another.
    asked: Mutex<BTreeMap<String, u64>>,
}

/// A model that Ollama has at hand.
#[derive(Debug, Deserialize)]
struct Tags {
    #[serde(default)]
    models: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
struct Tag {
    name: String,
}

impl Ollama {
    /// Makes ready to reach `address`. Nothing is sent yet.
    pub(crate) fn new(address: Address, timeouts: Option<Timeouts>) -> Result<Self, ModelError> {
        let timeouts = timeouts.unwrap_or(Timeouts::NEAR);
        let http = http::client(Provider::Ollama, &address, timeouts)?;
        Ok(Self { address, http, timeouts, limits: Mutex::default(), asked: Mutex::default() })
    }

    /// The models that are at hand. Fails where Ollama does not run.
    pub(crate) async fn models(&self) -> Result<Vec<String>, ModelError> {
        let failed = |failure: Failure| self.error(failure, "");
        let asked = self.http.get(self.address.at("api/tags")).timeout(self.timeouts.connect.min(LOOK)).send().await;
        let response = asked.map_err(|e| failed(Failure::of_wire(&e, 0)))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.text().await.map_err(|e| failed(Failure::of_wire(&e, 0)))?;
        if !status.is_success() {
            return Err(failed(Failure::of_response(status.as_u16(), &headers, body)));
        }
        let tags: Tags = serde_json::from_str(&body).map_err(|e| failed(Failure::Unreadable { why: e.to_string() }))?;
        Ok(tags.models.into_iter().map(|tag| tag.name).collect())
    }

    /// A model's size, asked once; does not wait long for it.
    pub(crate) async fn window(&self, model: &str) -> Option<u64> {
        let Ok(Ok(limits)) = tokio::time::timeout(LOOK, self.limits(model)).await else {
            tracing::info!(model, "Ollama does not say how much the model reads");
            return None;
        };
        limits.window
    }

    /// What is known of a model's size, if it was asked for before.
    pub(crate) fn known_window(&self, model: &str) -> Option<u64> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner).get(model).and_then(|limits| limits.window)
    }

    fn error(&self, failure: Failure, model: &str) -> ModelError {
        failure.into_error(Provider::Ollama.name(), model, &|text| self.address.redact(text))
    }

    /// The seed of this request: the call's own the first time, another one each time that the same is asked again.
    fn seed(&self, call: &Call, body: &str) -> u64 {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() >= 10_000 {
            asked.clear();
        }
        let times = asked.entry(story::canonical::hash_text(body)).or_default();
        let seed = call.seed.wrapping_add(u64::from(call.draw)).wrapping_add(*times);
        *times += 1;
        // The server takes a signed number of 32 bits.
        seed % (1 << 31)
    }
}

/// How long somebody waits who only wants to see what is there.
const LOOK: std::time::Duration = std::time::Duration::from_secs(2);

/// One model of an Ollama.
pub(crate) struct OllamaModel {
    ollama: Arc<Ollama>,
    model: String,
}

impl OllamaModel {
    pub(crate) fn new(ollama: Arc<Ollama>, model: &str) -> Self {
        Self { ollama, model: model.to_owned() }
    }

    fn error(&self, failure: Failure) -> ModelError {
        self.ollama.error(failure, &self.model)
    }

    fn reply(&self, call: &Call, text: String, seen: &Seen) -> Result<Reply, ModelError> {
        let sent = call.prompt.tokens();
        let mut usage =
            Usage { calls: 1, input_tokens: sent, cached_input_tokens: 0, output_tokens: story::text::tokens(&text), cost: Some(0) };
        if let Some(used) = seen.used {
            if limits::was_cut(used.input, sent) {
                return Err(ModelError::PromptCut { model: self.model.clone(), read: used.input, sent });
            }
            usage.output_tokens = used.output;
            // What it had in its memory from the call before, old versions do not count.
            usage.input_tokens = if used.input == 0 { sent } else { used.input };
        }
        let finish = seen.finish(Provider::Ollama, &self.model).map_err(|error| error.having_used(usage))?;
        Ok(Reply { text, finish, usage })
    }
}

#[async_trait]
impl Model for OllamaModel {
    async fn ask(&self, call: &Call, on_text: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        let limits = self.ollama.limits(&self.model).await.map_err(|failure| self.error(failure))?;
        let schema = match &call.wanted {
            Wanted::Json { schema, .. } => Some(portable_schema(schema)),
            Wanted::Prose => None,
        };
        let mut body = request::body(call, &self.model, &limits, schema);
        body["options"]["seed"] = self.ollama.seed(call, &body.to_string()).into();
        let mut text = String::new();
        let seen = self.stream(&body, &mut text, on_text).await.map_err(|failure| self.error(failure))?;
        self.reply(call, text, &seen)
    }
}
