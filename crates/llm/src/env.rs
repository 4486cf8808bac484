use std::collections::BTreeMap;

use studio::ports::ModelError;

use crate::{address::Address, provider::Provider, secret::Secret};

/// What the environment says of the providers: keys and addresses. Both show as `[hidden]` wherever this is printed.
#[derive(Debug, Clone, Default)]
pub struct ProviderEnv(BTreeMap<Provider, Said>);

#[derive(Debug, Clone, Default)]
struct Said {
    key: Option<Secret>,
    /// May hold a password, so it is not printed either.
    address: Option<Secret>,
}

impl ProviderEnv {
    /// Reads `OPENAI_API_KEY`, `OPENAI_BASE_URL` and their like for every provider, and `OLLAMA_HOST`. What is empty counts as absent.
    pub fn from_env() -> Self {
        let read = |name: &str| std::env::var(name).ok();
        Provider::ALL.into_iter().fold(Self::default(), |env, provider| {
            let key = provider.key_variable().and_then(read);
            env.of(provider, key.as_deref(), read(provider.address_variable()).as_deref())
        })
    }

    /// This, with a key and a base URL for the provider `openai`.
    #[must_use]
    pub fn openai(self, key: Option<&str>, base_url: Option<&str>) -> Self {
        self.of(Provider::OpenAi, key, base_url)
    }

    /// This, with a key and a base URL for the provider of this name; for `ollama`, what `OLLAMA_HOST` would hold. A name that
    /// there is not changes nothing.
    #[must_use]
    pub fn provider(self, name: &str, key: Option<&str>, address: Option<&str>) -> Self {
        match Provider::named(name) {
            Some(provider) => self.of(provider, key, address),
            None => self,
        }
    }

    fn of(mut self, provider: Provider, key: Option<&str>, address: Option<&str>) -> Self {
        let said = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(Secret::new);
        self.0.insert(provider, Said { key: said(key), address: said(address) });
        self
    }

    /// Where `provider` is, or what is still needed for it.
    pub(crate) fn address(&self, provider: Provider) -> Result<Address, ModelError> {
        let needs = |needs: String| ModelError::NotConfigured { provider: provider.name().into(), needs };
        let nothing = Said::default();
        let said = self.0.get(&provider).unwrap_or(&nothing);
        let chosen = said.address.is_some();
        let url = said.address.as_ref().map_or(provider.official(), Secret::reveal);
        let variable = provider.address_variable();
        let Some(key_variable) = provider.key_variable() else {
            return Address::read_ollama(url, chosen).ok_or_else(|| needs(format!("{variable} to an address such as 127.0.0.1:11434")));
        };
        if let Some(key) = &said.key
            && !key.reveal().bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(needs(format!("{key_variable} to the key alone, without spaces or line breaks")));
        }
        let address = Address::read(url, said.key.clone(), chosen)
            .ok_or_else(|| needs(format!("{variable} to an address such as http://127.0.0.1:8080/v1")))?;
        if address.key().is_none() && !address.is_near() {
            return Err(needs(key_variable.into()));
        }
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(key: Option<&str>, base: Option<&str>) -> Result<Address, String> {
        ProviderEnv::default().openai(key, base).address(Provider::OpenAi).map_err(|e| match e {
            ModelError::NotConfigured { needs, .. } => needs,
            other => other.to_string(),
        })
    }

    fn completions(address: &Address) -> String {
        address.at("chat/completions").to_string()
    }

    #[test]
    fn a_key_alone_reaches_the_official_service() {
        let address = address(Some(" sk-1\n"), None).unwrap();
        assert_eq!(completions(&address), "https://api.openai.com/v1/chat/completions");
        assert_eq!(address.key().map(Secret::reveal), Some("sk-1"));
        assert!(!address.is_near());
    }

    #[test]
    fn a_machine_beside_us_needs_no_key_and_a_distant_one_does() {
        for near in ["http://localhost:11434/v1/", "http://127.0.0.1:8080", "http://[::1]:1/v1", "http://192.168.1.7/v1", "http://gpu/v1"] {
            assert!(address(None, Some(near)).unwrap().is_near(), "{near}");
        }
        assert!(completions(&address(None, Some("http://localhost:11434/v1/")).unwrap()).ends_with(":11434/v1/chat/completions"));
        assert_eq!(address(None, Some("https://api.deepseek.com/v1")).unwrap_err(), "OPENAI_API_KEY");
        assert_eq!(address(None, None).unwrap_err(), "OPENAI_API_KEY");
    }

    #[test]
    fn every_provider_has_its_own_key_and_ollama_needs_none() {
        let env = ProviderEnv::default();
        for provider in Provider::ALL {
            match (provider.key_variable(), env.address(provider)) {
                (Some(variable), Err(ModelError::NotConfigured { needs, .. })) => assert_eq!(needs, variable),
                (None, Ok(address)) => assert!(address.is_loopback() && !address.chosen),
                (_, other) => panic!("{provider:?}: {other:?}"),
            }
            let env = ProviderEnv::default().provider(provider.name(), Some("k-1"), None);
            assert!(env.address(provider).is_ok_and(|address| !address.chosen), "{provider:?}");
        }
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
        let address = env.address(Provider::OpenAi).unwrap();
        let said = address.redact("sk-very-secret at https://me:pass-word@proxy.example/v1?token=t0k3n");
        assert!(!said.contains("secret") && !said.contains("pass-word") && !said.contains("t0k3n"), "{said}");
    }
}
