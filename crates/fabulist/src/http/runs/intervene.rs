use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use studio::{
    desk::{Intervened, Wait},
    views::{self, RunView, StepView},
};
use utoipa::ToSchema;

use super::{Include, RunQuery, edit::turn, shown};
use crate::http::{
    Door,
    extract::{Id, Json, Query},
    problem::Problem,
};

/// What a run is told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewIntervention {
    /// What is to be different.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 20_000)]
    instruction: Option<String>,
    /// The id of the step that it is about.
    #[serde(default)]
    step_id: Option<String>,
    /// Whether to wait for a step in flight, or for how many seconds; meanwhile autorun begins no further one.
    #[serde(default)]
    wait: Option<Patience>,
    /// Whether it is only thought out: nothing is changed, and the answer has a `proposal_id`.
    #[serde(default)]
    dry_run: Option<bool>,
    /// What was thought out before, to be applied exactly; with it there is no instruction.
    #[serde(default)]
    proposal_id: Option<String>,
}

/// Whether, or for how many seconds.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Patience {
    /// As long as it takes, ten minutes at most; or not at all.
    Whether(bool),
    /// Seconds.
    Seconds(u32),
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InterventionDone {
    run: RunView,
    /// Null for a dry run.
    #[schema(required)]
    step: Option<StepView>,
    assistant_message: String,
    /// RFC 7396.
    #[schema(value_type = Object)]
    state_patch: Value,
    /// Only for a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    proposal_id: Option<String>,
}

/// Tell a run what is to be different
///
/// The instruction becomes a patch over plan, beats, draft in hand, standing instructions, current state and cursor, which is checked before
/// it is applied, and a step of kind `intervention`. An instruction that fails is an answer too: its step says why.
#[utoipa::path(post, path = "/api/v1/workflow-runs/{id}/interventions", tag = "runs", params(("id" = String, Path), RunQuery),
    request_body = NewIntervention, responses((status = 200, body = InterventionDone), (status = 409)))]
pub(crate) async fn intervene(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<RunQuery>,
    Json(asked): Json<NewIntervention>,
) -> Result<axum::Json<InterventionDone>, Problem> {
    let wait = match asked.wait {
        None | Some(Patience::Whether(false)) => Wait::NONE,
        Some(Patience::Whether(true)) => Wait::USUAL,
        Some(Patience::Seconds(seconds)) => turn("/wait", u64::from(seconds))?,
    };
    let done = match (&asked.instruction, &asked.proposal_id) {
        (None, Some(proposal)) if asked.step_id.is_none() && asked.dry_run != Some(true) => {
            door.studio.apply_proposal(&id, proposal, wait).await?
        }
        (Some(_), Some(_)) | (None, Some(_)) => {
            let detail = "A proposal is applied exactly as it was made.";
            return Err(Problem::field("/proposal_id", detail, "Send either an instruction or a proposal's id."));
        }
        (None, None) => return Err(Problem::field("/instruction", "The instruction is missing.", "Say what is to be different.")),
        (Some(instruction), None) => {
            let step = asked.step_id.as_deref();
            if asked.dry_run == Some(true) {
                door.studio.propose(&id, instruction, step, wait).await?
            } else {
                door.studio.intervene(&id, instruction, step, wait).await?
            }
        }
    };
    told(&door, done, query.include).await
}

async fn told(door: &Door, done: Intervened, include: Option<Include>) -> Result<axum::Json<InterventionDone>, Problem> {
    Ok(axum::Json(InterventionDone {
        run: shown(door, &done.run, include).await?,
        step: done.step.as_ref().map(views::step),
        assistant_message: done.assistant_message,
        state_patch: done.state_patch,
        proposal_id: done.proposal_id,
    }))
}
