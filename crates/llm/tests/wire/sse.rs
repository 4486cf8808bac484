//! Server-sent events: “The EventSource interface” of the HTML standard.

use crate::server::{Act, Response};

/// A stream of messages, each one `data:` line.
pub(crate) fn stream(pieces: &[String]) -> Response {
    let pieces: Vec<String> = pieces.iter().map(|piece| format!("data: {piece}\n\n")).collect();
    Response::stream("text/event-stream; charset=utf-8", &pieces)
}

/// A stream of named events.
pub(crate) fn events(pieces: &[(&str, String)]) -> Response {
    let pieces: Vec<String> = pieces.iter().map(|(name, data)| format!("event: {name}\ndata: {data}\n\n")).collect();
    Response::stream("text/event-stream; charset=utf-8", &pieces)
}

/// The mark with which OpenAI and DeepSeek end a stream.
pub(crate) fn done() -> Act {
    Act::Send(b"data: [DONE]\n\n".to_vec())
}
