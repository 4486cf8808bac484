use std::time::Duration;

/// How long to wait for a service. There is no limit on the whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until it takes the connection.
    pub connect: Duration,
    /// From the question until the first token, a thought or a word.
    pub first_token: Duration,
    /// From one token to the next.
    pub between_tokens: Duration,
}

impl Timeouts {
    /// For services on the net.
    pub const DISTANT: Self =
        Self { connect: Duration::from_secs(10), first_token: Duration::from_secs(120), between_tokens: Duration::from_secs(60) };

    /// For our own machine and those beside it, which may have to load the model first.
    pub const NEAR: Self = Self { first_token: Duration::from_secs(900), ..Self::DISTANT };
}
