//! What a run will take, from what was recorded.

use story::state::RunState;

use super::{RunRequest, Studio};
use crate::{
    brief::Snapshot,
    error::Error,
    forecast::{Amounts, Basis, Forecast, Plan, Sample, forecast, samples},
    ports::{LoadedRun, Money, RunFilter, Usage},
    run::{Kind, Run, Status},
    runner::stored_state::read,
};

/// Finished runs that are looked at.
const MOST_RUNS: usize = 5;

/// A forecast, and what it rests on.
#[derive(Debug, Clone)]
pub struct Foretold {
    #[allow(missing_docs)]
    pub kind: Kind,
    #[allow(missing_docs)]
    pub model: String,
    /// Units that are still to be written.
    pub units: u32,
    #[allow(missing_docs)]
    pub basis: Basis,
    /// Units whose records it rests on.
    pub seen: usize,
    /// What is still to come.
    pub amounts: Forecast,
    /// Nano-dollars, low, likely and high; none where the price is not known.
    pub cost: Option<[Money; 3]>,
}

impl Studio {
    /// What is still to come of a run: from its own finished units, else from finished runs of its kind and model, else by rule.
    pub async fn forecast(&self, run_id: &str) -> Result<Foretold, Error> {
        let loaded = self.store.load(run_id).await?;
        let plan = self.plan_of(&loaded)?;
        let (planned, own) = samples(&plan, &self.store.step_costs(run_id).await?);
        self.foretold(&loaded.run, &plan, planned.is_some(), own).await
    }

    /// What a run would take that is asked for like this. Nothing is created, no model is called.
    pub async fn forecast_new(&self, snapshot: &Snapshot, request: RunRequest) -> Result<Foretold, Error> {
        let (run, state) = self.thought_out(snapshot, request).await?;
        let plan = Plan::of(&run, &state, &brief_text(&snapshot.brief), self.is_offline(&run)?);
        self.foretold(&run, &plan, false, Vec::new()).await
    }

    async fn foretold(&self, run: &Run, plan: &Plan, planned: bool, own: Vec<Sample>) -> Result<Foretold, Error> {
        let (basis, samples) = match own.is_empty() {
            false => (Basis::OwnUnits, own),
            true => match self.samples_of_others(run).await? {
                others if others.is_empty() => (Basis::Rule, others),
                others => (Basis::OtherRuns, others),
            },
        };
        let ended = matches!(run.status, Status::Succeeded | Status::Canceled);
        let done = if ended { plan.units } else { run.progress.done.min(plan.units) };
        let amounts = forecast(plan, done, planned || ended, &samples);
        let cost = |amounts: Amounts| self.models.cost(&run.model, &usage(amounts));
        let costs = [amounts.low, amounts.likely, amounts.high].map(cost);
        let cost = if let [Some(low), Some(likely), Some(high)] = costs { Some([low, likely, high]) } else { None };
        let seen = samples.len();
        Ok(Foretold { kind: run.kind, model: run.model.clone(), units: plan.units - done, basis, seen, amounts, cost })
    }

    /// What the last finished runs of the same kind with the same model took.
    async fn samples_of_others(&self, run: &Run) -> Result<Vec<Sample>, Error> {
        let filter = RunFilter { kind: Some(run.kind), status: Some(Status::Succeeded), limit: Some(200), ..RunFilter::default() };
        let alike = |other: &Run| other.model == run.model && other.id != run.id && other.forked_from.is_none() && other.usage.calls > 0;
        let page = self.store.runs(filter).await?;
        let mut all = Vec::new();
        for other in page.items.into_iter().filter(alike).take(MOST_RUNS) {
            let loaded = self.store.load(&other.id).await?;
            let (planning, units) = samples(&self.plan_of(&loaded)?, &self.store.step_costs(&other.id).await?);
            all.extend(planning.into_iter().chain(units));
        }
        Ok(all)
    }

    fn plan_of(&self, loaded: &LoadedRun) -> Result<Plan, Error> {
        let state: RunState = read(loaded.run.kind, &loaded.state)?;
        Ok(Plan::of(&loaded.run, &state, &brief_text(&loaded.brief), self.is_offline(&loaded.run)?))
    }

    fn is_offline(&self, run: &Run) -> Result<bool, Error> {
        Ok(self.models.info(&run.model)?.repeatable)
    }
}

/// What prompts say of a brief, about.
fn brief_text(brief: &story::brief::FrozenBrief) -> String {
    let mut content = serde_json::json!(brief.content);
    if let Some(content) = content.as_object_mut() {
        content.remove("output_spec");
    }
    let mut text = String::new();
    words(&content, &mut text);
    text
}

/// The words of a value, without its keys.
fn words(value: &serde_json::Value, text: &mut String) {
    match value {
        serde_json::Value::String(words) => {
            text.push_str(words);
            text.push('\n');
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| words(item, text)),
        serde_json::Value::Object(map) => map.values().for_each(|item| words(item, text)),
        _ => {}
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "amounts are not below zero")]
fn usage(amounts: Amounts) -> Usage {
    let [calls, input_tokens, cached_input_tokens, output_tokens] =
        [amounts.calls, amounts.input, amounts.cached, amounts.output].map(|n| n.round() as u64);
    Usage { calls, input_tokens, cached_input_tokens, output_tokens, cost: None }
}
