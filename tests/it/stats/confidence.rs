//! The confidence that is printed, against sums of the binomial distribution.

use crate::support::world::World;

/// The number of values in the largest group.
const MOST: usize = 200;

/// C(n, k) / 2^n for each k, by Pascal's triangle.
fn shares(n: usize) -> Vec<f64> {
    let mut row = vec![1.0];
    for _ in 0..n {
        let mut next = vec![0.0; row.len() + 1];
        for (index, share) in row.iter().enumerate() {
            next[index] += share / 2.0;
            next[index + 1] += share / 2.0;
        }
        row = next;
    }
    row
}

/// Incident k belongs to the services of n = k and more, so that the service `n` has n incidents.
fn world() -> World {
    let world = World::new();
    world.write("posthoc.toml", "");
    for k in 1..=MOST {
        let services: Vec<String> = (k.max(5)..=MOST).map(|n| format!("n{n:03}")).collect();
        world.write(
            &format!("incidents/i{k}.yaml"),
            format!(
                "schema: posthoc/v1\nid: i{k}\ntitle: I\nservices: [{}]\nmilestones:\n  impact_start: 2026-01-01T00:00Z\n  \
                 resolved_at: 2026-01-02T{:02}:{:02}Z\n",
                services.join(", "),
                k / 60,
                k % 60
            ),
        );
    }
    world
}

#[test]
fn printed_confidence_of_5_to_200_values_is_the_binomial_sum() {
    let output = world().output(&["stats", "--by", "service", "--metric", "ttr"]);
    let text = String::from_utf8(output.stdout).expect("text");
    // The note may break between the parts of a figure that a line is too short for.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, note) = text.split_once("interval of the median: ").expect("a note on the intervals");
    let mut printed = 0;
    for part in note.split(" values, ").collect::<Vec<_>>().windows(2) {
        let words = part[0].rsplit("; ").next().expect("a part");
        let (ranks, n) = words.split_once(" of ").expect("ranks of n");
        let n: usize = n.parse().expect("a number of values");
        let rank = |text: &str| -> usize {
            text.trim_end_matches(char::is_alphabetic).parse().expect("a rank")
        };
        let (low, high) = ranks.split_once('–').expect("two ranks");
        let (low, high) = (rank(low), rank(high));
        let percent = part[1].split(' ').next().expect("a percentage");
        // Between the r-th and the s-th value is the median if at least r and fewer than s are
        // below it.
        let shares = shares(n);
        let sum: f64 = shares[low..high].iter().sum();
        assert_eq!(percent, format!("{:.1}", sum * 100.0), "{n}");
        assert_eq!(low + high, n + 1, "{n}: not symmetric");
        let narrower: f64 = shares[low + 1..high - 1].iter().sum();
        assert!(narrower < 0.95 && (sum >= 0.95 || low == 1), "{n}: not the narrowest");
        printed += 1;
    }
    assert_eq!(printed, MOST - 4, "{note}");
}
