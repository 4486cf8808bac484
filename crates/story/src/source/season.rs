use std::collections::BTreeMap;

use super::split::split;
use crate::plan::{Cut, Place};

/// A stretch of a source, paragraph by paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stretch {
    /// In the order of the book, each with its length.
    pub paragraphs: Vec<(Place, u64)>,
}

/// Where one episode of a season lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Laid {
    /// Its first paragraph.
    pub from: Place,
    /// Its last one.
    pub to: Place,
}

impl Stretch {
    /// The whole of some chapters, given with the lengths of their paragraphs.
    pub fn of(chapters: &BTreeMap<u32, Vec<u64>>) -> Self {
        let places = chapters.iter().flat_map(|(chapter, lengths)| {
            (1_u32..).zip(lengths).map(|(paragraph, length)| (Place { chapter: *chapter, paragraph }, *length))
        });
        Self { paragraphs: places.collect() }
    }

    /// Where this stretch is parted so that windows of these numbers of episodes have work of equal length each.
    pub fn windows(&self, episodes: &[usize]) -> Vec<Self> {
        let lengths: Vec<u64> = self.paragraphs.iter().map(|(_, length)| *length).collect();
        let total = episodes.iter().sum();
        let ends = split(&lengths, total, &[]);
        let mut begun = 0;
        let mut last = 0;
        let mut windows = Vec::with_capacity(episodes.len());
        for count in episodes {
            last += count;
            let end = ends.get(last - 1).copied().unwrap_or(self.paragraphs.len());
            windows.push(Self { paragraphs: self.paragraphs[begun..end].to_vec() });
            begun = end;
        }
        windows
    }

    /// The chapters in it, each with its first and last paragraph.
    pub fn chapters(&self) -> Vec<(u32, u32, u32)> {
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        for (place, _) in &self.paragraphs {
            match found.last_mut() {
                Some((chapter, _, to)) if *chapter == place.chapter => *to = place.paragraph,
                _ => found.push((place.chapter, place.paragraph, place.paragraph)),
            }
        }
        found
    }

    /// Lays exactly `count` episodes over the stretch, as near as may be to what was `asked`, and says what is left out.
    ///
    /// The episodes ascend, no paragraph is in two, and every paragraph is in one or in a cut. Only what a cut of `cuts` covers, with a
    /// reason, is left out; whatever else stands between two episodes belongs to the later one. Where fewer or more were asked, or they
    /// do not ascend, the stretch is divided by length, and what was asked counts as a wish. With fewer paragraphs than episodes there
    /// are only so many episodes.
    pub fn lay(&self, count: usize, asked: &[Laid], cuts: &[Cut]) -> (Vec<Laid>, Vec<Cut>) {
        let reason = |place: Place| {
            let covers = |cut: &&Cut| cut.from <= place && place <= cut.to && !cut.reason.trim().is_empty();
            cuts.iter().find(covers).map(|cut| cut.reason.trim().to_owned())
        };
        let told = |place: Place| asked.iter().any(|laid| laid.from <= place && place <= laid.to);
        let mut kept: Vec<&(Place, u64)> = self.paragraphs.iter().filter(|(place, _)| told(*place) || reason(*place).is_none()).collect();
        if kept.len() < count {
            kept = self.paragraphs.iter().collect();
        }
        let ends: Vec<usize> =
            asked.iter().filter_map(|laid| kept.iter().rposition(|(place, _)| *place <= laid.to)).map(|at| at + 1).collect();
        let rising = ends.windows(2).all(|pair| pair[0] < pair[1]);
        let lengths: Vec<u64> = kept.iter().map(|(_, length)| *length).collect();
        let mut ends = if ends.len() == count && rising { ends } else { split(&lengths, count, &ends) };
        if let Some(last) = ends.last_mut() {
            *last = kept.len();
        }
        let mut begun = 0;
        let mut episodes = Vec::with_capacity(ends.len());
        for end in ends {
            episodes.push(Laid { from: kept[begun].0, to: kept[end - 1].0 });
            begun = end;
        }
        let left_out =
            self.paragraphs.iter().map(|(place, _)| *place).filter(|place| !episodes.iter().any(|e| e.from <= *place && *place <= e.to));
        let mut out: Vec<Cut> = Vec::new();
        let mut before: Option<Place> = None;
        for place in left_out {
            let why = reason(place).unwrap_or_default();
            let joins = before.is_some_and(|before| self.follows(before, place));
            match out.last_mut().filter(|cut| joins && cut.reason == why) {
                Some(cut) => cut.to = place,
                None => out.push(Cut { from: place, to: place, reason: why }),
            }
            before = Some(place);
        }
        (episodes, out)
    }

    fn follows(&self, first: Place, second: Place) -> bool {
        self.paragraphs
            .iter()
            .position(|(place, _)| *place == first)
            .is_some_and(|at| self.paragraphs.get(at + 1).is_some_and(|next| next.0 == second))
    }
}
