//! Requests with a key: done once, however often they are sent.

use super::Studio;
use crate::{
    error::Error,
    ids::ticket,
    ports::{KeptAnswer, KeyedRequest, Made, RequestStands, StoreError},
    status,
};

impl Studio {
    /// Takes a request with a key for this process, unless somebody has it or it was answered.
    pub async fn begin_request(&self, request: KeyedRequest) -> Result<RequestStands, Error> {
        Ok(self.store.begin_request(request).await?)
    }

    /// Keeps the answer to a request that this process has; without one the next who asks carries it out.
    pub async fn end_request(&self, key: &str, answer: Option<KeptAnswer>) -> Result<(), Error> {
        Ok(self.store.end_request(key, answer).await?)
    }

    /// What a request has made under the id that was given out for it.
    pub async fn made(&self, ticket: &str) -> Result<Option<Made>, Error> {
        Ok(self.store.made(ticket).await?)
    }

    /// What this request has made already, where its process died before it could answer, or was taken for dead.
    pub(super) async fn made_before(&self) -> Result<Option<Made>, Error> {
        match ticket() {
            Some(ticket) => self.made(&ticket).await,
            None => Ok(None),
        }
    }

    /// The index that `next` would take, where nobody is at it.
    pub async fn next_index(&self, run_id: &str) -> Result<Option<i64>, Error> {
        match self.store.run(run_id).await {
            Ok(run) => Ok(run.active_step.is_none().then(|| status::next_index(&run))),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }
}
