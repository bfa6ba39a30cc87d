//! Flattens blocks to inline text, for table cells.

use super::tree::{Block, Document, Inline};

impl Document {
    /// All content as inline text, with a line for each paragraph, item and row. Only the structure
    /// is lost.
    pub fn into_line(self) -> Vec<Inline> {
        let mut lines = Vec::new();
        for block in self.blocks {
            lines_of(block, "", &mut lines);
        }
        let mut content = Vec::new();
        for line in lines {
            if !content.is_empty() {
                content.push(Inline::HardBreak);
            }
            content.extend(line);
        }
        content
    }
}

fn lines_of(block: Block, mark: &str, lines: &mut Vec<Vec<Inline>>) {
    let marked = |content: Vec<Inline>| {
        if mark.is_empty() {
            content
        } else {
            std::iter::once(Inline::Text(mark.to_owned())).chain(content).collect()
        }
    };
    match block {
        Block::Heading { content, .. } => lines.push(marked(vec![Inline::Strong(content)])),
        Block::Paragraph(content) => lines.push(marked(content)),
        Block::List { start, items } => {
            for (index, item) in items.into_iter().enumerate() {
                let mark = start.map_or("• ".to_owned(), |first| {
                    format!("{}. ", first.saturating_add(index as u64))
                });
                for (nth, inner) in item.into_iter().enumerate() {
                    lines_of(inner, if nth == 0 { &mark } else { "" }, lines);
                }
            }
        }
        Block::Table { header, rows, .. } => {
            for row in std::iter::once(header).chain(rows) {
                let cells = row.into_iter().enumerate().flat_map(|(index, cell)| {
                    let gap = (index > 0).then(|| Inline::Text(" · ".into()));
                    gap.into_iter().chain(cell)
                });
                lines.push(marked(cells.collect()));
            }
        }
        Block::Code { text, .. } => {
            let code = text
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(|line| vec![Inline::Code(line.to_owned())]);
            lines.extend(code);
        }
        Block::Quote(blocks) => blocks.into_iter().for_each(|block| lines_of(block, "", lines)),
        Block::Figure { alt, .. } => lines.push(marked(vec![Inline::Text(alt)])),
        Block::Styled { block, .. } => lines_of(*block, mark, lines),
        Block::Rule => {}
    }
}
