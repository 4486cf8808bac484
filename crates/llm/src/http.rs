use std::sync::Once;

use studio::ports::ModelError;

use crate::{address::Address, failure, provider::Provider, timeouts::Timeouts};

/// A client for `address`. Nothing is sent yet, and nothing is ever sent twice: whether to try again is the runner's to decide.
pub(crate) fn client(provider: Provider, address: &Address, timeouts: Timeouts) -> Result<reqwest::Client, ModelError> {
    static CRYPTO: Once = Once::new();
    // Fails only where somebody has chosen before us, which is as good.
    CRYPTO.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let mut http = reqwest::Client::builder().connect_timeout(timeouts.connect).tcp_nodelay(true).retry(reqwest::retry::never());
    if address.is_near() {
        http = http.no_proxy();
    }
    http.build().map_err(|e| ModelError::Unavailable {
        provider: provider.name().into(),
        detail: address.redact(&failure::root_of(&e)),
        status: None,
        retry_after: None,
        used: None,
    })
}
