//! Lines of versions: numbered without holes, each with its text, each agent's with the step that made it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, by, database::Table};

pub(crate) fn check(steps: &Table, artifacts: &Table, versions: &Table, contents: &Table, found: &mut Found) {
    let contents: BTreeSet<&str> = contents.iter().map(|row| row.text("id")).collect();
    let made: BTreeMap<(&str, i64), Vec<String>> = steps
        .iter()
        .filter(|step| step.text("status") == "succeeded")
        .map(|step| {
            let ids = step.json("artifact_version_ids");
            let ids = ids.as_array().into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned));
            ((step.text("run_id"), step.number("step_index")), ids.collect())
        })
        .collect();
    let of_artifact = by(versions, "artifact_id");
    for artifact in artifacts {
        let id = artifact.text("id");
        let mut line = of_artifact.get(id).cloned().unwrap_or_default();
        line.sort_by_key(|version| version.number("number"));
        let standalone = artifact.is_null("run_id");
        // What a deleted run's agent wrote between a person's words went with it.
        if !standalone && !line.iter().map(|version| version.number("number")).eq(1..=i64::try_from(line.len()).unwrap()) {
            found.broken(format!("artifact {id}: its versions have holes"));
        }
        if line.last().is_none_or(|last| last.text("id") != artifact.text("latest_version_id")) {
            found.broken(format!("artifact {id}: its latest version is not the last of its line"));
        }
        for version in &line {
            if !contents.contains(version.text("content_id")) {
                found.lost(format!("version {} has no text", version.text("id")));
            }
            if standalone {
                continue;
            }
            if version.text("run_id") != artifact.text("run_id") {
                found.broken(format!("version {} is of another run than its artifact", version.text("id")));
            }
            let by = (version.text("run_id"), version.number("step_index"));
            let told = made.get(&by).is_some_and(|ids| ids.iter().any(|id| id == version.text("id")));
            if version.text("source") == "agent" && !version.is_null("step_index") && !told {
                found.broken(format!("version {} says that step {} made it, which does not", version.text("id"), by.1));
            }
        }
    }
}
