//! Recognizes failures and recoveries in running text, where the grammar of timeline entries finds
//! no statement.
//!
//! A summary names what failed, and later states that it works again: `Searches failed at 14:00. We
//! rolled back and searches recovered at 14:35`. In a timeline such an entry may be about any part;
//! in a summary, the first failure is the start, and the last recovery of what failed is the end.
//! These readings only count if no sentence states the milestone explicitly.

use std::sync::LazyLock;

use regex::Regex;

/// Words that make a clause no statement: a condition, a plan, a guess, a negation.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: if | unless | would | could\ have | might | may | should | will | plan(?:ned|s)? | expect(?:ed|s)?
        | tr(?:y|ied|ying) | attempt(?:ed|s|ing)? | did\ not | didn['’]t | was\ not | were\ not | wasn['’]t | weren['’]t | never
        | nobody\ (?:was|noticed) | no\ impact | without\ (?:any\ )?(?:impact|interruption|downtime)
        | supposed | believed | thought | still | yet | nearly | almost | working\ on | work\ on )\b",
    )
    .expect("valid built-in regex")
});

/// Words that make even a negated clause no statement: a condition, a plan, a guess, an alert.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:if|unless|would(?: have)?|could have|might|may|should|will|plan(?:ned|s)?|expect(?:ed|s)?|supposed|believed|thought|nearly|almost|alerts?|alarms?|alerting)\b",
    )
    .expect("valid built-in regex")
});

/// A negated verb: something does not do what it should.
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:do|does|did|is|are|was|were|has|have|had|could|can|would) ?n(?:[o'’]| o)t\b",
    )
    .expect("valid built-in regex")
});

/// A failure that decreases or stops.
static EASING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:errors?|error rates?|failures?|latency|lag|backlog|queues?|load|5xx|alerts?|alarms?|pages|attack|leak|problems?|issues?|incident|outage|impact|disruption)\b[^,.;]{0,30}\b(?:stop(?:s|ped)?|drop(?:s|ped|ping)?|f[ae]ll(?:s|ing)?|declin\w+|decreas\w+|shrinks?|drain\w*|clear\w*|subsid\w+|fad\w+)\b",
    )
    .expect("valid built-in regex")
});

/// Words for a broken service.
const BROKEN: &str = r"(?:down|offline|dark|unavailable|unreachable|inaccessible|unresponsive|unusable|inoperable|broken|degraded|interrupted|disrupted|impaired|halted|locked\ out|read-only|out\ of\ (?:service|order)|cut\ off)";

/// Words for the start of a failure.
static BEGINNING: LazyLock<Regex> = LazyLock::new(|| {
    let broken = BROKEN;
    Regex::new(&format!(
        r#"(?ix)\b(?:
          (?: went | goes | became | becomes | fell | (?:was|were)(?:\ \w+ly)? | got ) \s (?:\w+ly\ )? {broken}
        | (?: crash(?:ed|es) | froze | freezes | hung | hangs | stall(?:ed|s) | collapse[sd] | tim(?:ed|es)\ out | fail(?:ed|s) | halt(?:ed|s) | shut\ down | r[au]ns?\ out\ of | die[sd] | broke(?:\ down)? | breaks
            | malfunction(?:ed|s) | overheat(?:ed|s) | disconnect(?:ed|s) | f[ae]lls?\ over | stuck | tripped | dropped | reboot(?:ed|s)\ unexpectedly | misbehave[sd]? )
        | (?: began | begun | started | begins? | starts? ) \s (?:to\ )?
            (?: fail(?:ing)? | tim(?:e|ing)\ out | crash(?:ing)? | (?:return|show|serv|giv)(?:e|ing)?\ ["“'‘]?(?:[\w,]+\ ){{0,3}}(?:errors?|[45]\d\ds?|no|empty|blank|wrong|stale|old|incorrect|duplicate) | (?:drop|reject|refus|los|declin)(?:e|p?ing)? | hang(?:ing)?
              | climb(?:ing)? | ris(?:e|ing) | grow(?:ing)? | spik(?:e|ing) | increas(?:e|ing) | degrad(?:e|ing) | slow(?:ing)?(?:\ down)? | queue?(?:ing)? | (?:back|pil|build)(?:e|ing)?\ up | flap(?:ping)? | misbehav(?:e|ing) | stall(?:ing)? | shed(?:ding)? | behav(?:e|ing)\ \w+ly
              | be(?:ing)?\ (?:declined | rejected | dropped | refused | delayed | lost | killed | evicted | throttled | slow\w* | blocked | skipped | ignored | misrouted | corrupted | {broken}) )
        | stopped | (?: ceased | quit ) \s (?:to\ )? \w+ | (?: stops? | ceases? | quits? ) \s (?: being\ )? (?:to\ )? \w+(?:ing|ed)
        | (?: do | does | did | is | are | was | were | has | have | had | could | can | would ) \s? n(?:[o'’]|\ o)t \s (?:\w+ly\ )? (?:yet\ )?
            (?: (?:being|been)\ \w+ed | work(?:ing|ed)? | load(?:ing|ed)? | start(?:ing|ed)? | respond(?:ing|ed)? | return(?:ing|ed)? | com(?:e|ing) | arriv(?:e|ing|ed) | process(?:ed|ing)? | updat(?:ed|ing) | deliver(?:ed|ing) | sent | sav(?:ed|ing) | print(?:ing|ed)? | sync(?:ing|ed)? | publish(?:ed|ing) | run(?:ning)? | available | accessible | reachable | operational | visible | able )
        | (?: took | taking | brought | knocked | shut | shutting ) \s (?:[\w'’-]+\ ){{1,5}} (?:down|offline|out)
        | (?: shut\ down | took\ down | brought\ down | knocked\ (?:out|offline) | interrupted | disrupted | crippled )
        | (?: lost | lose | loses ) \s (?:[\w'’-]+\ ){{0,4}} (?:power|connectivity|connection|access|network|quorum|contact|service)
        | (?:access|connectivity|power|service|connection)\b[^,.;]{{0,40}}\ (?:was|were)\ (?:lost|cut|interrupted)
        | (?: could | can ) \s? (?:not|n['’]t) | couldn['’]t | cannot | unable\ to
        | (?: saw | seeing | sees? | gets? | got | getting | hit | hits | encounter(?:s|ed)? | experience[sd]? | suffer(?:s|ed)? | receive[ds]? | return(?:s|ed|ing)? | serv(?:es|ed|ing) | throw(?:s|ing)? | threw ) \s ["“'‘`]? (?:[\w%'’-]+\ ["“'‘`]?){{0,4}} (?:errors?|[45]\d\d(?:s|\ errors?)?|failures?|time\s?outs?|outages?|drop|loss|downtime|problems?|issues?|delays?|blank|empty)
        | triggered \s (?:[\w'’-]+\ ){{0,4}}(?:bug|outage|failure|incident|crash|errors?|failover|loop)
        | (?:errors?|failures?|time\s?outs?|latency|error\ rates?|response\ times|outage|problems?|issues?|disruption|delays?)\ (?:had\ )?(?:began|begun|started|increase[sd]?|spike[sd]?|appear(?:ed|s)?|climb(?:ed|s)?|double[sd]?|occur(?:red|s)?|jump(?:ed|s)?|rose|rises|surge[sd]?)
        | caus(?:ed|ing) | led\ to | result(?:ed|ing)\ in | ma(?:de|king)\ (?:[\w'’-]+\ ){{1,5}}(?:{broken}|crash|fail|hang|slow|time\ out) | le(?:ft|aving)\ (?:[\w'’-]+\ ){{1,4}}(?:without|unable|{broken})
        | no\ (?:[\w-]+\ ){{1,2}}(?:ran|run|worked|arrived|were\ (?:served|processed|delivered|sent|generated|created|accepted|published|recorded|written|running))
        )\b"#,
    ))
    .expect("valid built-in regex")
});

/// Words for a recovery, or for the end of an incident.
static END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?:
          (?: recover(?:ed|s) | resume[sd]? | restored | regained | reinstated | repaired | normali[sz]e[sd] | stabili[sz]e[sd] | reconnect(?:ed|s)? | restoring | resolv(?:ed|ing|es) )
        | [\w'’-]+ \s (?:\w+ly\ |normally\ |fine\ |as\ normal\ )? again
        | back \s (?: at | to | within | below | under | above | over ) \s (?: its\ |their\ |the\ )? (?: usual | normal\w* | baseline | zero | expected | healthy | steady | pre\S+ | full | typical | 9\d | 100 )
        | back \s (?: under | below | within ) \s \w+
        | (?: at | to ) \s (?: usual | normal | baseline | pre-\w+ | healthy ) \s (?:levels?|rates?|values?|volumes?)
        | (?: drop | drops | dropped | fell | falls | down | decline[sd]? | decrease[sd]? ) \s (?:back\ )? to \s (?: zero | 0 | normal\w* | baseline )
        | (?: traffic | services? | latency | errors? | metrics | levels | error\ rates? | response\ times ) \s (?: normal | nominal | stable | healthy )
        | (?: fully | completely ) \s (?: operational | functional | available | online | up | working | healthy | drained | caught\ up ) | caught\ up
        | (?: was | were | is | are ) \s \w+ing \s (?: normally | fine | correctly | properly | as\ (?:expected|normal|usual) )
        | (?: began | started | begin | start | working | running | operating | functioning | flowing | online | available | accessible | reachable | usable | up | writable | readable | open | live | active | healthy | succeeded | responding | serving\ \w+ | served ) \s again
        | (?: came | come | comes | was | were | is | are | been | brought | got | get | went | go )\ (?:\w+\ ){0,2} back (?:\ (?:up|online|in\ service|to\ normal|to\ life|to\ work|by|at))?
        | back\ (?: up | online | in\ (?:service|operation) | to\ (?:normal|life) | on\ line )
        | return(?:ed|s|ing)?\ to\ (?:service|normal\w*|operation|baseline|full|a\ (?:functional|healthy|normal))
        | (?: was | were | is | are | became )\ (?:\w+ly\ |now\ |all\ |both\ |once\ more\ ){0,2}(?: up | running | online | operational | operating\ normally | available | accessible | functional | healthy | normal | stable | working | gone | over | fixed | solved | reachable )
        | (?: leak | attack | flood | errors? | failures? | problems? | issues? | outage | incident | loop | storm )\ (?:[\w]+\ ){0,2}stopped
        | (?: ended | ceased | subsided | cleared | abated | disappeared | went\ away | goes\ away | concluded | terminated )
        | repairs?\ (?:was|were)\ completed | (?:had|have|has)\ been\ (?:delivered|processed|purged|restored|replaced|repaired|cleared|fixed|resolved)
        )\b",
    )
    .expect("valid built-in regex")
});

/// Words for a partial recovery, which is not an end.
static PARTIAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: some | part(?:ly|ial(?:ly)?)? | most(?:ly)? | half | several | few | one\ of | majority | first | initial(?:ly)? | temporar(?:y|ily)
        | limited | reduced | degraded | disabled | read-only | gradual(?:ly)? | largely | nearly | almost | substantially | predominantly | start(?:ed|s|ing)?\ (?:to\ )?(?:recover\w*|restor\w*|com\w+\ back) | began\ (?:to\ )?(?:recover\w*|restor\w*|com\w+\ back|being) | being | stopped\ (?:working|responding|accepting|serving|processing|sending|relaying|starting|receiving|running|functioning) )\b | \d\s?%",
    )
    .expect("valid built-in regex")
});

/// An action that was repeated, which says nothing about the service: `the rule was enabled again`.
static DONE_AGAIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:(?:was|were|is|are|be|been|being) (?:\w+ly )?\w+(?:ed|en)|(?:we|i|engineers?|team|try|tries|tried) \w+) (?:\w+ ){0,3}again\b",
    )
        .expect("valid built-in regex")
});

/// A change that was undone.
static UNDONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:roll(?:ed|s)?|switch(?:ed)?|revert(?:ed)?|mov(?:ed|e)|scal(?:ed|e)|dial(?:ed)?|pull(?:ed)?|held|called|pushed|backed|changed|set) (?:\w+ )?back\b",
    )
    .expect("valid built-in regex")
});

/// A restore from a copy, which may not serve anyone yet.
static OF_A_COPY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:restor|recover)\w* (?:(?:a|an|the|our|from|latest|last|most|recent|\w+ly) )*(?:[\w-]+ )?(?:snapshots?|backups?|cop(?:y|ies)|dumps?|images?)\b|\brestor\w* (?:\w+ ){1,2}to (?:the|its|their|an?) (?:last|previous|prior|earlier|original|old)\b",
    )
    .expect("valid built-in regex")
});

/// A clause with a duration, which does not state a start: `resulting in a total downtime of 699
/// minutes`.
static LONG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:caus|result|led|leading)\w*\b[^.,;]{0,50}\b(?:\d+|one|two|three|several|an?)[ -](?:seconds?|minutes?|hours?|days?)\b",
    )
    .expect("valid built-in regex")
});

/// A success rate that counts as full recovery.
static RATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bback (?:to|above|over|at) (?:9[5-9](?:\.\d+)?|100)\s?%|\b(?:drop(?:s|ped)?|fell|falls?|down|back) (?:back )?to 0\s?%")
        .expect("valid built-in regex")
});

/// A third-party service, or another incident.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:previous|earlier|similar|another|vendor|provider|third[- ]party|upstream|supplier|carrier|their|his|her|alerts?|alarms?)\b(?:['’]s)?",
    )
    .expect("valid built-in regex")
});

/// Words for the whole service or the whole incident.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?: it | they | we | everything | everyone | all | both | services? | systems? | sites? | website | operations? | functionality | connectivity
        | traffic | power | leak | attack | customers? | users? | problems? | issues? | incident | outage | disruption | impact | access | errors? | (?:error|success|delivery|approval|failure)\ rates? | network | platform | application | app | backlog | queue | them | last )\b",
    )
    .expect("valid built-in regex")
});

/// Returns the words of a clause that state a failure.
pub(crate) fn beginning(clause: &str) -> Option<&str> {
    let found = BEGINNING.find(clause)?;
    // `Mail was not delivered` negates working and is a failure; `the site did not fail` negates
    // the failure.
    let is_denial = DENIED.is_match(found.as_str());
    let is_open = if is_denial { CONDITION.is_match(clause) } else { OPEN.is_match(clause) };
    // `The node failed over` and `the errors stopped` are not failures.
    let is_failover =
        found.as_str().starts_with("fail") && clause[found.end()..].starts_with(" over");
    // `We decided to shut down the hosts`: an intention has no impact yet.
    let is_purpose = clause[..found.start()].trim_end().ends_with(" to");
    if is_open
        || is_purpose
        || LONG.is_match(clause)
        || is_failover
        || EASING.is_match(clause)
        || !is_denial && END.is_match(clause)
    {
        return None;
    }
    Some(found.as_str())
}

/// Returns the words of a clause that state a recovery. `failed` are the words of what failed.
pub(crate) fn end<'c>(clause: &'c str, failed: &str) -> Option<&'c str> {
    // `Back above 99%` is a rate, not a part of the users.
    let whole = RATE.replace(clause, "back to normal");
    if OPEN.is_match(clause) || PARTIAL.is_match(&whole) || OTHER.is_match(clause) {
        return None;
    }
    let found = END.find(clause)?;
    // `The release was rolled back` and `restored a snapshot` are not recoveries by themselves.
    if UNDONE.is_match(found.as_str()) || OF_A_COPY.is_match(clause) {
        return None;
    }
    // `It failed again` is not a recovery.
    let is_again = found.as_str().ends_with("again");
    if is_again && (BEGINNING.is_match(clause) || DONE_AGAIN.is_match(clause)) {
        return None;
    }
    // A clause without a subject inherits that of the clause before it.
    let has_no_subject = clause[..found.start()].split_whitespace().next().is_none();
    let is_same = has_no_subject || WHOLE.is_match(clause) || shares_a_word(clause, failed);
    is_same.then(|| found.as_str())
}

/// Whether two texts share a word that can be a name. Endings are ignored.
fn shares_a_word(one: &str, other: &str) -> bool {
    let stems = |text: &str| -> Vec<String> {
        text.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3)
            .map(|word| word.trim_end_matches('s').chars().take(6).collect())
            .collect()
    };
    // Stems of words that occur in any incident and name nothing.
    const PLAIN: [&str; 16] = [
        "confir", "report", "alert", "first", "check", "engine", "after", "about", "with", "that",
        "start", "have", "from", "outage", "incide", "again",
    ];
    let other = stems(other);
    stems(one).iter().any(|word| other.contains(word) && !PLAIN.contains(&word.as_str()))
}

/// Whether a clause is about noticing something.
pub(crate) fn is_noticing(clause: &str) -> bool {
    static NOTICING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:notic|detect|discover|report(?:s|ed)?\b|alert|paged\b|pager|monitor|aware\b|observ|identif)\w*")
            .expect("valid built-in regex")
    });
    NOTICING.is_match(clause)
}

/// Whether a clause states the time since the one before it: `51 minutes later`.
pub(crate) fn is_later(clause: &str) -> bool {
    static LATER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:minutes?|hours?|seconds?|days?) (?:later|after)\b")
            .expect("valid built-in regex")
    });
    LATER.is_match(clause)
}

/// Whether a clause states a consequence of the clause before it, at the same time: `causing
/// errors`, `which took the site down`.
pub(crate) fn is_consequence(clause: &str) -> bool {
    static CONSEQUENCE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\s*(?:causing|leading|resulting|making|leaving|taking|bringing|restoring|resolving|ending|(?:this |that |it )?(?:caused|led to|resulted in|made|left|took|brought|resolved|restored|fixed))\b")
            .expect("valid built-in regex")
    });
    CONSEQUENCE.is_match(clause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        for clause in [
            "searches failed",
            "the writer node crashed",
            "a fibre cut took the network down",
            "builds stopped starting",
            "our mail gateway stopped relaying messages",
            "Volumes went read-only",
            "a bug in our tool shut down every web server",
            "customers lost connectivity",
            "users could not log in",
            "causing a complete outage",
            "leaving customers without access",
            "Jobs stop being picked up",
            "card payments begin to be declined",
            "the chain halts",
            "All regions lose connectivity to the control plane",
            "nightly export silently stops writing rows",
            "Latency starts to climb",
            "mail was not being delivered",
            "labels did not print",
            "search began to return no results",
            "Users see “502 Bad Gateway”",
            "the matchmaking servers fell over",
        ] {
            assert!(beginning(clause).is_some(), "{clause}");
        }
        for clause in [
            "the site did not fail",
            "if the primary fails",
            "we expected it to be down",
            "an engineer deployed a change",
            "the service was restored",
            "nobody was locked out, and nobody noticed",
            "the errors stop",
            "error rates started to drop",
            "the primary failed over to its replica",
            "alerts were not sent",
            "the queue might stop accepting writes",
            "jobs would not have been processed",
            "the backlog began to drain",
            "the team decided to shut down the hosts",
            "resulting in a total downtime of 699 minutes",
        ] {
            assert_eq!(beginning(clause), None, "{clause}");
        }
    }

    #[test]
    fn ends() {
        for clause in [
            "searches recovered",
            "trading resumed",
            "the site was fully up",
            "it was operating normally",
            "they were brought back",
            "Builds started again",
            "the problem was gone",
            "It returned to service",
            "restoring service to all customers",
            "searches are back at usual levels",
            "error rate is back to zero",
            "builds succeed again",
            "search success rate back above 99%",
            "traffic normal",
            "trading resumes",
            "errors dropped to zero",
            "the queue is fully drained",
        ] {
            assert!(end(clause, "Searches failed. Trading stopped. builds").is_some(), "{clause}");
        }
        for clause in [
            "the index recovered",
            "some users were back online",
            "searches partly recovered",
            "searches began to recover",
            "the provider recovered",
            "it should be back",
            "searches were not restored",
            "20% of searches recovered",
            "searches failed again",
            "searches were switched off again",
            "we restarted the search again",
            "search success rate back above 60%",
            "they were working on searches",
            "searches were largely restored",
            "searches were degraded but functional",
            "the release was rolled back",
            "an alternate process restored a snapshot of all searches",
            "searches should be back at usual levels",
        ] {
            assert_eq!(end(clause, "Searches failed"), None, "{clause}");
        }
    }
}
