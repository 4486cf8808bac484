//! Forking: a run of its own that begins where another one stood. Rows are written, no text is copied.

use std::collections::{BTreeMap, BTreeSet};

use studio::{
    ports::{Fork, Inherited, Micros, StoreError},
    run::Run,
};
use uuid::Uuid;

use crate::{
    briefs,
    fault::not_found,
    locks, pins,
    row::json,
    runs,
    sql::{self, params},
    steps,
    tx::{Ask, Tx},
};

/// The key of the state under which the version stands that a draft comes after.
const REPLACES: &str = "replaces";

/// Forks a run; none where its source has moved on.
pub(crate) async fn fork(tx: &Tx, fork: &Fork, now: Micros) -> Result<Option<Run>, StoreError> {
    let source = runs::hold(tx, &fork.source).await?;
    briefs::hold_snapshot(tx, &source.snapshot_id).await?;
    let mut map = state_map(tx, fork).await?;
    if fork.now && steps::last_success(tx, &fork.source).await? != fork.index {
        return Ok(None);
    }
    let line = Line::read(tx, fork).await?;
    let inherited = line.unread(tx, fork, &source).await?;
    let replaces = line.replaces(tx, fork, &map).await?;
    let (made, created) = (fork.make)(&source, &inherited);
    let own = replaces.map(|own| (story::canonical::hash_text(&own), own));
    if let Some((hash, _)) = &own {
        map.insert(REPLACES.into(), hash.clone());
    }
    let run = runs::begin(tx, &made, &map, &created, now)?;
    copy_state(tx, &fork.source, &run.id, &map).await?;
    if let Some((hash, own)) = own {
        tx.put("INSERT INTO state_values (run_id, hash, json) VALUES ($1, $2, $3)", params![run.id.as_str(), hash, own]);
    }
    pins::share(tx, &fork.source, &run.id);
    line.write(tx, fork, &run).await?;
    Ok(Some(run))
}

/// The state after the step: key to hash.
async fn state_map(tx: &Tx, fork: &Fork) -> Result<BTreeMap<String, String>, StoreError> {
    let row = match fork.index {
        0 => tx.one("SELECT base_map FROM workflow_runs WHERE id = $1", params![fork.source.as_str()]).await?,
        index => {
            let sql = "SELECT state_map FROM workflow_steps WHERE run_id = $1 AND step_index = $2 AND status = 'succeeded' \
                       AND state_map IS NOT NULL";
            tx.one(sql, params![fork.source.as_str(), index]).await?
        }
    };
    row.ok_or_else(|| not_found("step", &fork.index.to_string()))?.json()
}

/// The few values that the state points to, and the pointers.
async fn copy_state(tx: &Tx, source: &str, run_id: &str, map: &BTreeMap<String, String>) -> Result<(), StoreError> {
    let hashes: Vec<String> = map.values().collect::<BTreeSet<_>>().into_iter().cloned().collect();
    for hashes in hashes.chunks(sql::longest_list()) {
        if let Some((list, hashes)) = sql::any_of(3, hashes) {
            let values = params![run_id, source].into_iter().chain(hashes).collect();
            let sql = format!(
                "INSERT INTO state_values (run_id, hash, json) SELECT $1, hash, json FROM state_values WHERE run_id = $2 AND hash IN ({list})"
            );
            tx.run(sql, values).await?;
        }
    }
    let rows = map.iter().map(|(key, hash)| params![run_id, key.as_str(), hash.as_str()]).collect();
    tx.insert("run_state", &["run_id", "key", "hash"], rows, "");
    Ok(())
}

/// The artifacts of the source as they stood, with ids of the fork's own.
struct Line(Vec<Unit>);

struct Unit {
    /// The source's artifact.
    source: String,
    id: String,
    kind: String,
    unit_id: String,
    ordinal: i64,
    review: String,
    /// By number; there is at least one.
    versions: Vec<Stood>,
}

struct Stood {
    /// The source's version.
    source: String,
    id: String,
    parent: Option<String>,
    number: i64,
    by: String,
    title: String,
    content: String,
    metadata: String,
    author: Option<String>,
    created_at: i64,
    /// By a model at a person's word, outside of any step.
    rewritten: i64,
}

impl Line {
    async fn read(tx: &Tx, fork: &Fork) -> Result<Self, StoreError> {
        let then = if fork.now { "" } else { "AND v.since_index <= $2" };
        let sql = format!(
            "SELECT a.id, a.kind, a.unit_id, a.ordinal, a.review, v.id, v.parent_id, v.number, v.source, v.title, v.content_id, v.metadata, \
             v.author, v.created_at, v.rewritten FROM artifacts a JOIN artifact_versions v ON v.artifact_id = a.id \
             WHERE a.run_id = $1 AND v.run_id = $1 {then} ORDER BY a.ordinal, a.id, v.number"
        );
        let mut values = params![fork.source.as_str()];
        if !fork.now {
            values.push(fork.index.into());
        }
        let mut units: Vec<Unit> = Vec::new();
        for mut row in tx.all(sql, values).await? {
            let unit = Unit {
                source: row.text()?,
                id: String::new(),
                kind: row.text()?,
                unit_id: row.text()?,
                ordinal: row.int()?,
                review: row.text()?,
                versions: Vec::new(),
            };
            if units.last().is_none_or(|last| last.source != unit.source) {
                units.push(Unit { id: Uuid::now_v7().to_string(), ..unit });
            }
            let stood = Stood {
                source: row.text()?,
                id: Uuid::now_v7().to_string(),
                parent: row.maybe_text()?,
                number: row.int()?,
                by: row.text()?,
                title: row.text()?,
                content: row.text()?,
                metadata: row.text()?,
                author: row.maybe_text()?,
                created_at: row.int()?,
                rewritten: row.int()?,
            };
            if let Some(unit) = units.last_mut() {
                unit.versions.push(stood);
            }
        }
        Ok(Self(units))
    }

    /// What waits to be read: now as the source's row says, earlier whatever no step had read by then.
    async fn unread(&self, tx: &Tx, fork: &Fork, source: &Run) -> Result<Inherited, StoreError> {
        let mut latest: BTreeMap<&str, (&Unit, &Stood)> = BTreeMap::new();
        for unit in &self.0 {
            if let Some(last) = unit.versions.last().filter(|last| last.by == "user" || last.rewritten == 1) {
                latest.insert(last.source.as_str(), (unit, last));
            }
        }
        let unread: Vec<&str> = if fork.now {
            source.unread.values().map(String::as_str).collect()
        } else {
            let mut read = BTreeSet::new();
            let sql = "SELECT v.id FROM artifact_versions v JOIN contents c ON c.id = v.content_id \
                       LEFT JOIN readings r ON r.version_id = v.id \
                       WHERE v.run_id = $1 AND (v.source = 'user' OR v.rewritten = 1) AND (r.step_index <= $2 OR c.extraction IS NOT NULL)";
            for mut row in tx.all(sql, params![fork.source.as_str(), fork.index]).await? {
                read.insert(row.text()?);
            }
            latest.keys().filter(|version| !read.contains(**version)).copied().collect()
        };
        let unread = unread.into_iter().filter_map(|version| {
            let (unit, stood) = latest.get(version)?;
            Some((unit.unit_id.clone(), (u32::try_from(unit.ordinal).ok()?, stood.id.clone())))
        });
        Ok(Inherited { unread: unread.collect() })
    }

    /// The version of the fork's own that the draft in hand comes after, as JSON, where the source's state names one.
    async fn replaces(&self, tx: &Tx, fork: &Fork, map: &BTreeMap<String, String>) -> Result<Option<String>, StoreError> {
        let Some(hash) = map.get(REPLACES) else { return Ok(None) };
        let sql = "SELECT json FROM state_values WHERE run_id = $1 AND hash = $2";
        let Some(mut row) = tx.one(sql, params![fork.source.as_str(), hash.as_str()]).await? else { return Ok(None) };
        let of_source: String = row.json()?;
        let stood = self.0.iter().flat_map(|unit| &unit.versions).find(|stood| stood.source == of_source);
        stood.map(|stood| json(&stood.id)).transpose()
    }

    async fn write(&self, tx: &Tx, fork: &Fork, run: &Run) -> Result<(), StoreError> {
        let ids: BTreeMap<&str, &str> =
            self.0.iter().flat_map(|unit| &unit.versions).map(|stood| (stood.source.as_str(), stood.id.as_str())).collect();
        let (mut artifacts, mut versions) = (Vec::new(), Vec::new());
        for unit in &self.0 {
            let Some(latest) = unit.versions.last() else { continue };
            artifacts.push(params![
                unit.id.as_str(),
                run.brief_id.as_str(),
                run.snapshot_id.as_str(),
                run.id.as_str(),
                unit.kind.as_str(),
                unit.unit_id.as_str(),
                unit.ordinal,
                latest.title.as_str(),
                latest.id.as_str(),
                unit.review.as_str(),
            ]);
            for stood in &unit.versions {
                let parent = stood.parent.as_deref().and_then(|parent| ids.get(parent)).map(|id| (*id).to_owned());
                // The steps of the source are not the fork's: it begins with these, at no step of its own.
                versions.push(params![
                    stood.id.as_str(),
                    unit.id.as_str(),
                    run.id.as_str(),
                    stood.number,
                    parent,
                    stood.by.as_str(),
                    stood.title.as_str(),
                    stood.content.as_str(),
                    None::<i64>,
                    stood.metadata.as_str(),
                    stood.author.clone(),
                    stood.created_at,
                    0i64,
                    stood.rewritten,
                ]);
            }
        }
        let columns = ["id", "brief_id", "snapshot_id", "run_id", "kind", "unit_id", "ordinal", "title", "latest_version_id", "review"];
        tx.insert("artifacts", &columns, artifacts, "");
        let columns = [
            "id",
            "artifact_id",
            "run_id",
            "number",
            "parent_id",
            "source",
            "title",
            "content_id",
            "step_index",
            "metadata",
            "author",
            "created_at",
            "since_index",
            "rewritten",
        ];
        tx.insert("artifact_versions", &columns, versions, "");
        // The fork's version with the same unit and number is the same version.
        let same = "FROM artifacts a JOIN artifact_versions v ON v.artifact_id = a.id \
                    JOIN artifacts b ON b.kind = a.kind AND b.unit_id = a.unit_id \
                    JOIN artifact_versions w ON w.artifact_id = b.id AND w.number = v.number";
        let findings = format!(
            "INSERT INTO findings (version_id, number, rule, severity, json) SELECT v.id, f.number, f.rule, f.severity, f.json {same} \
             JOIN findings f ON f.version_id = w.id WHERE a.run_id = $1 AND b.run_id = $2"
        );
        tx.run(findings, params![run.id.as_str(), fork.source.as_str()]).await?;
        let then = if fork.now { "" } else { "AND r.step_index <= $3" };
        let readings = format!(
            "INSERT INTO readings (version_id, step_index, extraction, digest, reading) SELECT v.id, 0, r.extraction, r.digest, r.reading {same} \
             JOIN readings r ON r.version_id = w.id WHERE a.run_id = $1 AND b.run_id = $2 {then}"
        );
        let mut values = params![run.id.as_str(), fork.source.as_str()];
        if !fork.now {
            values.push(fork.index.into());
        }
        tx.run(readings, values).await?;
        let latest =
            self.0.iter().filter_map(|unit| Some((unit.source.as_str(), unit.id.as_str(), unit.versions.last()?.content.as_str())));
        locks::share(tx, &fork.source, &latest.collect::<Vec<_>>()).await
    }
}
