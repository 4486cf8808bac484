//! The desk: every use case, for every door.

mod books;
mod briefs;
mod commands;
mod runs;
mod versions;

use std::{sync::Arc, time::Duration};

pub use books::{Book, BookChapter};
pub use runs::RunRequest;
use tokio_util::sync::CancellationToken;

use crate::{
    driver::{LocalDriver, Scope},
    feed::Feed,
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
}

impl Studio {
    /// Opens the desk over a store and models; `scope` says which runs this process works on by itself.
    pub fn open(store: Arc<dyn Store>, models: Arc<dyn Models>, clock: Arc<dyn Clock>, scope: Scope) -> Self {
        let feed = Feed::default();
        let runner = Runner {
            store: store.clone(),
            models: models.clone(),
            clock: clock.clone(),
            feed: feed.clone(),
            draining: CancellationToken::new(),
            outlines: Arc::default(),
        };
        let driver = LocalDriver::start(runner, scope);
        Self { store, models, clock, feed, driver }
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
