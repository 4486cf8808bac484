//! Briefs.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};
use studio::{
    desk::read_content,
    views::{self, BriefView},
};
use utoipa::ToSchema;

use super::{
    Door,
    extract::{Id, Json, Query},
    lists::{NoQuery, PageQuery, list},
    problem::Problem,
    tags::IfMatch,
};

list! {
    /// Some briefs, newest first.
    BriefList of BriefView
}

/// A brief to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBrief {
    #[serde(default)]
    #[schema(max_length = 300)]
    title: Option<String>,
    /// Known keys are typed; unknown ones are kept and listed under `warnings`.
    #[schema(value_type = BriefContent)]
    content: Map<String, Value>,
}

/// What a brief holds. Everything is optional, and a null is as good as nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes a shape that the craft reads")]
pub(crate) struct BriefContent {
    logline: Option<String>,
    premise: Option<String>,
    genre: Option<String>,
    tone: Option<String>,
    style: Option<String>,
    style_sample: Option<String>,
    /// BCP 47.
    language: Option<String>,
    setting: Option<String>,
    /// `first`, `third_limited` or `third_omniscient`.
    #[schema(value_type = Option<Pov>)]
    pov: Option<String>,
    tense: Option<String>,
    characters: Option<Vec<Character>>,
    structure: Option<String>,
    rating: Option<String>,
    forbidden: Option<Vec<String>>,
    /// For style only.
    reference_works: Option<Vec<String>>,
    output_spec: Option<OutputSpec>,
}

/// Who tells the story.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pov {
    First,
    ThirdLimited,
    ThirdOmniscient,
}

/// One of the cast.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes a shape that the craft reads")]
pub(crate) struct Character {
    #[schema(min_length = 1, pattern = r"\S")]
    name: String,
    role: Option<String>,
    description: Option<String>,
    goal: Option<String>,
    secret: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    pronouns: Option<String>,
    /// In years or in words.
    #[schema(value_type = Option<Value>)]
    age: Option<Value>,
    voice: Option<String>,
}

/// What the result is to be. Each key may be missing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes a shape that the craft reads")]
pub(crate) struct OutputSpec {
    #[schema(minimum = 1, maximum = 2000)]
    chapter_count: Option<u32>,
    #[schema(minimum = 1, maximum = 2000)]
    scene_count: Option<u32>,
    chapter_length: Option<LengthRange>,
    #[schema(value_type = Option<ScriptFormat>)]
    script_format: Option<String>,
    script_format_notes: Option<String>,
    #[schema(maximum = 20)]
    max_fix_rounds: Option<u32>,
    #[schema(maximum = 20)]
    auto_step_retries: Option<u32>,
    #[schema(minimum = 0, maximum = 60)]
    auto_step_backoff_s: Option<f64>,
    seed: Option<u64>,
}

/// In which form a script is written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScriptFormat {
    Custom,
    Fountain,
    Screenplay,
}

/// A range of lengths, both ends included; `min` is at most `max`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes a shape that the craft reads")]
pub(crate) struct LengthRange {
    #[schema(minimum = 1, maximum = 100_000)]
    min: u64,
    #[schema(minimum = 1, maximum = 100_000)]
    max: u64,
    #[schema(value_type = Unit)]
    unit: String,
}

/// What is counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    Words,
    Chars,
}

/// What is to be different about a brief: a merge patch (RFC 7396).
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes a patch, which is read as it came")]
pub(crate) struct BriefPatch {
    #[schema(max_length = 300)]
    title: Option<String>,
    /// Merged key by key; null takes a key away.
    #[schema(value_type = Option<Object>)]
    content: Option<Value>,
}

/// Keep a brief
#[utoipa::path(post, path = "/api/v1/briefs", tag = "briefs", request_body = NewBrief, responses((status = 201, body = BriefView)))]
pub(crate) async fn create_brief(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
    Json(new): Json<NewBrief>,
) -> Result<(StatusCode, axum::Json<BriefView>), Problem> {
    let brief = door.studio.create_brief(new.title.unwrap_or_default(), read_content(new.content)?).await?;
    Ok((StatusCode::CREATED, axum::Json(views::brief(&brief))))
}

/// List briefs, newest first
#[utoipa::path(get, path = "/api/v1/briefs", tag = "briefs", params(PageQuery), responses((status = 200, body = BriefList)))]
pub(crate) async fn list_briefs(State(door): State<Door>, Query(query): Query<PageQuery>) -> Result<axum::Json<BriefList>, Problem> {
    let page = door.studio.briefs(query.page()?).await?;
    Ok(axum::Json(BriefList::of(&page, views::brief)))
}

/// Show a brief
#[utoipa::path(get, path = "/api/v1/briefs/{id}", tag = "briefs", params(("id" = String, Path)), responses((status = 200, body = BriefView)))]
pub(crate) async fn get_brief(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<BriefView>, Problem> {
    Ok(axum::Json(views::brief(&door.studio.brief(&id).await?)))
}

/// Change a brief by a merge patch
///
/// Snapshots that were made of it stay as they are. With `If-Match` and the tag of the brief it is refused where the brief was changed.
#[utoipa::path(patch, path = "/api/v1/briefs/{id}", tag = "briefs", params(("id" = String, Path)),
    request_body(content((BriefPatch = "application/json"), (BriefPatch = "application/merge-patch+json"))),
    responses((status = 200, body = BriefView), (status = 412)))]
pub(crate) async fn patch_brief(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    wanted: IfMatch,
    Json(patch): Json<Value>,
) -> Result<axum::Json<BriefView>, Problem> {
    let mut seen = None;
    if wanted.is_asked() {
        let brief = door.studio.brief(&id).await?;
        wanted.fits(&views::brief(&brief))?;
        seen = Some(brief.updated_at);
    }
    Ok(axum::Json(views::brief(&door.studio.change_brief(&id, &patch, seen).await?)))
}

/// Say what deleting a brief would remove
#[utoipa::path(get, path = "/api/v1/briefs/{id}/deletion", tag = "briefs", params(("id" = String, Path)),
    responses((status = 200, body = super::runs::Deletion)))]
pub(crate) async fn brief_deletion(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<Value>, Problem> {
    Ok(axum::Json(door.studio.brief_deletion(&id).await?))
}

/// Delete a brief with everything under it
///
/// Also what a person wrote. For 30 days it can be had back from the bin.
#[utoipa::path(delete, path = "/api/v1/briefs/{id}", tag = "briefs", params(("id" = String, Path), super::runs::WaitQuery),
    responses((status = 204)))]
pub(crate) async fn delete_brief(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<super::runs::WaitQuery>,
) -> Result<StatusCode, Problem> {
    door.studio.delete_brief(&id, query.wait()).await?;
    Ok(StatusCode::NO_CONTENT)
}
