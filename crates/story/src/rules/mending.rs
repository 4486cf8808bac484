use std::collections::BTreeMap;

use crate::{finding::Finding, language::Tongue, output_spec::LengthRange, state::Draft};

/// Which paragraphs to rewrite for `findings`, and how, in words for the model.
pub fn paragraphs_to_fix(_tongue: Tongue, _draft: &Draft, _range: LengthRange, _findings: &[Finding]) -> BTreeMap<u32, String> {
    BTreeMap::new()
}

/// The length that each paragraph of `numbers` is to have, so that the chapter comes to the middle of `range` when it is too short or
/// too long, and keeps its length when it is right. In the range's unit.
pub fn aims(_range: LengthRange, _draft: &Draft, _numbers: &[u32]) -> Vec<u64> {
    Vec::new()
}
