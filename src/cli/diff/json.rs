//! The output for programs. Instants are in UTC, durations in seconds, unknown values are null.

use serde_json::{Value as Json, json};

use super::gather::{Comparison, How, IncidentDiff};
use crate::analysis::change::{Cause, Change, FieldChange, SetSummary, Value, What};
use crate::analysis::phases::Duration;
use crate::analysis::rules::Finding;
use crate::cli::answer::VERSION;
use crate::model::zone;
use crate::store::revision::State;

pub(super) fn of(comparison: &Comparison) -> Json {
    let definitions = comparison.redefined.iter();
    let definitions = definitions
        .map(|field| json!({ "name": field.name, "before": field.before, "after": field.after }));
    let by_definitions = comparison
        .by_definitions
        .iter()
        .map(|(name, ids)| json!({ "duration": name, "incidents": ids }));
    json!({
        "version": VERSION,
        "tzdata": zone::release(),
        "before": state(&comparison.before),
        "after": state(&comparison.after),
        "definitions": definitions.collect::<Vec<_>>(),
        "by_definitions": by_definitions.collect::<Vec<_>>(),
        "incidents": comparison.diff.iter().map(incident).collect::<Vec<_>>(),
        "set": comparison.set.as_ref().map(|change| json!({ "before": set(&change.before), "after": set(&change.after) })),
        "problems": comparison.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn state(state: &State) -> Json {
    json!({ "name": state.name, "commit": state.commit })
}

fn incident(diff: &IncidentDiff) -> Json {
    let (how, change) = match &diff.how {
        How::Added => ("added", None),
        How::Removed => ("removed", None),
        How::Unreadable(_) => ("unreadable", None),
        How::Changed(change) if change.is_empty() => ("same_meaning", Some(change)),
        How::Changed(change) => ("changed", Some(change)),
    };
    let unreadable = if let How::Unreadable(states) = &diff.how { states.as_slice() } else { &[] };
    let durations = change.map(|change| {
        change.durations.iter().map(|duration| {
            let because: Vec<Json> =
                duration.because.iter().map(|cause| self::cause(cause, change)).collect();
            json!({
                "name": duration.name,
                "before": length(&duration.before),
                "after": length(&duration.after),
                "because": because,
                "either_alone": duration.either_alone,
            })
        })
    });
    json!({
        "id": diff.id,
        "renamed_from": diff.renamed_from,
        "title": (!diff.title.is_empty()).then_some(&diff.title),
        "severity": diff.severity,
        "how": how,
        "unreadable_in": unreadable,
        "durations": durations.into_iter().flatten().collect::<Vec<_>>(),
        "fields": change.into_iter().flat_map(|change| change.fields.iter().map(field)).collect::<Vec<_>>(),
        "findings": {
            "appeared": diff.appeared.iter().map(finding).collect::<Vec<_>>(),
            "fixed": diff.fixed.iter().map(finding).collect::<Vec<_>>(),
        },
    })
}

fn cause(cause: &Cause, change: &Change) -> Json {
    match cause {
        Cause::Definitions => json!({ "definitions": true, "fields": [] }),
        Cause::Fields(fields) => {
            let paths: Vec<String> =
                fields.iter().map(|&index| change.fields[index].path.to_string()).collect();
            json!({ "definitions": false, "fields": paths })
        }
    }
}

fn length(duration: &Duration) -> Json {
    let value = duration.value.as_ref().ok();
    json!({
        "seconds": value.filter(|value| !value.is_uncertain()).map(|value| value.min.num_seconds()),
        "min_seconds": value.map(|value| value.min.num_seconds()),
        "max_seconds": value.map(|value| value.max.num_seconds()),
        "precision": value.map(|value| value.precision),
        "business": duration.business.map(|length| json!({
            "min_seconds": length.min.num_seconds(),
            "max_seconds": length.max.num_seconds(),
            "precision": length.precision,
            "text": length.to_string(),
        })),
        "text": value.map(ToString::to_string),
        "definition": duration.formula,
        "reason": duration.value.as_ref().err(),
    })
}

fn field(field: &FieldChange) -> Json {
    let value = |value: &Value| match value {
        Value::Moment(moment) => Json::String(moment.to_string()),
        Value::Text(text) => Json::String(text.clone()),
    };
    let (what, before, after) = match &field.what {
        What::Added(item) => ("added", Json::Null, item.whole.clone()),
        What::Removed(item) => ("removed", item.whole.clone(), Json::Null),
        What::Set(new) => ("set", Json::Null, value(new)),
        What::Unset(old) => ("unset", value(old), Json::Null),
        What::Changed(old, new) => ("changed", value(old), value(new)),
    };
    json!({ "path": field.path.to_string(), "what": what, "before": before, "after": after })
}

fn finding(finding: &Finding) -> Json {
    json!({
        "rule": finding.rule,
        "severity": finding.level.as_str(),
        "message": finding.message,
        "path": finding.path.to_string(),
    })
}

fn set(summary: &SetSummary) -> Json {
    json!({
        "incidents": summary.incidents,
        "ttr_known": summary.known,
        "ttr_by_fallback": summary.by_fallback,
        "ttr_ongoing": summary.ongoing,
        "ttr_median_seconds": summary.median,
        "ttr_median_bounds": summary.median_bounds,
        "ttr_values_seconds": summary.values.iter().map(|value| value.seconds).collect::<Vec<_>>(),
        "impact_seconds": summary.impact,
        "impact_bounds": summary.impact_bounds,
        "impact_known": summary.impact_known,
        "impact_open_windows": summary.open_windows,
    })
}
