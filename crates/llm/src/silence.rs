use std::time::Duration;

use tokio::time::Instant;

use crate::timeouts::Timeouts;

/// Measures how long a service has said nothing.
pub(crate) struct Silence {
    timeouts: Timeouts,
    /// When the last token came, or the question was asked.
    since: Instant,
    spoken: bool,
}

impl Silence {
    pub(crate) fn begin(timeouts: Timeouts) -> Self {
        Self { timeouts, since: Instant::now(), spoken: false }
    }

    /// A token came, a thought or a word.
    pub(crate) fn broken(&mut self) {
        self.since = Instant::now();
        self.spoken = true;
    }

    /// How long it may last.
    pub(crate) fn limit(&self) -> Duration {
        if self.spoken { self.timeouts.between_tokens } else { self.timeouts.first_token }
    }

    /// When it has lasted too long, after the last sign of life.
    pub(crate) fn ends(&self, heard_at: Instant) -> Instant {
        let longest = self.since + self.timeouts.without_a_token.max(self.limit());
        (heard_at.max(self.since) + self.limit()).min(longest)
    }
}
