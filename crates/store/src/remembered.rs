//! What never changes once it is stored, kept at hand: briefs of snapshots, and state values by their hash.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use story::brief::FrozenBrief;

/// At most so many bytes of state values are kept; the oldest go first.
const MOST_BYTES: usize = 8 << 20;
/// At most so many briefs.
const MOST_BRIEFS: usize = 64;

/// Immutable values of this process's runs. Nothing is lost when one is forgotten: the rows have it.
#[derive(Debug, Default)]
pub(crate) struct Remembered(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    values: HashMap<String, Arc<str>>,
    order: VecDeque<String>,
    bytes: usize,
    briefs: VecDeque<(String, Arc<FrozenBrief>)>,
}

impl Remembered {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state value with this hash.
    pub(crate) fn value(&self, hash: &str) -> Option<Arc<str>> {
        self.kept().values.get(hash).cloned()
    }

    /// Keeps a state value.
    pub(crate) fn keep_value(&self, hash: &str, json: &Arc<str>) {
        let mut kept = self.kept();
        if kept.values.insert(hash.to_owned(), json.clone()).is_some() {
            return;
        }
        kept.order.push_back(hash.to_owned());
        kept.bytes += json.len();
        while kept.bytes > MOST_BYTES {
            let Some(oldest) = kept.order.pop_front() else { break };
            if let Some(gone) = kept.values.remove(&oldest) {
                kept.bytes -= gone.len();
            }
        }
    }

    /// The brief of a snapshot.
    pub(crate) fn brief(&self, snapshot_id: &str) -> Option<Arc<FrozenBrief>> {
        self.kept().briefs.iter().find(|(id, _)| id == snapshot_id).map(|(_, brief)| brief.clone())
    }

    /// Keeps the brief of a snapshot.
    pub(crate) fn keep_brief(&self, snapshot_id: &str, brief: &Arc<FrozenBrief>) {
        let mut kept = self.kept();
        kept.briefs.push_back((snapshot_id.to_owned(), brief.clone()));
        if kept.briefs.len() > MOST_BRIEFS {
            kept.briefs.pop_front();
        }
    }
}
