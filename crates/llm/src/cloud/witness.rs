use std::sync::{Mutex, PoisonError};

use genai::chat::{ChatFrameSink, FrameCtx, RawFrameRef};
use tokio::time::Instant;

use super::dialect::Dialect;
use crate::answer::Seen;

/// Reads along what the stream says beside its text: why it ended, what it used, and whether it is a refusal.
///
/// The library tells these only with the closing mark of a stream, which not every service sends and no broken stream has, and refusals
/// not at all. It also swallows comments and pings, which are all that some services send while a model thinks.
pub(super) struct Witness {
    dialect: &'static dyn Dialect,
    notes: Mutex<Notes>,
}

struct Notes {
    seen: Seen,
    heard_at: Instant,
}

impl Witness {
    pub(super) fn new(dialect: &'static dyn Dialect) -> Self {
        Self { dialect, notes: Mutex::new(Notes { seen: Seen::default(), heard_at: Instant::now() }) }
    }

    pub(super) fn has_finish(&self) -> bool {
        self.with(|notes| notes.seen.finish.is_some() || notes.seen.refusal)
    }

    /// When the service gave the last sign of life.
    pub(super) fn heard_at(&self) -> Instant {
        self.with(|notes| notes.heard_at)
    }

    pub(super) fn take(&self) -> Seen {
        self.with(|notes| std::mem::take(&mut notes.seen))
    }

    fn with<T>(&self, read: impl FnOnce(&mut Notes) -> T) -> T {
        read(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ChatFrameSink for Witness {
    fn on_frame(&self, _: &FrameCtx, frame: RawFrameRef<'_>) {
        self.with(|notes| {
            notes.heard_at = Instant::now();
            self.dialect.hear(frame.data, &mut notes.seen);
        });
    }
}
