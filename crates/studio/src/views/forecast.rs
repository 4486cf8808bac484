use serde::Serialize;

use super::dollars;
use crate::{
    desk::Foretold,
    forecast::{Amounts, Basis},
    run::Kind,
};

/// What is still to come of a run.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Forecast))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct ForecastView {
    pub kind: Kind,
    pub model: String,
    /// Chapters, scenes or episodes that are still to be written.
    pub units: u32,
    pub based_on: Basis,
    /// How many finished pieces of work it rests on; 0 for the rule alone.
    pub seen: usize,
    pub calls: RangeView,
    pub input_tokens: RangeView,
    pub cached_input_tokens: RangeView,
    pub output_tokens: RangeView,
    /// Null where a price is unknown.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub cost_usd: Option<RangeView>,
    pub seconds: RangeView,
}

/// From low to high.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Range))]
#[allow(missing_docs, reason = "the contract's own names")]
pub struct RangeView {
    pub low: f64,
    pub likely: f64,
    pub high: f64,
}

/// `forecast` of the contract.
pub fn forecast(told: &Foretold) -> ForecastView {
    let range = |of: fn(&Amounts) -> f64| {
        let [low, likely, high] = [told.amounts.low, told.amounts.likely, told.amounts.high].map(|amounts| of(&amounts));
        RangeView { low: low.floor(), likely: likely.round(), high: high.ceil() }
    };
    ForecastView {
        kind: told.kind,
        model: told.model.clone(),
        units: told.units,
        based_on: told.basis,
        seen: told.seen,
        calls: range(|amounts| amounts.calls),
        input_tokens: range(|amounts| amounts.input),
        cached_input_tokens: range(|amounts| amounts.cached),
        output_tokens: range(|amounts| amounts.output),
        cost_usd: told.cost.map(|[low, likely, high]| RangeView { low: dollars(low), likely: dollars(likely), high: dollars(high) }),
        seconds: range(|amounts| amounts.seconds),
    }
}
