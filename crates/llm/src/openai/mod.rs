//! OpenAI-compatible services: chat completions, streamed.

mod failure;
mod ladder;
mod request;
mod timeouts;
mod witness;

use std::sync::{Arc, Once};

use async_trait::async_trait;
use futures::StreamExt;
use genai::{
    Client, Headers, ModelIden, ServiceTarget,
    adapter::AdapterKind,
    chat::{ChatOptions, ChatRequest, ChatStreamEvent},
    resolver::{AuthData, Endpoint},
};
use story::tasks::Call;
use studio::ports::{Finish, Model, ModelError, Reply, Usage};
use tokio::time::{Instant, timeout_at};
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

use self::{
    failure::Failure,
    ladder::{Ladder, Rung},
    witness::{Seen, Witness},
};
use crate::{
    env::Address,
    prices::{self, Price, Size},
};

pub use timeouts::Timeouts;

/// One service, with the connections to it.
pub(crate) struct Service {
    provider: &'static str,
    address: Address,
    client: Client,
    timeouts: Timeouts,
    ladder: Ladder,
}

impl Service {
    /// Makes ready to reach `address`. Nothing is sent yet.
    pub(crate) fn new(provider: &'static str, address: Address, timeouts: Option<Timeouts>) -> Result<Self, ModelError> {
        static CRYPTO: Once = Once::new();
        // Fails only where somebody has chosen before us, which is as good.
        CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let timeouts = timeouts.unwrap_or_else(|| if address.is_near() { Timeouts::NEAR } else { Timeouts::DISTANT });
        let mut http = reqwest::Client::builder().connect_timeout(timeouts.connect).tcp_nodelay(true).retry(reqwest::retry::never());
        if address.is_near() {
            http = http.no_proxy();
        }
        let unusable = |detail: &str| ModelError::Unavailable {
            provider: provider.into(),
            detail: address.redact(detail),
            status: None,
            retry_after: None,
        };
        let http = http.build().map_err(|e| unusable(&failure::root_of(&e)))?;
        let client = Client::builder().with_reqwest(http).build().map_err(|e| unusable(&e.to_string()))?;
        let ladder = Ladder::of(address.host());
        Ok(Self { provider, address, client, timeouts, ladder })
    }
}

/// The price of `model` at `address`: a stranger that answers on our own machine costs nothing.
pub(crate) fn price_at(address: &Address, model: &str) -> Option<Price> {
    prices::price(model).or_else(|| address.is_loopback().then_some(Price::FREE))
}

/// One model of a service.
pub(crate) struct OpenAi {
    service: Arc<Service>,
    /// As the service calls it.
    model: String,
    size: Size,
    price: Option<Price>,
}

impl OpenAi {
    pub(crate) fn new(service: Arc<Service>, model: &str) -> Self {
        Self { size: prices::size(model), price: price_at(&service.address, model), model: model.to_owned(), service }
    }
}

#[async_trait]
impl Model for OpenAi {
    async fn ask(&self, call: &Call, on_text: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        let mut rung = self.service.ladder.rung(&self.model, &call.wanted);
        loop {
            let (messages, options) = request::build(call, rung, &self.model, self.size, self.service.address.is_official());
            match self.stream(messages, options, on_text).await {
                Ok(answered) => {
                    self.service.ladder.remember(&self.model, rung);
                    return self.reply(call, answered);
                }
                Err(failure) => match rung.filter(|_| failure.speaks_of_formats()).and_then(Rung::below) {
                    Some(lower) => {
                        tracing::info!(model = self.model, rung = ?lower, "the service does not take this kind of answer: asking for less");
                        rung = Some(lower);
                    }
                    None => return Err(self.error(failure)),
                },
            }
        }
    }
}

/// What came over the wire, complete.
struct Answered {
    text: String,
    seen: Seen,
}

impl OpenAi {
    async fn stream(
        &self,
        messages: ChatRequest,
        options: ChatOptions,
        on_text: &mut (dyn for<'t> FnMut(&'t str) + Send),
    ) -> Result<Answered, Failure> {
        let witness = Arc::new(Witness::default());
        let options = options.with_raw_frame_sink_arc(witness.clone());
        let timeouts = self.service.timeouts;
        let mut deadline = Instant::now() + timeouts.first_token;
        let mut waited = timeouts.first_token;
        // The library logs what services say as it stands, and some say the key aloud.
        let quietly = NoSubscriber::default;
        let response = self.service.client.exec_chat_stream(self.target(), messages, Some(&options)).with_subscriber(quietly()).await;
        let mut stream = response.map_err(|e| Failure::of(e, 0))?.stream;
        let mut text = String::new();
        loop {
            match timeout_at(deadline, stream.next().with_subscriber(quietly())).await {
                Ok(Some(Ok(ChatStreamEvent::Start))) => continue,
                Ok(Some(Ok(ChatStreamEvent::Chunk(chunk)))) => {
                    on_text(&chunk.content);
                    text.push_str(&chunk.content);
                }
                Ok(Some(Ok(ChatStreamEvent::End(_))) | None) => break,
                // Thoughts: not for the reader, but a sign of life.
                Ok(Some(Ok(_))) => {}
                // The answer is complete; only what comes after it is lost.
                Ok(Some(Err(_))) | Err(_) if witness.has_finish() => break,
                Ok(Some(Err(e))) => return Err(Failure::of(e, text.chars().count())),
                Err(_) => return Err(Failure::Silent { seconds: waited.as_secs_f64(), characters: text.chars().count() }),
            }
            waited = timeouts.between_tokens;
            deadline = Instant::now() + waited;
        }
        match witness.take() {
            Seen { finish: None, .. } => {
                Err(Failure::BrokeOff { characters: text.chars().count(), why: "the stream ended without a finish reason".into() })
            }
            seen => Ok(Answered { text, seen }),
        }
    }

    fn target(&self) -> ServiceTarget {
        let headers = self
            .service
            .address
            .key()
            .map_or_else(Headers::default, |key| Headers::from(("Authorization".to_owned(), format!("Bearer {}", key.reveal()))));
        let url = self.service.address.completions();
        ServiceTarget {
            endpoint: Endpoint::from_owned(url.as_str()),
            auth: AuthData::RequestOverride { url, headers },
            model: ModelIden::new(AdapterKind::OpenAI, self.model.as_str()),
        }
    }

    fn reply(&self, call: &Call, answered: Answered) -> Result<Reply, ModelError> {
        let Answered { text, seen } = answered;
        let finish = self.finish(&seen)?;
        let usage = self.usage(call, &text, &seen);
        Ok(Reply { text, finish, usage })
    }

    fn finish(&self, seen: &Seen) -> Result<Finish, ModelError> {
        if seen.refusal {
            return Ok(Finish::Refused);
        }
        match seen.finish.as_deref().unwrap_or_default() {
            "stop" | "eos" | "end_turn" | "stop_sequence" => Ok(Finish::Stop),
            "length" | "max_tokens" | "model_length" => Ok(Finish::Length),
            "content_filter" | "safety" | "refusal" => Ok(Finish::Refused),
            reason @ ("insufficient_system_resource" | "error" | "abort") => Err(ModelError::Unavailable {
                provider: self.service.provider.into(),
                detail: format!("it gave up in the middle of the answer: {reason}"),
                status: None,
                retry_after: None,
            }),
            reason => {
                tracing::warn!(model = self.model, reason, "an unknown reason to finish is taken for a good one");
                Ok(Finish::Stop)
            }
        }
    }

    /// What the service says it used; where it says nothing, our own estimate, whose price is not known.
    fn usage(&self, call: &Call, text: &str, seen: &Seen) -> Usage {
        let mut usage = Usage { calls: 1, cost: None, ..Usage::NONE };
        if let Some(said) = &seen.usage {
            usage.input_tokens = said.prompt_tokens;
            usage.cached_input_tokens = said.cached().min(said.prompt_tokens);
            usage.output_tokens = said.completion_tokens;
        } else {
            usage.input_tokens = call.prompt.tokens();
            usage.output_tokens = story::text::tokens(text);
        }
        usage.cost = self.price.filter(|price| seen.usage.is_some() || *price == Price::FREE).and_then(|price| price.of(&usage));
        usage
    }

    fn error(&self, failure: Failure) -> ModelError {
        failure.into_error(self.service.provider, &self.model, &|text| self.service.address.redact(text))
    }
}
