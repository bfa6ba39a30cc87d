//! Properties of the durations of any incident, however uncertain its times are.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::analysis::config::Definitions;
use crate::analysis::duration_name::DurationName;
use crate::analysis::fixture::incident;
use crate::analysis::impact::{ImpactSummary, summarize};
use crate::analysis::rules::{self, Context};
use crate::model::elapsed::Elapsed;
use crate::model::milestone::MilestoneName;
use crate::model::time::{Moment, Precision};

fn moments() -> impl Strategy<Value = Moment> {
    let precisions =
        prop_oneof![Just(Precision::Minute), Just(Precision::Second), Just(Precision::Subsecond)];
    (0i64..2_000_000, 0i64..50_000, precisions, any::<bool>()).prop_map(
        |(start, width, precision, about)| {
            let instant = |seconds: i64| {
                DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("within the calendar")
            };
            let from = Moment::known_to(instant(start), precision);
            let moment = Moment::between(from, Moment::known_to(instant(start + width), precision))
                .expect("in order");
            if about { moment.approximate() } else { moment }
        },
    )
}

/// The instant at that fraction of the interval of the moment.
fn chosen(moment: Moment, share: f64) -> DateTime<Utc> {
    let width = (moment.latest() - moment.earliest()).num_seconds();
    moment.earliest() + TimeDelta::seconds((width as f64 * share) as i64)
}

proptest! {
    #[test]
    fn interval_contains_every_possible_difference(
        start in moments(), end in moments(), from in 0.0..=1.0f64, to in 0.0..=1.0f64,
    ) {
        let elapsed = Elapsed::between(start, end);
        let actual = chosen(end, to) - chosen(start, from);
        prop_assert!(elapsed.min <= actual && actual <= elapsed.max);
    }

    #[test]
    fn durations_are_never_negative(
        times in prop::collection::vec(prop::option::of(moments()), 10..=10), fallback in any::<bool>(),
    ) {
        let mut any = incident("any");
        for (&name, at) in MilestoneName::ALL.iter().zip(times) {
            *any.milestones.slot(name) = at.map(crate::model::milestone::Milestone::observed);
        }
        for &name in DurationName::ALL {
            let measured = crate::analysis::measure::measure_with(&any, name, &Definitions::default(), None, fallback);
            if let Ok(measured) = measured {
                prop_assert!(TimeDelta::zero() <= measured.value.min && measured.value.min <= measured.value.max);
            }
        }
        rules::check(&Context::new(&any, &Definitions::default(), &[], None));
    }

    #[test]
    fn union_of_uncertain_windows_is_bounded_and_order_independent(
        ends in prop::collection::vec((moments(), moments()), 1..8), turn in any::<prop::sample::Index>(),
    ) {
        let mut any = incident("windows");
        any.impact.windows = ends
            .iter()
            .map(|&(start, end)| crate::model::impact::Window {
                start, end: Some(end), level: None, components: Vec::new(), source: None,
            })
            .collect();
        let summary = summarize(&any, None);
        let by = turn.index(any.impact.windows.len());
        any.impact.windows.rotate_left(by);
        // The windows are listed as written; their lengths do not depend on the order.
        let turned = ImpactSummary { windows: summary.windows.clone(), ..summarize(&any, None) };
        prop_assert_eq!(&turned, &summary);
        let Some(union) = summary.union else { return Ok(()) };
        let lengths = ends.iter().map(|&(start, end)| Elapsed::between(start, end).or_zero());
        let (longest, sum) = lengths.fold((TimeDelta::zero(), TimeDelta::zero()), |(longest, sum), one| {
            (longest.max(one.min), sum + one.max)
        });
        prop_assert!(longest <= union.min && union.min <= union.max && union.max <= sum);
        let span = summary.span.unwrap_or(union);
        prop_assert!(union.max <= span.max);
    }
}
