//! Other fronts for the same mind: Anthropic's, Gemini's and Ollama's protocols, as far as whole books need them.
//!
//! Every request is said over in OpenAI's words and answered by the same competent model. What each provider does when something goes
//! wrong is told elsewhere, in bytes.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Adversary, behaviour::Behaviour, competent, reply, wire};

pub(super) fn routes() -> Router<Adversary> {
    Router::new()
        .route("/v1/messages", post(anthropic))
        .route("/v1beta/models/{call}", post(gemini))
        .route("/api/chat", post(ollama))
        .route("/api/show", post(async || axum::Json(json!({ "model_info": { "general.architecture": "x", "x.context_length": 40_960 } }))))
        .route("/api/tags", get(async || axum::Json(json!({ "models": [{ "name": "x:1b" }] }))))
}

async fn anthropic(State(adversary): State<Adversary>, headers: HeaderMap, body: Bytes) -> Response {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut messages: Vec<Value> = asked["system"].as_str().map(|text| json!({ "role": "system", "content": text })).into_iter().collect();
    for message in asked["messages"].as_array().into_iter().flatten() {
        let parts = message["content"].as_array().into_iter().flatten().filter_map(|part| part["text"].as_str());
        let text = message["content"].as_str().map_or_else(|| parts.collect::<Vec<_>>().join("\n\n"), str::to_owned);
        messages.push(json!({ "role": message["role"], "content": text }));
    }
    let schema = &asked["output_config"]["format"]["schema"];
    let Some((pieces, [read, written])) = think(&adversary, &headers, &body, messages, schema) else { return away() };
    let ends_early = written == 0;
    let event = |name: &str, data: Value| format!("event: {name}\ndata: {data}\n\n");
    let usage = json!({ "input_tokens": read / 2, "cache_read_input_tokens": read - read / 2, "cache_creation_input_tokens": 0, "output_tokens": 1 });
    let mut stream =
        event("message_start", json!({ "type": "message_start", "message": { "role": "assistant", "content": [], "usage": usage } }));
    stream += &event(
        "content_block_start",
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
    );
    for piece in pieces {
        let delta = json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": piece } });
        stream += &event("content_block_delta", delta);
    }
    if ends_early {
        return whole("text/event-stream", stream);
    }
    stream += &event("content_block_stop", json!({ "type": "content_block_stop", "index": 0 }));
    let end = json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" }, "usage": { "output_tokens": written } });
    stream += &event("message_delta", end);
    stream += &event("message_stop", json!({ "type": "message_stop" }));
    whole("text/event-stream", stream)
}

async fn gemini(State(adversary): State<Adversary>, Path(_): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text =
        |parts: &Value| parts.as_array().into_iter().flatten().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n\n");
    let mut messages = Vec::new();
    if asked["systemInstruction"].is_object() {
        messages.push(json!({ "role": "system", "content": text(&asked["systemInstruction"]["parts"]) }));
    }
    for content in asked["contents"].as_array().into_iter().flatten() {
        let role = if content["role"] == "model" { "assistant" } else { "user" };
        messages.push(json!({ "role": role, "content": text(&content["parts"]) }));
    }
    let schema = &asked["generationConfig"]["responseJsonSchema"];
    let Some((pieces, [read, written])) = think(&adversary, &headers, &body, messages, schema) else { return away() };
    let mut stream = String::new();
    for piece in pieces {
        let chunk = json!({ "candidates": [{ "content": { "role": "model", "parts": [{ "text": piece }] }, "index": 0 }] });
        stream += &format!("data: {chunk}\n\n");
    }
    let usage = json!({ "promptTokenCount": read, "candidatesTokenCount": written, "thoughtsTokenCount": 7, "totalTokenCount": read + written + 7 });
    let end = json!({ "candidates": [{ "content": { "role": "model", "parts": [{ "text": "" }] }, "finishReason": "STOP" }], "usageMetadata": usage });
    whole("text/event-stream", stream + &format!("data: {end}\n\n"))
}

async fn ollama(State(adversary): State<Adversary>, headers: HeaderMap, body: Bytes) -> Response {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let messages = asked["messages"].as_array().cloned().unwrap_or_default();
    let Some((pieces, [read, written])) = think(&adversary, &headers, &body, messages, &asked["format"]) else { return away() };
    let mut stream = String::new();
    for piece in pieces {
        stream += &format!("{}\n", json!({ "message": { "role": "assistant", "content": piece }, "done": false }));
    }
    let end = json!({ "message": { "role": "assistant", "content": "" }, "done": true, "done_reason": "stop", "prompt_eval_count": read, "eval_count": written });
    whole("application/x-ndjson", stream + &format!("{end}\n"))
}

/// The answer in pieces, with the tokens read and written (none written: it ends early); nothing while the server is away or where the
/// request is no good.
fn think(
    adversary: &Adversary,
    headers: &HeaderMap,
    body: &Bytes,
    messages: Vec<Value>,
    schema: &Value,
) -> Option<(Vec<String>, [usize; 2])> {
    let mut asked = json!({ "model": "x", "stream": true, "messages": messages });
    if schema.is_object() {
        asked["response_format"] = json!({ "type": "json_schema", "json_schema": { "name": "x", "schema": schema, "strict": true } });
    }
    if adversary.turns_away() {
        return None;
    }
    let hash: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    let behaviour = adversary.receive(&hash, &asked, headers);
    let request = wire::read(asked).ok()?;
    let (text, pieces) = match behaviour {
        Behaviour::Says(text) => (text, usize::MAX),
        Behaviour::EndsEarly(pieces) => (competent::answer(&request, adversary.0.words), pieces),
        _ => (competent::answer(&request, adversary.0.words), usize::MAX),
    };
    let read = request.messages.iter().map(|message| story::text::tokens(&message.content)).sum::<u64>();
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).take(pieces.saturating_mul(4)).collect();
    let written = if pieces == usize::MAX { story::text::tokens(&text) } else { 0 };
    if written > 0 {
        *adversary.seen().answered.entry(hash).or_default() += 1;
    }
    Some((words.chunks(4).map(<[&str]>::concat).collect(), [read, written].map(|n| usize::try_from(n).unwrap_or(usize::MAX))))
}

fn away() -> Response {
    reply::error(503, "server_error", None, "Overloaded")
}

fn whole(kind: &'static str, stream: String) -> Response {
    ([(CONTENT_TYPE, kind)], stream).into_response()
}
