use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use story::output_spec::PartialOutputSpec;
use studio::{
    Error,
    brief::Snapshot,
    desk::{Inputs, RunRequest},
    run::{Budget, Kind},
    views::RunView,
};
use utoipa::ToSchema;

use super::{nanos, shown, tokens};
use crate::http::{
    Door,
    extract::{Json, Query},
    lists::NoQuery,
    problem::Problem,
};

/// A run to be created.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRun {
    kind: Kind,
    brief_snapshot_id: String,
    #[serde(default)]
    #[schema(max_length = 300)]
    label: Option<String>,
    /// `rehearsal`, or `provider/model`; left out, the server's own.
    #[serde(default)]
    model: Option<String>,
    /// Only `novel_to_script`.
    #[serde(default)]
    source_brief_snapshot_id: Option<String>,
    /// Only `novel_to_script`.
    #[serde(default)]
    source_workflow_run_id: Option<String>,
    /// Only `script` and `novel_to_script`.
    #[serde(default)]
    prompt_preset_id: Option<String>,
    /// Only `novel_to_script`.
    #[serde(default)]
    split_mode: Option<SplitMode>,
    /// Only with `by_episode_count`.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 2000)]
    episode_count: Option<u32>,
    /// Only `novel_to_script`.
    #[serde(default)]
    #[schema(value_type = Option<crate::http::briefs::OutputSpec>)]
    conversion_output_spec: Option<PartialOutputSpec>,
    #[serde(default)]
    budget: Option<NewBudget>,
    /// Steps before which autorun stops.
    #[serde(default)]
    pause_before: Option<Vec<String>>,
    /// Whether the server goes on by itself at once.
    #[serde(default)]
    autorun: Option<bool>,
}

/// How an adaptation is divided.
#[derive(Debug, Clone, Copy, Deserialize, serde::Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SplitMode {
    /// One chapter is one episode.
    ChapterUnit,
    /// A chapter is split by its length.
    AutoByLength,
    /// So many episodes over the whole book.
    ByEpisodeCount,
}

impl SplitMode {
    fn of_state(self) -> story::state::SplitMode {
        match self {
            Self::ChapterUnit => story::state::SplitMode::ChapterUnit,
            Self::AutoByLength => story::state::SplitMode::AutoByLength,
            Self::ByEpisodeCount => story::state::SplitMode::ByEpisodeCount,
        }
    }
}

/// Limits of a run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBudget {
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    max_cost_usd: Option<f64>,
    /// Input and output together.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_u64)]
    max_tokens: Option<u64>,
}

impl NewRun {
    fn request(self, default_model: &str) -> Result<(String, RunRequest), Problem> {
        let budget = match self.budget {
            None => None,
            Some(asked) => Some(Budget {
                max_cost: asked.max_cost_usd.map(|dollars| nanos("/budget/max_cost_usd", dollars)).transpose()?,
                max_tokens: asked.max_tokens.map(|n| tokens("/budget/max_tokens", n)).transpose()?,
            }),
        };
        let request = RunRequest {
            label: self.label,
            budget,
            pause_before: self.pause_before.unwrap_or_default(),
            inputs: Inputs {
                source_brief_snapshot_id: self.source_brief_snapshot_id,
                source_workflow_run_id: self.source_workflow_run_id,
                prompt_preset_id: self.prompt_preset_id,
                prompt_preset: None,
                split_mode: self.split_mode.map(SplitMode::of_state),
                episode_count: self.episode_count,
                conversion_output_spec: self.conversion_output_spec,
            },
            autorun: self.autorun.unwrap_or(false),
            ..RunRequest::new(self.kind, self.model.unwrap_or_else(|| default_model.to_owned()))
        };
        Ok((self.brief_snapshot_id, request))
    }
}

impl NewRun {
    /// The snapshot, and what is asked for.
    pub(super) async fn with_snapshot(self, door: &Door) -> Result<(Snapshot, RunRequest), Problem> {
        let (snapshot_id, request) = self.request(&door.model)?;
        match door.studio.snapshot(&snapshot_id).await {
            Err(Error::NotFound { .. }) => {
                let detail = format!("There is no snapshot {snapshot_id}.");
                let hint = "Make one with POST /api/v1/briefs/{id}/snapshots.";
                Err(Problem::field("/brief_snapshot_id", detail, hint))
            }
            snapshot => Ok((snapshot?, request)),
        }
    }
}

/// Create a run
///
/// No model is called. The source of an adaptation and its preset are pinned now.
#[utoipa::path(post, path = "/api/v1/workflow-runs", tag = "runs", request_body = NewRun, responses((status = 201, body = RunView)))]
pub(crate) async fn create_run(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
    Json(new): Json<NewRun>,
) -> Result<(StatusCode, axum::Json<RunView>), Problem> {
    let (snapshot, request) = new.with_snapshot(&door).await?;
    let run = door.studio.create_run(&snapshot, request).await?;
    Ok((StatusCode::CREATED, axum::Json(shown(&door, &run, Some(super::Include::State)).await?)))
}
