use std::sync::LazyLock;

use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::{Deserialize, Serialize};

use super::Task;
use crate::{canonical::hash_text, language::Tongue};

/// A part of a prompt, kept whole: what stays the same from call to call is stored once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// What it is: `system`, `brief`, `cast`, `plan`, `digests`, `state`, `guidance`, `chapter`, `task`.
    pub name: String,
    /// Its words.
    pub text: String,
}

impl Segment {
    /// A segment.
    pub fn new(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// The SHA-256 of the words.
    pub fn hash(&self) -> String {
        hash_text(&self.text)
    }
}

/// What a model reads: one system text, then one message made of segments.
///
/// Everything that the calls of one chapter share comes first, so that providers' prompt caches hit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// The system text.
    pub system: Vec<Segment>,
    /// The message.
    pub user: Vec<Segment>,
    /// What was answered so far and what is asked now, as (ours is false, text): for repairs and continuations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
}

/// One more turn of the conversation after the first message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Whether the model said it.
    pub from_model: bool,
    /// The words.
    pub text: String,
}

impl Prompt {
    /// The system text.
    pub fn system_text(&self) -> String {
        join(&self.system)
    }

    /// The message.
    pub fn user_text(&self) -> String {
        join(&self.user)
    }

    /// This prompt after the model has said `said` and was answered `reply`.
    #[must_use]
    pub fn and_then(&self, said: &str, reply: String) -> Self {
        let mut next = self.clone();
        next.turns.push(Turn { from_model: true, text: said.to_owned() });
        next.turns.push(Turn { from_model: false, text: reply });
        next
    }

    /// Our estimate of its tokens.
    pub fn tokens(&self) -> u64 {
        self.system.iter().chain(&self.user).map(|s| crate::text::tokens(&s.text)).sum::<u64>()
            + self.turns.iter().map(|t| crate::text::tokens(&t.text)).sum::<u64>()
    }
}

fn join(segments: &[Segment]) -> String {
    segments.iter().map(|s| s.text.as_str()).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// How templates are read: a field that is missing is a fault, and a line of its own around a block leaves none.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().unwrap_or_default());
    env
});

/// The task's own part of the prompt.
///
/// # Panics
/// When a template names a field that the input does not have: a fault of ours that a test of every task finds.
#[expect(clippy::panic, reason = "templates are compiled in and every one is rendered by a test")]
pub fn render<T: Task>(input: &T, tongue: Tongue) -> Segment {
    match ENVIRONMENT.render_str(T::template(tongue), Serde(input)) {
        Ok(text) => Segment::new("task", text.trim_end()),
        Err(e) => panic!("the template of {} does not render: {e:#}", T::NAME),
    }
}
