use std::sync::Arc;

use crate::{
    ports::{Advance, KeptVersion, Micros, Write},
    run::{Kind, Run},
    views,
};

/// A version that a person wrote.
#[derive(Debug, Clone)]
pub struct HandVersion {
    #[allow(missing_docs)]
    pub kept: Arc<KeptVersion>,
    /// Its number.
    pub number: i64,
    #[allow(missing_docs)]
    pub now: Micros,
}

/// Keeps a person's version, whatever the run is at: nobody loses a claim by it. A committed chapter waits to be read again.
pub fn hand_version(run: &mut Run, hand: &HandVersion) -> Advance {
    let kept = &hand.kept;
    // What a person makes of a scene or an episode stands as it is; no later one is written from it.
    if run.kind == Kind::Novel && kept.ordinal <= run.progress.done {
        run.unread.insert(kept.unit_id.clone(), kept.version_id.clone());
    }
    let event = views::committed_event(run, kept, hand.number, hand.now);
    Ok(vec![Write::KeepVersion(kept.clone()), Write::Event { name: "artifact.committed", data: event }])
}
