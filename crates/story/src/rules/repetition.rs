use super::Judged;
use crate::finding::Finding;

pub(super) const RULE: &str = "repeated-paragraph";

pub(super) fn check(_judged: &Judged<'_>) -> Vec<Finding> {
    Vec::new()
}
