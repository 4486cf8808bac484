//! Standing instructions: what a person, or an earlier finding, asks of everything that is still to be written.

use serde::{Deserialize, Serialize};

/// One standing instruction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    /// Its place among the others.
    pub order: i64,
    /// The instruction itself.
    pub text: String,
    /// Only for the chapter with this ordinal; everywhere when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<u32>,
}
