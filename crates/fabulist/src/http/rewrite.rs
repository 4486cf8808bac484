//! A passage of a text in other words.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use story::rewrite::Scope;
use studio::views::{self, VersionView};
use utoipa::ToSchema;

use super::{
    Door,
    extract::{Id, Json, Query},
    lists::NoQuery,
    locks::SpanBody,
    problem::Problem,
};

/// What is to be written anew: a span, some paragraphs, or, where neither is named, the whole text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rewriting {
    /// What is to be different.
    #[schema(min_length = 1, max_length = 20_000)]
    instructions: String,
    /// The words that are written anew.
    #[serde(default)]
    span: Option<SpanBody>,
    /// The paragraphs that are written anew, by number from 1.
    #[serde(default)]
    #[schema(min_items = 1)]
    paragraphs: Option<Vec<u32>>,
}

/// Write a passage of a text anew
///
/// One call of the run's model; every byte outside of the passage stays. The version must be the latest one of its artifact, else 409
/// `version-moved-on`; 409 `locked` where the passage holds locked words. What was asked and what it has used stands in the new version's
/// `metadata.rewrite`; the run reads the version before it goes on.
#[utoipa::path(post, path = "/api/v1/artifact-versions/{id}/rewrite", tag = "artifacts", params(("id" = String, Path)),
    request_body = Rewriting, responses((status = 201, body = VersionView), (status = 402), (status = 409), (status = 502)))]
pub(crate) async fn rewrite_version(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    Json(asked): Json<Rewriting>,
) -> Result<(StatusCode, axum::Json<VersionView>), Problem> {
    let scope = match (asked.span, asked.paragraphs) {
        (Some(_), Some(_)) => {
            let detail = "A span and paragraphs are named: it must be one of them.";
            return Err(Problem::field("/paragraphs", detail, "Leave one of them out; without both, the whole text is written anew."));
        }
        (Some(span), None) => Scope::Span(span.into()),
        (None, Some(numbers)) => Scope::Paragraphs(numbers.into_iter().collect()),
        (None, None) => Scope::Text,
    };
    // A task of its own: an answer that is paid for is kept, also when the caller leaves.
    let studio = door.studio.clone();
    let done = tokio::spawn(async move { studio.rewrite(&id, &asked.instructions, scope).await });
    let version = done.await.map_err(|panic| Problem::ours(&panic.to_string()))??;
    Ok((StatusCode::CREATED, axum::Json(views::version(&version))))
}
