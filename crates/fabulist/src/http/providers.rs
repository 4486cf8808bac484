//! Which models are in reach.

use axum::extract::State;
use serde::Serialize;
use studio::views::dollars;
use utoipa::ToSchema;

use super::{Door, extract::Query, lists::NoQuery, problem::Problem};

/// Every provider that can be named, and the model of runs that name none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProviderList {
    items: Vec<ProviderView>,
    /// Taken by runs that name none: `rehearsal`, or `provider/model`.
    default_model: String,
}

/// A provider of models. Its key is never shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Provider)]
pub(crate) struct ProviderView {
    provider: String,
    /// Whether it can be asked: its key or address is there.
    configured: bool,
    /// What it needs to be asked; null where nothing is missing.
    #[schema(required)]
    needs: Option<String>,
    /// A model of it, as a run names it.
    example: String,
    /// The models that it is known to have now.
    at_hand: Vec<String>,
    /// Dollars for a million tokens of the example that are read; null where the price is unknown.
    #[schema(required)]
    input_usd_per_million: Option<f64>,
    /// Dollars for a million tokens that are written.
    #[schema(required)]
    output_usd_per_million: Option<f64>,
}

/// Show which models are in reach
///
/// Nobody is asked but an Ollama, which needs no key.
#[utoipa::path(get, path = "/api/v1/settings/providers", tag = "settings", responses((status = 200, body = ProviderList)))]
pub(crate) async fn get_providers(
    State(door): State<Door>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<axum::Json<ProviderList>, Problem> {
    let view = |row: llm::ProviderListing| ProviderView {
        provider: row.provider,
        configured: row.configured,
        needs: row.needs,
        example: row.example,
        at_hand: row.at_hand,
        input_usd_per_million: row.price.map(|price| dollars(price.input)),
        output_usd_per_million: row.price.map(|price| dollars(price.output)),
    };
    let items = door.providers.look().await.into_iter().map(view).collect();
    Ok(axum::Json(ProviderList { items, default_model: door.model.to_string() }))
}
