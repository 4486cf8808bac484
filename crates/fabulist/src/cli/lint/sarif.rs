//! SARIF 2.1.0: what editors and build servers read.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use story::finding::Severity;

use super::{Found, Report};

pub(super) fn document(reports: &[Report]) -> Value {
    let rules: BTreeSet<&str> = reports.iter().flat_map(|report| &report.found).map(|found| found.finding.rule.as_str()).collect();
    let results: Vec<Value> = reports.iter().flat_map(|report| report.found.iter().map(|found| result(report, found))).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "fabulist",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| json!({ "id": rule })).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(report: &Report, found: &Found) -> Value {
    let finding = &found.finding;
    let location = |quote: &str, chapter: Option<u32>, line: Option<usize>| {
        let heading = report.chapters.iter().find(|(ordinal, _)| Some(*ordinal) == chapter).map(|(_, heading)| heading.as_str());
        let mut location = json!({});
        if report.is_file {
            location["physicalLocation"] = json!({ "artifactLocation": { "uri": uri(&report.target) } });
            if let Some(line) = line {
                location["physicalLocation"]["region"] = json!({ "startLine": line, "snippet": { "text": quote } });
            }
        }
        let name = heading.filter(|heading| !heading.is_empty()).map(str::to_owned).or_else(|| chapter.map(|n| n.to_string()));
        if let Some(name) = name {
            location["logicalLocations"] = json!([{ "name": name, "kind": "module" }]);
        }
        location
    };
    let mut spans = finding.spans.iter();
    let first = spans.next();
    let mut result = json!({
        "ruleId": finding.rule,
        "level": match finding.severity { Severity::Error => "error", Severity::Warning => "warning" },
        "message": { "text": format!("{} {}", finding.message, finding.hint) },
        "locations": [location(first.map_or("", |evidence| &evidence.quote), first.and_then(|evidence| evidence.chapter), found.line)],
        "partialFingerprints": { "fabulist/v1": finding.fingerprint },
    });
    let related: Vec<Value> = spans
        .map(|evidence| {
            let mut told = location(&evidence.quote, evidence.chapter, None);
            told["message"] = json!({ "text": evidence.quote });
            told
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    result
}

/// A path as a relative or absolute URI reference, every byte that has a meaning there escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
