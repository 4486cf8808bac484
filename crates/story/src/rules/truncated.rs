use super::Judged;
use crate::finding::Finding;

pub(super) const RULE: &str = "truncated-ending";

pub(super) fn check(_judged: &Judged<'_>) -> Vec<Finding> {
    Vec::new()
}
