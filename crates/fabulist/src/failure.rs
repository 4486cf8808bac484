//! How a command ends when it does not succeed: a sentence, a hint and an exit code.

use studio::{
    Error,
    ports::{ModelError, StoreError},
    problem::{Problem, sentence},
    run::{Run, Status},
};

use crate::say;

/// The exit codes of every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Failed, or stopped by a budget.
    Failed = 1,
    /// The command line or the file cannot be used.
    Usage = 2,
    /// Findings that a person must look at.
    Findings = 3,
    /// Somebody else was faster, or the status does not allow it.
    Conflict = 4,
    /// There is no such thing.
    NotFound = 5,
    /// The model's provider.
    Provider = 6,
    /// Ctrl-C.
    Interrupted = 130,
}

/// Why a command ends early.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) detail: String,
    pub(crate) hint: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { exit, detail: detail.into(), hint: hint.into() }
    }

    pub(crate) fn usage(detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, detail, hint)
    }

    /// What a run ended with, where it did not end well.
    pub(crate) fn of_problem(problem: &Problem) -> Self {
        let provider = [
            "provider-not-configured",
            "unknown-provider",
            "key-refused",
            "unknown-model",
            "rate-limited",
            "provider-unavailable",
            "request-rejected",
        ];
        let kind = problem.kind.rsplit('/').next().unwrap_or_default();
        let exit = if provider.contains(&kind) { Exit::Provider } else { Exit::Failed };
        Self::new(exit, problem.detail.clone(), problem.hint.clone())
    }

    /// The failure of a run that has stopped.
    pub(crate) fn of_run(run: &Run) -> Self {
        match &run.error {
            Some(problem) => Self::of_problem(problem),
            None if run.status == Status::Canceled => Self::new(
                Exit::Failed,
                say!("The run was canceled." | "运行已被取消。"),
                say!(
                    "Its chapters can still be exported; the same command starts a new run."
                        | "已完成的章节仍可导出；再次运行同一命令将新建运行。"
                ),
            ),
            None => Self::new(Exit::Failed, say!("The run has failed." | "运行失败。"), String::new()),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if let Error::Failed(problem) = &error {
            return Self::of_problem(problem);
        }
        let exit = match &error {
            Error::Conflict(_) | Error::VersionMovedOn { .. } | Error::Changed => Exit::Conflict,
            Error::NotFound { .. } => Exit::NotFound,
            Error::Invalid { .. } | Error::Fields { .. } => Exit::Usage,
            Error::Model(ModelError::UnknownProvider { .. }) => Exit::Usage,
            Error::Model(_) => Exit::Provider,
            Error::Store(StoreError::ArtifactMovedOn { .. } | StoreError::Locked { .. } | StoreError::Taken { .. }) => Exit::Conflict,
            Error::Store(StoreError::Unfit { .. }) => Exit::Usage,
            Error::Store(_) | Error::State(_) | Error::NotReady { .. } | Error::Failed(_) | Error::Closing => Exit::Failed,
        };
        Self { exit, detail: sentence(&error.to_string()), hint: error.hint() }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Error::from(error).into()
    }
}
