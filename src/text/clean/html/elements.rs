//! The kinds of HTML elements.

use std::collections::BTreeMap;

/// Elements that are nested deeper than this, or left open, are removed before parsing, since the
/// time of the parser grows with the square of their number.
const MAX_OPEN: usize = 500;

/// The HTML without its tags, if its elements are nested too deeply; otherwise `None`.
pub(crate) fn without_deep_tags(html: &str) -> Option<String> {
    let is_tag = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    let (mut depth, mut deepest) = (0usize, 0usize);
    for rest in html.split('<').skip(1).filter(|rest| is_tag(rest)) {
        let name = rest.trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        let count = open.entry(name.to_ascii_lowercase()).or_default();
        if !rest.starts_with('/')
            && !ENDS_BY_ITSELF.iter().any(|known| name.eq_ignore_ascii_case(known))
        {
            *count += 1;
            depth += 1;
            deepest = deepest.max(depth);
        } else if rest.starts_with('/') && *count > 0 {
            *count -= 1;
            depth -= 1;
        }
    }
    (deepest > MAX_OPEN).then(|| {
        let mut parts = html.split('<');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for rest in parts {
            match rest.split_once('>').filter(|_| is_tag(rest)) {
                Some((_, after)) => text.push_str(after),
                None => text.extend(["&lt;", rest]),
            }
        }
        text
    })
}

/// Elements that have no end tag, or that the next element of their kind ends.
const ENDS_BY_ITSELF: [&str; 12] =
    ["br", "hr", "img", "input", "wbr", "p", "li", "dt", "dd", "tr", "td", "th"];

/// Elements whose text is not for readers, or is only there to be clicked or filled in.
pub(crate) fn is_without_text(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "embed"
            | "svg"
            | "math"
            | "head"
            | "title"
            | "textarea"
            | "select"
            | "button"
            | "input"
            | "link"
            | "meta"
    )
}

/// Elements that are part of a line and neither start nor end one. Custom elements are inline too,
/// unless they contain a block.
pub(crate) fn is_inline(name: &str) -> bool {
    let is_known = matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "br"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    );
    is_known || name.contains('-')
}
