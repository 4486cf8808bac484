use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use super::held_key;
use crate::{
    finding::{Finding, Severity},
    guidance::Guidance,
    language::Tongue,
    output_spec::{LengthRange, OutputSpec},
    rules,
    state::{Critique, Round, Scores, Verdict, hand::Hand},
    tasks::Rewrite,
    text::Grain,
    workflow::Hold,
};

/// The model may send at most so many pieces back in a round.
const MOST_REWRITES: usize = 5;

/// Where the loop leads, and what it goes by.
#[derive(Debug, Clone, Copy)]
pub(in crate::workflow) struct Loop<'a> {
    pub(in crate::workflow) tongue: Tongue,
    pub(in crate::workflow) spec: &'a OutputSpec,
    /// How long the unit is to be.
    pub(in crate::workflow) length: LengthRange,
    pub(in crate::workflow) grain: Grain,
    /// The phases of drafting anew, fixing and keeping.
    pub(in crate::workflow) draft: &'static str,
    pub(in crate::workflow) fix: &'static str,
    pub(in crate::workflow) commit: &'static str,
}

/// Fix while there are rounds left and something to mend; then the best round, or a person where an error is left.
///
/// Gives the step's outputs, and the hold where a person must decide.
pub(in crate::workflow) fn decide(
    hand: Hand<'_>,
    by: Loop<'_>,
    findings: Vec<Finding>,
    scores: Option<Scores>,
    rewrites: BTreeMap<u32, String>,
) -> (Value, Option<Hold>) {
    let Some(draft) = hand.draft.clone() else { unreachable!("what is judged is in hand") };
    let ordinal = draft.ordinal;
    let range = by.length;
    let mut paragraphs = rules::paragraphs_to_fix(by.tongue, &draft, range, by.grain, &findings);
    for (number, instruction) in rewrites {
        paragraphs.entry(number).or_insert(instruction);
    }
    let mut hold = None;
    let verdict;
    let kept;
    if !paragraphs.is_empty() && hand.fix_round.unwrap_or(0) < by.spec.max_fix_rounds {
        let this = Round { draft, extraction: hand.extraction.clone(), findings: findings.clone() };
        *hand.best = Some(better(hand.best.take(), this));
        hand.cursor.phase = by.fix.into();
        verdict = Verdict::Fix;
        kept = findings;
    } else {
        let this = Round { draft, extraction: hand.extraction.clone(), findings };
        let best = better(hand.best.take(), this);
        let findings: Vec<Finding> = best.findings.iter().cloned().map(rules::after_last_round).collect();
        *hand.draft = Some(best.draft.clone());
        *hand.extraction = best.extraction.clone();
        paragraphs = BTreeMap::new();
        if let Some(error) = findings.iter().find(|f| f.severity == Severity::Error) {
            hold = Some(Hold { detail: error.message.clone() });
            let text = findings
                .iter()
                .filter(|f| f.severity == Severity::Error)
                .map(|f| rules::in_words(by.tongue, &best.draft, range, f))
                .collect::<Vec<_>>()
                .join(if by.tongue == Tongue::Zh { "" } else { " " });
            hand.guidance.insert(held_key(ordinal), Guidance { order: i64::MAX / 2, text, chapter: Some(ordinal) });
            hand.cursor.phase = by.draft.into();
            verdict = Verdict::Person;
        } else {
            hand.cursor.phase = by.commit.into();
            verdict = Verdict::Commit;
        }
        kept = findings;
    }
    let outputs = json!({ "verdict": verdict, "findings": kept.len(), "scores": scores });
    *hand.critique = Some(Arc::new(Critique { verdict, findings: kept, scores, paragraphs }));
    (outputs, hold)
}

/// The round with the fewest errors, then the fewest warnings; the later one where they are alike. A round that could not be read never
/// beats one that was: what was not read holds no contradiction only because nobody looked.
fn better(best: Option<Arc<Round>>, this: Round) -> Arc<Round> {
    let weight = |round: &Round| {
        let errors = round.findings.iter().filter(|f| rules::after_last_round((*f).clone()).severity == Severity::Error).count();
        (round.extraction.is_none(), errors, round.findings.len())
    };
    match best {
        Some(best) if weight(&best) < weight(&this) => best,
        _ => Arc::new(this),
    }
}

/// The pieces that the model wants anew; one that does not exist is not believed.
pub(in crate::workflow) fn rewrites(asked: &[Rewrite], count: usize) -> BTreeMap<u32, String> {
    asked
        .iter()
        .filter_map(|r| Some((u32::try_from(r.paragraph).ok()?, r.instruction.trim())))
        .filter(|(n, instruction)| *n >= 1 && usize::try_from(*n).is_ok_and(|n| n <= count) && !instruction.is_empty())
        .take(MOST_REWRITES)
        .map(|(n, instruction)| (n, instruction.to_owned()))
        .collect()
}
