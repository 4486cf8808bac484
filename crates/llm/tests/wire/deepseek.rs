//! DeepSeek, from its API documentation: “Create Chat Completion”, “JSON Output”, “Context Caching”, “Rate Limit” (comments while a request
//! waits) and “Error Codes”.

use std::time::Duration;

use llm::ProviderEnv;
use serde_json::{Value, json};
use studio::ports::Usage;

use crate::{
    case::{Case, JSON, PROSE},
    fakes::{Fake, KEY, Spoilt},
    openai::{answer, check_body, chunk, role, text},
    server::{Act, Request, Response},
    sse,
};

pub(crate) struct DeepSeek;

impl Fake for DeepSeek {
    fn model(&self) -> &'static str {
        "deepseek/deepseek-flash"
    }

    fn env(&self, base: &str) -> ProviderEnv {
        ProviderEnv::default().provider("deepseek", Some(KEY), Some(base))
    }

    fn check(&self, request: &Request) -> Result<(), Response> {
        if (request.method.as_str(), request.path.as_str()) != ("POST", "/chat/completions") {
            return Err(error(404, "Not Found"));
        }
        if request.header("authorization") != Some(&format!("Bearer {KEY}")) {
            return Err(error(401, "Authentication Fails, Your api key is invalid"));
        }
        let body = &request.body;
        check_body(body, &["model", "messages", "stream", "stream_options", "max_tokens", "response_format"])
            .map_err(|why| error(422, &why))?;
        match body["response_format"]["type"].as_str() {
            None | Some("text") => Ok(()),
            Some("json_object") => {
                // “Include the word "json" in the prompt, and provide an example of the desired JSON format.”
                let prompt = body["messages"].to_string().to_lowercase();
                if prompt.contains("json") && prompt.contains("example") {
                    Ok(())
                } else {
                    Err(error(400, "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'."))
                }
            }
            Some(_) => Err(error(400, "This response_format type is unavailable now")),
        }
    }

    fn tell(&self, case: Case, _: &Request) -> Response {
        match case {
            Case::WrongKey => error(401, &format!("Authentication Fails, Your api key: {KEY} is invalid")),
            Case::TooMany => error(429, "Rate limit reached: you are sending requests too quickly"),
            Case::ServerError => error(500, "Internal server error"),
            Case::Overloaded => error(503, "The server is overloaded due to high traffic"),
            Case::NoSuchModel => error(404, "Model Not Exist"),
            Case::TooLong => error(
                400,
                "This model's maximum context length is 131072 tokens. However, you requested 140000 tokens. Please reduce the length of the messages.",
            ),
            Case::ErrorWithin => {
                sse::stream(&[role(), text(PROSE[0]), chunk(&json!({ "content": "" }), Some("insufficient_system_resource"))])
                    .then(sse::done())
            }
            Case::Cut => sse::stream(&[role(), text(PROSE[0])]).then(Act::Break),
            Case::Schema => sse::stream(&answer(&JSON, "stop", None)).then(sse::done()),
            Case::Length => sse::stream(&answer(&PROSE[..2], "length", None)).then(sse::done()),
            Case::Blanks => sse::stream(&answer(&["\n", "\n", " "], "stop", None)).then(sse::done()),
            Case::Usage => sse::stream(&thinking()).then(sse::done()),
            Case::Prose => sse::stream(&answer(&PROSE, "stop", None)).then(sse::done()),
            // “: keep-alive” comes for as long as the request waits in the queue.
            Case::SlowFirstToken => {
                let mut response = sse::stream(&answer(&PROSE, "stop", None)).then(sse::done());
                for _ in 0..3 {
                    response.acts.insert(0, Act::Wait(crate::SLOW));
                    response.acts.insert(0, Act::Send(b": keep-alive\n\n".to_vec()));
                }
                response
            }
            Case::Refused => sse::stream(&answer(&PROSE[..1], "content_filter", None)).then(sse::done()),
        }
    }

    fn usage(&self) -> Usage {
        // At the dearer hours: 0.3 $ fresh, 0.006 $ cached, 1.2 $ written, for a million tokens.
        let cost = 6_000 * 300 + 4_000 * 6 + 500 * 1_200;
        Usage { calls: 1, input_tokens: 10_000, cached_input_tokens: 4_000, output_tokens: 500, cost: Some(cost) }
    }

    fn wait(&self) -> Option<Duration> {
        None
    }

    fn asks_for_json(&self, body: &Value) -> bool {
        body["response_format"]["type"] == "json_object"
    }

    fn bad_requests(&self) -> Vec<(&'static str, Spoilt)> {
        vec![
            ("a schema", |body| {
                let schema = json!({ "type": "object", "properties": {}, "required": [], "additionalProperties": false });
                body["response_format"] = json!({ "type": "json_schema", "json_schema": { "name": "x", "schema": schema } });
            }),
            ("JSON without the word", |body| {
                body["response_format"] = json!({ "type": "json_object" });
                body["messages"] = json!([{ "role": "user", "content": "Plan." }]);
            }),
            ("thinking turned on by nobody", |body| body["thinking"] = json!({ "type": "enabled" })),
        ]
    }
}

fn error(status: u16, message: &str) -> Response {
    let body = json!({ "error": { "message": message, "type": "invalid_request_error", "param": null, "code": "invalid_request_error" } });
    Response::whole(status, &body.to_string())
}

/// Thoughts come first, in a field of their own; hits and misses of the cache are counted apart.
fn thinking() -> Vec<String> {
    let mut pieces = answer(
        &PROSE,
        "stop",
        Some(json!({
            "prompt_tokens": 10_000, "completion_tokens": 500, "total_tokens": 10_500,
            "prompt_cache_hit_tokens": 4_000, "prompt_cache_miss_tokens": 6_000,
            "completion_tokens_details": { "reasoning_tokens": 120 }
        })),
    );
    pieces.insert(1, chunk(&json!({ "content": null, "reasoning_content": "A farm, and rain." }), None));
    pieces
}
