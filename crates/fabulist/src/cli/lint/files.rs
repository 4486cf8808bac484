use std::path::Path;

use documents::{BriefFile, ImportOptions, import_novel, lint_novel};
use story::lint::Asked;

use super::{Found, LintArgs, Report};
use crate::{cli::adapt::read_novel, failure::Failure, importing};

/// A file held against the rules.
pub(super) fn report(path: &Path, args: &LintArgs, brief: Option<&BriefFile>) -> Result<Report, Failure> {
    let bytes = read_novel(path)?;
    let options = ImportOptions {
        encoding: args.encoding.clone(),
        markdown: importing::is_markdown(&path.to_string_lossy()),
        chapter_length: args.chapters_of,
        keep_not_story: false,
        language: args.language.clone(),
    };
    let novel = import_novel(&bytes, &options).map_err(|e| Failure::usage(format!("{}: {e}", path.display()), e.hint()))?;
    let asked = brief.map(|file| Asked::of(&file.content)).unwrap_or_default();
    let linted = lint_novel(&bytes, &novel, asked);
    Ok(Report {
        target: path.to_string_lossy().into_owned(),
        is_file: true,
        chapters: linted.chapters.into_iter().map(|chapter| (chapter.ordinal, chapter.heading)).collect(),
        found: linted.findings.into_iter().map(|(finding, line)| Found { finding, line: Some(line) }).collect(),
    })
}
