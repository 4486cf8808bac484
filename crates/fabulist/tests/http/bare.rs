//! `fabulist` alone opens the studio.

use std::sync::Arc;

use crate::{server::Server, support::Writer};

#[tokio::test]
async fn without_a_command_the_studio_is_served() {
    let writer = Arc::new(Writer::new().with("FABULIST_LISTEN", "127.0.0.1:0"));
    let command = writer.command(&["--json"]);
    let server = Server::by(writer, command);
    server.get("/healthz").await.is(200);
    let page = server.client.get(server.at("/")).header("accept", "text/html").send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("<!doctype html>"));
}
