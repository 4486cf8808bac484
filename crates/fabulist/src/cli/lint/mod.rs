//! `fabulist lint`: faults that code finds, in files and in runs.

mod files;
mod lines;
mod runs;
mod sarif;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use story::finding::{Finding, Severity};

use super::{Globals, output::Output};
use crate::{
    failure::{Exit, Failure},
    say,
};

/// In which form findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// For people
    Text,
    /// One JSON document, as with --json
    Json,
    /// SARIF 2.1.0, for editors and build servers
    Sarif,
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Novels, as plain text or Markdown, or runs by their ids. Ends with 3 where an error or a warning is found
    #[arg(required = true, value_name = "FILE|RUN")]
    targets: Vec<PathBuf>,
    /// A brief to hold them against: cast, point of view, tense, length, forbidden words
    #[arg(long, value_name = "BRIEF")]
    brief: Option<PathBuf>,
    /// Show only errors, and end with 0 where there are warnings alone
    #[arg(long)]
    errors_only: bool,
    /// In which form
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: LintFormat,
    /// The language of the novel, such as zh; found out when left out
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// The encoding of the file, such as gb18030; found out when left out
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<String>,
    /// Split a text without headings into chapters of about this length
    #[arg(long, value_name = "N")]
    chapters_of: Option<u64>,
}

/// A book that was looked at, and what was found in it.
pub(super) struct Report {
    /// The file, or the run's id.
    pub(super) target: String,
    pub(super) is_file: bool,
    /// As the findings count them: ordinal, heading.
    pub(super) chapters: Vec<(u32, String)>,
    pub(super) found: Vec<Found>,
}

/// One finding, with where it stands in the file.
pub(super) struct Found {
    pub(super) finding: Finding,
    pub(super) line: Option<usize>,
}

impl Report {
    fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|found| found.finding.severity == severity).count()
    }
}

pub(super) async fn lint(globals: &Globals, args: LintArgs, output: &Output) -> Result<(), Failure> {
    let brief = args.brief.as_deref().map(|path| super::write::read(path, output)).transpose()?;
    let mut reports = Vec::new();
    for target in &args.targets {
        // A file that is there is meant as a file, whatever its name.
        reports.push(match runs::named(target) {
            Some(run) => runs::report(globals, run).await?,
            None => files::report(target, &args, brief.as_ref())?,
        });
    }
    if args.errors_only {
        for report in &mut reports {
            report.found.retain(|found| found.finding.severity == Severity::Error);
        }
    }
    let sum = |severity| reports.iter().map(|report| report.count(severity)).sum::<usize>();
    let (errors, warnings) = (sum(Severity::Error), sum(Severity::Warning));
    match args.format {
        LintFormat::Sarif => output.document(&sarif::document(&reports)),
        LintFormat::Json => output.document(&document(&reports, errors, warnings)),
        LintFormat::Text => output.data(|| document(&reports, errors, warnings), || lines::lines(&reports, output)),
    }
    output.note(&say!("{} errors, {} warnings." | "错误 {} 处，警告 {} 处。", errors, warnings));
    // What was found is said already.
    if errors + warnings > 0 { Err(Failure::new(Exit::Findings, "", "")) } else { Ok(()) }
}

fn document(reports: &[Report], errors: usize, warnings: usize) -> serde_json::Value {
    let of = |report: &Report| {
        let found = report.found.iter().map(|found| {
            let mut told = json!(found.finding);
            told["line"] = json!(found.line);
            told
        });
        let chapters = report.chapters.iter().map(|(ordinal, heading)| json!({ "ordinal": ordinal, "heading": heading }));
        json!({
            "file": report.is_file.then_some(&report.target),
            "workflow_run_id": (!report.is_file).then_some(&report.target),
            "chapters": chapters.collect::<Vec<_>>(),
            "findings": found.collect::<Vec<_>>(),
        })
    };
    json!({ "books": reports.iter().map(of).collect::<Vec<_>>(), "errors": errors, "warnings": warnings })
}
