use std::fmt;

use reqwest::Url;

use crate::secret::Secret;

/// Where a provider is reached, and with what.
#[derive(Clone)]
pub(crate) struct Address {
    url: Url,
    key: Option<Secret>,
    /// Whether somebody has set it, instead of the provider's own.
    pub(crate) chosen: bool,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.host()).finish()
    }
}

impl Address {
    /// Reads an address; none where it cannot be one.
    pub(crate) fn read(url: &str, key: Option<Secret>, chosen: bool) -> Option<Self> {
        let url = Url::parse(url).ok().filter(|url| url.has_host() && matches!(url.scheme(), "http" | "https"))?;
        Some(Self { url, key, chosen })
    }

    /// Reads `OLLAMA_HOST` as Ollama itself does: a scheme and a port may be missing, and whatever it listens on, it is asked on loopback.
    pub(crate) fn read_ollama(host: &str, chosen: bool) -> Option<Self> {
        let (scheme, rest) = host.split_once("://").unwrap_or(("http", host));
        let rest = rest.trim_end_matches('/');
        let rest = if rest.starts_with(':') { format!("127.0.0.1{rest}") } else { rest.to_owned() };
        let mut address = Self::read(&format!("{scheme}://{rest}"), None, chosen)?;
        if address.url.port().is_none() && !host.contains("://") {
            address.url.set_port(Some(11434)).ok()?;
        }
        if matches!(address.host(), "0.0.0.0" | "[::]") {
            address.url.set_host(Some("127.0.0.1")).ok()?;
        }
        Some(address)
    }

    /// The address with `path` behind it.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        let path = format!("{}/{path}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }

    /// The address with `path` behind it, and `version` between them where the address names no version of its own.
    pub(crate) fn at_version(&self, version: &str, path: &str) -> Url {
        if self.url.path().trim_matches('/').is_empty() { self.at(&format!("{version}/{path}")) } else { self.at(path) }
    }

    pub(crate) fn key(&self) -> Option<&Secret> {
        self.key.as_ref()
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

    #[test]
    fn a_version_is_put_between_only_where_the_address_names_none() {
        let at = |url: &str| Address::read(url, None, true).unwrap().at_version("v1", "messages").to_string();
        assert_eq!(at("https://api.anthropic.com"), "https://api.anthropic.com/v1/messages");
        assert_eq!(at("https://api.anthropic.com/"), "https://api.anthropic.com/v1/messages");
        assert_eq!(at("https://api.anthropic.com/v1"), "https://api.anthropic.com/v1/messages");
        assert_eq!(at("https://proxy.example/anthropic/v1/?team=7"), "https://proxy.example/anthropic/v1/messages?team=7");
    }

    #[test]
    fn the_address_of_ollama_is_read_as_ollama_reads_it() {
        let chat = |host: &str| Address::read_ollama(host, true).unwrap().at("api/chat").to_string();
        assert_eq!(chat("127.0.0.1"), "http://127.0.0.1:11434/api/chat");
        assert_eq!(chat("0.0.0.0:8080"), "http://127.0.0.1:8080/api/chat");
        assert_eq!(chat(":8080"), "http://127.0.0.1:8080/api/chat");
        assert_eq!(chat("http://gpu:11434/"), "http://gpu:11434/api/chat");
        assert_eq!(chat("https://gpu.example"), "https://gpu.example/api/chat");
        assert!(Address::read_ollama("ftp://x", true).is_none());
    }
}
