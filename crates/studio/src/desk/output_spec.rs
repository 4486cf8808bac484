use serde_json::{Map, Value, json};
use story::{brief::FieldError, output_spec::PartialOutputSpec, patch};

use super::Studio;
use crate::{error::Error, ports::StoreError};

/// Where it is kept.
const KEY: &str = "output_spec";

impl Studio {
    /// What a snapshot takes where its brief leaves something open, before the defaults.
    pub async fn output_spec(&self) -> Result<PartialOutputSpec, Error> {
        stored(self.store.setting(KEY).await?)
    }

    /// Changes it by a merge patch (RFC 7396): null takes a key out. With `seen`, only where it is still that.
    ///
    /// Snapshots that were taken before stay as they are.
    pub async fn change_output_spec(
        &self,
        change: &Map<String, Value>,
        seen: Option<&PartialOutputSpec>,
    ) -> Result<PartialOutputSpec, Error> {
        loop {
            let old = self.store.setting(KEY).await?;
            let now = stored(old.clone())?;
            if seen.is_some_and(|seen| *seen != now) {
                return Err(Error::Changed);
            }
            let mut value = json!(now);
            patch::apply(&mut value, &json!(change));
            let new = checked(value)?;
            if self.store.swap_setting(KEY, old, json!(new)).await? {
                return Ok(new);
            }
        }
    }
}

fn stored(value: Option<Value>) -> Result<PartialOutputSpec, Error> {
    serde_json::from_value(value.unwrap_or_else(|| json!({})))
        .map_err(|e| Error::Store(StoreError::Database(format!("the settings of the output cannot be read: {e}"))))
}

/// Each key is read alone, so that all faults are told at once, each at its place.
fn checked(value: Value) -> Result<PartialOutputSpec, Error> {
    let Value::Object(keys) = &value else { return Ok(PartialOutputSpec::default()) };
    let fault = |key: &str, detail: String| FieldError { pointer: format!("/{key}"), detail };
    let unread = keys.iter().filter_map(|(key, value)| {
        let alone = Map::from_iter([(key.clone(), value.clone())]);
        serde_json::from_value::<PartialOutputSpec>(Value::Object(alone)).err().map(|e| fault(key, e.to_string()))
    });
    let mut errors: Vec<FieldError> = unread.collect();
    if errors.is_empty() {
        let spec: PartialOutputSpec = stored(Some(value))?;
        errors.extend(spec.faults().into_iter().map(|(key, detail)| fault(key, detail)));
        if errors.is_empty() {
            return Ok(spec);
        }
    }
    let detail = errors.iter().map(|error| format!("{} {}.", error.pointer, error.detail)).collect::<Vec<_>>().join(" ");
    Err(Error::Fields { detail, hint: "Correct what is named; null takes a key out.".into(), errors })
}
