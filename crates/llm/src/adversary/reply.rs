use std::{collections::VecDeque, io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures::stream;
use serde_json::json;

use super::{
    Adversary,
    behaviour::Behaviour,
    competent,
    wire::{Choice, Chunk, Delta, PromptDetails, Request, Usage},
};

/// One thing that happens on the wire.
enum Piece {
    Send(Bytes),
    Wait(Duration),
    Hang,
    Break,
    /// The last bytes of an answer that is whole.
    Last(Bytes),
}

/// An error as the reference's page “Error codes” shows it.
pub(super) fn error(status: u16, kind: &str, code: Option<&str>, message: &str) -> Response {
    let body = json!({ "error": { "message": message, "type": kind, "param": null, "code": code } });
    plain(status, None, body.to_string())
}

fn plain(status: u16, header: Option<(&'static str, String)>, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some((name, value)) = header
        && let Ok(value) = HeaderValue::from_str(&value)
    {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}

pub(super) async fn answer(adversary: Adversary, hash: String, request: &Request, behaviour: Behaviour) -> Response {
    // Dropped unfinished when the client goes away: also while it waits for the first byte.
    let mut line = Line { adversary, hash, whole: false };
    let competent = || competent::answer(request, line.adversary.0.words);
    let mut script = Script { request, pause: line.adversary.0.pause, pieces: VecDeque::new() };
    match behaviour {
        Behaviour::Competent => script.whole(&competent(), "stop", Tokens::Counted),
        Behaviour::Says(text) => script.whole(&text, "stop", Tokens::Counted),
        Behaviour::Uses(text, used) => script.whole(&text, "stop", Tokens::Exactly(used)),
        Behaviour::SaysWithoutUsage(text) => script.whole(&text, "stop", Tokens::Hidden),
        Behaviour::CutByLength(words) => {
            let text = competent::first_words(&competent(), words);
            script.whole(&text, "length", Tokens::Counted);
        }
        Behaviour::Filtered => script.whole("", "content_filter", Tokens::Counted),
        Behaviour::Blanks => script.whole(" \n\n ", "stop", Tokens::Counted),
        Behaviour::WrongSchema => script.whole(r#"{"answer":"42","certain":true}"#, "stop", Tokens::Counted),
        Behaviour::Declines => {
            script.chunk(Delta { refusal: Some("I cannot help with that.".into()), ..Delta::default() }, None);
            script.end("stop", "", Tokens::Counted);
        }
        Behaviour::SlowFirstToken(wait) => {
            script.pieces.push_back(Piece::Wait(wait));
            script.whole(&competent(), "stop", Tokens::Counted);
        }
        Behaviour::Dribbles(pause) => {
            script.pause = pause;
            script.whole(&competent(), "stop", Tokens::Counted);
        }
        Behaviour::CutAfter(pieces) => {
            script.some(&competent(), pieces);
            script.pieces.push_back(Piece::Send(Bytes::from_static(b"data: {\"id\":\"chatcmpl-1\",\"choi")));
            script.pieces.push_back(Piece::Break);
        }
        Behaviour::EndsEarly(pieces) => script.some(&competent(), pieces),
        Behaviour::CutAfterFinish(text) => {
            script.some(&text, usize::MAX);
            script.chunk(Delta::default(), Some("stop"));
            script.pieces.push_back(Piece::Break);
        }
        Behaviour::FailsWithin(pieces) => {
            script.some(&competent(), pieces);
            let error = json!({ "error": { "message": "The server had an error", "type": "server_error", "code": null } });
            script.pieces.push_back(Piece::Send(format!("data: {error}\n\n").into()));
        }
        Behaviour::StallsAfter(pieces) => {
            script.some(&competent(), pieces);
            script.pieces.push_back(Piece::Hang);
        }
        Behaviour::Garbage => script.pieces.push_back(Piece::Send(Bytes::from_static(b"data: \xff\xfe\x00\x9f\n\n\x80\x80"))),
        Behaviour::NotJson => script.pieces.push_back(Piece::Send(Bytes::from_static(b"data: {so it goes}\n\n"))),
        Behaviour::Hangs => {
            line.adversary.hangs().await;
            line.close();
            return refuse(Behaviour::ServerError, &request.model);
        }
        refused => {
            line.close();
            return refuse(refused, &request.model);
        }
    }
    stream_of(script.pieces, line)
}

fn refuse(behaviour: Behaviour, model: &str) -> Response {
    const INVALID: &str = "invalid_request_error";
    match behaviour {
        Behaviour::RateLimited(after) => {
            let body = json!({ "error": { "message": "Rate limit reached", "type": "requests", "code": "rate_limit_exceeded" } });
            plain(429, after.map(|after| ("retry-after", after)), body.to_string())
        }
        Behaviour::QuotaUsedUp => {
            error(429, "insufficient_quota", Some("insufficient_quota"), "You exceeded your current quota, please check your plan.")
        }
        Behaviour::BadKey => error(401, INVALID, Some("invalid_api_key"), "Incorrect API key provided."),
        Behaviour::NoSuchModel => error(404, INVALID, Some("model_not_found"), &format!("The model `{model}` does not exist")),
        Behaviour::TooLong => {
            let message = "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.";
            error(400, INVALID, Some("context_length_exceeded"), message)
        }
        Behaviour::Status(status, header, body) => plain(status, header, body),
        _ => error(500, "server_error", None, "The server had an error while processing your request"),
    }
}

/// Knows when somebody goes away before the answer is whole.
struct Line {
    adversary: Adversary,
    hash: String,
    whole: bool,
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.whole {
            self.adversary.seen().hung_up += 1;
        }
    }
}

impl Line {
    /// From here on nobody goes away too early.
    fn close(&mut self) {
        self.whole = true;
    }

    fn is_whole(&mut self) {
        self.close();
        *self.adversary.seen().answered.entry(self.hash.clone()).or_default() += 1;
    }
}

fn stream_of(pieces: VecDeque<Piece>, line: Line) -> Response {
    let body = stream::unfold((pieces, line), |(mut pieces, mut line)| async move {
        loop {
            match pieces.pop_front() {
                Some(Piece::Send(bytes)) => return Some((Ok(bytes), (pieces, line))),
                Some(Piece::Last(bytes)) => {
                    line.is_whole();
                    return Some((Ok(bytes), (pieces, line)));
                }
                Some(Piece::Wait(pause)) => tokio::time::sleep(pause).await,
                Some(Piece::Hang) => {
                    line.adversary.hangs().await;
                    pieces.push_front(Piece::Break);
                }
                Some(Piece::Break) => {
                    // What was sent before gets out first. Whoever is cut off has not gone away.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    line.close();
                    return Some((Err(io::Error::other("cut")), (pieces, line)));
                }
                None => {
                    line.close();
                    return None;
                }
            }
        }
    });
    ([(CONTENT_TYPE, "text/event-stream; charset=utf-8")], Body::from_stream(body)).into_response()
}

/// Which tokens to report.
enum Tokens {
    Counted,
    Exactly([u64; 3]),
    Hidden,
}

struct Script<'a> {
    request: &'a Request,
    pause: Duration,
    pieces: VecDeque<Piece>,
}

impl Script<'_> {
    fn whole(&mut self, text: &str, finish: &'static str, tokens: Tokens) {
        self.some(text, usize::MAX);
        self.end(finish, text, tokens);
    }

    /// The first so many pieces of `text`, four words each.
    fn some(&mut self, text: &str, pieces: usize) {
        self.chunk(Delta { role: Some("assistant"), content: Some(String::new()), ..Delta::default() }, None);
        let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
        for some in words.chunks(4).take(pieces) {
            if !self.pause.is_zero() {
                self.pieces.push_back(Piece::Wait(self.pause));
            }
            self.chunk(Delta { content: Some(some.concat()), ..Delta::default() }, None);
        }
    }

    fn end(&mut self, finish: &'static str, text: &str, tokens: Tokens) {
        self.chunk(Delta::default(), Some(finish));
        let asked = self.request.stream_options.as_ref().is_some_and(|options| options.include_usage);
        let prompt = self.request.messages.iter().map(|m| m.content.chars().count() as u64).sum::<u64>() / 4;
        let used = match tokens {
            Tokens::Counted => Some([prompt, 0, text.chars().count() as u64 / 4 + 1]),
            Tokens::Exactly(used) => Some(used),
            Tokens::Hidden => None,
        };
        if let Some([read, cached_tokens, written]) = used.filter(|_| asked) {
            let prompt_tokens_details = PromptDetails { cached_tokens };
            let usage = Usage { prompt_tokens: read, completion_tokens: written, total_tokens: read + written, prompt_tokens_details };
            self.send(Vec::new(), Some(usage));
        }
        self.pieces.push_back(Piece::Last(Bytes::from_static(b"data: [DONE]\n\n")));
    }

    fn chunk(&mut self, delta: Delta, finish_reason: Option<&'static str>) {
        self.send(vec![Choice { index: 0, delta, logprobs: None, finish_reason }], None);
    }

    fn send(&mut self, choices: Vec<Choice>, usage: Option<Usage>) {
        let model = self.request.model.clone();
        let chunk = Chunk { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_700_000_000, model, choices, usage };
        let json = serde_json::to_string(&chunk).unwrap_or_default();
        self.pieces.push_back(Piece::Send(format!("data: {json}\n\n").into()));
    }
}
