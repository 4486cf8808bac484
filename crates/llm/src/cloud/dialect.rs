use genai::{Headers, adapter::AdapterKind, chat::ChatOptions};
use reqwest::Url;
use serde_json::Value;
use story::tasks::Call;

use super::ladder::Rung;
use crate::{
    address::Address,
    answer::{Seen, Used},
    prices::Price,
    provider::Provider,
    secret::Secret,
};

/// What is peculiar to one provider. Everything else is shared.
pub(super) trait Dialect: Send + Sync {
    fn provider(&self) -> Provider;

    /// The library's adapter that builds the request and reads the text.
    fn adapter(&self) -> AdapterKind;

    /// The name by which the library calls the model. It draws conclusions from names (efforts, thinking, limits) that belong to those
    /// who give them, so where it can it is told one that says nothing; the true one is in the address or the body.
    fn name_for_library<'m>(&self, _model: &'m str) -> &'m str {
        "model"
    }

    /// Where `model` is asked.
    fn url(&self, address: &Address, model: &str) -> Url;

    /// What proves who asks.
    fn headers(&self, key: Option<&Secret>) -> Headers;

    /// The surest way in which JSON can be asked for at `address`.
    fn first_rung(&self, _address: &Address) -> Rung {
        Rung::Schema
    }

    /// The next way, where `rung` is refused.
    fn below(&self, rung: Rung) -> Option<Rung> {
        rung.below()
    }

    /// The request's options beside the conversation.
    fn options(&self, asked: &Asked<'_>) -> ChatOptions;

    /// Whether what the calls of one chapter share has to be marked for the provider's cache.
    fn marks_what_is_shared(&self) -> bool {
        false
    }

    /// Reads one frame of the stream.
    fn hear(&self, frame: &str, seen: &mut Seen);

    /// What the provider takes on top of the price for what it wrote into its cache, in nano-dollars.
    fn surcharge(&self, _used: &Used, _price: &Price) -> i64 {
        0
    }
}

/// What is asked for, without the words.
pub(super) struct Asked<'a> {
    pub(super) call: &'a Call,
    pub(super) rung: Option<Rung>,
    /// The portable schema, where JSON is wanted.
    pub(super) schema: Option<Value>,
    pub(super) model: &'a str,
    /// The longest answer, thoughts included, in tokens.
    pub(super) most: u32,
    /// Whether the address is the provider's own.
    pub(super) official: bool,
}

impl Asked<'_> {
    /// The schema, where the service is to hold the model to it.
    pub(super) fn native_schema(&self) -> Option<&Value> {
        self.schema.as_ref().filter(|_| self.rung == Some(Rung::Schema))
    }

    /// The schema, where the prompt has to say it.
    pub(super) fn schema_in_prompt(&self) -> Option<&Value> {
        self.schema.as_ref().filter(|_| self.rung != Some(Rung::Schema))
    }
}
