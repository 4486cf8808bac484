use std::fmt;

use reqwest::Url;
use studio::ports::ModelError;

use crate::secret::Secret;

const OFFICIAL: &str = "https://api.openai.com/v1";

/// What the environment says of the providers: keys and addresses. Keys show as `[hidden]` wherever this is printed.
#[derive(Debug, Clone, Default)]
pub struct ProviderEnv {
    openai_key: Option<Secret>,
    /// May hold a password, so it is not printed either.
    openai_base_url: Option<Secret>,
}

impl ProviderEnv {
    /// Reads `OPENAI_API_KEY` and `OPENAI_BASE_URL`. What is empty counts as absent.
    pub fn from_env() -> Self {
        let read = |name: &str| std::env::var(name).ok();
        Self::default().openai(read("OPENAI_API_KEY").as_deref(), read("OPENAI_BASE_URL").as_deref())
    }

    /// This, with a key and a base URL for the provider `openai`.
    #[must_use]
    pub fn openai(mut self, key: Option<&str>, base_url: Option<&str>) -> Self {
        let said = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(Secret::new);
        self.openai_key = said(key);
        self.openai_base_url = said(base_url);
        self
    }

    /// The address of the provider `openai`, or what is still needed for it.
    pub(crate) fn openai_address(&self) -> Result<Address, ModelError> {
        let needs = |needs: &str| ModelError::NotConfigured { provider: "openai".into(), needs: needs.into() };
        let base = self.openai_base_url.as_ref().map_or(OFFICIAL, Secret::reveal);
        let url = Url::parse(base)
            .ok()
            .filter(|url| url.has_host() && matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| needs("OPENAI_BASE_URL to an address such as http://127.0.0.1:8080/v1"))?;
        if let Some(key) = &self.openai_key
            && !key.reveal().bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(needs("OPENAI_API_KEY to the key alone, without spaces or line breaks"));
        }
        let address = Address { url, key: self.openai_key.clone() };
        if address.key.is_none() && !address.is_near() {
            return Err(needs("OPENAI_API_KEY"));
        }
        Ok(address)
    }
}

/// Where a provider is reached, and with what.
#[derive(Clone)]
pub(crate) struct Address {
    url: Url,
    key: Option<Secret>,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.host()).finish()
    }
}

impl Address {
    /// Where chat completions are asked for.
    pub(crate) fn completions(&self) -> String {
        let mut url = self.url.clone();
        let path = format!("{}/chat/completions", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.into()
    }

    pub(crate) fn key(&self) -> Option<&Secret> {
        self.key.as_ref()
    }

    /// Whether this is OpenAI itself.
    pub(crate) fn is_official(&self) -> bool {
        self.host() == "api.openai.com"
    }

    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether this is the machine that we run on.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.host().trim_matches(['[', ']']);
        host == "localhost" || host.ends_with(".localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Whether this is our own machine or one beside it: slow to start, and often without a key.
    pub(crate) fn is_near(&self) -> bool {
        let host = self.host().trim_matches(['[', ']']);
        let private = match host.parse() {
            Ok(std::net::IpAddr::V4(ip)) => ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
            Ok(std::net::IpAddr::V6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local(),
            Err(_) => host.ends_with(".local") || host.ends_with(".internal") || !host.contains('.'),
        };
        private || self.is_loopback()
    }

    /// `text` without anything that must not be read by others.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        if let Some(key) = &self.key {
            text = key.hide_in(&text);
        }
        if let Some(password) = self.url.password() {
            text = Secret::new(password).hide_in(&text);
        }
        for (_, value) in self.url.query_pairs().filter(|(_, value)| value.len() > 3) {
            text = Secret::new(&value).hide_in(&text);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(key: Option<&str>, base: Option<&str>) -> Result<Address, String> {
        ProviderEnv::default().openai(key, base).openai_address().map_err(|e| match e {
            ModelError::NotConfigured { needs, .. } => needs,
            other => other.to_string(),
        })
    }

    #[test]
    fn a_key_alone_reaches_the_official_service() {
        let address = address(Some(" sk-1\n"), None).unwrap();
        assert_eq!(address.completions(), "https://api.openai.com/v1/chat/completions");
        assert_eq!(address.key().map(Secret::reveal), Some("sk-1"));
        assert!(!address.is_near());
    }

    #[test]
    fn a_machine_beside_us_needs_no_key_and_a_distant_one_does() {
        for near in ["http://localhost:11434/v1/", "http://127.0.0.1:8080", "http://[::1]:1/v1", "http://192.168.1.7/v1", "http://gpu/v1"] {
            assert!(address(None, Some(near)).unwrap().is_near(), "{near}");
        }
        assert!(address(None, Some("http://localhost:11434/v1/")).unwrap().completions().ends_with(":11434/v1/chat/completions"));
        assert_eq!(address(None, Some("https://api.deepseek.com/v1")).unwrap_err(), "OPENAI_API_KEY");
        assert_eq!(address(None, None).unwrap_err(), "OPENAI_API_KEY");
    }

    #[test]
    fn what_cannot_be_a_key_or_an_address_is_said_before_anything_is_sent() {
        assert!(address(Some("sk 1"), None).unwrap_err().contains("without spaces"));
        assert!(address(Some("sk-1"), Some("localhost:8080")).unwrap_err().contains("OPENAI_BASE_URL"));
    }

    #[test]
    fn nothing_secret_is_printed() {
        let env = ProviderEnv::default().openai(Some("sk-very-secret"), Some("https://me:pass-word@proxy.example/v1?token=t0k3n"));
        let printed = format!("{env:?}");
        assert!(!printed.contains("secret") && !printed.contains("pass-word"), "{printed}");
        let address = env.openai_address().unwrap();
        let said = address.redact("sk-very-secret at https://me:pass-word@proxy.example/v1?token=t0k3n");
        assert!(!said.contains("secret") && !said.contains("pass-word") && !said.contains("t0k3n"), "{said}");
    }
}
