//! Anthropic, from its API documentation: “Create a Message” (Messages API reference), “Streaming messages”, “Errors”, “Handling stop
//! reasons”, “Prompt caching” and “Structured outputs”.

use llm::ProviderEnv;
use serde_json::{Value, json};
use studio::ports::Usage;

use crate::{
    case::{Case, JSON, PROSE},
    fakes::{Fake, KEY, Spoilt},
    server::{Act, Request, Response},
    sse,
};

pub(crate) struct Anthropic;

impl Fake for Anthropic {
    fn model(&self) -> &'static str {
        "anthropic/claude-sonnet-5-5"
    }

    fn env(&self, base: &str) -> ProviderEnv {
        ProviderEnv::default().provider("anthropic", Some(KEY), Some(base))
    }

    fn check(&self, request: &Request) -> Result<(), Response> {
        if (request.method.as_str(), request.path.as_str()) != ("POST", "/v1/messages") {
            return Err(error(404, "not_found_error", "Not Found"));
        }
        if request.header("x-api-key") != Some(KEY) || request.header("authorization").is_some() {
            return Err(error(401, "authentication_error", "invalid x-api-key"));
        }
        if request.header("anthropic-version") != Some("2023-06-01") {
            return Err(error(400, "invalid_request_error", "anthropic-version: header is required"));
        }
        check_body(&request.body).map_err(|why| error(400, "invalid_request_error", &why))
    }

    fn tell(&self, case: Case, _: &Request) -> Response {
        match case {
            Case::WrongKey => error(401, "authentication_error", &format!("invalid x-api-key: {KEY}")),
            Case::TooMany => {
                error(429, "rate_limit_error", "This request would exceed your organization’s rate limit").with("retry-after", "7")
            }
            Case::ServerError => error(500, "api_error", "Internal server error"),
            Case::Overloaded => error(529, "overloaded_error", "Overloaded"),
            Case::NoSuchModel => error(404, "not_found_error", "model: claude-sonnet-5-5"),
            Case::TooLong => error(400, "invalid_request_error", "prompt is too long: 1008310 tokens > 1000000 maximum"),
            Case::ErrorWithin => {
                let broken = json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } }).to_string();
                sse::events(&[start(25), block(), delta(PROSE[0]), ("error", broken)])
            }
            Case::Cut => {
                sse::events(&[start(25), block(), delta(PROSE[0])]).then(Act::Send(b"event: content_bl".to_vec())).then(Act::Break)
            }
            Case::Schema => sse::events(&answer(&JSON, "end_turn")),
            Case::Length => sse::events(&answer(&PROSE[..2], "max_tokens")),
            Case::Blanks => sse::events(&answer(&["\n\n"], "end_turn")),
            Case::Usage => sse::events(&cached_and_thought()),
            Case::Prose => sse::events(&answer(&PROSE, "end_turn")),
            // A ping comes at once and another one later, and then the model thinks.
            Case::SlowFirstToken => {
                let mut pieces = answer(&PROSE, "end_turn");
                pieces.insert(2, ping());
                sse::events(&pieces).before(3, Act::Wait(crate::SLOW)).before(2, Act::Wait(crate::SLOW / 4))
            }
            Case::Refused => sse::events(&answer(&PROSE[..1], "refusal")),
        }
    }

    fn usage(&self) -> Usage {
        // 2 $ fresh, 0.1 $ cached, 2.5 $ written into the cache, 10 $ written, for a million tokens.
        let cost = 5_000 * 2_000 + 4_000 * 100 + 1_000 * 2_500 + 500 * 10_000;
        Usage { calls: 1, input_tokens: 10_000, cached_input_tokens: 4_000, output_tokens: 500, cost: Some(cost) }
    }

    /// `message_start` says it before the first word.
    fn used_when_cut(&self) -> Option<(u64, u64)> {
        Some((25, 1))
    }

    fn overloaded(&self) -> u16 {
        529
    }

    fn asks_for_json(&self, body: &Value) -> bool {
        body["output_config"]["format"]["type"] == "json_schema"
    }

    fn bad_requests(&self) -> Vec<(&'static str, Spoilt)> {
        vec![
            ("no longest answer", |body| drop(body.as_object_mut().unwrap().remove("max_tokens"))),
            ("a system message", |body| body["messages"][0]["role"] = json!("system")),
            ("a field of OpenAI’s", |body| body["response_format"] = json!({ "type": "json_object" })),
            ("thinking without a budget", |body| body["thinking"] = json!({ "type": "enabled", "budget_tokens": 0 })),
            ("a schema with limits", |body| {
                let schema = json!({ "type": "integer", "minimum": 1 });
                body["output_config"] = json!({ "format": { "type": "json_schema", "schema": schema } });
            }),
            ("a schema with too many unions", |body| {
                let names: Vec<String> = (0..17).map(|n| format!("p{n}")).collect();
                let properties: Value = names.iter().map(|name| (name.clone(), json!({ "type": ["string", "null"] }))).collect();
                let schema = json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false });
                body["output_config"] = json!({ "format": { "type": "json_schema", "schema": schema } });
            }),
        ]
    }
}

fn check_body(body: &Value) -> Result<(), String> {
    const KNOWN: [&str; 11] = [
        "model",
        "messages",
        "max_tokens",
        "system",
        "stream",
        "output_config",
        "thinking",
        "temperature",
        "top_p",
        "stop_sequences",
        "metadata",
    ];
    let fields = body.as_object().ok_or("The request body is not valid JSON")?;
    if let Some(field) = fields.keys().find(|field| !KNOWN.contains(&field.as_str())) {
        return Err(format!("{field}: Extra inputs are not permitted"));
    }
    if body["model"].as_str().is_none_or(str::is_empty) {
        return Err("model: Field required".into());
    }
    if body["max_tokens"].as_u64().is_none_or(|most| most == 0) {
        return Err("max_tokens: Field required".into());
    }
    if body["thinking"]["type"] == "enabled" && body["thinking"]["budget_tokens"].as_u64().is_none_or(|budget| budget < 1_024) {
        return Err("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024".into());
    }
    let messages =
        body["messages"].as_array().filter(|messages| !messages.is_empty()).ok_or("messages: at least one message is required")?;
    let mut marks = 0;
    for (n, message) in messages.iter().enumerate() {
        if !["user", "assistant"].contains(&message["role"].as_str().unwrap_or_default()) {
            return Err(format!("messages.{n}.role: Input should be 'user' or 'assistant'"));
        }
        match &message["content"] {
            Value::String(text) if !text.trim().is_empty() => {}
            Value::Array(blocks) if !blocks.is_empty() => {
                for block in blocks {
                    if block["type"] != "text" || block["text"].as_str().is_none_or(|text| text.trim().is_empty()) {
                        return Err(format!("messages.{n}.content: text content blocks must be non-empty"));
                    }
                    marks += usize::from(block["cache_control"]["type"] == "ephemeral");
                }
            }
            _ => return Err(format!("messages.{n}: messages must have non-empty content")),
        }
    }
    if marks > 4 {
        return Err("A maximum of 4 blocks with cache_control may be provided.".into());
    }
    match body["output_config"].get("format") {
        None => Ok(()),
        Some(format) if format["type"] == "json_schema" => {
            let mut unions = 0;
            check_schema(&format["schema"], &mut unions)?;
            if unions > 16 {
                Err("output_config.format.schema: Schemas contains too many parameters with union types".into())
            } else {
                Ok(())
            }
        }
        Some(_) => Err("output_config.format.type: Input should be 'json_schema'".into()),
    }
}

/// “JSON Schema limitations”: closed objects, no numerical or string constraints, no recursion, at most 16 unions.
fn check_schema(schema: &Value, unions: &mut usize) -> Result<(), String> {
    const KNOWN: [&str; 10] =
        ["type", "enum", "const", "description", "title", "items", "anyOf", "properties", "required", "additionalProperties"];
    let map = schema.as_object().ok_or("output_config.format.schema: not an object")?;
    if let Some(key) = map.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("output_config.format.schema: For this type, property '{key}' is not supported"));
    }
    if schema["type"] == "object" && schema["additionalProperties"] != json!(false) {
        return Err("output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false".into());
    }
    *unions += usize::from(schema["type"].is_array() || map.contains_key("anyOf"));
    let inner = schema["properties"].as_object().into_iter().flat_map(|properties| properties.values());
    inner.chain(schema["anyOf"].as_array().into_iter().flatten()).chain(map.get("items")).try_for_each(|inner| check_schema(inner, unions))
}

fn error(status: u16, kind: &str, message: &str) -> Response {
    let body = json!({ "type": "error", "error": { "type": kind, "message": message }, "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy" });
    Response::whole(status, &body.to_string())
}

type Event = (&'static str, String);

fn start(input: u64) -> Event {
    (
        "message_start",
        format!(
            r#"{{"type": "message_start", "message": {{"id": "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY", "type": "message", "role": "assistant", "content": [], "model": "m", "stop_reason": null, "stop_sequence": null, "usage": {{"input_tokens": {input}, "output_tokens": 1}}}}}}"#
        ),
    )
}

fn ping() -> Event {
    ("ping", r#"{"type": "ping"}"#.into())
}

fn block() -> Event {
    ("content_block_start", r#"{"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}"#.into())
}

fn delta(words: &str) -> Event {
    let data = json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": words } });
    ("content_block_delta", data.to_string())
}

fn end(reason: &str, output: u64) -> Vec<Event> {
    let data =
        json!({ "type": "message_delta", "delta": { "stop_reason": reason, "stop_sequence": null }, "usage": { "output_tokens": output } });
    vec![
        ("content_block_stop", r#"{"type": "content_block_stop", "index": 0}"#.into()),
        ("message_delta", data.to_string()),
        ("message_stop", r#"{"type": "message_stop"}"#.into()),
    ]
}

fn answer(words: &[&str], reason: &str) -> Vec<Event> {
    let mut pieces = vec![start(25), block(), ping()];
    pieces.extend(words.iter().map(|words| delta(words)));
    pieces.extend(end(reason, 15));
    pieces
}

/// Input tokens are counted without those of the cache; a thought has a block of its own and a signature.
fn cached_and_thought() -> Vec<Event> {
    let begun = r#"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"m","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5000,"cache_creation_input_tokens":1000,"cache_read_input_tokens":4000,"cache_creation":{"ephemeral_5m_input_tokens":1000,"ephemeral_1h_input_tokens":0},"output_tokens":2,"service_tier":"standard"}}}"#;
    let mut pieces: Vec<Event> = vec![
        ("message_start", begun.into()),
        (
            "content_block_start",
            r#"{"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}"#.into(),
        ),
        (
            "content_block_delta",
            r#"{"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "A farm."}}"#.into(),
        ),
        (
            "content_block_delta",
            r#"{"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "EqQBCgIYAhIM"}}"#.into(),
        ),
        ("content_block_stop", r#"{"type": "content_block_stop", "index": 0}"#.into()),
        block(),
    ];
    pieces.extend(PROSE.iter().map(|words| delta(words)));
    pieces.extend(end("end_turn", 500));
    pieces
}
