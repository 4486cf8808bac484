//! Contents that a run is made from: they stay as long as the run does, whatever becomes of the versions that had them.

use std::collections::BTreeMap;

use studio::ports::StoreError;

use crate::{
    fault::not_found,
    sql::{self, params},
    tx::{Ask, Tx},
};

/// Pins these contents to a run that is being created.
pub(crate) async fn keep(tx: &Tx, run_id: &str, contents: &[String]) -> Result<(), StoreError> {
    for content in contents {
        let sql = "INSERT INTO source_pins (run_id, content_id) SELECT $1, id FROM contents WHERE id = $2 ON CONFLICT DO NOTHING";
        if tx.run(sql, params![run_id, content.as_str()]).await? == 0 {
            let known =
                tx.one("SELECT 1 FROM source_pins WHERE run_id = $1 AND content_id = $2", params![run_id, content.as_str()]).await?;
            known.ok_or_else(|| not_found("content", content))?;
        }
    }
    Ok(())
}

/// Pins to a fork what its source is made from.
pub(crate) fn share(tx: &Tx, source: &str, fork: &str) {
    let sql = "INSERT INTO source_pins (run_id, content_id) SELECT $2, content_id FROM source_pins WHERE run_id = $1";
    tx.put(sql, params![source, fork]);
}

/// Lets go of some pins of a run. The contents that they held; empty once there is none left.
pub(crate) async fn release(tx: &Tx, run_id: &str) -> Result<Vec<String>, StoreError> {
    let mut contents = Vec::new();
    for mut row in tx.all("SELECT content_id FROM source_pins WHERE run_id = $1 LIMIT 8", params![run_id]).await? {
        contents.push(row.text()?);
    }
    if let Some((list, values)) = sql::any_of(2, &contents) {
        let values = params![run_id].into_iter().chain(values).collect();
        tx.run(format!("DELETE FROM source_pins WHERE run_id = $1 AND content_id IN ({list})"), values).await?;
    }
    Ok(contents)
}

/// The words of these contents.
pub(crate) async fn contents(ask: &impl Ask, ids: &[String]) -> Result<BTreeMap<String, String>, StoreError> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(64) {
        let Some((list, values)) = sql::any_of(1, ids) else { continue };
        for mut row in ask.all(format!("SELECT id, text FROM contents WHERE id IN ({list})"), values).await? {
            found.insert(row.text()?, row.text()?);
        }
    }
    Ok(found)
}
