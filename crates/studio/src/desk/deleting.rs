use serde_json::Value;

use super::Studio;
use crate::error::Error;

impl Studio {
    /// What deleting the run would remove and keep.
    pub async fn deletion_preview(&self, run_id: &str) -> Result<Value, Error> {
        Ok(self.store.deletion_preview(run_id).await?)
    }

    /// Deletes the run: invisible at once, its rows are gone within a minute. With `wait` it answers when they are.
    pub async fn delete(&self, run_id: &str, keep_user_versions: bool, wait: bool) -> Result<(), Error> {
        self.store.delete_run(run_id, keep_user_versions).await?;
        self.gone(run_id);
        self.swept(wait).await
    }

    /// What deleting the brief would remove.
    pub async fn brief_deletion(&self, id: &str) -> Result<Value, Error> {
        Ok(self.store.brief_deletion(id).await?)
    }

    /// Deletes the brief with everything under it, what a person wrote too. See [`Self::delete`].
    pub async fn delete_brief(&self, id: &str, wait: bool) -> Result<(), Error> {
        self.store.delete_brief(id).await?;
        self.delete_orphans().await?;
        self.swept(wait).await
    }

    /// What deleting the snapshot would remove and keep.
    pub async fn snapshot_deletion(&self, id: &str) -> Result<Value, Error> {
        Ok(self.store.snapshot_deletion(id).await?)
    }

    /// Deletes the snapshot with its runs; what a person wrote stays with the brief where it is to be kept. See [`Self::delete`].
    pub async fn delete_snapshot(&self, id: &str, keep_user_versions: bool, wait: bool) -> Result<(), Error> {
        self.store.delete_snapshot(id, keep_user_versions).await?;
        self.delete_orphans().await?;
        self.swept(wait).await
    }

    /// Deletes the runs of what was deleted, few in a transaction: nobody waits long behind many.
    async fn delete_orphans(&self) -> Result<(), Error> {
        loop {
            let deleted = self.store.delete_orphans().await?;
            if deleted.is_empty() {
                return Ok(());
            }
            deleted.iter().for_each(|run_id| self.gone(run_id));
        }
    }

    fn gone(&self, run_id: &str) {
        self.driver.interrupt(run_id);
        self.feed.gone(run_id);
    }

    async fn swept(&self, wait: bool) -> Result<(), Error> {
        self.driver.nudge();
        while wait && self.store.sweep().await? {}
        Ok(())
    }
}
