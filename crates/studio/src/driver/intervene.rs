use story::workflow::Instruction;
use tokio::sync::oneshot;

use super::LocalDriver;
use crate::{ports::StoreError, run::Run, runner::intervene::Prepare};

impl LocalDriver {
    /// Carries an instruction out as the step with this id, and answers when that is committed. It does not end when the caller goes away. None while the process
    /// shuts down.
    pub(crate) async fn intervene(
        &self,
        run_id: &str,
        step_id: String,
        asked: Instruction,
        prepare: Prepare,
    ) -> Result<Option<(Run, String)>, StoreError> {
        let Some(place) = self.enter(run_id, false) else { return Ok(None) };
        let (tell, told) = oneshot::channel();
        let driver = self.clone();
        self.inner.tracker.spawn(async move {
            let done = driver.inner.runner.intervene((&place.run_id, step_id), &asked, prepare, &place.stop).await;
            drop(place);
            driver.nudge();
            // The caller may have gone away; what was done is committed all the same.
            let _ = tell.send(done);
        });
        match told.await {
            Ok(done) => done.map(Some),
            Err(_) => Ok(None),
        }
    }
}
