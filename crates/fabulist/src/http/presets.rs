//! Prompt presets.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use story::presets::{Catalog, Catalogs, PromptPreset};
use utoipa::ToSchema;

use super::{
    Door,
    briefs::ScriptFormat,
    extract::{Json, Query},
    lists::NoQuery,
    problem::Problem,
    tags::IfMatch,
};

/// Every catalog of presets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PromptPresets {
    /// For scripts from a brief.
    script: PresetCatalog,
    /// For scripts from a novel.
    novel_to_script: PresetCatalog,
}

/// Catalogs to be put down. One that is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPromptPresets {
    #[serde(default)]
    #[schema(value_type = Option<PresetCatalog>)]
    script: Option<Catalog>,
    #[serde(default)]
    #[schema(value_type = Option<PresetCatalog>)]
    novel_to_script: Option<Catalog>,
}

/// The presets for one kind of work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PresetCatalog {
    /// At most 200.
    presets: Vec<PromptPresetView>,
    /// The one that is taken where a run names none; null for none.
    #[schema(required)]
    default_id: Option<String>,
}

/// Instructions for writing a script. Unknown fields are ignored.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromptPreset)]
pub(crate) struct PromptPresetView {
    #[schema(min_length = 1, max_length = 100)]
    id: String,
    #[schema(min_length = 1, max_length = 300)]
    name: String,
    /// What the model reads.
    #[schema(min_length = 1, max_length = 20_000)]
    text: String,
    /// The form that the text asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ScriptFormat>)]
    script_format: Option<story::output_spec::ScriptFormat>,
    /// BCP 47: the language that the script is written in.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

impl From<PromptPreset> for PromptPresetView {
    fn from(preset: PromptPreset) -> Self {
        let PromptPreset { id, name, text, script_format, language } = preset;
        Self { id, name, text, script_format, language }
    }
}

impl From<Catalog> for PresetCatalog {
    fn from(catalog: Catalog) -> Self {
        Self { presets: catalog.presets.into_iter().map(Into::into).collect(), default_id: catalog.default_id }
    }
}

impl From<Catalogs> for PromptPresets {
    fn from(catalogs: Catalogs) -> Self {
        Self { script: catalogs.script.into(), novel_to_script: catalogs.novel_to_script.into() }
    }
}

/// Show the prompt presets
#[utoipa::path(get, path = "/api/v1/settings/prompt-presets", tag = "settings", responses((status = 200, body = PromptPresets)))]
pub(crate) async fn get_prompt_presets(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<PromptPresets>, Problem> {
    Ok(axum::Json(door.studio.prompt_presets().await?.into()))
}

/// Replace the prompt presets
///
/// What GET gave can be PUT. A default that is not among the presets is refused. With `If-Match` and the tag of the presets it is refused
/// where they were changed.
#[utoipa::path(put, path = "/api/v1/settings/prompt-presets", tag = "settings", request_body = NewPromptPresets,
    responses((status = 200, body = PromptPresets), (status = 412)))]
pub(crate) async fn put_prompt_presets(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
    wanted: IfMatch,
    Json(new): Json<NewPromptPresets>,
) -> Result<axum::Json<PromptPresets>, Problem> {
    let old = door.studio.prompt_presets().await?;
    wanted.fits(&PromptPresets::from(old.clone()))?;
    let seen = old.clone();
    let catalogs =
        Catalogs { script: new.script.unwrap_or(old.script), novel_to_script: new.novel_to_script.unwrap_or(old.novel_to_script) };
    let kept = if wanted.is_asked() {
        door.studio.swap_prompt_presets(&seen, catalogs).await?
    } else {
        door.studio.put_prompt_presets(catalogs).await?
    };
    Ok(axum::Json(kept.into()))
}
