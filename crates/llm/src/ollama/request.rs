use serde_json::{Value, json};
use story::tasks::Call;

use super::limits::Limits;
use crate::asking::{Said, turns};

/// The body of `POST /api/chat`, without the seed.
pub(super) fn body(call: &Call, model: &str, limits: &Limits, schema: Option<Value>) -> Value {
    let mut messages = Vec::new();
    let system = call.prompt.system_text();
    if !system.is_empty() {
        messages.push(json!({ "role": "system", "content": system }));
    }
    messages.extend(turns(&call.prompt.user, &call.prompt.turns, None).into_iter().map(|turn| match turn {
        Said::ByUs(text) => json!({ "role": "user", "content": text }),
        Said::ByModel(text) => json!({ "role": "assistant", "content": text }),
    }));
    let mut body = json!({
        "model": model,
        "messages": messages,
        "stream": true,
        // Newer versions refuse what does not fit instead of cutting it, and stop instead of forgetting the beginning.
        "truncate": false,
        "shift": false,
        "options": { "num_ctx": limits.context_for(call), "num_predict": call.max_tokens },
    });
    if limits.thinks {
        body["think"] = json!(false);
    }
    if let Some(schema) = schema {
        body["format"] = schema;
    }
    body
}
