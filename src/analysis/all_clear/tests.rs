use super::*;
use crate::analysis::fixture::incident;

#[test]
fn every_phrase_contains_a_prefilter_word() {
    for phrase in NORMAL.iter().chain(&AS_EVER) {
        assert!(IN_EVERY_PHRASE.iter().any(|word| phrase.contains(word)), "{phrase}");
    }
}

fn says(services: &[&str], updates: &[&str]) -> Vec<Statement> {
    let mut incident = incident("said");
    incident.services = services.iter().map(|&name| name.to_owned()).collect();
    let texts: Vec<String> = updates.iter().map(|text| text.to_lowercase()).collect();
    let mut all_clear = AllClear::new(&incident, &texts);
    texts.iter().map(|text| all_clear.read(text)).collect()
}

#[test]
fn statements_that_everything_is_normal_are_recognised() {
    for text in [
        "All services have been restored manually to working order.",
        "Latency has returned to normal levels. The backlog that built up has been cleared.",
        "Logins were delayed. Everything is back to normal.",
        "We can confirm full recovery.",
        "The site is back online.",
        "Everything is back to normal, but we keep watching.",
        "Full service has resumed.",
        "Normal service was restored at 14:39.",
        "Full functionality is restored for all users.",
        "Service has resumed, and we keep watching.",
        "Services have now been restored",
        "Everything works again.",
        "everything is working again",
        "All systems are up and running.",
        "We are back up.",
        "The site is up again.",
        "We have seen a full recovery of the queue.",
        "All affected services have recovered.",
        "The cluster is back to full capacity.",
    ] {
        assert!(may_say_normal(&text.to_lowercase()), "{text}");
        assert_eq!(says(&[], &[text]), [Statement::AllNormal], "{text}");
    }
}

#[test]
fn hopes_and_partial_recoveries_are_not_all_clear() {
    for text in [
        "We are monitoring to confirm full recovery.",
        "We are watching to confirm that the files are functioning normally for some.",
        "The runners are coming back online and process queued jobs.",
        "Work goes on to bring the full capacity back online.",
        "The majority of services have fully recovered.",
        "Our systems remain fully operational while the vendor works on it.",
        "All services are still operating normally.",
        "Search has fully recovered but Mail is still experiencing delays.",
        "Speeds have returned to normal. There is a backlog that we work through.",
        "Search has fully recovered. We work on the remaining services.",
        "All services except Mail are operating normally.",
        "All services are operating normally, apart from Mail.",
        "Logins are working normally for customers in one region only, apart from Mail.",
        "Mail is working normally for Plus plans.",
        "We check whether everything is back to normal.",
        "We continue to monitor and confirm full recovery.",
        "Full service has not resumed.",
        "Full service will be restored by noon.",
        "Several services have recovered.",
        "Service has been restored in one region.",
        "Access was restored from a backup.",
        "Once everything works again, we will write.",
        "We hope that everything works again soon.",
        "The import resumed, and then it failed again.",
        "We are running the migration again.",
        "Not all systems are working again.",
        "All jobs are running again except the reports.",
    ] {
        assert_eq!(says(&[], &[text]), [Statement::Other], "{text}");
    }
}

#[test]
fn components_named_only_in_updates_count_as_components() {
    let updates = [
        "Search and Mail are experiencing degraded performance. We look into it.",
        "Mail is operating normally.",
        "Mail is experiencing degraded availability.",
        "Search is operating normally.",
        "Mail is operating normally.",
    ];
    let expected = [
        Statement::Other,
        Statement::Other,
        Statement::Relapse,
        Statement::Other,
        Statement::AllNormal,
    ];
    assert_eq!(says(&[], &updates), expected);
    assert_eq!(says(&["Mail"], &updates), expected, "the list of services lacks one");
    assert_eq!(
        says(&[], &["Search is operating normally."]),
        [Statement::AllNormal],
        "the only one that is named"
    );
    let unlisted =
        ["Search is operating normally.", "Search recovered, Mail is still experiencing delays."];
    assert_eq!(says(&["Search"], &unlisted), [Statement::Other, Statement::Relapse]);
    let listed = ["Search, Mail and Files are operating normally.", "Pages is operating normally."];
    assert_eq!(says(&[], &listed), [Statement::Other, Statement::AllNormal]);
}
