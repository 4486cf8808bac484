//! Changing a run: a pure function over its row, and everything that it says to write.

use std::collections::BTreeMap;

use studio::{
    ports::{Made, Micros, Refused, StoreError, Transition, Usage, Write},
    run::Run,
};

use crate::{artifacts, events, journal, remembered::Remembered, requests, runs, state, steps, tx::Tx};

/// Changes one run, or nothing at all.
///
/// Usage that the writes add is added in the same statements that save the run and the attempt.
pub(crate) async fn change(
    tx: &Tx,
    run_id: &str,
    transition: &Transition,
    now: Micros,
    remembered: &Remembered,
) -> Result<Run, StoreError> {
    let before = runs::take(tx, run_id).await?;
    let mut run = before.clone();
    run.updated_at = now;
    let writes = match transition(&mut run) {
        Ok(writes) => writes,
        Err(Refused::Unchanged) => return Ok(before),
        Err(refused) => return Err(refused.into()),
    };

    let mut used = Usage::NONE;
    let mut used_by_step: BTreeMap<&str, Usage> = BTreeMap::new();
    let mut told = Vec::new();
    for write in &writes {
        match write {
            Write::Journal(call) => {
                used = used.and(call.usage);
                let step = used_by_step.entry(call.step_id.as_str()).or_insert(Usage::NONE);
                *step = step.and(call.usage);
            }
            Write::Event { name, data } => told.push((*name, data)),
            _ => {}
        }
    }
    run.id = before.id;
    run.created_at = before.created_at;
    run.updated_at = now;
    run.usage = before.usage;
    run.last_event = before.last_event + i64::try_from(told.len()).unwrap_or(0);
    runs::save(tx, &run, used)?;
    run.usage = run.usage.and(used);

    // The next success that there can be: of the piece of work that is begun, else of the next one.
    let begun = before.active_step.is_some() || before.open.is_some();
    let coming = if begun { before.last_index } else { before.last_index + 1 };
    for write in &writes {
        match write {
            Write::InsertStep(step) => steps::insert(tx, step)?,
            Write::UpdateStep(step) => {
                let more = used_by_step.remove(step.id.as_str()).unwrap_or(Usage::NONE);
                steps::save(tx, step, more)?;
            }
            Write::State(changes) => {
                state::write(tx, run_id, changes);
                changes.iter().flat_map(|(_, value)| value).for_each(|value| remembered.keep_value(&value.hash, &value.json));
            }
            Write::CloseStep { step_id, status, error, finished_at } => {
                steps::close(tx, run_id, step_id, *status, error.as_deref(), *finished_at)?;
            }
            Write::SpendCalls { index } => journal::spend(tx, run_id, *index),
            Write::RejectCalls { call_ids } => journal::reject(tx, run_id, call_ids),
            Write::Journal(call) => journal::insert(tx, call)?,
            Write::KeepVersion(version) => artifacts::keep(tx, &run, version, version.step_index.unwrap_or(coming), now).await?,
            Write::Renumber(places) => artifacts::renumber(tx, run_id, places),
            Write::MarkLater { after, finding } => artifacts::mark_later(tx, run_id, *after, finding)?,
            Write::KeepReading(reading) => artifacts::keep_reading(tx, reading, coming).await?,
            Write::Asked { ticket } => requests::done(tx, ticket, &Made::Command { run_id: run_id.to_owned() }).await?,
            Write::Event { .. } => {}
        }
    }
    for (step_id, more) in used_by_step {
        steps::add_usage(tx, run_id, step_id, more);
    }
    events::append(tx, run_id, before.last_event + 1, &told, run.author.as_deref(), now)?;
    Ok(run)
}
