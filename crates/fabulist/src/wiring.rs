//! Puts the parts together: the store, the models, the desk.

use std::{path::PathBuf, sync::Arc};

use llm::{ProviderEnv, Providers, rehearsal::Rehearsal};
use store::{OpenOptions, Place, Role, Store as SqlStore};
use studio::{
    Studio,
    driver::Scope,
    ports::{Store, SystemClock},
};

use crate::{
    cli::Globals,
    config,
    failure::{Exit, Failure},
};

/// The parts of this process, before anything is opened.
pub(crate) struct Wiring {
    pub(crate) data_dir: PathBuf,
    /// Where the database is.
    pub(crate) place: Place,
    /// `rehearsal`, or `provider/model`.
    pub(crate) model: String,
    /// Whether a flag, the environment or `config.toml` named the model.
    pub(crate) model_chosen: bool,
}

impl Wiring {
    /// Reads flags, environment and `config.toml`.
    pub(crate) fn new(globals: &Globals) -> Result<Self, Failure> {
        let data_dir = config::data_dir(globals.data_dir.as_deref())?;
        let file = config::read(&data_dir)?;
        let place = match globals.database_url.clone().or(file.database_url).filter(|url| !url.is_empty()) {
            Some(url) => Place::Url(url),
            None => Place::Folder(data_dir.clone()),
        };
        let chosen = globals.model.clone().or(file.model);
        Ok(Self { data_dir, place, model_chosen: chosen.is_some(), model: chosen.unwrap_or_else(|| "rehearsal".into()) })
    }

    /// All models that can be named here.
    pub(crate) fn models(&self) -> Arc<Providers> {
        Arc::new(Providers::new(ProviderEnv::from_env(), Arc::new(Rehearsal)))
    }

    /// Opens the database: in the data folder, or on its server. What else is kept has its folder then, too.
    pub(crate) async fn store(&self) -> Result<Arc<SqlStore>, Failure> {
        self.store_for(Role::Command).await
    }

    async fn store_for(&self, role: Role) -> Result<Arc<SqlStore>, Failure> {
        let options = OpenOptions { place: self.place.clone(), role, clock: Arc::new(SystemClock) };
        let opened = async {
            if let Place::Url(_) = self.place {
                store::data_folder(&self.data_dir)?;
            }
            SqlStore::open(options).await.map(|store| store.with_bin(&self.data_dir))
        };
        match opened.await {
            Ok(store) => Ok(Arc::new(store)),
            Err(e) => Err(Failure { exit: Exit::Failed, ..Failure::from(e) }),
        }
    }

    /// Opens the desk of a server; it works on nothing until it is told to.
    pub(crate) async fn server(&self) -> Result<Studio, Failure> {
        let store: Arc<dyn Store> = self.store_for(Role::Server).await?;
        Ok(Studio::open(store, self.models(), Arc::new(SystemClock), Scope::Nothing))
    }

    /// Opens the desk; `scope` says which runs this process works on by itself.
    pub(crate) async fn studio(&self, scope: Scope) -> Result<Studio, Failure> {
        let store: Arc<dyn Store> = self.store().await?;
        Ok(Studio::open(store, self.models(), Arc::new(SystemClock), scope))
    }
}
