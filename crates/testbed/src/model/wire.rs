//! Requests and answers as OpenAI's API reference has them.

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use futures::stream;
use serde_json::{Value, json};

/// What is asked.
#[derive(Debug)]
pub(super) struct Request {
    model: Value,
    stream: bool,
    wants_usage: bool,
    /// Everything that was said, turn by turn.
    pub(super) said: Vec<String>,
    /// What the answer must fit.
    pub(super) schema: Option<Value>,
}

/// Reads a body.
pub(super) fn read(body: &[u8]) -> Result<Request, String> {
    let mut body: Value = serde_json::from_slice(body).map_err(|e| format!("the body is no JSON: {e}"))?;
    let messages = body["messages"].as_array().ok_or("there are no messages")?;
    let said = messages.iter().map(|message| said(&message["content"])).collect();
    let schema = body.pointer_mut("/response_format/json_schema/schema").map(Value::take);
    Ok(Request {
        model: body["model"].take(),
        stream: body["stream"] == true,
        wants_usage: body["stream_options"]["include_usage"] == true,
        said,
        schema,
    })
}

/// Text, or parts of it.
fn said(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    }
}

/// An answer in one piece, or streamed a few words at a time. `held` is dropped when its last byte is on its way.
pub(super) fn reply(request: &Request, text: &str, held: impl Send + 'static) -> Response {
    let tokens = |chars: usize| chars / 4 + 1;
    let (read, written) = (tokens(request.said.iter().map(String::len).sum()), tokens(text.len()));
    let usage = json!({
        "prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written, "prompt_tokens_details": { "cached_tokens": 0 },
    });
    let (kind, pieces) = if request.stream {
        ("text/event-stream", events(request, text, &usage))
    } else {
        let message = json!({ "role": "assistant", "content": text, "refusal": null });
        let choice = json!({ "index": 0, "message": message, "logprobs": null, "finish_reason": "stop" });
        let whole = json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": request.model, "choices": [choice], "usage": usage,
        });
        ("application/json", vec![Bytes::from(whole.to_string())])
    };
    let body = stream::unfold((pieces.into_iter(), Some(held)), |(mut pieces, held)| async move {
        let piece = pieces.next()?;
        let held = held.filter(|_| pieces.len() > 0);
        Some((Ok::<_, std::convert::Infallible>(piece), (pieces, held)))
    });
    respond(StatusCode::OK, kind, Body::from_stream(body))
}

/// A request that cannot be read.
pub(super) fn refuse(why: &str) -> Response {
    let error = json!({ "error": { "message": why, "type": "invalid_request_error", "param": null, "code": null } });
    respond(StatusCode::BAD_REQUEST, "application/json", Body::from(error.to_string()))
}

fn respond(status: StatusCode, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// The chunks of a stream, with the closing mark.
fn events(request: &Request, text: &str, usage: &Value) -> Vec<Bytes> {
    let event = |choices: Value, usage: Value| {
        let chunk = json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": request.model,
            "choices": choices, "usage": usage,
        });
        Bytes::from(format!("data: {chunk}\n\n"))
    };
    let choice = |delta: Value, finish: Option<&str>| json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }]);
    let mut events = vec![event(choice(json!({ "role": "assistant", "content": "" }), None), Value::Null)];
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    for some in words.chunks(4) {
        events.push(event(choice(json!({ "content": some.concat() }), None), Value::Null));
    }
    events.push(event(choice(json!({}), Some("stop")), Value::Null));
    if request.wants_usage {
        events.push(event(json!([]), usage.clone()));
    }
    events.push(Bytes::from_static(b"data: [DONE]\n\n"));
    events
}
