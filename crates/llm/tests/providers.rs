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
fn every_provider_is_opened_with_its_own_key_and_says_which_one_it_needs() {
    for (name, variable) in [
        ("openai/gpt-5", "OPENAI_API_KEY"),
        ("anthropic/claude-sonnet-5-5", "ANTHROPIC_API_KEY"),
        ("gemini/gemini-2.5-pro", "GEMINI_API_KEY"),
        ("deepseek/deepseek-chat", "DEEPSEEK_API_KEY"),
    ] {
        let none = Providers::new(ProviderEnv::default(), Arc::new(Rehearsal));
        let Err(error) = none.open(name) else { panic!("{name} was opened") };
        assert!(matches!(&error, ModelError::NotConfigured { needs, .. } if needs == variable), "{error:?}");
        assert!(!none.info(name).unwrap().configured);
        let provider = name.split('/').next().unwrap();
        let one = Providers::new(ProviderEnv::default().provider(provider, Some("k-1"), None), Arc::new(Rehearsal));
        assert!(one.open(name).is_ok() && one.info(name).unwrap().configured, "{name}");
        assert_eq!(one.info(name).unwrap().concurrency, 256);
    }
}

#[test]
fn ollama_needs_no_key_costs_nothing_and_answers_two_at_a_time() {
    let none = providers(None, None);
    let info = none.info("ollama/whatever:7b").unwrap();
    assert_eq!((info.configured, info.priced, info.concurrency, info.repeatable), (true, true, 2, false));
    assert_eq!(none.cost("ollama/whatever:7b", &Usage { input_tokens: 1_000, ..Usage::NONE }), Some(0));
    assert!(none.open("ollama/whatever:7b").is_ok());
}

#[test]
fn what_anthropic_may_write_into_its_cache_is_held_back_from_the_budget() {
    let none = providers(None, None);
    let usage = Usage { calls: 1, input_tokens: 1_000, cached_input_tokens: 0, output_tokens: 100, cost: None };
    // 2 $ read, 10 $ written for a million tokens, and a quarter more for what goes into the cache.
    assert_eq!(none.cost("anthropic/claude-sonnet-5-5", &usage), Some(1_000 * 2_500 + 100 * 10_000));
}

#[tokio::test]
async fn whoever_looks_for_ollama_is_told_how_to_start_it() {
    // The port of a listener that is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let env = ProviderEnv::default().provider("ollama", None, Some(&format!("127.0.0.1:{port}")));
    let list = Providers::new(env, Arc::new(Rehearsal)).look().await;
    let ollama = list.iter().find(|row| row.provider == "ollama").unwrap();
    assert!(!ollama.configured && ollama.needs.as_deref().unwrap().contains("ollama serve"), "{ollama:?}");
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
    let expected = [("rehearsal", true), ("openai", false), ("anthropic", false), ("gemini", false), ("deepseek", false), ("ollama", true)];
    assert_eq!(names, expected);
    assert_eq!(list[1].needs.as_deref(), Some("OPENAI_API_KEY"));
    assert_eq!(list[1].example, "openai/gpt-5-mini");
    assert_eq!(list[1].price.map(|price| (price.input, price.output)), Some((250_000_000, 2_000_000_000)));
    assert_eq!(list[5].price, Some(Price::FREE));
    let list = providers(Some("sk-1"), Some("https://api.deepseek.com/v1")).list();
    assert_eq!((list[1].configured, list[1].example.as_str(), &list[1].needs), (true, "openai/deepseek-flash", &None));
}
