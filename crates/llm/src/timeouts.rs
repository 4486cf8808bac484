use std::time::Duration;

use crate::address::Address;

/// How long to wait for a service. There is no limit on the whole answer.
///
/// A model that thinks before it writes says nothing for minutes, and services differ in what they send meanwhile: nothing, comments, or
/// `ping`. So the first token may take five minutes in the cloud and fifteen where a model may have to be loaded first, and any sign of
/// life begins the wait anew. A wrong guess upwards costs some minutes of waiting; a wrong guess downwards makes a slow model useless,
/// since each retry thinks from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until it takes the connection.
    pub connect: Duration,
    /// From the question, or the last sign of life, until the first token: a thought or a word.
    pub first_token: Duration,
    /// From one token or sign of life to the next.
    pub between_tokens: Duration,
    /// How long signs of life are believed without a token between them.
    pub without_a_token: Duration,
}

impl Timeouts {
    /// For services on the net.
    pub const DISTANT: Self = Self {
        connect: Duration::from_secs(10),
        first_token: Duration::from_secs(300),
        between_tokens: Duration::from_secs(60),
        without_a_token: Duration::from_secs(1_800),
    };

    /// For our own machine and those beside it, and for addresses that somebody has set: nobody knows what answers there, or what it has
    /// to load.
    pub const NEAR: Self = Self { first_token: Duration::from_secs(900), ..Self::DISTANT };

    pub(crate) fn of(address: &Address) -> Self {
        if address.is_near() || address.chosen { Self::NEAR } else { Self::DISTANT }
    }
}
