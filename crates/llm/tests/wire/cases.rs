//! The one table: what each case must come to, whoever tells it.

use std::collections::BTreeMap;

use serde_json::Value;
use studio::ports::{Fault, Finish, ModelError, Models};

use crate::{
    Told,
    case::{Case, JSON, PROSE},
    fakes::{self, Fake, KEY},
    object, prose,
};

#[tokio::test]
async fn every_provider_is_told_every_case() {
    let mut told: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for fake in fakes::ALL {
        let desk = Told::by(fake, Case::Prose).await;
        for case in Case::ALL {
            desk.server.tell_now(case);
            hear(fake, case, &desk).await;
            told.entry(fake.model()).or_default().push(case);
        }
    }
    assert_eq!(told.len(), 5, "OpenAI, Anthropic, Gemini, DeepSeek, Ollama");
    for (model, cases) in told {
        assert_eq!(cases, Case::ALL, "{model} was not told every case");
        println!("{model}: {} cases", cases.len());
    }
}

async fn hear(fake: &'static dyn Fake, case: Case, told: &Told) {
    let of = format!("{} tells {case:?}", fake.model());
    let call = if case == Case::Schema { object() } else { prose() };
    let mut streamed = Vec::new();
    let model = told.providers.open(told.model).unwrap();
    let answer = model.ask(&call, &mut |text| streamed.push(text.to_owned())).await;
    match case {
        Case::Prose | Case::SlowFirstToken => {
            let reply = answer.unwrap_or_else(|e| panic!("{of}: {e:?}"));
            assert_eq!((reply.text.as_str(), reply.finish), (PROSE.concat().as_str(), Finish::Stop), "{of}");
            assert!(streamed.concat() == reply.text && streamed.len() >= 3, "{of}: {streamed:?}");
        }
        Case::Usage => assert_eq!(answer.unwrap_or_else(|e| panic!("{of}: {e:?}")).usage, fake.usage(), "{of}"),
        Case::Schema => {
            let reply = answer.unwrap_or_else(|e| panic!("{of}: {e:?}"));
            assert_eq!(reply.text, JSON.concat(), "{of}");
            let asked: Vec<Value> = told.server.requests().into_iter().map(|request| request.body).collect();
            assert!(fake.asks_for_json(asked.last().unwrap()), "{of}: {asked:?}");
        }
        Case::Length => assert_eq!(answer.unwrap_or_else(|e| panic!("{of}: {e:?}")).finish, Finish::Length, "{of}"),
        Case::Blanks => {
            let reply = answer.unwrap_or_else(|e| panic!("{of}: {e:?}"));
            assert!(reply.text.trim().is_empty() && reply.finish == Finish::Stop, "{of}");
            assert!(reply.usage.output_tokens > 0, "{of}: blanks are paid for");
        }
        Case::Refused => assert_eq!(answer.unwrap_or_else(|e| panic!("{of}: {e:?}")).finish, fake.refusal(), "{of}"),
        _ => refused(fake, case, &of, &answer.expect_err(&of), &streamed.concat()),
    }
    let asked = told.server.requests().iter().filter(|request| !request.path.starts_with("/api/show")).count();
    assert_eq!(asked, 1, "{of}: nothing is asked twice behind the desk's back");
}

fn refused(fake: &dyn Fake, case: Case, of: &str, error: &ModelError, streamed: &str) {
    let said = format!("{error:?} {error} {}", error.hint());
    assert!(!said.contains(KEY) && !said.contains("127.0.0.1"), "{of}: {said}");
    match (case, error) {
        (Case::WrongKey, ModelError::KeyRefused { .. }) => {}
        (Case::TooMany, ModelError::RateLimited { retry_after, .. }) => assert_eq!(*retry_after, fake.wait(), "{of}"),
        (Case::ServerError, ModelError::Unavailable { status: Some(500), .. }) => {}
        (Case::Overloaded, ModelError::Unavailable { status, .. }) => assert_eq!(*status, Some(fake.overloaded()), "{of}"),
        (Case::Cut, ModelError::Unavailable { detail, used, .. }) => {
            let characters = streamed.chars().count();
            assert!(characters > 0 && detail.contains(&format!("broke off after {characters} characters")), "{of}: {detail}");
            assert_eq!(used.map(|used| (used.input_tokens, used.output_tokens)), fake.used_when_cut(), "{of}");
        }
        (Case::ErrorWithin, ModelError::Unavailable { .. }) => assert_eq!(streamed, PROSE[0], "{of}"),
        (Case::NoSuchModel, ModelError::UnknownModel { model, .. }) => {
            assert!(fake.model().ends_with(model.as_str()), "{of}: {model}");
            if fake.model().starts_with("ollama/") {
                assert!(error.hint().contains("ollama pull qwen3:8b"), "{of}: {}", error.hint());
            }
        }
        (Case::TooLong, ModelError::PromptTooLong { .. }) => {}
        _ => panic!("{of}: {error:?}"),
    }
    let fault = match case {
        Case::TooMany | Case::ServerError | Case::Overloaded | Case::Cut | Case::ErrorWithin => Fault::Provider,
        _ => Fault::Lasting,
    };
    assert_eq!(error.fault(), fault, "{of}");
}

#[tokio::test]
async fn a_fake_refuses_what_its_provider_would_refuse() {
    for fake in fakes::ALL {
        for case in [Case::Prose, Case::Schema] {
            let call = if case == Case::Schema { object() } else { prose() };
            let told = Told::by(fake, case).await;
            told.ask(&call).await.unwrap();
            let good = told.server.requests().pop().unwrap();
            fake.check(&good).unwrap_or_else(|_| panic!("{} refuses what it has just taken", fake.model()));
            for (what, spoil) in fake.bad_requests() {
                let mut bad = good.clone();
                spoil(&mut bad.body);
                assert!(fake.check(&bad).is_err(), "{} takes {what}", fake.model());
            }
        }
    }
}

#[tokio::test]
async fn no_key_is_in_any_log_whatever_a_provider_says_aloud() {
    let diary = crate::support::Diary::default();
    let _open = tracing::subscriber::set_default(diary.clone());
    for fake in fakes::ALL {
        let told = Told::by(fake, Case::WrongKey).await;
        for case in [Case::WrongKey, Case::TooMany, Case::Cut, Case::ErrorWithin, Case::Prose] {
            told.server.tell_now(case);
            drop(told.ask(&prose()).await);
        }
    }
    tracing::info!("and nothing more");
    let written = diary.written();
    assert!(written.contains("and nothing more") && !written.contains(KEY), "{written}");
}

#[tokio::test]
async fn what_the_calls_of_a_chapter_share_is_marked_for_a_cache_that_must_be_told() {
    let told = Told::by(&crate::anthropic::Anthropic, Case::Prose).await;
    told.ask(&prose()).await.unwrap();
    let messages = told.server.requests()[0].body["messages"].clone();
    assert_eq!(messages[0]["content"][0]["text"], "A farm in a drought.\n\nIt is dry.");
    assert_eq!(messages[0]["content"][0]["cache_control"]["type"], "ephemeral");
    assert_eq!(messages[1]["content"], "Write.");
}

#[tokio::test]
async fn ollama_is_given_room_and_another_seed_when_the_same_is_asked_again() {
    let told = Told::by(&crate::ollama::Ollama, Case::Prose).await;
    let seeds = async || {
        told.ask(&prose()).await.unwrap();
        told.server.requests().pop().unwrap().body["options"]["seed"].clone()
    };
    assert_eq!((seeds().await, seeds().await), (7.into(), 8.into()));
    let shown = told.server.requests().iter().filter(|request| request.path == "/api/show").count();
    assert_eq!(shown, 1, "the limit is asked for once");
    let mut long = prose();
    long.max_tokens = 20_000;
    told.ask(&long).await.unwrap();
    let rooms: Vec<u64> = told.server.requests().iter().filter_map(|request| request.body["options"]["num_ctx"].as_u64()).collect();
    assert_eq!(rooms, [16_384, 16_384, 32_768]);
}

#[tokio::test]
async fn a_prompt_that_ollama_has_cut_in_silence_is_an_error_with_a_hint() {
    let told = Told::by(&crate::ollama::Ollama, Case::Prose).await;
    let mut call = prose();
    call.prompt.user[0].text = "It has not rained for ten years. ".repeat(200);
    // It says that it has read 26 tokens.
    let error = told.ask(&call).await.unwrap_err();
    assert!(matches!(error, ModelError::PromptCut { read: 26, .. }), "{error:?}");
    assert!(error.hint().contains("OLLAMA_CONTEXT_LENGTH") && error.fault() == Fault::Lasting);
}

#[tokio::test]
async fn nobody_at_home_is_said_with_what_to_do() {
    for fake in fakes::ALL {
        let mut told = Told::by(fake, Case::Prose).await;
        let address = told.server.address;
        told.server = crate::server::Server::telling(fake, Case::Prose).await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let error = told.ask(&prose()).await.expect_err(fake.model());
        assert!(matches!(&error, ModelError::Unavailable { status: None, .. }), "{}: {error:?}", fake.model());
        assert!(!error.to_string().contains(&address.to_string()));
        assert_eq!(error.hint().contains("ollama serve"), fake.model().starts_with("ollama/"));
    }
}

#[tokio::test]
async fn whoever_looks_is_shown_what_ollama_has() {
    let told = Told::by(&crate::ollama::Ollama, Case::Prose).await;
    let list = told.providers.look().await;
    let ollama = list.iter().find(|row| row.provider == "ollama").unwrap();
    assert_eq!((ollama.configured, &ollama.at_hand[..]), (true, &["ollama/qwen3:8b".to_owned()][..]));
    assert_eq!(ollama.example, "ollama/qwen3:8b");
}

#[tokio::test]
async fn the_window_of_a_model_in_ollama_is_known_once_it_was_asked_for() {
    let told = Told::by(&crate::ollama::Ollama, Case::Prose).await;
    assert_eq!(told.providers.info(told.model).unwrap().window, 32_000, "an assumption");
    assert_eq!(told.providers.window(told.model).await, Some(40_960));
    assert_eq!(told.providers.info(told.model).unwrap().window, 40_960);
}

#[tokio::test]
async fn the_schema_of_every_task_is_taken_by_every_provider_at_once() {
    use story::tasks::{CritiqueChapter, ExtractFacts, OutlineChapters, PlanBeats, schema_of};
    let schemas = [
        ("outline", schema_of::<OutlineChapters>()),
        ("beats", schema_of::<PlanBeats>()),
        ("extract", schema_of::<ExtractFacts>()),
        ("critique", schema_of::<CritiqueChapter>()),
    ];
    for fake in fakes::ALL {
        let told = Told::by(fake, Case::Schema).await;
        for (task, schema) in &schemas {
            told.server.tell_now(Case::Schema);
            let wanted = story::tasks::Wanted::Json { schema: schema.clone(), check: |_| Ok(()) };
            told.ask(&story::tasks::Call { task, wanted, ..prose() }).await.unwrap_or_else(|e| panic!("{}, {task}: {e:?}", fake.model()));
            let asked = told.server.requests().into_iter().filter(|request| request.path != "/api/show").count();
            assert_eq!(asked, 1, "{}, {task}: the surest way was refused", fake.model());
        }
    }
}
