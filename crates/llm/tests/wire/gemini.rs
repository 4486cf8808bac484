//! Gemini, from Google's “Gemini API reference → Generating content” (`streamGenerateContent`, `GenerationConfig`, `FinishReason`,
//! `PromptFeedback`, `UsageMetadata`), “Structured outputs → JSON Schema support” and “Troubleshooting guide → Error codes”; the shape of
//! errors is `google.rpc.Status` of “Google AIP-193: Errors”.

use llm::ProviderEnv;
use serde_json::{Value, json};
use studio::ports::Usage;

use crate::{
    case::{Case, JSON, PROSE},
    fakes::{Fake, KEY, Spoilt},
    server::{Act, Request, Response},
    sse,
};

pub(crate) struct Gemini;

impl Fake for Gemini {
    fn model(&self) -> &'static str {
        "gemini/gemini-2.5-pro"
    }

    fn env(&self, base: &str) -> ProviderEnv {
        ProviderEnv::default().provider("gemini", Some(KEY), Some(base))
    }

    fn check(&self, request: &Request) -> Result<(), Response> {
        let path = "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse";
        if (request.method.as_str(), request.path.as_str()) != ("POST", path) {
            return Err(error(404, "NOT_FOUND", "Requested entity was not found.", json!([])));
        }
        if request.header("x-goog-api-key") != Some(KEY) {
            return Err(error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers", json!([])));
        }
        check_body(&request.body).map_err(|why| error(400, "INVALID_ARGUMENT", &why, json!([])))
    }

    fn tell(&self, case: Case, _: &Request) -> Response {
        match case {
            // Not 401: “API_KEY_INVALID” is a 400.
            Case::WrongKey => {
                let details = json!([{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com" }]);
                error(400, "INVALID_ARGUMENT", &format!("API key not valid. Please pass a valid API key. {KEY}"), details)
            }
            Case::TooMany => {
                let details = json!([
                    { "@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{ "quotaId": "GenerateRequestsPerMinutePerProjectPerModel" }] },
                    { "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s" }
                ]);
                error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details.", details)
            }
            Case::ServerError => error(500, "INTERNAL", "An internal error has occurred.", json!([])),
            Case::Overloaded => error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.", json!([])),
            Case::NoSuchModel => {
                let why = "models/gemini-2.5-pro is not found for API version v1beta, or is not supported for generateContent.";
                error(404, "NOT_FOUND", why, json!([]))
            }
            Case::TooLong => {
                let why = "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).";
                error(400, "INVALID_ARGUMENT", why, json!([]))
            }
            Case::ErrorWithin => {
                let broken =
                    json!({ "error": { "code": 503, "message": "The service is currently unavailable.", "status": "UNAVAILABLE" } });
                sse::stream(&[chunk(PROSE[0], None, 3), broken.to_string()])
            }
            Case::Cut => sse::stream(&[chunk(PROSE[0], None, 3)]).then(Act::Send(b"data: {\"candid".to_vec())).then(Act::Break),
            Case::Schema => sse::stream(&answer(&JSON, "STOP")),
            Case::Length => sse::stream(&answer(&PROSE[..2], "MAX_TOKENS")),
            Case::Blanks => sse::stream(&answer(&["\n"], "STOP")),
            Case::Usage => sse::stream(&cached_and_thought()),
            Case::Prose => sse::stream(&answer(&PROSE, "STOP")),
            // Tokens counted so far come without a candidate, and then the model thinks.
            Case::SlowFirstToken => {
                let mut pieces = answer(&PROSE, "STOP");
                pieces.insert(0, json!({ "usageMetadata": { "promptTokenCount": 20 }, "modelVersion": "m" }).to_string());
                sse::stream(&pieces).before(1, Act::Wait(crate::SLOW))
            }
            // No candidate at all: the prompt itself is held back.
            Case::Refused => {
                let blocked = json!({ "promptFeedback": { "blockReason": "PROHIBITED_CONTENT" }, "usageMetadata": { "promptTokenCount": 20, "totalTokenCount": 20 } });
                sse::stream(&[blocked.to_string()])
            }
        }
    }

    fn usage(&self) -> Usage {
        // 1.25 $ fresh, 0.125 $ cached, 10 $ written, for a million tokens. Thoughts are written, and counted apart.
        let cost = 6_000 * 1_250 + 4_000 * 125 + 500 * 10_000;
        Usage { calls: 1, input_tokens: 10_000, cached_input_tokens: 4_000, output_tokens: 500, cost: Some(cost) }
    }

    /// Every chunk counts what was used so far.
    fn used_when_cut(&self) -> Option<(u64, u64)> {
        Some((20, 3))
    }

    fn asks_for_json(&self, body: &Value) -> bool {
        let config = &body["generationConfig"];
        config["responseMimeType"] == "application/json" && config["responseJsonSchema"]["type"] == "object"
    }

    fn bad_requests(&self) -> Vec<(&'static str, Spoilt)> {
        vec![
            ("no contents", |body| drop(body.as_object_mut().unwrap().remove("contents"))),
            ("a role of OpenAI’s", |body| body["contents"][0]["role"] = json!("assistant")),
            ("a schema without its type", |body| body["generationConfig"] = json!({ "maxOutputTokens": 1, "responseJsonSchema": {} })),
            ("keywords that are not supported", |body| {
                let schema = json!({ "type": "object", "patternProperties": { "^x": { "type": "string" } } });
                body["generationConfig"] =
                    json!({ "maxOutputTokens": 1, "responseMimeType": "application/json", "responseJsonSchema": schema });
            }),
        ]
    }
}

fn check_body(body: &Value) -> Result<(), String> {
    const KNOWN: [&str; 4] = ["contents", "systemInstruction", "generationConfig", "safetySettings"];
    const CONFIG: [&str; 5] = ["maxOutputTokens", "responseMimeType", "responseJsonSchema", "thinkingConfig", "seed"];
    let unknown = |field: &str| format!("Invalid JSON payload received. Unknown name \"{field}\": Cannot find field.");
    let fields = body.as_object().ok_or("Invalid JSON payload received.")?;
    if let Some(field) = fields.keys().find(|field| !KNOWN.contains(&field.as_str())) {
        return Err(unknown(field));
    }
    let contents = body["contents"].as_array().filter(|contents| !contents.is_empty()).ok_or("* contents: contents is not specified")?;
    for content in contents {
        if !["user", "model"].contains(&content["role"].as_str().unwrap_or_default()) {
            return Err("Please use a valid role: user, model.".into());
        }
        if !content["parts"].as_array().is_some_and(|parts| !parts.is_empty() && parts.iter().all(|part| part["text"].is_string())) {
            return Err("* contents.parts: contents.parts must not be empty.".into());
        }
    }
    let config = &body["generationConfig"];
    if let Some(field) = config.as_object().and_then(|config| config.keys().find(|field| !CONFIG.contains(&field.as_str()))) {
        return Err(unknown(field));
    }
    if config["maxOutputTokens"].as_u64().is_none_or(|most| most == 0) {
        return Err("our own rule: every call has a longest answer".into());
    }
    match config.get("responseJsonSchema") {
        Some(_) if config["responseMimeType"] != "application/json" => Err("responseMimeType must be set to use a response schema".into()),
        Some(schema) => check_schema(schema),
        None => Ok(()),
    }
}

/// `responseJsonSchema`: “only the following properties are supported”.
fn check_schema(schema: &Value) -> Result<(), String> {
    const KNOWN: [&str; 19] = [
        "$id",
        "$defs",
        "$ref",
        "$anchor",
        "type",
        "format",
        "title",
        "description",
        "enum",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "anyOf",
        "oneOf",
        "properties",
        "additionalProperties",
    ];
    let Some(map) = schema.as_object() else { return if schema.is_boolean() { Ok(()) } else { Err("a schema must be an object".into()) } };
    if let Some(key) = map.keys().find(|key| !KNOWN.contains(&key.as_str()) && *key != "required" && *key != "propertyOrdering") {
        return Err(format!("Unsupported keyword in response_json_schema: {key}"));
    }
    let inner = ["properties", "$defs"].iter().flat_map(|key| schema[*key].as_object().into_iter().flat_map(|map| map.values()));
    let choices = ["anyOf", "oneOf", "prefixItems"].iter().flat_map(|key| schema[*key].as_array().into_iter().flatten());
    inner.chain(choices).chain(map.get("items")).chain(map.get("additionalProperties")).try_for_each(check_schema)
}

fn error(status: u16, name: &str, message: &str, details: Value) -> Response {
    let body = json!({ "error": { "code": status, "message": message, "status": name, "details": details } });
    Response::whole(status, &body.to_string())
}

fn chunk(words: &str, finish: Option<&str>, output: u64) -> String {
    let mut candidate = json!({ "content": { "parts": [{ "text": words }], "role": "model" }, "index": 0 });
    if let Some(finish) = finish {
        candidate["finishReason"] = json!(finish);
    }
    let tokens = json!({ "promptTokenCount": 20, "candidatesTokenCount": output, "totalTokenCount": 20 + output });
    json!({ "candidates": [candidate], "usageMetadata": tokens, "modelVersion": "m", "responseId": "r" }).to_string()
}

/// The reason to finish comes with the last words.
fn answer(words: &[&str], finish: &str) -> Vec<String> {
    let last = words.len() - 1;
    words.iter().enumerate().map(|(n, words)| chunk(words, (n == last).then_some(finish), 3 * (n as u64 + 1))).collect()
}

fn cached_and_thought() -> Vec<String> {
    let thought =
        json!({ "candidates": [{ "content": { "parts": [{ "text": "A farm.", "thought": true }], "role": "model" }, "index": 0 }] });
    let mut pieces = vec![thought.to_string()];
    pieces.extend(PROSE.iter().map(|words| chunk(words, None, 1)));
    pieces.push(
        json!({
            "candidates": [{ "content": { "parts": [{ "text": "" }], "role": "model" }, "finishReason": "STOP", "index": 0 }],
            "usageMetadata": {
                "promptTokenCount": 10_000, "cachedContentTokenCount": 4_000, "candidatesTokenCount": 380, "thoughtsTokenCount": 120, "totalTokenCount": 10_500
            }
        })
        .to_string(),
    );
    pieces
}
