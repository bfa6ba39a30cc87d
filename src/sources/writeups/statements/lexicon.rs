//! The word families that tell what a line of a timeline says has happened.
//!
//! A word is in one family. What is in none is a plain word (`w`), and articles and the adverbs that
//! change nothing are left out, so that a rule sees `The issue has now been resolved` as `P is RESOLVED`.
//! Only finished forms are in the families of verbs: `restoring` and `to restore` end nothing.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The families: a name, and its words in lower case.
const FAMILIES: &[(&str, &str)] = &[
    (
        "P",
        "incident incidents outage outages issue issues problem problems disruption interruption downtime degradation fault impact trouble troubles",
    ),
    ("TICKET", "ticket tickets"),
    ("SEV", "sev sev0 sev1 sev2 sev3 sev4 p0 p1 p2 major"),
    // What fails, as a verb or as a state.
    (
        "FAIL",
        "fail fails failed failing crashes crashed crashing down unavailable unreachable inaccessible offline unresponsive broken breaks broke stalled stalls stall hang hangs hung hanging freeze freezes froze degraded degrade degrades unusable unhealthy erroring rebooting crashlooping crash-looping",
    ),
    // The same as a noun: `server errors` alone is only something that somebody talks about.
    (
        "ERR",
        "failure failures error errors crash timeouts timeout crashloop 403 404 500 502 503 504 5xx 500s 502s 503s 504s",
    ),
    ("EXPIRE", "expires expired"),
    // What is wrong with the thing that is the cause.
    (
        "CULPRIT",
        "misconfigured exhausted corrupt corrupted overloaded incorrect invalid deleted revoked leaking responsible",
    ),
    // A symptom, or what is wrong: the words around it decide.
    ("WRONG", "missing wrong"),
    // A fault with a name: who finds one has found the cause.
    ("BUG", "bug leak regression typo misconfiguration deadlock"),
    // What users and services go through.
    (
        "EXPERIENCE",
        "experience experiences experienced experiencing suffer suffers suffered suffering",
    ),
    ("SEE", "see sees saw seeing"),
    // What was not so before is so now.
    ("BECOME", "became becomes become"),
    ("FALL", "drop drops dropped decline declines declined decrease decreases decreased"),
    ("MAKE", "causes caused leads led results resulted"),
    // `The requests causing the issue` are only named; a clause that begins so says what came of it.
    ("MAKING", "causing leading resulting"),
    ("MADE", "makes made"),
    ("ALERT", "alert alerts alarm alarms pager"),
    ("MONITOR", "monitor monitors monitoring check checks probe probes"),
    // Programs that watch: what they do is the same.
    (
        "TOOL",
        "pagerduty opsgenie victorops datadog nagios icinga zabbix grafana prometheus alertmanager pingdom sentry uptimerobot statuscake cloudwatch nms synthetics watchdog healthcheck healthchecks sensor sensors telemetry",
    ),
    ("NOTE", "notification notifications announcement statement email emails e-mail mailing"),
    (
        "FIRE",
        "fire fires fired firing trigger triggers triggered sound sounded sounds arrives arrived arrive",
    ),
    ("RECEIVE", "receive receives received get send sends sent sending submitted filed"),
    ("PAGED", "paged pages alerted"),
    (
        "NOTICE",
        "notice notices noticed detect detects detected observe observes observed spot spots spotted aware learned",
    ),
    // Who discovers a failure has detected it, and who discovers what is wrong has found the cause.
    ("DISCOVER", "discover discovers discovered"),
    ("DETECTION", "detection discovery"),
    ("HEAR", "hear hears heard"),
    ("CALL", "call calls called calling"),
    ("FIND", "find finds found finding findings"),
    (
        "REPORT",
        "report reports reported reporting complain complains complained complaining complaints complaint",
    ),
    // One who responds; a team may be any team.
    (
        "ENG",
        "engineer engineers on-call oncall operator operators responder responders sre sres we i",
    ),
    ("TEAM", "team teams staff developer developers admin admins ops commander"),
    (
        "USER",
        "user users customer customers client clients community subscribers end-user end-users people player players merchant merchants student students teacher teachers member members visitor visitors viewer viewers listener listeners passengers patients shoppers buyers sellers tenants citizens validators colleagues employees",
    ),
    ("ACK", "acknowledge acknowledges acknowledged acknowledging acked acks"),
    (
        "INVESTIGATE",
        "investigate investigates investigated investigating investigation investigations",
    ),
    ("DECLARE", "declare declares declared"),
    ("MARKED", "mark marks marked"),
    ("OPEN", "raise raises raised open opens opened created"),
    (
        "TELL",
        "notify notifies notified inform informs informed tell tells told announce announces announced post posts posted tweet tweets tweeted update updates updated publish publishes published",
    ),
    ("CHANNEL", "statuspage twitter"),
    ("CAUSE", "cause culprit reason"),
    (
        "DETERMINE",
        "determine determines determined confirm confirms confirmed establish establishes established uncovered",
    ),
    ("TRACED", "traced"),
    (
        "GRASP",
        "understand understands understood realize realizes realized realise realises realised",
    ),
    (
        "IDENT",
        "identify identifies identified pinpoint pinpoints pinpointed diagnose diagnosed isolated",
    ),
    ("FIXED", "fixed fixes solved solves cured"),
    ("CURE", "mitigation workaround"),
    // What is known or built before it works.
    ("FIX", "fix hotfix solution patch fixing solving resolving mitigating"),
    ("MITIGATED", "mitigate mitigates mitigated"),
    ("PLACED", "placed"),
    ("APPLIED", "applied deployed works worked"),
    ("RESTORED", "restored restores recovered recovers repaired resumed resumes"),
    ("RECOVERY", "recovery restoration"),
    ("RESTORING", "restoring"),
    ("NORMAL", "normal operational healthy online available functional"),
    ("RESOLVED", "resolved resolves closed closes"),
    ("RESOLUTION", "resolution"),
    ("OVER", "over"),
    ("BACK", "back"),
    ("STOP", "stop stops stopped cease ceases ceased subside subsides subsided cleared clears"),
    (
        "RISE",
        "rise rises rose increase increases increased spike spikes spiked climb climbs climbed jump jumps jumped elevated heightened",
    ),
    ("RATE", "rate rates level levels latency"),
    ("CONTACT", "contact contacts contacted"),
    // What a message is about, or from whom.
    ("RE", "from about regarding indicating saying"),
    ("END", "end ends ended"),
    ("BEGIN", "begin begins began start starts started beginning onset occurs occurred"),
    (
        "WHOLE",
        "all everything everyone everybody fully full completely complete entirely entire whole every total permanently",
    ),
    ("FIRST", "first initial"),
    ("ORD", "second third fourth fifth another incoming"),
    (
        "PART",
        "some partial partially partly part parts half most mostly several one two three four five single temporarily temporary few many majority only except",
    ),
    (
        "SVC",
        "service services site website sites system systems platform api apis application applications app traffic functionality connectivity access operations production",
    ),
    // What a service runs on. It fails as a service does, and its repair alone is no end.
    (
        "COMP",
        "cluster clusters server servers database databases network datacenter datacentre instance instances node nodes host hosts router routers balancer balancers",
    ),
    ("US", "us"),
    ("it", "it they them"),
    ("is", "is are was were be been got gets 's"),
    ("to", "to"),
    ("AFFECT", "affect affects affected affecting impacts impacted impacting limited"),
    // Another incident, or somebody else's part in it.
    (
        "OTHER",
        "previous prior earlier ago preceding yesterday yesterday's unrelated similar duplicate vendor vendors vendor's provider provider's upstream supplier supplier's staging template",
    ),
    // It came back.
    (
        "RELAPSE",
        "returned returns returning reopened reopens recurred recurs reoccurred relapsed reappeared reverted worsened",
    ),
    // What turns a statement round, or says that it is not over.
    (
        "NOT",
        "not never no without cannot still unable nothing nobody neither yet unresolved undetected persists remains",
    ),
    // What puts a statement off, makes it depend on another, or leaves it open.
    (
        "IF",
        "will would should shall may might could can if until unless once before whether when after while since going plan plans planned expect expects expected hope hoped try tries tried trying attempt attempts attempted attempting aim want wants decide decided decides need needs thought think believe believes believed appear appears appeared seem seems seemed suspect suspects suspected assume assumed possible possibly potential potentially likely probably maybe perhaps later eta why how being getting draft drafts drafted",
    ),
    // What changes nothing.
    (
        "",
        "the a an this that these those our your its their his her of for has have had now finally officially again also then immediately quickly successfully automatically shortly just very and",
    ),
];

/// Several words that are one.
const PHRASES: &[(&str, &str)] = &[
    // What follows is an attribute, and turns nothing round: `issue with no traffic detected`.
    ("with no", "w"),
    ("root cause", "CAUSE"),
    ("what happened", "CAUSE"),
    ("what went wrong", "CAUSE"),
    ("health check", "TOOL"),
    ("health checks", "TOOL"),
    ("memory leak", "BUG"),
    ("bug report", "REPORT"),
    ("bug reports", "REPORT"),
    // Who identifies the extent of a failure has not found what causes it.
    ("status of", "ASPECT"),
    ("state of", "ASPECT"),
    ("scope of", "ASPECT"),
    ("extent of", "ASPECT"),
    ("root causes", "CAUSE"),
    ("status page", "CHANNEL"),
    ("status pages", "CHANNEL"),
    ("status site", "CHANNEL"),
    ("status update", "CHANNEL"),
    ("status message", "CHANNEL"),
    ("all clear", "RESOLVED"),
    ("come back up", "NORMAL"),
    ("available again", "NORMAL"),
    ("accessible again", "NORMAL"),
    ("reachable again", "NORMAL"),
    ("running again", "NORMAL"),
    ("working normally", "NORMAL"),
    ("running normally", "NORMAL"),
    ("operating normally", "NORMAL"),
    ("functioning normally", "NORMAL"),
    ("return to normal", "NORMAL"),
    ("normal operation", "NORMAL"),
    ("normal operations", "NORMAL"),
    ("back to normal", "NORMAL"),
    ("returned to normal", "NORMAL"),
    ("returns to normal", "NORMAL"),
    ("back up", "NORMAL"),
    ("back online", "NORMAL"),
    ("back in service", "NORMAL"),
    ("up and running", "NORMAL"),
    ("up again", "NORMAL"),
    ("works again", "NORMAL"),
    ("working again", "NORMAL"),
    ("as expected", "NORMAL"),
    ("as intended", "NORMAL"),
    ("as normal", "NORMAL"),
    ("back to baseline", "NORMAL"),
    ("return to baseline", "NORMAL"),
    ("returned to baseline", "NORMAL"),
    ("returns to baseline", "NORMAL"),
    ("came back", "NORMAL"),
    ("went off", "FIRE"),
    ("goes off", "FIRE"),
    ("go off", "FIRE"),
    ("went out", "OUT"),
    ("goes out", "OUT"),
    ("found out", "LEARN"),
    ("finds out", "LEARN"),
    ("find out", "LEARN"),
    ("worked out", "GRASP"),
    ("works out", "GRASP"),
    ("work out", "GRASP"),
    ("figured out", "GRASP"),
    ("figures out", "GRASP"),
    ("figure out", "GRASP"),
    ("picks up the page", "ACK"),
    ("picked up the page", "ACK"),
    ("picks up the ticket", "ACK"),
    ("picked up the ticket", "ACK"),
    ("picks up the alert", "ACK"),
    ("picked up the alert", "ACK"),
    ("picks up", "PICK"),
    ("picked up", "PICK"),
    ("takes the ticket", "ACK"),
    ("takes the page", "ACK"),
    ("took the ticket", "ACK"),
    ("took the page", "ACK"),
    ("acks the page", "ACK"),
    ("acked the page", "ACK"),
    ("acks page", "ACK"),
    ("coming in", "FIRE"),
    ("came in", "FIRE"),
    ("come in", "FIRE"),
    ("comes in", "FIRE"),
    ("in place", "APPLIED"),
    ("at least", "PART"),
    // What ends a service's working, whatever its name is.
    ("lost power", "DIES"),
    ("loses power", "DIES"),
    ("lost connectivity", "DIES"),
    ("lost access", "DIES"),
    ("lost connection", "DIES"),
    ("dropped to zero", "DIES"),
    ("took down", "FELLED"),
    ("takes down", "FELLED"),
    ("brought down", "FELLED"),
    ("knocked out", "FELLED"),
    ("knocked offline", "FELLED"),
    ("took offline", "FELLED"),
    ("data center", "COMP"),
    ("data centre", "COMP"),
    ("acknowledges page", "ACK"),
    ("acknowledged page", "ACK"),
    ("acknowledges the page", "ACK"),
    ("acknowledged the page", "ACK"),
    ("something is wrong", "P"),
    ("something was wrong", "P"),
    ("loss of", "P"),
    // Somebody else's page, not ours.
    ("their status page", "OTHER"),
    ("going down", "DIES"),
    ("goes down", "DIES"),
    ("went down", "DIES"),
    ("goes offline", "DIES"),
    ("went offline", "DIES"),
    ("stopped working", "DIES"),
    ("stops working", "DIES"),
    ("stopped responding", "DIES"),
    ("stops responding", "DIES"),
    ("stopped serving", "DIES"),
    ("stopped processing", "DIES"),
    ("stopped accepting", "DIES"),
    ("started failing", "DIES"),
    ("starts failing", "DIES"),
    ("start failing", "DIES"),
    ("began failing", "DIES"),
    ("not working", "CANNOT"),
    ("not responding", "CANNOT"),
    ("not accessible", "CANNOT"),
    ("not available", "CANNOT"),
    ("not reachable", "CANNOT"),
    ("not loading", "CANNOT"),
    ("unable to", "CANNOT"),
    ("not able to", "CANNOT"),
    ("could not", "CANNOT"),
    ("cannot access", "CANNOT"),
    ("can not access", "CANNOT"),
    ("timed out", "FAIL"),
    ("time out", "FAIL"),
    ("times out", "FAIL"),
    ("timing out", "FAIL"),
    ("reported by", "REPORT"),
    ("pagerduty alert", "ALERT"),
    ("pagerduty alerts", "ALERT"),
    ("on call", "ENG"),
    ("look into", "INVESTIGATE"),
    ("looking into", "INVESTIGATE"),
    ("looked into", "INVESTIGATE"),
];

/// The words of phrases with their families, in their order.
type Phrases = Vec<(Vec<&'static str>, &'static str)>;

/// The phrases by their first words.
static BY_FIRST_WORD: LazyLock<HashMap<&'static str, Phrases>> = LazyLock::new(|| {
    let mut found: HashMap<&'static str, Phrases> = HashMap::new();
    for (phrase, family) in PHRASES {
        let words: Vec<&str> = phrase.split(' ').collect();
        found.entry(words[0]).or_default().push((words, family));
    }
    found
});

/// The family of each word; the empty one is left out of a clause.
static WORDS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let of_family = |(family, words): &(&'static str, &'static str)| {
        let family = *family;
        words.split(' ').map(move |word| (word, family)).collect::<Vec<_>>()
    };
    // A word that is in two families by mistake would depend on their order: the first counts.
    let mut found = HashMap::new();
    for (word, family) in FAMILIES.iter().flat_map(of_family) {
        found.entry(word).or_insert(family);
    }
    found
});

/// A word of a clause with its family; plain ones have `w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    /// Where it begins in the clause.
    pub(super) start: usize,
    pub(super) family: &'static str,
}

/// The words of a clause that count.
pub(super) fn words(clause: &str) -> Vec<Word<'_>> {
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '%' | '/');
    let all: Vec<&str> =
        clause.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty()).collect();
    let lower: Vec<String> = all.iter().map(|word| word.to_lowercase().replace('’', "'")).collect();
    let (mut found, mut at) = (Vec::with_capacity(all.len()), 0);
    while at < all.len() {
        let rest = lower[at..].iter().map(String::as_str).take(4).collect::<Vec<_>>();
        let phrase = BY_FIRST_WORD
            .get(lower[at].as_str())
            .and_then(|phrases| phrases.iter().find(|(phrase, _)| rest.starts_with(phrase)));
        let (length, family) = match phrase {
            Some((phrase, family)) => (phrase.len(), *family),
            None if is_status_site(&lower[at], all[at], clause) => (1, "CHANNEL"),
            None if is_amount(&lower[at..]) => (1, "w"),
            None if is_length_after(&lower[at..]) => (1, ""),
            None if let Some(length) = return_to_normal(&lower[at..]) => (length, "NORMAL"),
            None if lower[at] == "able" && lower[at..].iter().any(|word| word == "again") => {
                (1, "REGAIN")
            }
            None => (1, family(&lower[at])),
        };
        if !family.is_empty() {
            let start = all[at].as_ptr() as usize - clause.as_ptr() as usize;
            let last = all[at + length - 1];
            let end = last.as_ptr() as usize - clause.as_ptr() as usize + last.len();
            found.push(Word { text: &clause[start..end], start, family });
        }
        at += length;
    }
    found
}

/// Whether a number that could be the code of an answer counts something: `500 GB`, `503 requests`. A code
/// is followed by a word for it, by a small word or by nothing.
fn is_amount(words: &[String]) -> bool {
    const AFTER_CODE: [&str; 20] = [
        "error",
        "errors",
        "status",
        "response",
        "responses",
        "code",
        "codes",
        "http",
        "on",
        "for",
        "from",
        "to",
        "in",
        "at",
        "when",
        "and",
        "or",
        "is",
        "are",
        "was",
    ];
    let is_code = words[0].len() == 3 && words[0].chars().all(|c| c.is_ascii_digit());
    is_code && words.get(1).is_some_and(|next| !AFTER_CODE.contains(&next.as_str()))
}

/// How many words say that something works again: `returned to a functional state`, `returns to service`.
fn return_to_normal(words: &[String]) -> Option<usize> {
    let [first, to, rest @ ..] = words else { return None };
    if !matches!(first.as_str(), "return" | "returns" | "returned") || to != "to" {
        return None;
    }
    let is_normal = |word: &String| {
        family(word) == "NORMAL" || matches!(word.as_str(), "service" | "operation")
    };
    let at = rest.iter().take(3).position(is_normal)?;
    let is_state = rest.get(at + 1).is_some_and(|word| word == "state");
    Some(3 + at + usize::from(is_state))
}

/// Whether `after` says how long something took, and not what has to come first: `after 43 minutes`.
fn is_length_after(words: &[String]) -> bool {
    words[0] == "after"
        && words.get(1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a word begins the address of a status page: `status.example.com`.
fn is_status_site(lower: &str, word: &str, clause: &str) -> bool {
    let end = word.as_ptr() as usize - clause.as_ptr() as usize + word.len();
    lower == "status"
        && clause[end..]
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}

fn family(word: &str) -> &'static str {
    let word = word.trim_matches('\'');
    if word.ends_with("n't") {
        return "NOT";
    }
    if word.contains('%') {
        return "PART";
    }
    WORDS.get(word).or_else(|| WORDS.get(word.trim_end_matches("'s"))).copied().unwrap_or("w")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_in_one_family() {
        let all: Vec<(&str, &str)> = FAMILIES
            .iter()
            .flat_map(|(family, words)| words.split(' ').map(move |word| (word, *family)))
            .collect();
        for (word, family) in &all {
            let others: Vec<_> =
                all.iter().filter(|(other, _)| other == word).map(|(_, family)| *family).collect();
            assert_eq!(others, [*family], "{word}");
        }
    }

    #[test]
    fn filler_words_are_ignored() {
        let told = |text| words(text).iter().map(|word| word.family).collect::<Vec<_>>().join(" ");
        assert_eq!(told("The issue has now been resolved"), "P is RESOLVED");
        assert_eq!(told("Everything is back to normal"), "WHOLE is NORMAL");
        assert_eq!(told("It didn't work for 20% of users"), "it NOT w PART USER");
    }
}
