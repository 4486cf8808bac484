//! Every way in which a service can answer or fail to, and what the desk is told.

mod support;

use std::time::{Duration, Instant};

use llm::adversary::{Adversary, Behaviour, Formats};
use studio::ports::{Fault, Finish, ModelError, Usage};
use support::{Desk, KEY, outline, prose};

#[tokio::test]
async fn prose_is_streamed_as_it_comes_and_counted() {
    let desk = Desk::before(Adversary::new().with_key(KEY).with_words(120)).await;
    let mut streamed = String::new();
    let mut pieces = 0;
    let mut listen = |text: &str| {
        streamed.push_str(text);
        pieces += 1;
    };
    let reply = desk.ask_streaming(&prose("Write."), &mut listen).await.unwrap();
    assert_eq!(reply.finish, Finish::Stop);
    assert_eq!(reply.text, streamed);
    assert!(reply.text.split_whitespace().count() >= 120);
    assert!(pieces > 10, "{pieces} pieces");
    assert!(reply.usage.output_tokens > 0 && reply.usage.cost.is_some_and(|cost| cost > 0));
    let body = &desk.adversary().requests()[0].body;
    assert_eq!(body["stream_options"]["include_usage"], true);
    assert!(body.get("response_format").is_none(), "prose never travels inside JSON");
    assert_eq!(body["messages"][0]["role"], "system");
}

#[tokio::test]
async fn usage_is_what_the_service_says_and_has_its_exact_price() {
    let desk = Desk::scripted([Behaviour::Uses("Rain.".into(), [10_000, 4_000, 500])]).await;
    let reply = desk.ask(&prose("Write.")).await.unwrap();
    // gpt-4o-mini: 0.15 $ fresh, 0.075 $ cached, 0.60 $ written, each for a million tokens.
    let cost = 6_000 * 150 + 4_000 * 75 + 500 * 600;
    let usage = Usage { calls: 1, input_tokens: 10_000, cached_input_tokens: 4_000, output_tokens: 500, cost: Some(cost) };
    assert_eq!(reply.usage, usage);
}

#[tokio::test]
async fn an_unknown_price_is_unknown_and_missing_usage_is_estimated_without_a_price() {
    let desk = Desk::scripted([Behaviour::SaysWithoutUsage("It rained all day.".into())]).await;
    let reply = desk.ask(&prose("Write.")).await.unwrap();
    assert!(reply.usage.input_tokens > 0 && reply.usage.output_tokens > 0);
    assert_eq!(reply.usage.cost, None);
    // A stranger on our own machine costs nothing.
    let reply = desk.ask_model("openai/home-made", &prose("Write.")).await.unwrap();
    assert_eq!(reply.usage.cost, Some(0));
}

#[tokio::test]
async fn a_request_to_slow_down_says_for_how_long() {
    let desk = Desk::scripted([
        Behaviour::RateLimited(Some("7".into())),
        Behaviour::RateLimited(Some("Fri, 01 Jan 2100 00:00:00 GMT".into())),
        Behaviour::RateLimited(None),
    ])
    .await;
    let first = desk.refused().await;
    assert!(matches!(first, ModelError::RateLimited { .. }), "{first:?}");
    assert_eq!(first.retry_after(), Some(Duration::from_secs(7)));
    assert!(desk.refused().await.retry_after().is_some_and(|wait| wait > Duration::from_secs(1_000_000)));
    let last = desk.refused().await;
    assert_eq!((last.retry_after(), last.fault()), (None, Fault::Provider));
}

#[tokio::test]
async fn used_up_quota_is_not_waited_for() {
    let desk = Desk::scripted([Behaviour::QuotaUsedUp]).await;
    let error = desk.refused().await;
    assert!(matches!(error, ModelError::Rejected { status: 429, .. }), "{error:?}");
    assert_eq!(error.fault(), Fault::Lasting);
}

#[tokio::test]
async fn a_failing_service_is_out_of_reach_with_its_status() {
    let busy = Behaviour::Status(503, Some(("retry-after", "3".into())), "<html>busy</html>".into());
    let desk = Desk::scripted([Behaviour::ServerError, busy, Behaviour::Status(408, None, String::new())]).await;
    assert!(matches!(desk.refused().await, ModelError::Unavailable { status: Some(500), .. }));
    let error = desk.refused().await;
    assert!(matches!(&error, ModelError::Unavailable { status: Some(503), detail, .. } if detail == "<html>busy</html>"), "{error:?}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    assert!(matches!(desk.refused().await, ModelError::Unavailable { status: Some(408), .. }));
}

#[tokio::test]
async fn a_refused_key_is_said_without_the_key() {
    let desk = Desk::before(Adversary::new().with_key("another")).await;
    let error = desk.refused().await;
    let ModelError::KeyRefused { detail, .. } = &error else { panic!("{error:?}") };
    assert!(detail.contains("Incorrect API key provided: [hidden]"), "{detail}");
    assert!(!format!("{error:?} {error} {}", error.hint()).contains(KEY));
    assert_eq!(desk.adversary().requests()[0].authorization.as_deref(), Some(format!("Bearer {KEY}").as_str()));
}

#[tokio::test]
async fn the_key_is_in_no_log() {
    let diary = support::Diary::default();
    let _open = tracing::subscriber::set_default(diary.clone());
    let desk = Desk::before(Adversary::new().with_key("another")).await;
    desk.refused().await;
    tracing::info!("and nothing more");
    let written = diary.written();
    assert!(written.contains("and nothing more"), "the diary is open");
    assert!(!written.contains(KEY), "{written}");
}

#[tokio::test]
async fn what_is_wrong_for_good_is_told_apart() {
    let desk = Desk::scripted([
        Behaviour::BadKey,
        Behaviour::NoSuchModel,
        Behaviour::TooLong,
        Behaviour::Status(400, None, r#"{"error":{"message":"no"}}"#.into()),
    ])
    .await;
    assert!(matches!(desk.refused().await, ModelError::KeyRefused { .. }));
    assert!(matches!(desk.refused().await, ModelError::UnknownModel { model, .. } if model == "gpt-4o-mini"));
    assert!(matches!(desk.refused().await, ModelError::PromptTooLong { .. }));
    assert!(matches!(desk.refused().await, ModelError::Rejected { status: 400, detail, .. } if detail == "no"));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let desk = Desk::scripted([Behaviour::CutAfter(3), Behaviour::EndsEarly(2), Behaviour::FailsWithin(1)]).await;
    let mut streamed = String::new();
    let error = desk.ask_streaming(&prose("Write."), &mut |text| streamed.push_str(text)).await.unwrap_err();
    let told = format!("broke off after {} characters", streamed.chars().count());
    assert!(matches!(&error, ModelError::Unavailable { detail, .. } if detail.contains(&told)), "{error:?}, but {told}");
    assert!(!streamed.is_empty());
    let error = desk.refused().await;
    assert!(matches!(&error, ModelError::Unavailable { detail, .. } if detail.contains("without a finish reason")), "{error:?}");
    let error = desk.refused().await;
    assert!(matches!(&error, ModelError::Unavailable { detail, .. } if detail == "The server had an error"), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_is_complete_is_kept_although_the_line_breaks_behind_it() {
    let desk = Desk::scripted([Behaviour::CutAfterFinish("The end.".into())]).await;
    let reply = desk.ask(&prose("Write.")).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.finish, reply.usage.cost), ("The end.", Finish::Stop, None));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_bad_answer() {
    let desk = Desk::scripted([Behaviour::Garbage, Behaviour::NotJson]).await;
    for _ in 0..2 {
        let error = desk.refused().await;
        assert!(matches!(error, ModelError::BadAnswer { .. }), "{error:?}");
        assert_eq!(error.fault(), Fault::Answer);
    }
}

#[tokio::test]
async fn blanks_were_paid_for_so_they_come_back_with_what_they_cost() {
    let desk = Desk::scripted([Behaviour::Blanks, Behaviour::CutByLength(0)]).await;
    for _ in 0..2 {
        let reply = desk.ask(&prose("Write.")).await.unwrap();
        assert_eq!(reply.text.trim(), "");
        assert!(reply.usage.cost.unwrap() > 0);
    }
}

#[tokio::test]
async fn the_reason_to_finish_is_passed_on() {
    let desk = Desk::scripted([Behaviour::CutByLength(9), Behaviour::Filtered, Behaviour::Declines]).await;
    let reply = desk.ask(&prose("Write.")).await.unwrap();
    assert_eq!((reply.finish, reply.text.split_whitespace().count()), (Finish::Length, 9));
    assert_eq!(desk.ask(&prose("Write.")).await.unwrap().finish, Finish::Refused);
    assert_eq!(desk.ask(&prose("Write.")).await.unwrap().finish, Finish::Refused);
}

#[tokio::test]
async fn a_slow_first_word_is_waited_for_within_its_limit() {
    let desk = Desk::scripted([Behaviour::SlowFirstToken(Duration::from_millis(400)), Behaviour::Hangs]).await;
    desk.ask(&prose("Write.")).await.unwrap();
    let start = Instant::now();
    let error = desk.refused().await;
    assert!(matches!(&error, ModelError::Unavailable { detail, .. } if detail.contains("no word came within 1 s")), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn an_answer_may_take_long_as_long_as_it_goes_on() {
    let desk = Desk::before(Adversary::new().with_words(30)).await;
    desk.adversary().script([Behaviour::Dribbles(Duration::from_millis(200)), Behaviour::StallsAfter(2)]);
    let start = Instant::now();
    desk.ask(&prose("Write.")).await.unwrap();
    assert!(start.elapsed() > Duration::from_secs(1), "the whole took longer than any limit");
    let error = desk.refused().await;
    assert!(matches!(&error, ModelError::Unavailable { detail, .. } if detail.contains("nothing more came within 0.5")), "{error:?}");
}

#[tokio::test]
async fn whoever_stops_waiting_hangs_up() {
    let desk = Desk::scripted([Behaviour::StallsAfter(2), Behaviour::Hangs]).await;
    for calls in 1..=2 {
        let call = prose("Write.");
        let given_up = tokio::time::timeout(Duration::from_millis(200), desk.ask(&call)).await;
        assert!(given_up.is_err());
        let start = Instant::now();
        while desk.adversary().hung_up() < calls {
            assert!(start.elapsed() < Duration::from_secs(3), "the service was left on the line");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_said_without_the_address() {
    let desk = Desk::scripted([]).await.deserted().await;
    let error = desk.refused().await;
    let ModelError::Unavailable { detail, status: None, .. } = &error else { panic!("{error:?}") };
    assert!(detail.contains("refused") && !detail.contains("127.0.0.1"), "{detail}");
}

#[tokio::test]
async fn an_outline_is_asked_for_with_its_schema() {
    let desk = Desk::scripted([]).await;
    let reply = desk.ask(&outline(1, 12)).await.unwrap();
    support::assert_outline(&reply.text, 12);
    let format = &desk.adversary().requests()[0].body["response_format"];
    assert_eq!((&format["type"], &format["json_schema"]["strict"]), (&"json_schema".into(), &true.into()));
}

#[tokio::test]
async fn the_ladder_goes_down_as_far_as_it_must_and_is_remembered() {
    for (formats, rungs) in [(Formats::JsonMode, 2), (Formats::None, 3)] {
        let desk = Desk::before(Adversary::new().with_formats(formats)).await;
        support::assert_outline(&desk.ask(&outline(1, 3)).await.unwrap().text, 3);
        assert_eq!(desk.adversary().requests().len(), rungs);
        support::assert_outline(&desk.ask(&outline(4, 6)).await.unwrap().text, 3);
        let requests = desk.adversary().requests();
        assert_eq!(requests.len(), rungs + 1, "the rung that held is remembered");
        let asked = requests[rungs].body["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
        assert!(asked.starts_with("# Task") && asked.contains("JSON Schema") && asked.contains("\"chapters\""), "{asked}");
        // Another model of the same service begins at the top again.
        desk.ask_model("openai/another", &outline(1, 3)).await.unwrap();
        assert_eq!(desk.adversary().requests().len(), 2 * rungs + 1);
    }
}

#[tokio::test]
async fn another_refusal_is_no_reason_to_go_down_the_ladder() {
    let desk = Desk::scripted([Behaviour::TooLong]).await;
    assert!(matches!(desk.ask(&outline(1, 3)).await, Err(ModelError::PromptTooLong { .. })));
    assert_eq!(desk.adversary().requests().len(), 1);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_the_desks_to_judge() {
    let desk = Desk::scripted([Behaviour::WrongSchema]).await;
    assert_eq!(desk.ask(&outline(1, 3)).await.unwrap().text, r#"{"answer":"42","certain":true}"#);
}

#[tokio::test]
async fn names_reach_the_service_as_they_were_given() {
    let desk = Desk::scripted([]).await;
    for name in ["qwen-max", "gpt-5-high", "meta::llama", "meta-llama/Llama-3", "gpt-5-mini"] {
        desk.ask_model(&format!("openai/{name}"), &prose("Write.")).await.unwrap();
        let requests = desk.adversary().requests();
        let body = &requests.last().unwrap().body;
        assert_eq!(body["model"], name);
        assert!(body.get("reasoning_effort").is_none());
    }
}

#[tokio::test]
async fn nothing_is_asked_twice_behind_the_desks_back() {
    let desk = Desk::scripted([Behaviour::ServerError, Behaviour::CutAfter(1)]).await;
    for _ in 0..2 {
        desk.refused().await;
    }
    desk.ask(&prose("Write.")).await.unwrap();
    let adversary = desk.adversary();
    assert_eq!((adversary.requests().len(), adversary.answered(), adversary.asked_again().len()), (3, 1, 0));
    desk.ask(&prose("Write.")).await.unwrap();
    assert_eq!(adversary.asked_again().len(), 1);
    assert_eq!(adversary.counts().into_values().collect::<Vec<_>>(), [4]);
}
