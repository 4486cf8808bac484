use super::Judged;
use crate::finding::Finding;

pub(super) const RULE: &str = "dead-character-acts";

pub(super) fn check(_judged: &Judged<'_>) -> Vec<Finding> {
    Vec::new()
}
