//! What can happen between us and a provider: every provider is told every case, in its own bytes.

/// One case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Case {
    /// Prose, streamed in several pieces.
    Prose,
    /// Tokens are reported, some of them from the cache, some of them thoughts.
    Usage,
    /// A JSON object is asked for and comes.
    Schema,
    /// 401, or the provider's way to say it.
    WrongKey,
    /// 429, with how long to wait where the provider says it.
    TooMany,
    /// 500.
    ServerError,
    /// 503, 529: busy.
    Overloaded,
    /// The connection breaks in the middle of the answer.
    Cut,
    /// An error is told in the middle of a stream that began with 200.
    ErrorWithin,
    /// The answer runs into its longest length.
    Length,
    /// An answer of blanks that ends well.
    Blanks,
    /// Signs of life at once, the first word only after longer than the limit between two words.
    SlowFirstToken,
    /// The model or the filter declines.
    Refused,
    /// There is no such model.
    NoSuchModel,
    /// The prompt is longer than the model reads.
    TooLong,
}

impl Case {
    pub(crate) const ALL: [Self; 15] = [
        Self::Prose,
        Self::Usage,
        Self::Schema,
        Self::WrongKey,
        Self::TooMany,
        Self::ServerError,
        Self::Overloaded,
        Self::Cut,
        Self::ErrorWithin,
        Self::Length,
        Self::Blanks,
        Self::SlowFirstToken,
        Self::Refused,
        Self::NoSuchModel,
        Self::TooLong,
    ];
}

/// What is written where prose is asked for.
pub(crate) const PROSE: [&str; 4] = ["It rained on ", "Ánna’s farm — ", "十年来的第一场雨", ". The end."];
/// What is written where JSON is asked for.
pub(crate) const JSON: [&str; 3] = [r#"{"word":"#, r#""雨","#, r#""count":3}"#];
