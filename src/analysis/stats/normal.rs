//! Quantiles of the normal distribution and of Student's t.

/// The quantile `p` of the standard normal distribution, to nine digits: P. J. Acklam's rational
/// approximation (2003). `p` is above 0 and below 1.
pub(super) fn quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e+01,
        2.209460984245205e+02,
        -2.759285104469687e+02,
        1.383_577_518_672_69e2,
        -3.066479806614716e+01,
        2.506628277459239e+00,
    ];
    const B: [f64; 6] = [
        -5.447609879822406e+01,
        1.615858368580409e+02,
        -1.556989798598866e+02,
        6.680131188771972e+01,
        -1.328068155288572e+01,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-03,
        -3.223964580411365e-01,
        -2.400758277161838e+00,
        -2.549732539343734e+00,
        4.374664141464968e+00,
        2.938163982698783e+00,
    ];
    const D: [f64; 5] = [
        7.784695709041462e-03,
        3.224671290700398e-01,
        2.445134137142996e+00,
        3.754408661907416e+00,
        1.0,
    ];
    let polynomial = |coefficients: &[f64], x: f64| {
        coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
    };
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    if p < 0.02425 {
        let q = (-2.0 * p.ln()).sqrt();
        return polynomial(&C, q) / polynomial(&D, q);
    }
    let q = p - 0.5;
    polynomial(&A, q * q) * q / polynomial(&B, q * q)
}

/// The quantile `p` of Student's distribution with `freedom` degrees, by the first terms of its
/// Cornish–Fisher expansion (Abramowitz and Stegun 26.7.5): two digits for 8 degrees, more for
/// more.
pub(super) fn t_quantile(p: f64, freedom: f64) -> f64 {
    let z = quantile(p);
    z + (z.powi(3) + z) / (4.0 * freedom)
        + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * freedom.powi(2))
        + (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z)
            / (384.0 * freedom.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_of_the_tables() {
        for (p, expected) in
            [(0.975, 1.959964), (0.8, 0.841621), (0.5, 0.0), (0.01, -2.326348), (0.999, 3.090232)]
        {
            assert!((quantile(p) - expected).abs() < 1e-6, "{p}: {}", quantile(p));
        }
        for (p, freedom, expected) in
            [(0.975, 8.0, 2.3060), (0.8, 8.0, 0.8889), (0.975, 30.0, 2.0423), (0.8, 18.0, 0.8620)]
        {
            let point = t_quantile(p, freedom);
            assert!((point - expected).abs() < 2e-3, "{p}, {freedom}: {point}");
        }
    }
}
