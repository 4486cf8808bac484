use genai::chat::{CacheControl, ChatMessage, ChatRequest, MessageOptions};
use story::tasks::Segment;

use super::dialect::Asked;
use crate::asking::{Said, turns};

/// The conversation in the library's words. With `marked`, what the calls of one chapter share stands in a message of its own, marked for
/// the provider's cache.
pub(super) fn conversation(asked: &Asked<'_>, marked: bool) -> ChatRequest {
    let prompt = &asked.call.prompt;
    let shared = if marked { prompt.user.iter().take_while(|segment| is_shared(segment)).count() } else { 0 };
    let (shared, own) = prompt.user.split_at(shared);
    let mut messages = Vec::new();
    if !shared.is_empty() && !own.is_empty() {
        let words = shared.iter().map(|s| s.text.as_str()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
        messages.push(ChatMessage::user(words).with_options(MessageOptions::default().with_cache_control(CacheControl::Ephemeral)));
    }
    let own = if messages.is_empty() { &prompt.user[..] } else { own };
    messages.extend(turns(own, &prompt.turns, asked.schema_in_prompt()).into_iter().map(|turn| match turn {
        Said::ByUs(text) => ChatMessage::user(text),
        Said::ByModel(text) => ChatMessage::assistant(text),
    }));
    let request = ChatRequest::new(messages);
    let system = prompt.system_text();
    if system.is_empty() { request } else { request.with_system(system) }
}

/// Whether all calls of a chapter begin with it: the chapter's text and the task come behind.
fn is_shared(segment: &Segment) -> bool {
    !matches!(segment.name.as_str(), "chapter" | "task")
}
