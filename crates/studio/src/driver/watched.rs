//! Models, watched: what they say about their provider is told to its gate, whoever asks and why.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use futures::future::BoxFuture;
use story::tasks::Call;
use tokio::sync::mpsc::UnboundedSender;

use super::gate::Gate;
use crate::{
    meters::AtGate,
    ports::{Model, ModelError, ModelInfo, Models, Money, Reply, Usage},
    runner::Wake,
};

/// The gates of this process, one for each provider: a process holds one key of each.
pub(super) struct Gates {
    gates: Mutex<HashMap<String, Arc<Gate>>>,
    wakes: UnboundedSender<Wake>,
}

impl Gates {
    pub(super) fn new(wakes: UnboundedSender<Wake>) -> Self {
        Self { gates: Mutex::default(), wakes }
    }

    /// How things stand at every gate, by provider.
    pub(super) fn stand(&self) -> Vec<(String, AtGate)> {
        let gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        gates.iter().map(|(provider, gate)| (provider.clone(), gate.stands())).collect()
    }

    /// The gate of the model's provider. Models that answer from this process have none.
    pub(super) fn of(&self, models: &dyn Models, name: &str) -> Option<Arc<Gate>> {
        let info = models.info(name).ok().filter(|info| !info.repeatable)?;
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Some(gates.entry(info.provider).or_insert_with(|| Gate::new(info.concurrency, self.wakes.clone())).clone())
    }
}

/// Models whose providers are watched.
pub(super) struct Watched {
    pub(super) models: Arc<dyn Models>,
    pub(super) gates: Arc<Gates>,
}

impl Models for Watched {
    fn window<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Option<u64>> {
        self.models.window(name)
    }

    fn info(&self, name: &str) -> Result<ModelInfo, ModelError> {
        self.models.info(name)
    }

    fn cost(&self, name: &str, usage: &Usage) -> Option<Money> {
        self.models.cost(name, usage)
    }

    fn open(&self, name: &str) -> Result<Arc<dyn Model>, ModelError> {
        let model = self.models.open(name)?;
        Ok(match self.gates.of(&*self.models, name) {
            Some(gate) => Arc::new(WatchedModel { model, gate }),
            None => model,
        })
    }
}

struct WatchedModel {
    model: Arc<dyn Model>,
    gate: Arc<Gate>,
}

#[async_trait]
impl Model for WatchedModel {
    async fn ask(&self, call: &Call, on_text: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        let began = self.gate.call_begins();
        let mut silent = true;
        let mut listen = |text: &str| {
            // The first word is enough: whoever waits for the whole of a long answer keeps all others waiting.
            if std::mem::take(&mut silent) {
                self.gate.life(began);
            }
            on_text(text);
        };
        match self.model.ask(call, &mut listen).await {
            Ok(reply) => {
                self.gate.life(began);
                Ok(reply)
            }
            Err(error) => Err(self.gate.failed(began, error)),
        }
    }
}
