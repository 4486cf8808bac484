//! Which models can be named, and what each needs.

use std::sync::Arc;

use async_trait::async_trait;
use llm::{ProviderEnv, Providers, prices::Price};
use story::tasks::Call;
use studio::ports::{Finish, Model, ModelError, Models, Reply, Usage};

struct Rehearsal;

#[async_trait]
impl Model for Rehearsal {
    async fn ask(&self, _: &Call, _: &mut (dyn for<'t> FnMut(&'t str) + Send)) -> Result<Reply, ModelError> {
        Ok(Reply { text: "A rehearsal.".into(), finish: Finish::Stop, usage: Usage::NONE })
    }
}

fn providers(key: Option<&str>, base_url: Option<&str>) -> Providers {
    Providers::new(ProviderEnv::default().openai(key, base_url), Arc::new(Rehearsal))
}

#[test]
fn rehearsal_is_always_there_free_and_repeatable() {
    let providers = providers(None, None);
    let info = providers.info("rehearsal").unwrap();
    assert!(info.configured && info.priced && info.repeatable);
    assert!(providers.open("rehearsal").is_ok());
}

#[test]
fn a_model_without_a_key_is_known_but_cannot_be_opened() {
    let providers = providers(None, None);
    let info = providers.info("openai/gpt-4o-mini").unwrap();
    assert_eq!((info.window, info.priced, info.configured, info.repeatable), (128_000, true, false, false));
    let Err(ModelError::NotConfigured { needs, .. }) = providers.open("openai/gpt-4o-mini") else { panic!("it was opened") };
    assert_eq!(needs, "OPENAI_API_KEY");
}

#[test]
fn a_model_of_our_own_machine_needs_no_key_and_costs_nothing() {
    let providers = providers(None, Some("http://127.0.0.1:11434/v1"));
    let info = providers.info("openai/qwen3:8b").unwrap();
    assert_eq!((info.window, info.priced, info.configured), (32_000, true, true));
    assert!(providers.open("openai/qwen3:8b").is_ok());
    assert!(!providers.info("openai/gpt-9").is_ok_and(|info| info.repeatable));
}

#[test]
fn a_model_without_a_known_price_says_so() {
    assert!(!providers(Some("sk-1"), None).info("openai/gpt-9").unwrap().priced);
}

#[test]
fn a_provider_that_comes_later_says_how_to_reach_it_today() {
    for (name, address) in [
        ("deepseek/deepseek-flash", "https://api.deepseek.com/v1"),
        ("ollama/qwen3", "http://127.0.0.1:11434/v1"),
        ("anthropic/claude-sonnet-5-5", "https://api.anthropic.com/v1"),
        ("gemini/gemini-2.5-pro", "https://generativelanguage.googleapis.com/v1beta/openai"),
    ] {
        let Err(error) = providers(Some("sk-1"), None).open(name) else { panic!("{name} was opened") };
        let hint = error.hint();
        assert!(matches!(error, ModelError::NotConfigured { .. }), "{error:?}");
        let model = name.split_once('/').unwrap().1;
        assert!(hint.contains(address) && hint.contains(&format!("openai/{model}")) && hint.contains("later version"), "{hint}");
    }
}

#[test]
fn a_name_that_is_none_is_an_error() {
    let providers = providers(Some("sk-1"), None);
    for name in ["gpt-5", "", "openal/gpt-5", "/gpt-5", "rehearsal/x"] {
        assert!(matches!(providers.info(name), Err(ModelError::UnknownProvider { .. })), "{name}");
    }
    assert!(matches!(providers.info("openai/"), Err(ModelError::UnknownModel { .. })));
}

#[test]
fn the_list_says_what_is_in_reach_and_what_is_missing() {
    let list = providers(None, None).list();
    let names: Vec<_> = list.iter().map(|p| (p.provider.as_str(), p.configured)).collect();
    let expected =
        [("rehearsal", true), ("openai", false), ("anthropic", false), ("gemini", false), ("deepseek", false), ("ollama", false)];
    assert_eq!(names, expected);
    assert_eq!(list[1].needs.as_deref(), Some("OPENAI_API_KEY"));
    assert_eq!(list[1].example, "openai/gpt-5-mini");
    assert_eq!(list[1].price.map(|price| (price.input, price.output)), Some((250_000_000, 2_000_000_000)));
    assert_eq!(list[5].price, Some(Price::FREE));
    let list = providers(Some("sk-1"), Some("https://api.deepseek.com/v1")).list();
    assert_eq!((list[1].configured, list[1].example.as_str(), &list[1].needs), (true, "openai/deepseek-flash", &None));
}
