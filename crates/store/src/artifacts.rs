//! Artifacts, their versions and the words that these point to.

use std::collections::BTreeMap;

use serde_json::Value;
use story::{finding::Finding, refold::Reading, text::Length, workflow::ChapterReread};
use studio::{
    artifact::{Artifact, ArtifactKind, Review, Version, VersionSource},
    ports::{ArtifactFilter, KeptVersion, Micros, Page, PageOf, StoreError},
    run::Run,
};

use crate::{
    fault::not_found,
    knowledge, locks, memory,
    page::{self, Order},
    row::{Row, flag, json, maybe_json, name, number},
    sql::{self, params},
    tx::{Ask, Tx},
};

const ARTIFACT: &str = "a.id, a.kind, a.unit_id, a.ordinal, a.title, a.brief_id, a.snapshot_id, a.run_id, a.latest_version_id, a.review, \
     (SELECT l.words FROM artifact_versions w JOIN contents l ON l.id = w.content_id WHERE w.id = a.latest_version_id), \
     (SELECT l.chars FROM artifact_versions w JOIN contents l ON l.id = w.content_id WHERE w.id = a.latest_version_id)";
const VERSION: &str = "v.id, v.artifact_id, v.number, v.source, v.title, v.parent_id, v.run_id, v.step_index, v.content_id, v.metadata, \
     v.author, v.created_at, c.text, c.words, c.chars, a.snapshot_id";
/// The run of `$1`, while it was not deleted.
pub(crate) const LIVE: &str = "EXISTS (SELECT 1 FROM workflow_runs r WHERE r.id = $1 AND r.deleted_at IS NULL)";

/// Keeps a new version, where the artifact's latest one is the one that it was written against. `since` is the first step at whose success
/// it is there.
pub(crate) async fn keep(tx: &Tx, run: &Run, kept: &KeptVersion, since: i64, now: Micros) -> Result<(), StoreError> {
    let kind = name(kept.kind)?;
    let latest = tx
        .one(
            sql::taking(
                tx.backend(),
                "SELECT a.id, a.latest_version_id, v.number FROM artifacts a JOIN artifact_versions v ON v.id = a.latest_version_id \
                 WHERE a.run_id = $1 AND a.kind = $2 AND a.unit_id = $3",
            ),
            params![run.id.as_str(), kind.as_str(), kept.unit_id.as_str()],
        )
        .await?;
    let found = latest.map(|mut row| Ok::<_, StoreError>((row.text()?, row.text()?, row.int()?))).transpose()?;
    let latest = found.as_ref().map(|(_, version, _)| version.clone());
    if latest != kept.expected_latest {
        return Err(StoreError::ArtifactMovedOn { latest: latest.unwrap_or_default() });
    }
    if let Some((id, latest, _)) = &found {
        locks::hold(tx, id, latest, &kept.draft.text).await?;
    }
    let (artifact_id, version_number) = match found {
        Some((id, _, last)) => {
            tx.put(
                "UPDATE artifacts SET ordinal = $2, title = $3, latest_version_id = $4, review = 'none' WHERE id = $1",
                params![id.as_str(), i64::from(kept.ordinal), kept.draft.title.as_str(), kept.version_id.as_str()],
            );
            (id, last + 1)
        }
        None => {
            insert_artifact(tx, run, kept, kind);
            (kept.artifact_id.clone(), 1)
        }
    };
    insert_content(tx, &run.brief_id, kept, now).await?;
    insert_version(tx, kept, &artifact_id, Some((&run.id, since)), version_number, now)
}

/// A new artifact with its first version, and at most so many of its prints: of a run that nobody sees yet. What else is made of the words is
/// made when they are all there.
pub(crate) fn put(tx: &Tx, run: &Run, kept: &KeptVersion, prints: usize, now: Micros) -> Result<(), StoreError> {
    insert_artifact(tx, run, kept, name(kept.kind)?);
    insert_words(tx, &run.brief_id, kept, now)?;
    knowledge::make_later(tx, &kept.content_id);
    put_prints(tx, kept, 0, prints);
    insert_version(tx, kept, &kept.artifact_id, Some((&run.id, kept.step_index.unwrap_or_default())), 1, now)
}

/// At most so many prints of a content, from the one with this index.
pub(crate) fn put_prints(tx: &Tx, kept: &KeptVersion, from: usize, most: usize) {
    let prints = kept.prints.iter().skip(from).take(most);
    let rows = prints.map(|(n, print)| params![kept.content_id.as_str(), print.as_str(), number(*n)]).collect();
    tx.insert("paragraph_prints", &["content_id", "print", "number"], rows, "ON CONFLICT DO NOTHING");
}

fn insert_version(
    tx: &Tx,
    kept: &KeptVersion,
    artifact_id: &str,
    line: Option<(&str, i64)>,
    number: i64,
    now: Micros,
) -> Result<(), StoreError> {
    let (metadata, findings) = apart(&kept.metadata);
    tx.put(
        "INSERT INTO artifact_versions (id, artifact_id, run_id, number, parent_id, source, title, content_id, step_index, metadata, author, \
         created_at, since_index, rewritten) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            kept.version_id.as_str(),
            artifact_id,
            line.map(|(run_id, _)| run_id.to_owned()),
            number,
            kept.expected_latest.clone(),
            name(kept.source)?,
            kept.draft.title.as_str(),
            kept.content_id.as_str(),
            kept.step_index,
            json(&metadata)?,
            kept.author.clone(),
            now,
            line.map_or(0, |(_, since)| since),
            // An agent's words of no step.
            flag(kept.source == VersionSource::Agent && kept.step_index.is_none()),
        ],
    );
    let mut rows = Vec::new();
    for (finding, n) in findings.iter().zip(1i64..) {
        let word = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or_default();
        rows.push(params![kept.version_id.as_str(), n, word("rule"), word("severity"), json(finding)?]);
    }
    tx.insert("findings", &["version_id", "number", "rule", "severity", "json"], rows, "");
    Ok(())
}

fn insert_artifact(tx: &Tx, run: &Run, kept: &KeptVersion, kind: String) {
    tx.put(
        "INSERT INTO artifacts (id, brief_id, snapshot_id, run_id, kind, unit_id, ordinal, title, latest_version_id, review) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'none')",
        params![
            kept.artifact_id.as_str(),
            run.brief_id.as_str(),
            run.snapshot_id.as_str(),
            run.id.as_str(),
            kind,
            kept.unit_id.as_str(),
            i64::from(kept.ordinal),
            kept.draft.title.as_str(),
            kept.version_id.as_str(),
        ],
    );
}

/// Stores the words. Those that are there already, as with a fork's, stay as they are, and are held until the version refers to them.
async fn insert_content(tx: &Tx, brief_id: &str, kept: &KeptVersion, now: Micros) -> Result<(), StoreError> {
    insert_words(tx, brief_id, kept, now)?;
    put_prints(tx, kept, 0, usize::MAX);
    knowledge::put(tx, &kept.content_id, "", &kept.facts)?;
    memory::put(tx, brief_id, &kept.content_id, 0, &kept.chunks).await
}

fn insert_words(tx: &Tx, brief_id: &str, kept: &KeptVersion, now: Micros) -> Result<(), StoreError> {
    let text = kept.draft.text.as_str();
    tx.put(
        "INSERT INTO contents (id, brief_id, text, text_hash, extraction, digest, words, chars, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET brief_id = contents.brief_id",
        params![
            kept.content_id.as_str(),
            brief_id,
            text,
            story::canonical::hash_text(text),
            maybe_json(kept.extraction.as_deref())?,
            json(&kept.digest)?,
            number(kept.draft.length.words),
            number(kept.draft.length.chars),
            now,
        ],
    );
    Ok(())
}

/// The metadata without its findings, and the findings: these hang from the version in rows of their own.
fn apart(metadata: &Value) -> (Value, Vec<Value>) {
    let Some(Value::Array(findings)) = metadata.get("findings") else {
        return (metadata.clone(), Vec::new());
    };
    let mut rest = metadata.clone();
    if findings.is_empty() {
        return (rest, Vec::new());
    }
    if let Value::Object(map) = &mut rest {
        map.remove("findings");
    }
    (rest, findings.clone())
}

/// Gives artifacts of a run another place in the book.
pub(crate) fn renumber(tx: &Tx, run_id: &str, places: &[(String, u32)]) {
    for (id, ordinal) in places {
        let sql = "UPDATE artifacts SET ordinal = $3 WHERE id = $1 AND run_id = $2";
        tx.put(sql, params![id.as_str(), run_id, i64::from(*ordinal)]);
    }
}

/// The latest texts behind an ordinal get a finding and wait for a person's look.
pub(crate) fn mark_later(tx: &Tx, run_id: &str, after: u32, finding: &Finding) -> Result<(), StoreError> {
    let behind = i64::from(after);
    tx.put("UPDATE artifacts SET review = 'wanted' WHERE run_id = $1 AND ordinal > $2", params![run_id, behind]);
    tx.put(
        "INSERT INTO findings (version_id, number, rule, severity, json) SELECT a.latest_version_id, \
         1 + COALESCE((SELECT MAX(f.number) FROM findings f WHERE f.version_id = a.latest_version_id), 0), $3, $4, $5 \
         FROM artifacts a WHERE a.run_id = $1 AND a.ordinal > $2",
        params![run_id, behind, finding.rule.as_str(), name(finding.severity)?, json(finding)?],
    );
    Ok(())
}

/// Puts down what step `index` has read of a version that was stored unread.
pub(crate) async fn keep_reading(tx: &Tx, reading: &ChapterReread, index: i64) -> Result<(), StoreError> {
    let content = std::slice::from_ref(&reading.content_id);
    knowledge::hold(tx, content).await?;
    let key = reading.facts.as_ref().map(|(key, _)| key.clone());
    let row = params![reading.version_id.as_str(), index, maybe_json(reading.extraction.as_deref())?, json(&reading.digest)?, key];
    let anew = "ON CONFLICT (version_id) DO UPDATE SET step_index = excluded.step_index, extraction = excluded.extraction, \
                digest = excluded.digest, reading = excluded.reading";
    tx.insert("readings", &["version_id", "step_index", "extraction", "digest", "reading"], vec![row], anew);
    if let Some((key, facts)) = &reading.facts {
        knowledge::put(tx, &reading.content_id, key, facts)?;
    }
    knowledge::forget_readings(tx, content).await
}

/// What was read last of each chapter of the run before `ordinal`, in order.
pub(crate) async fn readings(ask: &impl Ask, run_id: &str, ordinal: u32) -> Result<Vec<Reading>, StoreError> {
    let sql = format!(
        "SELECT a.ordinal, COALESCE(r.extraction, c.extraction), COALESCE(r.digest, c.digest) \
         FROM artifacts a JOIN artifact_versions v ON v.artifact_id = a.id JOIN contents c ON c.id = v.content_id \
         LEFT JOIN readings r ON r.version_id = v.id WHERE a.run_id = $1 AND a.ordinal < $2 AND {LIVE} \
         AND NOT EXISTS (SELECT 1 FROM artifact_versions n JOIN contents d ON d.id = n.content_id \
         LEFT JOIN readings m ON m.version_id = n.id WHERE n.artifact_id = a.id AND n.number > v.number \
         AND (m.extraction IS NOT NULL OR d.extraction IS NOT NULL)) ORDER BY a.ordinal, v.number"
    );
    let mut readings: Vec<Reading> = Vec::new();
    for mut row in ask.all(sql, params![run_id, i64::from(ordinal)]).await? {
        let reading = Reading { ordinal: row.count()?, extraction: row.maybe_json()?, digest: row.json()? };
        // Of versions after the last one that was read, the first stands for the chapter.
        if readings.last().is_none_or(|last| last.ordinal != reading.ordinal) {
            readings.push(reading);
        }
    }
    Ok(readings)
}

/// For each print that stands in a chapter of the run's line before `ordinal`: the earliest such chapter.
pub(crate) async fn earlier_prints(
    ask: &impl Ask,
    run_id: &str,
    ordinal: u32,
    prints: &[String],
) -> Result<BTreeMap<String, u32>, StoreError> {
    let mut earlier: BTreeMap<String, u32> = BTreeMap::new();
    // A list no longer than a long chapter's, so that the statement stays small.
    for prints in prints.chunks(256) {
        let Some((list, prints)) = sql::any_of(3, prints) else { continue };
        let values = params![run_id, i64::from(ordinal)].into_iter().chain(prints).collect();
        let sql = format!(
            "SELECT p.print, MIN(a.ordinal) FROM artifacts a JOIN artifact_versions v ON v.id = a.latest_version_id \
             JOIN paragraph_prints p ON p.content_id = v.content_id \
             WHERE a.run_id = $1 AND a.ordinal < $2 AND {LIVE} AND p.print IN ({list}) GROUP BY p.print"
        );
        for mut row in ask.all(sql, values).await? {
            earlier.insert(row.text()?, row.count()?);
        }
    }
    Ok(earlier)
}

/// The artifact of a unit of the plan.
pub(crate) async fn of_unit(ask: &impl Ask, run_id: &str, kind: ArtifactKind, unit_id: &str) -> Result<Option<Artifact>, StoreError> {
    let sql = format!("SELECT {ARTIFACT} FROM artifacts a WHERE a.run_id = $1 AND a.kind = $2 AND a.unit_id = $3 AND {LIVE}");
    ask.one(sql, params![run_id, name(kind)?, unit_id]).await?.map(|mut row| artifact(&mut row)).transpose()
}

/// All artifacts of a run, by ordinal.
pub(crate) async fn list(ask: &impl Ask, run_id: &str) -> Result<Vec<Artifact>, StoreError> {
    let sql = format!("SELECT {ARTIFACT} FROM artifacts a WHERE a.run_id = $1 AND {LIVE} ORDER BY a.ordinal, a.id");
    ask.all(sql, params![run_id]).await?.into_iter().map(|mut row| artifact(&mut row)).collect()
}

/// The latest version of every artifact of a run, by ordinal.
pub(crate) async fn latest_versions(ask: &impl Ask, run_id: &str) -> Result<Vec<(Artifact, Version)>, StoreError> {
    let sql = format!(
        "SELECT {ARTIFACT}, {VERSION} FROM artifacts a JOIN artifact_versions v ON v.id = a.latest_version_id \
         JOIN contents c ON c.id = v.content_id WHERE a.run_id = $1 AND {LIVE} ORDER BY a.ordinal, a.id"
    );
    let mut latest = Vec::new();
    for mut row in ask.all(sql, params![run_id]).await? {
        latest.push((artifact(&mut row)?, version(&mut row)?));
    }
    let rows = ask
        .all(
            "SELECT f.version_id, f.json FROM artifacts a JOIN findings f ON f.version_id = a.latest_version_id WHERE a.run_id = $1 \
             ORDER BY f.version_id, f.number",
            params![run_id],
        )
        .await?;
    let mut findings: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for mut row in rows {
        findings.entry(row.text()?).or_default().push(row.json()?);
    }
    for (_, version) in &mut latest {
        if let (Some(findings), Value::Object(map)) = (findings.remove(&version.id), &mut version.metadata) {
            map.insert("findings".into(), Value::Array(findings));
        }
    }
    Ok(latest)
}

/// A run's artifact, or a manuscript whose brief is there.
const SEEN: &str = "(a.run_id IS NULL AND EXISTS (SELECT 1 FROM briefs b WHERE b.id = a.brief_id AND b.deleted_at IS NULL) \
     OR EXISTS (SELECT 1 FROM workflow_runs r WHERE r.id = a.run_id AND r.deleted_at IS NULL))";

/// An artifact.
pub(crate) async fn read(ask: &impl Ask, id: &str) -> Result<Artifact, StoreError> {
    let row = ask.one(format!("SELECT {ARTIFACT} FROM artifacts a WHERE a.id = $1 AND {SEEN}"), params![id]).await?;
    artifact(&mut row.ok_or_else(|| not_found("artifact", id))?)
}

/// Artifacts by ordinal, in pages.
pub(crate) async fn page(ask: &impl Ask, filter: &ArtifactFilter) -> Result<Page<Artifact>, StoreError> {
    let (mut sql, mut values) = (format!("SELECT {ARTIFACT} FROM artifacts a WHERE {SEEN}"), Vec::new());
    let equal =
        [("run_id", filter.run_id.clone()), ("snapshot_id", filter.snapshot_id.clone()), ("kind", filter.kind.map(name).transpose()?)];
    for (column, value) in equal {
        if let Some(value) = value {
            values.push(value.into());
            sql.push_str(&format!(" AND a.{column} = ${}", values.len()));
        }
    }
    page::turn(&mut sql, &mut values, &filter.page, "a.ordinal", "a.id", Order::Up);
    let items = ask.all(sql, values).await?.into_iter().map(|mut row| artifact(&mut row)).collect::<Result<_, _>>()?;
    Ok(page::cut(items, &filter.page, |artifact: &Artifact| (i64::from(artifact.ordinal), &artifact.id)))
}

const VERSIONS: &str = "FROM artifact_versions v JOIN artifacts a ON a.id = v.artifact_id JOIN contents c ON c.id = v.content_id";

/// A version, with its findings.
pub(crate) async fn read_version(ask: &impl Ask, id: &str) -> Result<Version, StoreError> {
    let row = ask.one(format!("SELECT {VERSION} {VERSIONS} WHERE v.id = $1 AND {SEEN}"), params![id]).await?;
    let mut found = version(&mut row.ok_or_else(|| not_found("version", id))?)?;
    put_findings(ask, std::slice::from_mut(&mut found)).await?;
    Ok(found)
}

/// The versions of an artifact, newest first.
pub(crate) async fn versions(ask: &impl Ask, artifact_id: &str, asked: &PageOf) -> Result<Page<Version>, StoreError> {
    let (mut sql, mut values) = (format!("SELECT {VERSION} {VERSIONS} WHERE v.artifact_id = $1 AND {SEEN}"), params![artifact_id]);
    page::turn(&mut sql, &mut values, asked, "v.number", "v.id", Order::Down);
    let items = ask.all(sql, values).await?.into_iter().map(|mut row| version(&mut row)).collect::<Result<_, _>>()?;
    let mut page = page::cut(items, asked, |version: &Version| (version.number, &version.id));
    put_findings(ask, &mut page.items).await?;
    Ok(page)
}

async fn put_findings(ask: &impl Ask, versions: &mut [Version]) -> Result<(), StoreError> {
    let ids: Vec<String> = versions.iter().map(|version| version.id.clone()).collect();
    let Some((list, values)) = sql::any_of(1, &ids) else { return Ok(()) };
    let sql = format!("SELECT version_id, json FROM findings WHERE version_id IN ({list}) ORDER BY version_id, number");
    let mut findings: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for mut row in ask.all(sql, values).await? {
        findings.entry(row.text()?).or_default().push(row.json()?);
    }
    for version in versions {
        if let (Some(findings), Value::Object(map)) = (findings.remove(&version.id), &mut version.metadata) {
            map.insert("findings".into(), Value::Array(findings));
        }
    }
    Ok(())
}

/// Says how the review of an artifact stands.
pub(crate) async fn review(tx: &Tx, id: &str, review: Review) -> Result<Artifact, StoreError> {
    let known = read(tx, id).await?;
    tx.run("UPDATE artifacts SET review = $2 WHERE id = $1", params![id, review.word()]).await?;
    Ok(Artifact { review: review.word().into(), ..known })
}

/// Keeps a new version of a standalone manuscript, where the latest one is the one that it was written against.
pub(crate) async fn keep_manuscript(tx: &Tx, kept: &KeptVersion, now: Micros) -> Result<(), StoreError> {
    let row = tx
        .one(
            sql::taking(
                tx.backend(),
                "SELECT a.brief_id, a.latest_version_id, v.number FROM artifacts a JOIN artifact_versions v ON v.id = a.latest_version_id \
                 JOIN briefs b ON b.id = a.brief_id WHERE a.id = $1 AND a.run_id IS NULL AND b.deleted_at IS NULL",
            ),
            params![kept.artifact_id.as_str()],
        )
        .await?;
    let mut row = row.ok_or_else(|| not_found("artifact", &kept.artifact_id))?;
    let (brief_id, latest, last) = (row.text()?, row.text()?, row.int()?);
    if Some(&latest) != kept.expected_latest.as_ref() {
        return Err(StoreError::ArtifactMovedOn { latest });
    }
    locks::hold(tx, &kept.artifact_id, &latest, &kept.draft.text).await?;
    tx.put(
        "UPDATE artifacts SET title = $2, latest_version_id = $3 WHERE id = $1",
        params![kept.artifact_id.as_str(), kept.draft.title.as_str(), kept.version_id.as_str()],
    );
    insert_content(tx, &brief_id, kept, now).await?;
    insert_version(tx, kept, &kept.artifact_id, None, last + 1, now)
}

fn artifact(row: &mut Row) -> Result<Artifact, StoreError> {
    Ok(Artifact {
        id: row.text()?,
        kind: row.name()?,
        unit_id: row.text()?,
        ordinal: row.count()?,
        title: row.text()?,
        brief_id: row.text()?,
        snapshot_id: row.maybe_text()?,
        run_id: row.maybe_text()?,
        latest_version_id: row.text()?,
        review: row.text()?,
        length: Length { words: row.count()?, chars: row.count()? },
    })
}

fn version(row: &mut Row) -> Result<Version, StoreError> {
    Ok(Version {
        id: row.text()?,
        artifact_id: row.text()?,
        number: row.int()?,
        source: row.name()?,
        title: row.text()?,
        parent_id: row.maybe_text()?,
        run_id: row.maybe_text()?,
        step_index: row.maybe_int()?,
        content_id: row.text()?,
        metadata: row.json()?,
        author: row.maybe_text()?,
        created_at: row.int()?,
        text: row.text()?,
        length: Length { words: row.count()?, chars: row.count()? },
        snapshot_id: row.maybe_text()?,
    })
}
