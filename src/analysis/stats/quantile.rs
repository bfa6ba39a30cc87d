//! Quantiles by linear interpolation between the two nearest values.

/// The quantile `p` (0 to 1) of `sorted`, by R's type 7, which is also SQL's `PERCENTILE_CONT`:
/// rank `p · (n − 1)` counted from 0, interpolated. `None` for nothing.
///
/// Hyndman and Fan, *Sample quantiles in statistical packages* (1996), definition 7.
pub fn type7(sorted: &[f64], p: f64) -> Option<f64> {
    let rank = rank(sorted.len().checked_sub(1)?, p);
    let mut used = ranks(sorted.len(), p).map(|rank| sorted[rank]);
    let low = used.next()?;
    // A value that nothing is taken from may be infinite, and nothing of that is no number.
    Some(used.next().map_or(low, |high| low + rank.fract() * (high - low)))
}

/// The places of the one or two of `n` sorted values that the quantile `p` is made from.
pub(super) fn ranks(n: usize, p: f64) -> impl Iterator<Item = usize> {
    let rank = n.checked_sub(1).map(|last| rank(last, p));
    let places = rank.map(|rank| (rank.floor() as usize)..=(rank.ceil() as usize));
    places.into_iter().flatten()
}

fn rank(last: usize, p: f64) -> f64 {
    p.clamp(0.0, 1.0) * last as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_match_r() {
        // quantile(c(1, 2, 4, 8, 16), c(.1, .25, .5, .75, .9)) in R: 1.4 2.0 4.0 8.0 12.8
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (p, expected) in
            [(0.1, 1.4), (0.25, 2.0), (0.5, 4.0), (0.75, 8.0), (0.9, 12.8), (0.0, 1.0), (1.0, 16.0)]
        {
            let got = type7(&values, p).unwrap();
            assert!((got - expected).abs() < 1e-12, "p = {p}: {got}");
        }
        // quantile(1:10, .9) in R: 9.1
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert!((type7(&ten, 0.9).unwrap() - 9.1).abs() < 1e-12);
        assert_eq!(type7(&ten, 0.5), Some(5.5));
    }

    #[test]
    fn quantiles_of_zero_and_one_values() {
        assert_eq!(type7(&[], 0.5), None);
        assert_eq!(type7(&[7.0], 0.9), Some(7.0));
    }
}
