//! A hostile stranger on loopback that speaks OpenAI's chat completions, and plainly also what Anthropic, Gemini and Ollama speak: for
//! tests, here and in the crates above.
//!
//! It is written from OpenAI's API reference (“Chat Completions → Create chat completion”, “The chat completion chunk object”, “Error
//! codes”, and the guide “Structured Outputs”) and shares nothing with our own adapter. Without a script it is competent: it answers every
//! request as a good model would, the same request always in the same way. What is scripted comes first, one [`Behaviour`] a request.

mod behaviour;
mod competent;
mod fronts;
mod prose;
mod reply;
mod wire;

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::HeaderMap,
    response::Response,
    routing::post,
    serve::ListenerExt,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use behaviour::{Behaviour, Formats};

/// The server's mind: what it will do, and what it has seen. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Adversary(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    key: Option<String>,
    words: Option<usize>,
    formats: Formats,
    pause: Duration,
    /// Tasks that it cannot do, each by the first words of its heading.
    cannot: Vec<String>,
    /// Whether it forgets what it was asked.
    forgets: bool,
    /// Whether those that hang are let go.
    let_go: watch::Sender<bool>,
    state: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    script: VecDeque<Behaviour>,
    requests: Vec<Request>,
    answered: BTreeMap<String, u32>,
    asked_again: Vec<String>,
    hung_up: u32,
    away: bool,
    turned_away: u32,
}

/// A request that came.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The SHA-256 of the body.
    pub hash: String,
    /// The body.
    pub body: Value,
    /// The header `Authorization`.
    pub authorization: Option<String>,
}

impl Adversary {
    /// A competent server that takes every key.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes only `key`, and says the wrong one aloud.
    #[must_use]
    pub fn with_key(self, key: &str) -> Self {
        self.changed(|inner| inner.key = Some(key.to_owned()))
    }

    /// Writes prose of about `words` words (or Chinese characters), whatever the prompt asks for.
    #[must_use]
    pub fn with_words(self, words: usize) -> Self {
        self.changed(|inner| inner.words = Some(words))
    }

    /// Takes only these ways to ask for JSON, and refuses the others with 400.
    #[must_use]
    pub fn with_formats(self, formats: Formats) -> Self {
        self.changed(|inner| inner.formats = formats)
    }

    /// Pauses so long between two pieces of every answer: for tests that want to catch it in the middle.
    #[must_use]
    pub fn with_pause(self, pause: Duration) -> Self {
        self.changed(|inner| inner.pause = pause)
    }

    /// Answers these tasks, each named by the first words of its heading, with words that are no JSON, as a weak model does.
    #[must_use]
    pub fn that_cannot(self, tasks: &[&str]) -> Self {
        self.changed(|inner| inner.cannot = tasks.iter().map(|task| format!("# Task: {task}")).collect())
    }

    /// Keeps no bodies of requests: for tests that ask for hours.
    #[must_use]
    pub fn that_forgets(self) -> Self {
        self.changed(|inner| inner.forgets = true)
    }

    fn changed(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }

    /// What to do with the next requests, in order, after what is scripted already.
    pub fn script(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.seen().script.extend(behaviours);
    }

    /// How many requests are scripted that have not come yet.
    pub fn scripted(&self) -> usize {
        self.seen().script.len()
    }

    /// Goes away, or comes back: while it is away, everybody is turned away with 503, and nothing else happens to a request.
    pub fn is_away(&self, away: bool) {
        self.seen().away = away;
    }

    /// Is well again: what is scripted is forgotten, and whoever hangs is cut off.
    pub fn recover(&self) {
        self.seen().script.clear();
        self.0.let_go.send_replace(true);
    }

    /// How many requests were turned away.
    pub fn turned_away(&self) -> u32 {
        self.seen().turned_away
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.seen().requests.clone()
    }

    /// How often each request, by its hash, came.
    pub fn counts(&self) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for request in &self.seen().requests {
            *counts.entry(request.hash.clone()).or_default() += 1;
        }
        counts
    }

    /// How many answers were given to the end.
    pub fn answered(&self) -> u32 {
        self.seen().answered.values().sum()
    }

    /// Requests that came again although they had been answered to the end: somebody paid twice.
    pub fn asked_again(&self) -> Vec<String> {
        self.seen().asked_again.clone()
    }

    /// How often somebody went away in the middle of an answer.
    pub fn hung_up(&self) -> u32 {
        self.seen().hung_up
    }

    /// Serves on a free port of this machine until the result is dropped.
    pub async fn start(self) -> io::Result<Running> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(serve(listener, self.clone()));
        Ok(Running { address, adversary: self, task })
    }

    /// Until those that hang are let go.
    async fn hangs(&self) {
        let _ = self.0.let_go.subscribe().wait_for(|let_go| *let_go).await;
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether whoever comes is turned away.
    fn turns_away(&self) -> bool {
        let mut seen = self.seen();
        seen.turned_away += u32::from(seen.away);
        seen.away
    }

    /// Writes the request down and says what is to be done with it.
    fn receive(&self, hash: &str, body: &Value, headers: &HeaderMap) -> Behaviour {
        let authorization = headers.get("authorization").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let mut seen = self.seen();
        if seen.answered.contains_key(hash) {
            seen.asked_again.push(hash.to_owned());
        }
        if !self.0.forgets {
            seen.requests.push(Request { hash: hash.to_owned(), body: body.clone(), authorization });
        }
        let unable = || self.0.cannot.iter().any(|task| competent::heading(body).is_some_and(|heading| heading.starts_with(task)));
        seen.script.pop_front().unwrap_or_else(|| if unable() { Behaviour::Says("I liked it.".into()) } else { Behaviour::Competent })
    }
}

/// A server that runs; dropped, it stops.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its mind.
    pub adversary: Adversary,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// What to set as the address of a provider that adds its own path: `ANTHROPIC_BASE_URL`, `GEMINI_BASE_URL`, `OLLAMA_HOST`.
    pub fn root_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What to set as `OPENAI_BASE_URL` or `DEEPSEEK_BASE_URL`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves `POST /v1/chat/completions` on `listener` for ever.
pub async fn serve(listener: TcpListener, adversary: Adversary) -> io::Result<()> {
    let routes = Router::new()
        .route("/v1/chat/completions", post(complete))
        .merge(fronts::routes())
        .fallback(async || reply::error(404, "invalid_request_error", None, "Invalid URL"))
        .layer(DefaultBodyLimit::disable())
        .with_state(adversary);
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, routes).await
}

async fn complete(State(adversary): State<Adversary>, headers: HeaderMap, body: Bytes) -> Response {
    if adversary.turns_away() {
        return reply::error(503, "server_error", None, "The engine is currently overloaded, please try again later");
    }
    let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
    let value: Value = serde_json::from_slice(&body).unwrap_or_default();
    let behaviour = adversary.receive(&hash, &value, &headers);
    let authorization = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if let Some(key) = &adversary.0.key
        && authorization != format!("Bearer {key}")
    {
        let said = authorization.trim_start_matches("Bearer ");
        return reply::error(401, "invalid_request_error", Some("invalid_api_key"), &format!("Incorrect API key provided: {said}."));
    }
    let request = match wire::read(value).and_then(|request| adversary.0.formats.take(request)) {
        Ok(request) => request,
        Err(why) => return reply::error(400, "invalid_request_error", None, &why),
    };
    reply::answer(adversary, hash, &request, behaviour).await
}
