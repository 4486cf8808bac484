//! Whether this process can work: the database, the disk, the driver. Nothing new is claimed while one of the first two is in trouble, and
//! it all comes back by itself: somebody asks at least once a second.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{task::JoinHandle, time::Instant};

use crate::{
    ports::{Store, StoreError},
    problem::sentence,
};

/// With less free space than this, in bytes, a server begins nothing more.
pub const LEAST_SPACE: u64 = 50_000_000;
/// How long the database may take to write one row.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is good for: probes must not become a load.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// A driver that has not come round for so long stands still.
const STANDSTILL: Duration = Duration::from_secs(15);

/// What is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ill {
    /// What is wrong, as a sentence.
    pub detail: String,
    /// What to do.
    pub hint: String,
}

/// How the parts stand; none where all is well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// One row was written and read.
    pub database: Option<Ill>,
    /// There is room where the data is kept.
    pub disk: Option<Ill>,
    /// Whoever looks after the rows comes round, and the process does not shut down.
    pub driver: Option<Ill>,
}

impl Readiness {
    /// The parts by name, in order.
    pub fn checks(&self) -> [(&'static str, Option<&Ill>); 3] {
        [("database", self.database.as_ref()), ("disk", self.disk.as_ref()), ("driver", self.driver.as_ref())]
    }

    /// The first part that is in trouble.
    pub fn first(&self) -> Option<&Ill> {
        self.checks().into_iter().find_map(|(_, ill)| ill)
    }
}

/// The health of one process.
pub(crate) struct Health {
    store: Arc<dyn Store>,
    began: Instant,
    /// When the driver last came round, in milliseconds since `began`.
    beat: AtomicU64,
    /// Whether it has come to grief, and not been round since.
    fell: AtomicBool,
    /// Whether anything stands in `known`: asked before every claim.
    troubled: AtomicBool,
    known: Mutex<Known>,
    probe: tokio::sync::Mutex<Probe>,
}

#[derive(Default)]
struct Known {
    /// The database did not take a write.
    database: Option<Ill>,
    /// It did not because the disk is full.
    full: bool,
    /// There is too little room.
    space: Option<Ill>,
}

#[derive(Default)]
struct Probe {
    /// A write that has not been answered yet: no second one is sent after it.
    in_flight: Option<JoinHandle<Result<(), StoreError>>>,
    ended: Option<Instant>,
}

impl Health {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            began: Instant::now(),
            beat: AtomicU64::new(0),
            fell: AtomicBool::new(false),
            troubled: AtomicBool::new(false),
            known: Mutex::default(),
            probe: tokio::sync::Mutex::default(),
        }
    }

    /// The driver has come round.
    pub(crate) fn beat(&self) {
        self.beat.store(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Whether the driver has come to grief, or has been round since.
    pub(crate) fn driver_fell(&self, fell: bool) {
        self.fell.store(fell, Ordering::Relaxed);
    }

    /// The database did not do what was asked. A fault that lies with the question is none of the database's.
    pub(crate) fn failed(&self, error: &StoreError) {
        let full = match error {
            StoreError::DiskFull { .. } => true,
            StoreError::Busy { .. } | StoreError::Away { .. } | StoreError::Unusable { .. } => false,
            StoreError::NotFound { .. }
            | StoreError::Refused(_)
            | StoreError::ArtifactMovedOn { .. }
            | StoreError::Locked { .. }
            | StoreError::Unfit { .. }
            | StoreError::Taken { .. }
            | StoreError::Database(_) => return,
        };
        self.in_trouble(Ill { detail: sentence(&error.to_string()), hint: error.hint() }, full);
    }

    /// Why nothing may be claimed now; none where all is well.
    pub(crate) fn trouble(&self) -> Option<Ill> {
        if !self.troubled.load(Ordering::Relaxed) {
            return None;
        }
        let known = self.known();
        known.database.as_ref().or(known.space.as_ref()).cloned()
    }

    /// Whether the database did not take the last write that we know of.
    pub(crate) fn database_is_away(&self) -> bool {
        self.troubled.load(Ordering::Relaxed) && self.known().database.is_some()
    }

    /// Looks at the room where the data is kept. A database server has a disk of its own, and says itself when that is full.
    pub(crate) fn look_at_space(&self) {
        let free = self.store.free_space();
        let space = free.filter(|free| *free < LEAST_SPACE).map(|free| Ill {
            detail: format!("Only {} MB are free where the data is kept.", free / 1_000_000),
            hint: format!("Free some space: nothing new is begun below {} MB.", LEAST_SPACE / 1_000_000),
        });
        self.note(|known| known.space = space);
    }

    /// Writes a row, unless that was done within the last second, and notes what came of it.
    pub(crate) async fn probe(&self) {
        let mut probe = self.probe.lock().await;
        if probe.ended.is_some_and(|at| at.elapsed() < GOOD_FOR) {
            return;
        }
        let store = self.store.clone();
        let mut writing = probe.in_flight.take().unwrap_or_else(|| tokio::spawn(async move { store.health().await }));
        match tokio::time::timeout(PATIENCE, &mut writing).await {
            Ok(Ok(Ok(()))) => self.note(|known| {
                known.database = None;
                known.full = false;
            }),
            Ok(Ok(Err(error))) => {
                let full = matches!(error, StoreError::DiskFull { .. });
                self.in_trouble(Ill { detail: sentence(&error.to_string()), hint: error.hint() }, full);
            }
            Ok(Err(_)) => self.in_trouble(mute("The database could not be asked."), false),
            Err(_) => {
                probe.in_flight = Some(writing);
                self.in_trouble(mute(&format!("The database did not write within {} seconds.", PATIENCE.as_secs())), false);
            }
        }
        probe.ended = Some(Instant::now());
    }

    /// How everything stands, at most a second ago.
    pub(crate) async fn readiness(&self, draining: bool) -> Readiness {
        self.probe().await;
        self.look_at_space();
        let (database, disk) = {
            let known = self.known();
            let full = known.full.then(|| known.database.clone()).flatten();
            (known.database.clone(), known.space.clone().or(full))
        };
        Readiness { database, disk, driver: self.driver(draining) }
    }

    fn driver(&self, draining: bool) -> Option<Ill> {
        if draining {
            let (detail, hint) = ("The server is shutting down.".into(), "Ask another one, or this one when it is back.".into());
            return Some(Ill { detail, hint });
        }
        if self.fell.load(Ordering::Relaxed) {
            let (detail, hint) = ("The driver has come to grief.".into(), "It begins anew by itself; the server's log says why.".into());
            return Some(Ill { detail, hint });
        }
        let silent = self.began.elapsed().saturating_sub(Duration::from_millis(self.beat.load(Ordering::Relaxed)));
        (silent >= STANDSTILL).then(|| Ill {
            detail: format!("The driver has not looked at the rows for {} seconds.", silent.as_secs()),
            hint: "Read the server's log; if it does not come back by itself, restart the server: nothing is lost.".into(),
        })
    }

    fn in_trouble(&self, ill: Ill, full: bool) {
        self.note(|known| {
            if known.database.is_none() {
                tracing::error!(detail = %ill.detail, "nothing is claimed until the database writes again");
            }
            known.database = Some(ill);
            known.full = full;
        });
    }

    fn note(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.known();
        let before = known.database.is_some() || known.space.is_some();
        change(&mut known);
        let now = known.database.is_some() || known.space.is_some();
        self.troubled.store(now, Ordering::Relaxed);
        if before && !now {
            tracing::info!("runs are claimed again");
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn mute(detail: &str) -> Ill {
    Ill { detail: detail.into(), hint: "It becomes ready by itself once the database writes again.".into() }
}
