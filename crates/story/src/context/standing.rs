use std::collections::BTreeMap;

use crate::{current_state::CurrentState, digests::Digests, guidance::Guidance, output_spec::LengthRange, plan::UnitKind};

/// What the state of a run tells the prompts of its unit in hand, whatever its kind.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// What the run's units are.
    pub kind: UnitKind,
    /// BCP 47: the language of what is written, where it is not the brief's.
    pub language: Option<&'a str>,
    /// How a script is to be written, whole.
    pub preset: Option<&'a str>,
    /// The ordinal of the unit in hand; none while there is no plan yet.
    pub unit: Option<u32>,
    /// How long the unit is to be.
    pub length: LengthRange,
    /// Standing instructions, by key.
    pub guidance: &'a BTreeMap<String, Guidance>,
    /// The world as the committed units left it.
    pub current_state: &'a CurrentState,
    /// What the committed units said.
    pub digests: &'a Digests,
    /// The plan around the unit in hand, by ordinal.
    pub plan: BTreeMap<u32, PlanLine<'a>>,
}

/// A unit of the plan, in a line.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "the fields are those of the plan")]
pub struct PlanLine<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub hook: Option<&'a str>,
}

/// A state whose unit in hand can be put into words.
pub trait Stands {
    /// How it stands.
    fn standing(&self) -> Standing<'_>;
}

/// The ordinals of the plan that a prompt may show around `unit`.
pub(crate) fn around(unit: u32) -> std::ops::RangeInclusive<u32> {
    unit.saturating_sub(3).max(1)..=unit + 6
}
