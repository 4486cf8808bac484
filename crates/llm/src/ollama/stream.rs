use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::OllamaModel;
use crate::{
    answer::{Seen, Used},
    failure::Failure,
    silence::Silence,
};

/// One line of the stream.
#[derive(Deserialize)]
struct Line {
    message: Option<Message>,
    #[serde(default)]
    done: bool,
    done_reason: Option<String>,
    prompt_eval_count: Option<u64>,
    eval_count: Option<u64>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: String,
    #[serde(default)]
    thinking: String,
}

impl OllamaModel {
    /// Asks once, and hands the text on as it comes.
    pub(super) async fn stream(
        &self,
        body: &Value,
        text: &mut String,
        on_text: &mut (dyn for<'t> FnMut(&'t str) + Send),
    ) -> Result<Seen, Failure> {
        let ollama = &self.ollama;
        let mut silence = Silence::begin(ollama.timeouts);
        let begun = Instant::now();
        let silent = |silence: &Silence, characters| Failure::Silent { seconds: silence.limit().as_secs_f64(), characters };
        let sent = timeout_at(silence.ends(begun), ollama.http.post(ollama.address.at("api/chat")).json(body).send()).await;
        let response = sent.map_err(|_| silent(&silence, 0))?.map_err(|e| Failure::of_wire(&e, 0))?;
        if !response.status().is_success() {
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            return Err(Failure::of_response(status, &headers, response.text().await.unwrap_or_default()));
        }
        let mut bytes = response.bytes_stream();
        let mut rest: Vec<u8> = Vec::new();
        loop {
            let characters = text.chars().count();
            let Some(piece) = timeout_at(silence.ends(begun), bytes.next()).await.map_err(|_| silent(&silence, characters))? else {
                let why = if rest.is_empty() { "the stream ended before the answer did" } else { "the last piece is not whole" };
                return Err(Failure::BrokeOff { characters, why: why.into() });
            };
            rest.extend_from_slice(&piece.map_err(|e| Failure::of_wire(&e, characters))?);
            while let Some(end) = rest.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = rest.drain(..=end).collect();
                if let Some(seen) = read_line(&line, text, on_text, &mut silence)? {
                    return Ok(seen);
                }
            }
        }
    }
}

fn read_line(
    line: &[u8],
    text: &mut String,
    on_text: &mut (dyn for<'t> FnMut(&'t str) + Send),
    silence: &mut Silence,
) -> Result<Option<Seen>, Failure> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let line: Line = serde_json::from_slice(line).map_err(|e| Failure::Unreadable { why: e.to_string() })?;
    if let Some(error) = line.error {
        return Err(Failure::in_stream(&json!({ "error": { "message": error } })));
    }
    if let Some(message) = line.message {
        if !message.content.is_empty() || !message.thinking.is_empty() {
            silence.broken();
        }
        if !message.content.is_empty() {
            on_text(&message.content);
            text.push_str(&message.content);
        }
    }
    if !line.done {
        return Ok(None);
    }
    let used = line.eval_count.map(|output| Used { input: line.prompt_eval_count.unwrap_or(0), cached: 0, stored: 0, output });
    // The reason came later than the mark: versions that do not give it stop for no other.
    Ok(Some(Seen { finish: Some(line.done_reason.unwrap_or_else(|| "stop".into())), refusal: false, used }))
}
