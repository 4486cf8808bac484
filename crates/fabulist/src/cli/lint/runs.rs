use std::path::Path;

use studio::driver::Scope;

use super::{Found, Report};
use crate::{cli::Globals, failure::Failure, wiring::Wiring};

/// The run that a target names: what looks like an id, or a part of one, and is no file.
pub(super) fn named(target: &Path) -> Option<&str> {
    let name = target.to_str()?;
    let is_id = name.len() >= 4 && name.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    (is_id && !target.exists()).then_some(name)
}

/// What a run has written held against the rules.
pub(super) async fn report(globals: &Globals, run: &str) -> Result<Report, Failure> {
    let studio = Wiring::new(globals)?.studio(Scope::Nothing).await?;
    let linted = studio.lint(&studio.run(run).await?.id).await?;
    Ok(Report {
        target: linted.run.id,
        is_file: false,
        chapters: linted.chapters,
        found: linted.findings.into_iter().map(|finding| Found { finding, line: None }).collect(),
    })
}
