use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::future::BoxFuture;
use serde::Serialize;
use studio::ports::{Model, ModelError, ModelInfo, Models, Money, Usage};

use crate::{
    address::Address,
    cloud::{CloudModel, Service, price_at},
    env::ProviderEnv,
    ollama::{Ollama, OllamaModel},
    prices::{self, Price},
    provider::Provider,
    rehearsal,
    timeouts::Timeouts,
};

const REHEARSAL: &str = "rehearsal";

/// All models that can be named: `rehearsal`, and `provider/model` for every provider that is built in.
pub struct Providers {
    env: ProviderEnv,
    rehearsal: Arc<dyn Model>,
    timeouts: Option<Timeouts>,
    services: Mutex<BTreeMap<Provider, Arc<Service>>>,
    ollama: Mutex<Option<Arc<Ollama>>>,
}

/// One provider, for a list of what is in reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderListing {
    /// The part of a model's name before the slash.
    pub provider: String,
    /// Whether it can be asked now. Ollama counts as ready where it has an address; whether it answers there, [`Providers::look`] asks.
    pub configured: bool,
    /// What to set, or to do, where it cannot.
    pub needs: Option<String>,
    /// A model's name, complete.
    pub example: String,
    /// What that model costs, in nano-dollars per million tokens, where it is known.
    pub price: Option<Price>,
    /// Models that are at hand on this machine, by their complete names.
    pub at_hand: Vec<String>,
}

impl Providers {
    /// The providers that `env` has keys and addresses for, and `rehearsal` under its name.
    pub fn new(env: ProviderEnv, rehearsal: Arc<dyn Model>) -> Self {
        Self { env, rehearsal, timeouts: None, services: Mutex::default(), ollama: Mutex::default() }
    }

    /// These, with other timeouts than the address suggests.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = Some(timeouts);
        self
    }

    /// Every provider, whether it is in reach and what it needs. Asks nobody.
    pub fn list(&self) -> Vec<ProviderListing> {
        let rehearsal = ProviderListing {
            provider: REHEARSAL.into(),
            configured: true,
            needs: None,
            example: REHEARSAL.into(),
            price: Some(Price::FREE),
            at_hand: Vec::new(),
        };
        std::iter::once(rehearsal).chain(Provider::ALL.into_iter().map(|provider| self.listing(provider))).collect()
    }

    /// [`Providers::list`], after Ollama was asked what it has. Keys are sent nowhere.
    pub async fn look(&self) -> Vec<ProviderListing> {
        let mut list = self.list();
        if let Some(row) = list.iter_mut().find(|row| row.provider == Provider::Ollama.name() && row.configured) {
            let models = async { self.ollama()?.models().await };
            match models.await {
                Ok(models) if models.is_empty() => {
                    row.configured = false;
                    row.needs = Some(format!("a model up with `ollama pull {}`", Provider::Ollama.example()));
                }
                Ok(models) => {
                    row.at_hand = models.iter().map(|model| format!("{}/{model}", row.provider)).collect();
                    row.example = row.at_hand[0].clone();
                }
                Err(_) => {
                    row.configured = false;
                    row.needs = Some("OLLAMA_HOST to where Ollama runs, or start it here with `ollama serve`".into());
                }
            }
        }
        list
    }

    fn listing(&self, provider: Provider) -> ProviderListing {
        let address = self.env.address(provider);
        let model = match &address {
            Ok(address) if provider == Provider::OpenAi && address.is_near() => Provider::Ollama.example(),
            Ok(address) if provider == Provider::OpenAi => {
                let host = format!("//{}", address.host());
                Provider::ALL.into_iter().find(|other| other.official().contains(&host)).unwrap_or(provider).example()
            }
            _ => provider.example(),
        };
        let example = format!("{}/{model}", provider.name());
        let needs = match &address {
            Err(ModelError::NotConfigured { needs, .. }) => Some(needs.clone()),
            _ => None,
        };
        ProviderListing {
            provider: provider.name().into(),
            configured: address.is_ok(),
            needs,
            price: price_of(provider, &address, &example),
            example,
            at_hand: Vec::new(),
        }
    }

    fn service(&self, provider: Provider) -> Result<Arc<Service>, ModelError> {
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(service) = services.get(&provider) {
            return Ok(service.clone());
        }
        let service = Arc::new(Service::new(provider, self.env.address(provider)?, self.timeouts)?);
        services.insert(provider, service.clone());
        Ok(service)
    }

    fn ollama(&self) -> Result<Arc<Ollama>, ModelError> {
        let mut ollama = self.ollama.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ollama) = &*ollama {
            return Ok(ollama.clone());
        }
        let made = Arc::new(Ollama::new(self.env.address(Provider::Ollama)?, self.timeouts)?);
        *ollama = Some(made.clone());
        Ok(made)
    }

    fn known_window(&self, provider: Provider, model: &str) -> u64 {
        let known = if provider == Provider::Ollama { self.ollama().ok().and_then(|ollama| ollama.known_window(model)) } else { None };
        known.unwrap_or_else(|| prices::size(model).window)
    }
}

impl Models for Providers {
    fn window<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Option<u64>> {
        Box::pin(async move {
            match (Named::read(name), self.ollama()) {
                (Ok(Named::Of(Provider::Ollama, model)), Ok(ollama)) => ollama.window(model).await,
                _ => None,
            }
        })
    }

    fn info(&self, name: &str) -> Result<ModelInfo, ModelError> {
        Ok(match Named::read(name)? {
            Named::Rehearsal => rehearsal::Rehearsal::info(),
            Named::Of(provider, model) => {
                let address = self.env.address(provider);
                ModelInfo {
                    name: name.into(),
                    provider: provider.name().into(),
                    window: self.known_window(provider, model),
                    // Ollama is told not to think.
                    thinking: if provider == Provider::Ollama { 0 } else { prices::size(model).thinking },
                    concurrency: provider.concurrency(),
                    priced: price_of(provider, &address, name).is_some(),
                    configured: address.is_ok(),
                    repeatable: false,
                }
            }
        })
    }

    fn cost(&self, name: &str, usage: &Usage) -> Option<Money> {
        match Named::read(name).ok()? {
            Named::Rehearsal => Some(0),
            Named::Of(provider, _) => {
                let price = price_of(provider, &self.env.address(provider), name)?;
                let fresh = Usage { input_tokens: usage.input_tokens.saturating_sub(usage.cached_input_tokens), ..Usage::NONE };
                // What Anthropic writes into its cache costs a quarter more, and nobody knows beforehand what it will write.
                let stored = if provider == Provider::Anthropic { price.of(&fresh)? / 4 } else { 0 };
                Some(price.of(usage)? + stored)
            }
        }
    }

    fn open(&self, name: &str) -> Result<Arc<dyn Model>, ModelError> {
        Ok(match Named::read(name)? {
            Named::Rehearsal => self.rehearsal.clone(),
            Named::Of(Provider::Ollama, model) => Arc::new(OllamaModel::new(self.ollama()?, model)),
            Named::Of(provider, model) => Arc::new(CloudModel::new(self.service(provider)?, model)),
        })
    }
}

/// What a model that is called `name` costs.
fn price_of(provider: Provider, address: &Result<Address, ModelError>, name: &str) -> Option<Price> {
    match address {
        _ if provider == Provider::Ollama => Some(Price::FREE),
        Ok(address) => price_at(address, name),
        Err(_) => prices::price(name),
    }
}

/// A name, taken apart.
enum Named<'a> {
    Rehearsal,
    Of(Provider, &'a str),
}

impl<'a> Named<'a> {
    fn read(name: &'a str) -> Result<Self, ModelError> {
        if name == REHEARSAL {
            return Ok(Self::Rehearsal);
        }
        let unknown = || ModelError::UnknownProvider {
            provider: name.split('/').next().unwrap_or(name).into(),
            known: Provider::ALL.map(Provider::name).join(", "),
        };
        let (provider, model) = name.split_once('/').ok_or_else(unknown)?;
        let provider = Provider::named(provider).ok_or_else(unknown)?;
        if model.trim().is_empty() {
            let detail = "a model's name must stand behind the slash".into();
            return Err(ModelError::UnknownModel { provider: provider.name().into(), model: model.into(), detail });
        }
        Ok(Self::Of(provider, model))
    }
}
