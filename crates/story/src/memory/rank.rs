use super::{AskedWord, words};

/// How soon one more of the same word counts less, and how much a long passage is held against itself.
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;
/// Words of a usual passage.
const USUAL: f64 = 220.0;

/// What the words of a question are worth in one book: a word that few of its passages have is worth more.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Vec<f64>);

impl Weights {
    /// Of `total` passages so many have each word.
    pub fn of(total: u64, having: &[u64]) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let weight = |n: &u64| {
            let (n, total) = (*n as f64, total.max(*n) as f64);
            log2(1.0 + (total - n + 0.5) / (n + 0.5))
        };
        Self(having.iter().map(weight).collect())
    }

    /// What a passage with these words of the question is worth at first sight; bit 0 stands for the first word.
    pub fn at_first_sight(&self, mask: u64) -> f64 {
        self.0.iter().enumerate().filter(|(n, _)| mask >> n & 1 == 1).map(|(_, weight)| weight).sum()
    }
}

/// What a passage is worth for a question: how often it has the words that few others have, for its length.
pub fn score(weights: &Weights, question: &[AskedWord], passage: &str) -> f64 {
    let mut counts = vec![0.0; question.len()];
    let mut length = 0.0;
    for word in words(passage) {
        length += 1.0;
        for (asked, count) in question.iter().zip(&mut counts) {
            if asked.means(&word) {
                *count += 1.0;
            }
        }
    }
    let held_against = SATURATION * (1.0 - LENGTH + LENGTH * length / USUAL);
    weights.0.iter().zip(counts).map(|(weight, count)| weight * count * (SATURATION + 1.0) / (count + held_against)).sum()
}

/// The logarithm to base 2, between powers of two in straight lines: the same bits on every machine.
fn log2(x: f64) -> f64 {
    let (mut whole, mut rest) = (0.0, x);
    while rest >= 2.0 {
        rest /= 2.0;
        whole += 1.0;
    }
    whole + rest - 1.0
}
