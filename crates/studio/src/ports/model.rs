use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use story::tasks::Call;

/// Calls in flight per provider, where nothing else is known.
pub const CONCURRENCY: u32 = 256;

/// Money in nano-dollars: a billionth of a US dollar.
pub type Money = i64;

/// What a call, a step or a run has used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Calls answered.
    pub calls: u64,
    /// Tokens read by the model, those from its cache included.
    pub input_tokens: u64,
    /// Of these, tokens that the provider took from its cache.
    pub cached_input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// What it cost; absent where a price is not known.
    pub cost: Option<Money>,
}

impl Usage {
    /// Nothing used, nothing spent.
    pub const NONE: Self = Self { calls: 0, input_tokens: 0, cached_input_tokens: 0, output_tokens: 0, cost: Some(0) };

    /// This and `other` together; the cost is unknown as soon as one is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            input_tokens: self.input_tokens + other.input_tokens,
            cached_input_tokens: self.cached_input_tokens + other.cached_input_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            cost: self.cost.zip(other.cost).map(|(a, b)| a + b),
        }
    }
}

/// Why a model stopped writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Finish {
    /// It had said everything.
    Stop,
    /// It ran into the longest answer: not a success, but the text so far can be gone on with.
    Length,
    /// The provider's filter held the answer back.
    Refused,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The whole text.
    pub text: String,
    /// Why it ended.
    pub finish: Finish,
    /// What it used, with its cost where the price is known.
    pub usage: Usage,
}

/// What is known of a model before it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelInfo {
    /// `rehearsal`, or `provider/model`.
    pub name: String,
    /// The part before the slash: `openai`; `rehearsal` for the offline model.
    pub provider: String,
    /// How many tokens the model reads and writes together.
    pub window: u64,
    /// Tokens that it may think on top of an answer: they are paid for like the answer.
    pub thinking: u64,
    /// Calls of its provider that may be in flight at the same time.
    pub concurrency: u32,
    /// Whether its price is known: only then can a budget in money be held.
    pub priced: bool,
    /// Whether this process holds the provider's key or address.
    pub configured: bool,
    /// Whether answers cost nothing and can be had again byte for byte: they are then journaled with the step's commit.
    pub repeatable: bool,
}

/// One model, ready to be asked.
#[async_trait]
pub trait Model: Send + Sync {
    /// Asks, streaming the answer's text as it comes, and returns the whole.
    ///
    /// Dropping the future ends the call at once, also on the wire. Timeouts are the model's own: connect, first token, between
    /// tokens; none on the whole.
    async fn ask(&self, call: &Call, on_text: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError>;
}

/// All models that can be named.
pub trait Models: Send + Sync {
    /// The window of `name`, where only the provider knows it, such as that of a model on the writer's own machine: asked once, with
    /// little patience. None where nobody needs to be asked, or who should know does not answer.
    fn window<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Option<u64>> {
        Box::pin(std::future::ready(None))
    }

    /// What is known of `name`. Names are never checked against a list; a provider that does not exist is an error.
    fn info(&self, name: &str) -> Result<ModelInfo, ModelError>;

    /// What `usage` of this model costs at most; none where the price is not known.
    fn cost(&self, name: &str, usage: &Usage) -> Option<Money>;

    /// The model `name`, ready to be asked. Fails with [`ModelError::NotConfigured`] without a key or address.
    fn open(&self, name: &str) -> Result<Arc<dyn Model>, ModelError>;
}

/// Why a model gave no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ModelError {
    /// No key or address for the provider.
    #[error("the provider {provider} is not configured")]
    NotConfigured {
        /// The provider.
        provider: String,
        /// What to set, such as `OPENAI_API_KEY`.
        needs: String,
    },
    /// There is no such provider.
    #[error("there is no provider `{provider}`")]
    UnknownProvider {
        /// As it was written.
        provider: String,
        /// Those that there are.
        known: String,
    },
    /// 401 or 403.
    #[error("the provider {provider} refused the API key")]
    KeyRefused {
        /// The provider.
        provider: String,
        /// What the provider said, without secrets.
        detail: String,
    },
    /// 404, or the provider's way to say it.
    #[error("the provider {provider} has no model `{model}`")]
    UnknownModel {
        /// The provider.
        provider: String,
        /// The model.
        model: String,
        /// What the provider said.
        detail: String,
    },
    /// More tokens than the model reads.
    #[error("the prompt is too long for {model}: {detail}")]
    PromptTooLong {
        /// The model.
        model: String,
        /// What the provider said.
        detail: String,
    },
    /// The model has read less than it was sent: the beginning was cut off in silence.
    #[error("{model} has read only about {read} of {sent} tokens: the beginning of the prompt was cut off")]
    PromptCut {
        /// The model.
        model: String,
        /// Tokens that it says it has read.
        read: u64,
        /// Tokens that it was sent, by our count.
        sent: u64,
    },
    /// 429.
    #[error("the provider {provider} asks to slow down: {detail}")]
    RateLimited {
        /// The provider.
        provider: String,
        /// What the provider said.
        detail: String,
        /// `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Connect, timeout, 408, 5xx, or a stream that broke off.
    #[error("the provider {provider} is out of reach: {detail}")]
    Unavailable {
        /// The provider.
        provider: String,
        /// What happened.
        detail: String,
        /// The HTTP status, where there was one.
        status: Option<u16>,
        /// `Retry-After`.
        retry_after: Option<Duration>,
        /// What the call had used by then, where the provider has said so: it is paid for.
        used: Option<Usage>,
    },
    /// Any other 4xx: asking again in the same way cannot help.
    #[error("the provider {provider} does not take the request: {detail}")]
    Rejected {
        /// The provider.
        provider: String,
        /// The HTTP status.
        status: u16,
        /// What the provider said.
        detail: String,
    },
    /// An answer that is none: blanks, or nothing that can be read.
    #[error("the provider {provider} gave an answer that cannot be used: {detail}")]
    BadAnswer {
        /// The provider.
        provider: String,
        /// What was wrong with it.
        detail: String,
        /// What it used, where the provider has said so: it is paid for.
        used: Option<Usage>,
    },
}

/// Where the fault lies: it decides whether and how a step is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// In the answer: autorun tries again, `auto_step_retries` times.
    Answer,
    /// At the provider: the run waits without using attempts up.
    Provider,
    /// In the key, the model's name, the budget or the request: trying again cannot help.
    Lasting,
    /// In our own rules or a state that was edited by hand.
    Ours,
}

impl ModelError {
    /// Where the fault lies.
    pub fn fault(&self) -> Fault {
        match self {
            Self::RateLimited { .. } | Self::Unavailable { .. } => Fault::Provider,
            Self::BadAnswer { .. } => Fault::Answer,
            Self::NotConfigured { .. }
            | Self::UnknownProvider { .. }
            | Self::KeyRefused { .. }
            | Self::UnknownModel { .. }
            | Self::PromptTooLong { .. }
            | Self::PromptCut { .. }
            | Self::Rejected { .. } => Fault::Lasting,
        }
    }

    /// The stable path of the problem.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotConfigured { .. } => "/problems/provider-not-configured",
            Self::UnknownProvider { .. } => "/problems/unknown-provider",
            Self::KeyRefused { .. } => "/problems/key-refused",
            Self::UnknownModel { .. } => "/problems/unknown-model",
            Self::PromptTooLong { .. } => "/problems/prompt-too-long",
            Self::PromptCut { .. } => "/problems/prompt-cut",
            Self::RateLimited { .. } => "/problems/rate-limited",
            Self::Unavailable { .. } => "/problems/provider-unavailable",
            Self::Rejected { .. } => "/problems/request-rejected",
            Self::BadAnswer { .. } => "/problems/bad-answer",
        }
    }

    /// What the reader can do about it, in one sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::NotConfigured { needs, .. } => {
                format!("Set {needs}, or choose another model with --model; `fabulist models` lists what is in reach.")
            }
            Self::UnknownProvider { known, .. } => format!("Write provider/model with one of {known}, or `rehearsal`."),
            Self::KeyRefused { provider, .. } => format!("Check the API key for {provider}; `fabulist doctor` tries it."),
            Self::UnknownModel { provider, model, .. } if provider == "ollama" => {
                format!("Get it with `ollama pull {model}`; `ollama list` shows the models that are there.")
            }
            Self::UnknownModel { .. } => "Check the model's name with the provider, then give it with --model.".into(),
            Self::PromptTooLong { .. } => "Choose a model that reads more, or ask for shorter chapters.".into(),
            Self::PromptCut { .. } => {
                "Give Ollama more room (OLLAMA_CONTEXT_LENGTH=16384 or more, and fewer answers at a time with OLLAMA_NUM_PARALLEL), or choose a model that reads more.".into()
            }
            Self::RateLimited { .. } => "Nothing is lost; the run goes on when the provider lets it.".into(),
            Self::Unavailable { provider, status: None, .. } if provider == "ollama" => {
                "Nothing is lost; start Ollama (`ollama serve`), or set OLLAMA_HOST to where it runs, then go on with the same command.".into()
            }
            Self::Unavailable { .. } => {
                "Nothing is lost; check the connection or the provider's status, then go on with the same command.".into()
            }
            Self::Rejected { .. } => "Check the model's name and the base URL; the provider's own words are in the detail.".into(),
            Self::BadAnswer { .. } => "Try again, or choose a stronger model.".into(),
        }
    }

    /// This, with what the call had used by then. Errors that cost nothing stay as they are.
    #[must_use]
    pub fn having_used(mut self, usage: Usage) -> Self {
        if let Self::Unavailable { used, .. } | Self::BadAnswer { used, .. } = &mut self {
            *used = Some(usage);
        }
        self
    }

    /// This, asking for a wait of `wait`, whatever the provider has asked for. Errors that no waiting helps stay as they are.
    #[must_use]
    pub fn waiting(mut self, wait: Duration) -> Self {
        if let Self::Unavailable { retry_after, .. } | Self::RateLimited { retry_after, .. } = &mut self {
            *retry_after = Some(wait);
        }
        self
    }

    /// What the call had used by then, where the provider has said so.
    pub fn used(&self) -> Option<Usage> {
        match self {
            Self::Unavailable { used, .. } | Self::BadAnswer { used, .. } => *used,
            _ => None,
        }
    }

    /// `Retry-After`, where the provider gave one.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
