//! A model on loopback that speaks OpenAI's chat completions and knows nothing of us: it fills whatever schema it is given with fitting
//! nonsense, and answers everything else with prose.
//!
//! It stands in for the model of whoever judges Fabulist from outside, and it counts the time that it takes itself, request by request, so
//! that this can be subtracted from what is measured.

mod nonsense;
mod wire;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::Response,
    routing::post,
    serve::ListenerExt,
};
use tokio::{net::TcpListener, sync::oneshot};

/// What the model is like.
#[derive(Debug, Clone)]
pub struct Manner {
    /// How long it thinks before the first word.
    pub latency: Duration,
    /// Words of its prose.
    pub words: usize,
    /// Whether its prose is the same every time, whatever is asked.
    pub repeats_itself: bool,
    /// Names for whatever speaks of a character.
    pub cast: Vec<String>,
    /// Bodies of so many requests are kept.
    pub keeps: usize,
}

impl Default for Manner {
    fn default() -> Self {
        Self { latency: Duration::ZERO, words: 400, repeats_itself: false, cast: vec!["Mara".into(), "Oren".into()], keeps: 0 }
    }
}

/// A request that was answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    /// When its head had been read.
    pub begun: Instant,
    /// From then until the last byte was given to the socket.
    pub took: Duration,
}

/// A model that runs in a thread of its own; dropped, it stops.
#[derive(Debug)]
pub struct Model {
    address: SocketAddr,
    inner: Arc<Inner>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Inner {
    manner: Manner,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    answered: Vec<Answered>,
    kept: Vec<Bytes>,
}

impl Model {
    /// Starts it on a free port of this machine.
    pub fn start(manner: Manner) -> io::Result<Self> {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into(), manner)
    }

    /// Starts it where another one was before.
    pub fn start_at(address: SocketAddr, manner: Manner) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let inner = Arc::new(Inner { manner, seen: Mutex::default() });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let routes =
            Router::new().route("/v1/chat/completions", post(complete)).layer(DefaultBodyLimit::disable()).with_state(inner.clone());
        let thread = std::thread::Builder::new().name("model".into()).spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
                let serving = axum::serve(listener, routes);
                tokio::select! {
                    _ = async { serving.await } => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { address, inner, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to set as `OPENAI_BASE_URL`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// How many requests were answered.
    pub fn count(&self) -> usize {
        self.inner.seen().answered.len()
    }

    /// The requests that were answered after the first so many.
    pub fn answered_after(&self, count: usize) -> Vec<Answered> {
        self.inner.seen().answered.iter().skip(count).copied().collect()
    }

    /// The bodies that were kept.
    pub fn kept(&self) -> Vec<Bytes> {
        self.inner.seen().kept.clone()
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Inner {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time of one request: it ends when this is dropped.
struct Watch {
    inner: Arc<Inner>,
    begun: Instant,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let answered = Answered { begun: self.begun, took: self.begun.elapsed() };
        self.inner.seen().answered.push(answered);
    }
}

async fn complete(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    let watch = Watch { inner: inner.clone(), begun: Instant::now() };
    let request = match wire::read(&body) {
        Ok(request) => request,
        Err(why) => return wire::refuse(&why),
    };
    let text = nonsense::answer(&request, &inner.manner);
    {
        let mut seen = inner.seen();
        if seen.kept.len() < inner.manner.keeps {
            seen.kept.push(body);
        }
    }
    if !inner.manner.latency.is_zero() {
        tokio::time::sleep(inner.manner.latency).await;
    }
    wire::reply(&request, &text, watch)
}
