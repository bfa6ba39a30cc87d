//! Quantiles by linear interpolation between the two nearest values.

/// The quantile `p` (0 to 1) of `sorted`, by R's type 7, which is also SQL's `PERCENTILE_CONT`:
/// rank `p · (n − 1)` counted from 0, interpolated. `None` for nothing.
///
/// Hyndman and Fan, *Sample quantiles in statistical packages* (1996), definition 7.
pub fn type7(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let rank = p.clamp(0.0, 1.0) * last as f64;
    let below = rank.floor() as usize;
    let above = (below + 1).min(last);
    let (low, high) = (sorted.get(below)?, sorted.get(above)?);
    Some(low + (rank - rank.floor()) * (high - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_as_r() {
        // quantile(c(1, 2, 4, 8, 16), c(.1, .25, .5, .75, .9)) in R: 1.4 2.0 4.0 8.0 12.8
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (p, expected) in [(0.1, 1.4), (0.25, 2.0), (0.5, 4.0), (0.75, 8.0), (0.9, 12.8), (0.0, 1.0), (1.0, 16.0)] {
            let got = type7(&values, p).unwrap();
            assert!((got - expected).abs() < 1e-12, "p = {p}: {got}");
        }
        // quantile(1:10, .9) in R: 9.1
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert!((type7(&ten, 0.9).unwrap() - 9.1).abs() < 1e-12);
        assert_eq!(type7(&ten, 0.5), Some(5.5));
    }

    #[test]
    fn nothing_has_no_quantile_and_one_value_is_all_of_them() {
        assert_eq!(type7(&[], 0.5), None);
        assert_eq!(type7(&[7.0], 0.9), Some(7.0));
    }
}
