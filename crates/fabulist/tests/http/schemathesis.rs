//! The server, asked by a program that knows only its description: whatever that allows, and what it does not.

use std::process::Command;

use serde_json::Value;

use crate::server::{Server, id};

/// Seconds.
const LONGEST: u32 = 75;

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_reads_the_description_finds_no_fault() {
    let program = testbed::tool("python/bin/schemathesis");
    let server = Server::start();
    let run = server.written().await;
    let row = server.get(&format!("/workflow-runs/{run}")).await.is(200);
    let snapshot = row["brief_snapshot_id"].as_str().unwrap().to_owned();
    let brief = server.get(&format!("/brief-snapshots/{snapshot}")).await.is(200)["brief_id"].as_str().unwrap().to_owned();
    let artifact = server.get(&format!("/artifacts?workflow_run_id={run}")).await.is(200)["items"][0].clone();
    let ids = [
        ("/api/v1/workflow-runs/{id}", run),
        ("/api/v1/brief-snapshots/{id}", snapshot),
        ("/api/v1/briefs/{id}", brief),
        ("/api/v1/artifact-versions/{id}", artifact["latest_version_id"].as_str().unwrap().to_owned()),
        ("/api/v1/artifacts/{id}", id(&artifact)),
    ];
    // What is there is asked for by its id, half of the time by one that nobody gave; but nothing takes it away.
    let description = server.get("/openapi.json").await.is(200);
    let mut config = String::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        let Some((_, id)) = ids.iter().find(|(prefix, _)| path.starts_with(prefix)) else { continue };
        for method in operations.as_object().unwrap().keys().filter(|method| *method != "delete") {
            let name = format!("{} {path}", method.to_uppercase());
            config
                .push_str(&format!("[[operations]]\ninclude-name = \"{name}\"\nparameters = {{ id = [\"{id}\", \"no-such-thing\"] }}\n\n"));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("schemathesis.toml");
    std::fs::write(&file, config).unwrap();

    let mut command = Command::new(program);
    command.current_dir(folder.path()).arg("--config-file").arg(&file).args(["run", &server.at("/openapi.json")]);
    // Streams do not end.
    command.args(["--exclude-path-regex", "events$"]);
    command.args(["--max-time", &LONGEST.to_string(), "--request-timeout", "30", "--seed", "20261120", "--no-color"]);
    command.args([
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance",
    ]);
    let asked = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let told = String::from_utf8_lossy(&asked.stdout);
    assert!(asked.status.success(), "{told}\n{}", String::from_utf8_lossy(&asked.stderr));
    let cases = told.lines().find_map(|line| line.trim().split_once(" generated")?.0.parse::<u32>().ok());
    let cases = cases.unwrap_or_else(|| panic!("{told}"));
    println!("{cases} cases");
    assert!(cases > 500, "{told}");
    assert_eq!(server.get("/healthz").await.is(200)["status"], Value::from("ok"));
}
