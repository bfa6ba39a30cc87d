//! Extracts follow-ups: list items, table rows, or promises in running text.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::model::action::{ActionItem, ActionStatus, ActionType};
use crate::sources::writeups::outline::labels::is_placeholder;
use crate::sources::writeups::shape::blocks::{Block, Heading, Item, Table, blocks, plain};
use crate::sources::writeups::times::clock::day_of;
use crate::text::clean::{TextKind, clean_markdown, sentences};

/// Returns the follow-ups of a section, and the text that does not belong to any of them.
pub(crate) fn follow_ups(text: &str) -> (Vec<ActionItem>, String) {
    let mut found = Found::default();
    let blocks = blocks(text);
    if let Some(items) = headed(&blocks) {
        let numbered = (1..).zip(items);
        return (
            numbered
                .map(|(number, item)| ActionItem { id: Some(format!("A{number}")), ..item })
                .collect(),
            String::new(),
        );
    }
    let mut is_advice = false;
    for block in blocks {
        if !matches!(block, Block::List(_)) {
            is_advice = matches!(block, Block::Paragraph(text) if is_for_others(text));
        }
        match block {
            Block::List(list)
                if is_advice || list.items.iter().all(|item| is_advice_item(item)) =>
            {
                found.text(list.whole);
            }
            Block::List(list) => list.items.iter().for_each(|item| found.item(item)),
            Block::Table(table) => found.table(&table),
            Block::Heading(heading) => found.group = Some(Group { heading, is_told: false }),
            Block::Paragraph(text) | Block::Other(text) => found.text(text),
        }
    }
    let mut rest = found.rest.join("\n\n");
    if found.items.is_empty() {
        let promised: Vec<&str> =
            sentences(&rest).filter(|sentence| is_promise(sentence)).collect();
        found.items = promised.iter().map(|sentence| item(sentence)).collect();
        // If there is nothing but promises, the text would only repeat them.
        if sentences(&rest).all(is_promise) {
            rest.clear();
        }
    }
    let numbered = (1..)
        .zip(found.items)
        .map(|(number, item)| ActionItem { id: Some(format!("A{number}")), ..item });
    (numbered.collect(), rest)
}

/// Returns follow-ups that each have a numbered heading with text below: `#### 1) Cleanup
/// scheduled`.
fn headed(blocks: &[Block<'_>]) -> Option<Vec<ActionItem>> {
    static NUMBER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\d{1,2}[.)]\s+").expect("valid built-in regex"));
    let [Block::Heading(_), ..] = blocks else { return None };
    let mut items: Vec<String> = Vec::new();
    for block in blocks {
        match block {
            Block::Heading(heading) => {
                let number = NUMBER.find(heading.text)?;
                items.push(heading.text[number.end()..].to_owned());
            }
            Block::Paragraph(text) | Block::Other(text) => {
                let item = items.last_mut()?;
                *item = format!("{item}\n\n{text}");
            }
            Block::List(list) => {
                let item = items.last_mut()?;
                *item = format!("{item}\n\n{}", list.whole);
            }
            Block::Table(_) => return None,
        }
    }
    Some(items.iter().map(|text| item(text)).collect())
}

/// Whether a paragraph introduces advice to readers, not follow-ups of the team.
fn is_for_others(text: &str) -> bool {
    static FOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^for (?:[\w-]+ ){0,3}(?:users|maintainers|customers|developers|readers|administrators|operators|you)\b[^.]*:\s*$|\b(?:you|users|customers) (?:can|should|may)\b[^.]*:\s*$")
            .expect("valid built-in regex")
    });
    FOR.is_match(plain(text).trim())
}

/// Whether a list item is advice to readers.
fn is_advice_item(item: &Item<'_>) -> bool {
    static ADVICE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:[\w-]+ )?(?:users|maintainers|customers|readers|everyone|you) (?:should|can|may|must)\b")
            .expect("valid built-in regex")
    });
    item.first().is_some_and(|line| ADVICE.is_match(plain(line).trim()))
}

#[derive(Default)]
struct Found<'t> {
    items: Vec<ActionItem>,
    rest: Vec<String>,
    group: Option<Group<'t>>,
}

/// A heading within the section, above a group of follow-ups.
struct Group<'t> {
    heading: Heading<'t>,
    /// Whether the heading is already in the remaining text.
    is_told: bool,
}

impl Found<'_> {
    fn item(&mut self, lines: &Item<'_>) {
        let text = lines.join("\n");
        if !is_placeholder(&text) {
            self.push(item(&text));
        }
    }

    /// Adds an item. The heading above it becomes its type, or is appended to its text.
    fn push(&mut self, item: ActionItem) {
        let Some(group) = self.group.as_ref().filter(|group| !group.is_told) else {
            return self.items.push(item);
        };
        let title = plain(group.heading.text);
        self.items.push(match purpose(&title) {
            Some(kind) => ActionItem { kind: item.kind.or(Some(kind)), ..item },
            None => ActionItem { text: format!("{} ({title})", item.text), ..item },
        });
    }

    /// Adds text that is not a follow-up. `None.` below a heading is dropped.
    fn text(&mut self, text: &str) {
        if self.group.is_some() && is_placeholder(text) {
            return;
        }
        if let Some(group) = self.group.as_mut().filter(|group| !group.is_told) {
            group.is_told = true;
            self.rest.push(group.heading.whole.to_owned());
        }
        self.rest.push(text.to_owned());
    }

    fn table(&mut self, table: &Table<'_>) {
        let heads: Vec<String> = table.head.iter().map(|head| plain(head).to_lowercase()).collect();
        let column = |words: &[&str]| {
            heads.iter().position(|head| {
                head.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
            })
        };
        let Some(text) =
            column(&["action", "item", "task", "what", "description", "actions", "todo", "follow"])
        else {
            return self.text(table.whole);
        };
        let columns = [
            column(&["type", "kind", "category"]),
            column(&["owner", "assignee", "who", "assigned", "responsible", "dri"]),
            column(&["due", "deadline", "eta", "by", "target", "expected"]),
            column(&["ticket", "bug", "issue", "jira", "link", "tracking"]),
            column(&["status", "state", "done"]),
            column(&["priority"]),
        ];
        for cells in &table.rows {
            let cell = |at: Option<usize>| {
                at.and_then(|at| cells.get(at)).copied().filter(|cell| !is_placeholder(cell))
            };
            let Some(words) = cell(Some(text)) else { continue };
            let [kind, owner, due, ticket, _, priority] = columns.map(cell);
            let mut item = item(words);
            item.kind = kind
                .and_then(|kind| plain(kind).to_lowercase().parse::<ActionType>().ok())
                .or(item.kind);
            item.owner = owner.map(plain).or(item.owner);
            item.due = due.and_then(day_of).or(item.due);
            let (ticket, said) = ticket.map(without_done).unwrap_or_default();
            item.ticket = ticket.or(item.ticket);
            let status = columns[4]
                .and_then(|at| cells.get(at))
                .map(|cell| plain(cell))
                .filter(|cell| !cell.is_empty());
            let known = status.as_deref().and_then(self::status);
            item.status = known.or(said).or(item.status);
            // Any other text or an address in the status column means open work; the text is
            // preserved.
            if let Some(words) = status.filter(|words| known.is_none() && !is_placeholder(words)) {
                let address = words.trim_matches(['<', '>']);
                item.status.get_or_insert(ActionStatus::Open);
                match TRACKER.is_match(address) && item.ticket.is_none() {
                    true => item.ticket = Some(address.to_owned()),
                    false => item.text = format!("{} ({words})", item.text),
                }
            }
            item.priority = priority.map(plain).or(item.priority);
            // Values without a field of their own are appended to the text.
            let taken: Vec<usize> = columns.into_iter().flatten().chain([text]).collect();
            let more =
                (0..cells.len()).filter(|at| !taken.contains(at)).filter_map(|at| cell(Some(at)));
            let kind_left = kind.filter(|_| item.kind.is_none());
            for words in more.chain(kind_left) {
                if item.status.is_none() && self::status(&plain(words)) == Some(ActionStatus::Done)
                {
                    item.status = Some(ActionStatus::Done);
                    continue;
                }
                item.text = format!("{} ({})", item.text, words.trim());
            }
            self.push(item);
        }
    }
}

/// Returns the type of the follow-ups below a heading.
fn purpose(title: &str) -> Option<ActionType> {
    let title = title.to_lowercase();
    let kinds = [
        ("prevent", ActionType::Prevent),
        ("detect", ActionType::Detect),
        ("mitigat", ActionType::Mitigate),
        ("process", ActionType::Process),
    ];
    kinds
        .into_iter()
        .find(|(word, _)| title.starts_with(word) && !title.contains(' '))
        .map(|(_, kind)| kind)
}

static OWNER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:owner|assignee|assigned to|dri)\b\s*:?\s*(?P<name>@?[\p{L}\d][^,;|)\]\n(]{0,40})")
        .expect("valid built-in regex")
});
static HANDLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s(\[])@(?P<name>[A-Za-z][\w.-]{1,38})").expect("valid built-in regex")
});
static DUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:due|deadline|eta|by)\b\s*:?\s*(?:date:?\s*)?(?P<day>\d{4}-\d{2}-\d{2})")
        .expect("valid built-in regex")
});
/// An address in an issue tracker.
static TRACKER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"https?://[^\s)\]>]*(?:/issues/|/browse/|/issue/|/work_items/|/tickets?/)[A-Za-z0-9._/#?=&-]*[A-Za-z0-9]",
    )
    .expect("valid built-in regex")
});
/// A ticket number after a word for it, or on its own in brackets.
static TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:(?i:ticket|jira|issue|bug|card)\s*:?\s*|[\[(])(?P<key>[A-Z][A-Z0-9]{1,9}-\d{1,6}|#\d{1,7})\b")
        .expect("valid built-in regex")
});

/// Parses one follow-up, including its owner, due day and ticket.
fn item(text: &str) -> ActionItem {
    let (text, marked) = without_mark(text.trim());
    // `**Action item**: add a limit`: the label carries no information.
    static KIND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\**(?:action(?: item)?|follow[- ]?up)(?:\*\*:|:\*\*|:)\s*")
            .expect("valid built-in regex")
    });
    let text = KIND.find(text).map_or(text, |kind| &text[kind.end()..]);
    let first = |found: Option<regex::Captures<'_>>, part: &str| {
        found.map(|found| found[part].trim().to_owned())
    };
    let owner =
        first(OWNER.captures(text), "name").or_else(|| first(HANDLE.captures(text), "name"));
    let due: Option<NaiveDate> = DUE.captures(text).and_then(|found| found["day"].parse().ok());
    let ticket = TRACKER
        .find(text)
        .map(|found| found.as_str().to_owned())
        .or_else(|| first(TICKET.captures(text), "key"));
    ActionItem {
        text: clean_markdown(text, TextKind::Document),
        owner: owner.map(|owner| plain(&owner)).filter(|owner| !is_placeholder(owner)),
        due,
        ticket,
        status: marked.or_else(|| said_done(text)),
        ..ActionItem::default()
    }
}

/// Removes the checkbox of a task list. Returns the text, and the status of the box.
fn without_mark(text: &str) -> (&str, Option<ActionStatus>) {
    for (mark, status) in [
        ("[ ] ", ActionStatus::Open),
        ("[x] ", ActionStatus::Done),
        ("[X] ", ActionStatus::Done),
        ("☐ ", ActionStatus::Open),
        ("⬜ ", ActionStatus::Open),
        ("**TODO** ", ActionStatus::Open),
        ("**TODO**: ", ActionStatus::Open),
        ("**DONE** ", ActionStatus::Done),
        ("**DONE**: ", ActionStatus::Done),
        ("☑ ", ActionStatus::Done),
        ("✅ ", ActionStatus::Done),
    ] {
        if let Some(rest) = text.strip_prefix(mark) {
            return (rest, Some(status));
        }
    }
    (text, None)
}

/// Returns the ticket in a cell, and the status after it: `OPS-12 **DONE**`.
fn without_done(cell: &str) -> (Option<String>, Option<ActionStatus>) {
    let words = plain(cell);
    let lower = words.to_lowercase();
    let said = [
        ("done", ActionStatus::Done),
        ("✅", ActionStatus::Done),
        ("fixed", ActionStatus::Done),
        ("closed", ActionStatus::Done),
        ("todo", ActionStatus::Open),
    ];
    let said = said.into_iter().find(|(word, _)| lower.ends_with(word));
    let ticket = said.map(|(word, _)| word).map_or(words.as_str(), |word| {
        words[..words.len() - word.len()].trim_end_matches(['(', '[', ' ', '-', ','])
    });
    let ticket =
        link(cell).or_else(|| Some(ticket.to_owned()).filter(|ticket| !is_placeholder(ticket)));
    (ticket, said.map(|(_, status)| status))
}

/// Returns `Done` if the text ends with a mark for it, such as `(Done)`.
fn said_done(text: &str) -> Option<ActionStatus> {
    let end = text.trim_end().trim_end_matches(['.', '*', '_']).to_lowercase();
    let is_done = ["(done)", "[done]", "- done", "– done", "✅", "✔", "(completed)", "(complete)"]
        .iter()
        .any(|word| end.ends_with(word));
    is_done.then_some(ActionStatus::Done)
}

fn status(words: &str) -> Option<ActionStatus> {
    match words.trim().to_lowercase().as_str() {
        "done" | "complete" | "completed" | "closed" | "yes" | "fixed" | "✅" | "☑" => {
            Some(ActionStatus::Done)
        }
        "open" | "todo" | "to do" | "not started" | "new" | "planned" | "no" => {
            Some(ActionStatus::Open)
        }
        "in progress" | "in_progress" | "ongoing" | "started" | "wip" => {
            Some(ActionStatus::InProgress)
        }
        "dropped" | "wontfix" | "won't fix" | "rejected" | "cancelled" => {
            Some(ActionStatus::Dropped)
        }
        _ => None,
    }
}

/// Returns the address of a Markdown link.
fn link(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("](")?;
    rest.split_once(')').map(|(address, _)| address.to_owned())
}

/// Words for a promise of work.
static PROMISE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:we|they|it|efforts|steps?|team)(?:['’]ll| will| also will| plan| also plan| are going| intend| are (?:also )?(?:working|investigating|planning|committed|adding|implementing)|['’]re (?:also )?(?:going|working|investigating|planning|adding)| need| should| also need| are also going| are now)\b|\bnext steps focus\b",
    )
    .expect("valid built-in regex")
});

/// Words for something that should have been done, which is a regret rather than a promise.
static REGRET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bshould(?:n['’]t| not| never)? have\b").expect("valid built-in regex")
});

fn is_promise(sentence: &str) -> bool {
    PROMISE.is_match(sentence) && !REGRET.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let (items, rest) = follow_ups(text);
        let item = |item: &ActionItem| {
            let more: Vec<String> = [
                item.kind.map(|kind| kind.to_string()),
                item.owner.clone(),
                item.due.map(|due| due.to_string()),
                item.ticket.clone(),
                item.status.map(|status| status.to_string()),
                item.priority.clone(),
            ]
            .into_iter()
            .flatten()
            .collect();
            format!(
                "{}: {} [{}]",
                item.id.as_deref().unwrap_or_default(),
                item.text.replace('\n', "/"),
                more.join(", ")
            )
        };
        items
            .iter()
            .map(item)
            .chain(Some(format!("rest: {rest}")).filter(|_| !rest.is_empty()))
            .collect()
    }

    #[test]
    fn list_items_give_owner_due_date_and_ticket() {
        let text = "We will:\n\n- [x] Alert on it (owner: responder-1, due 2026-04-01)\n- Give it a limit [SHOP-811](https://example.com/browse/SHOP-811)\n  - and test it\n- Ask @someone-else\n- Read a [ticket](https://example.com/a/issues/3185) (Done)\n- Use SHA-256\n- N/A\n-\n";
        assert_eq!(
            told(text),
            [
                "A1: Alert on it (owner: responder-1, due 2026-04-01) [responder-1, 2026-04-01, done]",
                "A2: Give it a limit [SHOP-811](https://example.com/browse/SHOP-811)/- and test it [https://example.com/browse/SHOP-811]",
                "A3: Ask @someone-else [someone-else]",
                "A4: Read a [ticket](https://example.com/a/issues/3185) (Done) [https://example.com/a/issues/3185, done]",
                "A5: Use SHA-256 []",
                "rest: We will:"
            ]
        );
    }

    #[test]
    fn follow_up_table_is_read_by_column() {
        let text = "| Action Item | Type | Owner | Bug | Effort |\n|---|---|---|---|---|\n| Update playbook | mitigate | responder-2 | n/a | high |\n| Use flux balance | prevent | | OPS-12 **DONE** | |\n| Ask | | | n/a DONE | |\n| Test | | | Bug 12 **TODO** | Done |\n| Look | magic | | | |";
        assert_eq!(
            told(text),
            [
                "A1: Update playbook (high) [mitigate, responder-2]",
                "A2: Use flux balance [prevent, OPS-12, done]",
                "A3: Ask [done]",
                "A4: Test (Done) [Bug 12, open]",
                "A5: Look (magic) []"
            ]
        );
    }

    #[test]
    fn headings_give_the_type_of_their_items() {
        assert_eq!(
            told(
                "### Prevention\n\n- Pin it\n\n### Mitigation\n\nNone.\n\n### Short term\n\n| Action | Owner |\n|---|---|\n| Page | ann |\n\n### Later\n\nPerhaps."
            ),
            ["A1: Pin it [prevent]", "A2: Page (Short term) [ann]", "rest: ### Later\n\nPerhaps."]
        );
    }

    #[test]
    fn promises_in_prose_become_follow_ups() {
        assert_eq!(
            told("It was bad. We will add alerts. It rained."),
            ["A1: We will add alerts. []", "rest: It was bad. We will add alerts. It rained."]
        );
        assert_eq!(
            told("We will add alerts. We also plan to test."),
            ["A1: We will add alerts. []", "A2: We also plan to test. []"]
        );
        assert_eq!(told("Nothing."), ["rest: Nothing."]);
        assert_eq!(
            told("It should not have been possible."),
            ["rest: It should not have been possible."]
        );
    }
}
