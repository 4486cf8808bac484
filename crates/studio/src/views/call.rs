use serde::Serialize;

use super::{UsageView, usage};
use crate::{
    journal::{JournaledCall, Standing},
    ports::Finish,
};

/// A journaled call: what the model saw and said.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Call))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct CallView {
    pub id: String,
    pub task: String,
    /// The place in the step, such as `draft` or `outline/3`.
    pub slot: String,
    pub model: String,
    /// The attempt that asked.
    pub attempt: i64,
    pub standing: Standing,
    pub messages: Vec<MessageView>,
    pub response: String,
    pub finish: Finish,
    pub usage: UsageView,
    /// Whether its usage was estimated, since the call was cut off before it was counted.
    pub estimated: bool,
    pub latency_ms: i64,
    /// Whether the step's last attempt took an answer that was there already.
    pub from_journal: bool,
}

/// Who says a message.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the contract's own names")]
pub enum Speaker {
    System,
    User,
    Assistant,
}

/// One message of a request.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Message))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct MessageView {
    pub role: Speaker,
    pub content: String,
}

/// A journaled call.
pub fn call(call: &JournaledCall, from_journal: bool) -> CallView {
    let mut messages = vec![
        MessageView { role: Speaker::System, content: call.prompt.system_text() },
        MessageView { role: Speaker::User, content: call.prompt.user_text() },
    ];
    messages.extend(
        call.prompt
            .turns
            .iter()
            .map(|turn| MessageView { role: if turn.from_model { Speaker::Assistant } else { Speaker::User }, content: turn.text.clone() }),
    );
    CallView {
        id: call.id.clone(),
        task: call.task.clone(),
        slot: call.slot.clone(),
        model: call.model.clone(),
        attempt: call.attempt,
        standing: call.standing,
        messages,
        response: call.response.clone(),
        finish: call.finish,
        usage: usage(&call.usage),
        estimated: call.settings["estimated"] == true,
        latency_ms: call.latency_ms,
        from_journal,
    }
}
