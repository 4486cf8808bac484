//! What of a book goes into a file: which chapters, under which names, with what in front.

use std::collections::BTreeSet;

use documents::{Front, Replacements, in_ranges};
use studio::{
    Studio,
    desk::Book,
    run::{Kind, Run},
};

/// What a writer asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    /// Chapters, scenes or episodes; all where there is none.
    pub(crate) ranges: Option<BTreeSet<u32>>,
    /// Other words in the place of some.
    pub(crate) replacements: Replacements,
    /// Whether the synopsis and the cast stand in front.
    pub(crate) front: bool,
}

/// A book as it is chosen.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) book: Book,
    pub(crate) replacements: Replacements,
    pub(crate) front: Option<Front>,
    /// Ordinals that were asked for and are not written, as ranges; empty for none.
    pub(crate) missing: String,
}

/// Why there is nothing to write.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// The run has finished nothing yet.
    Nothing,
    /// None of what was asked for is written; what is, as ranges.
    NoneOfThese {
        written: String,
    },
    /// A novel has no synopsis and cast in front.
    FrontOfNovel,
    Failed(studio::Error),
}

impl Choice {
    /// The book that the run has written so far, as it is asked for.
    pub(crate) async fn of(self, studio: &Studio, run: &Run) -> Result<Chosen, Unfit> {
        if self.front && run.kind == Kind::Novel {
            return Err(Unfit::FrontOfNovel);
        }
        let mut book = studio.book(run).await.map_err(Unfit::Failed)?;
        if book.chapters.is_empty() {
            return Err(Unfit::Nothing);
        }
        let mut missing = String::new();
        if let Some(asked) = &self.ranges {
            let written: BTreeSet<u32> = book.chapters.iter().map(|chapter| chapter.ordinal).collect();
            missing = in_ranges(asked.difference(&written).copied());
            book.chapters.retain(|chapter| asked.contains(&chapter.ordinal));
            if book.chapters.is_empty() {
                return Err(Unfit::NoneOfThese { written: in_ranges(written) });
            }
        }
        let mut front = None;
        if self.front {
            let told = studio.book_front(run, &book).await.map_err(Unfit::Failed)?;
            front = Some(Front { synopsis: told.synopsis, cast: told.cast });
        }
        Ok(Chosen { book, replacements: self.replacements, front, missing })
    }
}

impl From<Book> for Chosen {
    fn from(book: Book) -> Self {
        Self { book, replacements: Replacements::default(), front: None, missing: String::new() }
    }
}
