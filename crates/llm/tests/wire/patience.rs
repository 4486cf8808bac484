//! A slow model is waited for: its first token comes after more than two minutes, then eight tokens a second.

use std::{sync::Arc, time::Duration};

use llm::{Providers, Timeouts};
use studio::ports::{Finish, Models};

use crate::{
    Nobody,
    case::Case,
    fakes::{self, Fake},
    prose,
    server::{Act, Response, Server},
};

#[test]
fn no_limit_is_shorter_than_a_slow_model_needs() {
    for timeouts in [Timeouts::DISTANT, Timeouts::NEAR] {
        assert!(timeouts.first_token >= Duration::from_secs(300) && timeouts.between_tokens >= Duration::from_secs(60), "{timeouts:?}");
        assert!(timeouts.without_a_token >= timeouts.first_token);
    }
}

/// A fake whose first word comes after 121 s, and the others eight a second, for two minutes.
struct Slow(&'static dyn Fake);

impl Slow {
    const WORDS: usize = 960;
}

macro_rules! as_the_other {
    ($($name:ident($($arg:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(fn $name(&self $(, $arg: $kind)*) -> $answer { self.0.$name($($arg),*) })*
    };
}

impl Fake for Slow {
    as_the_other! {
        model() -> &'static str;
        env(base: &str) -> llm::ProviderEnv;
        check(request: &crate::server::Request) -> Result<(), Response>;
        usage() -> studio::ports::Usage;
        asks_for_json(body: &serde_json::Value) -> bool;
        bad_requests() -> Vec<(&'static str, crate::fakes::Spoilt)>;
    }

    /// The provider's own prose, with its second piece of text said over and over.
    fn tell(&self, case: Case, request: &crate::server::Request) -> Response {
        let mut response = self.0.tell(case, request);
        let word = |act: &Act| matches!(act, Act::Send(bytes) if String::from_utf8_lossy(bytes).contains("nna"));
        let Some(at) = response.acts.iter().position(word) else { return response };
        let at = at - at % 2;
        let pair: Vec<Act> = response.acts[at..at + 2].to_vec();
        let again = (0..Self::WORDS).flat_map(|_| [Act::Wait(Duration::from_millis(125)), pair[0].clone(), pair[1].clone()]);
        let rest = response.acts.split_off(at);
        response.acts.extend(again.collect::<Vec<_>>());
        response.acts.extend(rest);
        // The words that come before stay at the front of the stream, and the model thinks before the first of them.
        let first = response
            .acts
            .iter()
            .position(|act| matches!(act, Act::Send(bytes) if String::from_utf8_lossy(bytes).contains("It rained")))
            .unwrap_or(0);
        response.acts.insert(first - first % 2, Act::Wait(Duration::from_secs(121)));
        response
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_that_begins_after_two_minutes_and_writes_eight_tokens_a_second_is_heard_to_the_end() {
    static SLOW: [Slow; 5] = [
        Slow(&crate::openai::OpenAi),
        Slow(&crate::anthropic::Anthropic),
        Slow(&crate::gemini::Gemini),
        Slow(&crate::deepseek::DeepSeek),
        Slow(&crate::ollama::Ollama),
    ];
    assert_eq!(SLOW.len(), fakes::ALL.len());
    for fake in &SLOW {
        let server = Server::telling(fake, Case::Prose).await;
        let env = fake.env(&format!("http://{}", server.address));
        // The limits of the cloud, although the address is near.
        let providers = Providers::new(env, Arc::new(Nobody)).with_timeouts(Timeouts::DISTANT);
        let begun = tokio::time::Instant::now();
        let reply = providers.open(fake.model()).unwrap().ask(&prose(), &mut |_| {}).await;
        let reply = reply.unwrap_or_else(|e| panic!("{}: {e:?}", fake.model()));
        assert_eq!(reply.finish, Finish::Stop, "{}", fake.model());
        assert!(reply.text.matches("farm").count() > Slow::WORDS, "{}", fake.model());
        assert!(begun.elapsed() >= Duration::from_secs(121 + 120), "{}: {:?}", fake.model(), begun.elapsed());
    }
}
