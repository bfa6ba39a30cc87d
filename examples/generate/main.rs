//! Writes a folder of invented incidents, for measurements and for trying things out.
//!
//! ```text
//! cargo run --release --example generate -- --count 10000 --seed 1 --out /tmp/corpus
//! cargo run --release --example generate -- --four-pages --out /tmp/one
//! ```
//!
//! The same seed gives the same bytes, and a smaller count gives the beginning of a larger one.

mod draw;
mod incident;
mod plan;
mod stories;

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use posthoc::model::Incident;

use incident::{Length, incident};

/// Write invented incidents to DIR/incidents.
#[derive(Parser)]
struct Args {
    /// How many
    #[arg(long, default_value_t = 100)]
    count: u64,
    /// Which corpus: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One incident of about four printed pages instead, named `four-pages`
    #[arg(long)]
    four_pages: bool,
    /// Where to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// The incidents of a corpus, each under an id of its own.
fn corpus(seed: u64, count: u64) -> impl Iterator<Item = Incident> {
    let mut taken = BTreeSet::new();
    (0..count).map(move |index| {
        let mut made = incident(seed, index, Length::Usual);
        let first = made.id.clone();
        let mut number = 2;
        while !taken.insert(made.id.clone()) {
            made.id = first.numbered(number);
            number += 1;
        }
        made
    })
}

/// The long incident, under a fixed id so that a script can name it.
fn four_pages(seed: u64) -> Result<Incident, Box<dyn Error>> {
    let mut made = incident(seed, 0, Length::FourPages);
    made.id = "four-pages".parse()?;
    Ok(made)
}

#[allow(clippy::disallowed_methods, reason = "a half-written corpus is thrown away and made again")]
fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let folder = args.out.join("incidents");
    std::fs::create_dir_all(&folder)?;
    let write = |incident: &Incident| -> Result<(), Box<dyn Error>> {
        Ok(std::fs::write(
            folder.join(format!("{}.yaml", incident.id.as_str())),
            serde_yaml::to_string(incident)?,
        )?)
    };
    if args.four_pages {
        return write(&four_pages(args.seed)?);
    }
    corpus(args.seed, args.count).try_for_each(|incident| write(&incident))
}

#[cfg(test)]
mod tests {
    use super::*;
    use posthoc::model::Kind;

    #[test]
    fn every_generated_file_is_valid_and_round_trips() {
        for made in corpus(7, 200) {
            let text = serde_yaml::to_string(&made).unwrap();
            let read: Incident =
                serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(read, made);
        }
    }

    #[test]
    fn same_seed_gives_the_same_bytes() {
        let text = |seed| {
            corpus(seed, 20).map(|made| serde_yaml::to_string(&made).unwrap()).collect::<String>()
        };
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }

    #[test]
    fn small_corpus_is_a_prefix_of_a_large_one() {
        assert!(corpus(1, 300).take(10).eq(corpus(1, 10)));
    }

    #[test]
    fn mixture_matches_real_folders() {
        let all: Vec<Incident> = corpus(1, 1000).collect();
        let share = |test: &dyn Fn(&Incident) -> bool| all.iter().filter(|made| test(made)).count();
        for kind in Kind::ALL {
            assert!(share(&|made| made.kind() == *kind) > 5, "{kind}");
        }
        assert!((50..250).contains(&share(&|made| made.milestones.detected_at.is_none())));
        assert!(share(&|made| made.impact.windows.len() > 1) > 100);
        assert!(
            share(&|made| made.milestones.impact_start.as_ref().is_some_and(|m| m.at.is_about()))
                > 50
        );
        assert!(
            share(&|made| made
                .milestones
                .impact_start
                .as_ref()
                .is_some_and(|m| m.at.is_uncertain()))
                > 10
        );
        let output = share(&|made| (8..=20).contains(&made.timeline.len()));
        assert!(output > 850, "{output}");
        let bytes: usize = all.iter().map(|made| serde_yaml::to_string(made).unwrap().len()).sum();
        assert!((3300..3700).contains(&(bytes / all.len())), "{}", bytes / all.len());
    }

    #[test]
    fn no_incident_ends_before_it_starts() {
        for made in corpus(3, 500) {
            let m = &made.milestones;
            for (start, end) in [(&m.impact_start, &m.impact_end), (&m.declared_at, &m.resolved_at)]
            {
                let (Some(start), Some(end)) = (start, end) else { continue };
                assert!(start.at.latest() < end.at.earliest(), "{}", made.id.as_str());
            }
            for window in &made.impact.windows {
                assert!(
                    window.end.is_none_or(|end| window.start.latest() < end.earliest()),
                    "{}",
                    made.id.as_str()
                );
            }
        }
    }
}
