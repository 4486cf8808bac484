//! What a run will take, before it takes it: calls, tokens, money, time.
//!
//! A rule says how the amounts go with the plan: how many calls a unit needs, how its prompts grow. What was recorded of finished units says
//! by how much the rule is wrong, for this model. The likely amounts are the rule's, corrected.

mod rule;

pub use rule::Plan;

use crate::{
    ports::{Micros, Usage},
    step::StepKind,
};

/// What one attempt took.
#[derive(Debug, Clone)]
pub struct StepCost {
    /// The step's name.
    pub name: String,
    #[allow(missing_docs)]
    pub kind: StepKind,
    /// Whether it committed a unit.
    pub kept: bool,
    #[allow(missing_docs)]
    pub usage: Usage,
    /// How long it took, in microseconds.
    pub took: Micros,
}

/// Amounts of everything.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Amounts {
    #[allow(missing_docs)]
    pub calls: f64,
    /// Tokens that are read.
    pub input: f64,
    /// Of these, from a provider's cache.
    pub cached: f64,
    /// Tokens that are written.
    pub output: f64,
    #[allow(missing_docs)]
    pub seconds: f64,
}

/// What a forecast rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Basis {
    /// The run's own finished units.
    OwnUnits,
    /// Finished runs of the same kind with the same model.
    OtherRuns,
    /// The lengths that are planned, and nothing that was ever recorded.
    Rule,
}

/// Units, or the planning, that are behind us: what the rule says of them, and what they took.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    #[allow(missing_docs)]
    pub rule: Amounts,
    #[allow(missing_docs)]
    pub took: Amounts,
}

/// Amounts that are still to come.
#[derive(Debug, Clone, Copy)]
pub struct Forecast {
    #[allow(missing_docs)]
    pub low: Amounts,
    #[allow(missing_docs)]
    pub likely: Amounts,
    #[allow(missing_docs)]
    pub high: Amounts,
}

impl Amounts {
    fn of(cost: &StepCost) -> Self {
        let usage = &cost.usage;
        #[expect(clippy::cast_precision_loss, reason = "a forecast needs no 53 bits")]
        Self {
            calls: usage.calls as f64,
            input: usage.input_tokens as f64,
            cached: usage.cached_input_tokens as f64,
            output: usage.output_tokens as f64,
            seconds: cost.took as f64 / 1e6,
        }
    }

    fn zip(self, other: Self, with: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            calls: with(self.calls, other.calls),
            input: with(self.input, other.input),
            cached: with(self.cached, other.cached),
            output: with(self.output, other.output),
            seconds: with(self.seconds, other.seconds),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        self.zip(other, |one, two| one + two)
    }

    pub(crate) fn times(self, factor: f64) -> Self {
        self.zip(self, |one, _| one * factor)
    }

    fn tokens(self) -> f64 {
        self.input + self.output
    }
}

/// What each finished unit of a run took; work between the units that no step of the workflow did is left out. The planning comes first.
pub fn samples(plan: &Plan, costs: &[StepCost]) -> (Option<Sample>, Vec<Sample>) {
    let (mut planning, mut unit, mut units) = (Amounts::default(), Amounts::default(), Vec::new());
    for cost in costs.iter().filter(|cost| cost.kind == StepKind::Step) {
        if rule::is_planning(&cost.name) {
            planning = planning.and(Amounts::of(cost));
            continue;
        }
        unit = unit.and(Amounts::of(cost));
        if cost.kept {
            let n = u32::try_from(units.len()).unwrap_or(u32::MAX) + 1;
            units.push(Sample { rule: plan.unit(n.min(plan.units)), took: std::mem::take(&mut unit) });
        }
    }
    let planned = (planning.calls > 0.0).then(|| Sample { rule: plan.planning(), took: planning });
    (planned, units)
}

/// What is still to come: the units behind the first `done`, and the planning where `planned` does not say that it is behind us.
pub fn forecast(plan: &Plan, done: u32, planned: bool, samples: &[Sample]) -> Forecast {
    let planning = if planned { Amounts::default() } else { plan.planning() };
    let units = (done + 1..=plan.units).fold(Amounts::default(), |sum, n| sum.and(plan.unit(n)));
    let by_rule = planning.and(units);
    if samples.is_empty() {
        let worst = (done + 1..=plan.units).fold(planning, |sum, n| sum.and(plan.worst_unit(n)));
        return Forecast { low: by_rule.times(0.8), likely: by_rule, high: worst.zip(by_rule.times(1.3), f64::max) };
    }
    let (rule, took) = samples
        .iter()
        .fold((Amounts::default(), Amounts::default()), |(rule, took), sample| (rule.and(sample.rule), took.and(sample.took)));
    let ratio = took.zip(rule, |took, rule| if rule > 0.0 { took / rule } else { 1.0 });
    let mut likely = by_rule.zip(ratio, |rule, ratio| rule * ratio);
    // No rule knows what a provider's cache holds.
    likely.cached = if took.input > 0.0 { likely.input * took.cached / took.input } else { 0.0 };
    let mut spread: Vec<f64> = samples.iter().map(|s| s.took.tokens() / s.rule.tokens().max(1.0)).collect();
    spread.sort_by(f64::total_cmp);
    let usual = took.tokens() / rule.tokens().max(1.0);
    let at = |part: usize| spread[(spread.len() - 1) * part / 10] / usual.max(f64::MIN_POSITIVE);
    Forecast { low: likely.times(at(1).clamp(0.5, 0.95)), likely, high: likely.times(at(9).clamp(1.05, 3.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan { kind: crate::run::Kind::Novel, units: 10, brief: 300.0, text: 600.0, source: 0.0, room: 8000.0, rounds: 2, offline: true }
    }

    fn cost(name: &str, input: u64, kept: bool) -> StepCost {
        let usage = Usage { calls: u64::from(!kept), input_tokens: input, output_tokens: 100, ..Usage::NONE };
        StepCost { name: name.into(), kind: StepKind::Step, kept, usage, took: 1_000_000 }
    }

    #[test]
    fn without_history_the_rule_speaks_and_is_modest() {
        let told = forecast(&plan(), 0, false, &[]);
        assert!((told.likely.calls - 41.0).abs() < 0.01, "four calls a chapter, and the outline: {told:?}");
        assert!(told.low.input < told.likely.input && told.likely.input * 1.2 < told.high.input, "{told:?}");
        let later = forecast(&plan(), 9, true, &[]);
        assert!((later.likely.calls - 4.0).abs() < 0.01, "{later:?}");
        assert!(forecast(&plan(), 10, true, &[]).high.calls.abs() < f64::EPSILON, "nothing is left to be done");
    }

    #[test]
    fn what_was_recorded_corrects_the_rule() {
        let mut costs = vec![cost("novel.outline", 900, false)];
        for _ in 0..3 {
            costs.extend([cost("novel.chapter.draft", 40_000, false), cost("novel.chapter.commit", 0, true)]);
        }
        let (planning, units) = samples(&plan(), &costs);
        assert!(planning.is_some_and(|sample| sample.took.input > 899.0));
        assert_eq!(units.len(), 3);
        let told = forecast(&plan(), 3, true, &units);
        let by_rule = forecast(&plan(), 3, true, &[]);
        assert!((told.likely.calls - 7.0).abs() < 0.01, "one call a chapter was seen: {told:?}");
        assert!(told.likely.input > 7.0 * 40_000.0, "and prompts grow from chapter to chapter as the rule says: {told:?}");
        assert!(told.likely.input > 5.0 * by_rule.likely.input);
        assert!(told.low.input < told.likely.input && told.likely.input < told.high.input);
    }

    #[test]
    fn what_a_person_asked_in_between_is_no_unit_s_own() {
        let mut asked = cost("intervention", 90_000, false);
        asked.kind = StepKind::Intervention;
        let (_, units) = samples(&plan(), &[cost("novel.chapter.draft", 10, false), asked, cost("novel.chapter.commit", 0, true)]);
        assert!((units[0].took.input - 10.0).abs() < f64::EPSILON);
    }
}
