use super::Judged;
use crate::finding::Finding;

pub(super) const RULE: &str = "meta-text";

pub(super) fn check(_judged: &Judged<'_>) -> Vec<Finding> {
    Vec::new()
}
