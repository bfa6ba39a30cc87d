//! The document as self-contained Markdown.

use indexmap::IndexMap;

use super::document::{Block, Document, Inline};

/// The document as Markdown, with one blank line between blocks. Markdown cannot contain drawings,
/// so each figure becomes its description, and its lines become rows of block characters.
pub fn write(document: &Document, sparklines: &IndexMap<String, Vec<(String, String)>>) -> Vec<u8> {
    let blocks =
        document.blocks.iter().flat_map(|block| without_figures(block, sparklines)).collect();
    Document { blocks }.to_markdown().into_bytes()
}

fn without_figures(
    block: &Block,
    sparklines: &IndexMap<String, Vec<(String, String)>>,
) -> Vec<Block> {
    let all = |blocks: &[Block]| {
        blocks.iter().flat_map(|block| without_figures(block, sparklines)).collect::<Vec<_>>()
    };
    match block {
        Block::Figure { name, alt } => {
            sentence(alt, sparklines.get(name).map_or(&[], Vec::as_slice))
        }
        Block::List { start, items } => {
            vec![Block::List { start: *start, items: items.iter().map(|item| all(item)).collect() }]
        }
        Block::Quote(inner) => vec![Block::Quote(all(inner))],
        // The viewer of the Markdown decides on the layout.
        Block::Styled { block, .. } => without_figures(block, sparklines),
        Block::Heading { .. }
        | Block::Paragraph(_)
        | Block::Table { .. }
        | Block::Code { .. }
        | Block::Rule => {
            vec![block.clone()]
        }
    }
}

fn sentence(alt: &str, sparklines: &[(String, String)]) -> Vec<Block> {
    let mut content = vec![Inline::Text(alt.trim().to_owned())];
    for (name, characters) in sparklines.iter().filter(|(_, characters)| !characters.is_empty()) {
        content.push(Inline::HardBreak);
        content.push(Inline::Code(characters.clone()));
        if sparklines.len() > 1 {
            content.push(Inline::Text(format!(" {name}")));
        }
    }
    if alt.trim().is_empty() && content.len() == 1 {
        Vec::new()
    } else {
        vec![Block::Paragraph(content)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figure_becomes_its_alt_text_and_sparkline() {
        let document =
            Document::from_markdown("a\n\n![Rate: 1 to 9.](figure:rate)\n\n- ![b](figure:none)")
                .value;
        let sparklines =
            IndexMap::from([("rate".to_owned(), vec![("rate".to_owned(), "▁▂█".to_owned())])]);
        assert_eq!(
            String::from_utf8(write(&document, &sparklines)).unwrap(),
            "a\n\nRate: 1 to 9.\\\n`▁▂█`\n\n- b\n"
        );
    }
}
