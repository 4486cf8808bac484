//! Answers to requests that a process has carried out which died before it could answer.

use std::time::Instant;

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use studio::{
    Studio,
    desk::Intervened,
    ports::{Made, StepFilter},
    step::{Step, StepStatus},
    views,
};

use super::{LOOK_EVERY, PATIENCE};
use crate::http::problem::Problem;

/// The answer; none where nothing was made, or where whoever answers looks for himself what was made.
pub(super) async fn answer(studio: &Studio, ticket: &str, route: &str) -> Result<Option<Response>, Problem> {
    let Some(made) = studio.made(ticket).await? else { return Ok(None) };
    let last = route.rsplit('/').next();
    let (status, body) = match made {
        // Their answers tell what stands in the file that came with the request.
        Made::Novel { .. } | Made::Project(_) => return Ok(None),
        Made::Run => {
            let run = studio.run(ticket).await?;
            let view = views::run(&run).with_state(studio.state(ticket, None).await?);
            (StatusCode::CREATED, json!(view))
        }
        Made::Version => (StatusCode::CREATED, json!(views::version(&studio.version(ticket).await?))),
        Made::Brief => (StatusCode::CREATED, json!(views::brief(&studio.brief(ticket).await?))),
        Made::Snapshot => (StatusCode::CREATED, json!(views::snapshot(&studio.snapshot(ticket).await?))),
        Made::Proposal { run_id } => (StatusCode::OK, intervened(&studio.proposed(&run_id, ticket).await?)),
        Made::Command { run_id } => {
            let status = if last == Some("start") { StatusCode::ACCEPTED } else { StatusCode::OK };
            (status, json!(views::run(&studio.run(&run_id).await?)))
        }
        Made::Step { run_id, index } => {
            let step = ended(studio, &run_id, index).await?;
            let run = views::run(&studio.run(&run_id).await?);
            match last {
                // What answers with the run alone.
                Some("resume") => (StatusCode::OK, json!(run)),
                Some("interventions") => (StatusCode::OK, intervened(&studio.intervened(&run_id, index).await?)),
                _ => (StatusCode::OK, json!({ "run": run, "step": step.as_ref().map(views::step) })),
            }
        }
    };
    Ok(Some((status, axum::Json(body)).into_response()))
}

/// The step, once it is not in flight any more: whoever worked on it is gone, and is found out soon.
async fn ended(studio: &Studio, run_id: &str, index: i64) -> Result<Option<Step>, Problem> {
    let begun = Instant::now();
    loop {
        let steps = studio.steps(run_id, StepFilter { index: Some(index), ..StepFilter::default() }).await?;
        let last = steps.into_iter().next_back();
        if begun.elapsed() > PATIENCE || last.as_ref().is_none_or(|step| step.status != StepStatus::Running) {
            return Ok(last);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn intervened(done: &Intervened) -> Value {
    let mut told = json!({
        "run": views::run(&done.run),
        "step": done.step.as_ref().map(views::step),
        "assistant_message": done.assistant_message,
        "state_patch": done.state_patch,
    });
    if let Some(id) = &done.proposal_id {
        told["proposal_id"] = json!(id);
    }
    told
}
