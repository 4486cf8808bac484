//! Providers in the cloud, and whatever speaks as they do: `genai` builds the requests and reads the text, and a witness of ours reads
//! along for everything else. What is peculiar to a provider is in its [`Dialect`].

mod anthropic;
mod deepseek;
mod dialect;
mod gemini;
mod ladder;
mod openai;
mod request;
mod stream;
mod witness;

use std::sync::Arc;

use async_trait::async_trait;
use genai::Client;
use story::tasks::{Call, Wanted};
use studio::ports::{Model, ModelError, Reply, Usage};

use self::{
    dialect::{Asked, Dialect},
    ladder::{Ladder, Rung},
    stream::Broken,
};
use crate::{
    address::Address,
    answer::{Seen, Used},
    asking::answer_tokens,
    http,
    prices::{self, Price, Size},
    provider::Provider,
    schema::portable_schema,
    timeouts::Timeouts,
};

/// One service, with the connections to it.
pub(crate) struct Service {
    dialect: &'static dyn Dialect,
    address: Address,
    client: Client,
    timeouts: Timeouts,
    ladder: Ladder,
}

impl Service {
    /// Makes ready to reach `provider` at `address`. Nothing is sent yet.
    pub(crate) fn new(provider: Provider, address: Address, timeouts: Option<Timeouts>) -> Result<Self, ModelError> {
        let dialect: &'static dyn Dialect = match provider {
            Provider::Anthropic => &anthropic::Anthropic,
            Provider::Gemini => &gemini::Gemini,
            Provider::DeepSeek => &deepseek::DeepSeek,
            Provider::OpenAi | Provider::Ollama => &openai::OpenAi,
        };
        let timeouts = timeouts.unwrap_or_else(|| Timeouts::of(&address));
        let http = http::client(provider, &address, timeouts)?;
        let client = Client::builder().with_reqwest(http).build().map_err(|e| ModelError::Unavailable {
            provider: provider.name().into(),
            detail: address.redact(&e.to_string()),
            status: None,
            retry_after: None,
            used: None,
        })?;
        let ladder = Ladder::beginning_at(dialect.first_rung(&address));
        Ok(Self { dialect, address, client, timeouts, ladder })
    }
}

/// The price of `model` at `address`: a stranger that answers on our own machine costs nothing.
pub(crate) fn price_at(address: &Address, model: &str) -> Option<Price> {
    prices::price(model).or_else(|| address.is_loopback().then_some(Price::FREE))
}

/// One model of a service.
pub(crate) struct CloudModel {
    service: Arc<Service>,
    /// As the service calls it.
    model: String,
    size: Size,
    price: Option<Price>,
}

impl CloudModel {
    pub(crate) fn new(service: Arc<Service>, model: &str) -> Self {
        Self { size: prices::size(model), price: price_at(&service.address, model), model: model.to_owned(), service }
    }
}

#[async_trait]
impl Model for CloudModel {
    async fn ask(&self, call: &Call, on_text: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        // Prose is never put into JSON.
        let (schema, mut rung) = match &call.wanted {
            Wanted::Json { schema, .. } => (Some(portable_schema(schema)), Some(self.service.ladder.rung(&self.model, call.task))),
            Wanted::Prose => (None, None),
        };
        loop {
            match self.stream(&self.asked(call, rung, schema.clone()), on_text).await {
                Ok((text, seen)) => {
                    if let Some(rung) = rung {
                        self.service.ladder.remember(&self.model, call.task, rung);
                    }
                    return self.reply(call, text, &seen);
                }
                Err(broken) => {
                    match rung.filter(|_| broken.failure.speaks_of_formats()).and_then(|rung| self.service.dialect.below(rung)) {
                        Some(lower) => {
                            tracing::info!(model = self.model, rung = ?lower, "the service does not take this kind of answer: asking for less");
                            rung = Some(lower);
                        }
                        None => return Err(self.error(broken)),
                    }
                }
            }
        }
    }
}

impl CloudModel {
    fn asked<'a>(&'a self, call: &'a Call, rung: Option<Rung>, schema: Option<serde_json::Value>) -> Asked<'a> {
        let most = answer_tokens(call.max_tokens, self.size);
        let official = !self.service.address.chosen || self.service.address.host() == "api.openai.com";
        Asked { call, rung, schema, model: &self.model, most, official }
    }

    fn provider(&self) -> Provider {
        self.service.dialect.provider()
    }

    fn reply(&self, call: &Call, text: String, seen: &Seen) -> Result<Reply, ModelError> {
        let usage = seen.used.map_or_else(|| self.estimate(call, &text), |used| self.usage(&used));
        let finish = seen.finish(self.provider(), &self.model).map_err(|error| error.having_used(usage))?;
        Ok(Reply { text, finish, usage })
    }

    /// What the service says it used, with its price where that is known.
    fn usage(&self, used: &Used) -> Usage {
        let usage = Usage {
            calls: 1,
            input_tokens: used.input,
            cached_input_tokens: used.cached.min(used.input),
            output_tokens: used.output,
            cost: None,
        };
        let cost = self.price.and_then(|price| Some(price.of(&usage)? + self.service.dialect.surcharge(used, &price)));
        Usage { cost, ..usage }
    }

    /// Our own estimate, where the service says nothing. Its price is not known, unless everything is free.
    fn estimate(&self, call: &Call, text: &str) -> Usage {
        let cost = self.price.filter(|price| *price == Price::FREE).map(|_| 0);
        let (input_tokens, output_tokens) = (call.prompt.tokens(), story::text::tokens(text));
        Usage { calls: 1, input_tokens, cached_input_tokens: 0, output_tokens, cost }
    }

    fn error(&self, broken: Broken) -> ModelError {
        let redact = |text: &str| self.service.address.redact(text);
        let error = broken.failure.into_error(self.provider().name(), &self.model, &redact);
        match broken.used {
            Some(used) => error.having_used(self.usage(&used)),
            None => error,
        }
    }
}
