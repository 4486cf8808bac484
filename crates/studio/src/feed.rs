//! What goes on in this process, for whoever looks on: changes of runs, and prose as it is written.

use std::sync::Arc;

use tokio::sync::broadcast;

/// Something that happened just now. Nothing durable: the rows are the truth, and a listener that falls behind reads them.
#[derive(Debug, Clone)]
pub enum Notice {
    /// The run's row changed.
    Changed {
        #[allow(missing_docs)]
        run_id: Arc<str>,
    },
    /// A step waits for something that a person can mend: a full disk, a database that is away.
    Trouble {
        #[allow(missing_docs)]
        run_id: Arc<str>,
        #[allow(missing_docs)]
        detail: String,
        #[allow(missing_docs)]
        hint: String,
    },
    /// Prose as it comes.
    Delta {
        #[allow(missing_docs)]
        run_id: Arc<str>,
        #[allow(missing_docs)]
        step_index: i64,
        #[allow(missing_docs)]
        attempt: i64,
        /// The call's slot.
        slot: Arc<str>,
        /// Scalar values before this text.
        offset: usize,
        #[allow(missing_docs)]
        text: Arc<str>,
    },
}

/// The process's own feed.
#[derive(Debug, Clone)]
pub struct Feed(broadcast::Sender<Notice>);

impl Default for Feed {
    fn default() -> Self {
        Self(broadcast::channel(1024).0)
    }
}

impl Feed {
    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Notice> {
        self.0.subscribe()
    }

    /// Whether anybody listens: prose is not even copied when nobody does.
    pub fn is_heard(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// Tells whoever listens.
    pub fn tell(&self, notice: Notice) {
        // Nobody listening is no fault.
        let _ = self.0.send(notice);
    }
}
