//! What code makes of the words: the facts that were read of them, and their passages (`memory.rs`).
//!
//! Facts hang from a text and go with it. What was read of a text when it was kept stands under the empty key; what a line has read of it
//! later under the key of that reading, so that lines with the same reading share its facts, and no other line sees them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use story::{
    extraction::Extraction,
    knowledge::{Fact, facts, reading_key},
    memory::{Chunk, chunks},
    text::Span,
};
use studio::ports::{KnownChapter, Remade, StoreError};

use crate::{
    artifacts::LIVE,
    memory,
    row::{json, number},
    sql::{self, params},
    tx::{Ask, Tx},
    write::Writer,
};

/// So many texts are made anew in one transaction.
const SLICE: usize = 4;

/// The facts of a text, under the key of the reading that found them.
pub(crate) fn put(tx: &Tx, content_id: &str, reading: &str, facts: &[Fact]) -> Result<(), StoreError> {
    let columns = ["content_id", "reading", "position", "kind", "subject", "json", "span_start", "span_end", "quote"];
    let mut rows = Vec::with_capacity(facts.len());
    for (fact, position) in facts.iter().zip(0i64..) {
        rows.push(params![
            content_id,
            reading,
            position,
            fact.what.kind(),
            fact.what.subject(),
            json(&fact.what)?,
            number(fact.span.start),
            number(fact.span.end),
            fact.quote.as_str(),
        ]);
    }
    tx.insert("facts", &columns, rows, "ON CONFLICT DO NOTHING");
    Ok(())
}

/// Nobody removes these texts until the transaction ends.
pub(crate) async fn hold(tx: &Tx, contents: &[String]) -> Result<BTreeSet<String>, StoreError> {
    let Some((list, values)) = sql::any_of(1, contents) else { return Ok(BTreeSet::new()) };
    let held = format!("SELECT id FROM contents WHERE id IN ({list}) ORDER BY id");
    tx.all(sql::holding(tx.backend(), &held), values).await?.into_iter().map(|mut row| row.text()).collect()
}

/// Removes the facts of readings of these texts that no line has any more.
pub(crate) async fn forget_readings(tx: &Tx, contents: &[String]) -> Result<(), StoreError> {
    let Some((list, values)) = sql::any_of(1, contents) else { return Ok(()) };
    let gone = format!(
        "DELETE FROM facts WHERE content_id IN ({list}) AND reading <> '' AND NOT EXISTS (SELECT 1 FROM readings r \
         JOIN artifact_versions v ON v.id = r.version_id WHERE v.content_id = facts.content_id AND r.reading = facts.reading)"
    );
    tx.run(gone, values).await.map(|_| ())
}

/// The chapters of a run, each with the facts of the version that was read last.
pub(crate) async fn chapters(ask: &impl Ask, run_id: &str) -> Result<Vec<KnownChapter>, StoreError> {
    let sql = format!(
        "SELECT a.id, a.ordinal, v.title, v.id, v.content_id FROM artifacts a JOIN artifact_versions v ON v.id = a.latest_version_id \
         WHERE a.run_id = $1 AND {LIVE} ORDER BY a.ordinal, a.id"
    );
    let mut chapters = Vec::new();
    let mut places = BTreeMap::new();
    for mut row in ask.all(sql, params![run_id]).await? {
        places.insert(row.text()?, chapters.len());
        let (ordinal, title, latest) = (row.count()?, row.text()?, (row.text()?, row.text()?));
        chapters.push(KnownChapter { ordinal, title, latest, read: None, facts: Vec::new() });
    }
    let read = "SELECT v.artifact_id, v.id, v.content_id, CASE WHEN r.extraction IS NOT NULL THEN COALESCE(r.reading, '') ELSE '' END \
                FROM artifact_versions v JOIN contents c ON c.id = v.content_id LEFT JOIN readings r ON r.version_id = v.id \
                WHERE v.run_id = $1 AND (r.extraction IS NOT NULL OR c.extraction IS NOT NULL) ORDER BY v.artifact_id, v.number";
    let mut readings: BTreeMap<usize, String> = BTreeMap::new();
    for mut row in ask.all(read, params![run_id]).await? {
        // The last one of each chapter stands.
        if let Some(at) = places.get(&row.text()?) {
            chapters[*at].read = Some((row.text()?, row.text()?));
            readings.insert(*at, row.text()?);
        }
    }
    let contents: BTreeSet<String> = chapters.iter().filter_map(|chapter| Some(chapter.read.as_ref()?.1.clone())).collect();
    let mut told = of_contents(ask, &contents.into_iter().collect::<Vec<_>>()).await?;
    for (at, reading) in readings {
        let chapter = &mut chapters[at];
        if let Some((_, content_id)) = &chapter.read {
            // Two chapters of a line never have the same text row.
            chapter.facts = told.remove(&(content_id.clone(), reading)).unwrap_or_default();
        }
    }
    Ok(chapters)
}

/// The facts of these texts, by text and reading.
async fn of_contents(ask: &impl Ask, contents: &[String]) -> Result<BTreeMap<(String, String), Vec<Fact>>, StoreError> {
    let mut told: BTreeMap<(String, String), Vec<Fact>> = BTreeMap::new();
    for contents in contents.chunks(sql::longest_list()) {
        let Some((list, values)) = sql::any_of(1, contents) else { continue };
        let sql = format!(
            "SELECT content_id, reading, json, span_start, span_end, quote FROM facts WHERE content_id IN ({list}) \
             ORDER BY content_id, reading, position"
        );
        for mut row in ask.all(sql, values).await? {
            let of = (row.text()?, row.text()?);
            let fact = Fact { what: row.json()?, span: Span { start: row.count()?, end: row.count()? }, quote: row.text()? };
            told.entry(of).or_default().push(fact);
        }
    }
    Ok(told)
}

/// What code makes of this text is made later.
pub(crate) fn make_later(tx: &Tx, content_id: &str) {
    tx.put("INSERT INTO unmade (content_id) VALUES ($1) ON CONFLICT DO NOTHING", params![content_id]);
}

/// A text with everything that is made of it.
#[derive(Debug)]
struct Made {
    content_id: String,
    brief_id: String,
    /// By the key of the reading.
    facts: Vec<(String, Vec<Fact>)>,
    /// Versions whose reading has no key yet, with the one that it has.
    keys: Vec<(String, String)>,
    chunks: Arc<[Chunk]>,
}

impl Made {
    /// Reads these texts and what was read of them, and makes of it what can be made.
    async fn of(ask: &impl Ask, contents: &[String]) -> Result<Vec<Self>, StoreError> {
        let Some((list, values)) = sql::any_of(1, contents) else { return Ok(Vec::new()) };
        let mut made: BTreeMap<String, (String, Self)> = BTreeMap::new();
        let sql = format!("SELECT id, brief_id, text, extraction FROM contents WHERE id IN ({list})");
        for mut row in ask.all(sql, values.clone()).await? {
            let (content_id, brief_id, text) = (row.text()?, row.text()?, row.text()?);
            let facts = row.maybe_json::<Extraction>()?.iter().map(|told| (String::new(), facts(&text, told))).collect();
            let chunks = chunks(&text).into();
            made.insert(content_id.clone(), (text, Self { content_id, brief_id, facts, keys: Vec::new(), chunks }));
        }
        let sql = format!(
            "SELECT v.content_id, v.id, r.reading, r.extraction FROM readings r JOIN artifact_versions v ON v.id = r.version_id \
             WHERE v.content_id IN ({list}) AND r.extraction IS NOT NULL ORDER BY v.id"
        );
        for mut row in ask.all(sql, values).await? {
            let Some((text, made)) = made.get_mut(&row.text()?) else { continue };
            let (version_id, stored, told) = (row.text()?, row.maybe_text()?, row.json::<Extraction>()?);
            let key = reading_key(&told);
            if stored.as_ref() != Some(&key) {
                made.keys.push((version_id, key.clone()));
            }
            if made.facts.iter().all(|(known, _)| *known != key) {
                made.facts.push((key, facts(text, &told)));
            }
        }
        Ok(made.into_values().map(|(_, made)| made).collect())
    }
}

/// Stores what was made of these texts in the place of what stands there; passages only where there are none.
async fn store(writer: &Writer, all: Vec<Made>) -> Result<(), StoreError> {
    let all = Arc::new(all);
    let those = all.clone();
    writer.write(async move |tx| put_facts(tx, &those).await).await?;
    for made in all.iter() {
        memory::make(writer, &made.brief_id, &made.content_id, &made.chunks).await?;
    }
    Ok(())
}

async fn put_facts(tx: &Tx, all: &[Made]) -> Result<(), StoreError> {
    let contents: Vec<String> = all.iter().map(|made| made.content_id.clone()).collect();
    let there = hold(tx, &contents).await?;
    for made in all.iter().filter(|made| there.contains(&made.content_id)) {
        for (version_id, key) in &made.keys {
            tx.put("UPDATE readings SET reading = $2 WHERE version_id = $1", params![version_id.as_str(), key.as_str()]);
        }
        for (key, facts) in &made.facts {
            let before = "DELETE FROM facts WHERE content_id = $1 AND reading = $2";
            tx.put(before, params![made.content_id.as_str(), key.as_str()]);
            put(tx, &made.content_id, key, facts)?;
        }
    }
    forget_readings(tx, &contents).await
}

/// Makes everything that is known of the versions of these runs anew.
pub(crate) async fn remake(ask: &impl Ask, writer: &Writer, run_ids: &[String]) -> Result<Remade, StoreError> {
    let mut contents = BTreeSet::new();
    for run_id in run_ids {
        let sql = format!("SELECT DISTINCT v.content_id FROM artifact_versions v WHERE v.run_id = $1 AND {LIVE} ORDER BY v.content_id");
        for mut row in ask.all(sql, params![run_id.as_str()]).await? {
            contents.insert(row.text()?);
        }
    }
    let contents: Vec<String> = contents.into_iter().collect();
    let mut remade = Remade::default();
    for slice in contents.chunks(SLICE) {
        let made = Made::of(ask, slice).await?;
        remade.texts += made.iter().filter(|made| !made.facts.is_empty()).count() as u64;
        remade.facts += made.iter().flat_map(|made| &made.facts).map(|(_, facts)| facts.len() as u64).sum::<u64>();
        remade.passages += made.iter().map(|made| made.chunks.len() as u64).sum::<u64>();
        let those = slice.to_vec();
        writer.write(async move |tx| memory::forget(tx, &those).await).await?;
        store(writer, made).await?;
    }
    Ok(remade)
}

/// Makes what was not made yet: of texts that were imported, or that an earlier version has kept.
pub(crate) async fn catch_up(ask: &impl Ask, writer: &Writer) -> Result<(), StoreError> {
    loop {
        let rows = ask.all(format!("SELECT content_id FROM unmade ORDER BY content_id LIMIT {SLICE}"), Vec::new()).await?;
        let contents: Vec<String> = rows.into_iter().map(|mut row| row.text()).collect::<Result<_, _>>()?;
        if contents.is_empty() {
            return Ok(());
        }
        store(writer, Made::of(ask, &contents).await?).await?;
    }
}
