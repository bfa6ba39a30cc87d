//! Jenkins: builds from the API, and webhooks of its notification plugin.
//!
//! <https://www.jenkins.io/doc/book/using/remote-access-api/>. `timestamp` is the start in
//! milliseconds since 1970, `duration` is in milliseconds.

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static JENKINS: ObjectChanges = ObjectChanges {
    id: "jenkins-builds",
    about: "Jenkins: builds (API), notification webhooks",
    written_from: WrittenFrom::Captures,
    lists: &["builds", "allBuilds"],
    is_record: |head| {
        head.has(&["number", "timestamp", "duration", "result"])
            || head.has(&["build.number", "build.phase"])
            || head.has(&["build.full_url", "name"])
    },
    read,
};

fn read(record: Node<'_>, changes: &mut Changes<'_>) {
    let build = if record.at("build").is_there() { record.at("build") } else { record };
    let at = changes.time(build, &["timestamp", "timing.start"]);
    // It is 0 while the build is running.
    let lasted = build
        .number("duration")
        .filter(|length| *length > 0.0)
        .and_then(|length| chrono::TimeDelta::try_milliseconds(length as i64));
    let name =
        text(build, &["fullDisplayName"]).or_else(|| text(record, &["display_name", "name"]));
    let number = text(build, &["number"]).unwrap_or_default();
    let revision =
        build.list("actions").find_map(|action| text(action, &["lastBuiltRevision.SHA1"]));
    let cause = build
        .list("actions")
        .flat_map(|action| action.list("causes"))
        .find_map(|cause| text(cause, &["shortDescription"]));
    let by = build
        .list("actions")
        .flat_map(|action| action.list("causes"))
        .find_map(|cause| text(cause, &["userName", "userId"]));
    let what = name.unwrap_or_else(|| "A job".to_owned());
    let what =
        if what.contains(&format!("#{number}")) { what } else { format!("{what} #{number}") };
    changes.add(Change {
        id: text(build, &["url", "full_url"]).or_else(|| Some(what.clone())),
        at,
        end: at.zip(lasted).and_then(|(at, lasted)| at.shifted(lasted)),
        what,
        verb: "was built",
        version: revision.or_else(|| text(build, &["scm.commit"])),
        result: text(build, &["result", "status", "phase"]),
        details: cause,
        by,
        ..Change::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn build_duration_is_in_milliseconds() {
        let text = r#"{"builds": [{"_class": "x", "number": 31, "timestamp": 1772359200161, "duration": 61000, "result": "SUCCESS", "fullDisplayName": "shop » deploy #31",
            "actions": [{"causes": [{"shortDescription": "Started by user ana", "userName": "ana"}]}, {"lastBuiltRevision": {"SHA1": "0f886c74949c3ee7e489188911c7dc0c1d547418"}}, {}]}]}"#;
        assert!(sniffs(&JENKINS, text));
        insta::assert_snapshot!(read(&JENKINS, text), @"2026-03-01T10:00:00.161Z–2026-03-01T10:01:01.161Z deploy [ana] **shop » deploy #31** was built: success (`0f886c74949c`) ¶ Started by user ana");
    }
}
