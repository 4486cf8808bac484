//! Books as files.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use documents::{Replacements, file_name, parse_ranges};
use serde::Deserialize;
use studio::{
    ports::RunFilter,
    run::{Kind, Run, Status},
};

use super::{
    Door,
    extract::{Id, Query},
    problem::Problem,
};
use crate::{
    choice::{Choice, Unfit},
    cli::book,
};

/// In which format a book is written: novels as `md` or `txt`, scripts as `fountain`, `txt`, `md` or `screenplay`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// Markdown.
    Md,
    /// Plain text.
    Txt,
    /// Fountain; only scripts.
    Fountain,
    /// Plain text, laid out as on a US page; only scripts.
    Screenplay,
}

/// What of a book is written, and how.
#[derive(Debug, Default)]
struct Wanted {
    format: Option<Format>,
    ranges: Option<String>,
    replacements: Option<String>,
    front: Option<bool>,
}

/// Which chapters, in which format.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `md` when left out; of a script `fountain`.
    #[param(inline)]
    format: Option<Format>,
    /// Such as `1-5,8`; all when left out.
    ranges: Option<String>,
    /// Other words in the place of some, such as `Anna=Anne;Vane=Weir`.
    replacements: Option<String>,
    /// Whether the synopsis and the cast stand in front; only scripts.
    front: Option<bool>,
}

/// Which book of a snapshot, in which format.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SnapshotExportQuery {
    /// `novel` when left out.
    #[param(inline)]
    kind: Option<Kind>,
    /// `md` when left out; of a script `fountain`.
    #[param(inline)]
    format: Option<Format>,
    /// Such as `1-5,8`; all when left out.
    ranges: Option<String>,
    /// Other words in the place of some, such as `Anna=Anne;Vane=Weir`.
    replacements: Option<String>,
    /// Whether the synopsis and the cast stand in front; only scripts.
    front: Option<bool>,
    /// This run's; the latest succeeded run's when left out.
    workflow_run_id: Option<String>,
}

/// Write a run's book, as far as it is written, to a file
#[utoipa::path(get, path = "/api/v1/workflow-runs/{id}/export", tag = "artifacts", params(("id" = String, Path), ExportQuery),
    responses((status = 200, content((String = "text/markdown"), (String = "text/plain"))), (status = 409)))]
pub(crate) async fn export_run(State(door): State<Door>, Id(id): Id, Query(query): Query<ExportQuery>) -> Result<Response, Problem> {
    let run = door.studio.run(&id).await?;
    let ExportQuery { format, ranges, replacements, front } = query;
    file(&door, &run, Wanted { format, ranges, replacements, front }).await
}

/// Write the latest finished book of a snapshot to a file
///
/// Never a mixture of runs; the header `Fabulist-Workflow-Run` names the one.
#[utoipa::path(get, path = "/api/v1/brief-snapshots/{id}/export", tag = "artifacts", params(("id" = String, Path), SnapshotExportQuery),
    responses((status = 200, content((String = "text/markdown"), (String = "text/plain"))), (status = 409)))]
pub(crate) async fn export_snapshot(
    State(door): State<Door>,
    Id(id): Id,
    Query(query): Query<SnapshotExportQuery>,
) -> Result<Response, Problem> {
    let snapshot = door.studio.snapshot(&id).await?;
    let kind = query.kind.unwrap_or(Kind::Novel);
    let hint = "Name a run of this snapshot and kind, or leave the parameter out.";
    let run = match query.workflow_run_id {
        Some(run_id) => match door.studio.store().run(&run_id).await {
            Ok(run) if run.snapshot_id == snapshot.id && run.kind == kind => run,
            Ok(_) => return Err(Problem::field("?workflow_run_id", "The run belongs to another snapshot or is of another kind.", hint)),
            Err(studio::ports::StoreError::NotFound { .. }) => {
                return Err(Problem::field("?workflow_run_id", format!("There is no run {run_id}."), hint));
            }
            Err(e) => return Err(studio::Error::from(e).into()),
        },
        None => {
            let filter = RunFilter {
                snapshot_id: Some(snapshot.id),
                kind: Some(kind),
                status: Some(Status::Succeeded),
                limit: Some(1),
                ..RunFilter::default()
            };
            let found = door.studio.runs(filter).await?.items.into_iter().next();
            found.ok_or_else(|| nothing("No run of this snapshot and kind has succeeded yet."))?
        }
    };
    let SnapshotExportQuery { format, ranges, replacements, front, .. } = query;
    file(&door, &run, Wanted { format, ranges, replacements, front }).await
}

fn nothing(detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "nothing-to-export", detail, "Let the run go on, then export it.")
}

impl Wanted {
    fn choice(&self) -> Result<Choice, Problem> {
        let wrong = |field: &str, detail: String, hint: String| Problem::field(field, studio::problem::sentence(&detail), hint);
        let ranges = self.ranges.as_deref().map(parse_ranges).transpose().map_err(|e| wrong("?ranges", e.to_string(), e.hint()))?;
        let pairs = self.replacements.as_deref().unwrap_or_default();
        let replacements = Replacements::parse(pairs).map_err(|e| wrong("?replacements", e.to_string(), e.hint()))?;
        Ok(Choice { ranges, replacements, front: self.front.unwrap_or_default() })
    }
}

fn unfit(why: Unfit) -> Problem {
    match why {
        Unfit::Nothing => nothing("The run has not finished a chapter yet."),
        Unfit::NoneOfThese { written } => {
            let hint = format!("Choose from {written}, or leave the ranges out.");
            Problem::field("?ranges", "None of these is written.", hint)
        }
        Unfit::FrontOfNovel => {
            Problem::field("?front", "The synopsis and the cast stand in front of scripts; this is a novel.", "Leave `front` out.")
        }
        Unfit::Failed(error) => error.into(),
    }
}

async fn file(door: &Door, run: &Run, wanted: Wanted) -> Result<Response, Problem> {
    let chosen = wanted.choice()?.of(&door.studio, run).await.map_err(unfit)?;
    let usual = if run.kind == Kind::Novel { Format::Md } else { Format::Fountain };
    let (format, kind) = match wanted.format.unwrap_or(usual) {
        Format::Md => ("md", "text/markdown; charset=utf-8"),
        Format::Txt => ("txt", "text/plain; charset=utf-8"),
        Format::Fountain => ("fountain", "text/plain; charset=utf-8"),
        Format::Screenplay => ("screenplay", "text/plain; charset=utf-8"),
    };
    if !book::formats_of(run.kind).contains(&format) {
        let hint = format!("Choose from {}.", book::formats_of(run.kind).join(", "));
        return Err(Problem::field("?format", format!("There is no format `{format}` for this run."), hint));
    }
    let text = book::render(run, &chosen, format);
    let name = file_name(&chosen.book.title, chosen.book.label.as_deref(), book::extension(format));
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let values = [(header::CONTENT_DISPOSITION.as_str(), disposition(&name)), ("fabulist-workflow-run", run.id.clone())];
    for (header, value) in values {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header::HeaderName::from_bytes(header.as_bytes()).map_err(|e| Problem::ours(&e.to_string()))?, value);
        }
    }
    Ok(response)
}

/// A file's name for every browser (RFC 6266): in ASCII, and as it is.
pub(super) fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || " ._-()".contains(c) { c } else { '_' }).collect();
    let mut exact = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            exact.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}
