use story::finding::{Finding, Severity};

use super::{Found, Report};
use crate::{cli::output::Output, say};

/// How much of a quote is shown, in characters, and of how many places.
const SHOWN: usize = 80;
const PLACES: usize = 3;

pub(super) fn lines(reports: &[Report], output: &Output) -> Vec<String> {
    let mut lines = Vec::new();
    for report in reports {
        for found in &report.found {
            lines.extend(of(report, found, output));
            lines.push(String::new());
        }
        if report.found.is_empty() {
            lines.push(say!("{}: nothing found." | "{}：没有发现问题。", report.target));
        }
    }
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// One finding: where, which rule, what, its words, what it contradicts, what to do.
fn of(report: &Report, found: &Found, output: &Output) -> Vec<String> {
    let Finding { rule, severity, message, spans, against, hint, fingerprint } = &found.finding;
    let chapter = spans.first().and_then(|evidence| evidence.chapter);
    let heading = report.chapters.iter().find(|(ordinal, _)| Some(*ordinal) == chapter).map(|(_, heading)| heading.as_str());
    let place = found.line.map_or(report.target.clone(), |line| format!("{}:{line}", report.target));
    let weight = match severity {
        Severity::Error => output.paint("31", &say!("error" | "错误")),
        Severity::Warning => output.paint("33", &say!("warning" | "警告")),
    };
    let mut lines = vec![format!("{place}: {weight}[{rule}] {}", crate::say::told(message))];
    if let Some(heading) = heading.filter(|heading| !heading.is_empty()) {
        lines.push(format!("  {heading}"));
    }
    for evidence in spans.iter().filter(|evidence| evidence.chapter == chapter).take(PLACES) {
        let quote = story::digests::shorten(&evidence.quote, SHOWN);
        lines.push(format!("  “{}”", quote.replace('\n', " ")));
    }
    if let Some(against) = against {
        let against = story::digests::shorten(against, SHOWN * 2).replace('\n', " ");
        lines.push(say!("  against: {}" | "  与此不符：{}", crate::say::told(&against)));
    }
    lines.push(say!("  hint: {}" | "  提示：{}", crate::say::told(hint)));
    lines.push(say!("  fingerprint: {}" | "  指纹：{}", fingerprint));
    lines
}
