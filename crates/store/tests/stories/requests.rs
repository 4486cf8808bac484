//! Requests with a key.

use studio::ports::{KeptAnswer, KeyedRequest, Made, RequestStands, Store as _};

use crate::{Database, desk::Desk};

fn asked(what: &str, ticket: &str) -> KeyedRequest {
    KeyedRequest { key: "k".into(), asked: what.into(), ticket: ticket.into() }
}

fn answer(about: Option<&str>) -> KeptAnswer {
    KeptAnswer { status: 201, content_type: "application/json".into(), body: "{\"a\":\"文\"}".into(), about: about.map(str::to_owned) }
}

pub(crate) async fn a_key_is_for_one_request_and_its_answer_is_kept(database: Database) {
    let desk = Desk::new(database).await;
    let ours = RequestStands::Ours { ticket: "t1".into(), again: false };
    assert_eq!(desk.store.begin_request(asked("a", "t1")).await.unwrap(), ours);
    assert_eq!(desk.store.begin_request(asked("a", "t2")).await.unwrap(), RequestStands::InProgress);
    assert_eq!(desk.store.begin_request(asked("b", "t2")).await.unwrap(), RequestStands::Another);
    desk.store.end_request("k", Some(answer(None))).await.unwrap();
    assert_eq!(desk.store.begin_request(asked("a", "t3")).await.unwrap(), RequestStands::Answered(answer(None)));
    assert_eq!(desk.store.begin_request(asked("b", "t3")).await.unwrap(), RequestStands::Another);
    desk.store.end_request("k", None).await.unwrap();
    assert_eq!(desk.store.begin_request(asked("a", "t3")).await.unwrap(), RequestStands::Answered(answer(None)), "nobody has it any more");
}

pub(crate) async fn a_request_that_came_to_no_answer_is_taken_again_with_its_ticket(database: Database) {
    let desk = Desk::new(database).await;
    desk.store.begin_request(asked("a", "t1")).await.unwrap();
    desk.store.end_request("k", None).await.unwrap();
    let again = RequestStands::Ours { ticket: "t1".into(), again: true };
    assert_eq!(desk.store.begin_request(asked("a", "t2")).await.unwrap(), again);
}

pub(crate) async fn a_request_of_a_process_that_is_gone_is_free(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    neighbour.begin_request(asked("a", "t1")).await.unwrap();
    assert_eq!(desk.store.begin_request(asked("a", "t2")).await.unwrap(), RequestStands::InProgress, "it lives");
    neighbour.close().await;
    let again = RequestStands::Ours { ticket: "t1".into(), again: true };
    assert_eq!(desk.store.begin_request(asked("a", "t3")).await.unwrap(), again);
    desk.store.end_request("k", Some(answer(None))).await.unwrap();
    assert_eq!(desk.store.begin_request(asked("a", "t4")).await.unwrap(), RequestStands::Answered(answer(None)));
}

pub(crate) async fn sixteen_who_come_at_once_are_one(database: Database) {
    let desk = Desk::new(database).await;
    let neighbour = desk.neighbour().await;
    let all = (0..16).map(|n| {
        let store = if n % 2 == 0 { &desk.store } else { &neighbour };
        async move { store.begin_request(asked("a", &n.to_string())).await.unwrap() }
    });
    let stands = futures::future::join_all(all).await;
    assert_eq!(stands.iter().filter(|stands| matches!(stands, RequestStands::Ours { .. })).count(), 1, "{stands:?}");
    assert_eq!(stands.iter().filter(|stands| matches!(stands, RequestStands::InProgress)).count(), 15, "{stands:?}");
    neighbour.close().await;
}

pub(crate) async fn an_answer_is_kept_for_a_day_and_no_longer_than_its_run(database: Database) {
    let desk = Desk::new(database).await;
    let raw = desk.raw().await;
    desk.store.begin_request(asked("a", "t1")).await.unwrap();
    desk.store.end_request("k", Some(answer(None))).await.unwrap();
    raw.run("UPDATE requests SET created_at = created_at - 86401000000").await;
    assert_eq!(
        desk.store.begin_request(asked("b", "t2")).await.unwrap(),
        RequestStands::Ours { ticket: "t2".into(), again: false },
        "it is forgotten"
    );
    raw.run("UPDATE requests SET created_at = created_at - 86401000000").await;
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(raw.number("SELECT COUNT(*) FROM requests").await, 0);

    let run = desk.run().await;
    assert_eq!(desk.store.made(&run.id).await.unwrap(), Some(Made::Run));
    assert_eq!(desk.store.made("nothing").await.unwrap(), None);
    desk.store.begin_request(asked("a", &run.id)).await.unwrap();
    desk.store.end_request("k", Some(answer(Some(&run.id)))).await.unwrap();
    desk.store.delete_run(&run.id, true).await.unwrap();
    while desk.store.sweep().await.unwrap() {}
    assert_eq!(raw.number("SELECT COUNT(*) FROM requests").await, 0, "it told of a run that is gone");
    raw.close().await;
}

pub(crate) async fn a_setting_is_swapped_only_as_it_was_seen(database: Database) {
    let desk = Desk::new(database).await;
    let (one, other) = (serde_json::json!({ "a": 1 }), serde_json::json!({ "a": 2 }));
    assert!(desk.store.swap_setting("s", None, one.clone()).await.unwrap());
    assert!(!desk.store.swap_setting("s", None, other.clone()).await.unwrap());
    assert!(!desk.store.swap_setting("s", Some(other.clone()), other.clone()).await.unwrap());
    assert!(desk.store.swap_setting("s", Some(one), other.clone()).await.unwrap());
    assert_eq!(desk.store.setting("s").await.unwrap(), Some(other));
}
