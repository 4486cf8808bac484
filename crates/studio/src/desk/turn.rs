//! A turn between two steps: who waits for it keeps autorun from beginning the next one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::Studio;
use crate::{
    error::Error,
    feed::Notice,
    transition::{hold, let_go},
};

/// How long a hold lasts that nobody renews.
const HOLD: Duration = Duration::from_secs(3);
/// How often it is renewed, and the rows are looked at.
const RENEW: Duration = Duration::from_millis(500);
/// The longest that anybody waits.
pub const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// How long to wait for a turn; not at all, where it is zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    /// As long as `next` waits when nobody says.
    pub const USUAL: Self = Self(Duration::from_secs(600));
    /// Not at all.
    pub const NONE: Self = Self(Duration::ZERO);
}

/// Somebody who wants a turn.
pub(super) struct Turn<'a> {
    studio: &'a Studio,
    run_id: &'a str,
    wait: Wait,
    since: Instant,
    news: tokio::sync::broadcast::Receiver<Notice>,
    holds: bool,
}

impl Studio {
    /// A turn at this run: whatever is refused because a step is in flight is tried again after [`Turn::wait_out`], with everything that
    /// it has read of the run read anew.
    pub(super) fn turn<'a>(&'a self, run_id: &'a str, wait: Wait) -> Turn<'a> {
        Turn { studio: self, run_id, wait, since: Instant::now(), news: self.feed.listen(), holds: false }
    }
}

impl Turn<'_> {
    /// Waits until it is worth while to try again. Meanwhile autorun begins no further step.
    ///
    /// Gives `error` back where waiting would not help, or nobody wants to wait any longer.
    pub(super) async fn wait_out(&mut self, error: Error) -> Result<(), Error> {
        let left = self.wait.0.saturating_sub(self.since.elapsed());
        if !is_busy(&error) || left.is_zero() {
            self.end().await;
            return Err(error);
        }
        let until = self.studio.clock.now() + i64::try_from(HOLD.as_micros()).unwrap_or(i64::MAX);
        self.studio.store.change(self.run_id, Arc::new(move |run| hold(run, until))).await?;
        self.holds = true;
        let (news, run_id) = (&mut self.news, self.run_id);
        let told = async {
            loop {
                match news.recv().await {
                    Ok(Notice::Changed { run_id: of }) if &*of == run_id => return,
                    Ok(_) => {}
                    Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => return,
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        let _ = tokio::time::timeout(RENEW.min(left), told).await;
        Ok(())
    }

    /// Nobody waits any more.
    pub(super) async fn end(&mut self) {
        if std::mem::take(&mut self.holds) {
            let now = self.studio.clock.now();
            // It ends by itself where this fails.
            let _ = self.studio.change(self.run_id, Arc::new(move |run| let_go(run, now))).await;
        }
    }
}

/// Whether the run has only to come to the end of a step.
fn is_busy(error: &Error) -> bool {
    matches!(error, Error::Conflict(conflict) if matches!(conflict.kind.as_str(), "step-in-progress" | "state-moved-on"))
}
