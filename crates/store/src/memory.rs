//! The passages of the texts, and how they are found.
//!
//! Both databases index the words that `story::memory` makes, and a word that stands for the brief: a search looks at no other brief's
//! passages. The index only says which passages have which of the words; what that is worth is reckoned here, from the run's own passages.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use sea_orm::{DbBackend, Value};
use story::{
    memory::{AskedWord, Chunk, Weights, asked, score},
    text::{Span, slice},
};
use studio::ports::{Passage, Search, StoreError};

use crate::{
    artifacts::LIVE,
    knowledge, pins,
    row::number,
    sql::{self, params},
    tx::{Ask, Tx},
    write::Writer,
};

/// So many passages are put down in one transaction where much is to be done: about 5 ms.
const SLICE: usize = 48;
/// So many passages for each that is asked for are looked at word by word.
const LOOKED_AT: usize = 4;
/// And at least so many.
const LOOKED_AT_LEAST: usize = 24;

/// The word that every passage of a brief has, and no text: it is longer than words are.
fn of_brief(brief_id: &str) -> String {
    format!("brief{}", brief_id.replace('-', "").to_lowercase())
}

/// Puts down passages of a text, the first at `from`.
pub(crate) async fn put(tx: &Tx, brief_id: &str, content_id: &str, from: usize, chunks: &[Chunk]) -> Result<(), StoreError> {
    if chunks.is_empty() {
        return Ok(());
    }
    let scope = of_brief(brief_id);
    let told = |chunk: &Chunk| chunk.words.iter().fold(scope.clone(), |all, word| all + " " + word);
    let columns = ["content_id", "position", "span_start", "span_end"];
    let place = |chunk: &Chunk, n: usize| params![content_id, number(n), number(chunk.span.start), number(chunk.span.end)];
    if tx.backend() == DbBackend::Postgres {
        for (chunk, n) in chunks.iter().zip(from..) {
            let sql = "INSERT INTO chunks (content_id, position, span_start, span_end, words) \
                       VALUES ($1, $2, $3, $4, array_to_tsvector(string_to_array($5, ' ')))";
            tx.put(sql, [place(chunk, n), params![told(chunk)]].concat());
        }
        return Ok(());
    }
    // Nobody else writes meanwhile, and what comes last is numbered last: the index takes it in without sorting.
    let last = tx.one("SELECT COALESCE(MAX(id), 0) FROM chunks", Vec::new()).await?.map_or(Ok(0), |mut row| row.int())?;
    let (mut places, mut words) = (Vec::new(), Vec::new());
    for ((chunk, n), id) in chunks.iter().zip(from..).zip(last + 1..) {
        places.push([params![id], place(chunk, n)].concat());
        words.push(params![id, told(chunk)]);
    }
    tx.insert("chunks", &[&["id"][..], &columns[..]].concat(), places, "");
    tx.insert("chunk_words", &["rowid", "words"], words, "");
    Ok(())
}

/// Removes the passages of these texts, to be made anew.
pub(crate) async fn forget(tx: &Tx, contents: &[String]) -> Result<(), StoreError> {
    for content_id in knowledge::hold(tx, contents).await? {
        knowledge::make_later(tx, &content_id);
        tx.put("DELETE FROM chunks WHERE content_id = $1", params![content_id]);
    }
    Ok(())
}

/// Puts down all passages of a text, in slices: those that are there already, by whomever, stay.
pub(crate) async fn make(writer: &Writer, brief_id: &str, content_id: &str, chunks: &Arc<[Chunk]>) -> Result<(), StoreError> {
    loop {
        let (brief_id, content_id, chunks) = (brief_id.to_owned(), content_id.to_owned(), chunks.clone());
        if writer.write(async move |tx| make_some(tx, &brief_id, &content_id, &chunks).await).await? {
            return Ok(());
        }
    }
}

/// True once all are there, or the text is gone.
async fn make_some(tx: &Tx, brief_id: &str, content_id: &str, chunks: &[Chunk]) -> Result<bool, StoreError> {
    let held = tx.one(sql::taking(tx.backend(), "SELECT id FROM contents WHERE id = $1"), params![content_id]).await?;
    if held.is_none() {
        return Ok(true);
    }
    let there = tx.one("SELECT COUNT(*) FROM chunks WHERE content_id = $1", params![content_id]).await?;
    let there = there.map_or(Ok(0), |mut row| row.count::<usize>())?;
    let rest = chunks.get(there..).unwrap_or_default();
    put(tx, brief_id, content_id, there, &rest[..rest.len().min(SLICE)]).await?;
    let done = rest.len() <= SLICE;
    if done {
        tx.put("DELETE FROM unmade WHERE content_id = $1", params![content_id]);
    }
    Ok(done)
}

/// Passages that have the same words of the question, the first of them by place.
#[derive(Debug)]
struct Alike {
    mask: u64,
    /// How many there are.
    count: u64,
    first: Vec<Found>,
}

#[derive(Debug, Clone)]
struct Found {
    ordinal: u32,
    version_id: String,
    content_id: String,
    position: i64,
    span: Span,
}

/// The passages of a run's latest texts that are worth most for a question, the best first; of equals the earlier one.
pub(crate) async fn search(ask: &impl Ask, search: &Search) -> Result<Vec<Passage>, StoreError> {
    let question = asked(&search.question);
    if question.is_empty() || search.most == 0 {
        return Ok(Vec::new());
    }
    let Some((brief_id, total)) = book(ask, search).await? else { return Ok(Vec::new()) };
    let looked_at = (search.most * LOOKED_AT).max(LOOKED_AT_LEAST);
    let alike = alike(ask, search, &of_brief(&brief_id), &question, looked_at).await?;
    let having: Vec<u64> =
        (0..question.len()).map(|n| alike.iter().filter(|alike| alike.mask >> n & 1 == 1).map(|alike| alike.count).sum()).collect();
    let weights = Weights::of(total, &having);
    let mut first: Vec<(f64, Found)> = alike
        .into_iter()
        .flat_map(|alike| alike.first.into_iter().map(move |found| (alike.mask, found)))
        .map(|(mask, found)| (weights.at_first_sight(mask), found))
        .collect();
    sort(&mut first);
    first.truncate(looked_at);

    let contents: BTreeSet<String> = first.iter().map(|(_, found)| found.content_id.clone()).collect();
    let texts = pins::contents(ask, &contents.into_iter().collect::<Vec<_>>()).await?;
    let mut passages: BTreeMap<(String, i64), String> = BTreeMap::new();
    let mut looked: Vec<(f64, Found)> = Vec::with_capacity(first.len());
    for (_, found) in first {
        let Some(text) = texts.get(&found.content_id) else { continue };
        let passage = slice(text, found.span).to_owned();
        looked.push((score(&weights, &question, &passage), found.clone()));
        passages.insert((found.content_id, found.position), passage);
    }
    sort(&mut looked);
    looked.truncate(search.most);
    let passage = |(score, found): (f64, Found)| {
        let text = passages.remove(&(found.content_id.clone(), found.position)).unwrap_or_default();
        Passage { ordinal: found.ordinal, version_id: found.version_id, content_id: found.content_id, span: found.span, text, score }
    };
    Ok(looked.into_iter().map(passage).collect())
}

fn sort(found: &mut [(f64, Found)]) {
    let place = |found: &Found| (found.ordinal, found.position);
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| place(&a.1).cmp(&place(&b.1))));
}

/// The run's latest texts, up to the last chapter that is looked at: what `mine` is in a statement, with `$1` and `$2`.
const MINE: &str = "SELECT v.content_id AS id, v.id AS version_id, a.ordinal AS ordinal FROM artifacts a \
     JOIN artifact_versions v ON v.id = a.latest_version_id WHERE a.run_id = $1 AND a.ordinal <= $2";

fn of_run(search: &Search) -> Vec<Value> {
    params![search.run_id.as_str(), search.last.map_or(i64::from(u32::MAX), i64::from)]
}

/// The brief of the run, and how many passages are looked at.
async fn book(ask: &impl Ask, search: &Search) -> Result<Option<(String, u64)>, StoreError> {
    let sql = format!(
        "SELECT r.brief_id, (SELECT COUNT(*) FROM ({MINE}) m JOIN chunks k ON k.content_id = m.id) FROM workflow_runs r \
         WHERE r.id = $1 AND {LIVE}"
    );
    ask.one(sql, of_run(search)).await?.map(|mut row| Ok((row.text()?, row.count()?))).transpose()
}

/// Which passages have which of the words: the `most` first of each kind, and how many there are of it.
async fn alike(ask: &impl Ask, search: &Search, scope: &str, question: &[AskedWord], most: usize) -> Result<Vec<Alike>, StoreError> {
    let mut values = of_run(search);
    values.push(number(most).into());
    let masked = match ask.backend() {
        DbBackend::Postgres => {
            let lexeme = |word: &AskedWord| format!("'{}'{}", word.text, if word.begins { ":*" } else { "" });
            let any: Vec<String> = question.iter().map(lexeme).collect();
            values.push(format!("'{scope}' & ({})", any.join(" | ")).into());
            let mut bits = Vec::new();
            for (n, word) in any.into_iter().enumerate() {
                values.push(word.into());
                bits.push(format!("CASE WHEN k.words @@ CAST(${} AS TSQUERY) THEN {} ELSE 0 END", values.len(), 1u64 << n));
            }
            format!(
                "SELECT k.content_id, k.position, k.span_start, k.span_end, m.version_id, m.ordinal, CAST({} AS BIGINT) AS mask \
                 FROM chunks k JOIN mine m ON m.id = k.content_id WHERE k.words @@ CAST($4 AS TSQUERY)",
                bits.join(" + ")
            )
        }
        _ => {
            let mut hits = Vec::new();
            for (n, word) in question.iter().enumerate() {
                values.push(format!("\"{scope}\" AND \"{}\"{}", word.text, if word.begins { "*" } else { "" }).into());
                hits.push(format!("SELECT rowid AS id, {} AS bit FROM chunk_words WHERE chunk_words MATCH ${}", 1u64 << n, values.len()));
            }
            format!(
                "SELECT k.content_id, k.position, k.span_start, k.span_end, m.version_id, m.ordinal, SUM(h.bit) AS mask FROM ({}) h \
                 JOIN chunks k ON k.id = h.id JOIN mine m ON m.id = k.content_id GROUP BY h.id",
                hits.join(" UNION ALL ")
            )
        }
    };
    let sql = format!(
        "WITH mine AS MATERIALIZED ({MINE}), masked AS ({masked}), placed AS (SELECT masked.*, COUNT(*) OVER (PARTITION BY mask) AS alike, \
         ROW_NUMBER() OVER (PARTITION BY mask ORDER BY ordinal, position) AS place FROM masked) \
         SELECT mask, alike, ordinal, version_id, content_id, position, span_start, span_end FROM placed WHERE place <= $3 \
         ORDER BY mask, place"
    );
    let mut all: Vec<Alike> = Vec::new();
    for mut row in ask.all(sql, values).await? {
        let (mask, count) = (row.count()?, row.count()?);
        let found = Found {
            ordinal: row.count()?,
            version_id: row.text()?,
            content_id: row.text()?,
            position: row.int()?,
            span: Span { start: row.count()?, end: row.count()? },
        };
        if all.last().is_none_or(|last| last.mask != mask) {
            all.push(Alike { mask, count, first: Vec::new() });
        }
        if let Some(last) = all.last_mut() {
            last.first.push(found);
        }
    }
    Ok(all)
}
