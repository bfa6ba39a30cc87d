//! The web pages that Statuspage makes: its own reader claims them, and that of saved pages leaves them to it.

/// What stands in an element of the history page, with its data beside it.
const INDEX: &str = "data-react-class=\"HistoryIndex\"";

/// What the head of every page of the product has beside the link to its feed.
const HEADS: [&str; 3] = ["<meta name=\"issued\"", "statuspage", "layout-content"];

/// Whether the beginning of a web page is that of such a page.
pub(in crate::sources::status) fn is_hosted(head: &str) -> bool {
    let is_page = head.contains("/history.atom") && HEADS.iter().any(|mark| head.contains(mark));
    let has_incident = [
        "class=\"status-day ",
        "class=\"incident-updates-container",
        "class=\"unresolved-incident ",
    ];
    is_page || head.contains(INDEX) || has_incident.iter().any(|mark| head.contains(mark))
}
