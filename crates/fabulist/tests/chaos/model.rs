//! A model that fails one call in five, in every way.

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;
use llm::adversary::{Adversary, Behaviour, Running};

/// Calls that are thought out in advance.
const AHEAD: usize = 100_000;

/// The model, and what it was told to do.
pub(crate) struct Model {
    pub(crate) running: Running,
    /// Each way to fail, in the order of calls; none where it answers.
    script: Vec<Option<&'static str>>,
    left: std::sync::OnceLock<usize>,
}

impl Model {
    pub(crate) async fn start(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x5eed);
        let adversary = Adversary::new().with_pause(Duration::from_millis(3)).that_forgets();
        let drawn: Vec<_> = (0..AHEAD).map(|_| (rng.u32(0..5) == 0).then(|| way(&mut rng))).collect();
        adversary.script(drawn.iter().map(|drawn| drawn.as_ref().map_or(Behaviour::Competent, |(_, behaviour)| behaviour.clone())));
        let script = drawn.into_iter().map(|drawn| drawn.map(|(name, _)| name)).collect();
        Self { running: adversary.start().await.unwrap(), script, left: std::sync::OnceLock::new() }
    }

    /// From now on it is a good model.
    pub(crate) fn recover(&self) {
        let _ = self.left.set(self.running.adversary.scripted());
        self.running.adversary.recover();
    }

    /// How many calls it got before it recovered, and how many of them failed in which way.
    pub(crate) fn told(&self) -> (usize, BTreeMap<&'static str, usize>) {
        let calls = AHEAD - self.left.get().copied().unwrap_or_else(|| self.running.adversary.scripted());
        let mut ways = BTreeMap::new();
        for way in self.script.iter().take(calls).flatten() {
            *ways.entry(*way).or_default() += 1;
        }
        (calls, ways)
    }
}

fn way(rng: &mut Rng) -> (&'static str, Behaviour) {
    let pieces = rng.usize(0..6);
    match rng.u32(0..25) {
        0 | 1 => ("server error", Behaviour::ServerError),
        2 => ("rate limited", Behaviour::RateLimited(Some(rng.u32(0..2).to_string()))),
        3 => ("rate limited, no time said", Behaviour::RateLimited(None)),
        4 => ("out of money", Behaviour::QuotaUsedUp),
        5 => ("wrong key", Behaviour::BadKey),
        6 => ("no such model", Behaviour::NoSuchModel),
        7 => ("too long", Behaviour::TooLong),
        8 => ("bad gateway", Behaviour::Status(502, None, "<html>Bad gateway</html>".into())),
        9 | 10 => ("cut off", Behaviour::CutAfter(pieces)),
        11 => ("ended early", Behaviour::EndsEarly(pieces)),
        12 => ("failed within", Behaviour::FailsWithin(pieces)),
        13 => ("garbage", Behaviour::Garbage),
        14 => ("no JSON on the wire", Behaviour::NotJson),
        15 | 16 => ("another shape", Behaviour::WrongSchema),
        17 => ("cut by length", Behaviour::CutByLength(rng.usize(5..40))),
        18 => ("filtered", Behaviour::Filtered),
        19 => ("declined", Behaviour::Declines),
        20 => ("blanks", Behaviour::Blanks),
        21 => ("slow to begin", Behaviour::SlowFirstToken(Duration::from_millis(rng.u64(500..4000)))),
        22 => ("dribbles", Behaviour::Dribbles(Duration::from_millis(60))),
        23 => ("stalls", Behaviour::StallsAfter(pieces)),
        _ => ("hangs", Behaviour::Hangs),
    }
}
