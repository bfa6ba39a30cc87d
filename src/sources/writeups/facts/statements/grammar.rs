//! The rules that map sequences of word families to milestones.

use std::sync::LazyLock;

use regex::{Regex, RegexSet, RegexSetBuilder};

use super::families::PLAIN;
use crate::model::milestone::MilestoneName::{
    self, AcknowledgedAt, DeclaredAt, DetectedAt, FirstNoticeAt, IdentifiedAt, ImpactEnd,
    ImpactStart, MitigatedAt, ResolvedAt,
};

/// Whether a rule applies to parts of the incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// It applies to a part as to the whole: an alert about one server is an alert.
    Any,
    /// It only applies to the whole incident: a clause with `some`, `first` or the name of a
    /// component does not state an end.
    Whole,
}

/// A rule over the families of a clause.
pub(super) struct Rule {
    pub(super) name: MilestoneName,
    pub(super) scope: Scope,
    pub(super) pattern: Regex,
}

/// In patterns, `~` is up to three plain words or auxiliaries, `^` and `$` are the ends of a
/// clause. `FAIL` is any word for a failure, and `FAILS` is the same without nouns. `SVC` is a
/// service or the infrastructure below it, and `SITE` only a service.
///
/// The first rule that matches a clause counts: `declared resolved` is not a declaration, and
/// `resolved` is not an identification.
const RULES: &[(MilestoneName, Scope, &[&str])] = &[
    (
        ResolvedAt,
        Scope::Whole,
        &[
            "P ~(?:WHOLE )?RESOLVED",
            "(?:P|TICKET) (?:is )?MARKED (?:w )?(?:WHOLE )?RESOLVED",
            "MARKED P (?:w )?RESOLVED",
            "CHANNEL (?:is )?MARKED (?:w )?(?:to )?RESOLVED",
            "P ~WHOLE FIXED",
            "P is FIXED",
            "TICKET ~RESOLVED",
            "WHOLE is RESOLVED",
            "^(?:is )?(?:WHOLE )?RESOLVED(?: w)?$",
            "^RESOLVED$",
            "DECLARE (?:P )?(?:is )?RESOLVED",
            "ENG RESOLVED P",
            "WHOLE RESOLUTION",
            "^WHOLE RECOVERY",
            "DETERMINE (?:w )?WHOLE RECOVERY",
            "^(?:ENG |TEAM |w )?CLOSE P$",
            "DETERMINE (?:w )?(?:P|BUG) is (?:WHOLE )?RESOLVED",
            "CHANNEL ~(?:TELL )?(?:to )?RESOLVED",
            "^it is (?:WHOLE )?RESOLVED",
            "^(?:P )?RESOLUTION$",
            "^RESOLVED (?:is )?(?:w )?RECEIVE",
        ],
    ),
    (
        ImpactEnd,
        Scope::Whole,
        &[
            "WHOLE ~(?:SVC )?~(?:RESTORED|NORMAL)",
            "SVC ~(?:WHOLE )?(?:RESTORED|NORMAL)",
            "P ~(?:RESTORED|NORMAL)",
            "it (?:is )?(?:WHOLE )(?:RESTORED|NORMAL)",
            "^(?:is )?(?:WHOLE )?(?:NORMAL|RESTORED)$",
            "^(?:SVC )?RECOVERY$",
            "P (?:is )?(?:END|OVER)",
            "^END (?:w |SVC |USER ){0,4}P$",
            "^w P to END$",
            "^(?:WHOLE )?(?:SVC )?RECOVERY (?:is )?DETERMINE",
            "^SVC (?:to )?(?:WHOLE )(?:w ){0,3}(?:is )?NORMAL",
            "^(?:w )?FAIL (?:RATE )?(?:is )?(?:WHOLE )?(?:NORMAL|END|STOP)",
            "(?:^|SVC )RECOVERY (?:is )?WHOLE",
            "(?:WHOLE|SVC|it) (?:w )?is BACK",
            "^RATE (?:is )?(?:WHOLE )?NORMAL",
            // `We restored the service`, `We got the site back online`.
            "(?:ENG|TEAM) (?:w |WHOLE ){0,2}RESTORED (?:w |WHOLE ){0,2}SITE",
            "(?:ENG|TEAM) (?:w |is )(?:w ){0,2}(?:it|SVC) NORMAL",
            "USER (?:is |w ){0,2}REGAIN",
            "^it NORMAL$",
            "^NORMAL (?:is )?SEE$",
            "^RESTORING (?:w |WHOLE ){0,2}SITE",
            "SVC (?:is |w ){0,2}DETERMINE (?:to )?(?:is )?(?:WHOLE )?(?:NORMAL|RESTORED)",
        ],
    ),
    // Opening an incident on a status page informs users; it is not a declaration within the team.
    (
        FirstNoticeAt,
        Scope::Any,
        &[
            "CHANNEL (?:w ){0,2}(?:P )?(?:is )?(?:TELL|OPEN)",
            "^NOTICE (?:is )?(?:PLACED|TELL|RECEIVE)",
            "USER NOTE (?:is )?(?:RECEIVE|TELL)",
            "NOTE (?:is )?RECEIVE to (?:WHOLE )?(?:w )?USER",
            "FIRST CHANNEL",
            "(?:TELL|OPEN) (?:w |P ){0,3}(?:to )?CHANNEL",
            "(?:FAIL|PART) (?:w )?(?:is )?DECLARE (?:w )?CHANNEL",
            "CHANNEL (?:is )?(?:w |MARKED ){1,2}to (?:INVESTIGATE|P|FAIL|PART|w)",
            "^(?:ENG |TEAM ){0,2}TELL (?:w |P |RE |FAIL ){0,4}FORUM",
            "TWEET RE (?:w )?(?:P|FAIL|SVC)",
            "^(?:FIRST |w |P |NOTE ){0,4}TWEET (?:is )?(?:RECEIVE|TELL)",
            "NOTE (?:is )?(?:RECEIVE|MADE|TELL) to (?:WHOLE )?(?:w |AFFECT ){0,2}USER",
            "FIRST (?:w )?NOTE to (?:WHOLE )?(?:w |AFFECT ){0,2}USER",
            "PUBLIC NOTE (?:is )?(?:RECEIVE|MADE|TELL)",
            "^FIRST PUBLIC (?:NOTE|TELL)",
            "^(?:w )?BANNER (?:is )?(?:PLACED|TELL)",
            "^(?:w |SUPPORT |TEAM |ENG )POST (?:w |NOTICE |NOTE ){0,3}USER",
        ],
    ),
    (
        DeclaredAt,
        Scope::Any,
        &[
            "P (?:is )?(?:DECLARE|OPEN)",
            "DECLARE (?:SEV )?(?:w )?P",
            "SEV (?:w )?(?:TICKET|P) (?:is )?(?:OPEN|DECLARE)",
            "OPEN SEV (?:w )?(?:P|TICKET)",
            "DECLARE SEV",
            "SEV (?:w )?(?:is )?DECLARE",
            "SEV (?:w )?P (?:is )?CALL",
            "CALL SEV (?:w )?P",
            "OPEN (?:w )?SEV$",
            "^(?:ENG |TEAM |w )OPEN P$",
            "SEV P w (?:is )?CALL",
            "^SEV (?:is )?OPEN",
            "ESCALATED (?:w |P )?to (?:w )?SEV",
            "^(?:w )?ROOM (?:is )?OPEN",
            "^(?:ENG |TEAM |w )?OPEN (?:w )?ROOM",
        ],
    ),
    (
        AcknowledgedAt,
        Scope::Any,
        &[
            "(?:ALERT|PAGED|P) (?:is )?ACK",
            "ENG ACK (?:w )?(?:P|ALERT|REPORT)",
            "ACK ALERT",
            "^ACK (?:P|ALERT)",
            "^ACK$",
            "^ACK w (?:ENG|TEAM)",
            "(?:ENG|TEAM) (?:w )?ACK$",
            "^(?:w ){1,2}ACK$",
            "(?:ENG|TEAM) (?:w )?ACK (?:w )?(?:PAGED|ALERT|page)",
            // Starting to investigate is an acknowledgement.
            "(?:ENG|TEAM) BEGIN (?:to )?(?:w )?INVESTIGATE",
            "^(?:w ){0,2}BEGIN (?:to )?(?:w )?INVESTIGATE$",
            "^(?:w ){1,4}BEGIN (?:to )?INVESTIGATE",
            "^(?:w )?INVESTIGATE BEGIN$",
            "^RESPONSE BEGIN$",
            "^ACK w w$",
            "^(?:w ){1,2}ACK (?:w )?(?:ALERT|PAGED)",
        ],
    ),
    (
        IdentifiedAt,
        Scope::Any,
        &[
            "CAUSE ~(?:IDENT|FIND|NOTICE|DETERMINE|TRACED|GRASP)",
            "(?:ENG|TEAM) (?:GRASP|LEARN) (?:w |SVC |is ){0,6}(?:CAUSE|BUG|CULPRIT|EXPIRE)",
            "^(?:w )?BUG (?:is )?(?:FIND|IDENT|DETERMINE|TRACED)",
            "(?:ENG|TEAM|w) (?:FIND|IDENT|DISCOVER|DETERMINE) (?:w )?BUG",
            "^(?:w |TEAM |ENG ){1,3}IDENT (?:w ){1,3}(?:CAUSE|BUG)",
            "^(?:w |ENG |TEAM ){0,3}DISCOVER (?:w |SVC |it |to ){1,7}(?:is )?(?:w )?(?:CULPRIT|EXPIRE)",
            "(?:IDENT|FIND|NOTICE|DETERMINE) (?:w |to |is ){0,3}CAUSE",
            "P (?:w ){1,3}is IDENT",
            "(?:ENG|TEAM) DETERMINE (?:w )?P is",
            "(?:P|FAIL) (?:is )?TRACED",
            "^(?:ENG |TEAM |w )?TRACED (?:w )?(?:P |FAIL |it )?to",
            "FAULTY (?:w ){1,2}(?:is )?(?:IDENT|FIND|TRACED)",
            "(?:IDENT|FIND|TRACED) FAULTY w$",
            "IDENT (?:w )?P AS",
            "IDENT (?:w )?(?:P|FAIL) to",
            "(?:P|CAUSE) PROVED",
            "(?:FIND|DETERMINE|IDENT|GRASP) (?:w ){1,4}MAKE (?:it|P|FAIL)",
            "^INVESTIGATE REVEAL (?:w ){0,2}(?:EXPIRE|FAULTY|BUG|CULPRIT|WRONG|P)",
            "REVEAL (?:w |SVC ){1,5}is CULPRIT",
            "REVEAL (?:w |to |is ){0,3}CAUSE",
            "(?:FIND|DETERMINE) (?:w |COMP ){1,4}is WHOLE$",
            "it GRASP (?:w |SVC |is ){0,6}(?:CAUSE|BUG|CULPRIT|EXPIRE)",
            "^IDENT$",
            "P (?:is )?IDENT",
            "^(?:TEAM |ENG )?IDENT (?:OTHER )?w",
            "^(?:TEAM |ENG )?IDENT (?:w )?BUG",
            "ENG (?:w )?IDENT w",
            "IDENT P is",
            // `Found that the record was missing`.
            "^(?:w |ENG |TEAM ){0,3}(?:FIND|DETERMINE|IDENT) (?:w |SVC |is |it |to |RATE ){1,7}(?:CULPRIT|WRONG|EXPIRE)",
        ],
    ),
    (
        DetectedAt,
        Scope::Any,
        &[
            "^(?:P )?DETECTION$",
            "P ~(?:w |SVC |FAIL |FIRST ){0,3}NOTICE",
            "(?:TEAM|ENG|SUPPORT) is TELL",
            "MONITOR (?:w |SVC ){0,3}to ALERT",
            "^(?:ORD|FIRST) NOTICE",
            "^NOTICE$",
            "^(?:w |TEAM |ENG |USER |ORD |FIRST ){0,4}NOTICE (?:w |SVC |USER |FAIL |is ){0,5}(?:P|FAIL|RISE|FALL|ODD)",
            "^(?:ENG|TEAM) (?:w )?(?:SEE|BEGIN to SEE|BEGIN SEE) (?:w |SVC ){0,3}(?:P|FAIL|RISE|FALL)",
            "^ALERT is OPEN",
            "(?:ALERT|PAGED|TELL|CONTACT|REPORT) (?:to )?US",
            "RECEIVE (?:w ){0,2}RE (?:w )?(?:P|FAIL)",
            "^(?:SEV |w ){0,2}TICKET (?:w ){0,6}(?:is )?(?:OPEN|RECEIVE) (?:RE|USER|w USER)",
            "^(?:w |FIRST |ORD ){0,3}REPORT (?:w |RE ){0,6}(?:is )?RECEIVE",
            "RECEIVE (?:w ){0,2}REPORT (?:RE )?(?:w )?",
            "^(?:w ){0,3}(?:P|FAIL) (?:w |FIRST ){0,2}(?:is )?REPORT",
            "^(?:w |RE ){1,4}REPORT (?:w |SVC |RE |it |is ){0,9}(?:P|FAIL|FIND|RISE|FALL|ODD)",
            "(?:ALERT|MONITOR) ~(?:FIRST )?(?:FIRE|NOTICE)",
            "^(?:w )?FIRST (?:w )?ALERT(?: (?:w |RE )?(?:TOOL|MONITOR)| to|$)",
            "FAIL is NOTICE",
            "(?:ENG|TEAM|^w) GRASP P",
            "^(?:w )?(?:ENG|TEAM) PAGED$",
            "ENG RECEIVE PAGED",
            "^(?:w |FIRST ){0,2}USER (?:POST|TWEET)",
            "USER (?:NOTE|TELL) (?:US|SUPPORT|TEAM)",
            "MONITOR FIRE (?:w )?ALERT",
            "ALERT ~BEGIN",
            "ALERT (?:w |SVC |RISE |FAIL |RE |RATE ){0,5}(?:FIRE|OUT)",
            "^(?:w |TEAM ){0,2}MONITOR (?:w ){0,2}(?:ALERT|PAGED|TELL|SEE|CALL)",
            "MONITOR (?:w ){0,2}OPEN (?:w )?ALERT",
            "^TOOL(?: w)?$",
            "^TOOL (?:w )?NOTE",
            "^(?:w |TEAM |ENG |SVC ){0,3}HEAR (?:w |RE |PART |FIRST ){0,4}(?:USER|P)",
            "^(?:w |FIRST ){0,2}USER (?:w |BEGIN |to ){0,2}(?:REPORT|CALL)",
            "(?:TEAM|ENG|w) RECEIVE (?:w )?(?:FIRST |ORD )?(?:w )?(?:CALL|TICKET)",
            "(?:TICKET|CALL|REPORT) (?:w |RE |USER ){0,3}BEGIN (?:to )?FIRE",
            "(?:TICKET|CALL) (?:RE |w ){0,2}(?:USER )?FIRE",
            "(?:ENG|TEAM) LEARN",
            "(?:ENG|TEAM) BECOME NOTICE",
            "ALERT (?:w ){0,2}(?:is )?RECEIVE",
            "(?:w|SVC|TEAM|ENG) PICK (?:w )?(?:P|FAIL|RISE)",
            "(?:FIRE|RECEIVE) ~ALERT",
            "(?:ENG|TEAM) BEGIN (?:to )?(?:RECEIVE|SEE) (?:w ){0,2}ALERT",
            "RECEIVE FIRST (?:w )?ALERT",
            "MONITOR ~REPORT",
            "WATCH ~FAIL$",
            "MONITOR (?:w ){0,2}BEGIN (?:to )?(?:RECEIVE |w )?(?:ALERT|FIRE|PAGED|REPORT|FAIL)",
            "(?:TEAM|ENG) (?:w )?is (?:MADE )?(?:PAGED|NOTICE)",
            "PAGED (?:w ){0,2}(?:ENG|TEAM)",
            "(?:TEAM|ENG) ~NOTICE (?:w |FAIL |SVC ){0,3}(?:P|FAIL)",
            "(?:USER|TEAM|ENG|it) (?:w )?REPORT",
            "RISE (?:w |SVC |RE ){0,5}(?:is )NOTICE",
            "^(?:w |ENG |TEAM ){0,2}SEE (?:w |FIRST |RATE |FAIL |RISE ){0,4}ALERT",
            "^(?:w )?(?:ORD|FIRST) (?:w |FAIL |P |USER ){0,3}REPORT",
            "^REPORT (?:w |SVC |RE ){0,3}(?:P|FAIL|USER)",
            "REPORT (?:BEGIN )?(?:to )?FIRE",
            "^(?:w )?USER CONTACT",
            "USER OPEN (?:w |TICKET ){1,3}",
            "^(?:w |SEV ){0,3}ALERT RE",
            "^(?:ORD |FIRST |w )?ALERT$",
        ],
    ),
    (
        MitigatedAt,
        Scope::Whole,
        &[
            "P (?:is )?MITIGATED",
            "^MITIGATED",
            "MITIGATED (?:w )?P",
            "CURE (?:is )?APPLIED",
            "(?:^w |^)(?:FIXED|RESOLVED|MITIGATED) P$",
            "w (?:FIXED|RESOLVED|MITIGATED) P$",
        ],
    ),
    (
        FirstNoticeAt,
        Scope::Any,
        &[
            "TELL (?:WHOLE )?(?:w |AFFECT )?USER",
            "USER (?:is )?TOLD",
            "TELL ~(?:w )?(?:to )?CHANNEL",
        ],
    ),
    (
        ImpactStart,
        Scope::Any,
        &[
            "P BEGIN",
            "^BEGIN (?:w |SVC |USER ){0,4}P(?:$| w)",
            "^(?:w |SVC ){1,4}BEGIN P$",
            "TAKES (?:w |WHOLE ){0,2}(?:SVC|WHOLE|it) (?:w )?FAIL",
            "^(?:WHOLE )?(?:w )?(?:SVC|USER) (?:is )?(?:w )?FAILS",
            "^(?:WHOLE )?(?:w )?(?:SVC|USER) (?:is )(?:w )?FAIL",
            "^(?:WHOLE |PART )?(?:w |SVC |USER ){1,4}DIES",
            "BECOME (?:w )?FAIL",
            "(?:SVC|USER) BEGIN (?:to )?EXPERIENCE",
            "^FIRST (?:w ){0,2}ERR",
            "EXPERIENCE (?:w |SVC |PART ){0,5}(?:P|FAIL|RISE)",
            "USER (?:w |BEGIN |to ){0,2}(?:SEE|RECEIVE) (?:w ){0,2}(?:P|FAIL|RISE)",
            "^~(?:MAKE|MADE) ~(?:to )?FAIL",
            // `An operator deleted the index, causing a complete outage`.
            "^(?:w |WHOLE |FAIL |P |SVC |ENG |TEAM ){0,6}MAKE (?:w |WHOLE |PART |SVC |USER |to ){0,5}(?:P|FAIL)",
            "^MAKING (?:w |WHOLE |PART |SVC |USER |to ){0,5}(?:P|FAIL)",
            "FELLED (?:w |WHOLE |is ){0,3}(?:SVC|WHOLE)",
            "^(?:WHOLE )~(?:SVC )?~FAILS",
            "^it ~FAILS",
            "^(?:FIRST )?(?:w )?FAIL (?:RATE )?(?:BEGIN|RISE)",
            "^(?:w ){0,3}(?:SVC |USER |WHOLE |w ){1,2}BEGIN (?:to )?(?:w |RELAPSE ){0,2}FAIL",
        ],
    ),
];

/// The rules, and a set of all their patterns to find the few that match a clause.
struct Compiled {
    rules: Vec<Rule>,
    all: RegexSet,
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let written = |(name, scope, patterns): &'static (MilestoneName, Scope, &[&str])| {
        patterns.iter().map(move |pattern| (*name, *scope, written_out(pattern)))
    };
    let all: Vec<_> = RULES.iter().flat_map(written).collect();
    let set = RegexSetBuilder::new(all.iter().map(|(.., pattern)| pattern))
        .size_limit(SIZE)
        .dfa_size_limit(SIZE)
        .build()
        .expect("valid built-in regex");
    let rule = |(name, scope, pattern): (MilestoneName, Scope, String)| Rule {
        name,
        scope,
        pattern: Regex::new(&pattern).expect("valid built-in regex"),
    };
    Compiled { rules: all.into_iter().map(rule).collect(), all: set }
});

/// The limit on the size of the compiled pattern set, in bytes.
const SIZE: usize = 32 << 20;

/// Returns the rules whose patterns match, in order.
pub(super) fn rules_for(families: &str) -> impl Iterator<Item = &'static Rule> {
    let found: Vec<usize> = COMPILED.all.matches(families).into_iter().collect();
    found.into_iter().map(|at| &COMPILED.rules[at])
}

/// Expands the short forms in a pattern.
fn written_out(pattern: &str) -> String {
    let pattern = pattern
        .replace('~', "(?:w |is |APPLIED ){0,3}")
        .replace("NOTICE", "(?:NOTICE|DISCOVER)")
        .replace("MONITOR", "(?:MONITOR|TOOL)")
        .replace("WATCH", "MONITOR")
        // Families that only matter to a few rules are plain words to the others.
        .replace("w ", "PLAIN ")
        .replace("w)", "PLAIN)")
        .replace("w|", "PLAIN|")
        .replace("PLAIN", &format!("(?:w|{PLAIN})"))
        .replace("ODD", "WRONG")
        .replace("TELL", "(?:TELL|POST|TWEET)")
        .replace("TOLD", "TELL")
        .replace("FAILS", "(?:F|DIES|CANNOT)")
        .replace("FAIL", "(?:F|ERR|DIES|CANNOT)")
        .replace("(?:F|", "(?:FAIL|")
        .replace("SVC", "(?:SVC|COMP)")
        .replace("SITE", "SVC");
    let start = if pattern.starts_with('^') { "" } else { r"\b" };
    let end = if pattern.ends_with('$') { "" } else { r"\b" };
    format!("{start}{pattern}{end}")
}

/// A failure at the beginning of a timeline, in an entry that does not state that it is the start.
pub(super) static FIRST_FAILURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:WHOLE |PART )?(?:w |SVC |COMP |USER ){1,5}(?:is )?(?:w )?(?:FAIL|ERR|DIES|CANNOT|EXPIRE)\b|^(?:w )?RISE (?:w ){0,2}(?:FAIL|ERR|P)\b|^(?:w |PUBLIC |SVC |COMP ){1,3}REVEAL (?:w )?RISE\b|^(?:w |SVC |COMP ){1,4}STOP(?:$| (?:to )?w)")
        .expect("valid built-in regex")
});

/// Whether a statement of that milestone is invalid in a clause that names its source: the report
/// of a failure is its detection, and the report of a recovery is one person's view.
pub(super) fn is_first_hand(name: MilestoneName) -> bool {
    matches!(name, ImpactStart | ImpactEnd | ResolvedAt)
}
