//! Heroku: releases from the API and from webhooks (JSON), and the deploy hook (form data without a
//! time).
//!
//! <https://devcenter.heroku.com/articles/app-webhooks>,
//! <https://devcenter.heroku.com/articles/deploy-hooks>.

use super::kit::{Change, Changes, Node, ObjectChanges, text};
use crate::diag::Warned;
use crate::sources::input::Input;
use crate::sources::reader::{About, Reader, Text};
use crate::sources::record::Record;
use crate::sources::source::{ReadError, Verdict, WrittenFrom};
use crate::sources::warnings::Warnings;

/// The reader of the API and of webhooks.
pub(in crate::sources) static HEROKU: ObjectChanges = ObjectChanges {
    id: "heroku-releases",
    about: "Heroku: releases (API, webhooks)",
    written_from: WrittenFrom::Documentation,
    lists: &[],
    is_record: |head| {
        head.has(&["app.name", "version", "created_at", "status"]) && head.has(&["slug"])
            || head.has(&["data.app.name", "data.version", "resource"])
            || head.has(&["data.app.name", "data.status", "resource"])
    },
    read,
};

fn read(record: Node<'_>, changes: &mut Changes<'_>) {
    let release = if record.at("data").is_there() { record.at("data") } else { record };
    let at = changes.time(release, &["created_at"]);
    let status = text(release, &["status"]);
    changes.add(Change {
        id: text(release, &["id"])
            .map(|id| format!("{id}-{}", status.as_deref().unwrap_or_default())),
        at,
        what: text(release, &["app.name"]).unwrap_or_else(|| "An application".to_owned()),
        verb: "was released",
        version: text(release, &["version"])
            .map(|version| format!("v{}", version.trim_start_matches('v'))),
        result: status,
        details: text(release, &["description"]),
        by: text(release, &["user.email"]),
        ..Change::default()
    });
}

/// The reader of the deploy hook.
pub(crate) struct HerokuHook;

impl Reader for HerokuHook {
    fn about(&self) -> About {
        About {
            id: "heroku-deploy-hook",
            about: "Heroku: the form of a deploy hook",
            written_from: WrittenFrom::Captures,
        }
    }

    fn sniff(&self, _: &Input, head: &str) -> Verdict {
        let first = head.trim_start().lines().next().unwrap_or_default();
        let has = |name: &str| first.split('&').any(|pair| pair.starts_with(name));
        match has("app=") && has("head=") && (has("release=") || has("head_long=")) {
            true => Verdict::Yes,
            false => Verdict::No("not a form of a deploy hook"),
        }
    }

    fn read<'a>(
        &self,
        input: Text<'a>,
        warnings: Warnings<'a>,
    ) -> Result<Warned<Vec<Record>>, ReadError> {
        let mut changes = Changes::new(warnings);
        for line in input.body().lines().filter(|line| !line.trim().is_empty()) {
            changes.intake().next(line);
            let pairs: Vec<(String, String)> =
                url::form_urlencoded::parse(line.trim().as_bytes()).into_owned().collect();
            let of = |name: &str| {
                pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
            };
            let at = of("deployed_at").or_else(|| of("created_at"));
            let at = at.and_then(|at| changes.intake().written(&at, "deployed_at", None));
            changes.add(Change {
                id: of("app").zip(of("release")).map(|(app, release)| format!("{app}-{release}")),
                at,
                what: of("app").unwrap_or_else(|| "An application".to_owned()),
                verb: "was deployed",
                version: of("release").or_else(|| of("head_long")).or_else(|| of("head")),
                details: of("git_log"),
                by: of("user"),
                ..Change::default()
            });
        }
        changes.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::changes::kit::testing::{read, sniffs};

    #[test]
    fn hook_is_undated_and_release_is_dated() {
        let hook = "app=shop&app_uuid=f4&user=ana%40example.com&head=3eb5f44&head_long=3eb5f447&git_log=%20%20*%20Ana%3A%20Bigger%20pool&release=v9";
        assert!(sniffs(&HerokuHook, hook));
        insta::assert_snapshot!(read(&HerokuHook, hook), @r"
        ? deploy [ana@example.com] **shop** was deployed (`v9`) ¶ \* Ana: Bigger pool
        x:1:1: warning: this record has no time that can be read; it is in the timeline without one
        ");
        let releases = r#"[{"id": "r1", "version": 9, "status": "succeeded", "created_at": "2026-03-01T09:58:00Z", "description": "Deploy 3eb5f44", "app": {"name": "shop"}, "slug": {"id": "s"}, "user": {"email": "ana@example.com"}}]"#;
        assert!(sniffs(&HEROKU, releases));
        insta::assert_snapshot!(read(&HEROKU, releases), @"2026-03-01T09:58:00Z deploy [ana@example.com] **shop** was released: succeeded (`v9`) ¶ Deploy 3eb5f44");
    }
}
