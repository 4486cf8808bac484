use studio::ports::Store as _;

use crate::{
    Database,
    desk::{Desk, a_told_run, is_unusable, open, options},
};
use store::{Place, Store};

pub(crate) async fn the_connections_have_the_pragmas_that_were_promised(database: Database) {
    let desk = Desk::new(database).await;
    let pragmas = desk.store.pragmas().await.unwrap();
    let writer = |name: &str| pragmas.writer[name].as_str();
    assert_eq!((writer("journal_mode"), writer("synchronous"), writer("foreign_keys")), ("wal", "2", "1"));
    assert_eq!((writer("busy_timeout"), writer("auto_vacuum"), writer("wal_autocheckpoint")), ("0", "2", "0"));
    assert_eq!((pragmas.reader["journal_mode"].as_str(), pragmas.reader["foreign_keys"].as_str()), ("wal", "1"));
    assert_eq!(pragmas.upkeep["synchronous"], "2");
}

pub(crate) async fn a_newer_database_is_refused(database: Database) {
    let desk = Desk::new(database).await;
    desk.raw().await.run("INSERT INTO migrations (version, applied_at) VALUES (999, 0)").await;
    desk.store.close().await;
    is_unusable(&Store::open(options(desk.folder.path())).await.unwrap_err(), "version 999");
}

pub(crate) async fn somebody_elses_file_is_refused(_: Database) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fabulist.db");
    std::fs::write(&file, "not a database, but long enough to be looked at by somebody who hopes for one. ".repeat(20)).unwrap();
    is_unusable(&Store::open(options(folder.path())).await.unwrap_err(), "not a database");
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("not a database"), "it is left as it was");

    std::fs::write(&file, "").unwrap();
    let raw = crate::desk::Raw::open(&file).await;
    raw.run("CREATE TABLE recipes (id TEXT)").await;
    raw.close().await;
    is_unusable(&Store::open(options(folder.path())).await.unwrap_err(), "not one of Fabulist");
}

pub(crate) async fn a_folder_that_cannot_be_used_is_refused_with_a_hint(_: Database) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    is_unusable(&Store::open(options(&file)).await.unwrap_err(), "is a file");
    is_unusable(&Store::open(options(&file.join("below"))).await.unwrap_err(), "cannot be made");
    // Nobody can write there, whoever runs this.
    is_unusable(&Store::open(options(std::path::Path::new("/proc/self/fabulist"))).await.unwrap_err(), "cannot be made");
    is_unusable(&Store::open(options(std::path::Path::new("/proc/self"))).await.unwrap_err(), "cannot be");
    std::fs::create_dir(folder.path().join("fabulist.db")).unwrap();
    is_unusable(&Store::open(options(folder.path())).await.unwrap_err(), "is a folder");
    let server = store::OpenOptions { place: Place::Url("postgres://localhost/x".into()), ..options(folder.path()) };
    is_unusable(&Store::open(server).await.unwrap_err(), "SQLite only");
}

pub(crate) async fn a_database_opens_again_as_it_was_left(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_told_run(&desk).await;
    let before = desk.store.latest_versions(&run.id).await.unwrap();
    desk.store.close().await;
    assert!(!desk.folder.path().join("fabulist.db-wal").exists(), "the log is folded in");
    let store = open(desk.folder.path()).await;
    assert_eq!(store.run(&run.id).await.unwrap(), run);
    assert_eq!(store.latest_versions(&run.id).await.unwrap(), before);
    store.health().await.unwrap();
    store.close().await;
}

pub(crate) async fn two_processes_may_make_the_database_at_once(_: Database) {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("a").join("b");
    let opening = (0..4).map(|_| tokio::spawn(Store::open(options(&below))));
    let mut nodes = std::collections::BTreeSet::new();
    let mut stores = Vec::new();
    for store in opening.collect::<Vec<_>>() {
        let store = store.await.unwrap().unwrap();
        nodes.insert(store.node().to_owned());
        stores.push(store);
    }
    assert_eq!(nodes.len(), 4);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&below).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700, "nobody else may read it");
    }
}

pub(crate) async fn an_upgrade_begins_with_a_backup(database: Database) {
    let desk = Desk::new(database).await;
    let (run, _) = a_told_run(&desk).await;
    // As if its version was older than the first: the upgrade must fail, and nothing may be lost.
    desk.raw().await.run("DELETE FROM migrations").await;
    desk.store.close().await;
    assert!(Store::open(options(desk.folder.path())).await.is_err());
    let backups: Vec<_> = std::fs::read_dir(desk.folder.path().join("backups")).unwrap().map(|file| file.unwrap().path()).collect();
    let [backup] = backups.as_slice() else { panic!("{backups:?}") };
    let raw = crate::desk::Raw::open(backup).await;
    assert_eq!(raw.texts("SELECT id FROM workflow_runs").await, std::slice::from_ref(&run.id));
    assert_eq!(desk.raw().await.texts("SELECT id FROM workflow_runs").await, [run.id], "the upgrade was taken back");
}
