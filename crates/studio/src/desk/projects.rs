use super::Studio;
use crate::{
    error::Error,
    ids::ticket,
    ports::Made,
    project::{Binned, Imported},
};

impl Studio {
    /// A brief with everything under it as one file.
    pub async fn project(&self, brief_id: &str) -> Result<Vec<u8>, Error> {
        Ok(self.store.project(brief_id).await?)
    }

    /// Takes a project file in, under the ids that it has. Nothing in it goes on by itself.
    pub async fn import_project(&self, bytes: Vec<u8>) -> Result<Imported, Error> {
        if let Some(Made::Project(imported)) = self.made_before().await? {
            return Ok(imported);
        }
        let imported = self.store.import_project(bytes, ticket().as_deref()).await?;
        self.arrived(&imported).await?;
        Ok(imported)
    }

    /// What was deleted and can be had back, the last one first.
    pub async fn bin(&self) -> Result<Vec<Binned>, Error> {
        Ok(self.store.bin().await?)
    }

    /// Puts back what was deleted: a brief, a snapshot or a run, by its id.
    pub async fn restore_from_bin(&self, id: &str) -> Result<Imported, Error> {
        if let Some(Made::Project(restored)) = self.made_before().await? {
            return Ok(restored);
        }
        let restored = self.store.restore_from_bin(id, ticket().as_deref()).await?;
        self.arrived(&restored).await?;
        Ok(restored)
    }

    async fn arrived(&self, imported: &Imported) -> Result<(), Error> {
        for run_id in &imported.runs {
            self.feed.changed(&self.store.run(run_id).await?);
        }
        self.driver.nudge();
        Ok(())
    }
}
