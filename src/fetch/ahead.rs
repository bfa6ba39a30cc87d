//! Runs a few jobs at a time and hands over their results in order.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// Runs `work` for each of `jobs`, at most `at_once` at the same time, and passes the results to
/// `take` in the order of the jobs until `take` breaks.
///
/// The first job is usually the right one, so the others start only when `take` has seen its
/// result. No job starts more than `at_once` jobs ahead of those that `take` has seen, so that
/// little work is wasted. A job waits for either condition at most `patience`.
///
/// Jobs that are running when `take` breaks are abandoned: `work` receives a flag that is set then,
/// and should return soon.
pub(super) fn in_order<J: Sync, R: Send, T>(
    jobs: &[J],
    at_once: usize,
    patience: Duration,
    work: impl Fn(&J, &AtomicBool) -> R + Sync,
    mut take: impl FnMut(&J, R) -> ControlFlow<T>,
) -> Option<T> {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    // The number of results that `take` has seen.
    let (seen, came) = (Mutex::new(0usize), Condvar::new());
    let saw = |count: usize| {
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = count;
        came.notify_all();
    };
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for worker in 0..at_once.min(jobs.len()) {
            let (sender, next, is_over) = (sender.clone(), &next, &is_over);
            let (seen, came, work) = (&seen, &came, &work);
            scope.spawn(move || {
                // The first worker takes the first job, however late it starts.
                let mut mine =
                    if worker == 0 { 0 } else { next.fetch_add(1, Ordering::SeqCst) + 1 };
                while let Some(job) = jobs.get(mine) {
                    if mine > 0 {
                        let is_early = |seen: &mut usize| *seen == 0 || mine > *seen + at_once;
                        let count = seen.lock().unwrap_or_else(PoisonError::into_inner);
                        drop(came.wait_timeout_while(count, patience, is_early));
                        if is_over.load(Ordering::SeqCst) {
                            return;
                        }
                    }
                    if sender.send((mine, work(job, is_over))).is_err() {
                        return;
                    }
                    mine = next.fetch_add(1, Ordering::SeqCst) + 1;
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut results = receiver.iter();
        for (index, job) in jobs.iter().enumerate() {
            while !early.contains_key(&index) {
                let Some((done, result)) = results.next() else { break };
                early.insert(done, result);
            }
            let taken = early.remove(&index).map(|result| take(job, result));
            if let Some(ControlFlow::Break(found)) = taken {
                is_over.store(true, Ordering::SeqCst);
                saw(jobs.len());
                return Some(found);
            }
            saw(index + 1);
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each job takes as many milliseconds as its number; returns what was taken, and what was
    /// started.
    fn taken(jobs: &[u64], patience: u64, last: Option<u64>) -> (Vec<u64>, Vec<u64>) {
        let worked = Mutex::new(Vec::new());
        let mut taken = Vec::new();
        let work = |job: &u64, _: &AtomicBool| {
            worked.lock().unwrap().push(*job);
            std::thread::sleep(Duration::from_millis(*job));
            *job
        };
        in_order(jobs, 3, Duration::from_millis(patience), work, |_, result| {
            taken.push(result);
            if Some(result) == last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (taken, worked.into_inner().unwrap())
    }

    #[test]
    fn results_arrive_in_job_order() {
        let jobs = [5, 60, 1, 30, 0, 2];
        let (taken, mut worked) = taken(&jobs, 1_000, None);
        assert_eq!(taken, jobs);
        worked.sort_unstable();
        assert_eq!(worked, [0, 1, 2, 5, 30, 60], "each once");
        assert_eq!(self::taken(&[], 1, None), (vec![], vec![]));
    }

    #[test]
    fn matching_first_job_starts_no_other() {
        assert_eq!(taken(&[40, 1, 2], 10_000, Some(40)), (vec![40], vec![40]));
    }

    #[test]
    fn slow_first_job_does_not_delay_the_others() {
        let began = std::time::Instant::now();
        assert_eq!(
            taken(&[300, 250, 200, 150], 10, Some(150)).0,
            [300, 250, 200, 150],
            "the order is kept"
        );
        assert!(began.elapsed() < Duration::from_millis(700), "{:?}", began.elapsed());
    }

    #[test]
    fn no_job_starts_after_a_match() {
        // Long enough that a busy machine sees the match before many others begin.
        let jobs: Vec<u64> = (0..50).map(|number| 20 + number % 2).collect();
        let (taken, worked) = taken(&jobs, 0, Some(21));
        assert_eq!(taken, [20, 21]);
        assert!(worked.len() <= 8, "{worked:?}");
    }
}
