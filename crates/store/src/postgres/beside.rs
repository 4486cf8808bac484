//! What a process does beside its work: it shows that it lives, tells the others that it has written, and hears when they have.
//!
//! Nothing of this is in a step's transaction, and nothing is lost where a word is: rows are looked at anyway.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use sqlx::{PgPool, postgres::PgListener};
use tokio::{
    sync::{Mutex, Notify},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{address::Address, nodes};

/// How often a process shows that it lives.
const BEAT_EVERY: Duration = Duration::from_secs(5);
/// A beat that failed is tried again so soon.
const BEAT_AGAIN: Duration = Duration::from_secs(1);
/// No beat takes longer.
const BEAT_TAKES: Duration = Duration::from_secs(5);
/// At most one word to the others in this time, whatever was written.
const TELL_EVERY: Duration = Duration::from_millis(10);
/// How often rows are looked at, for a word may get lost.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Where the words go.
const CHANNEL: &str = "fabulist";

/// Counts what was written, as far as this process has heard.
#[derive(Debug, Default)]
pub(crate) struct Mark {
    count: AtomicI64,
    ours: Notify,
}

impl Mark {
    pub(crate) fn count(&self) -> i64 {
        self.count.load(Ordering::Acquire)
    }

    /// This process has written.
    pub(super) fn wrote(&self) {
        self.changed();
        self.ours.notify_one();
    }

    fn changed(&self) {
        self.count.fetch_add(1, Ordering::AcqRel);
    }
}

/// What is to be done beside the work.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    pub(crate) node: String,
    pub(crate) role: &'static str,
    pub(crate) mark: Arc<Mark>,
    /// Whether this process still shows that it lives; held during each beat.
    pub(crate) beating: Arc<Mutex<bool>>,
}

/// What runs beside the work.
pub(super) struct Tasks {
    running: JoinSet<()>,
    db: PgPool,
}

impl Tasks {
    pub(super) async fn end(mut self) {
        self.running.shutdown().await;
        self.db.close().await;
    }
}

impl Beside {
    /// Starts on the runtime that this is called in.
    pub(super) fn start(&self, address: &Address) -> Tasks {
        let db = address.connect_beside();
        let mut running = JoinSet::new();
        running.spawn(beat(self.clone(), address.clone()));
        running.spawn(tell(self.clone(), db.clone()));
        running.spawn(hear(self.clone(), db.clone()));
        Tasks { running, db }
    }

    /// From now on nobody puts this process back into the table of nodes.
    pub(crate) async fn stop_beating(&self) {
        *self.beating.lock().await = false;
    }
}

/// Shows that this process lives, by the database's clock. On a connection of its own: one that hangs is thrown away at once, and a
/// new one made.
async fn beat(beside: Beside, address: Address) {
    let mut failing = false;
    let mut connection = None;
    loop {
        sleep(if failing { BEAT_AGAIN } else { BEAT_EVERY }).await;
        let beating = beside.beating.lock().await;
        if !*beating {
            return;
        }
        let beaten = timeout(BEAT_TAKES, async {
            let on = match connection.take() {
                Some(on) => on,
                None => address.connect_one().await?,
            };
            nodes::beat(connection.insert(on), &beside.node, beside.role).await
        });
        let beaten = beaten.await;
        drop(beating);
        if !matches!(beaten, Ok(Ok(_))) {
            connection = None;
        }
        match beaten {
            Ok(Ok(None)) => failing = false,
            Ok(Ok(Some(silent))) => {
                failing = false;
                // Whoever works here finds out from the rows what is still its own, and a commit would be refused anyway.
                tracing::error!(seconds = silent.as_secs(), "this process was silent for so long that others may have taken its runs over");
                beside.mark.changed();
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "this process cannot show that it lives");
                failing = true;
            }
            Err(_) => {
                tracing::warn!("this process cannot show that it lives: no answer");
                failing = true;
            }
        }
    }
}

/// Tells the others that this process has written: its id, and nothing else.
async fn tell(beside: Beside, db: PgPool) {
    loop {
        beside.mark.ours.notified().await;
        if let Err(error) = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(&beside.node).execute(&db).await {
            tracing::debug!(%error, "the others were not told; they look at the rows anyway");
        }
        sleep(TELL_EVERY).await;
    }
}

/// Hears that others have written.
async fn hear(beside: Beside, db: PgPool) {
    loop {
        if let Err(error) = listen(&beside, &db).await {
            tracing::debug!(%error, "the others cannot be heard");
        }
        // Whatever was said meanwhile was missed.
        beside.mark.changed();
        sleep(LOOK_EVERY).await;
    }
}

async fn listen(beside: &Beside, db: &PgPool) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(db).await?;
    listener.listen(CHANNEL).await?;
    let mut newest = None;
    let mut look_at = Instant::now();
    loop {
        tokio::select! {
            heard = listener.try_recv() => match heard? {
                Some(word) if word.payload() == beside.node => {}
                _ => beside.mark.changed(),
            },
            () = tokio::time::sleep_until(look_at) => {
                look_at = Instant::now() + LOOK_EVERY;
                let seen: Option<i64> = sqlx::query_scalar("SELECT MAX(position) FROM events").fetch_one(db).await?;
                if newest.replace(seen).is_some_and(|before| before != seen) {
                    beside.mark.changed();
                }
            }
        }
    }
}
