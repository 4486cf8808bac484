//! One reader per run and process: it reads each event once, makes its bytes once, and hands them to everybody who follows the run.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::StatusCode;
use serde_json::json;
use studio::{Error, Studio, feed::Notice};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, mpsc};
use tokio_util::sync::CancellationToken;

use super::{
    frame::{Delta, Frame, text},
    world::World,
};
use crate::http::problem::Problem;

/// Streams at the same time: less than connections, so that there is always room to ask for something else.
const MOST_STREAMS: usize = 768;
/// Frames that a follower may fall behind before it reads the rows again.
const FRAMES: usize = 256;
/// How often it is asked whether another process has written.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Events of one look at the rows.
const AT_ONCE: u32 = 200;

/// Everybody who follows runs in this process.
pub(crate) struct Hub {
    pub(super) studio: Studio,
    /// Cancelled when the server closes its streams.
    pub(super) closing: CancellationToken,
    pub(super) world: World,
    channels: Mutex<HashMap<Arc<str>, Channel>>,
    places: Arc<Semaphore>,
}

/// Those who follow one run.
struct Channel {
    frames: broadcast::Sender<Frame>,
    news: mpsc::UnboundedSender<News>,
}

/// What a run's reader hears.
enum News {
    /// The rows may have changed.
    Look,
    /// To be handed on as it is.
    Told(Frame),
}

impl Hub {
    pub(crate) fn start(studio: Studio, closing: CancellationToken) -> Arc<Self> {
        let hub = Arc::new(Self {
            studio,
            closing,
            world: World::default(),
            channels: Mutex::default(),
            places: Arc::new(Semaphore::new(MOST_STREAMS)),
        });
        tokio::spawn(hub.clone().dispatch());
        hub
    }

    /// How many streams are open.
    pub(crate) fn streams(&self) -> usize {
        MOST_STREAMS - self.places.available_permits()
    }

    /// Room for one more stream.
    pub(super) fn place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let full = || {
            let detail = format!("{MOST_STREAMS} streams of events are open.");
            let hint = "Close some of them, or follow many runs with one stream at /api/v1/events.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too-many-streams", detail, hint).after(5)
        };
        self.places.clone().try_acquire_owned().map_err(|_| full())
    }

    /// Follows a run from now on; whoever does reads what was before from the rows.
    pub(super) async fn listen(self: &Arc<Self>, run_id: &str) -> Result<broadcast::Receiver<Frame>, Error> {
        let last = self.studio.run(run_id).await?.last_event;
        let mut channels = self.channels();
        let channel = channels.entry(run_id.into()).or_insert_with(|| {
            let (frames, _) = broadcast::channel(FRAMES);
            let (news, inbox) = mpsc::unbounded_channel();
            let _ = news.send(News::Look);
            tokio::spawn(self.clone().read(run_id.into(), last, frames.clone(), inbox));
            Channel { frames, news }
        });
        Ok(channel.frames.subscribe())
    }

    /// Reads a run's events as they come, as long as anybody follows it.
    async fn read(
        self: Arc<Self>,
        run_id: Arc<str>,
        mut last: i64,
        frames: broadcast::Sender<Frame>,
        mut inbox: mpsc::UnboundedReceiver<News>,
    ) {
        let mut behind = false;
        loop {
            // A fault of the database is tried again, also when nobody tells of news.
            let patience = if behind { LOOK_EVERY } else { Duration::from_secs(5) };
            match tokio::time::timeout(patience, inbox.recv()).await {
                Ok(Some(News::Told(frame))) => {
                    let _ = frames.send(frame);
                    continue;
                }
                Ok(None) => return,
                Ok(Some(News::Look)) | Err(_) => {}
            }
            if self.leave(&run_id, &frames) {
                return;
            }
            behind = match self.look(&run_id, &mut last, &frames).await {
                Ok(()) => false,
                Err(Error::NotFound { .. }) => {
                    let _ = frames.send(Frame::deleted(&run_id));
                    self.channels().remove(&run_id);
                    return;
                }
                Err(error) => {
                    tracing::warn!(run = %run_id, %error, "its events could not be read");
                    true
                }
            };
        }
    }

    /// Hands on what is new in the rows.
    async fn look(&self, run_id: &str, last: &mut i64, frames: &broadcast::Sender<Frame>) -> Result<(), Error> {
        loop {
            let events = self.studio.events(run_id, *last, AT_ONCE).await?;
            if events.is_empty() {
                return self.studio.store().run(run_id).await.map(|_| ()).map_err(Error::from);
            }
            for event in &events {
                *last = event.number;
                let _ = frames.send(Frame::of(event, &event.number.to_string()));
            }
            if events.len() < AT_ONCE as usize {
                return Ok(());
            }
        }
    }

    /// Whether nobody follows the run any more: then its reader ends.
    fn leave(&self, run_id: &str, frames: &broadcast::Sender<Frame>) -> bool {
        let mut channels = self.channels();
        let alone = frames.receiver_count() == 0;
        if alone {
            channels.remove(run_id);
        }
        alone
    }

    /// Hears what goes on in this process, and looks whether another one has written.
    async fn dispatch(self: Arc<Self>) {
        let mut feed = self.studio.feed().listen();
        let mut tick = tokio::time::interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut mark = None;
        loop {
            tokio::select! {
                // What was told is handed on before the rows are looked at: prose comes before the end of its step.
                biased;
                () = self.closing.cancelled() => return,
                heard = feed.recv() => match heard {
                    Ok(notice) => self.hand_on(notice),
                    Err(broadcast::error::RecvError::Lagged(_)) => self.look_at_all(),
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                _ = tick.tick() => {
                    if self.channels().is_empty() && !self.world.is_followed() {
                        mark = None;
                        continue;
                    }
                    let now = self.studio.store().change_mark().await.ok();
                    if now.is_none() || now != mark {
                        mark = now;
                        self.look_at_all();
                    }
                }
            }
        }
    }

    fn hand_on(&self, notice: Notice) {
        let tell = |run_id: &str, news: News| {
            if let Some(channel) = self.channels().get(run_id) {
                let _ = channel.news.send(news);
            }
        };
        match notice {
            Notice::Changed { run_id } => {
                tell(&run_id, News::Look);
                self.world.look();
            }
            Notice::Trouble { run_id, detail, hint } => {
                let data = json!({ "run_id": &*run_id, "message": format!("{detail}. {hint}") });
                tell(&run_id, News::Told(Frame::Progress(text(None, "step.progress", &data))));
            }
            Notice::Delta { run_id, step_index, attempt, slot, offset, text } => {
                // Its bytes are made only where somebody follows the run.
                if self.channels().contains_key(&run_id) {
                    let delta = Delta::new(&run_id, step_index, attempt, slot, offset, &text);
                    tell(&run_id, News::Told(Frame::Delta(delta)));
                }
            }
        }
    }

    fn look_at_all(&self) {
        for channel in self.channels().values() {
            let _ = channel.news.send(News::Look);
        }
        self.world.look();
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<Arc<str>, Channel>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
