//! What only PostgreSQL has: a server that may be away, and a clock that is not ours. SQLite's own matters are in `sqlite_files.rs`.

use std::time::{Duration, Instant};

use store::{Place, Store};
use studio::ports::{StepFilter, Store as _, StoreError, Write};
use testbed::Postgres;

use crate::{
    Database,
    desk::{Desk, a_step, a_told_run, always, event, is_unusable, open, options},
};

async fn refused(url: &str, word: &str) {
    let error = Store::open(options(Place::Url(url.into()))).await.unwrap_err();
    is_unusable(&error, word);
    assert!(!format!("{error:?}{error}").contains("s3cret"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_cannot_be_used_is_refused_with_a_hint() {
    let server = Postgres::shared().unwrap();
    refused("mysql://anna:s3cret@localhost/x", "mysql://").await;
    refused("fabulist.db", "the address").await;
    refused("postgres://anna:s3cret@localhost:many/x", "cannot be read").await;
    refused("postgres://anna:s3cret@127.0.0.1:1/x", "no database server can be reached at 127.0.0.1:1/x").await;
    refused(&server.url("nowhere"), "no such database").await;

    let url = server.new_database().unwrap();
    let name = url.rsplit('/').next().unwrap();
    server.sql("CREATE ROLE guarded LOGIN PASSWORD 'right'").unwrap();
    let guarded = |password: &str| url.replace("fabulist@", &format!("guarded:{password}@"));
    refused(&guarded("s3cret"), "refuses the user guarded").await;
    // Since PostgreSQL 15 nobody but the owner may make tables.
    server.sql(&format!("REVOKE CREATE ON DATABASE {name} FROM PUBLIC")).unwrap();
    match Store::open(options(Place::Url(guarded("right")))).await {
        Err(error) => is_unusable(&error, "may not do this"),
        Ok(store) => store.close().await,
    }
    server.sql(&format!("ALTER DATABASE {name} OWNER TO guarded")).unwrap();
    let store = Store::open(options(Place::Url(guarded("right")))).await.unwrap();
    let about = store.about().await.unwrap();
    assert!(about.database.starts_with("PostgreSQL 1") && about.latency < Duration::from_secs(5), "{about:?}");
    store.close().await;
    server.sql(&format!("DROP DATABASE {name}")).unwrap();
    server.sql("DROP ROLE guarded").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_the_server_loses_nothing_and_is_waited_for() {
    let server = Postgres::start().unwrap();
    let place = Place::Url(server.new_database().unwrap());
    let (store, neighbour) = (open(&place).await, open(&place).await);
    let desk = Desk { place, folder: tempfile::tempdir().unwrap(), store };
    let (run, _) = a_told_run(&desk).await;

    let writing = {
        let (store, id) = (desk.store.clone(), run.id.clone());
        tokio::spawn(async move {
            let (mut written, mut away) = (0, 0);
            while written < 60 {
                match store.change(&id, always(vec![event("a")])).await {
                    Ok(_) => written += 1,
                    Err(StoreError::Away { .. } | StoreError::Busy { .. }) => away += 1,
                    Err(other) => panic!("{other:?}"),
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            away
        })
    };
    tokio::task::block_in_place(|| server.restart()).unwrap();
    tokio::task::block_in_place(|| server.kill()).unwrap();
    let away = desk.store.health().await;
    assert!(matches!(away, Err(StoreError::Away { .. } | StoreError::Busy { .. })), "{away:?}");
    tokio::task::block_in_place(|| server.boot()).unwrap();
    writing.await.unwrap();

    // A commit that was done while its answer was lost may have been done once more: but never halfway, and never with a hole.
    let events = desk.store.events(&run.id, 0, 1000).await.unwrap();
    assert_eq!(events.iter().map(|e| e.number).collect::<Vec<_>>(), (1..=events.len() as i64).collect::<Vec<_>>());
    assert!(events.len() >= 62);
    assert_eq!(desk.store.latest_versions(&run.id).await.unwrap().len(), 2);
    desk.store.health().await.unwrap();

    // Words between processes come again, too.
    let begun = Instant::now();
    loop {
        let mark = desk.store.change_mark().await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        if desk.store.change_mark().await.unwrap() == mark {
            neighbour.change(&run.id, always(vec![event("b")])).await.unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
            if desk.store.change_mark().await.unwrap() != mark {
                break;
            }
        }
        assert!(begun.elapsed() < Duration::from_secs(15), "the neighbour is not heard any more");
    }
    neighbour.close().await;
    desk.store.close().await;
}

#[tokio::test]
async fn a_process_that_was_thought_dead_shows_itself_again() {
    let desk = Desk::new(Database::Postgres).await;
    let neighbour = desk.neighbour().await;
    crate::liveness::later(&desk, desk.store.node(), 30).await;
    assert_eq!(neighbour.dead_nodes().await.unwrap()[0].node, desk.store.node());
    assert!(desk.store.dead_nodes().await.unwrap().is_empty(), "nobody takes over from itself");
    neighbour.forget_node(desk.store.node()).await.unwrap();
    let own = format!("SELECT COUNT(*) FROM nodes WHERE id = '{}'", desk.store.node());
    assert_eq!(desk.raw().await.number(&own).await, 0);
    let begun = Instant::now();
    while desk.raw().await.number(&own).await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(8), "it beats every five seconds");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(neighbour.dead_nodes().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dump_that_was_restored_on_another_server_tells_its_feed() {
    let desk = Desk::new(Database::Postgres).await;
    a_told_run(&desk).await;
    desk.store.close().await;
    // Where it came from, transactions had far higher numbers.
    desk.raw().await.run("UPDATE events SET xid = (xid::TEXT::BIGINT + 4000000000)::TEXT::XID8").await;
    let store = open(&desk.place).await;
    let begun = Instant::now();
    while store.feed(None, 9).await.unwrap().events.len() < 2 {
        assert!(begun.elapsed() < Duration::from_secs(10), "the feed is held back for ever");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let told: Vec<_> = store.feed(None, 9).await.unwrap().events.into_iter().map(|(_, event)| event.number).collect();
    assert_eq!(told, [1, 2]);
}

#[tokio::test]
async fn a_copy_is_left_to_the_servers_own_tools() {
    let desk = Desk::new(Database::Postgres).await;
    let error = desk.store.backup(&desk.folder.path().join("copy")).await.unwrap_err();
    is_unusable(&error, "not copied");
    assert!(error.hint().contains("pg_dump"), "{}", error.hint());
    assert!(matches!(desk.store.pragmas().await, Err(StoreError::Unusable { .. })));
}

#[tokio::test]
async fn a_character_that_the_server_cannot_keep_costs_no_answer() {
    let desk = Desk::new(Database::Postgres).await;
    let run = desk.run().await;
    let step = a_step(&run, 1);
    desk.write(&run, vec![Write::InsertStep(Box::new(step.clone()))]).await;
    desk.store.leave_partial_text(&step.id, "It had\0not").await.unwrap();
    let steps = desk.store.steps(&run.id, StepFilter::default()).await.unwrap();
    assert_eq!(steps[0].partial_text.as_deref(), Some("It had\u{fffd}not"));
}
