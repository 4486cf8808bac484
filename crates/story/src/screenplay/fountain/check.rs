use std::collections::BTreeSet;

use super::{Block, parse};
use crate::finding::{Finding, Severity};

/// What is wrong with a Fountain text of unit `ordinal`: no scene heading, or somebody speaks who is neither `known` nor introduced
/// by an action before.
pub fn check(ordinal: u32, text: &str, known: &[String]) -> Vec<Finding> {
    let blocks = parse(text);
    let mut found = Vec::new();
    if !blocks.iter().any(|p| matches!(p.block, Block::Heading { .. })) {
        let message = "The script has no scene heading.".to_owned();
        let hint = "Begin each scene with its heading on a line of its own, such as `INT. KITCHEN - NIGHT`.".into();
        found.push(Finding::new("no-scene-heading", Severity::Error, &ordinal.to_string(), message, hint));
    }
    let known: Vec<String> = known.iter().map(|n| n.to_lowercase()).collect();
    let mut told = String::new();
    let mut named = BTreeSet::new();
    for placed in &blocks {
        match &placed.block {
            Block::Action(text) => told.push_str(&text.to_lowercase()),
            Block::Speech { name, .. } => {
                let low = name.to_lowercase();
                let introduced = known.iter().any(|k| *k == low || k.contains(&low) || low.contains(k.as_str())) || told.contains(&low);
                if !introduced && named.insert(low) {
                    let message = format!("“{name}” speaks, whom nobody knows and no action has introduced.");
                    let hint = "Add the person to the brief's cast, or bring them in before they speak.".into();
                    found.push(Finding::new("unknown-character", Severity::Error, &format!("{ordinal}/{name}"), message, hint).over(
                        ordinal,
                        text,
                        placed.span,
                    ));
                }
            }
            _ => {}
        }
    }
    found
}
