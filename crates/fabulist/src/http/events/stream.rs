//! One follower of one run: replay, then what comes; nothing is missed, nothing comes twice.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use serde_json::json;
use studio::{
    Error,
    run::{Run, Status},
    views,
};
use tokio::sync::{OwnedSemaphorePermit, broadcast, mpsc};

use super::{
    Hub,
    frame::{Delta, Frame, text},
};

/// Pieces that wait for a slow client; then it is waited for.
const PIECES: usize = 16;
/// How often a comment shows that the line is alive.
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// Events of one look at the rows.
const AT_ONCE: u32 = 200;

/// The client has gone, or the stream has come to its end.
pub(super) struct Ended;

/// The client's end of a stream.
pub(super) struct Line(mpsc::Sender<Bytes>);

impl Line {
    pub(super) async fn say(&self, bytes: Bytes) -> Result<(), Ended> {
        self.0.send(bytes).await.map_err(|_| Ended)
    }

    pub(super) async fn left(&self) {
        self.0.closed().await;
    }
}

/// A body, and the line that fills it.
pub(super) fn line() -> (Line, Body) {
    let (tell, told) = mpsc::channel(PIECES);
    let pieces = futures::stream::unfold(told, async |mut told: mpsc::Receiver<Bytes>| {
        let piece = told.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(piece), told))
    });
    (Line(tell), Body::from_stream(pieces))
}

/// Ticks when a comment is due.
pub(super) fn alive() -> tokio::time::Interval {
    // The first one at once: the head of an answer goes out with its first byte, and whoever connects waits for it.
    let mut alive = tokio::time::interval(ALIVE_EVERY);
    alive.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    alive
}

pub(super) const COMMENT: Bytes = Bytes::from_static(b": alive\n\n");

/// Follows a run after event number `after`.
pub(super) async fn follow(hub: Arc<Hub>, run_id: &str, after: i64, place: OwnedSemaphorePermit) -> Result<Body, Error> {
    let frames = hub.listen(run_id).await?;
    let (line, body) = line();
    let mut follower = Follower { hub, run_id: run_id.to_owned(), at: after, prose: Prose::default(), line };
    tokio::spawn(async move {
        let closing = follower.hub.closing.clone();
        tokio::select! {
            _ = follower.run(frames) => {}
            () = closing.cancelled() => {}
        }
        drop(place);
    });
    Ok(body)
}

struct Follower {
    hub: Arc<Hub>,
    run_id: String,
    /// The number of the last event that was told.
    at: i64,
    prose: Prose,
    line: Line,
}

impl Follower {
    async fn run(&mut self, mut frames: broadcast::Receiver<Frame>) -> Result<(), Ended> {
        let run = self.row().await?;
        if self.at > run.last_event {
            let reset = json!({ "run": views::run(&run), "steps_after": 0 });
            self.line.say(text(Some(&run.last_event.to_string()), "stream.reset", &reset)).await?;
            self.at = run.last_event;
        }
        self.catch_up().await?;
        let mut alive = alive();
        loop {
            let frame = tokio::select! {
                frame = frames.recv() => frame,
                () = self.line.left() => return Err(Ended),
                _ = alive.tick() => {
                    self.line.say(COMMENT).await?;
                    continue;
                }
            };
            match frame {
                Ok(Frame::Event { number, bytes, ends }) if number == self.at + 1 => {
                    self.at = number;
                    self.line.say(bytes).await?;
                    if ends {
                        self.end().await?;
                    }
                }
                Ok(Frame::Event { number, .. }) if number <= self.at => {}
                // It fell behind: the rows have what it missed.
                Ok(Frame::Event { .. }) | Err(broadcast::error::RecvError::Lagged(_)) => self.catch_up().await?,
                Ok(Frame::Delta(delta)) => self.delta(delta).await?,
                Ok(Frame::Progress(bytes)) => self.line.say(bytes).await?,
                Ok(Frame::Deleted(bytes)) => return self.line.say(bytes).await,
                Err(broadcast::error::RecvError::Closed) => return Ok(()),
            }
        }
    }

    /// Tells what the rows have, then the prose of the step in flight so far; ends with a run that has ended.
    async fn catch_up(&mut self) -> Result<(), Ended> {
        loop {
            let events = self.hub.studio.events(&self.run_id, self.at, AT_ONCE).await.map_err(|_| Ended)?;
            let Some(last) = events.last() else { break };
            self.at = last.number;
            let mut bytes = Vec::new();
            for event in &events {
                if let Frame::Event { bytes: more, .. } = Frame::of(event, &event.number.to_string()) {
                    bytes.extend_from_slice(&more);
                }
            }
            self.line.say(bytes.into()).await?;
        }
        self.end().await?;
        self.so_far().await
    }

    /// Ends with a run that has ended and whose every event was told.
    async fn end(&mut self) -> Result<(), Ended> {
        let run = self.row().await?;
        if run.last_event == self.at && has_ended(&run) { Err(Ended) } else { Ok(()) }
    }

    /// The run as it is now. Once it is deleted, that is the last thing that is told.
    async fn row(&mut self) -> Result<Run, Ended> {
        match self.hub.studio.run(&self.run_id).await {
            Ok(run) => Ok(run),
            Err(error) => {
                if let (Error::NotFound { .. }, Frame::Deleted(bytes)) = (error, Frame::deleted(&self.run_id)) {
                    self.line.say(bytes).await?;
                }
                Err(Ended)
            }
        }
    }

    /// One delta from offset 0 with all that the step in flight has streamed.
    async fn so_far(&mut self) -> Result<(), Ended> {
        let Some(written) = self.hub.studio.feed().so_far(&self.run_id) else { return Ok(()) };
        let active = self.row().await?.active_step;
        if active.is_none_or(|active| (active.index, active.attempt) != (written.step_index, written.attempt)) {
            return Ok(());
        }
        for (slot, words) in written.slots {
            let delta = Delta::new(&self.run_id, written.step_index, written.attempt, slot, 0, &words);
            self.prose.knows(&delta);
            self.line.say(delta.bytes).await?;
        }
        Ok(())
    }

    async fn delta(&mut self, delta: Delta) -> Result<(), Ended> {
        match self.prose.place(&delta) {
            Place::Next => {
                self.prose.knows(&delta);
                self.line.say(delta.bytes).await
            }
            Place::Known => Ok(()),
            Place::Missing => self.so_far().await,
        }
    }
}

fn has_ended(run: &Run) -> bool {
    run.active_step.is_none() && matches!(run.status, Status::Succeeded | Status::Failed | Status::Canceled)
}

/// How much of the prose in flight a follower was told.
#[derive(Default)]
pub(super) struct Prose {
    of: (i64, i64),
    told: HashMap<Arc<str>, usize>,
}

pub(super) enum Place {
    /// It follows what was told.
    Next,
    /// It was told already.
    Known,
    /// Something before it was not told.
    Missing,
}

impl Prose {
    pub(super) fn place(&self, delta: &Delta) -> Place {
        let told = if self.of == (delta.step_index, delta.attempt) { self.told.get(&delta.slot).copied() } else { None };
        match told {
            // The first words of a call, or of one that goes on where another was cut off.
            None if delta.offset == 0 || (self.of == (delta.step_index, delta.attempt) && delta.slot.contains("/continue/")) => Place::Next,
            None => Place::Missing,
            Some(told) if delta.offset == told => Place::Next,
            Some(told) if delta.offset + delta.length <= told => Place::Known,
            Some(_) => Place::Missing,
        }
    }

    pub(super) fn knows(&mut self, delta: &Delta) {
        if self.of != (delta.step_index, delta.attempt) {
            self.of = (delta.step_index, delta.attempt);
            self.told.clear();
        }
        self.told.insert(delta.slot.clone(), delta.offset + delta.length);
    }
}
