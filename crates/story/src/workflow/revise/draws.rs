use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    finding::{Finding, Severity},
    language::Tongue,
    output_spec::LengthRange,
    plan::Beat,
    rules::beats_told,
    state::{Candidate, Draft, Draws, Merits, Reason},
    tasks::{Call, Segment},
};

/// The slot of a draft: the only one, or one of several, from 1.
pub(in crate::workflow) fn slot(number: u32, of: u32) -> String {
    if of == 1 { "draft".into() } else { format!("candidate/{number}") }
}

/// The call for a draft as the one for this draft. One of several is told so: models to which nobody can hand a seed write another one, too.
pub(in crate::workflow) fn as_draw(mut call: Call, slot: &str, (number, of): (u32, u32), tongue: Tongue) -> Call {
    call.slot = slot.to_owned();
    call.draw = number - 1;
    if of > 1 {
        let told = match tongue {
            Tongue::En => format!(
                "This is draft {number} of {of} that the writer will choose from: go a way of your own in where you begin, what you show and how it sounds."
            ),
            Tongue::Zh => format!("这是供作者挑选的{of}稿中的第{number}稿：从何处落笔、写什么、用怎样的声音，请走自己的路子。"),
        };
        call.prompt.user.push(Segment::new("draw", told));
    }
    call
}

/// Ranks drafts by what code finds in them; the best is chosen.
pub(in crate::workflow) fn rank(
    drafts: Vec<(u32, Draft)>,
    range: LengthRange,
    beats: &[Beat],
    judge: impl Fn(&Draft) -> Vec<Finding>,
) -> Option<Draws> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut judged: Vec<(u32, Draft, Merits)> = Vec::new();
    for (number, draft) in drafts {
        let findings = judge(&draft);
        let of = |severity: Severity| count(findings.iter().filter(|finding| finding.severity == severity).count());
        let merits = Merits {
            rank: 0,
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            beats_covered: beats_told(beats, &draft.text),
            beats: count(beats.len()),
            reasons: reasons(&findings),
        };
        judged.push((number, draft, merits));
    }
    judged.sort_by_key(|(number, draft, merits)| {
        let off = draft.length.in_unit(range.unit).abs_diff(range.middle());
        (merits.errors, merits.warnings, merits.beats - merits.beats_covered, off, *number)
    });
    let chosen = judged.first()?.0;
    let ranked =
        judged.into_iter().zip(1..).map(|((number, draft, merits), rank)| (number, Candidate { draft, merits: Merits { rank, ..merits } }));
    Some(Draws { chosen, candidates: ranked.collect() })
}

/// Findings by rule, the worst first.
fn reasons(findings: &[Finding]) -> Vec<Reason> {
    let mut by_rule: BTreeMap<&str, Reason> = BTreeMap::new();
    for finding in findings {
        let new = Reason { rule: finding.rule.clone(), severity: finding.severity, count: 0 };
        let reason = by_rule.entry(&finding.rule).or_insert(new);
        reason.count += 1;
        if finding.severity == Severity::Error {
            reason.severity = Severity::Error;
        }
    }
    let mut reasons: Vec<Reason> = by_rule.into_values().collect();
    reasons.sort_by_key(|reason| reason.severity != Severity::Error);
    reasons
}

/// What the step's row tells of several drafts: figures, no prose.
pub(in crate::workflow) fn told(draws: &Draws) -> Value {
    let candidates = draws.candidates.iter().map(|(number, candidate)| {
        let mut told = json!(candidate.merits);
        told["candidate"] = json!(number);
        told["length"] = json!(candidate.draft.length);
        told["chosen"] = json!(*number == draws.chosen);
        told
    });
    candidates.collect()
}
