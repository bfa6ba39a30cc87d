//! Days, spans and common statements in languages other than English, one table per language.
//!
//! Before running text is read, its days, its spans and the words for failure and recovery are
//! replaced by English ones, so that one grammar reads all languages. The stored text keeps its
//! original words.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::model::milestone::MilestoneName::{
    self, AcknowledgedAt, DetectedAt, FirstNoticeAt, IdentifiedAt, ImpactEnd, ImpactStart,
    MitigatedAt, ResolvedAt,
};

/// The words of a language for the times of an incident. Patterns must not have capture groups.
struct Language {
    /// The months from January on, each with its variants.
    months: [&'static str; 12],
    /// Phrases for a failure, and for its end.
    fails: &'static str,
    restored: &'static str,
    /// The words before the first time of a span, and between the two times.
    from: &'static str,
    to: &'static str,
    /// The words before a single time, before a start, and before an end.
    at: &'static str,
    since: &'static str,
    until: &'static str,
    /// The beginnings of timeline entries that state a milestone.
    lines: &'static [(MilestoneName, &'static str)],
}

const GERMAN: Language = Language {
    months: [
        "januar|jänner",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
    fails: r"nicht (?:mehr )?(?:erreichbar|verfügbar|nutzbar)|ausgefallen|ausfall|gestört|störung",
    restored: r"wieder (?:erreichbar|verfügbar|online)|wiederhergestellt|behoben",
    from: "von|zwischen",
    to: "bis|und",
    at: "um|gegen",
    since: "ab|seit",
    until: "bis",
    lines: &[
        (
            ImpactStart,
            r"(?:beginn|anfang) (?:der|des) (?:störung|ausfalls?)|(?:störung|ausfall) beginnt",
        ),
        (
            DetectedAt,
            r"(?:störung|ausfall|problem)? ?(?:entdeckt|bemerkt|erkannt|gemeldet)|alarm (?:der|des|vom|von)|alarm",
        ),
        (
            AcknowledgedAt,
            r"(?:untersuchung|analyse|fehlersuche) (?:gestartet|beginnt|begonnen|läuft)|beginn der (?:untersuchung|analyse|fehlersuche)",
        ),
        (
            FirstNoticeAt,
            r"(?:kunden|nutzer|anwender|benutzer) (?:wurden |werden )?(?:informiert|benachrichtigt)|statusseite aktualisiert",
        ),
        (IdentifiedAt, r"ursache (?:gefunden|identifiziert|erkannt|ermittelt)"),
        (
            ImpactEnd,
            r"(?:\w+ ){0,2}(?:ist |sind )?(?:wiederhergestellt|wieder (?:erreichbar|verfügbar))",
        ),
        (
            ResolvedAt,
            r"(?:störung|vorfall|problem) (?:ist )?(?:behoben|gelöst|beendet|abgeschlossen)|behoben",
        ),
    ],
};

const FRENCH: Language = Language {
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    fails: r"inaccessibles?|indisponibles?|en panne|injoignables?|panne|coupure",
    restored: r"rétablie?s?|de nouveau (?:accessible|disponible)s?|résolue?s?",
    from: "de|entre",
    to: "à|et",
    at: "à|vers",
    since: r"à partir de|dès|depuis",
    until: r"jusqu['’]à",
    lines: &[
        (ImpactStart, r"début (?:de l['’]incident|de la panne|de la coupure|de l['’]impact)"),
        (
            DetectedAt,
            r"(?:incident |panne )?détectée?|première alerte|alertes? (?:de|du|des)|détection",
        ),
        (
            AcknowledgedAt,
            r"début (?:de l['’]investigation|des investigations|du diagnostic|de l['’]analyse)|investigation (?:démarrée|lancée)",
        ),
        (
            FirstNoticeAt,
            r"(?:clients|utilisateurs) (?:informés|prévenus|notifiés)|page de statut mise à jour",
        ),
        (
            IdentifiedAt,
            r"problème identifié|cause (?:racine )?(?:identifiée|trouvée)|identification de la cause",
        ),
        (
            ImpactEnd,
            r"(?:le )?services? (?:est |sont )?rétablis?|rétablissement du service|retour à la normale|fin de (?:l['’]incident|la panne)",
        ),
        (ResolvedAt, r"(?:incident|problème) (?:est )?(?:résolu|clos)"),
    ],
};

const SPANISH: Language = Language {
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre|setiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    fails: r"no (?:estuvo|estaba|estuvieron|estaban) (?:disponibles?|accesibles?)|inaccesibles?|caídas?|caídos?|fuera de servicio|interrupción",
    restored: r"restablecid[oa]s?|restaurad[oa]s?|resuelt[oa]s?|recuperad[oa]s?",
    from: "de|entre|desde",
    to: "a|y|hasta",
    at: "a las|sobre las",
    since: r"desde las|a partir de las",
    until: "hasta las",
    lines: &[
        (
            ImpactStart,
            r"inicio (?:del incidente|de la caída|de la interrupción|del impacto)|comienza (?:el incidente|la caída)",
        ),
        (DetectedAt, r"(?:se )?(?:detecta|detectado|detectamos|detección)|primera alerta|alerta"),
        (
            AcknowledgedAt,
            r"(?:se )?(?:inicia|comienza) (?:la |una )?investigación|inicio de la investigación",
        ),
        (
            FirstNoticeAt,
            r"(?:clientes|usuarios) (?:notificados|informados|avisados)|(?:se )?(?:notifica|informa|avisa) a (?:los )?(?:clientes|usuarios)|página de estado actualizada",
        ),
        (IdentifiedAt, r"causa (?:raíz )?(?:identificada|encontrada)|se identifica la causa"),
        (
            ImpactEnd,
            r"(?:el )?servicios? (?:queda |está )?(?:restablecido|restaurado|recuperado)|fin (?:del incidente|de la caída)",
        ),
        (ResolvedAt, r"(?:incidente|problema) (?:resuelto|cerrado)"),
    ],
};

const PORTUGUESE: Language = Language {
    months: [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    fails: r"indisponíve(?:l|is)|inacessíve(?:l|is)|fora do ar|interrupção",
    restored: r"restabelecid[oa]s?|restaurad[oa]s?|resolvid[oa]s?|normalizad[oa]s?",
    from: "das|de|entre",
    to: "às|a|e|até",
    at: "às",
    since: r"a partir das|desde as",
    until: "até as|até às",
    lines: &[
        (ImpactStart, r"início (?:do incidente|da queda|da interrupção|do impacto)"),
        (
            DetectedAt,
            r"(?:incidente |problema )?detectado|detecção|primeiro alerta|alertas? (?:de|do|da|dos|das)|alerta",
        ),
        (AcknowledgedAt, r"(?:\w+ ){0,3}inicia (?:a )?investigação|investigação iniciada"),
        (
            FirstNoticeAt,
            r"(?:clientes|usuários) (?:notificados|informados|avisados)|página de status atualizada",
        ),
        (IdentifiedAt, r"causa (?:raiz )?(?:identificada|encontrada)"),
        (
            ImpactEnd,
            r"(?:o )?serviços? (?:foi |está )?(?:restabelecido|restaurado|normalizado)|fim (?:do incidente|da queda)",
        ),
        (ResolvedAt, r"(?:incidente|problema) (?:resolvido|encerrado)"),
    ],
};

/// Japanese and Chinese number their months.
const NUMBERED: [&str; 12] = [""; 12];

const JAPANESE: Language = Language {
    months: NUMBERED,
    fails: r"(?:利用|アクセス|接続)でき(?:な|ませ)|停止し|ダウンし|障害が?",
    restored: r"復旧し|回復し|解消し|解決し",
    from: "",
    to: "から|〜|～",
    at: "",
    since: "",
    until: "",
    lines: &[
        (ImpactStart, r"(?:障害)?発生"),
        (
            DetectedAt,
            r"(?:.{0,12})?(?:障害)?検知|アラート発報|アラート(?:が)?発生|(?:ユーザー|利用者|お客様|顧客)(?:から|より|による)(?:の)?.{0,12}(?:報告|連絡|問い?合わ?せ)",
        ),
        // The verb is last: `The team began its work` ends with these words.
        (AcknowledgedAt, r"[^。]{0,24}?(?:対応|調査)(?:を)?開始"),
        (IdentifiedAt, r"[^。]{0,60}?原因(?:だ|である)?(?:を|が|と)?(?:特定|判明)"),
        (MitigatedAt, r"緩和策?適用|暫定対応完了"),
        (ImpactEnd, r"(?:サービス)?復旧(?:確認|完了)?|回復(?:確認)?"),
        (ResolvedAt, r"解決|収束|クローズ"),
    ],
};

const CHINESE: Language = Language {
    months: NUMBERED,
    fails: r"不可用|无法访问|无法使用|中断|宕机",
    restored: r"恢复正常|已恢复|恢复|已修复|已解决",
    from: "从|自",
    to: "至|到|～",
    at: "",
    since: "",
    until: "",
    lines: &[
        (ImpactStart, r"故障(?:发生|开始)|(?:事故|问题)开始"),
        (DetectedAt, r"(?:发现|检测到)(?:故障|问题|异常)|收到(?:告警|报警)|(?:告警|报警)触发"),
        (AcknowledgedAt, r"(?:[^。]{0,12})?开始(?:排查|调查|处理)"),
        (IdentifiedAt, r"(?:确认|定位|找到|查明)(?:故障|问题)?(?:的)?(?:根本)?原因"),
        (ImpactEnd, r"(?:服务|系统)?(?:已|全部|完全)?恢复(?:正常)?"),
        (ResolvedAt, r"(?:故障|问题)?(?:已)?解决"),
    ],
};

const LANGUAGES: [Language; 6] = [GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE, CHINESE];

/// A clock time as these languages write it: `06:10`, `6h10`, `6時10分`.
const TIME: &str = r"\d{1,2}(?:[:h]\d{2}|[時时点]\d{1,2}分?)";

/// The replacements, in the order in which they are made.
struct Translation {
    day: Regex,
    numbered: Regex,
    half: Regex,
    span: Regex,
    replaced: Vec<(Regex, &'static str)>,
}

static TRANSLATION: LazyLock<Translation> = LazyLock::new(|| {
    let expression = |pattern: &str| Regex::new(pattern).expect("valid built-in regex");
    let months =
        LANGUAGES.iter().flat_map(|language| language.months).filter(|names| !names.is_empty());
    let months = months.collect::<Vec<_>>().join("|");
    let all = |of: fn(&Language) -> &'static str| {
        let words: Vec<&str> = LANGUAGES.iter().map(of).filter(|words| !words.is_empty()).collect();
        words.join("|")
    };
    let (from, to) = (all(|one| one.from), all(|one| one.to));
    let clock = |words: String, english: &'static str| {
        (expression(&format!(r"(?i)(?:^|\b)(?:{words}) (?:las |as )?(?P<time>{TIME})")), english)
    };
    Translation {
        day: expression(&format!(
            r"(?i)\b(?P<day>\d{{1,2}})(?:\.|er|º)?\s+(?:de\s+)?(?P<month>{months})\s+(?:de\s+)?(?P<year>\d{{4}})\b"
        )),
        numbered: expression(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
        half: expression(
            r"(?P<half>午前|午後|上午|下午|晚上)(?P<hour>\d{1,2})[時时点](?:(?P<minute>\d{1,2})分)?",
        ),
        span: expression(&format!(
            r"(?i)(?:(?:^|\b)(?:{from}) (?:las |les )?(?P<one>{TIME})(?: ?Uhr)? (?:{to}) (?:las |les )?(?P<other>{TIME})(?: ?Uhr\b)?|(?:从|自)?(?P<first>{TIME})\s*(?:から|〜|～|~|至|到)\s*(?P<second>{TIME}))"
        )),
        replaced: vec![
            clock(all(|one| one.until), "until $time"),
            clock(all(|one| one.since), "from $time"),
            clock(all(|one| one.at), "at $time"),
            (expression(&format!(r"(?P<time>{TIME}) ?Uhr\b")), "$time"),
            // `(heure de Paris, CEST)`
            (
                expression(
                    r"\((?i:heures?|hora|horário|ortszeit|zeit)\b[^()]{0,30}\b(?P<zone>[A-Z]{3,5})\)",
                ),
                "($zone)",
            ),
            (expression(&format!(r"(?i)(?:{})", all(|one| one.restored))), " restored "),
            (expression(&format!(r"(?i)(?:{})", all(|one| one.fails))), " unavailable "),
        ],
    }
});

/// Whether a text has a day or a span in one of these languages, which no English text has.
pub(crate) fn is_foreign(text: &str) -> bool {
    TRANSLATION.numbered.is_match(text)
        || TRANSLATION.day.captures_iter(text).any(|found| !is_english(&found["month"]))
        || TRANSLATION.span.is_match(text)
}

/// The words for an incident in these languages.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:störung(?:en|sbericht)?|(?:dienst|server|strom)?ausfall|vorfall|pannes?|coupure|indisponibilité|incidentes?|caída|interrupción|interrupção|indisponibilidade|queda)\b|障害|不具合|インシデント|システムダウン|故障|宕机|服务中断",
    )
    .expect("valid built-in regex")
});

/// Whether a text in one of these languages mentions an incident.
pub(crate) fn names_it(text: &str) -> bool {
    SUBJECT.is_match(text)
}

/// Whether the month is spelled the same in English.
fn is_english(month: &str) -> bool {
    ["april", "august", "september", "november"].contains(&month.to_lowercase().as_str())
}

/// Returns the text with its days, spans and states in English, if it is in another language.
pub(crate) fn english(text: &str) -> Cow<'_, str> {
    if !is_foreign(text) {
        return Cow::Borrowed(text);
    }
    let text = TRANSLATION.day.replace_all(text, |found: &Captures<'_>| {
        let month = month(&found["month"]);
        month.map_or_else(
            || found[0].to_owned(),
            |month| dated(&found["year"], month, &found["day"]),
        )
    });
    let text = TRANSLATION.numbered.replace_all(&text, |found: &Captures<'_>| {
        dated(&found["year"], found["month"].parse().unwrap_or_default(), &found["day"])
    });
    let text = TRANSLATION.half.replace_all(&text, |found: &Captures<'_>| {
        let hour: u32 = found["hour"].parse().unwrap_or_default();
        let is_late = matches!(&found["half"], "午後" | "下午" | "晚上");
        let hour = if is_late && hour < 12 { hour + 12 } else { hour };
        let minute = found.name("minute").map_or("00", |minute| minute.as_str());
        format!(" {hour:02}:{minute:0>2} ")
    });
    let text = TRANSLATION.span.replace_all(&text, |found: &Captures<'_>| {
        let part = |names: [&str; 2]| {
            let written = names.iter().find_map(|name| found.name(name));
            colons(written.map_or("", |part| part.as_str()))
        };
        format!(" from {} to {}", part(["one", "first"]), part(["other", "second"]))
    });
    let mut text = text.into_owned();
    for (pattern, english) in &TRANSLATION.replaced {
        text = pattern.replace_all(&text, *english).into_owned();
    }
    Cow::Owned(
        text.replace('。', ". ")
            .replace(['，', '、'], ", ")
            .replace('（', " (")
            .replace('）', ") "),
    )
}

fn month(name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    let is = |names: &&str| names.split('|').any(|other| other == name);
    LANGUAGES.iter().find_map(|language| Some(language.months.iter().position(is)? + 1))
}

fn dated(year: &str, month: usize, day: &str) -> String {
    format!(" {year}-{month:02}-{day:0>2} ")
}

/// Converts `6時10分` to `6:10`.
fn colons(written: &str) -> String {
    written.replace(['h', '時', '时', '点'], ":").replace('分', "")
}

/// Returns the milestone that a timeline entry in one of these languages states, and its words.
pub(crate) fn of_line<'l>(line: &'l str) -> Option<(MilestoneName, String)> {
    static LINES: LazyLock<Vec<(MilestoneName, Regex)>> = LazyLock::new(|| {
        let compiled = |(name, pattern): &(MilestoneName, &str)| {
            // `next` is checked below: the start of a recovery or work in progress is not an end,
            // and a negated statement is not a milestone.
            let pattern = format!(r"(?i)^\W*(?P<words>{pattern})(?P<next>\S?\s?\S{{0,5}})");
            (*name, Regex::new(&pattern).expect("valid built-in regex"))
        };
        LANGUAGES.iter().flat_map(|language| language.lines.iter().map(compiled)).collect()
    });
    static ANY: LazyLock<Regex> = LazyLock::new(|| {
        let all =
            LANGUAGES.iter().flat_map(|language| language.lines.iter().map(|(_, line)| *line));
        let all = all.collect::<Vec<_>>().join("|");
        Regex::new(&format!(r"(?i)^\W*(?:{all})")).expect("valid built-in regex")
    });
    let of_part = |part: &'l str| {
        if !ANY.is_match(part) {
            return None;
        }
        LINES.iter().find_map(|(name, line_is)| Some((*name, line_is.captures(part)?)))
    };
    // Any part of an entry can state it: `Logins schlagen fehl, Beginn der Störung`.
    let (name, found) = line.split([',', ';', '、', '，', '。']).find_map(of_part)?;
    let next = found["next"].to_lowercase();
    let is_open = ["開始", "作業", "中", "せず", "でき", "开始", "未", "失败"]
        .iter()
        .any(|word| next.starts_with(word));
    let continues = next.starts_with(|c: char| c.is_alphabetic() && (c as u32) < 0x2000);
    let is_open = is_open || continues && !(name == DetectedAt && found["words"].contains(' '));
    (!is_open).then(|| (name, found["words"].to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_spans_are_those_of_english() {
        for (text, expected) in [
            (
                "Am 17. Mai 2023 war der Dienst von 06:10 bis 06:55 Uhr nicht erreichbar.",
                "Am 2023-05-17 war der Dienst from 06:10 to 06:55 unavailable .",
            ),
            (
                "Le 17 mai 2023, de 06h10 à 06h55, le site était inaccessible.",
                "Le 2023-05-17 , from 06:10 to 06:55, le site était unavailable .",
            ),
            (
                "El 17 de mayo de 2023 el servicio no estuvo disponible de 06:10 a 06:55.",
                "El 2023-05-17 el servicio unavailable from 06:10 to 06:55.",
            ),
            (
                "Em 17 de maio de 2023, das 06:10 às 06:55, ficou fora do ar.",
                "Em 2023-05-17 , from 06:10 to 06:55, ficou unavailable .",
            ),
            (
                "2023年5月17日 06:10から06:55まで停止した。",
                "2023-05-17 from 06:10 to 06:55まで unavailable た.",
            ),
            (
                "2023年5月17日 6时10分至6时55分服务中断。",
                "2023-05-17 from 6:10 to 6:55服务 unavailable .",
            ),
            ("On 17 April 2023 from 06:10 to 06:55.", "On 17 April 2023 from 06:10 to 06:55."),
        ] {
            let words = english(text).split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words, expected);
        }
    }

    #[test]
    fn lines_state_milestones() {
        for (line, expected) in [
            ("Störung behoben", Some(ResolvedAt)),
            ("Ursache gefunden: volle Platte", Some(IdentifiedAt)),
            ("Début de l'incident", Some(ImpactStart)),
            ("Servicio restablecido", Some(ImpactEnd)),
            ("Causa raiz identificada", Some(IdentifiedAt)),
            ("検知 — ユーザーが報告", Some(DetectedAt)),
            ("復旧確認", Some(ImpactEnd)),
            ("復旧開始", None),
            ("发现问题", Some(DetectedAt)),
            ("恢复开始", None),
            ("Alarms were silenced", None),
            ("Alerta", Some(DetectedAt)),
        ] {
            assert_eq!(of_line(line).map(|(name, _)| name), expected, "{line}");
        }
    }
}
