//! A desk before an adversary.

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use llm::{
    ProviderEnv, Providers, Timeouts,
    adversary::{Adversary, Behaviour, Running},
};
use story::{
    language::Tongue,
    tasks::{Call, OutlineAnswer, OutlineChapters, Prompt, Segment, Wanted, ask, render},
};
use studio::ports::{Model, ModelError, Models, Reply};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// The key that the desk holds.
pub(crate) const KEY: &str = "sk-test-0123456789";

const MODEL: &str = "openai/gpt-4o-mini";

/// A desk whose provider `openai` is an adversary, and which has little patience.
pub(crate) struct Desk {
    running: Option<Running>,
    providers: Providers,
}

impl Desk {
    /// A desk before a competent server that does these things first.
    pub(crate) async fn scripted(behaviours: impl IntoIterator<Item = Behaviour>) -> Self {
        let desk = Self::before(Adversary::new().with_words(60)).await;
        desk.adversary().script(behaviours);
        desk
    }

    /// A desk before this adversary.
    pub(crate) async fn before(adversary: Adversary) -> Self {
        let running = adversary.start().await.expect("no free port");
        let timeouts = Timeouts {
            connect: Duration::from_secs(1),
            first_token: Duration::from_secs(1),
            between_tokens: Duration::from_millis(500),
            without_a_token: Duration::from_secs(5),
        };
        let env = ProviderEnv::default().openai(Some(KEY), Some(&running.base_url()));
        Self { running: Some(running), providers: Providers::new(env, Arc::new(NoRehearsal)).with_timeouts(timeouts) }
    }

    /// The same desk, after the server is gone.
    pub(crate) async fn deserted(mut self) -> Self {
        drop(self.running.take());
        tokio::time::sleep(Duration::from_millis(50)).await;
        self
    }

    /// The server's mind.
    pub(crate) fn adversary(&self) -> &Adversary {
        &self.running.as_ref().expect("the server is gone").adversary
    }

    /// Asks `call`.
    pub(crate) async fn ask(&self, call: &Call) -> Result<Reply, ModelError> {
        self.ask_model(MODEL, call).await
    }

    /// Asks `call` of another model.
    pub(crate) async fn ask_model(&self, model: &str, call: &Call) -> Result<Reply, ModelError> {
        self.providers.open(model)?.ask(call, &mut |_| {}).await
    }

    /// Asks `call` and listens.
    pub(crate) async fn ask_streaming(&self, call: &Call, on_text: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        self.providers.open(MODEL)?.ask(call, on_text).await
    }

    /// Asks for prose and is refused.
    pub(crate) async fn refused(&self) -> ModelError {
        self.ask(&prose("Write.")).await.expect_err("it was answered")
    }
}

pub(crate) struct NoRehearsal;

#[async_trait]
impl Model for NoRehearsal {
    async fn ask(&self, _: &Call, _: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        Err(ModelError::NotConfigured { provider: "rehearsal".into(), needs: "another test".into() })
    }
}

/// A call for prose.
pub(crate) fn prose(task: &str) -> Call {
    let prompt = Prompt {
        system: vec![Segment::new("system", "You are the novelist of one book.")],
        user: vec![Segment::new("task", format!("# Task: {task}"))],
        turns: Vec::new(),
    };
    Call {
        task: "draft_chapter",
        slot: "draft".into(),
        input: serde_json::Value::Null,
        prompt,
        wanted: Wanted::Prose,
        max_tokens: 2_000,
        seed: 1,
        draw: 0,
    }
}

/// A call for the outline of these chapters.
pub(crate) fn outline(from: u32, to: u32) -> Call {
    let input = OutlineChapters { chapter_count: 12, from, to, detailed: true, ..OutlineChapters::default() };
    let prompt = Prompt { system: Vec::new(), user: vec![render(&input, Tongue::En)], turns: Vec::new() };
    ask(format!("outline/{from}"), &input, prompt, 4_000, 1)
}

/// Whether this is an outline of so many chapters.
pub(crate) fn assert_outline(text: &str, chapters: usize) {
    let outline: OutlineAnswer = serde_json::from_str(text).expect("no outline");
    assert_eq!(outline.chapters.len(), chapters);
}

/// Writes down everything that is logged, whoever logs it.
#[derive(Clone, Default)]
pub(crate) struct Diary(Arc<Mutex<String>>);

impl Diary {
    /// What was logged.
    pub(crate) fn written(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Subscriber for Diary {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut self.clone());
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

impl Visit for Diary {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(written, "{}={value:?}", field.name());
    }
}
