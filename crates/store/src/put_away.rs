//! What was deleted goes into the bin and then from the tables; projects go out and come in.

use std::{path::Path, time::Duration};

use studio::{
    ports::{Store as _, StoreError},
    project::{Binned, Holds, Imported},
};

use crate::{
    bin::{self, Bin},
    delete,
    fault::unusable,
    knowledge,
    project::{self, Mode, Rows, Scope},
    requests,
    store::Store,
    tx::Moment,
};

impl Store {
    /// The same with a bin in this data folder, where the database itself is in none.
    #[must_use]
    pub fn with_bin(mut self, data_folder: &Path) -> Self {
        self.bin = Some(Bin::new(data_folder));
        self
    }

    /// Writes a project file of something that was deleted. True where there was something.
    pub async fn bin_deleted(&self) -> Result<bool, StoreError> {
        let Some(bin) = &self.bin else { return Ok(false) };
        let moment = Moment::begin(&self.readers).await?;
        let Some(due) = bin::due(&moment, self.clock.now()).await? else {
            moment.end().await?;
            return Ok(false);
        };
        let bytes = match bin::contents(&moment, &due).await {
            // Somebody else was faster.
            Err(StoreError::NotFound { .. }) => return Ok(true),
            bytes => bytes?,
        };
        moment.end().await?;
        // No reason to begin nothing any more: what was deleted only stays where it is.
        bin.keep(&due, &bytes).map_err(|error| StoreError::Database(error.to_string()))?;
        self.writer.write(async move |tx| bin::mark(tx, &due).await).await?;
        Ok(true)
    }

    async fn take_in(&self, bytes: Vec<u8>, mode: Mode, ticket: Option<&str>) -> Result<Imported, StoreError> {
        let rows = tokio::task::spawn_blocking(move || Rows::read(&bytes)).await.map_err(|e| StoreError::Database(e.to_string()))??;
        let (now, ticket) = (self.clock.now(), ticket.map(str::to_owned));
        let taken = self.writer.write(async move |tx| project::import(tx, &rows, mode, ticket.as_deref(), now).await).await?;
        knowledge::catch_up(&self.readers, &self.writer).await?;
        Ok(taken)
    }

    /// Removes a slice of what was deleted.
    pub(crate) async fn remove_deleted(&self) -> Result<bool, StoreError> {
        if !self.delete_orphans().await?.is_empty() || self.bin_deleted().await? {
            return Ok(true);
        }
        if let Some(bin) = &self.bin {
            bin.tidy(self.clock.now());
        }
        let (binned, now) = (self.bin.is_some(), self.clock.now());
        if requests::is_any_old(&self.readers, now).await? {
            self.writer.write(async move |tx| requests::sweep(tx, now).await).await?;
            return Ok(true);
        }
        let more = self.writer.write(async move |tx| delete::sweep(tx, binned, now).await).await?;
        if more || !delete::is_anything_left(&self.readers, now).await? {
            return Ok(more);
        }
        // Somebody else has it in hand: whoever waits asks again.
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(true)
    }

    /// A brief with everything under it.
    pub(crate) async fn write_project(&self, brief_id: &str) -> Result<Vec<u8>, StoreError> {
        let moment = Moment::begin(&self.readers).await?;
        let scope = Scope { holds: Holds::Brief, id: brief_id.to_owned(), deleted: false };
        let bytes = project::export(&moment, &scope, self.clock.now()).await?;
        moment.end().await?;
        Ok(bytes)
    }

    /// Takes a project in. What was deleted a moment ago is not in its way.
    pub(crate) async fn read_project(&self, bytes: Vec<u8>, ticket: Option<&str>) -> Result<Imported, StoreError> {
        match self.take_in(bytes.clone(), Mode::Import, ticket).await {
            Err(StoreError::Taken { .. }) if delete::is_anything_left(&self.readers, self.clock.now()).await? => {
                while self.remove_deleted().await? {}
                self.take_in(bytes, Mode::Import, ticket).await
            }
            taken => taken,
        }
    }

    /// What lies in the bin, with what was deleted just now.
    pub(crate) async fn list_bin(&self) -> Result<Vec<Binned>, StoreError> {
        while self.bin_deleted().await? {}
        self.bin.as_ref().map_or(Ok(Vec::new()), Bin::list)
    }

    /// Puts something back, once the last of its rows is gone.
    pub(crate) async fn put_back(&self, id: &str, ticket: Option<&str>) -> Result<Imported, StoreError> {
        let Some(bin) = &self.bin else {
            return Err(unusable("this database has no bin", "Name the data folder with --data-dir."));
        };
        while self.remove_deleted().await? {}
        let restored = self.take_in(bin.take(id)?, Mode::Restore, ticket).await?;
        bin.forget(id);
        Ok(restored)
    }
}
