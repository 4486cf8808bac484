//! Instructions of a person.

use llm::adversary::Adversary;
use serde_json::{Value, json};
use std::time::Duration;

use crate::{scenarios::with_model, server::Server};

/// `state` with a merge patch.
fn patched(state: &Value, patch: &Value) -> Value {
    let mut state = state.clone();
    story::patch::apply(&mut state, patch);
    state
}

#[tokio::test]
async fn an_intervention_tied_to_a_step_changes_the_state_exactly_by_its_patch_and_is_a_step_run() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    let outline = server.post(&format!("{path}/next"), Value::Null).await.is(200)["step"].clone();
    let before = server.get(&path).await.is(200);
    let asked = json!({ "instruction": "Tomas must come home in chapter two.", "step_id": outline["id"] });
    let done = server.post(&format!("{path}/interventions?include=state"), asked).await.is(200);
    let step = &done["step"];
    assert_eq!(
        (&step["kind"], &step["name"], &step["index"], &step["status"]),
        (&json!("intervention"), &json!("intervention"), &json!(2), &json!("succeeded"))
    );
    assert_eq!((&step["outputs"]["step_id"], &step["state_patch"]), (&outline["id"], &done["state_patch"]));
    assert!(done["assistant_message"].as_str().is_some_and(|said| said.contains('2')), "{done}");
    assert_eq!(done["run"]["state"], patched(&before["state"], &done["state_patch"]), "exactly by its patch");
    assert!(done["run"]["state"]["guidance"].to_string().contains("Tomas must come home"), "{done}");
    let chapters = done["run"]["state"]["outline"]["chapters"].as_object().unwrap();
    assert!(chapters["c0002"]["summary"].as_str().unwrap().contains("Tomas must come home"), "{chapters:?}");
    assert_eq!(chapters["c0001"], before["state"]["outline"]["chapters"]["c0001"]);
    assert_eq!((&done["run"]["status"], &done["run"]["progress"]), (&before["status"], &before["progress"]));
    assert_eq!(server.steps(&run).await[1], *step);
    let calls = server.get(&format!("{path}/steps/2/calls")).await.is(200);
    assert_eq!((calls["items"].as_array().unwrap().len(), &calls["items"][0]["task"]), (1, &json!("intervene")));

    let back = server.post(&format!("{path}/steps/2/revert?include=state"), Value::Null).await.is(200);
    assert_eq!(back["run"]["state"], before["state"], "taken back, the state is as it was");
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["status"] == "succeeded").await;
    let late = server.post(&format!("{path}/interventions"), json!({ "instruction": "More rain." })).await.is(200);
    assert_eq!((&late["run"]["status"], &late["step"]["kind"]), (&json!("succeeded"), &json!("intervention")), "the run's status is kept");
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_its_proposal_is_applied_exactly() {
    let server = Server::start();
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/next"), Value::Null).await.is(200);
    let before = server.get(&path).await.is(200);
    let asked = json!({ "instruction": "第二章要下雨。", "dry_run": true });
    let proposed = server.post(&format!("{path}/interventions"), asked).await.is(200);
    assert_eq!((&proposed["step"], server.get(&path).await.is(200)), (&Value::Null, before.clone()), "nothing was changed");
    assert_eq!(server.steps(&run).await.len(), 1);
    let proposal = proposed["proposal_id"].clone();
    let other = server.post(&format!("{path}/interventions"), json!({ "instruction": "Fog.", "dry_run": true })).await.is(200);
    let applied = server.post(&format!("{path}/interventions?include=state"), json!({ "proposal_id": proposal })).await.is(200);
    assert_eq!(
        (&applied["state_patch"], &applied["assistant_message"], &applied["step"]["kind"]),
        (&proposed["state_patch"], &proposed["assistant_message"], &json!("intervention"))
    );
    assert_eq!(applied["step"]["assistant_message"], proposed["assistant_message"]);
    let outputs = applied["step"]["outputs"].as_object().unwrap();
    assert!(outputs.keys().all(|key| key == "changed"), "no prose in a step's outputs: {outputs:?}");
    assert_eq!(applied["run"]["state"], patched(&before["state"], &proposed["state_patch"]));
    for stale in [&proposal, &other["proposal_id"]] {
        server.post(&format!("{path}/interventions"), json!({ "proposal_id": stale })).await.problem(409, "state-moved-on");
    }
    let wrong = [
        (json!({}), "/instruction"),
        (json!({ "instruction": " " }), "/instruction"),
        (json!({ "instruction": "x".repeat(20_001) }), "/instruction"),
        (json!({ "instruction": "Rain.", "step_id": "none" }), "/step_id"),
        (json!({ "instruction": "Rain.", "wait": 4000 }), "/wait"),
        (json!({ "instruction": "Rain.", "proposal_id": proposal }), "/proposal_id"),
        (json!({ "proposal_id": "none" }), "/proposal_id"),
    ];
    for (asked, pointer) in wrong {
        let problem = server.post(&format!("{path}/interventions"), asked).await.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    server.post(&format!("{path}/cancel"), Value::Null).await.is(200);
    server.post(&format!("{path}/interventions"), json!({ "instruction": "Rain." })).await.problem(409, "run-finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_gets_its_turn_between_two_steps_of_autorun() {
    let model = Adversary::new().with_words(150).with_pause(Duration::from_millis(8)).start().await.unwrap();
    let server = with_model(&model);
    let run = server.run().await;
    let path = format!("/workflow-runs/{run}");
    server.post(&format!("{path}/autorun/start"), Value::Null).await.is(202);
    server.until(&run, |run| run["cursor"]["phase"] == "novel.chapter.draft" && !run["active_step"].is_null()).await;
    server.post(&format!("{path}/interventions"), json!({ "instruction": "Rain." })).await.problem(409, "step-in-progress");
    let done = server.post(&format!("{path}/interventions"), json!({ "instruction": "Rain.", "wait": true })).await.is(200);
    assert_eq!(done["step"]["kind"], "intervention");
    let ended = server.until(&run, |run| run["progress"]["done"] == 2 || run["status"] == "failed").await;
    assert_eq!(ended["progress"]["done"], 2, "{ended}");
    let steps = server.steps(&run).await;
    let after = steps.iter().filter(|step| step["index"].as_i64() > done["step"]["index"].as_i64()).count();
    assert!(after > 3, "in the midst of the run");
    assert!(steps.iter().all(|step| step["status"] != "running"));
}
