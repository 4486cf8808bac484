use super::Judged;
use crate::finding::Finding;

pub(super) const RULE: &str = "forbidden-words";

pub(super) fn check(_judged: &Judged<'_>) -> Vec<Finding> {
    Vec::new()
}
