use std::sync::Arc;

use story::tasks::Turn;
use studio::{
    journal::{JournaledCall, Standing},
    ports::{StepFilter, Store as _, StoreError, Usage, Write},
    run::Run,
    step::Step,
};

use crate::{
    Database,
    desk::{Desk, a_call, a_step, succeeded},
};

async fn begun(desk: &Desk) -> (Run, Step) {
    let run = desk.run().await;
    let step = a_step(&run, 1);
    (desk.write(&run, vec![Write::InsertStep(Box::new(step.clone()))]).await, step)
}

pub(crate) async fn an_answer_adds_to_the_usage_of_run_and_attempt(database: Database) {
    let desk = Desk::new(database).await;
    let (run, step) = begun(&desk).await;
    let call = a_call(&step, "draft");
    desk.store.journal(call.clone()).await.unwrap();
    let changed = desk
        .write(&run, vec![Write::Journal(Arc::new(a_call(&step, "critique"))), succeeded(&Step { usage: call.usage, ..step.clone() }, &[])])
        .await;
    let twice = call.usage.and(call.usage);
    let used =
        async || (desk.store.run(&run.id).await.unwrap().usage, desk.store.steps(&run.id, StepFilter::default()).await.unwrap()[0].usage);
    assert_eq!(changed.usage, twice);
    assert_eq!(used().await, (twice, twice));

    let free = Usage { cost: None, ..call.usage };
    desk.store.journal(JournaledCall { usage: free, ..a_call(&step, "fix") }).await.unwrap();
    desk.store.journal(a_call(&step, "fix/2")).await.unwrap();
    let all = twice.and(free).and(call.usage);
    assert_eq!(all.cost, None, "unknown as soon as one is");
    assert_eq!(used().await, (all, all));
    let lost = JournaledCall { run_id: "nobody".into(), ..a_call(&step, "x") };
    assert!(matches!(desk.store.journal(lost).await, Err(StoreError::NotFound { what: "run", .. })));
}

pub(crate) async fn an_open_answer_is_found_until_it_is_spent_or_rejected(database: Database) {
    let desk = Desk::new(database).await;
    let (run, step) = begun(&desk).await;
    let calls: Vec<_> = ["a", "b", "c", "d"].map(|slot| a_call(&step, slot)).into();
    for call in &calls {
        desk.store.journal(call.clone()).await.unwrap();
    }
    let open = async |n: usize| desk.store.open_answer(&run.id, &calls[n].slot, &calls[n].request_hash).await.unwrap();
    assert_eq!(open(0).await.unwrap(), calls[0]);
    assert!(desk.store.open_answer(&run.id, "a", "another request").await.unwrap().is_none());
    desk.write(&run, vec![Write::RejectCalls { call_ids: vec![calls[0].id.clone(), calls[1].id.clone()] }]).await;
    assert!(open(0).await.is_none() && open(1).await.is_none() && open(2).await.is_some());
    desk.write(&run, vec![Write::SpendCalls { index: 1 }]).await;
    assert!(open(2).await.is_none());
    let again = JournaledCall { standing: Standing::Open, ..a_call(&step, "c") };
    desk.store.journal(again).await.unwrap();
    assert!(open(2).await.is_some());
    desk.write(&run, vec![Write::SpendCalls { index: 1 }]).await;
    assert!(open(2).await.is_none());
    let standings: Vec<_> = desk.store.calls(&run.id, 1).await.unwrap().into_iter().map(|c| (c.slot, c.standing)).collect();
    let expected =
        [("a", Standing::Rejected), ("b", Standing::Rejected), ("c", Standing::Spent), ("d", Standing::Spent), ("c", Standing::Spent)];
    assert_eq!(standings, expected.map(|(slot, standing)| (slot.to_owned(), standing)));
}

pub(crate) async fn a_prompt_comes_back_word_by_word_and_is_stored_once(database: Database) {
    let desk = Desk::new(database).await;
    let (run, step) = begun(&desk).await;
    let mut call = a_call(&step, "draft");
    call.prompt.turns = vec![Turn { from_model: true, text: "{".into() }, Turn { from_model: false, text: "Once more.".into() }];
    let repair = JournaledCall { prompt: call.prompt.clone(), ..a_call(&step, "draft/repair/1") };
    desk.store.journal(call.clone()).await.unwrap();
    desk.store.journal(repair.clone()).await.unwrap();
    assert_eq!(desk.store.calls(&run.id, 1).await.unwrap(), [call, repair]);
    assert!(desk.store.calls(&run.id, 2).await.unwrap().is_empty());
    assert_eq!(desk.raw().await.rows_of(&run.id).await["segments"], 5);
}

pub(crate) async fn partial_text_is_left_without_a_claim(database: Database) {
    let desk = Desk::new(database).await;
    let (run, step) = begun(&desk).await;
    desk.store.leave_partial_text(&step.id, "It had not").await.unwrap();
    let read = desk.store.steps(&run.id, StepFilter::default()).await.unwrap();
    assert_eq!(read, [Step { partial_text: Some("It had not".into()), ..step }]);
    assert!(matches!(desk.store.leave_partial_text("nobody", "x").await, Err(StoreError::NotFound { what: "step", .. })));
}

pub(crate) async fn an_answer_that_is_written_down_twice_counts_once(database: Database) {
    let desk = Desk::new(database).await;
    let (run, step) = begun(&desk).await;
    let call = a_call(&step, "draft");
    desk.store.journal(call.clone()).await.unwrap();
    // The commit was done, but its answer was lost on the way.
    desk.store.journal(call.clone()).await.unwrap();
    assert_eq!(desk.store.calls(&run.id, 1).await.unwrap(), std::slice::from_ref(&call));
    assert_eq!(desk.store.run(&run.id).await.unwrap().usage, call.usage);
    assert_eq!(desk.store.steps(&run.id, StepFilter::default()).await.unwrap()[0].usage, call.usage);
}
