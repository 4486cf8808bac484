use std::time::Duration;

use super::wire::{Format, Request};

/// What to do with one request.
#[derive(Debug, Clone, Default)]
pub enum Behaviour {
    /// Answers as a good model would.
    #[default]
    Competent,
    /// Answers these words.
    Says(String),
    /// Answers these words and reports these tokens: read, of these from the cache, written.
    Uses(String, [u64; 3]),
    /// Answers these words and reports no tokens.
    SaysWithoutUsage(String),
    /// 429, with `Retry-After` as it is given.
    RateLimited(Option<String>),
    /// 429 because the money has run out.
    QuotaUsedUp,
    /// 500.
    ServerError,
    /// 401, with the key said aloud.
    BadKey,
    /// 404.
    NoSuchModel,
    /// 400, since the prompt is longer than the model's window.
    TooLong,
    /// Any other status with any other body, and perhaps a header.
    Status(u16, Option<(&'static str, String)>, String),
    /// Breaks the connection off after so many pieces, in the middle of the next one.
    CutAfter(usize),
    /// Ends the stream in good order after so many pieces, without having finished.
    EndsEarly(usize),
    /// Says everything and the reason to finish, then breaks off before the tokens and the closing mark.
    CutAfterFinish(String),
    /// Says in the middle of the stream that it has failed.
    FailsWithin(usize),
    /// Sends bytes that are no text.
    Garbage,
    /// Sends pieces that are no JSON.
    NotJson,
    /// Answers with an object that does not fit the schema.
    WrongSchema,
    /// Stops after so many words, with `length`.
    CutByLength(usize),
    /// Stops with `content_filter`.
    Filtered,
    /// Declines in the field that is meant for it.
    Declines,
    /// Never answers.
    Hangs,
    /// Waits before the first piece.
    SlowFirstToken(Duration),
    /// Says nothing more after so many pieces.
    StallsAfter(usize),
    /// Answers with blanks, and `stop`.
    Blanks,
    /// Waits before every piece.
    Dribbles(Duration),
}

/// Which ways to ask for JSON are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Formats {
    /// All of them.
    #[default]
    All,
    /// `json_object`, but not `json_schema`.
    JsonMode,
    /// None.
    None,
}

impl Formats {
    pub(super) fn take(self, request: Request) -> Result<Request, String> {
        match (&request.response_format, self) {
            (Some(Format::JsonSchema { .. }), Self::JsonMode | Self::None) => {
                Err("This response_format type is unavailable now: json_schema".into())
            }
            (Some(Format::JsonObject), Self::None) => Err("Unsupported parameter: 'response_format'".into()),
            _ => Ok(request),
        }
    }
}
