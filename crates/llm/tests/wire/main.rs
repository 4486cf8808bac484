//! Every provider is told every case, in bytes that are written from its own documentation and not from our types.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests say what they did, and stop at what they did not expect")]

mod anthropic;
mod case;
mod cases;
mod deepseek;
mod fakes;
mod gemini;
mod ollama;
mod openai;
mod patience;
mod server;
mod sse;
#[allow(dead_code, reason = "only the diary is wanted here")]
#[path = "../support/mod.rs"]
mod support;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use llm::{Providers, Timeouts};
use serde_json::{Value, json};
use story::tasks::{Call, Prompt, Segment, Wanted};
use studio::ports::{Model, ModelError, Models, Reply};

use crate::{case::Case, fakes::Fake, server::Server};

/// Longer than [`HASTY`] waits between two tokens, shorter than it waits for the first.
const SLOW: Duration = Duration::from_millis(700);

/// Timeouts for tests.
const HASTY: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    first_token: Duration::from_millis(1_500),
    between_tokens: Duration::from_millis(400),
    without_a_token: Duration::from_secs(10),
};

/// We, before a provider that tells one case.
struct Told {
    server: Server,
    providers: Providers,
    model: &'static str,
}

impl Told {
    async fn by(fake: &'static dyn Fake, case: Case) -> Self {
        let server = Server::telling(fake, case).await;
        let env = fake.env(&format!("http://{}", server.address));
        Self { server, providers: Providers::new(env, Arc::new(Nobody)).with_timeouts(HASTY), model: fake.model() }
    }

    async fn ask(&self, call: &Call) -> Result<Reply, ModelError> {
        self.providers.open(self.model).unwrap().ask(call, &mut |_| {}).await
    }
}

struct Nobody;

#[async_trait]
impl Model for Nobody {
    async fn ask(&self, _: &Call, _: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        unreachable!("nobody asks for a rehearsal")
    }
}

/// A call for prose, with what the calls of a chapter share and with what is its own.
fn prose() -> Call {
    let user = vec![Segment::new("brief", "A farm in a drought."), Segment::new("state", "It is dry."), Segment::new("task", "Write.")];
    let prompt = Prompt { system: vec![Segment::new("system", "You are the novelist of one book.")], user, turns: Vec::new() };
    let input = Value::Null;
    Call { task: "draft_chapter", slot: "draft".into(), input, prompt, wanted: Wanted::Prose, max_tokens: 2_000, seed: 7, draw: 0 }
}

/// A call for a JSON object.
fn object() -> Call {
    let schema = json!({
        "type": "object",
        "properties": { "word": { "type": "string" }, "count": { "type": ["integer", "null"], "minimum": 0 } },
        "required": ["word"],
    });
    Call { task: "count_words", wanted: Wanted::Json { schema: schema.into(), check: |_| Ok(()) }, ..prose() }
}
