use studio::ports::{Finish, ModelError};

use crate::provider::Provider;

/// What a stream says beside its text.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Why it ended, in the provider's word.
    pub(crate) finish: Option<String>,
    /// Whether the model or the provider's filter declined.
    pub(crate) refusal: bool,
    pub(crate) used: Option<Used>,
}

/// Tokens, as the provider counts them, whatever it calls them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Used {
    /// Read, those from and into the cache included.
    pub(crate) input: u64,
    /// Of these, read from the cache.
    pub(crate) cached: u64,
    /// Of these, written into the cache.
    pub(crate) stored: u64,
    /// Written, thoughts included.
    pub(crate) output: u64,
}

impl Seen {
    /// Why the answer ended, in our words.
    pub(crate) fn finish(&self, provider: Provider, model: &str) -> Result<Finish, ModelError> {
        if self.refusal {
            return Ok(Finish::Refused);
        }
        let reason = self.finish.as_deref().unwrap_or_default();
        match reason.to_ascii_lowercase().as_str() {
            "stop" | "eos" | "end_turn" | "stop_sequence" => Ok(Finish::Stop),
            "length" | "max_tokens" | "model_length" | "model_context_window_exceeded" => Ok(Finish::Length),
            "content_filter" | "safety" | "refusal" | "recitation" | "blocklist" | "prohibited_content" | "spii" | "language" => {
                Ok(Finish::Refused)
            }
            "insufficient_system_resource" | "error" | "abort" | "pause_turn" => Err(ModelError::Unavailable {
                provider: provider.name().into(),
                detail: format!("it gave up in the middle of the answer: {reason}"),
                status: None,
                retry_after: None,
                used: None,
            }),
            "other" | "malformed_function_call" | "unexpected_tool_call" | "malformed_response" => {
                Err(ModelError::BadAnswer { provider: provider.name().into(), detail: format!("it stopped with {reason}"), used: None })
            }
            _ => {
                tracing::warn!(model, reason, "an unknown reason to finish is taken for a good one");
                Ok(Finish::Stop)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use studio::ports::Fault;

    use super::*;

    fn ended(reason: &str) -> Result<Finish, ModelError> {
        Seen { finish: Some(reason.into()), ..Seen::default() }.finish(Provider::Gemini, "m")
    }

    #[test]
    fn every_reason_of_every_provider_is_understood() {
        for stop in ["stop", "end_turn", "stop_sequence", "STOP"] {
            assert_eq!(ended(stop).unwrap(), Finish::Stop, "{stop}");
        }
        for length in ["length", "max_tokens", "MAX_TOKENS", "model_context_window_exceeded"] {
            assert_eq!(ended(length).unwrap(), Finish::Length, "{length}");
        }
        for refused in ["content_filter", "refusal", "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"] {
            assert_eq!(ended(refused).unwrap(), Finish::Refused, "{refused}");
        }
        assert_eq!(ended("insufficient_system_resource").unwrap_err().fault(), Fault::Provider);
        assert_eq!(ended("OTHER").unwrap_err().fault(), Fault::Answer);
        assert_eq!(ended("something new").unwrap(), Finish::Stop);
    }
}
