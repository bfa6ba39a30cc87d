//! Ansible Tower and AWX: jobs, from notifications and the API
//! (<https://docs.ansible.com/automation-controller/latest/html/userguide/notifications.html>).

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::sources::source::WrittenFrom;

pub(in crate::sources) static ANSIBLE: ObjectChanges = ObjectChanges {
    id: "ansible-jobs",
    about: "Ansible Tower and AWX: jobs (notifications, API)",
    written_from: WrittenFrom::Captures,
    lists: &["results"],
    is_record: |head| {
        head.has(&["playbook", "started", "status"])
            || head.has(&["friendly_name", "started", "status"])
    },
    read,
};

fn read(job: Node<'_>, changes: &mut Changes<'_>) {
    let at = changes.time(job, &["started", "created"]);
    let end = changes.time(job, &["finished"]);
    let failed: Vec<&str> = job
        .entries("hosts")
        .filter(|(_, host)| host.is_true("failed"))
        .map(|(name, _)| name)
        .collect();
    let failed = (!failed.is_empty()).then(|| format!("Failed on {}", failed.join(", ")));
    let status = text(job, &["status"]);
    changes.add(Change {
        id: text(job, &["id"]).map(|id| format!("{id}-{}", status.as_deref().unwrap_or_default())),
        at,
        end,
        what: text(job, &["name", "playbook"]).unwrap_or_else(|| "A job".to_owned()),
        verb: "ran",
        to: text(job, &["inventory", "summary_fields.inventory.name"]),
        result: status,
        details: failed.or_else(|| text(job, &["playbook"])),
        by: text(job, &["created_by", "summary_fields.created_by.username"])
            .filter(|who| who != "None"),
        ..Change::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn failed_hosts_are_listed() {
        let text = r#"{"id": 2722, "status": "failed", "name": "Updates", "started": "2026-03-01T09:58:00.276217+00:00", "finished": "2026-03-01T09:59:00+00:00", "friendly_name": "Job",
            "created_by": "ana", "inventory": "Production", "playbook": "update.yml", "hosts": {"web-1": {"failed": true}, "web-2": {"failed": false}}}"#;
        assert!(sniffs(&ANSIBLE, text));
        insta::assert_snapshot!(read(&ANSIBLE, text), @"2026-03-01T09:58:00.276217Z–2026-03-01T09:59:00Z deploy [ana] **Updates** ran in Production: failed ¶ Failed on web-1");
    }
}
