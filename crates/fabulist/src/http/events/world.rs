//! Followers of all runs: one reader of the feed, one set of bytes for everybody.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use serde_json::json;
use studio::{Error, ports::FeedPage};
use tokio::sync::{Notify, OwnedSemaphorePermit, broadcast};

use super::{
    Hub,
    frame::{Frame, text},
    stream::{COMMENT, Ended, Line, Place, Prose, alive, line},
};

/// Pieces that a follower may fall behind before it reads the rows again.
const PIECES: usize = 256;
/// Events of one look at the rows.
const AT_ONCE: u32 = 200;

/// Those who follow all runs.
pub(crate) struct World {
    pieces: broadcast::Sender<Piece>,
    news: Notify,
    /// Whether the reader is at work.
    read: Mutex<bool>,
    followed: AtomicBool,
}

/// Some events that follow each other in the feed.
#[derive(Clone)]
struct Piece {
    /// The position before the first of them, and of the last.
    from: Arc<str>,
    to: Arc<str>,
    events: Arc<[(String, Bytes)]>,
}

impl Default for World {
    fn default() -> Self {
        let (pieces, _) = broadcast::channel(PIECES);
        Self { pieces, news: Notify::new(), read: Mutex::new(false), followed: AtomicBool::new(false) }
    }
}

impl World {
    /// The rows may have changed.
    pub(super) fn look(&self) {
        self.news.notify_one();
    }

    /// Whether anybody follows all runs.
    pub(super) fn is_followed(&self) -> bool {
        self.followed.load(Ordering::Relaxed)
    }
}

/// Follows all runs, or some, after a position; with the prose of one run where that is asked for.
pub(super) async fn follow(
    hub: Arc<Hub>,
    after: Option<String>,
    runs: Option<HashSet<String>>,
    deltas: Option<String>,
    place: OwnedSemaphorePermit,
) -> Result<Body, Error> {
    let prose = match deltas {
        Some(id) => match hub.listen(&id).await {
            Ok(frames) => Some((id, frames)),
            Err(Error::NotFound { .. }) => None,
            Err(e) => return Err(e),
        },
        None => None,
    };
    let pieces = listen(&hub).await?;
    let (line, body) = line();
    let mut follower = Follower { hub, at: after, runs, line };
    tokio::spawn(async move {
        let closing = follower.hub.closing.clone();
        tokio::select! {
            _ = follower.run(pieces, prose) => {}
            () = closing.cancelled() => {}
        }
        drop(place);
    });
    Ok(body)
}

/// Follows the reader, which is started where there is none.
async fn listen(hub: &Arc<Hub>) -> Result<broadcast::Receiver<Piece>, Error> {
    let latest = hub.studio.store().feed_latest().await?;
    let mut read = hub.world.read.lock().unwrap_or_else(PoisonError::into_inner);
    let pieces = hub.world.pieces.subscribe();
    hub.world.followed.store(true, Ordering::Relaxed);
    if !*read {
        *read = true;
        tokio::spawn(read_on(hub.clone(), latest.into()));
    }
    Ok(pieces)
}

/// Reads the feed as long as anybody follows it.
async fn read_on(hub: Arc<Hub>, mut at: Arc<str>) {
    loop {
        match hub.studio.store().feed(Some(at.to_string()), AT_ONCE).await {
            Ok(page) if page.events.is_empty() => {
                let _ = tokio::time::timeout(Duration::from_secs(2), hub.world.news.notified()).await;
            }
            Ok(page) => {
                let to: Arc<str> = page.next.as_str().into();
                let _ = hub.world.pieces.send(Piece { from: at, to: to.clone(), events: bytes(page).into() });
                at = to;
            }
            Err(error) => {
                tracing::warn!(%error, "the feed could not be read");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        let mut read = hub.world.read.lock().unwrap_or_else(PoisonError::into_inner);
        if hub.world.pieces.receiver_count() == 0 || hub.closing.is_cancelled() {
            *read = false;
            hub.world.followed.store(false, Ordering::Relaxed);
            return;
        }
    }
}

fn bytes(page: FeedPage) -> Vec<(String, Bytes)> {
    let one = |(position, event): (String, studio::event::Event)| {
        let bytes = text(Some(&position), &event.name, &event.data);
        (event.run_id, bytes)
    };
    page.events.into_iter().map(one).collect()
}

struct Follower {
    hub: Arc<Hub>,
    /// The position of the last event that was told, or passed over; none before the first.
    at: Option<String>,
    /// Only these runs.
    runs: Option<HashSet<String>>,
    line: Line,
}

impl Follower {
    async fn run(
        &mut self,
        mut pieces: broadcast::Receiver<Piece>,
        mut deltas: Option<(String, broadcast::Receiver<Frame>)>,
    ) -> Result<(), Ended> {
        self.catch_up().await?;
        let mut prose = Prose::default();
        if let Some((id, _)) = &deltas {
            self.so_far(id, &mut prose).await?;
        }
        let mut alive = alive();
        loop {
            tokio::select! {
                piece = pieces.recv() => match piece {
                    Ok(piece) if self.at.as_deref() == Some(&*piece.from) => {
                        self.at = Some(piece.to.to_string());
                        self.tell(&piece.events).await?;
                    }
                    // Known already, or something before it was missed: positions cannot be compared, the rows know.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => self.catch_up().await?,
                    Err(broadcast::error::RecvError::Closed) => return Ok(()),
                },
                frame = next_frame(&mut deltas) => match frame {
                    Some((id, Frame::Delta(delta))) => match prose.place(&delta) {
                        Place::Next => {
                            prose.knows(&delta);
                            self.line.say(delta.bytes).await?;
                        }
                        Place::Known => {}
                        Place::Missing => self.so_far(&id, &mut prose).await?,
                    },
                    Some((_, Frame::Progress(bytes))) => self.line.say(bytes).await?,
                    Some(_) => {}
                    None => deltas = None,
                },
                () = self.line.left() => return Err(Ended),
                _ = alive.tick() => self.line.say(COMMENT).await?,
            }
        }
    }

    async fn catch_up(&mut self) -> Result<(), Ended> {
        loop {
            let page = self.hub.studio.store().feed(self.at.clone(), AT_ONCE).await.map_err(|_| Ended)?;
            let more = page.events.len() == AT_ONCE as usize;
            if !page.known {
                // The position is none of this feed: the database is another one, or an older copy.
                self.line.say(text(Some(&page.next), "stream.reset", &json!({ "run": null, "steps_after": 0 }))).await?;
            }
            self.at = Some(page.next.clone());
            self.tell(&bytes(page)).await?;
            if !more {
                return Ok(());
            }
        }
    }

    async fn tell(&self, events: &[(String, Bytes)]) -> Result<(), Ended> {
        let mut told = Vec::new();
        for (run_id, bytes) in events {
            if self.runs.as_ref().is_none_or(|runs| runs.contains(run_id)) {
                told.extend_from_slice(bytes);
            }
        }
        if told.is_empty() { Ok(()) } else { self.line.say(told.into()).await }
    }

    async fn so_far(&self, run_id: &str, prose: &mut Prose) -> Result<(), Ended> {
        let Some(written) = self.hub.studio.feed().so_far(run_id) else { return Ok(()) };
        for (slot, words) in written.slots {
            let delta = super::frame::Delta::new(run_id, written.step_index, written.attempt, slot, 0, &words);
            prose.knows(&delta);
            self.line.say(delta.bytes).await?;
        }
        Ok(())
    }
}

/// The next thing that is told of the run whose prose is followed; never, where there is none. A follower that fell behind goes on.
async fn next_frame(deltas: &mut Option<(String, broadcast::Receiver<Frame>)>) -> Option<(String, Frame)> {
    let Some((id, frames)) = deltas else { return std::future::pending().await };
    loop {
        match frames.recv().await {
            Ok(frame) => return Some((id.clone(), frame)),
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return None,
        }
    }
}
