//! One write-up in every document format: each gives the same incident as its Markdown.

use std::io::Write as _;

use super::*;
use crate::diag::Diagnostic;
use crate::sources::ReadOptions;
use crate::sources::readable::readable;
use crate::sources::record::{DocumentRecord, Record};

const OUTAGE: &str = include_str!("fixtures/outage.md");

/// An archive of files, every second one compressed.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut all, mut list) = (Vec::new(), Vec::new());
    for (index, (name, text)) in files.iter().enumerate() {
        let mut packed = text.as_bytes().to_vec();
        if index % 2 == 1 {
            let mut deflate =
                flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            deflate.write_all(text.as_bytes()).unwrap();
            packed = deflate.finish().unwrap();
        }
        let method: u16 = if index % 2 == 1 { 8 } else { 0 };
        let mut sizes = Vec::new();
        sizes.extend(method.to_le_bytes());
        sizes.extend([0; 8]);
        sizes.extend((packed.len() as u32).to_le_bytes());
        sizes.extend((text.len() as u32).to_le_bytes());
        sizes.extend((name.len() as u16).to_le_bytes());
        sizes.extend([0; 2]);
        list.extend(b"PK\x01\x02\x14\0\x14\0\0\0");
        list.extend(&sizes);
        list.extend([0; 10]);
        list.extend((all.len() as u32).to_le_bytes());
        list.extend(name.as_bytes());
        all.extend(b"PK\x03\x04\x14\0\0\0");
        all.extend(&sizes);
        all.extend(name.as_bytes());
        all.extend(packed);
    }
    let at = all.len() as u32;
    all.extend(&list);
    all.extend(b"PK\x05\x06\0\0\0\0");
    all.extend((files.len() as u16).to_le_bytes().repeat(2));
    all.extend((list.len() as u32).to_le_bytes());
    all.extend(at.to_le_bytes());
    all.extend([0; 2]);
    all
}

fn docx(body: &str) -> Vec<u8> {
    let body =
        format!("<w:document xmlns:w=\"w\" xmlns:r=\"r\"><w:body>{body}</w:body></w:document>");
    zip(&[
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", &body),
        ("word/styles.xml", include_str!("fixtures/word-styles.xml")),
        ("word/numbering.xml", include_str!("fixtures/word-numbering.xml")),
        (
            "word/_rels/document.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Target=\"https://example.com/d/search\" TargetMode=\"External\"/></Relationships>",
        ),
        (
            "word/footnotes.xml",
            "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p/></w:footnote></w:footnotes>",
        ),
    ])
}

fn odt(body: &str) -> Vec<u8> {
    let content = include_str!("fixtures/content.xml").replace("BODY", body);
    zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", &content),
        ("styles.xml", "<styles/>"),
        ("META-INF/manifest.xml", "<manifest/>"),
    ])
}

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Vec<DocumentRecord>, Box<Diagnostic>> {
    let readable = readable(Input::new(name, bytes))?;
    let source = crate::sources::detect::choose(&readable.input, None)
        .map_err(|error| Box::new(Diagnostic::error(error.to_string())))?;
    assert_eq!(source.id(), "document", "{name}");
    let records = source
        .read(&readable.input, &ReadOptions::default())
        .map_err(|error| Box::new(readable.problem("cannot read", error)))?;
    let document = |record| match record {
        Record::Document(document) => Some(*document),
        _ => None,
    };
    Ok(records.value.into_iter().filter_map(document).collect())
}

/// The record without what differs between the formats: its name, line numbers and empty lines.
fn comparable(mut records: Vec<DocumentRecord>) -> DocumentRecord {
    let mut record = records.remove(0);
    assert!(records.is_empty());
    record.id.clear();
    record.dated = None;
    record.roles.authors.clear();
    record.tags.clear();
    record.rows.iter_mut().for_each(|row| row.line = None);
    record.in_prose.iter_mut().for_each(|found| found.line = None);
    let close = |text: &mut String| *text = text.replace("\n\n", "\n");
    record.sections.iter_mut().for_each(|(_, text)| close(text));
    record
}

fn text_of(name: &str, bytes: Vec<u8>) -> String {
    let readable = readable(Input::new(name, bytes)).unwrap();
    String::from_utf8(readable.input.bytes).unwrap()
}

#[test]
fn every_document_format_gives_the_same_incident() {
    let expected = comparable(read("outage.md", OUTAGE).unwrap());
    assert_eq!(expected.rows.len(), 4);
    assert_eq!(expected.follow_ups.len(), 2);
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let (_, body) = OUTAGE.split_once("\n\n").unwrap();
    let title = json("Search was down on 17 March 2026");
    let forms: [(&str, Vec<u8>); 12] = [
        ("outage.docx", docx(include_str!("fixtures/word-body.xml"))),
        ("outage.odt", odt(include_str!("fixtures/odt-body.xml"))),
        ("outage.eml", include_bytes!("fixtures/plain.eml").to_vec()),
        ("outage.eml", include_bytes!("fixtures/html.eml").to_vec()),
        (
            "outage.ipynb",
            format!("{{\"cells\": [{{\"cell_type\": \"markdown\", \"source\": [{}]}}], \"nbformat\": 4}}", json(OUTAGE)).into(),
        ),
        (
            "issue.json",
            format!("{{\"title\": {title}, \"number\": 7, \"body\": {}, \"comments\": []}}", json(body)).into(),
        ),
        (
            "issue.json",
            format!(
                "{{\"iid\": 7, \"description\": {}, \"title\": {title}, \"notes\": [{{\"system\": true, \"note\": \"closed\"}}]}}",
                json(&body.replace('\n', "\r\n"))
            )
            .into(),
        ),
        ("outage.rst", include_bytes!("fixtures/outage.rst").to_vec()),
        ("outage.org", include_bytes!("fixtures/outage.org").to_vec()),
        ("outage.textile", include_bytes!("fixtures/outage.textile").to_vec()),
        ("outage.txt", include_bytes!("fixtures/outage.jira").to_vec()),
        ("outage.adoc", include_bytes!("fixtures/outage.adoc").to_vec()),
    ];
    for (name, bytes) in forms {
        let found = comparable(read(name, bytes).unwrap_or_else(|error| panic!("{name}: {error}")));
        let lines = |record: &DocumentRecord| {
            format!("{record:#?}").lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let (found, expected) = (lines(&found), lines(&expected));
        let at = found.iter().zip(&expected).position(|(found, expected)| found != expected);
        assert_eq!(at.map(|at| (&found[at], &expected[at])), None, "{name}");
        assert_eq!(found.len(), expected.len(), "{name}");
    }
}

fn refusal(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let error = match readable(Input::new(name, bytes)) {
        Ok(readable) => {
            let error =
                crate::sources::detect::choose(&readable.input, None).map(|_| ()).unwrap_err();
            return format!("{name}: {error}; {}", error.hint().unwrap_or_default());
        }
        Err(error) => error,
    };
    assert_eq!(&*error.place.as_ref().unwrap().file, name);
    format!("{name}: {}; {}", error.message, error.hints.join("; "))
}

#[test]
fn unsupported_documents_are_refused_by_name() {
    let stream = |name: &str| {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    let of =
        |kind: &str| zip(&[("mimetype", &format!("application/vnd.oasis.opendocument.{kind}"))]);
    let encrypted = zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
    ]);
    let found = [
        refusal("a.doc", stream("WordDocument")),
        refusal("a.docx", stream("EncryptedPackage")),
        refusal("a.ppt", stream("PowerPoint Document")),
        refusal("a.xls", stream("Workbook")),
        refusal("a.msg", stream("__substg1.0_0037001F")),
        refusal("a.bin", stream("x")),
        refusal("a.rtf", "{\\rtf1 text}"),
        refusal("a.pptx", zip(&[("ppt/presentation.xml", "")])),
        refusal("a.xlsx", zip(&[("xl/workbook.xml", "")])),
        refusal("a.pages", zip(&[("Index/Document.iwa", "")])),
        refusal("a.epub", zip(&[("META-INF/container.xml", "")])),
        refusal("a.ods", of("spreadsheet")),
        refusal("a.odp", of("presentation")),
        refusal("a.odt", encrypted),
        refusal("a.zip", zip(&[("a.md", "# Outage")])),
        refusal("a.ipynb", "{\"a\": 1}"),
        refusal(
            "a.json",
            "[{\"title\": \"A\", \"body\": \"a\", \"number\": 1}, {\"title\": \"B\", \"body\": \"b\", \"number\": 2}]",
        ),
    ];
    insta::assert_snapshot!(found.join("\n"), @"
    a.doc: cannot read this file: this is a Word document in the old format (.doc); save it as .docx
    a.docx: cannot read this file: this is an encrypted document; save it without a password
    a.ppt: cannot read this file: this is a presentation in the old format (.ppt); save its text as .docx, HTML or Markdown
    a.xls: cannot read this file: this is a spreadsheet in the old format (.xls); save the sheet as CSV, or copy it into a Markdown table
    a.msg: cannot read this file: this is a mail in the format of Outlook (.msg); save it as .eml or HTML
    a.bin: cannot read this file: this is a document in an old format of Microsoft Office; save it as .docx, .odt or HTML
    a.rtf: cannot read this file: this is a document in the Rich Text Format (.rtf); save it as .docx, .odt or HTML
    a.pptx: cannot read this file: this is a presentation (PowerPoint); save its text as .docx, HTML or Markdown
    a.xlsx: cannot read this file: this is a spreadsheet (Excel); save the sheet as CSV, or copy it into a Markdown table
    a.pages: cannot read this file: this is a document of Pages (.pages); export it as Word (.docx)
    a.epub: cannot read this file: this is an electronic book (EPUB); save its text as HTML
    a.ods: cannot read this file: this is a spreadsheet (OpenDocument); save the sheet as CSV, or copy it into a Markdown table
    a.odp: cannot read this file: this is a presentation (OpenDocument); save its text as .docx, HTML or Markdown
    a.odt: cannot read this file: this is an encrypted document; save it without a password
    a.zip: this is a zip archive, not text; unpack it first
    a.ipynb: cannot read this file: this is not a notebook: it has no `nbformat`; 
    a.json: cannot read this file: it contains 2 issues; export them one by one: gh issue view NUMBER --json title,body,comments
    ");
}

#[test]
fn damaged_and_hostile_files_are_errors_with_places() {
    let body = include_str!("fixtures/word-body.xml");
    let whole = docx(body);
    let in_docx = |xml: &str| zip(&[("a", ""), ("word/document.xml", xml)]);
    let bomb = " ".repeat(40 * 1024 * 1024);
    let deep = "<a>".repeat(100_000);
    let mut latin = in_docx("<a>caf\u{e9}</a>");
    let packed = zip(&[("word/document.xml", "<a>caf\u{e9}</a>")]);
    let at = packed.windows(2).position(|pair| pair == "\u{e9}".as_bytes()).unwrap();
    latin.clone_from(&packed);
    latin[at + 1] = b'<';
    let found = [
        refusal("a.docx", &whole[..whole.len() / 2]),
        refusal("a.docx", &whole[..whole.len() - 10]),
        refusal("a.docx", in_docx(&bomb)),
        refusal("a.docx", in_docx(&deep)),
        refusal("a.docx", in_docx("<a><b></a>")),
        refusal("a.docx", in_docx("<a><b>")),
        refusal("a.docx", in_docx("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")),
        refusal("a.docx", in_docx("<a>&b;</a>")),
        refusal("a.docx", latin),
        refusal("a.eml", "# Outage"),
        refusal("a.eml", "Subject: x\nContent-Type: image/png\n\nx"),
        refusal("a.ipynb", "{\"nbformat\": 4, \"cells\": ["),
    ];
    insta::assert_snapshot!(found.join("\n"), @"
    a.docx: cannot read this file: its list of parts is missing: it was cut short; save or send it again
    a.docx: cannot read this file: its list of parts is missing: it was cut short; save or send it again
    a.docx: cannot read this file: `word/document.xml` in it unpacks to more than 32 MiB; 
    a.docx: cannot read this file: `word/document.xml` in it is nested too deeply; save or send it again
    a.docx: cannot read this file: `word/document.xml` in it is not XML: ill-formed document: expected `</b>`, but `</a>` was found; save or send it again
    a.docx: cannot read this file: `word/document.xml` in it was cut short; save or send it again
    a.docx: cannot read this file: `word/document.xml` in it defines entities, which are not supported; save or send it again
    a.docx: cannot read this file: `word/document.xml` in it has an unknown entity, `&b;`; save or send it again
    a.docx: cannot read this file: `word/document.xml` in it is not valid UTF-8 at byte 6; save or send it again
    a.eml: cannot read this file: it does not begin with the headers of a mail; save the mail again
    a.eml: cannot read this file: it has no text, only other parts; save the mail again
    a.ipynb: cannot read this file: this notebook is not valid JSON: EOF while parsing a list at line 1 column 26; save or send it again
    ");
    // Damage anywhere in an archive must not cause a panic.
    for at in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xFF;
        _ = readable(Input::new("a.docx", damaged));
    }
}

#[test]
fn document_features_beyond_paragraphs_are_read() {
    let text = text_of(
        "a.docx",
        docx(
            "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK \"https://example.com\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>a page</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/><w:t xml:space=\"preserve\"> &amp; more</w:t><w:br/><w:t>below</w:t></w:r></w:p>\
             <w:p><w:pPr><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>deep</w:t></w:r></w:p>\
             <w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>wide</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
             <w:p><mc:AlternateContent><mc:Choice><w:r><w:t>new</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>old</w:t></w:r></mc:Fallback></mc:AlternateContent><w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom></w:p>",
        ),
    );
    insta::assert_snapshot!(text, @"
    [a page](https://example.com) & more  
    below

    - deep

    |  |  |
    | --- | --- |
    | wide |  |
    | 1 | 2 |

    new
    ");
    let text = text_of(
        "a.odt",
        odt(
            "<text:p>a<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>of that</text:p></text:note-body></text:note> b<text:line-break/>c</text:p><text:p>d<text:tab/>e</text:p>",
        ),
    );
    insta::assert_snapshot!(text, @"
    a [1: of that] b  
    c

    d e
    ");
    let text = text_of(
        "issue.json",
        br#"{"title": "Search was down", "number": 7, "author": {"login": "ann"}, "createdAt": "2026-03-18T09:00:00Z", "labels": [{"name": "sev2"}], "body": "It was.", "comments": [{"author": {"login": "raj"}, "createdAt": "2026-03-18T10:00:00Z", "body": "Why?"}]}"#.to_vec(),
    );
    insta::assert_snapshot!(text, @r#"
    ---
    title: "Search was down"
    author: "ann"
    date: "2026-03-18"
    tags: ["sev2"]
    ---

    It was.

    ## Comments

    raj wrote on 2026-03-18T10:00:00Z:

    Why?
    "#);
    let text = text_of(
        "a.ipynb",
        br##"{"nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}, "cells": [{"cell_type": "markdown", "source": ["# Outage\n", "It was."]}, {"cell_type": "code", "source": "1 + 1", "outputs": [{"data": {"text/plain": ["2"]}}]}]}"##.to_vec(),
    );
    insta::assert_snapshot!(text, @"
    # Outage
    It was.

    ```python
    1 + 1
    ```

    ```
    2
    ```
    ");
    let text = text_of(
        "a.eml",
        b"From: ann@example.com\r\nSubject: Outage\r\nContent-Type: text/plain; format=flowed\r\n\r\nIt was \r\ndown.\r\n".to_vec(),
    );
    insta::assert_snapshot!(text, @"
    Outage

    It was down.
    ");
}
