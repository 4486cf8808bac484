use std::sync::{Arc, OnceLock};

use serde::Serialize;
use studio::ports::{Model, ModelError, ModelInfo, Models, Money, Usage};

use crate::{
    env::ProviderEnv,
    openai::{OpenAi, Service, Timeouts, price_at},
    prices::{self, Price},
};

const REHEARSAL: &str = "rehearsal";
const OPENAI: &str = "openai";
const KNOWN: &str = "openai, anthropic, gemini, deepseek, ollama";

/// Providers that come later. Until then their OpenAI-compatible address does.
const LATER: [(&str, &str, &str); 4] = [
    ("anthropic", "https://api.anthropic.com/v1", "claude-sonnet-5-5"),
    ("gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "gemini-2.5-pro"),
    ("deepseek", "https://api.deepseek.com/v1", "deepseek-flash"),
    ("ollama", "http://127.0.0.1:11434/v1", "qwen3"),
];

/// All models that can be named: `rehearsal`, and `provider/model` for every provider that is built in.
pub struct Providers {
    env: ProviderEnv,
    rehearsal: Arc<dyn Model>,
    timeouts: Option<Timeouts>,
    openai: OnceLock<Arc<Service>>,
}

/// One provider, for a list of what is in reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderListing {
    /// The part of a model's name before the slash.
    pub provider: String,
    /// Whether it can be asked now.
    pub configured: bool,
    /// What to set, where it cannot.
    pub needs: Option<String>,
    /// A model's name, complete.
    pub example: String,
    /// What that model costs, in nano-dollars per million tokens, where it is known.
    pub price: Option<Price>,
}

impl Providers {
    /// The providers that `env` has keys and addresses for, and `rehearsal` under its name.
    pub fn new(env: ProviderEnv, rehearsal: Arc<dyn Model>) -> Self {
        Self { env, rehearsal, timeouts: None, openai: OnceLock::new() }
    }

    /// These, with other timeouts than the address suggests.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = Some(timeouts);
        self
    }

    /// Every provider, whether it is in reach and what it needs.
    pub fn list(&self) -> Vec<ProviderListing> {
        let rehearsal = ProviderListing {
            provider: REHEARSAL.into(),
            configured: true,
            needs: None,
            example: REHEARSAL.into(),
            price: Some(Price::FREE),
        };
        let later = LATER.iter().map(|(provider, url, model)| {
            let example = format!("{provider}/{model}");
            let needs = Some(needs_until_later(provider, url, model));
            ProviderListing { provider: (*provider).into(), configured: false, needs, price: prices::price(&example), example }
        });
        [rehearsal, self.list_openai()].into_iter().chain(later).collect()
    }

    fn list_openai(&self) -> ProviderListing {
        let address = self.env.openai_address();
        let model = match &address {
            Ok(address) if address.is_near() => "qwen3",
            Ok(address) => LATER.iter().find(|(_, url, _)| url.contains(address.host())).map_or("gpt-5-mini", |(_, _, model)| *model),
            Err(_) => "gpt-5-mini",
        };
        let price = address.as_ref().map_or_else(|_| prices::price(model), |address| price_at(address, model));
        let needs = match &address {
            Err(ModelError::NotConfigured { needs, .. }) => Some(needs.clone()),
            _ => None,
        };
        ProviderListing { provider: OPENAI.into(), configured: address.is_ok(), needs, example: format!("{OPENAI}/{model}"), price }
    }

    fn openai(&self) -> Result<Arc<Service>, ModelError> {
        if let Some(service) = self.openai.get() {
            return Ok(service.clone());
        }
        let service = Service::new(OPENAI, self.env.openai_address()?, self.timeouts)?;
        Ok(self.openai.get_or_init(|| Arc::new(service)).clone())
    }
}

impl Models for Providers {
    fn info(&self, name: &str) -> Result<ModelInfo, ModelError> {
        Ok(match Named::read(name)? {
            Named::Rehearsal => ModelInfo {
                name: REHEARSAL.into(),
                provider: REHEARSAL.into(),
                window: 128_000,
                thinking: 0,
                priced: true,
                configured: true,
                repeatable: true,
            },
            Named::OpenAi(model) => {
                let address = self.env.openai_address();
                let price = address.as_ref().map_or_else(|_| prices::price(model), |address| price_at(address, model));
                ModelInfo {
                    name: name.into(),
                    provider: OPENAI.into(),
                    window: prices::size(model).window,
                    thinking: prices::size(model).thinking,
                    priced: price.is_some(),
                    configured: address.is_ok(),
                    repeatable: false,
                }
            }
        })
    }

    fn cost(&self, name: &str, usage: &Usage) -> Option<Money> {
        match Named::read(name).ok()? {
            Named::Rehearsal => Some(0),
            Named::OpenAi(model) => {
                let address = self.env.openai_address();
                address.as_ref().map_or_else(|_| prices::price(model), |address| price_at(address, model))?.of(usage)
            }
        }
    }

    fn open(&self, name: &str) -> Result<Arc<dyn Model>, ModelError> {
        Ok(match Named::read(name)? {
            Named::Rehearsal => self.rehearsal.clone(),
            Named::OpenAi(model) => Arc::new(OpenAi::new(self.openai()?, model)),
        })
    }
}

/// A name, taken apart.
enum Named<'a> {
    Rehearsal,
    OpenAi(&'a str),
}

impl<'a> Named<'a> {
    fn read(name: &'a str) -> Result<Self, ModelError> {
        if name == REHEARSAL {
            return Ok(Self::Rehearsal);
        }
        let unknown = || ModelError::UnknownProvider { provider: name.split('/').next().unwrap_or(name).into(), known: KNOWN.into() };
        let (provider, model) = name.split_once('/').ok_or_else(unknown)?;
        if let Some((_, url, example)) = LATER.iter().find(|(later, ..)| *later == provider) {
            let model = if model.is_empty() { example } else { model };
            return Err(ModelError::NotConfigured { provider: provider.into(), needs: needs_until_later(provider, url, model) });
        }
        match provider {
            OPENAI if model.trim().is_empty() => Err(ModelError::UnknownModel {
                provider: OPENAI.into(),
                model: model.into(),
                detail: "a model's name must stand behind the slash".into(),
            }),
            OPENAI => Ok(Self::OpenAi(model)),
            _ => Err(unknown()),
        }
    }
}

fn needs_until_later(provider: &str, url: &str, model: &str) -> String {
    let key = if provider == "ollama" { String::new() } else { format!(" and OPENAI_API_KEY to your key for {provider}") };
    format!("OPENAI_BASE_URL to {url}{key} and the model to openai/{model} (the provider `{provider}` itself comes in a later version)")
}
