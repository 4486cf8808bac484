//! What a fake provider must be able to tell, and all of them.

use std::time::Duration;

use llm::ProviderEnv;
use serde_json::Value;
use studio::ports::{Finish, Usage};

use crate::{
    anthropic::Anthropic,
    case::Case,
    deepseek::DeepSeek,
    gemini::Gemini,
    ollama::Ollama,
    openai::OpenAi,
    server::{Request, Response},
};

/// The key that we hold.
pub(crate) const KEY: &str = "k-test-0123456789";

/// A provider, written from its own documentation.
pub(crate) trait Fake: Send + Sync {
    /// A model's complete name.
    fn model(&self) -> &'static str;

    /// What stands in the environment for this provider at `base`, such as `http://127.0.0.1:1234`.
    fn env(&self, base: &str) -> ProviderEnv;

    /// Refuses what the provider would refuse.
    fn check(&self, request: &Request) -> Result<(), Response>;

    /// Tells a case.
    fn tell(&self, case: Case, request: &Request) -> Response;

    /// What [`Case::Usage`] comes to.
    fn usage(&self) -> Usage;

    /// What is known to be used when [`Case::Cut`] happens: input and output tokens.
    fn used_when_cut(&self) -> Option<(u64, u64)> {
        None
    }

    /// What [`Case::Refused`] comes to.
    fn refusal(&self) -> Finish {
        Finish::Refused
    }

    /// What [`Case::TooMany`] asks to wait.
    fn wait(&self) -> Option<Duration> {
        Some(Duration::from_secs(7))
    }

    /// The status of [`Case::Overloaded`].
    fn overloaded(&self) -> u16 {
        503
    }

    /// Whether the request asks for JSON in the surest way that the provider has.
    fn asks_for_json(&self, body: &Value) -> bool;

    /// Requests that the provider refuses, with what is wrong in them: the fake must refuse them too.
    fn bad_requests(&self) -> Vec<(&'static str, Spoilt)>;
}

/// A change that makes a good request bad.
pub(crate) type Spoilt = fn(&mut Value);

pub(crate) const ALL: [&dyn Fake; 5] = [&OpenAi, &Anthropic, &Gemini, &DeepSeek, &Ollama];
