//! What goes on in this process, for whoever looks on: changes of runs, and prose as it is written.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::broadcast;

use crate::run::Run;

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
pub struct Feed {
    notices: broadcast::Sender<Notice>,
    written: Arc<Mutex<HashMap<Arc<str>, Written>>>,
}

/// Prose that a step in flight has streamed so far.
#[derive(Debug, Clone, Default)]
pub struct Written {
    #[allow(missing_docs)]
    pub step_index: i64,
    #[allow(missing_docs)]
    pub attempt: i64,
    /// Slots in the order in which they began, each with its text from offset 0. A continuation goes on with the text of its call.
    pub slots: Vec<(Arc<str>, String)>,
}

impl Written {
    /// What a delta adds. Prose that does not follow is left out: nobody could place it.
    fn add(&mut self, slot: &Arc<str>, offset: usize, text: &str) {
        match self.slots.iter_mut().find(|(known, _)| known == slot) {
            Some((_, so_far)) => {
                // The same call, asked anew.
                if offset == 0 {
                    so_far.clear();
                }
                so_far.push_str(text);
            }
            None => {
                // A continuation's first words stand where the text before it ends: the slot's own text is kept from there.
                let before = self.slots.last().filter(|_| offset > 0).map(|(_, text)| text.clone()).unwrap_or_default();
                self.slots.push((slot.clone(), before + text));
            }
        }
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self { notices: broadcast::channel(4096).0, written: Arc::default() }
    }
}

impl Feed {
    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Whether anybody listens: prose is not even copied when nobody does.
    pub fn is_heard(&self) -> bool {
        self.notices.receiver_count() > 0
    }

    /// Tells whoever listens.
    pub fn tell(&self, notice: Notice) {
        if let Notice::Delta { run_id, step_index, attempt, slot, offset, text } = &notice {
            let mut written = self.written();
            let written = written.entry(run_id.clone()).or_default();
            if (written.step_index, written.attempt) != (*step_index, *attempt) {
                *written = Written { step_index: *step_index, attempt: *attempt, slots: Vec::new() };
            }
            written.add(slot, *offset, text);
        }
        // Nobody listening is no fault.
        let _ = self.notices.send(notice);
    }

    /// Tells that the run's row changed; prose of a step that has ended is forgotten.
    pub fn changed(&self, run: &Run) {
        {
            let mut written = self.written();
            let active = run.active_step.as_ref().map(|step| (step.index, step.attempt));
            if written.get(run.id.as_str()).is_some_and(|w| active != Some((w.step_index, w.attempt))) {
                written.remove(run.id.as_str());
            }
        }
        self.tell(Notice::Changed { run_id: run.id.as_str().into() });
    }

    /// Tells that the run was deleted.
    pub fn gone(&self, run_id: &str) {
        self.written().remove(run_id);
        self.tell(Notice::Changed { run_id: run_id.into() });
    }

    /// The prose that the run's step in flight has streamed in this process so far.
    pub fn so_far(&self, run_id: &str) -> Option<Written> {
        self.written().get(run_id).cloned()
    }

    fn written(&self) -> MutexGuard<'_, HashMap<Arc<str>, Written>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
