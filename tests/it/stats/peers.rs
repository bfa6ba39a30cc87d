//! The arithmetic against R, SciPy and lifelines, where these are installed: on sets with ties,
//! with values that are not over, and with nothing that is.

use std::io::Write;
use std::process::{Command, Stdio};

use posthoc::analysis::config::Definitions;
use posthoc::analysis::duration_name::DurationName;
use posthoc::analysis::stats::compare::compare;
use posthoc::analysis::stats::quantile::type7;
use posthoc::analysis::stats::survival::{self, Lasted};
use posthoc::analysis::stats::{Ranks, StatsOptions, stats};
use posthoc::model::Incident;
use posthoc::store::load;

use crate::support::random::Random;

/// How many sets are compared.
const SETS: u64 = 500;

/// A program that reads `input` and prints one line of numbers for each of its lines.
fn computed(program: &str, arguments: &[&str], input: &str) -> Vec<Vec<Option<f64>>> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let mut stdin = child.stdin.take().expect("an input");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("an output");
    writer.join().expect("a writer").expect("the program reads its input");
    assert!(output.status.success(), "{program} failed");
    let number = |word: &str| word.parse::<f64>().ok().filter(|number| number.is_finite());
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(|line| line.split_whitespace().map(number).collect()).collect()
}

fn r(script: &str, input: &str) -> Vec<Vec<Option<f64>>> {
    computed("Rscript", &["--vanilla", "-e", script], input)
}

fn python(script: &str, input: &str) -> Vec<Vec<Option<f64>>> {
    let python = std::env::var("POSTHOC_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    computed(&python, &["-c", script], input)
}

/// Sets of 1 to 40 values. In every fifth one nothing is over, or everything is; in every third one
/// the values are few, so that they are often equal; and the last one is censored in every fourth.
fn sets() -> Vec<Vec<Lasted>> {
    let set = |number: u64| {
        let mut random = Random(number);
        let count = random.below(40) + 1;
        let different = if number.is_multiple_of(3) { 6 } else { 100_000 };
        let mut set: Vec<Lasted> = (0..count)
            .map(|_| Lasted {
                seconds: (random.below(different) + 1) as f64,
                over: match number % 10 {
                    0 => false,
                    5 => true,
                    share => random.below(10) >= share,
                },
            })
            .collect();
        if number.is_multiple_of(4) {
            set.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
            set.last_mut().expect("a value").over = false;
        }
        set
    };
    (1..=SETS).map(set).collect()
}

/// One line for each set: its values, `;`, and 1 for each that is over.
fn lines(sets: &[Vec<Lasted>]) -> String {
    let line = |set: &Vec<Lasted>| {
        let join = |words: Vec<String>| words.join(" ");
        let values = set.iter().map(|one| one.seconds.to_string()).collect();
        let over = set.iter().map(|one| u8::from(one.over).to_string()).collect();
        format!("{};{}\n", join(values), join(over))
    };
    sets.iter().map(line).collect()
}

fn assert_close(ours: Option<f64>, theirs: Option<f64>, what: &dyn std::fmt::Debug) {
    let close = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1.0),
        (ours, theirs) => ours == theirs,
    };
    assert!(close, "{ours:?} and {theirs:?}: {what:?}");
}

const SURVFIT: &str = r#"
suppressMessages(library(survival))
input <- file("stdin")
for (line in readLines(input)) {
  parts <- strsplit(line, ";")[[1]]
  number <- function(text) as.numeric(strsplit(text, " ")[[1]])
  fit <- survfit(Surv(number(parts[1]), number(parts[2])) ~ 1, conf.type = "log-log")
  q <- quantile(fit, c(0.5, 0.9))
  cat(sprintf("%.15g", c(q$quantile, q$lower, q$upper)), "\n")
}
"#;

#[test]
#[cfg_attr(not(r_survival), ignore = "needs R with the package survival")]
fn survival_medians_and_limits_equal_those_of_r() {
    let sets = sets();
    let theirs = r(SURVFIT, &lines(&sets));
    assert_eq!(theirs.len(), sets.len());
    for (set, theirs) in sets.iter().zip(&theirs) {
        for (index, p) in [0.5, 0.9].into_iter().enumerate() {
            let ours = survival::quantile(set, p);
            let ours = [ours.at, ours.low, ours.high];
            for (ours, place) in ours.into_iter().zip([index, index + 2, index + 4]) {
                assert_close(ours, theirs[place], set);
            }
        }
    }
    let with = |place: usize| theirs.iter().filter(|line| line[place].is_some()).count();
    let counts = [with(0), with(2), with(4)];
    assert!(counts.iter().all(|count| (100..500).contains(count)), "too uniform: {counts:?}");
}

#[test]
#[cfg_attr(not(r_survival), ignore = "needs R with the package survival")]
fn quantiles_and_confidence_equal_those_of_r() {
    let sets = sets();
    let script = r#"
input <- file("stdin")
for (line in readLines(input)) {
  values <- as.numeric(strsplit(strsplit(line, ";")[[1]][1], " ")[[1]])
  cat(sprintf("%.15g", quantile(values, c(0.5, 0.9), type = 7)), "\n")
}
"#;
    for (set, theirs) in sets.iter().zip(r(script, &lines(&sets))) {
        let mut values: Vec<f64> = set.iter().map(|one| one.seconds).collect();
        values.sort_by(f64::total_cmp);
        for (p, theirs) in [0.5, 0.9].into_iter().zip(theirs) {
            assert_close(type7(&values, p), theirs, set);
        }
    }
    let script = r#"
input <- file("stdin")
for (line in readLines(input)) {
  n <- as.numeric(line)
  r <- max(1, qbinom(0.025, n, 0.5))
  if (n < 6) r <- 1
  while (r > 1 && pbinom(r - 1, n, 0.5) > 0.025) r <- r - 1
  low <- qbinom(0.025, n, 0.9)
  while (low > 0 && pbinom(low - 1, n, 0.9) > 0.025) low <- low - 1
  cat(sprintf("%.15g", c(r, 1 - 2 * pbinom(r - 1, n, 0.5), low)), "\n")
}
"#;
    let numbers: String = (5..=200).map(|n| format!("{n}\n")).collect();
    for (n, theirs) in (5..=200).zip(r(script, &numbers)) {
        let ours = Ranks::of_median(n).expect("an interval");
        assert_close(ours.low.map(|rank| rank as f64), theirs[0], &n);
        assert_close(Some(ours.confidence), theirs[1], &n);
        let low = Ranks::of(n, 0.9).low.unwrap_or(0);
        assert_close(Some(low as f64), theirs[2], &n);
    }
}

/// lifelines takes the first time at which the curve is at a half, where R and we take the middle
/// of the stretch in which it is; and it has a limit where nothing is left. The rest is the same.
#[test]
#[cfg_attr(not(python_statistics), ignore = "needs Python with SciPy and lifelines")]
fn survival_medians_equal_those_of_lifelines() {
    let script = r#"
import sys, warnings
warnings.simplefilter("ignore")
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_times
for line in sys.stdin:
    times, over = [[float(word) for word in part.split()] for part in line.split(";")]
    fit = KaplanMeierFitter().fit(times, over)
    limits = qth_survival_times(0.5, fit.confidence_interval_)
    curve = fit.survival_function_["KM_estimate"]
    rests = bool((abs(curve - 0.5) < 1e-12).any())
    low, high = sorted(float(limit) for limit in limits.iloc[0])
    print(fit.median_survival_time_, low, high, int(rests))
"#;
    let sets = sets();
    let theirs = python(script, &lines(&sets));
    assert_eq!(theirs.len(), sets.len());
    let mut compared = [0; 3];
    for (set, theirs) in sets.iter().zip(&theirs) {
        let ours = survival::quantile(set, 0.5);
        if theirs[3] == Some(0.0) {
            assert_close(ours.at, theirs[0], set);
            compared[0] += 1;
        }
        for (place, ours) in [(1, ours.low), (2, ours.high)] {
            if ours.is_some() {
                assert_close(ours, theirs[place], set);
                compared[place] += 1;
            }
        }
    }
    assert!(compared.iter().all(|count| *count > 100), "{compared:?}");
}

#[test]
#[cfg_attr(not(python_statistics), ignore = "needs Python with SciPy and lifelines")]
fn the_test_of_a_comparison_equals_that_of_scipy() {
    let sides: Vec<[Vec<u64>; 2]> = (1..=20)
        .map(|seed| {
            let mut random = Random(seed);
            let mut side = |scale: u64| -> Vec<u64> {
                (0..5 + random.below(3)).map(|_| (random.below(100) + 1) * scale).collect()
            };
            [side(1), side(1 + seed % 4)]
        })
        .collect();
    let words = |values: &[u64]| {
        values.iter().map(|minutes| (minutes * 60).to_string()).collect::<Vec<_>>().join(" ")
    };
    let input: String = sides
        .iter()
        .map(|[before, after]| format!("{};{}\n", words(before), words(after)))
        .collect();
    let script = r#"
import sys, numpy, scipy.stats
for line in sys.stdin:
    one, other = [numpy.log([float(word) for word in part.split()]) for part in line.split(";")]
    shift = lambda x, y, axis: numpy.mean(x, axis=axis) - numpy.mean(y, axis=axis)
    test = scipy.stats.permutation_test((one, other), shift, n_resamples=10**6, vectorized=True)
    print(numpy.mean(numpy.abs(test.null_distribution) >= abs(test.statistic) * (1 - 1e-9)))
"#;
    let theirs = python(script, &input);
    assert_eq!(theirs.len(), sides.len());
    for ([before, after], theirs) in sides.iter().zip(theirs) {
        let [one, other] = [(1, before), (2, after)].map(|(month, side)| {
            let incidents: Vec<Incident> = side
                .iter()
                .enumerate()
                .map(|(index, minutes)| incident(month, index, *minutes))
                .collect();
            let options =
                StatsOptions { metrics: vec![DurationName::Ttr], ..StatsOptions::default() };
            stats(&incidents.iter().collect::<Vec<_>>(), &Definitions::default(), &options)
        });
        let compared = compare(("before", &one), ("after", &other));
        let change = compared[0].change.expect("enough values");
        assert!(change.exact);
        assert_close(Some(change.p), theirs[0], &(before, after));
    }
}

fn incident(month: u32, index: usize, minutes: u64) -> Incident {
    let (day, hours, rest) = (index + 1, minutes / 60, minutes % 60);
    let text = format!(
        "schema: posthoc/v1\nid: i{month}-{index}\ntitle: I\nmilestones:\n  impact_start: 2026-{month:02}-{day:02}T00:00Z\n  \
         resolved_at: 2026-{month:02}-{day:02}T{hours:02}:{rest:02}Z\n"
    );
    load::parse(&format!("i{month}-{index}.yaml"), &text).expect("an incident")
}

/// The points of Student's t and of the normal distribution, through the interval of a mean.
#[test]
#[cfg_attr(not(python_statistics), ignore = "needs Python with SciPy and lifelines")]
fn the_interval_of_a_mean_equals_its_formula_in_numpy() {
    let script = r#"
import sys, numpy, scipy.stats
for line in sys.stdin:
    x = numpy.array([float(word) * 60 for word in line.split()])
    n, d = len(x), x - x.mean()
    z = numpy.sqrt(n / (n - 1)) * scipy.stats.t.ppf(0.975, n - 1)
    a = (d**3).sum() / (6 * (d**2).sum() ** 1.5)
    limit = lambda z: x.mean() + numpy.sqrt((d**2).sum()) / n * (a + z) / (1 - a * (a + z)) ** 2
    print(max(0, limit(-z)), limit(z))
"#;
    let sets: Vec<Vec<u64>> = (1..=20)
        .map(|seed| {
            let mut random = Random(seed);
            (0..5 + seed).map(|_| random.below(500) + 30).collect()
        })
        .collect();
    let input: String = sets
        .iter()
        .map(|set| set.iter().map(u64::to_string).collect::<Vec<_>>().join(" ") + "\n")
        .collect();
    for (set, theirs) in sets.iter().zip(python(script, &input)) {
        let incidents: Vec<Incident> =
            set.iter().enumerate().map(|(index, minutes)| incident(1, index, *minutes)).collect();
        let options = StatsOptions { metrics: vec![DurationName::Ttr], ..StatsOptions::default() };
        let table = stats(&incidents.iter().collect::<Vec<_>>(), &Definitions::default(), &options);
        let mean = table.groups[0].metrics[0].summary.mean.clone().expect("a mean");
        for (ours, theirs) in [mean.low, mean.high].into_iter().zip(theirs) {
            // The point of Student's t is an approximation, worst for four degrees.
            let (ours, theirs) = (ours.expect("a limit"), theirs.expect("a limit"));
            assert!(
                (ours - theirs).abs() <= 0.01 * theirs.max(600.0),
                "{ours} and {theirs}: {set:?}"
            );
        }
    }
}
