//! Existing novels come in.

use axum::{
    extract::{FromRequest, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use documents::{ImportError, ImportOptions, ImportedNovel, MOST_IMPORT_BYTES, NotStoryKind, import_novel};
use serde::Serialize;
use studio::views::LengthView;
use utoipa::ToSchema;

use super::{
    Door,
    extract::{Id, Query, read_at_most},
    lists::NoQuery,
    problem::Problem,
};
use crate::importing;

/// The longest body: the file, and room for the other fields.
const MOST: usize = MOST_IMPORT_BYTES + (64 << 10);

/// A file to be imported.
#[derive(Debug, Default, ToSchema)]
#[expect(dead_code, reason = "describes the form; its fields are read one by one")]
pub(crate) struct ImportForm {
    /// The novel: `.txt` or `.md`, at most 64 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Of the snapshot and the run.
    #[schema(max_length = 300)]
    label: Option<String>,
    /// `utf-8`, `utf-16le`, `utf-16be`, `gbk`, `gb18030`, `big5`, `windows-1252` or another label of the Encoding Standard; left out, it is found.
    encoding: Option<String>,
    /// Splits a text without headings: characters in Chinese and Japanese, else words.
    #[schema(minimum = 100, maximum = 1_000_000)]
    chapter_length: Option<u64>,
    /// `keep` or `drop` (the default): what becomes of passages that are probably no part of the story.
    #[schema(value_type = Option<String>, pattern = "^(keep|drop)$")]
    not_story: Option<String>,
    /// Show what is found, and keep nothing.
    dry_run: Option<bool>,
}

/// What an import found, and what it made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Import {
    /// Null in a dry run.
    #[schema(required)]
    brief_snapshot_id: Option<String>,
    /// Null in a dry run.
    #[schema(required)]
    workflow_run_id: Option<String>,
    /// As the file's title page says; empty where it says nothing.
    title: String,
    /// BCP 47, as far as the script tells.
    language: String,
    chapters: Vec<ImportedChapter>,
    /// How the file is encoded: `UTF-8`, `GBK`, `Big5` …
    encoding: String,
    /// Passages that are probably no part of the story.
    not_story: Vec<NotStory>,
    warnings: Vec<ImportWarning>,
}

/// A chapter that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedChapter {
    /// From 1.
    ordinal: u32,
    title: String,
    length: LengthView,
}

/// A passage that is probably no part of the story.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotStory {
    /// `licence`, `contents`, `title-page`, `advert`, `plea` or `doubled-chapter`.
    #[schema(value_type = String)]
    kind: NotStoryKind,
    /// Where it begins in the file, from 1.
    line: usize,
    /// The chapter that it stands in.
    #[schema(required)]
    chapter: Option<u32>,
    /// Its first words.
    excerpt: String,
    length: LengthView,
    /// Whether it was kept.
    kept: bool,
}

/// What to know about the import.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportWarning {
    /// `mixed-encodings`, `out-of-order`, `double-number`, `no-headings` …
    code: String,
    detail: String,
}

/// Import an existing novel
///
/// The chapters are held by a run of kind `novel` that has succeeded, and can be adapted or gone on with.
#[utoipa::path(post, path = "/api/v1/briefs/{id}/imports", tag = "briefs", params(("id" = String, Path)),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Import), (status = 200, description = "A dry run: what was found", body = Import)))]
pub(crate) async fn import(
    State(door): State<Door>,
    Id(id): Id,
    Query(NoQuery {}): Query<NoQuery>,
    form: Form,
) -> Result<Response, Problem> {
    let brief = door.studio.brief(&id).await?;
    let Form { file, name, label, options, dry_run } = form;
    let options = ImportOptions { markdown: importing::is_markdown(&name), ..options };
    // Seconds of work for the longest books.
    let read = tokio::task::spawn_blocking(move || import_novel(&file, &options)).await;
    let novel = read.map_err(|e| Problem::ours(&e.to_string()))?.map_err(|e| refused(&e))?;
    if dry_run {
        return Ok((StatusCode::OK, axum::Json(told(&novel, None))).into_response());
    }
    let request = importing::request(&novel, label, importing::stem(&name), &door.model, None);
    let imported = door.studio.import(&brief, request).await?;
    Ok((StatusCode::CREATED, axum::Json(told(&novel, Some((imported.snapshot.id, imported.run.id))))).into_response())
}

fn told(novel: &ImportedNovel, ids: Option<(String, String)>) -> Import {
    let (brief_snapshot_id, workflow_run_id) = ids.unzip();
    let chapters = (1..).zip(&novel.chapters);
    Import {
        brief_snapshot_id,
        workflow_run_id,
        title: novel.title.clone(),
        language: novel.language.clone(),
        chapters: chapters.map(|(ordinal, c)| ImportedChapter { ordinal, title: c.title.clone(), length: c.length.into() }).collect(),
        encoding: novel.encoding.clone(),
        not_story: novel
            .not_story
            .iter()
            .map(|aside| NotStory {
                kind: aside.kind,
                line: aside.line,
                chapter: aside.chapter,
                excerpt: aside.excerpt.clone(),
                length: aside.length.into(),
                kept: aside.kept,
            })
            .collect(),
        warnings: novel.warnings.iter().map(|warning| ImportWarning { code: warning.code(), detail: warning.to_string() }).collect(),
    }
}

fn refused(error: &ImportError) -> Problem {
    let detail = studio::problem::sentence(&error.to_string());
    match error {
        ImportError::TooLarge { .. } => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail, error.hint()),
        ImportError::UnknownEncoding { .. } | ImportError::NotThisEncoding { named: true, .. } => {
            Problem::field("/encoding", detail, error.hint())
        }
        ImportError::ChapterLength { .. } => Problem::field("/chapter_length", detail, error.hint()),
        _ => Problem::field("/file", detail, error.hint()),
    }
}

/// The form as it came.
pub(crate) struct Form {
    file: Vec<u8>,
    name: String,
    label: Option<String>,
    options: ImportOptions,
    dry_run: bool,
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let body = read_at_most(request, MOST).await?;
        if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            let detail =
                if kind.is_empty() { "The body has no content type.".into() } else { format!("A body of type {kind} is not taken.") };
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                detail,
                "Send multipart/form-data with the field `file`.",
            ));
        }
        let boundary = multer::parse_boundary(&kind).map_err(|e| malformed(&e))?;
        let body = futures::stream::once(async move { Ok::<_, std::io::Error>(body) });
        let mut parts = multer::Multipart::new(body, boundary);
        let mut form = Self { file: Vec::new(), name: String::new(), label: None, options: ImportOptions::default(), dry_run: false };
        let mut seen = Vec::new();
        while let Some(field) = parts.next_field().await.map_err(|e| malformed(&e))? {
            let name = field.name().unwrap_or_default().to_owned();
            if seen.contains(&name) {
                return Err(Problem::field(&format!("/{name}"), format!("The field `{name}` was sent twice."), "Send each field once."));
            }
            if name == "file" {
                form.name = field.file_name().unwrap_or_default().to_owned();
                form.file = field.bytes().await.map_err(|e| malformed(&e))?.into();
            } else {
                form.take(&name, &field.text().await.map_err(|e| malformed(&e))?)?;
            }
            seen.push(name);
        }
        if !seen.iter().any(|name| name == "file") {
            return Err(Problem::field("/file", "There is no file in the form.", "Send the novel as the field `file`."));
        }
        Ok(form)
    }
}

impl Form {
    /// Takes one field; an empty one stands for none.
    fn take(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        let text = text.trim();
        if text.contains('\0') {
            return Err(Problem::field(&format!("/{name}"), "A text holds a NUL character.", "Remove it."));
        }
        let given = (!text.is_empty()).then(|| text.to_owned());
        match name {
            "label" => self.label = given,
            "encoding" => self.options.encoding = given,
            "chapter_length" => {
                let number = given.map(|text| text.parse()).transpose();
                let hint = "Give a number between 100 and 1,000,000, or leave it out.";
                self.options.chapter_length =
                    number.map_err(|_| Problem::field("/chapter_length", "The chapter length is no number.", hint))?;
            }
            "not_story" => {
                self.options.keep_not_story = match given.as_deref() {
                    Some("keep") => true,
                    Some("drop") | None => false,
                    Some(_) => {
                        return Err(Problem::field(
                            "/not_story",
                            "`not_story` is neither `keep` nor `drop`.",
                            "Send one of them, or leave it out.",
                        ));
                    }
                };
            }
            "dry_run" => {
                self.dry_run = match given.as_deref() {
                    Some("true" | "1") => true,
                    Some("false" | "0") | None => false,
                    Some(_) => {
                        return Err(Problem::field(
                            "/dry_run",
                            "`dry_run` is neither true nor false.",
                            "Send one of them, or leave it out.",
                        ));
                    }
                };
            }
            _ => {
                let known = "The fields are file, label, encoding, chapter_length, not_story and dry_run.";
                return Err(Problem::field(&format!("/{name}"), format!("There is no field `{name}`."), known));
            }
        }
        Ok(())
    }
}

fn malformed(error: &multer::Error) -> Problem {
    let detail = format!("The form cannot be read: {error}.");
    Problem::new(StatusCode::BAD_REQUEST, "malformed", detail, "Send multipart/form-data with the field `file`.")
}
