//! A model that answers in this process: at once, or after a sleep. Its prose is plain and never the same twice.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use serde_json::json;
use story::{canonical::hash_text, tasks::Call};
use studio::ports::{Finish, Model, ModelError, ModelInfo, Models, Money, Reply, Usage};

/// The scripted model.
#[derive(Clone)]
pub(crate) struct Scripted {
    latency: Duration,
    /// Calls answered so far.
    pub(crate) calls: Arc<AtomicU64>,
}

impl Scripted {
    pub(crate) fn new(latency: Duration) -> Self {
        Self { latency, calls: Arc::default() }
    }
}

impl Models for Scripted {
    fn info(&self, name: &str) -> Result<ModelInfo, ModelError> {
        Ok(ModelInfo {
            name: name.into(),
            provider: "scripted".into(),
            window: 32_000,
            thinking: 0,
            concurrency: studio::ports::CONCURRENCY,
            priced: true,
            configured: true,
            repeatable: true,
        })
    }

    fn cost(&self, _name: &str, _usage: &Usage) -> Option<Money> {
        Some(0)
    }

    fn open(&self, _name: &str) -> Result<Arc<dyn Model>, ModelError> {
        Ok(Arc::new(self.clone()))
    }
}

#[async_trait]
impl Model for Scripted {
    async fn ask(&self, call: &Call, on_text: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let text = answer(call);
        on_text(&text);
        self.calls.fetch_add(1, Ordering::Relaxed);
        let usage = Usage { calls: 1, input_tokens: call.prompt.tokens(), cached_input_tokens: 0, output_tokens: 400, cost: Some(0) };
        Ok(Reply { text, finish: Finish::Stop, usage })
    }
}

fn answer(call: &Call) -> String {
    let number = |pointer: &str| call.input.pointer(pointer).and_then(serde_json::Value::as_u64).unwrap_or(1);
    let chapter = number("/chapter/number");
    match call.task {
        "outline_chapters" => {
            let detailed = call.input["detailed"].as_bool().unwrap_or(true);
            let summary = if detailed {
                "Mara crosses the flats at low water and finds what the tide has left; Oren follows her, and by evening neither of them can go back."
            } else {
                "Mara finds a trace of the boat, and loses it again."
            };
            let chapters: Vec<_> = (number("/from")..=number("/to"))
                .map(|n| json!({ "number": n, "title": format!("The Ebb, Part {n}"), "summary": summary, "hook": detailed.then_some("A lamp is lit where nobody lives.") }))
                .collect();
            json!({ "chapters": chapters }).to_string()
        }
        "plan_beats" => {
            let beats: Vec<_> = (1..=4).map(|n| json!({ "text": format!("Mara does the {n}th thing of the day."), "place": "the flats", "time": null, "characters": ["Mara"] })).collect();
            json!({ "beats": beats }).to_string()
        }
        "extract_facts" => {
            let text = call.input["text"].as_str().unwrap_or_default();
            let quote: String = text.chars().take(40).collect();
            json!({
                "story_time": format!("day {}", number("/chapter")),
                "events": [{ "text": "Mara walks.", "characters": ["Mara"], "place": "the flats", "flashback": false, "quote": quote }],
                "presence": [{ "character": "Mara", "place": "the flats", "flashback": false, "quote": quote }],
                "knowledge": [{ "character": "Mara", "fact": format!("fact {}", &hash_text(&quote)[..6]), "quote": quote }],
                "fact_digest": "Mara walked the flats from the slip to the wreck and back, counted the posts, and spoke with Oren about the boat that never came home; they parted in anger, and the lamp was lit.",
                "tone_digest": "Quiet, in short sentences, with the sea in every one."
            })
            .to_string()
        }
        "critique_chapter" => json!({ "coverage": 80, "voice": 80, "pace": 80, "dialogue": 80, "rewrites": [] }).to_string(),
        _ => prose(chapter),
    }
}

/// Some 400 words, another paragraph each time.
fn prose(chapter: u64) -> String {
    (1..=8)
        .map(|n| {
            let hash = hash_text(&format!("{chapter}/{n}"));
            let mark = |at: usize| u8::from_str_radix(&hash[at..at + 2], 16).unwrap_or(0);
            format!(
                "Mara counted {} posts along the slip, then {} more by the wreck, and wrote the number {chapter} in the sand with her heel. \
                 The water stood {} hands below the mark. Oren came down the {} steps without a word, and for a while they listened to the \
                 gulls, {} of them, quarrelling over the thing that the tide had brought on its {}th turn.",
                mark(0), mark(2), mark(4), mark(6), mark(8), n
            )
        })
        .collect::<Vec<_>>()
        .join("\n\n")
}
