use std::sync::Arc;

use super::{Studio, kinds};
use crate::{
    error::Error,
    ports::{Micros, ModelInfo, Money},
    run::{Budget, PauseReason, Run, Status},
    status::{self, After, Decision},
    transition::{command, room_for_prompt},
};

/// What is to be different about a run; what is absent stays. An inner none takes the thing away.
#[derive(Debug, Clone, Default)]
pub struct RunChange {
    #[allow(missing_docs)]
    pub label: Option<Option<String>>,
    #[allow(missing_docs)]
    pub budget: Option<Option<BudgetChange>>,
    #[allow(missing_docs)]
    pub pause_before: Option<Vec<String>>,
    /// `rehearsal`, or `provider/model`.
    pub model: Option<String>,
}

/// What is to be different about a budget.
#[derive(Debug, Clone, Copy, Default)]
pub struct BudgetChange {
    /// In nano-dollars.
    pub max_cost: Option<Option<Money>>,
    #[allow(missing_docs)]
    pub max_tokens: Option<Option<u64>>,
}

impl Studio {
    /// Changes a run's label, limits, gates or model. A budget raised above what is spent resumes a run that is paused for it.
    pub async fn change_run(&self, run_id: &str, change: RunChange) -> Result<Run, Error> {
        let run = self.store.run(run_id).await?;
        if let Some(Some(label)) = &change.label {
            super::briefs::check_title("/label", label)?;
        }
        if let Some(steps) = &change.pause_before {
            kinds::check_steps(run.kind, steps)?;
        }
        let mut window = None;
        if change.model.is_some() || change.budget.is_some() {
            let info = self.model("/model", change.model.as_deref().unwrap_or(&run.model))?;
            check_priced(&info, changed_budget(run.budget, change.budget))?;
            let spec = self.store.snapshot(&run.snapshot_id).await?.brief.output_spec();
            window = change.model.is_some().then(|| room_for_prompt(info.window, &spec));
        }
        let now = self.clock.now();
        let decide = move |run: &mut Run| change_row(run, &change, window, now);
        self.change(run_id, Arc::new(move |run| command(run, now, &decide))).await
    }

    /// What is known about a model that can be named.
    pub(super) fn model(&self, pointer: &str, name: &str) -> Result<ModelInfo, Error> {
        self.models.info(name).map_err(|e| Error::field(pointer, crate::problem::sentence(&e.to_string()), e.hint()))
    }
}

/// A budget in money can only be held where the price is known.
pub(super) fn check_priced(info: &ModelInfo, budget: Option<Budget>) -> Result<(), Error> {
    if budget.is_some_and(|b| b.max_cost.is_some()) && !info.priced {
        let detail = format!("The price of {} is not known, so a budget in money cannot be held.", info.name);
        let hint = "Leave the budget in money out, or choose a model whose price `fabulist models` shows.";
        return Err(Error::field("/budget/max_cost_usd", detail, hint));
    }
    Ok(())
}

fn changed_budget(old: Option<Budget>, change: Option<Option<BudgetChange>>) -> Option<Budget> {
    match change {
        None => old,
        Some(None) => None,
        Some(Some(change)) => {
            let old = old.unwrap_or_default();
            Some(Budget { max_cost: change.max_cost.unwrap_or(old.max_cost), max_tokens: change.max_tokens.unwrap_or(old.max_tokens) })
        }
    }
}

fn change_row(run: &mut Run, change: &RunChange, window: Option<u64>, now: Micros) -> Decision {
    let before = run.clone();
    if let Some(label) = &change.label {
        run.label.clone_from(label);
    }
    run.budget = changed_budget(run.budget, change.budget);
    if let Some(steps) = &change.pause_before {
        run.pause_before.clone_from(steps);
    }
    if let Some(model) = &change.model {
        run.model.clone_from(model);
        run.context_budget = window.unwrap_or(run.context_budget);
    }
    let waits_for_it = run.status == Status::Paused && run.pause.as_ref().is_some_and(|p| p.reason == PauseReason::Budget);
    if waits_for_it && run.budget != before.budget && has_room(run) {
        status::resume(run, now)?;
    }
    Ok(if *run == before { After::Unchanged } else { After::Changed })
}

/// Whether the budget lies above what is spent.
fn has_room(run: &Run) -> bool {
    let Some(budget) = run.budget else { return true };
    let tokens = run.usage.input_tokens + run.usage.output_tokens;
    let cost = budget.max_cost.is_none_or(|max| run.usage.cost.is_some_and(|spent| spent < max));
    cost && budget.max_tokens.is_none_or(|max| tokens < max)
}
