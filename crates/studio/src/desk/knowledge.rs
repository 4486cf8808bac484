//! What a story says: the world as of a chapter, who and what there is in it, and making all of that anew.

use story::knowledge::{self, Graph, ToldChapter, World, anchored};

use super::Studio;
use crate::{
    brief::Snapshot,
    error::Error,
    ports::{KnownChapter, Passage, Remade, RunFilter, Search, StoreError},
    run::Run,
};

/// The longest question, in scalar values.
const MOST_QUESTION_CHARS: usize = 1_000;
/// So many passages one search finds at most.
const MOST_PASSAGES: u32 = 50;

/// Something that was read out of the chapters of a run.
#[derive(Debug, Clone)]
pub struct Known<T> {
    /// The run.
    pub run_id: String,
    /// What was read.
    pub known: T,
    /// Chapters whose latest words nobody has read yet: of what was read of their earlier words, what still stands in them counts.
    pub unread: Vec<u32>,
}

impl Studio {
    /// The world as it is after a chapter of a run, after its last one where none is named.
    pub async fn world(&self, run_id: &str, chapter: Option<u32>) -> Result<Known<World>, Error> {
        let run = self.store.run(run_id).await?;
        let mut chapters = self.store.known_chapters(&run.id).await?;
        if let Some(asked) = chapter {
            if chapters.iter().all(|known| known.ordinal != asked) {
                let detail = format!("The run has no chapter {asked}: {} are written so far.", chapters.len());
                let hint = "Name a chapter that is written, or leave it out for the world as it is now.";
                return Err(Error::field("?chapter", detail, hint));
            }
            chapters.retain(|known| known.ordinal <= asked);
        }
        let (told, unread) = self.told(chapters).await?;
        let snapshot = self.store.snapshot(&run.snapshot_id).await?;
        Ok(Known { run_id: run.id, known: knowledge::world(&snapshot.brief.content.characters, &told), unread })
    }

    /// Who and what there is in the story of a snapshot, how they stand to each other, and what happens: in the run that is named, else in
    /// the latest novel that succeeded, else in the one with most chapters; none where there is no novel.
    pub async fn story_graph(&self, snapshot_id: &str, run_id: Option<&str>) -> Result<Option<Known<Graph>>, Error> {
        let snapshot = self.store.snapshot(snapshot_id).await?;
        let Some(run) = self.told_by(&snapshot, run_id).await? else { return Ok(None) };
        let (told, unread) = self.told(self.store.known_chapters(&run.id).await?).await?;
        Ok(Some(Known { run_id: run.id, known: knowledge::graph(&snapshot.brief.content.characters, &told), unread }))
    }

    /// Makes what is known of a run's versions anew, of all runs of the snapshot where none is named. Asks no model. The runs, and what
    /// was made.
    pub async fn rebuild_knowledge(&self, snapshot_id: &str, run_id: Option<&str>) -> Result<(Vec<String>, Remade), Error> {
        let snapshot = self.store.snapshot(snapshot_id).await?;
        let runs = match run_id {
            Some(_) => self.told_by(&snapshot, run_id).await?.map(|run| run.id).into_iter().collect(),
            None => self.runs_of(&snapshot).await?,
        };
        let remade = self.store.remake_knowledge(&runs).await?;
        Ok((runs, remade))
    }

    /// The passages of a story that are worth most for a question, the best first: in the run that is named, else in the one that
    /// [`Studio::story_graph`] tells of.
    pub async fn search_memory(
        &self,
        snapshot_id: &str,
        run_id: Option<&str>,
        question: &str,
        most: u32,
    ) -> Result<Option<(String, Vec<Passage>)>, Error> {
        if question.trim().is_empty() || question.chars().count() > MOST_QUESTION_CHARS {
            let hint = "Ask in a few words, such as the name of a thing or a place.";
            return Err(Error::field("?q", "A question has between 1 and 1,000 characters.", hint));
        }
        if !(1..=MOST_PASSAGES).contains(&most) {
            return Err(Error::field("?k", format!("Between 1 and {MOST_PASSAGES} passages can be asked for."), "Leave it out for 8."));
        }
        let snapshot = self.store.snapshot(snapshot_id).await?;
        let Some(run) = self.told_by(&snapshot, run_id).await? else { return Ok(None) };
        let search = Search { run_id: run.id.clone(), question: question.to_owned(), last: None, most: most as usize };
        Ok(Some((run.id, self.store.search(&search).await?)))
    }

    /// The run of a snapshot that is asked about.
    pub(super) async fn told_by(&self, snapshot: &Snapshot, run_id: Option<&str>) -> Result<Option<Run>, Error> {
        let Some(run_id) = run_id else { return self.best_novel(&snapshot.id).await };
        let hint = "Name a run of this snapshot, or leave the parameter out.";
        match self.store.run(run_id).await {
            Ok(run) if run.snapshot_id == snapshot.id => Ok(Some(run)),
            Ok(_) => Err(Error::field("?workflow_run_id", "The run belongs to another snapshot.", hint)),
            Err(StoreError::NotFound { .. }) => Err(Error::field("?workflow_run_id", format!("There is no run {run_id}."), hint)),
            Err(error) => Err(error.into()),
        }
    }

    async fn runs_of(&self, snapshot: &Snapshot) -> Result<Vec<String>, Error> {
        let (mut runs, mut cursor) = (Vec::new(), None);
        loop {
            let filter = RunFilter { snapshot_id: Some(snapshot.id.clone()), limit: Some(200), cursor, ..RunFilter::default() };
            let page = self.store.runs(filter).await?;
            runs.extend(page.items.into_iter().map(|run| run.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(runs);
            }
        }
    }

    /// What these chapters say. Of one whose latest words nobody has read, what its earlier words said and the latest still say.
    async fn told(&self, chapters: Vec<KnownChapter>) -> Result<(Vec<ToldChapter>, Vec<u32>), Error> {
        let unread: Vec<String> =
            chapters.iter().filter(|known| known.is_unread() && known.read.is_some()).map(|known| known.latest.1.clone()).collect();
        let texts = self.store.contents(&unread).await?;
        let waiting = chapters.iter().filter(|known| known.is_unread()).map(|known| known.ordinal).collect();
        let told = chapters.into_iter().map(|known| {
            let facts = match texts.get(&known.latest.1) {
                Some(text) => anchored(&known.facts, text),
                None => known.facts,
            };
            ToldChapter { ordinal: known.ordinal, version_id: known.latest.0, content_id: known.latest.1, facts }
        });
        Ok((told.collect(), waiting))
    }
}
