use serde_json::json;
use story::{
    brief::FieldError,
    presets::{Catalog, Catalogs},
};

use super::Studio;
use crate::{error::Error, ports::StoreError, run::Kind};

/// Where the catalogs are kept.
const KEY: &str = "prompt_presets";

impl Studio {
    /// The prompt presets: as they were put down last, else as they come with the program.
    pub async fn prompt_presets(&self) -> Result<Catalogs, Error> {
        match self.store.setting(KEY).await? {
            None => Ok(Catalogs::shipped()),
            Some(value) => serde_json::from_value(value)
                .map_err(|e| Error::Store(StoreError::Database(format!("the prompt presets cannot be read: {e}")))),
        }
    }

    /// Puts prompt presets in the place of all others.
    pub async fn put_prompt_presets(&self, catalogs: Catalogs) -> Result<Catalogs, Error> {
        check(&catalogs)?;
        self.store.put_setting(KEY, json!(catalogs)).await?;
        Ok(catalogs)
    }

    /// Puts prompt presets in the place of those that were `seen`.
    pub async fn swap_prompt_presets(&self, seen: &Catalogs, catalogs: Catalogs) -> Result<Catalogs, Error> {
        check(&catalogs)?;
        let stored = self.store.setting(KEY).await?;
        let is_seen = *seen == self.prompt_presets().await?;
        if is_seen && self.store.swap_setting(KEY, stored, json!(catalogs)).await? { Ok(catalogs) } else { Err(Error::Changed) }
    }

    /// The presets that runs of this kind choose from; none for a novel.
    pub async fn preset_catalog(&self, kind: Kind) -> Result<Option<Catalog>, Error> {
        let catalogs = self.prompt_presets().await?;
        Ok(match kind {
            Kind::Novel => None,
            Kind::Script => Some(catalogs.script),
            Kind::NovelToScript => Some(catalogs.novel_to_script),
        })
    }
}

fn check(catalogs: &Catalogs) -> Result<(), Error> {
    let faults = catalogs.faults();
    let Some(first) = faults.first() else { return Ok(()) };
    let detail = format!("{} {}.", first.pointer, first.detail);
    let errors = faults.into_iter().map(|fault| FieldError { pointer: fault.pointer, detail: fault.detail }).collect();
    let hint = "Correct what is named; what GET gives can be PUT.".into();
    Err(Error::Fields { detail, hint, errors })
}
