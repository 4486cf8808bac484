//! Why the desk could not do what was asked.

use story::brief::FieldError;

use crate::{
    lock::Lock,
    ports::{ModelError, Refused, StoreError},
    problem::Problem,
    runner::stored_state::BadState,
    status::Conflict,
};

/// Why the desk could not do what was asked, and what the reader can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command does not fit the run's status.
    #[error("{}", .0.detail)]
    Conflict(Box<Conflict>),
    /// There is no such thing, or it was deleted.
    #[error("there is no {what} {id}")]
    NotFound {
        #[allow(missing_docs)]
        what: &'static str,
        #[allow(missing_docs)]
        id: String,
    },
    /// Something that was asked for does not fit.
    #[error("{detail}")]
    Invalid {
        #[allow(missing_docs)]
        detail: String,
        #[allow(missing_docs)]
        hint: String,
    },
    /// Fields of what was asked for do not fit: all of them are told at once.
    #[error("{detail}")]
    Fields {
        #[allow(missing_docs)]
        detail: String,
        #[allow(missing_docs)]
        hint: String,
        /// JSON pointers into what was asked for.
        errors: Vec<FieldError>,
    },
    /// A version is not the latest any more.
    #[error("a newer version of this text was written meanwhile: {latest}")]
    VersionMovedOn {
        /// The version that was given as the parent.
        parent: String,
        /// The one that is the latest now.
        latest: String,
    },
    /// It is not any more what was seen.
    #[error("it was changed meanwhile")]
    Changed,
    /// Nothing may be begun now: the database or the disk is in trouble.
    #[error("{detail}")]
    NotReady {
        #[allow(missing_docs)]
        detail: String,
        #[allow(missing_docs)]
        hint: String,
    },
    /// What was asked of a model came to nothing.
    #[error("{}", .0.detail)]
    Failed(Box<Problem>),
    /// The process shuts down.
    #[error("the server is shutting down")]
    Closing,
    /// The model cannot be had.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
    /// The state cannot be read.
    #[error(transparent)]
    State(#[from] BadState),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(Refused::Conflict(conflict)) => Self::Conflict(conflict),
            StoreError::NotFound { what, id } => Self::NotFound { what, id },
            other => Self::Store(other),
        }
    }
}

impl Error {
    /// One field of what was asked for does not fit.
    pub fn field(pointer: &str, detail: impl Into<String>, hint: impl Into<String>) -> Self {
        let detail = detail.into();
        let error = FieldError { pointer: pointer.to_owned(), detail: detail.clone() };
        Self::Fields { detail, hint: hint.into(), errors: vec![error] }
    }

    /// What the reader can do about it, in one sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::Conflict(conflict) => conflict.hint.clone(),
            Self::NotFound { what, .. } if *what == "run" => "`fabulist runs list` shows the runs that there are.".into(),
            Self::NotFound { .. } => "Check the id.".into(),
            Self::Invalid { hint, .. } | Self::Fields { hint, .. } | Self::NotReady { hint, .. } => hint.clone(),
            Self::VersionMovedOn { .. } => "Compare the two texts, then write yours against the latest one.".into(),
            Self::Changed => "Read it again, and make the change of what is there now.".into(),
            Self::Failed(problem) => problem.hint.clone(),
            Self::Closing => "Try again in a moment; nothing is lost.".into(),
            Self::Model(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::State(_) => "Use the version of Fabulist that wrote it, or a newer one.".into(),
        }
    }
}

/// How a lock is taken away, or gone round.
fn unlock_hint(locks: &[Lock]) -> String {
    let ids = locks.first().map_or_else(String::new, |lock| format!(" {} {}", lock.artifact_id, lock.id));
    format!("Leave those words as they are, or take the lock away first: `fabulist artifacts unlock{ids}`.")
}

impl StoreError {
    /// What the reader can do about it, in one sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::Unusable { hint, .. } | Self::Unfit { hint, .. } => hint.clone(),
            Self::Taken { .. } => {
                "Delete it first; the bin keeps it for 30 days. What was deleted a moment ago is gone within a minute.".into()
            }
            Self::DiskFull { .. } => "Free some space; nothing that was saved is lost, and the same command goes on.".into(),
            Self::Busy { .. } => "Another process is writing; try again.".into(),
            Self::Away { .. } => "Check that the database server runs and can be reached; nothing that was saved is lost.".into(),
            Self::NotFound { .. } => "Check the id.".into(),
            Self::Refused(_) => "Look at the run with `fabulist runs show`, then try again.".into(),
            Self::Locked { locks } => unlock_hint(locks),
            Self::ArtifactMovedOn { .. } => "Compare the two versions and keep one.".into(),
            Self::Database(_) => "`fabulist doctor` looks at the data folder.".into(),
        }
    }
}
