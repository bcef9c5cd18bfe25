//! Workbooks written for tests: cells as XML in an archive.

use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

/// Cells as they stand in a sheet's XML: `s` text, `n` a number, `d` a date, `b` yes or no.
pub(super) enum Cell {
    Text(&'static str),
    Shared(usize),
    Number(&'static str),
    Date(&'static str),
    Flag(bool),
    Error,
    Gap,
}

#[derive(Default)]
pub(super) struct Book {
    pub sheets: Vec<(&'static str, bool, String)>,
    pub shared: Vec<&'static str>,
    pub counts_from_1904: bool,
    pub extra: Vec<(&'static str, Vec<u8>)>,
}

/// The XML of rows at their numbers.
pub(super) fn sheet(rows: &[(u32, Vec<Cell>)]) -> String {
    let mut xml = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
                   <sheetData>"
        .to_owned();
    for (row, cells) in rows {
        xml.push_str(&format!("<row r=\"{row}\">"));
        for (at, cell) in cells.iter().enumerate() {
            let place = format!("{}{row}", char::from(b'A' + u8::try_from(at).unwrap()));
            xml.push_str(&match cell {
                Cell::Text(text) => {
                    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
                }
                Cell::Shared(at) => format!("<c r=\"{place}\" t=\"s\"><v>{at}</v></c>"),
                Cell::Number(text) => format!("<c r=\"{place}\"><v>{text}</v></c>"),
                Cell::Date(days) => format!("<c r=\"{place}\" s=\"1\"><v>{days}</v></c>"),
                Cell::Flag(is) => format!("<c r=\"{place}\" t=\"b\"><v>{}</v></c>", u8::from(*is)),
                Cell::Error => format!("<c r=\"{place}\" t=\"e\"><v>#N/A</v></c>"),
                Cell::Gap => String::new(),
            });
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData></worksheet>");
    xml
}

impl Book {
    pub(super) fn of(rows: &[(u32, Vec<Cell>)]) -> Self {
        Self {
            sheets: vec![("People", true, sheet(rows))],
            ..Self::default()
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let mut sheets = String::new();
        let mut links = String::new();
        for (at, (name, is_visible, _)) in self.sheets.iter().enumerate() {
            let state = if *is_visible { "visible" } else { "hidden" };
            let id = at + 1;
            sheets.push_str(&format!(
                "<sheet name=\"{name}\" sheetId=\"{id}\" state=\"{state}\" r:id=\"rId{id}\"/>"
            ));
            links.push_str(&format!(
                "<Relationship Id=\"rId{id}\" Type=\"{LINKS}/worksheet\" \
                 Target=\"worksheets/sheet{id}.xml\"/>"
            ));
        }
        let epoch = u8::from(self.counts_from_1904);
        let shared: String = self
            .shared
            .iter()
            .map(|it| format!("<si><t>{it}</t></si>"))
            .collect();
        let mut parts = vec![
            (
                "_rels/.rels".to_owned(),
                format!(
                    "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" \
                     Type=\"{LINKS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml".to_owned(),
                format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\">\
                     <workbookPr date1904=\"{epoch}\"/><sheets>{sheets}</sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels".to_owned(),
                format!("<Relationships xmlns=\"{PACKAGE}\">{links}</Relationships>"),
            ),
            (
                "xl/styles.xml".to_owned(),
                format!(
                    "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/>\
                     <xf numFmtId=\"14\"/></cellXfs></styleSheet>"
                ),
            ),
            (
                "xl/sharedStrings.xml".to_owned(),
                format!("<sst xmlns=\"{MAIN}\">{shared}</sst>"),
            ),
        ];
        for (at, (_, _, xml)) in self.sheets.iter().enumerate() {
            parts.push((format!("xl/worksheets/sheet{}.xml", at + 1), xml.clone()));
        }
        let parts = parts
            .into_iter()
            .map(|(name, text)| (name, text.into_bytes()));
        let extra = self
            .extra
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), bytes.clone()));
        archive(parts.chain(extra))
    }
}

pub(super) fn archive(parts: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
