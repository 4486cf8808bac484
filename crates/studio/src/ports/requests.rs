//! Requests that carry a key, so that they can be sent twice and are done once.

use serde::{Deserialize, Serialize};

use crate::project::Imported;

/// A request with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedRequest {
    /// What its sender calls it.
    pub key: String,
    /// A hash of everything that makes it this request.
    pub asked: String,
    /// The id for what it makes, where it comes for the first time.
    pub ticket: String,
}

/// How a request with a key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestStands {
    /// It is this process's to carry out.
    Ours {
        /// The id for what it makes.
        ticket: String,
        /// Whether somebody began it before and did not come to an answer.
        again: bool,
    },
    /// Somebody who lives carries it out.
    InProgress,
    /// It was answered.
    Answered(KeptAnswer),
    /// The key belongs to another request.
    Another,
}

/// An answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The HTTP status.
    pub status: u16,
    #[allow(missing_docs)]
    pub content_type: String,
    #[allow(missing_docs)]
    pub body: String,
    /// The run or the brief that it tells of: it goes with it.
    pub about: Option<String>,
}

/// What a request has made before it could be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// A run.
    Run,
    /// A step of this run.
    Step {
        #[allow(missing_docs)]
        run_id: String,
        #[allow(missing_docs)]
        index: i64,
    },
    /// A version of a text.
    Version,
    /// A brief.
    Brief,
    /// A snapshot of a brief.
    Snapshot,
    /// What an instruction would change, in this run.
    Proposal {
        #[allow(missing_docs)]
        run_id: String,
    },
    /// A change of this run that is no step of it.
    Command {
        #[allow(missing_docs)]
        run_id: String,
    },
    /// A novel that came in.
    Novel {
        #[allow(missing_docs)]
        snapshot_id: String,
        #[allow(missing_docs)]
        run_id: String,
    },
    /// A project that came in, or came back.
    Project(Imported),
}

impl Made {
    /// The run or the brief that it belongs to, where that is known without looking.
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::Step { run_id, .. } | Self::Proposal { run_id } | Self::Command { run_id } | Self::Novel { run_id, .. } => Some(run_id),
            Self::Project(imported) => Some(&imported.brief_id),
            Self::Run | Self::Version | Self::Brief | Self::Snapshot => None,
        }
    }
}
