//! The request and the pieces of the answer, from the API reference.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The body of “Create chat completion”, as far as a client of ours may use it: what is not documented is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) model: String,
    pub(super) messages: Vec<Message>,
    #[serde(default)]
    stream: bool,
    #[serde(default)]
    pub(super) stream_options: Option<StreamOptions>,
    #[serde(default)]
    pub(super) response_format: Option<Format>,
    #[serde(default)]
    max_tokens: Option<u64>,
    #[serde(default)]
    max_completion_tokens: Option<u64>,
    #[serde(default, rename = "temperature")]
    _temperature: Option<f64>,
    #[serde(default, rename = "top_p")]
    _top_p: Option<f64>,
    #[serde(default, rename = "seed")]
    _seed: Option<i64>,
    #[serde(default, rename = "stop")]
    _stop: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StreamOptions {
    #[serde(default)]
    pub(super) include_usage: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    pub(super) role: Role,
    pub(super) content: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    System,
    Developer,
    User,
    Assistant,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Format {
    Text,
    JsonObject,
    JsonSchema { json_schema: Schema },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schema {
    pub(super) name: String,
    pub(super) schema: Value,
    #[serde(default)]
    pub(super) strict: bool,
}

/// Reads a body, with the rules that the reference and the guides give.
pub(super) fn read(body: Value) -> Result<Request, String> {
    let request: Request = serde_json::from_value(body).map_err(|e| format!("Unrecognized request: {e}"))?;
    if !request.stream {
        return Err("This server only streams.".into());
    }
    if request.model.is_empty() {
        return Err("you must provide a model parameter".into());
    }
    if !request.messages.iter().any(|m| m.role == Role::User) {
        return Err("Invalid 'messages': empty array".into());
    }
    if request.max_tokens.is_some() && request.max_completion_tokens.is_some() {
        return Err("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.".into());
    }
    if matches!((request.max_tokens, request.max_completion_tokens), (Some(0), _) | (_, Some(0))) {
        return Err("Invalid 'max_tokens': integer below minimum value".into());
    }
    match &request.response_format {
        Some(Format::JsonObject) if !request.messages.iter().any(|m| m.content.to_lowercase().contains("json")) => {
            Err("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.".into())
        }
        Some(Format::JsonSchema { json_schema }) => {
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if json_schema.name.is_empty() || json_schema.name.len() > 64 || !json_schema.name.chars().all(fits) {
                return Err("Invalid 'response_format.json_schema.name'".into());
            }
            if json_schema.strict
                && let Err(why) = strict(&json_schema.schema)
            {
                return Err(format!("Invalid schema for response_format '{}': {why}", json_schema.name));
            }
            Ok(request)
        }
        _ => Ok(request),
    }
}

/// The rules of strict structured outputs that every model has: closed objects, all properties required, few keywords.
fn strict(schema: &Value) -> Result<(), String> {
    const KNOWN: [&str; 11] =
        ["type", "enum", "const", "description", "title", "items", "anyOf", "properties", "required", "additionalProperties", "$defs"];
    let Some(map) = schema.as_object() else { return Err("schema must be an object".into()) };
    if map.contains_key("$ref") {
        return if map.len() == 1 { Ok(()) } else { Err("$ref cannot have keywords".into()) };
    }
    if let Some(key) = map.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("'{key}' is not permitted."));
    }
    if schema["type"] == "object" {
        if schema["additionalProperties"] != json!(false) {
            return Err("'additionalProperties' is required to be supplied and to be false.".into());
        }
        let names = schema["properties"].as_object().map(|p| p.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        if names.len() != required.len() || !names.iter().all(|name| required.iter().any(|r| r == name)) {
            return Err("'required' is required to be supplied and to be an array including every key in properties.".into());
        }
    }
    let inner = ["properties", "$defs"].iter().flat_map(|key| schema[*key].as_object().into_iter().flat_map(|m| m.values()));
    let choices = schema["anyOf"].as_array().into_iter().flatten();
    inner.chain(choices).chain(map.get("items")).try_for_each(strict)
}

/// “The chat completion chunk object”.
#[derive(Debug, Serialize)]
pub(super) struct Chunk {
    pub(super) id: &'static str,
    pub(super) object: &'static str,
    pub(super) created: u64,
    pub(super) model: String,
    pub(super) choices: Vec<Choice>,
    /// Null in every chunk but the last, where tokens are asked for.
    pub(super) usage: Option<Usage>,
}

#[derive(Debug, Serialize)]
pub(super) struct Choice {
    pub(super) index: u32,
    pub(super) delta: Delta,
    pub(super) logprobs: Option<()>,
    pub(super) finish_reason: Option<&'static str>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Delta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Usage {
    pub(super) prompt_tokens: u64,
    pub(super) completion_tokens: u64,
    pub(super) total_tokens: u64,
    pub(super) prompt_tokens_details: PromptDetails,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct PromptDetails {
    pub(super) cached_tokens: u64,
}
