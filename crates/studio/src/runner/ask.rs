//! One call, through the journal: an answer that is there is taken, one that comes is written down before anything is done with it.

use std::sync::Mutex;

use serde_json::json;
use story::{
    canonical::{canonical_json, hash_text},
    tasks::{Answer, Call, Wanted, find_json},
    text::{tokens, without_overlap},
};
use tracing::Instrument as _;

use super::{
    Worker,
    fault::{Ended, StepFault},
    seen::{self, Calling},
};
use crate::{
    fail_point::fail_point,
    feed::Notice,
    ids::new_id,
    journal::{JournaledCall, Standing},
    meters::provider_of,
    ports::{Finish, Reply, StoreError, Usage},
};

/// How often an answer that was cut by its length is gone on with.
const MOST_CONTINUATIONS: u32 = 6;

impl Worker<'_> {
    /// Asks for prose or for a checked JSON object, with at most one repair, or with continuations where the length cut it.
    pub(super) async fn ask(&mut self, call: &Call) -> Result<Answer, Ended> {
        match call.wanted {
            Wanted::Prose => self.ask_prose(call).await,
            Wanted::Json { check, .. } => self.ask_json(call, check).await,
        }
    }

    async fn ask_prose(&mut self, call: &Call) -> Result<Answer, Ended> {
        let mut ids = Vec::new();
        let mut text = String::new();
        for n in 0..=MOST_CONTINUATIONS {
            let mut part = call.clone();
            if n > 0 {
                part.slot = format!("{}/continue/{n}", call.slot);
                part.prompt = call.prompt.go_on(&text, self.tongue());
            }
            let (id, reply) = self.one_call(&part, text.chars().count()).await?;
            ids.push(id);
            let more = if n == 0 { reply.text.as_str() } else { without_overlap(&text, &reply.text) };
            let grew = !more.trim().is_empty();
            text.push_str(more);
            match reply.finish {
                Finish::Stop if !text.trim().is_empty() => return Ok(Answer::Text(text)),
                Finish::Length if grew => {}
                Finish::Stop | Finish::Length => {
                    let fault =
                        StepFault::of_answer("blank-answer", "The model wrote nothing.".into(), "Try again, or choose another model.");
                    return Err(fault.in_call(call.task, &part.slot).blaming(ids).into());
                }
                Finish::Refused => {
                    return Err(refused().in_call(call.task, &part.slot).blaming(ids).into());
                }
            }
        }
        let detail = format!("The answer was still cut off by its length after {MOST_CONTINUATIONS} continuations.");
        let fault = StepFault::of_answer("cut-off", detail, "Ask for shorter chapters, or choose a model that writes longer answers.");
        Err(fault.in_call(call.task, &call.slot).blaming(ids).into())
    }

    async fn ask_json(&mut self, call: &Call, check: fn(&serde_json::Value) -> Result<(), String>) -> Result<Answer, Ended> {
        let mut ids = Vec::new();
        let mut part = call.clone();
        let mut fault = String::new();
        for n in 0..2 {
            if n > 0 {
                part.slot = format!("{}/repair/{n}", call.slot);
            }
            let (id, reply) = self.one_call(&part, 0).await?;
            ids.push(id);
            fault = match (reply.finish, find_json(&reply.text)) {
                (Finish::Refused, _) => {
                    return Err(refused().in_call(call.task, &part.slot).blaming(ids).into());
                }
                (_, Some(value)) => match check(&value) {
                    Ok(()) => return Ok(Answer::Json(value)),
                    Err(fault) => fault,
                },
                (Finish::Length, None) => "the answer was cut off by its length".to_owned(),
                (Finish::Stop, None) => "there is no JSON object in it".to_owned(),
            };
            part.prompt = call.prompt.repair(&reply.text, &fault, self.tongue());
        }
        let detail = format!("The model's answer does not fit what was asked, also after one repair: {fault}.");
        let fault = StepFault::of_answer("schema-missed", detail, "Try again, or choose a stronger model.");
        Err(fault.in_call(call.task, &call.slot).blaming(ids).into())
    }

    /// One request and its answer: from the journal where an open row has it, else from the model. Returns the row's id.
    async fn one_call(&mut self, call: &Call, offset: usize) -> Result<(String, Reply), Ended> {
        let span = seen::call(call, &self.job.run.model);
        self.call(call, offset).instrument(span).await
    }

    async fn call(&mut self, call: &Call, offset: usize) -> Result<(String, Reply), Ended> {
        let runner = self.runner;
        let provider = provider_of(&*runner.models, &self.job.run.model);
        let calling = || Calling::begin(&runner.meters, provider, call);
        let settings = json!({
            "schema": match &call.wanted { Wanted::Json { schema, .. } => Some(schema), Wanted::Prose => None },
            "max_tokens": call.max_tokens, "seed": call.seed, "draw": call.draw,
        });
        self.journal_before_more().await?;
        let run = &self.job.run;
        let request_hash = hash_text(&canonical_json(&json!({ "model": run.model, "prompt": call.prompt, "settings": settings })));
        if !self.job.repeatable && self.job.owner.is_none() {
            let known = self.runner.store.open_answer(&run.id, &call.slot, &request_hash).await?;
            fail_point("looked-up");
            if let Some(row) = known {
                self.asked.push(row.id.clone());
                calling().known();
                return Ok((row.id, Reply { text: row.response, finish: row.finish, usage: Usage::NONE }));
            }
        }
        self.hold_budget(call)?;
        let model = self.runner.models.open(&run.model).map_err(|e| StepFault::of_model(&e).in_call(call.task, &call.slot))?;
        let begun = std::time::Instant::now();
        let calling = calling();
        let partial = Mutex::new(String::new());
        let mut on_text = self.listener(call, offset, &partial);
        let answer = tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            answer = model.ask(call, &mut on_text) => Some(answer),
        };
        drop(on_text);
        fail_point("answered");
        let partial = partial.into_inner().unwrap_or_default();
        let aborted = answer.is_none();
        if aborted {
            if matches!(call.wanted, Wanted::Prose) && !partial.is_empty() && self.job.owner.is_none() {
                self.runner.store.leave_partial_text(&self.job.claim.step_id, &partial).await?;
                fail_point("left-partial");
            }
            if partial.is_empty() || self.job.repeatable || self.job.owner.is_some() {
                return Err(Ended::Interrupted);
            }
        }
        // A call that broke off is paid for as far as it got: it stands in the journal too, and is never taken for an answer.
        let (reply, broken) = match answer {
            // Whoever is cut off says no more what it has counted: it is estimated.
            None => {
                let usage = self.estimate(call, &partial);
                calling.interrupted(usage);
                (Reply { text: partial, finish: Finish::Length, usage }, None)
            }
            Some(Ok(reply)) => {
                calling.answered(&reply.usage);
                (reply, None)
            }
            Some(Err(error)) => {
                calling.failed(error.used());
                let fault = StepFault::of_model(&error).in_call(call.task, &call.slot);
                let Some(usage) = error.used() else { return Err(fault.into()) };
                (Reply { text: partial, finish: Finish::Length, usage }, Some(fault))
            }
        };
        let row = JournaledCall {
            id: new_id(),
            run_id: run.id.clone(),
            step_id: self.job.claim.step_id.clone(),
            step_index: self.job.claim.index,
            attempt: self.job.claim.attempt,
            slot: call.slot.clone(),
            task: call.task.to_owned(),
            model: run.model.clone(),
            request_hash,
            prompt: call.prompt.clone(),
            settings: if aborted { estimated(settings) } else { settings },
            response: reply.text.clone(),
            finish: reply.finish,
            standing: if aborted || broken.is_some() { Standing::Rejected } else { Standing::Open },
            usage: reply.usage,
            latency_ms: i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX),
            created_at: self.runner.clock.now(),
        };
        if aborted {
            // The run may be gone by now, and its count with it.
            match self.runner.store.journal(row).await {
                Ok(()) | Err(StoreError::NotFound { .. }) => return Err(Ended::Interrupted),
                Err(error) => return Err(error.into()),
            }
        }
        let id = row.id.clone();
        self.asked.push(id.clone());
        self.used = self.used.and(reply.usage);
        if let Some(owner) = &self.job.owner {
            // Of no step: it stands under its own owner, and counts for no run.
            self.runner.store.journal_aside(&run.brief_id, owner, serde_json::json!(crate::views::call(&row, false))).await?;
            fail_point("journaled");
        } else {
            self.to_journal.push(std::sync::Arc::new(row));
        }
        if let Some(fault) = broken {
            return Err(fault.blaming(vec![id]).into());
        }
        Ok((id, reply))
    }

    /// Hands prose on as it comes, and keeps it for the case that the step is aborted.
    fn listener<'p>(&self, call: &Call, offset: usize, partial: &'p Mutex<String>) -> impl FnMut(&str) + Send + use<'p> {
        let feed = self.runner.feed.clone();
        // Of no step: nobody who follows the run reads it as the step's prose.
        let is_prose = matches!(call.wanted, Wanted::Prose) && self.job.owner.is_none();
        let (run_id, slot): (std::sync::Arc<str>, std::sync::Arc<str>) = (self.job.run.id.as_str().into(), call.slot.as_str().into());
        let (step_index, attempt) = (self.job.claim.index, self.job.claim.attempt);
        let mut at = offset;
        move |text: &str| {
            if let Ok(mut partial) = partial.lock() {
                partial.push_str(text);
            }
            if !is_prose {
                return;
            }
            if feed.is_heard() {
                feed.tell(Notice::Delta { run_id: run_id.clone(), step_index, attempt, slot: slot.clone(), offset: at, text: text.into() });
            }
            at += text.chars().count();
        }
    }

    /// What a call has used that was cut off after these words.
    fn estimate(&self, call: &Call, partial: &str) -> Usage {
        let used =
            Usage { calls: 1, input_tokens: call.prompt.tokens(), cached_input_tokens: 0, output_tokens: tokens(partial), cost: None };
        Usage { cost: self.runner.models.cost(&self.job.run.model, &used), ..used }
    }

    /// Stops before the call that could pass the budget, not after it.
    fn hold_budget(&self, call: &Call) -> Result<(), StepFault> {
        let Some(budget) = self.job.run.budget else { return Ok(()) };
        let used = self.job.run.usage.and(self.used);
        let input = call.prompt.tokens();
        let thinking = self.runner.models.info(&self.job.run.model).map_or(0, |info| info.thinking);
        let output = call.max_tokens.saturating_add(thinking);
        let most = Usage { calls: 1, input_tokens: input, cached_input_tokens: 0, output_tokens: output, cost: None };
        if let Some(max) = budget.max_tokens {
            let after = used.input_tokens + used.output_tokens + input + output;
            if after > max {
                return Err(StepFault::of_budget(format!("The next call could bring the run to {after} tokens; its budget is {max}.")));
            }
        }
        if let Some(max) = budget.max_cost {
            let next = self.runner.models.cost(&self.job.run.model, &most);
            let Some(after) = used.cost.zip(next).map(|(used, next)| used + next) else {
                let detail = "What the run has cost, or what its next call may cost, is not known, so its budget in money cannot be held.";
                return Err(StepFault::of_budget(detail.into()));
            };
            if after > max {
                let (after, max) = (crate::views::dollars(after), crate::views::dollars(max));
                return Err(StepFault::of_budget(format!("The next call could bring the run to ${after:.4}; its budget is ${max:.2}.")));
            }
        }
        Ok(())
    }
}

/// The settings of a call whose usage nobody has counted.
fn estimated(mut settings: serde_json::Value) -> serde_json::Value {
    settings["estimated"] = true.into();
    settings
}

/// The provider's filter held the answer back.
fn refused() -> StepFault {
    let hint = "Change the plan of this chapter, or choose another model.";
    StepFault::of_answer("refused", "The provider's filter held the answer back.".into(), hint)
}
