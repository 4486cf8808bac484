//! What only PostgreSQL has: a server that may be away, and clocks that are not ours. SQLite's own matters are in `sqlite_files.rs`.

use store::{Place, Store};

use crate::desk::{is_unusable, options};

async fn refused(url: &str, word: &str) {
    is_unusable(&Store::open(options(Place::Url(url.into()))).await.unwrap_err(), word);
}

#[tokio::test]
async fn a_server_that_cannot_be_used_is_refused_with_a_hint() {
    let server = testbed::Postgres::shared().unwrap();
    refused("mysql://localhost/x", "mysql://").await;
    refused("fabulist.db", "the address").await;
    refused("postgres://localhost:many/x", "cannot be read").await;
    refused("postgres://127.0.0.1:1/x", "no database server can be reached at 127.0.0.1:1/x").await;
    refused(&server.url("nowhere"), "no such database").await;
}
