//! How many steps of one provider may be in flight. Pure; time is counted from any moment that all callers share.

use std::time::Duration;

/// How long it must be quiet until what was lost is won back, by half each time.
const QUIET: Duration = Duration::from_secs(60);

/// The permits of one provider.
#[derive(Debug)]
pub(super) struct Permits {
    most: u32,
    limit: u32,
    in_use: u32,
    halved_at: Option<Duration>,
    quiet_since: Duration,
}

impl Permits {
    pub(super) fn new(most: u32) -> Self {
        let most = most.max(1);
        Self { most, limit: most, in_use: 0, halved_at: None, quiet_since: Duration::ZERO }
    }

    /// Whether there is one left.
    pub(super) fn is_free(&mut self, now: Duration) -> bool {
        self.win_back(now);
        self.in_use < self.limit
    }

    /// Those that are taken.
    pub(super) fn in_use(&self) -> u32 {
        self.in_use
    }

    /// As many as there are for now.
    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Takes one, also where none is left.
    pub(super) fn take(&mut self) {
        self.in_use += 1;
    }

    pub(super) fn give_back(&mut self) {
        self.in_use = self.in_use.saturating_sub(1);
    }

    /// A call that had begun at `began` was told to slow down: half of those in flight from now on. Calls that were in flight together are
    /// told the same thing once.
    pub(super) fn too_many(&mut self, began: Duration, now: Duration) {
        self.quiet_since = now;
        if self.halved_at.is_none_or(|at| began >= at) {
            self.halved_at = Some(now);
            self.limit = (self.limit.min(self.in_use.max(2)) / 2).max(1);
        }
    }

    /// Whether more are in use than there should be.
    pub(super) fn are_too_many(&self) -> bool {
        self.in_use > self.limit
    }

    /// When the next are won back, if some are missing.
    pub(super) fn wins_back_at(&self) -> Option<Duration> {
        (self.limit < self.most).then_some(self.quiet_since + QUIET)
    }

    fn win_back(&mut self, now: Duration) {
        while self.wins_back_at().is_some_and(|at| at <= now) {
            self.limit = self.limit.saturating_mul(2).min(self.most);
            self.quiet_since += QUIET;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Takes permits until there are none, and says how many there were.
    fn take_all(permits: &mut Permits, now: Duration) -> u32 {
        let mut taken = 0;
        while permits.is_free(now) {
            permits.take();
            taken += 1;
        }
        taken
    }

    #[test]
    fn there_are_as_many_as_the_provider_allows() {
        assert_eq!(take_all(&mut Permits::new(256), s(0)), 256);
        let mut two = Permits::new(2);
        assert_eq!(take_all(&mut two, s(0)), 2);
        two.give_back();
        assert_eq!(take_all(&mut two, s(0)), 1);
        assert_eq!(take_all(&mut Permits::new(0), s(0)), 1, "none at all would be a standstill");
    }

    #[test]
    fn a_429_halves_what_is_in_flight_and_quiet_minutes_win_it_back() {
        let mut permits = Permits::new(256);
        (0..40).for_each(|_| permits.take());
        permits.too_many(s(1), s(5));
        assert!(permits.are_too_many());
        (0..40).for_each(|_| permits.too_many(s(2), s(6)));
        (0..40).for_each(|_| permits.give_back());
        assert_eq!(take_all(&mut permits, s(7)), 20, "they were told together, so it counts once");
        assert_eq!(take_all(&mut permits, s(6 + 60)), 20, "40 again");
        assert_eq!(take_all(&mut permits, s(6 + 120)), 40, "80");
        assert_eq!(take_all(&mut permits, s(6 + 600)), 256 - 80, "and never more than at first");
    }

    #[test]
    fn there_is_always_one_left() {
        let mut permits = Permits::new(2);
        for n in 0..10 {
            permits.too_many(s(n), s(n));
        }
        assert_eq!(take_all(&mut permits, s(10)), 1);
    }
}
