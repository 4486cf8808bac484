use std::sync::{Arc, LazyLock};

use futures::StreamExt;
use genai::{
    ModelIden, ServiceTarget,
    chat::ChatStreamEvent,
    resolver::{AuthData, Endpoint},
};
use tokio::time::{Instant, timeout_at};
use tracing::{Dispatch, instrument::WithSubscriber, subscriber::NoSubscriber};

use super::{CloudModel, dialect::Asked, request, witness::Witness};
use crate::{
    answer::{Seen, Used},
    failure::Failure,
    silence::Silence,
};

/// Nobody hears. One for all: each new one makes every place that logs ask anew who listens.
static NOBODY: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

/// A stream that came to no good end.
pub(super) struct Broken {
    pub(super) failure: Failure,
    /// What it had used by then, where the service has said so.
    pub(super) used: Option<Used>,
}

impl CloudModel {
    /// Asks once, and hands the text on as it comes.
    pub(super) async fn stream(
        &self,
        asked: &Asked<'_>,
        on_text: &mut (dyn for<'t> FnMut(&'t str) + Send),
    ) -> Result<(String, Seen), Broken> {
        let witness = Arc::new(Witness::new(self.service.dialect));
        let mut text = String::new();
        match self.read(asked, &witness, &mut text, on_text).await {
            Ok(()) => Ok((text, witness.take())),
            Err(failure) => Err(Broken { failure, used: witness.take().used }),
        }
    }

    async fn read(
        &self,
        asked: &Asked<'_>,
        witness: &Arc<Witness>,
        text: &mut String,
        on_text: &mut (dyn for<'t> FnMut(&'t str) + Send),
    ) -> Result<(), Failure> {
        let dialect = self.service.dialect;
        let options = dialect.options(asked).with_raw_frame_sink_arc(witness.clone());
        let messages = request::conversation(asked, dialect.marks_what_is_shared());
        // The library logs what services say as it stands, and some say the key aloud.
        let quietly = || NOBODY.clone();
        let mut silence = Silence::begin(self.service.timeouts);
        let response = self.service.client.exec_chat_stream(self.target(), messages, Some(&options)).with_subscriber(quietly()).await;
        let mut stream = response.map_err(|e| Failure::of(e, 0))?.stream;
        loop {
            match timeout_at(silence.ends(witness.heard_at()), stream.next().with_subscriber(quietly())).await {
                Ok(Some(Ok(ChatStreamEvent::Chunk(chunk)))) => {
                    if !chunk.content.is_empty() {
                        silence.broken();
                        on_text(&chunk.content);
                        text.push_str(&chunk.content);
                    }
                }
                // Thoughts are not for the reader, but they are tokens.
                Ok(Some(Ok(ChatStreamEvent::ReasoningChunk(thought)))) => {
                    if !thought.content.is_empty() {
                        silence.broken();
                    }
                }
                Ok(Some(Ok(ChatStreamEvent::End(_))) | None) => break,
                Ok(Some(Ok(_))) => {}
                // The answer is complete; only what comes after it is lost.
                Ok(Some(Err(_))) if witness.has_finish() => break,
                Ok(Some(Err(e))) if says_nothing(&e) => {}
                Ok(Some(Err(e))) => return Err(Failure::of(e, text.chars().count())),
                // Something was heard meanwhile that the library keeps to itself: a comment, a ping.
                Err(_) if silence.ends(witness.heard_at()) > Instant::now() => {}
                Err(_) if witness.has_finish() => break,
                Err(_) => return Err(Failure::Silent { seconds: silence.limit().as_secs_f64(), characters: text.chars().count() }),
            }
        }
        if !witness.has_finish() {
            let why = "the stream ended without a finish reason".into();
            return Err(Failure::BrokeOff { characters: text.chars().count(), why });
        }
        Ok(())
    }

    fn target(&self) -> ServiceTarget {
        let dialect = self.service.dialect;
        let url = dialect.url(&self.service.address, &self.model).to_string();
        ServiceTarget {
            endpoint: Endpoint::from_owned(url.as_str()),
            auth: AuthData::RequestOverride { url, headers: dialect.headers(self.service.address.key()) },
            model: ModelIden::new(dialect.adapter(), dialect.name_for_library(&self.model)),
        }
    }
}

/// Whether the library stumbled over a frame of Gemini's that holds nothing but tokens counted so far.
fn says_nothing(error: &genai::Error) -> bool {
    matches!(error, genai::Error::ChatResponse { body, .. } if body.get("error").is_none() && body.get("finishReason").is_some_and(|reason| reason.is_null()))
}
