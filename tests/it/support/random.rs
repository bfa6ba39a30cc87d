//! Numbers that look random and are the same in each run.

/// Numbers below `end`, by a linear congruential generator (Knuth's MMIX).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    pub fn one<'v>(&mut self, values: &[&'v str]) -> &'v str {
        values[self.below(values.len() as u64) as usize]
    }
}
