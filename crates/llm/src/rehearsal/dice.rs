use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Choices that look like chance and are none: the same words in, the same choices out.
#[derive(Debug, Clone)]
pub(super) struct Dice {
    state: u64,
    decks: BTreeMap<String, Deck>,
}

/// A list dealt without giving an item twice before every item was given.
#[derive(Debug, Clone, Copy)]
struct Deck {
    size: usize,
    next: usize,
    step: usize,
}

impl Dice {
    /// Dice thrown from the SHA-256 of `parts`.
    pub(super) fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let state = hash.finalize().iter().take(8).fold(0_u64, |n, byte| (n << 8) | u64::from(*byte));
        Self { state, decks: BTreeMap::new() }
    }

    /// The next number (SplitMix64).
    pub(super) fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 where `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % n).unwrap_or(0)
    }

    /// True in `percent` of 100 throws.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() { None } else { items.get(self.below(items.len())) }
    }

    /// The next of `size` cards of the deck `name`, each once before one comes again.
    pub(super) fn deal(&mut self, name: &str, size: usize) -> usize {
        if size < 2 {
            return 0;
        }
        let known = self.decks.get(name).copied().filter(|deck| deck.size == size);
        let mut deck = known.unwrap_or_else(|| {
            let next = self.below(size);
            let mut step = 1 + self.below(size - 1);
            while gcd(step, size) != 1 {
                step = step % (size - 1) + 1;
            }
            Deck { size, next, step }
        });
        let card = deck.next;
        deck.next = (deck.next + deck.step) % size;
        self.decks.insert(name.to_owned(), deck);
        card
    }

    /// `items` in another order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
