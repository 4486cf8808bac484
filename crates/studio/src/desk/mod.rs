//! The desk: every use case, for every door.

mod artifacts;
mod books;
mod briefs;
mod change_run;
mod choose;
mod commands;
pub mod compare;
mod deleting;
pub mod diff;
mod edits;
mod extend;
mod forecast;
mod fork;
mod imports;
mod inputs;
mod interventions;
pub(crate) mod kinds;
mod knowledge;
mod lint;
mod locks;
mod next;
mod output_spec;
mod presets;
mod projects;
mod redo;
mod requests;
mod rewrite;
mod runs;
mod snapshots;
mod source;
mod turn;

use std::{sync::Arc, time::Duration};

pub use books::{Book, BookChapter, BookFront};
pub use briefs::{MOST_TITLE_CHARS, read_content};
pub use change_run::{BudgetChange, RunChange};
pub use forecast::Foretold;
pub use imports::{ImportRequest, Imported, NewChapter};
pub use inputs::Inputs;
pub use interventions::{Intervened, MOST_INSTRUCTION_CHARS};
pub use knowledge::Known;
pub use lint::Linted;
pub use locks::MOST_REASON_CHARS;
pub use next::MOST_CANDIDATES;
pub use runs::RunRequest;
use tokio_util::sync::CancellationToken;
pub use turn::{LONGEST_WAIT, Wait};

use crate::{
    driver::{LocalDriver, Scope},
    feed::Feed,
    health::{Health, Readiness},
    meters::Meters,
    ports::{Clock, Models, Store},
    runner::Runner,
};

/// How long steps in flight get at a shutdown.
pub const GRACE: Duration = Duration::from_secs(25);

/// The desk of one process.
#[derive(Clone)]
pub struct Studio {
    store: Arc<dyn Store>,
    models: Arc<dyn Models>,
    clock: Arc<dyn Clock>,
    feed: Feed,
    driver: LocalDriver,
    meters: Meters,
    health: Arc<Health>,
}

impl Studio {
    /// Opens the desk over a store and models; `scope` says which runs this process works on by itself.
    pub fn open(store: Arc<dyn Store>, models: Arc<dyn Models>, clock: Arc<dyn Clock>, scope: Scope) -> Self {
        let feed = Feed::default();
        let (meters, health) = (Meters::default(), Arc::new(Health::new(store.clone())));
        let runner = Runner {
            store: store.clone(),
            models: models.clone(),
            clock: clock.clone(),
            feed: feed.clone(),
            draining: CancellationToken::new(),
            outlines: Arc::default(),
            meters: meters.clone(),
            health: health.clone(),
        };
        let driver = LocalDriver::start(runner, scope);
        Self { store, models, clock, feed, driver, meters, health }
    }

    /// Whether this process can work, as it was at most a second ago.
    pub async fn readiness(&self) -> Readiness {
        self.health.readiness(self.driver.is_draining()).await
    }

    /// What this process counts.
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// Everything that this process counts, as Prometheus reads it.
    pub async fn metrics(&self) -> String {
        self.driver.measure(&self.meters);
        for (name, ill) in self.readiness().await.checks() {
            self.meters.ready(name, ill.is_none());
        }
        self.meters.text()
    }

    /// What goes on in this process.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The driver of this process.
    pub fn driver(&self) -> &LocalDriver {
        &self.driver
    }

    /// The models that can be named.
    pub fn models(&self) -> &dyn Models {
        &*self.models
    }

    /// The store behind the desk.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// Finishes what is in flight, for at most `grace`, and lets go of the database. Autorun stays on in the rows.
    pub async fn close(&self, grace: Duration) {
        self.driver.shutdown(grace).await;
        self.store.close().await;
    }
}
