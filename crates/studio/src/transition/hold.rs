use super::updated;
use crate::{
    ports::{Advance, Micros, Refused},
    run::{Run, Status},
    status,
};

/// A person waits for a turn: until then autorun begins no further step. Renewed while the person waits, and forgotten otherwise.
pub fn hold(run: &mut Run, until: Micros) -> Advance {
    if run.status == Status::Canceled {
        return Err(Refused::Unchanged);
    }
    status::hold(run, until);
    Ok(Vec::new())
}

/// Nobody waits any more.
pub fn let_go(run: &mut Run, now: Micros) -> Advance {
    if run.hold_until.take().is_none() {
        return Err(Refused::Unchanged);
    }
    if run.due_at.is_some() && run.retry.is_none() {
        run.due_at = Some(now);
        return Ok(vec![updated(run)]);
    }
    Ok(Vec::new())
}
