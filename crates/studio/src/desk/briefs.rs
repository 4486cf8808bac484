use story::{
    brief::{BriefContent, FrozenBrief},
    output_spec::PartialOutputSpec,
};

use super::Studio;
use crate::{
    brief::{Brief, Snapshot},
    error::Error,
    ports::{NewBrief, NewSnapshot},
};

impl Studio {
    /// Keeps a brief.
    pub async fn create_brief(&self, title: String, content: BriefContent) -> Result<Brief, Error> {
        if title.chars().count() > 300 {
            return Err(Error::Invalid { detail: "The title has more than 300 characters.".into(), hint: "Shorten the title.".into() });
        }
        Ok(self.store.create_brief(NewBrief { title, content }).await?)
    }

    /// Freezes a brief with everything that it leaves open.
    pub async fn create_snapshot(&self, brief: &Brief, label: Option<String>) -> Result<Snapshot, Error> {
        let frozen = FrozenBrief::freeze(&brief.title, brief.content.clone(), &PartialOutputSpec::default());
        Ok(self.store.create_snapshot(NewSnapshot { brief_id: brief.id.clone(), label, brief: frozen }).await?)
    }

    /// A snapshot.
    pub async fn snapshot(&self, id: &str) -> Result<Snapshot, Error> {
        Ok(self.store.snapshot(id).await?)
    }
}
