//! Headings in other languages, one table per language: whole headings, in lower case and without
//! apostrophes.

use crate::sources::record::SectionName::{
    self, Detection, FollowUps, Impact, Lessons, Mitigation, Resolution, RootCause, Summary,
    Timeline, Trigger, WentPoorly, WentWell,
};

type Headings = &'static [(SectionName, &'static [&'static str])];

/// Every language.
pub(super) const LANGUAGES: [Headings; 6] =
    [GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE, CHINESE];

const GERMAN: Headings = &[
    (
        Summary,
        &[
            "zusammenfassung",
            "überblick",
            "kurzfassung",
            "was ist passiert",
            "was passiert ist",
            "beschreibung",
        ],
    ),
    (
        Impact,
        &[
            "auswirkung",
            "auswirkungen",
            "auswirkungen auf kunden",
            "betroffene dienste",
            "wer war betroffen",
        ],
    ),
    (Trigger, &["auslöser"]),
    (RootCause, &["ursache", "ursachen", "grundursache", "fehlerursache", "ursachenanalyse"]),
    (Detection, &["erkennung", "entdeckung"]),
    (Mitigation, &["sofortmaßnahmen", "gegenmaßnahmen"]),
    (Resolution, &["lösung", "behebung", "wiederherstellung"]),
    (FollowUps, &["maßnahmen", "nächste schritte", "folgemaßnahmen", "offene punkte", "aufgaben"]),
    (Lessons, &["erkenntnisse", "was wir gelernt haben", "gelernt", "lehren"]),
    (WentWell, &["was gut lief", "was lief gut", "was gut funktioniert hat"]),
    (WentPoorly, &["was schlecht lief", "was lief schlecht", "was nicht gut lief"]),
    (
        Timeline,
        &["zeitleiste", "zeitlicher ablauf", "ablauf", "verlauf", "chronologie", "zeitverlauf"],
    ),
];

const FRENCH: Headings = &[
    (
        Summary,
        &[
            "résumé",
            "résumé de lincident",
            "synthèse",
            "que sest il passé",
            "description",
            "contexte",
        ],
    ),
    (Impact, &["impact", "impacts", "conséquences", "services affectés", "impact client"]),
    (Trigger, &["déclencheur", "élément déclencheur"]),
    (
        RootCause,
        &[
            "cause racine",
            "causes racines",
            "cause",
            "causes",
            "cause première",
            "analyse des causes",
        ],
    ),
    (Detection, &["détection"]),
    (Mitigation, &["atténuation", "mesures immédiates"]),
    (Resolution, &["résolution", "rétablissement"]),
    (
        FollowUps,
        &[
            "actions",
            "plan daction",
            "plan dactions",
            "actions correctives",
            "prochaines étapes",
            "suites",
        ],
    ),
    (Lessons, &["leçons", "leçons apprises", "enseignements", "ce que nous avons appris"]),
    (WentWell, &["ce qui a bien fonctionné", "ce qui sest bien passé"]),
    (WentPoorly, &["ce qui a mal fonctionné", "ce qui sest mal passé"]),
    (
        Timeline,
        &["chronologie", "chronologie de lincident", "déroulement", "chronologie des événements"],
    ),
];

const SPANISH: Headings = &[
    (
        Summary,
        &[
            "resumen",
            "resumen ejecutivo",
            "resumen del incidente",
            "qué pasó",
            "qué ocurrió",
            "descripción",
        ],
    ),
    (Impact, &["impacto", "impacto en los clientes", "servicios afectados", "consecuencias"]),
    (Trigger, &["desencadenante", "detonante"]),
    (RootCause, &["causa raíz", "causas raíz", "causa", "causas", "análisis de causa raíz"]),
    (Detection, &["detección"]),
    (Mitigation, &["mitigación"]),
    (Resolution, &["resolución", "solución", "recuperación"]),
    (
        FollowUps,
        &[
            "acciones",
            "acciones correctivas",
            "plan de acción",
            "próximos pasos",
            "tareas",
            "seguimiento",
        ],
    ),
    (Lessons, &["lecciones", "lecciones aprendidas", "aprendizajes", "qué aprendimos"]),
    (WentWell, &["qué salió bien", "lo que salió bien"]),
    (WentPoorly, &["qué salió mal", "lo que salió mal"]),
    (Timeline, &["cronología", "línea de tiempo", "línea temporal", "cronología del incidente"]),
];

const PORTUGUESE: Headings = &[
    (
        Summary,
        &[
            "resumo",
            "resumo executivo",
            "resumo do incidente",
            "o que aconteceu",
            "descrição",
            "visão geral",
        ],
    ),
    (
        Impact,
        &["impacto", "impactos", "serviços afetados", "impacto nos clientes", "consequências"],
    ),
    (Trigger, &["gatilho"]),
    (RootCause, &["causa raiz", "causas raiz", "causa", "causas", "análise de causa raiz"]),
    (Detection, &["detecção", "deteção"]),
    (Mitigation, &["mitigação"]),
    (Resolution, &["resolução", "solução", "recuperação"]),
    (
        FollowUps,
        &[
            "ações",
            "ações corretivas",
            "plano de ação",
            "próximos passos",
            "tarefas",
            "itens de ação",
        ],
    ),
    (Lessons, &["lições", "lições aprendidas", "aprendizados", "o que aprendemos"]),
    (WentWell, &["o que deu certo", "o que correu bem", "o que funcionou bem"]),
    (WentPoorly, &["o que deu errado", "o que correu mal"]),
    (Timeline, &["cronologia", "linha do tempo", "linha temporal", "cronologia do incidente"]),
];

const JAPANESE: Headings = &[
    (Summary, &["概要", "要約", "障害概要", "障害の概要", "サマリー", "事象"]),
    (Impact, &["影響", "影響範囲", "影響内容", "障害の影響", "インパクト"]),
    (Trigger, &["きっかけ", "トリガー", "契機"]),
    (RootCause, &["原因", "根本原因", "障害原因", "発生原因", "障害の原因"]),
    (Detection, &["検知", "検出", "発見"]),
    (Mitigation, &["暫定対応", "応急対応", "緩和策"]),
    (Resolution, &["対応", "対応内容", "復旧", "解決", "復旧対応"]),
    (
        FollowUps,
        &["再発防止策", "再発防止", "今後の対応", "恒久対応", "アクションアイテム", "アクション"],
    ),
    (Lessons, &["教訓", "学び", "学んだこと", "振り返り"]),
    (WentWell, &["うまくいったこと", "良かったこと", "良かった点"]),
    (WentPoorly, &["うまくいかなかったこと", "悪かったこと", "悪かった点"]),
    (Timeline, &["タイムライン", "時系列", "経緯", "経過", "対応経緯"]),
];

const CHINESE: Headings = &[
    (Summary, &["摘要", "概述", "概要", "总结", "事件概述", "故障概述", "故障描述", "事故概述"]),
    (Impact, &["影响", "影响范围", "故障影响", "业务影响", "影响面"]),
    (Trigger, &["触发原因", "触发条件", "诱因"]),
    (RootCause, &["原因", "根本原因", "根因", "故障原因", "原因分析", "根因分析", "事故原因"]),
    (Detection, &["发现", "检测", "故障发现"]),
    (Mitigation, &["缓解措施", "应急措施", "止损"]),
    (Resolution, &["解决方案", "解决", "恢复", "处理方案", "故障恢复"]),
    (FollowUps, &["改进措施", "后续措施", "后续行动", "行动项", "改进项", "后续改进", "待办事项"]),
    (Lessons, &["经验教训", "教训", "复盘", "反思"]),
    (WentWell, &["做得好的", "做得好的地方"]),
    (WentPoorly, &["做得不好的", "做得不好的地方", "不足"]),
    (Timeline, &["时间线", "时间轴", "故障时间线", "处理过程", "事件经过", "故障过程"]),
];
