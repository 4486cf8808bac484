use story::brief::FrozenBrief;

use super::{Studio, briefs::check_title};
use crate::{
    brief::{Brief, Snapshot},
    error::Error,
    ports::{NewSnapshot, Page, PageOf},
};

impl Studio {
    /// Freezes a brief with everything that it leaves open: from the settings, else by default.
    pub async fn create_snapshot(&self, brief: &Brief, label: Option<String>) -> Result<Snapshot, Error> {
        if let Some(label) = &label {
            check_title("/label", label)?;
        }
        let frozen = FrozenBrief::freeze(&brief.title, brief.content.clone(), &self.output_spec().await?);
        Ok(self.store.create_snapshot(NewSnapshot { brief_id: brief.id.clone(), label, brief: frozen }).await?)
    }

    /// A snapshot.
    pub async fn snapshot(&self, id: &str) -> Result<Snapshot, Error> {
        Ok(self.store.snapshot(id).await?)
    }

    /// The snapshots of a brief, newest first.
    pub async fn snapshots(&self, brief_id: &str, page: PageOf) -> Result<Page<Snapshot>, Error> {
        self.store.brief(brief_id).await?;
        Ok(self.store.snapshots(brief_id, page).await?)
    }
}
