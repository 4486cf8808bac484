use studio::ports::{Store as _, StoreError};

use crate::{
    Database,
    desk::{Desk, a_told_run, is_unusable, open, options},
};
use store::Store;

pub(crate) async fn a_newer_database_is_refused(database: Database) {
    let desk = Desk::new(database).await;
    desk.raw().await.run("INSERT INTO migrations (version, applied_at) VALUES (999, 0)").await;
    desk.store.close().await;
    is_unusable(&Store::open(options(desk.place.clone())).await.unwrap_err(), "version 999");
}

pub(crate) async fn somebody_elses_database_is_refused(database: Database) {
    let desk = Desk::empty(database).await;
    let raw = desk.raw().await;
    raw.run("CREATE TABLE recipes (id TEXT)").await;
    raw.close().await;
    is_unusable(&Store::open(options(desk.place.clone())).await.unwrap_err(), "Fabulist");
}

pub(crate) async fn a_database_opens_again_as_it_was_left(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_told_run(&desk).await;
    let before = desk.store.latest_versions(&run.id).await.unwrap();
    desk.store.close().await;
    let store = open(&desk.place).await;
    assert_eq!(store.run(&run.id).await.unwrap(), run);
    assert_eq!(store.latest_versions(&run.id).await.unwrap(), before);
    store.health().await.unwrap();
    store.close().await;
}

pub(crate) async fn two_processes_may_make_the_database_at_once(database: Database) {
    let desk = Desk::empty(database).await;
    let opening = (0..4).map(|_| tokio::spawn(Store::open(options(desk.place.clone()))));
    let mut nodes = std::collections::BTreeSet::new();
    let mut stores = Vec::new();
    for store in opening.collect::<Vec<_>>() {
        let store = store.await.unwrap().unwrap();
        nodes.insert(store.node().to_owned());
        stores.push(store);
    }
    assert_eq!(nodes.len(), 4);
    assert_eq!(desk.raw().await.number("SELECT COUNT(*) - MAX(version) FROM migrations").await, 0, "each was applied once");
}

pub(crate) async fn an_upgrade_that_fails_changes_nothing(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_told_run(&desk).await;
    // As if its version was older than the first: what is to be made is there already.
    desk.raw().await.run("DELETE FROM migrations").await;
    desk.store.close().await;
    assert!(Store::open(options(desk.place.clone())).await.is_err());
    assert_eq!(desk.raw().await.texts("SELECT id FROM workflow_runs").await, [run.id], "the upgrade was taken back");
    assert_eq!(desk.raw().await.number("SELECT COUNT(*) FROM migrations").await, 0);
}

pub(crate) async fn a_closed_store_says_so(database: Database) {
    let desk = Desk::new(database).await;
    let run = desk.run().await;
    desk.store.close().await;
    desk.store.close().await;
    assert!(matches!(desk.store.health().await, Err(StoreError::Database(_))));
    assert!(desk.store.run(&run.id).await.is_err());
}
