//! A chapter on the bench of the rules.

use std::collections::BTreeMap;

use story::{
    current_state::{CharacterState, CurrentState, DeathRecord},
    extraction::Extraction,
    finding::Finding,
    language::Tongue,
    output_spec::LengthRange,
    plan::UnitKind,
    rules::{self, Judged},
    state::Draft,
    text::{Grain, Unit},
};

/// A chapter 7 with everything that it is judged against. By default nothing is wrong with it but its words.
pub(crate) struct Bench {
    pub(crate) draft: Draft,
    pub(crate) told: Extraction,
    pub(crate) world: CurrentState,
    pub(crate) length: LengthRange,
    pub(crate) forbidden: Vec<String>,
    pub(crate) repeated: BTreeMap<String, u32>,
    pub(crate) known: BTreeMap<String, String>,
}

impl Bench {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            draft: Draft::new(7, "The Lamp", text.to_owned(), 0),
            told: Extraction::default(),
            world: CurrentState::default(),
            length: LengthRange { min: 1, max: 100_000, unit: Unit::Chars },
            forbidden: Vec::new(),
            repeated: BTreeMap::new(),
            known: BTreeMap::new(),
        }
    }

    /// `name` died in chapter 5.
    pub(crate) fn dead(mut self, name: &str, quote: &str) -> Self {
        let death = Some(DeathRecord { chapter: 5, quote: quote.into() });
        self.world.characters.insert(name.into(), CharacterState { alive: false, death, ..CharacterState::default() });
        self
    }

    pub(crate) fn also_called(mut self, name: &str, alias: &str) -> Self {
        self.known.insert(alias.into(), name.into());
        self
    }

    /// The findings of one rule.
    pub(crate) fn found(&self, rule: &str) -> Vec<Finding> {
        let judged = Judged {
            unit: UnitKind::Chapter,
            grain: Grain::Paragraph,
            tongue: Tongue::En,
            draft: &self.draft,
            extraction: Some(&self.told),
            world: &self.world,
            length: self.length,
            forbidden: &self.forbidden,
            repeated: &self.repeated,
            known: &self.known,
        };
        rules::check(&judged).into_iter().filter(|f| f.rule == rule).collect()
    }
}

/// The words under every span of every finding.
pub(crate) fn quotes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().flat_map(|f| f.spans.iter().map(|e| e.quote.as_str())).collect()
}
