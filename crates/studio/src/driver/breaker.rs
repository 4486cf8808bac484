//! The breaker of one provider: after a fault of the provider its runs wait, one of them probes, and the waits grow. Pure; time is counted
//! from any moment that all callers share.

use std::time::Duration;

/// The wait after the first fault.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// No wait is cut shorter than this while the waits double.
const SHORT_OUTAGE_WAIT: Duration = Duration::from_secs(30);
/// The longest wait between two probes, also where the provider asks for more.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// Whether a step may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// The provider answers, as far as is known.
    Free,
    /// The provider was away: this step is to find out whether it is back.
    Probe,
    /// Not before then.
    Wait(Duration),
    /// Not before the probe in flight has ended.
    Probing,
}

/// Whether a provider answers.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    outage: Option<Outage>,
}

#[derive(Debug)]
struct Outage {
    since: Duration,
    /// When the last fault came that lengthened the wait.
    last_fault: Duration,
    faults: u32,
    until: Duration,
    probing: bool,
}

impl Breaker {
    /// Whether a step may begin now.
    pub(super) fn admit(&mut self, now: Duration) -> Admission {
        match &mut self.outage {
            None => Admission::Free,
            Some(outage) if outage.probing => Admission::Probing,
            Some(outage) if now < outage.until => Admission::Wait(outage.until),
            Some(outage) => {
                outage.probing = true;
                Admission::Probe
            }
        }
    }

    /// A call that had begun at `began` ended with a fault of the provider. Returns how long everybody waits now.
    ///
    /// The waits double up to 30 s, and grow to a tenth of the outage after that: whoever was away for ten minutes is found back within
    /// one, and whoever is away all night is asked every ten.
    pub(super) fn fault(&mut self, began: Duration, now: Duration, asked: Option<Duration>) -> Duration {
        let asked = asked.unwrap_or_default().min(LONGEST_WAIT);
        let outage = self.outage.get_or_insert(Outage { since: now, last_fault: began, faults: 0, until: now, probing: false });
        // Calls that were in flight together tell of one fault, not of many.
        let wait = if began >= outage.last_fault {
            outage.faults += 1;
            outage.last_fault = now;
            let longest = SHORT_OUTAGE_WAIT.max((now - outage.since) / 10).min(LONGEST_WAIT);
            FIRST_WAIT.saturating_mul(1 << (outage.faults - 1).min(16)).min(longest).max(asked)
        } else {
            asked
        };
        outage.until = outage.until.max(now + wait);
        outage.until - now
    }

    /// A call that had begun at `began` was answered, with whatever but a fault of the provider. True where that ends an outage: a word
    /// from before the last fault proves nothing.
    pub(super) fn life(&mut self, began: Duration) -> bool {
        if self.outage.as_ref().is_some_and(|outage| began >= outage.last_fault) {
            self.outage = None;
            return true;
        }
        false
    }

    /// The probe has ended, whatever it found out. One that asked nobody leaves it to the next.
    pub(super) fn probed(&mut self) {
        if let Some(outage) = &mut self.outage {
            outage.probing = false;
        }
    }

    /// Whether the provider counts as away.
    pub(super) fn is_open(&self) -> bool {
        self.outage.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn after_a_fault_one_probes_and_the_others_wait() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.admit(s(0)), Admission::Free);
        assert_eq!(breaker.fault(s(0), s(1), None), FIRST_WAIT);
        assert_eq!(breaker.admit(s(1)), Admission::Wait(s(1) + FIRST_WAIT));
        assert_eq!(breaker.admit(s(2)), Admission::Probe);
        assert_eq!(breaker.admit(s(2)), Admission::Probing);
        assert!(breaker.life(s(2)));
        assert_eq!(breaker.admit(s(2)), Admission::Free);
    }

    #[test]
    fn a_hundred_calls_that_fail_together_are_one_fault() {
        let mut breaker = Breaker::default();
        for n in 0..100 {
            assert!(breaker.fault(s(0), s(1) + Duration::from_millis(n), None) <= FIRST_WAIT);
        }
        assert_eq!(breaker.admit(s(2)), Admission::Probe);
        assert_eq!(breaker.fault(s(2), s(2), None), FIRST_WAIT * 2, "the probe's fault is the second");
    }

    #[test]
    fn what_was_said_before_the_fault_proves_nothing_and_what_is_said_after_it_does() {
        let mut breaker = Breaker::default();
        breaker.fault(s(5), s(10), None);
        assert!(!breaker.life(s(9)), "this stream began before the fault");
        assert!(breaker.life(s(11)), "`next` by hand never waits, and is a probe");
        assert!(!breaker.life(s(12)), "there is nothing left to end");
    }

    #[test]
    fn the_waits_grow_and_an_outage_of_ten_minutes_is_over_within_one() {
        let mut breaker = Breaker::default();
        let (mut now, mut probes, mut longest) = (s(0), 0, s(0));
        while now < s(600) {
            assert!(breaker.admit(now) != Admission::Probing);
            let wait = breaker.fault(now, now, None);
            breaker.probed();
            (longest, probes, now) = (longest.max(wait), probes + 1, now + wait);
        }
        assert!(longest <= s(60) && (15..=40).contains(&probes), "{probes} probes, the longest wait {longest:?}");
        while now < s(12 * 3_600) {
            let wait = breaker.fault(now, now, None);
            assert!(wait <= LONGEST_WAIT);
            (longest, now) = (longest.max(wait), now + wait);
        }
        assert_eq!(longest, LONGEST_WAIT);
    }

    #[test]
    fn the_provider_may_ask_for_more_but_not_for_a_century() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.fault(s(0), s(0), Some(s(7))), s(7));
        assert_eq!(breaker.fault(s(0), s(1), Some(s(20))), s(20), "one that was in flight asks for more");
        assert_eq!(breaker.fault(s(30), s(30), Some(s(4_000_000_000))), LONGEST_WAIT);
    }

    #[test]
    fn a_probe_that_asked_nobody_leaves_it_to_the_next() {
        let mut breaker = Breaker::default();
        breaker.fault(s(0), s(0), None);
        assert_eq!(breaker.admit(s(1)), Admission::Probe);
        breaker.probed();
        assert!(breaker.is_open());
        assert_eq!(breaker.admit(s(1)), Admission::Probe);
    }
}
