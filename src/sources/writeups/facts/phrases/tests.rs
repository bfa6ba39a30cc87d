use super::*;

#[test]
fn times_stated_in_sentences_are_found() {
    let mut clock = Clock::default();
    clock.state("UTC");
    clock.date = chrono::NaiveDate::from_ymd_opt(2026, 3, 17);
    let of_day = clock.clone();
    let milestones_of = |text: &str| {
        let found = stated(text, "", &of_day).milestones;
        found
            .iter()
            .map(|stated| format!("{} {}", stated.name, stated.read.moment))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        milestones_of(
            "Starting around 09:45 on 2026-03-18, the API failed. It was resolved at 14:05."
        ),
        ["impact_start ~2026-03-18T09:45Z", "resolved_at 2026-03-18T14:05Z"]
    );
    assert_eq!(
        milestones_of(
            "Between 16:32 UTC and 19:23 UTC on 27 June 2024, customers could not log in."
        ),
        ["impact_start 2024-06-27T16:32Z", "impact_end 2024-06-27T19:23Z"]
    );
    assert_eq!(
        milestones_of(
            "Between approximately 16:32 UTC and 19:23 UTC the site couldn't be accessed."
        ),
        ["impact_start ~2026-03-17T16:32Z", "impact_end 2026-03-17T19:23Z"]
    );
    for (text, expected) in [
        ("Between the hours of 1900 and 2100 UTC users saw errors.", ["19:00Z", "21:00Z"]),
        ("The site was down from 6.10am to 9.45am.", ["06:10Z", "09:45Z"]),
        ("Payments failed between noon and 2:30 pm.", ["12:00Z", "14:30Z"]),
        (
            "Searches failed from 14:00. We rolled back and searches recovered at 14:35.",
            ["14:00Z", "14:35Z"],
        ),
        (
            "At 13:07 a bug shut down every web server. The site was fully up at 13:58.",
            ["13:07Z", "13:58Z"],
        ),
        (
            "A fibre cut took the network down at 11:05. It was partly restored at 13:30 and fully at 17:45.",
            ["11:05Z", "17:45Z"],
        ),
        (
            "A licence expired at 10:00, which made the API unavailable until we replaced it at 16:30.",
            ["10:00Z", "16:30Z"],
        ),
        (
            "The switch failed at 06:10. It was replaced at 09:40, restoring service to all customers.",
            ["06:10Z", "09:40Z"],
        ),
        (
            "At 09:04 our website crashed, and it was not until 11:30 that it was back online.",
            ["09:04Z", "11:30Z"],
        ),
        (
            "Until 14:20, uploads failed for all users; the failure had started at 13:05.",
            ["13:05Z", "14:20Z"],
        ),
        ("Access to the page was lost at 06:10 and regained at 06:55.", ["06:10Z", "06:55Z"]),
        ("Le site était inaccessible de 06h10 à 06h55.", ["06:10Z", "06:55Z"]),
    ] {
        let expected = [
            format!("impact_start 2026-03-17T{}", expected[0]),
            format!("impact_end 2026-03-17T{}", expected[1]),
        ];
        let mut found = milestones_of(text);
        found.sort_unstable_by(|one, other| other.cmp(one));
        assert_eq!(found, expected, "{text}");
    }
    for text in [
        "The search index recovered at 14:35.",
        "Some users were back online at 14:35.",
        "At 13:24 we noticed that the bot could not write, and the page was unavailable.",
        "The provider recovered at 14:00.",
        "An engineer worked from 06:10 to 06:55 on the database.",
    ] {
        let found = milestones_of(text);
        assert!(found.iter().all(|stated| !stated.starts_with("impact")), "{text}: {found:?}");
    }
    assert_eq!(milestones_of("Between 16:32 and 19:23 we had tea."), [""; 0]);
    assert_eq!(
        milestones_of(
            "Between 03:30 and 05:20 UTC, and again between 17:00 and 17:32 UTC, requests failed."
        ),
        ["impact_start 2026-03-17T03:30Z", "impact_end 2026-03-17T17:32Z"]
    );
    assert_eq!(
        milestones_of(
            "The shop was down from 07:11 to 10:53 UTC. Login was degraded between 07:17 and 09:28 UTC."
        ),
        ["impact_start 2026-03-17T07:11Z", "impact_end 2026-03-17T10:53Z"]
    );
    assert_eq!(
        milestones_of(
            "The shop was down from 07:11 to 10:53 UTC. Login was degraded between 09:17 and 11:28 UTC."
        ),
        ["impact_start 2026-03-17T07:11Z"]
    );
    assert_eq!(
        milestones_of(
            "At 23:40 the servers began to hang. Everything was back to normal at 02:15."
        ),
        ["impact_start 2026-03-17T23:40Z", "impact_end 2026-03-18T02:15Z"]
    );
    assert_eq!(
        milestones_of(
            "The queue stopped accepting writes at 10:00. The queue was healthy at 10:40."
        ),
        ["impact_start 2026-03-17T10:00Z", "impact_end 2026-03-17T10:40Z"]
    );
    assert_eq!(
        milestones_of("From 8:23 a.m. to 10:05 a.m. EDT the site was down."),
        ["impact_start 2026-03-17T12:23Z", "impact_end 2026-03-17T14:05Z"]
    );
    assert_eq!(milestones_of("If the outage had started at 10:00, nobody had seen it."), [""; 0]);
    assert_eq!(milestones_of("The site will be down from 10:00 to 11:00."), [""; 0]);
    assert_eq!(
        milestones_of("We did not notice the errors until a customer called at 10:40."),
        ["detected_at 2026-03-17T10:40Z"]
    );
    assert_eq!(milestones_of("It was partly restored at 14:40."), [""; 0]);
    assert_eq!(
        milestones_of("Nobody noticed until a customer wrote to us at 10:40."),
        ["detected_at 2026-03-17T10:40Z"]
    );
    assert_eq!(milestones_of("We did not deploy until 10:40."), [""; 0]);
    // A span of a part is not that of the whole, and neither is one that begins after the
    // incident.
    for text in [
        "The attack led to an additional 25 minutes of downtime between 23:05 and 23:30 UTC.",
        "Initial customer impact was observed between 11:47 and 11:49.",
        "Changes by customers were suspended from 10:04 until 11:28 to prevent new errors.",
    ] {
        assert_eq!(milestones_of(text), [""; 0], "{text}");
    }
    assert_eq!(
        milestones_of(
            "The incident began at 07:57. Notifications were lost between 08:35 and 08:53."
        ),
        ["impact_start 2026-03-17T07:57Z"]
    );
    assert_eq!(
        milestones_of(
            "On 2026-03-17 we had an outage. It began at 18:35, and everything was restored by 00:30 on 2026-03-18."
        ),
        ["impact_end 2026-03-18T00:30Z", "impact_start 2026-03-17T18:35Z"]
    );
    // The day before that of writing, and the first of two days.
    clock.date = None;
    clock.written_on = chrono::NaiveDate::from_ymd_opt(2026, 3, 18);
    let found = stated("Yesterday at 20:00 the site went down.", "", &clock).milestones;
    assert_eq!(found[0].read.moment.to_string(), "2026-03-17T20:00Z");
    let text = "In the night of 17 to 18 May 2023, from 23:40 to 04:10, writes failed.";
    let found = stated(text, "", &clock).milestones;
    assert_eq!(found[0].read.moment.to_string(), "2023-05-17T23:40Z");
    assert_eq!(found[1].read.moment.to_string(), "2023-05-18T04:10Z");
    assert_eq!(milestones_of("It started on 2026-03-18 and was resolved quickly."), [""; 0]);
}
