//! Summaries of one paragraph: the commonest form in public, and texts that only look like one.

use posthoc::assemble::{Provenance, documents};
use posthoc::sources::record::Record;
use posthoc::sources::source::Verdict;
use posthoc::sources::writeups::Document;
use posthoc::sources::{Input, ReadOptions, Source};

/// When the impact began and ended, and the published length, by the one document; `None` where it
/// is refused.
fn impact(name: &str, text: &str) -> Option<[String; 3]> {
    let input = Input::new(name.to_owned(), text.as_bytes().to_vec());
    if matches!(Document.sniff(&input), Verdict::No(_)) {
        return None;
    }
    let read = Document.read(&input, &ReadOptions::default()).expect("a document");
    let Some(Record::Document(record)) = read.value.into_iter().next() else { return None };
    if !record.is_write_up {
        return None;
    }
    let id = documents::wanted_id(&record);
    let incident = documents::incident(&record, id, &Provenance::default());
    let shown = |at: Option<posthoc::model::time::Moment>| {
        at.map_or_else(|| "-".to_owned(), |at| at.to_string())
    };
    let milestones = &incident.milestones;
    let end = milestones.impact_end.as_ref().or(milestones.resolved_at.as_ref());
    let start = milestones.impact_start.as_ref();
    let length = record.claims.duration.clone().unwrap_or_else(|| "-".to_owned());
    Some([shown(start.map(|it| it.at)), shown(end.map(|it| it.at)), length])
}

#[test]
fn one_paragraph_says_when_the_impact_was() {
    for (text, expected) in [
        (
            "On Wednesday 9 May 2018 from 16:20 to 17:12 US/Pacific, queries to the reports failed.",
            ["2018-05-09T23:20Z", "2018-05-10T00:12Z", "-"],
        ),
        (
            "Between 11:50 AM and 1:10 PM PDT on 17 May 2023, some instances lost their network.",
            ["2023-05-17T18:50Z", "2023-05-17T20:10Z", "-"],
        ),
        (
            "Our game servers were offline for about two hours starting at 9 am Pacific on 14 November 2019.",
            ["~2019-11-14T17:00Z", "~2019-11-14T19:00Z", "about two hours"],
        ),
        (
            "On 2 July 2021 searches failed from 14:00 UTC. We rolled back and searches recovered at 14:35 UTC.",
            ["2021-07-02T14:00Z", "2021-07-02T14:35Z", "-"],
        ),
        (
            "A fibre cut took the network down on 21 March 2017 at 11:05 UTC. Service was partly restored at 13:30 and fully at 17:45.",
            ["2017-03-21T11:05Z", "2017-03-21T17:45Z", "-"],
        ),
        (
            "On 4 May 2022 we had an outage that ended at 10:45 UTC after 1 hour and 15 minutes.",
            ["2022-05-04T09:30Z", "2022-05-04T10:45Z", "1 hour and 15 minutes"],
        ),
        (
            "On 17 May 2023 at 13:07 UTC text messages failed. 51 minutes later, service was back to normal.",
            ["2023-05-17T13:07Z", "2023-05-17T13:58Z", "51 minutes"],
        ),
    ] {
        let found = impact("outage.md", &format!("# Outage\n\n{text}\n"));
        assert_eq!(found, Some(expected.map(str::to_owned)), "{text}");
    }
}

#[test]
fn twelve_without_a_half_is_noon_only_where_another_time_decides() {
    for (text, expected) in [
        (
            "The API was down from 12:10 to 12:50 EST on 3 January 2026.",
            ["2026-01-03T05:10Z..2026-01-03T17:10Z", "2026-01-03T05:50Z..2026-01-03T17:50Z"],
        ),
        (
            "The API was down from 12:10 to 14:20 EST on 3 January 2026.",
            ["2026-01-03T17:10Z", "2026-01-03T19:20Z"],
        ),
        (
            "The API was down from 12:10 pm to 12:50 pm EST on 3 January 2026.",
            ["2026-01-03T17:10Z", "2026-01-03T17:50Z"],
        ),
    ] {
        let [start, end, _] = impact("outage.md", &format!("# Outage\n\n{text}\n")).unwrap();
        assert_eq!([start, end], expected, "{text}");
    }
}

#[test]
fn texts_of_another_kind_are_no_write_ups() {
    for (name, text) in [
        (
            "README.md",
            "# pagecat\n\npagecat writes an incident report when a check fails.\n\n## Usage\n\nIf a check fails between 09:00 and 17:00, an engineer is paged. Alerts are muted from 22:00 to 06:00 by default, so an outage at 23:00 UTC is reported in the morning.\n",
        ),
        (
            "CONTRIBUTING.md",
            "# Contributing\n\nOur office hours are Tuesdays from 14:00 to 15:00 UTC. If the build fails, ask there about the root cause.\n",
        ),
        (
            "CHANGELOG.md",
            "# Changelog\n\n## 2.4.0 (2024-05-03)\n\n- Fix an outage of the scheduler when the clock goes back at 03:00\n- Fix: the site was down after an upgrade\n",
        ),
        (
            "meeting.md",
            "# Team meeting, 3 May 2024\n\n- 10:00 Standup\n- 10:15 Incident review\n- 10:45 Planning\n",
        ),
        (
            "guide.md",
            "# How to write a good postmortem\n\nUse UTC.\n\n## Timeline\n\n- 10:00 The deploy begins.\n- 10:05 The alert fires.\n",
        ),
    ] {
        assert_eq!(impact(name, text), None, "{name}");
    }
}
