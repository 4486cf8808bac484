//! Ollama, from its API documentation: “Generate a chat message” (`POST /api/chat`), “Show model details” (`POST /api/show`), “List
//! models” (`GET /api/tags`), “Streaming”, “Structured outputs”, “Thinking”, “Errors”, and `num_ctx` and `num_predict` of the “Modelfile
//! reference”.

use std::time::Duration;

use llm::ProviderEnv;
use serde_json::{Value, json};
use studio::ports::{Finish, Usage};

use crate::{
    case::{Case, JSON, PROSE},
    fakes::{Fake, Spoilt},
    server::{Act, Request, Response},
};

pub(crate) struct Ollama;

impl Fake for Ollama {
    fn model(&self) -> &'static str {
        "ollama/qwen3:8b"
    }

    fn env(&self, base: &str) -> ProviderEnv {
        ProviderEnv::default().provider("ollama", None, Some(base.trim_start_matches("http://")))
    }

    fn check(&self, request: &Request) -> Result<(), Response> {
        if request.header("authorization").is_some() {
            return Err(error(400, "our own rule: there is no key to send"));
        }
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/api/tags") => Ok(()),
            ("POST", "/api/show") if request.body["model"].as_str().is_some_and(|model| !model.is_empty()) => Ok(()),
            ("POST", "/api/chat") => check_body(&request.body).map_err(|why| error(400, &why)),
            _ => Err(Response::whole(404, "404 page not found")),
        }
    }

    fn tell(&self, case: Case, request: &Request) -> Response {
        match (case, request.path.as_str()) {
            (Case::WrongKey, _) => error(401, "unauthorized"),
            (Case::NoSuchModel, _) => error(404, "model 'qwen3:8b' not found"),
            (_, "/api/show") => {
                let info = json!({ "general.architecture": "qwen3", "general.parameter_count": 8_190_735_360_u64, "qwen3.context_length": 40_960 });
                let shown =
                    json!({ "details": { "family": "qwen3" }, "model_info": info, "capabilities": ["completion", "tools", "thinking"] });
                Response::whole(200, &shown.to_string())
            }
            (_, "/api/tags") => Response::whole(200, r#"{"models":[{"name":"qwen3:8b","model":"qwen3:8b","size":5225388164}]}"#),
            (Case::TooMany, _) => error(429, "too many requests"),
            (Case::ServerError, _) => error(500, "the model failed to generate a response"),
            (Case::Overloaded, _) => error(503, "server busy, please try again.  maximum pending requests exceeded"),
            (Case::TooLong, _) => error(400, "the input length exceeds the context length"),
            (Case::ErrorWithin, _) => {
                let broken = r#"{"error":"an error was encountered while running the model"}"#.to_owned() + "\n";
                stream(&[line(PROSE[0]), broken])
            }
            (Case::Cut, _) => stream(&[line(PROSE[0])]).then(Act::Send(b"{\"model\":\"qw".to_vec())).then(Act::Break),
            (Case::Schema, _) => stream(&answer(&JSON, "stop")),
            (Case::Length, _) => stream(&answer(&PROSE[..2], "length")),
            (Case::Blanks, _) => stream(&answer(&[" ", "\n"], "stop")),
            (Case::Usage | Case::Prose | Case::Refused, _) => stream(&answer(&PROSE, "stop")),
            // Nothing at all comes while the model is loaded and reads.
            (Case::SlowFirstToken, _) => stream(&answer(&PROSE, "stop")).before(0, Act::Wait(crate::SLOW)),
        }
    }

    /// Nothing is told of a cache, and nothing costs.
    fn usage(&self) -> Usage {
        Usage { calls: 1, input_tokens: 26, cached_input_tokens: 0, output_tokens: 298, cost: Some(0) }
    }

    /// There is no filter: what a model declines, it declines in words.
    fn refusal(&self) -> Finish {
        Finish::Stop
    }

    fn wait(&self) -> Option<Duration> {
        None
    }

    fn asks_for_json(&self, body: &Value) -> bool {
        body["format"]["type"] == "object"
    }

    fn bad_requests(&self) -> Vec<(&'static str, Spoilt)> {
        vec![
            ("no model", |body| drop(body.as_object_mut().unwrap().remove("model"))),
            ("no room", |body| drop(body["options"].as_object_mut().unwrap().remove("num_ctx"))),
            ("more room than the model was made for", |body| body["options"]["num_ctx"] = json!(65_536)),
            ("a format that is none", |body| body["format"] = json!("xml")),
        ]
    }
}

fn check_body(body: &Value) -> Result<(), String> {
    const KNOWN: [&str; 9] = ["model", "messages", "stream", "format", "options", "think", "truncate", "shift", "keep_alive"];
    let fields = body.as_object().ok_or("missing request body")?;
    if let Some(field) = fields.keys().find(|field| !KNOWN.contains(&field.as_str())) {
        return Err(format!("our own rule: {field} is not in the reference"));
    }
    if body["model"].as_str().is_none_or(str::is_empty) {
        return Err("model is required".into());
    }
    for message in body["messages"].as_array().ok_or("messages is required")? {
        if !["system", "user", "assistant"].contains(&message["role"].as_str().unwrap_or_default()) || !message["content"].is_string() {
            return Err("invalid message".into());
        }
    }
    if !(body["format"].is_null() || body["format"].is_object() || body["format"] == "json") {
        return Err("invalid format: expected \"json\" or a JSON schema".into());
    }
    // What it does not refuse, but does in silence: the beginning of the prompt is cut off at the default context.
    let room = body["options"]["num_ctx"].as_u64().ok_or("our own rule: num_ctx must be given, or the prompt is cut in silence")?;
    let longest = body["options"]["num_predict"].as_u64().ok_or("our own rule: every call has a longest answer")?;
    if room > 40_960 || longest == 0 || body["options"]["seed"].as_u64().is_none_or(|seed| seed >= 1 << 31) {
        return Err("our own rule: options that the model cannot hold".into());
    }
    if body["think"] == json!(false) { Ok(()) } else { Err("our own rule: a model that thinks is told not to".into()) }
}

fn error(status: u16, message: &str) -> Response {
    Response::whole(status, &json!({ "error": message }).to_string())
}

fn stream(lines: &[String]) -> Response {
    Response::stream("application/x-ndjson", lines)
}

fn line(words: &str) -> String {
    let message = json!({ "role": "assistant", "content": words });
    json!({ "model": "qwen3:8b", "created_at": "2025-10-26T17:15:24.097767Z", "message": message, "done": false }).to_string() + "\n"
}

fn answer(words: &[&str], reason: &str) -> Vec<String> {
    let mut lines: Vec<String> = words.iter().map(|words| line(words)).collect();
    let end = json!({
        "model": "qwen3:8b", "created_at": "2025-10-26T17:15:24.109172Z", "message": { "role": "assistant", "content": "" }, "done": true,
        "done_reason": reason, "total_duration": 4_883_583_458_u64, "load_duration": 1_334_875, "prompt_eval_count": 26,
        "prompt_eval_duration": 342_546_000, "eval_count": 298, "eval_duration": 4_535_599_000_u64
    });
    lines.push(end.to_string() + "\n");
    lines
}
