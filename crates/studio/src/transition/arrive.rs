use super::{take_over, updated};
use crate::{
    ports::{Advance, Micros, Refused},
    run::{ClaimedBy, Run},
};

/// A run comes out of a project file: nobody works on it any more, and nothing goes on by itself until somebody says so.
pub fn arrive(run: &mut Run, now: Micros) -> Advance {
    if run.active_step.is_none() && !run.autorun {
        return Err(Refused::Unchanged);
    }
    run.autorun = false;
    run.until = None;
    run.due_at = None;
    run.retry = None;
    if run.active_step.is_none() {
        return Ok(vec![updated(run)]);
    }
    // Whoever worked on it where it comes from is as good as dead here.
    let elsewhere = "elsewhere";
    run.claim = Some(ClaimedBy { node: elsewhere.into(), kind: "step".into() });
    take_over(run, elsewhere, now)
}
