//! When to retry.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// The first wait; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// The longest wait, whatever a server asks for.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How often a wait checks whether it should end.
const LOOK: Duration = Duration::from_millis(50);

/// Waits for a duration. Tests have an implementation that does not wait.
pub trait Sleeper: Send + Sync {
    /// Waits for `duration`, or until `is_over` is set.
    fn sleep(&self, duration: Duration, is_over: Option<&AtomicBool>);
}

/// The [`Sleeper`] that blocks the thread.
pub struct ThreadSleeper;

impl Sleeper for ThreadSleeper {
    fn sleep(&self, duration: Duration, is_over: Option<&AtomicBool>) {
        let end = Instant::now() + duration;
        while !is_over.is_some_and(|is_over| is_over.load(Ordering::SeqCst)) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(LOOK));
        }
    }
}

/// The wait after the `attempt`th failure, from 1.
pub(super) fn back_off(attempt: u32) -> Duration {
    FIRST_WAIT.saturating_mul(2u32.saturating_pow(attempt.saturating_sub(1))).min(LONGEST_WAIT)
}

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
pub(super) fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number with too many digits is a very long time, not zero.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = DateTime::parse_from_rfc2822(value).ok()?;
    // A date in the past means "now".
    Some((date.to_utc() - now).to_std().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        let waits: Vec<u128> = (1..=4).map(|attempt| back_off(attempt).as_millis()).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000]);
        assert_eq!(back_off(1000), LONGEST_WAIT);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2026-03-01T10:00:00Z".parse().unwrap();
        assert_eq!(retry_after(" 7 ", now), Some(Duration::from_secs(7)));
        assert_eq!(
            retry_after("Sun, 01 Mar 2026 10:00:30 GMT", now),
            Some(Duration::from_secs(30))
        );
        assert_eq!(retry_after("Sun, 01 Mar 2026 09:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(
            retry_after("Thu, 01 Jan 2099 00:00:00 GMT", now),
            Some(Duration::from_secs(2_298_549_600))
        );
        assert_eq!(retry_after(&"9".repeat(30), now), Some(Duration::from_secs(u64::MAX)));
        assert_eq!((retry_after("soon", now), retry_after("", now)), (None, None));
        assert_eq!(retry_after("-1", now), None);
    }
}
