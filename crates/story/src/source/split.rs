use crate::{output_spec::LengthRange, text::Length};

/// How many episodes a chapter of this length becomes: at least one, and never more than it has paragraphs.
pub fn episodes_for(length: Length, paragraphs: u32, range: LengthRange) -> u32 {
    let middle = range.middle().max(1);
    let wanted = (length.in_unit(range.unit) + middle / 2) / middle;
    u32::try_from(wanted).unwrap_or(u32::MAX).clamp(1, paragraphs.max(1))
}

/// Divides paragraphs of these lengths into `parts` stretches, none empty, and gives the last paragraph (from 1) of each.
///
/// The stretches are about equally long. A cut that is `wanted` (a last paragraph, from 1) is taken where it does not make a stretch
/// longer or shorter by more than a quarter. With fewer paragraphs than parts each paragraph is a stretch of its own.
pub fn split(lengths: &[u64], parts: usize, wanted: &[usize]) -> Vec<usize> {
    let count = lengths.len();
    let parts = parts.clamp(1, count.max(1));
    let mut until = vec![0_u64; count + 1];
    for (i, length) in lengths.iter().enumerate() {
        until[i + 1] = until[i] + length;
    }
    let total = until[count];
    let mut cuts: Vec<usize> = Vec::with_capacity(parts);
    let mut begun = 0;
    for part in 1..parts {
        // Each part after this one needs a paragraph of its own.
        let latest = count - (parts - part);
        let left = u64::try_from(parts - part + 1).unwrap_or(u64::MAX);
        let share = (total - until[begun]) / left;
        let ideal = until[begun] + share;
        let off = |cut: usize| until[cut].abs_diff(ideal);
        let near = |cut: &usize| (begun + 1..=latest).contains(cut) && off(*cut) * 4 <= share;
        let cut = wanted.iter().copied().filter(near).min_by_key(|cut| (off(*cut), *cut));
        let cut = cut.or_else(|| (begun + 1..=latest).min_by_key(|cut| (off(*cut), *cut))).unwrap_or(begun + 1);
        cuts.push(cut);
        begun = cut;
    }
    cuts.push(count);
    cuts
}
