//! OpenAI, from its API reference: “Chat Completions → Create chat completion”, “The chat completion chunk object”, and the guides
//! “Error codes” and “Structured model outputs”.

use llm::ProviderEnv;
use serde_json::{Value, json};
use studio::ports::Usage;

use crate::{
    case::{Case, JSON, PROSE},
    fakes::{Fake, KEY, Spoilt},
    server::{Act, Request, Response},
    sse,
};

pub(crate) struct OpenAi;

impl Fake for OpenAi {
    fn model(&self) -> &'static str {
        "openai/gpt-4o-mini"
    }

    fn env(&self, base: &str) -> ProviderEnv {
        ProviderEnv::default().provider("openai", Some(KEY), Some(&format!("{base}/v1")))
    }

    fn check(&self, request: &Request) -> Result<(), Response> {
        if (request.method.as_str(), request.path.as_str()) != ("POST", "/v1/chat/completions") {
            return Err(error(404, "invalid_request_error", "unknown_url", "Invalid URL"));
        }
        if request.header("authorization") != Some(&format!("Bearer {KEY}")) {
            return Err(error(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided"));
        }
        check_body(
            &request.body,
            &["model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "response_format"],
        )
        .map_err(|why| error(400, "invalid_request_error", "invalid_value", &why))
    }

    fn tell(&self, case: Case, _: &Request) -> Response {
        match case {
            Case::WrongKey => error(401, "invalid_request_error", "invalid_api_key", &format!("Incorrect API key provided: {KEY}.")),
            Case::TooMany => error(429, "requests", "rate_limit_exceeded", "Rate limit reached").with("retry-after", "7"),
            Case::ServerError => error(500, "server_error", "null", "The server had an error while processing your request"),
            Case::Overloaded => error(503, "server_error", "null", "The engine is currently overloaded, please try again later"),
            Case::NoSuchModel => error(404, "invalid_request_error", "model_not_found", "The model `gpt-4o-mini` does not exist"),
            Case::TooLong => {
                let why = "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.";
                error(400, "invalid_request_error", "context_length_exceeded", why)
            }
            Case::ErrorWithin => sse::stream(&[
                role(),
                text(PROSE[0]),
                json!({ "error": { "message": "The server had an error", "type": "server_error", "code": null } }).to_string(),
            ]),
            Case::Cut => sse::stream(&[role(), text(PROSE[0])]).then(Act::Send(b"data: {\"id\":\"chatc".to_vec())).then(Act::Break),
            Case::Schema => sse::stream(&answer(&JSON, "stop", None)).then(sse::done()),
            Case::Length => sse::stream(&answer(&PROSE[..2], "length", None)).then(sse::done()),
            Case::Blanks => sse::stream(&answer(&[" \n\n "], "stop", None)).then(sse::done()),
            Case::Usage => sse::stream(&answer(&PROSE, "stop", Some(tokens()))).then(sse::done()),
            Case::Prose => sse::stream(&answer(&PROSE, "stop", None)).then(sse::done()),
            // The role comes at once, and then the model thinks.
            Case::SlowFirstToken => sse::stream(&answer(&PROSE, "stop", None)).before(1, Act::Wait(crate::SLOW)).then(sse::done()),
            Case::Refused => {
                let declined = chunk(&json!({ "refusal": "I'm sorry, I cannot assist with that request." }), None);
                sse::stream(&[role(), declined, chunk(&json!({}), Some("stop"))]).then(sse::done())
            }
        }
    }

    fn usage(&self) -> Usage {
        // 0.15 $ fresh, 0.075 $ cached, 0.60 $ written, for a million tokens.
        let cost = 6_000 * 150 + 4_000 * 75 + 500 * 600;
        Usage { calls: 1, input_tokens: 10_000, cached_input_tokens: 4_000, output_tokens: 500, cost: Some(cost) }
    }

    fn asks_for_json(&self, body: &Value) -> bool {
        body["response_format"]["type"] == "json_schema" && body["response_format"]["json_schema"]["strict"] == true
    }

    fn bad_requests(&self) -> Vec<(&'static str, Spoilt)> {
        vec![
            ("no model", |body| drop(body.as_object_mut().unwrap().remove("model"))),
            ("an open object", |body| body["response_format"] = schema(&json!({ "type": "object", "properties": {} }))),
            ("an unknown field", |body| body["num_ctx"] = json!(4096)),
        ]
    }
}

/// The rules that OpenAI and those who speak as it does share.
pub(crate) fn check_body(body: &Value, known: &[&str]) -> Result<(), String> {
    let fields = body.as_object().ok_or("We could not parse the JSON body of your request.")?;
    if let Some(field) = fields.keys().find(|field| !known.contains(&field.as_str())) {
        return Err(format!("Unrecognized request argument supplied: {field}"));
    }
    if body["model"].as_str().is_none_or(str::is_empty) {
        return Err("you must provide a model parameter".into());
    }
    let messages = body["messages"].as_array().filter(|messages| !messages.is_empty()).ok_or("'messages' is a required property")?;
    for message in messages {
        if !["system", "user", "assistant"].contains(&message["role"].as_str().unwrap_or_default()) || !message["content"].is_string() {
            return Err("Invalid value in 'messages'".into());
        }
    }
    if body["max_tokens"].is_null() && body["max_completion_tokens"].is_null() {
        return Err("our own rule: every call has a longest answer".into());
    }
    let format = &body["response_format"];
    if format["type"] == "json_object" && !messages.iter().any(|m| m["content"].as_str().is_some_and(|t| t.to_lowercase().contains("json")))
    {
        return Err("'messages' must contain the word 'json' in some form".into());
    }
    if format["type"] == "json_schema" { closed(&format["json_schema"]["schema"]) } else { Ok(()) }
}

/// “additionalProperties: false must always be set in objects”, “all fields must be required”.
fn closed(schema: &Value) -> Result<(), String> {
    if schema["type"] == "object" {
        if schema["additionalProperties"] != json!(false) {
            return Err("Invalid schema: 'additionalProperties' is required to be supplied and to be false.".into());
        }
        let properties = schema["properties"].as_object().ok_or("Invalid schema: no properties")?;
        if schema["required"].as_array().map(Vec::len) != Some(properties.len()) {
            return Err("Invalid schema: 'required' is required to include every key in properties.".into());
        }
        return properties.values().try_for_each(closed);
    }
    schema.get("items").map_or(Ok(()), closed)
}

fn schema(of: &Value) -> Value {
    json!({ "type": "json_schema", "json_schema": { "name": "x", "strict": true, "schema": of } })
}

pub(crate) fn error(status: u16, kind: &str, code: &str, message: &str) -> Response {
    let body = json!({ "error": { "message": message, "type": kind, "param": null, "code": code } });
    Response::whole(status, &body.to_string())
}

pub(crate) fn chunk(delta: &Value, finish: Option<&str>) -> String {
    format!(
        r#"{{"id":"chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG","object":"chat.completion.chunk","created":1741569952,"model":"m","system_fingerprint":"fp_44709d6fcb","choices":[{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{}}}],"usage":null}}"#,
        json!(finish)
    )
}

pub(crate) fn role() -> String {
    chunk(&json!({ "role": "assistant", "content": "" }), None)
}

pub(crate) fn text(words: &str) -> String {
    chunk(&json!({ "content": words }), None)
}

/// A whole answer, with its tokens in a chunk without choices.
pub(crate) fn answer(words: &[&str], finish: &str, usage: Option<Value>) -> Vec<String> {
    let mut pieces = vec![role()];
    pieces.extend(words.iter().map(|words| text(words)));
    pieces.push(chunk(&json!({}), Some(finish)));
    let usage = usage.unwrap_or_else(|| json!({ "prompt_tokens": 20, "completion_tokens": 9, "total_tokens": 29 }));
    pieces.push(
        json!({ "id": "chatcmpl-B9", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage })
            .to_string(),
    );
    pieces
}

fn tokens() -> Value {
    json!({
        "prompt_tokens": 10_000, "completion_tokens": 500, "total_tokens": 10_500,
        "prompt_tokens_details": { "cached_tokens": 4_000, "audio_tokens": 0 },
        "completion_tokens_details": { "reasoning_tokens": 120, "audio_tokens": 0 }
    })
}
