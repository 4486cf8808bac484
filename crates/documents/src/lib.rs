//! Files in and out: briefs in TOML, JSON and Markdown; novels in Markdown and plain text, ours and others'; scripts in Fountain, Markdown
//! and plain text; the names of files.
//!
//! Nothing here opens a file: bytes come in and text goes out, so that every rule can be tried without a disk.

mod brief_file;
mod chinese;
mod escape;
mod file_name;
mod import;
mod novel;
mod novel_md;
mod ranges;
mod replaced;
mod replacements;
mod script;

pub use brief_file::{BriefFile, BriefFileError, Fault, Format, MOST_BYTES, MOST_TITLE_CHARS, Warning, Wrong, read_brief};
pub use chinese::CHINESE;
pub use file_name::file_name;
pub use import::{
    ImportError, ImportOptions, ImportWarning, ImportedChapter, ImportedNovel, LintedChapter, LintedNovel, MOST_CHAPTERS,
    MOST_IMPORT_BYTES, NotStory, NotStoryKind, import_novel, lint_novel,
};
pub use novel::{Book, BookChapter, novel_txt, rehearsal_notice};
pub use novel_md::{ReadNovelError, novel_md, read_novel_md};
pub use ranges::{MOST_ORDINAL, RangeError, in_ranges, parse_ranges};
pub use replacements::{ReplacementError, Replacements};
pub use script::{Front, Play, PlayUnit, script_fountain, script_md, script_screenplay, script_txt};
