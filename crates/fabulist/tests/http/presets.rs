//! Prompt presets: shipped, shown, replaced.

use reqwest::Method;
use serde_json::json;

use crate::server::Server;

const PATH: &str = "/settings/prompt-presets";

#[tokio::test]
async fn presets_are_shipped_in_both_languages_and_what_get_gave_can_be_put() {
    let server = Server::start();
    let shipped = server.get(PATH).await.is(200);
    for catalog in ["script", "novel_to_script"] {
        let presets = shipped[catalog]["presets"].as_array().unwrap();
        assert_eq!(presets.len(), 12);
        assert!(presets.iter().any(|preset| preset["id"] == shipped[catalog]["default_id"]));
        assert!(presets.iter().any(|preset| preset["name"] == "短剧 500-800字" && preset["script_format"] == "custom"));
    }
    assert_eq!(server.ask(Method::PUT, PATH, Some(&shipped)).await.is(200), shipped);
    assert_eq!(server.get(PATH).await.is(200), shipped);
}

#[tokio::test]
async fn put_replaces_and_unknown_fields_of_a_preset_are_let_go() {
    let server = Server::start();
    let one = json!({ "id": "house", "name": "House style", "text": "Short lines.", "colour": "red", "script_format": "fountain", "language": "en" });
    let own = json!({ "script": { "presets": [one], "default_id": "house" }, "novel_to_script": { "presets": [], "default_id": null } });
    let put = server.ask(Method::PUT, PATH, Some(&own)).await.is(200);
    let mut kept = own.clone();
    kept["script"]["presets"][0].as_object_mut().unwrap().remove("colour");
    assert_eq!((&put, &server.get(PATH).await.is(200)), (&kept, &kept));
    let only = json!({ "novel_to_script": { "presets": [{ "id": "x", "name": "X", "text": "T" }], "default_id": "x" } });
    let put = server.ask(Method::PUT, PATH, Some(&only)).await.is(200);
    assert_eq!((put["script"].clone(), put["novel_to_script"]["default_id"].as_str()), (kept["script"].clone(), Some("x")));
}

#[tokio::test]
async fn a_default_that_does_not_exist_is_refused_and_changes_nothing() {
    let server = Server::start();
    let before = server.get(PATH).await.is(200);
    let preset = json!({ "id": "a", "name": "A", "text": "T" });
    let wrong = [
        (json!({ "script": { "presets": [preset], "default_id": "b" } }), "/script/default_id"),
        (json!({ "script": { "presets": [preset, preset], "default_id": "a" } }), "/script/presets/1/id"),
        (json!({ "script": { "presets": [{ "id": "a", "name": "", "text": "T" }] } }), "/script/presets/0/name"),
        (
            json!({ "script": { "presets": [{ "id": "a", "name": "A", "text": "T", "script_format": "opera" }] } }),
            "/script/presets/0/script_format",
        ),
        (json!({ "script": { "presets": "all" } }), "/script/presets"),
        (json!({ "novel": {} }), "/novel"),
    ];
    for (body, pointer) in wrong {
        let problem = server.ask(Method::PUT, PATH, Some(&body)).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    assert_eq!(server.get(PATH).await.is(200), before);
}

#[tokio::test]
async fn the_models_in_reach_are_shown_without_their_keys() {
    let server = Server::start();
    let shown = server.get("/settings/providers").await.is(200);
    assert_eq!(shown["default_model"], "rehearsal");
    let items = shown["items"].as_array().unwrap();
    let rehearsal = items.iter().find(|item| item["provider"] == "rehearsal").unwrap();
    assert_eq!((&rehearsal["configured"], &rehearsal["input_usd_per_million"]), (&json!(true), &json!(0.0)));
    let openai = items.iter().find(|item| item["provider"] == "openai").unwrap();
    assert_eq!(openai["configured"], false);
    assert!(openai["needs"].as_str().unwrap().contains("OPENAI_API_KEY"));
}
