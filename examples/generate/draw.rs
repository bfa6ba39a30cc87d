//! Choices from a seed. Whole numbers only: floating-point functions differ between machines in
//! their last digit, and the same seed has to give the same bytes everywhere.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of choices.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The choices for one incident. Each index has a stream of its own, so that a corpus of ten
    /// is the beginning of a corpus of ten thousand.
    pub(crate) fn new(seed: u64, index: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(index);
        Draw(generator)
    }

    /// A number from 0 to `end - 1`. The bias of the remainder is far below what could matter here.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end.max(1)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn within(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).unsigned_abs()).cast_signed()
    }

    /// The same as a count of things.
    pub(crate) fn count(&mut self, low: usize, high: usize) -> usize {
        low + usize::try_from(self.below((high - low + 1) as u64)).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.count(0, items.len() - 1)]
    }

    /// `count` of `items` in their order, or all of them.
    pub(crate) fn some<T: Copy>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut left = count.min(items.len());
        let mut chosen = Vec::with_capacity(left);
        for (position, item) in items.iter().enumerate() {
            let rest = items.len() - position;
            if self.below(rest as u64) < left as u64 {
                chosen.push(*item);
                left -= 1;
            }
        }
        chosen
    }

    /// A length in seconds around `typical`, with the long tail that recovery times have: each
    /// further doubling happens half as often.
    pub(crate) fn skewed(&mut self, typical: i64) -> i64 {
        let mut length = self.within(typical / 4, typical);
        for _ in 0..5 {
            if !self.chance(50) {
                break;
            }
            length += self.within(length / 2, length);
        }
        length.max(1)
    }
}
