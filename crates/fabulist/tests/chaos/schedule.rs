//! What happens when, from one number: the same seed gives the same schedule.

use std::time::Duration;

use fastrand::Rng;

/// What people press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Create,
    Script,
    Adapt,
    Next,
    Draw,
    Choose,
    Start,
    Stop,
    Pause,
    Resume,
    Cancel,
    Fork,
    Intervene,
    Edit,
    Write,
    Redo,
    Revert,
    Restore,
    Rewrite,
    Lock,
    Unlock,
    Delete,
}

impl Kind {
    /// Whether it needs something that not every run has.
    pub(crate) fn wants_something(self) -> bool {
        use Kind::{Choose, Draw, Lock, Redo, Restore, Revert, Rewrite, Unlock};
        matches!(self, Draw | Choose | Lock | Unlock | Redo | Restore | Revert | Rewrite)
    }
}

/// Each as often as its weight says.
pub(crate) const KINDS: [(Kind, u32); 22] = [
    (Kind::Create, 6),
    (Kind::Script, 4),
    (Kind::Adapt, 4),
    (Kind::Next, 20),
    (Kind::Draw, 5),
    (Kind::Choose, 5),
    (Kind::Start, 18),
    (Kind::Stop, 5),
    (Kind::Pause, 8),
    (Kind::Resume, 14),
    (Kind::Cancel, 2),
    (Kind::Fork, 5),
    (Kind::Intervene, 7),
    (Kind::Edit, 8),
    (Kind::Write, 8),
    (Kind::Redo, 8),
    (Kind::Revert, 9),
    (Kind::Restore, 5),
    (Kind::Rewrite, 4),
    (Kind::Lock, 3),
    (Kind::Unlock, 3),
    (Kind::Delete, 4),
];

/// Something that a person does, with the dice for everything about it that is open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Press {
    pub(crate) kind: Kind,
    /// Which server is asked.
    pub(crate) node: usize,
    /// Which run it is about, counted from the youngest.
    pub(crate) run: usize,
    /// For the rest.
    pub(crate) dice: u32,
    /// Its place in the schedule.
    pub(crate) number: u32,
}

/// What happens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    Press(Press),
    /// SIGKILL, and a start after this time.
    Kill {
        node: usize,
        down: Duration,
    },
    /// SIGSTOP, and SIGCONT after this time.
    Stop {
        node: usize,
        still: Duration,
    },
}

/// An endless schedule.
pub(crate) struct Schedule {
    rng: Rng,
    presses: u32,
    /// When the next of each comes.
    press: Duration,
    kill: Duration,
    stop: Duration,
    /// The longest time that a process stands still.
    longest: Duration,
}

impl Schedule {
    /// On PostgreSQL a process that stands still for long enough is thought dead.
    pub(crate) fn new(seed: u64, longest: Duration) -> Self {
        let ms = Duration::from_millis;
        Self { rng: Rng::with_seed(seed), presses: 0, press: ms(300), kill: ms(4000), stop: ms(2500), longest }
    }

    fn a_press(&mut self) -> Press {
        let mut at = self.rng.u32(0..KINDS.iter().map(|(_, weight)| weight).sum());
        let kind = KINDS.iter().find(|(_, weight)| at.checked_sub(*weight).map(|left| at = left).is_none()).map_or(Kind::Next, |k| k.0);
        self.presses += 1;
        Press { kind, node: self.rng.usize(0..2), run: self.rng.usize(0..10), dice: self.rng.u32(..), number: self.presses }
    }
}

fn between(rng: &mut Rng, least: u64, most: u64) -> Duration {
    Duration::from_millis(rng.u64(least..=most))
}

impl Iterator for Schedule {
    type Item = (Duration, Deed);

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.press.min(self.kill).min(self.stop);
        let deed = if at == self.kill {
            self.kill += between(&mut self.rng, 2_500, 8_000);
            Deed::Kill { node: self.rng.usize(0..2), down: between(&mut self.rng, 50, 2_000) }
        } else if at == self.stop {
            self.stop += between(&mut self.rng, 2_000, 7_000);
            let long = self.rng.u32(0..4) == 0;
            let still = if long { self.longest } else { between(&mut self.rng, 100, 3_000) };
            Deed::Stop { node: self.rng.usize(0..2), still }
        } else {
            self.press += between(&mut self.rng, 20, 260);
            Deed::Press(self.a_press())
        };
        Some((at, deed))
    }
}

#[test]
fn the_same_seed_gives_the_same_schedule() {
    let some = |seed| Schedule::new(seed, Duration::from_secs(1)).take(500).map(|deed| format!("{deed:?}")).collect::<Vec<_>>();
    assert_eq!(some(7), some(7));
    assert_ne!(some(7), some(8));
}
