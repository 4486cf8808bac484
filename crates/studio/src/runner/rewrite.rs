//! A rewrite: one call outside of any step.

use story::{
    context::assemble,
    rewrite::{Rewrite, Rewritten},
    state::RunState,
    tasks::Answer,
};
use tokio_util::sync::CancellationToken;

use super::{
    Runner, Worker,
    fault::{Ended, StepFault},
};
use crate::ports::{LoadedRun, Usage};

/// What came of a rewrite.
#[derive(Debug)]
pub(crate) struct Written {
    /// The whole text.
    pub(crate) text: String,
    /// The journal rows, under their own owner.
    pub(crate) call_ids: Vec<String>,
    pub(crate) used: Usage,
}

impl Runner {
    /// Asks for passages of a text in other words. Nothing is claimed and nothing changed; the call is journaled under `owner`.
    pub(crate) async fn rewrite(
        &self,
        loaded: LoadedRun,
        state: RunState,
        rewrite: &Rewrite<'_>,
        of: Rewritten<'_>,
        owner: String,
    ) -> Result<Written, Ended> {
        let job = self.aside(loaded, state, owner);
        let stop = CancellationToken::new();
        let mut worker = Worker { runner: self, job: &job, stop: &stop, used: Usage::NONE, to_journal: Vec::new(), asked: Vec::new() };
        let context = assemble(&job.brief, &job.state, worker.context_budget().await);
        let call = rewrite.ask(&job.brief, &context, of, job.state.output_spec().seed);
        let Answer::Text(told) = worker.ask(&call).await? else { return Err(Ended::Interrupted) };
        let (call_ids, used) = (worker.asked, worker.used);
        match rewrite.take(&told) {
            Ok(text) => Ok(Written { text, call_ids, used }),
            Err(why) => {
                let detail = format!("The answer cannot be used: {why}.");
                let hint = "Nothing was changed. Say more exactly what is to be different, or choose a stronger model.";
                Err(StepFault::of_answer("unusable-answer", detail, hint).in_call(call.task, &call.slot).blaming(call_ids).into())
            }
        }
    }
}
