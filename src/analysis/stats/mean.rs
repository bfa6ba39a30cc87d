//! An interval for a mean.

use super::normal::t_quantile;

/// Where the mean of what `values` are drawn from lies with about 95 % confidence, by the
/// approximate bootstrap: the limits that a bias-corrected and accelerated (BCa) bootstrap tends
/// to, computed without drawing anything. It is as skewed as the values are. `None` where all
/// values are the same, or one.
///
/// DiCiccio and Efron, *More accurate confidence intervals in exponential families* (1992); for a
/// mean the bias and the acceleration are both a sixth of the skewness by √n, and the quadratic
/// terms are 0. A bootstrap of few values is too narrow, since its variance is that of the sample
/// and its distribution is a normal one; the point is therefore that of Student's t, by √(n / (n −
/// 1)), as in Hesterberg, *What teachers should know about the bootstrap* (2015). Five values of a
/// log-normal distribution are then covered in 86 of 100 cases, and not in 75.
pub(super) fn interval(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let power =
        |exponent: i32| values.iter().map(|value| (value - mean).powi(exponent)).sum::<f64>();
    let (squares, cubes) = (power(2), power(3));
    if values.len() < 2 || squares <= 0.0 {
        return None;
    }
    let deviation = squares.sqrt() / n;
    let acceleration = cubes / (6.0 * squares.powf(1.5));
    let limit = |z: f64| {
        let shifted = acceleration + z;
        mean + deviation * shifted / (1.0 - acceleration * shifted).powi(2)
    };
    let z = (n / (n - 1.0)).sqrt() * t_quantile(0.975, n - 1.0);
    // A length is never below zero, although a long tail can draw the limit there.
    Some((limit(-z).max(0.0), limit(z)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(values: &[f64]) -> String {
        interval(values).map_or_else(String::new, |(low, high)| format!("{low:.3} {high:.3}"))
    }

    #[test]
    fn symmetric_sample_gets_the_interval_of_student() {
        // 3 ± √(5/4) · 2.77 · √10 / 5.
        assert_eq!(shown(&[1.0, 2.0, 3.0, 4.0, 5.0]), "1.042 4.958");
    }

    /// A BCa bootstrap of 200,000 resamples gives 2.6 to 10.4 around this mean of 4.8, one by
    /// percentiles 2.3 to 8.6; Student's t with 9 degrees makes that wider.
    #[test]
    fn long_tail_shifts_the_interval_upwards() {
        assert_eq!(shown(&[1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 5.0, 7.0, 20.0]), "2.377 13.128");
    }

    #[test]
    fn limit_is_never_below_zero() {
        assert_eq!(shown(&[1.0, 1.0, 1.0, 1.0, 90.0]), "0.000 142.978");
    }

    #[test]
    fn identical_values_have_no_interval() {
        assert_eq!((shown(&[2.0; 9]), shown(&[2.0]), shown(&[])), Default::default());
    }
}
