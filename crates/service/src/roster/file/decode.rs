//! From the bytes of a file to its text, or to the word that they are a workbook. Knows no table.

use super::error::{FileError, WrongKind};
use crate::limits;
use encoding_rs::{MACINTOSH, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Cursor;
use zip::ZipArchive;

/// How the text of a file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
    /// Excel's CSV of a Mac.
    Macintosh,
    /// Some lines UTF-8 and others Windows-1252: two lists put together.
    Mixed,
}

pub(super) enum Content {
    Text(String, Encoding),
    Workbook,
}

pub(super) fn content(bytes: &[u8]) -> Result<Content, FileError> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits::ROSTER_BYTES_MAX {
        return Err(FileError::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return zipped(bytes);
    }
    if let Some(kind) = foreign(bytes) {
        return Err(kind.into());
    }
    let (text, encoding) = text(bytes);
    let begin = text.trim_start();
    if begin.is_empty() {
        return Err(FileError::Empty);
    }
    if text.contains('\0') {
        return Err(WrongKind::Binary.into());
    }
    if let Some(kind) = markup(begin) {
        return Err(kind.into());
    }
    Ok(Content::Text(newlines(text), encoding))
}

/// Kinds of files told by their first bytes.
fn foreign(bytes: &[u8]) -> Option<WrongKind> {
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    if bytes.starts_with(OLE) {
        // A workbook with a password is packed into the container of the old format.
        let name = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
        let is_locked = bytes.windows(name.len()).any(|window| window == name);
        return Some(if is_locked {
            WrongKind::Locked
        } else {
            WrongKind::OldExcel
        });
    }
    let begins = |magic: &[u8]| bytes.starts_with(magic);
    if begins(b"%PDF") {
        Some(WrongKind::Pdf)
    } else if begins(b"\x1f\x8b")
        || begins(b"7z\xbc\xaf")
        || begins(b"Rar!")
        || begins(b"PK\x05\x06")
    {
        Some(WrongKind::Archive)
    } else if begins(b"{\\rtf") {
        Some(WrongKind::Document)
    } else if begins(b"\x89PNG") || begins(b"\xff\xd8\xff") || begins(b"GIF8") {
        Some(WrongKind::Binary)
    } else {
        None
    }
}

fn markup(begin: &str) -> Option<WrongKind> {
    if begin.starts_with('<') {
        let is_excel = begin.contains("urn:schemas-microsoft-com:office:spreadsheet");
        return Some(if is_excel && begin.starts_with("<?xml") {
            WrongKind::ExcelXml
        } else {
            WrongKind::WebPage
        });
    }
    let is_json = begin.starts_with("{\"") || begin.starts_with("[{") || begin.starts_with("[[");
    is_json.then_some(WrongKind::Json)
}

/// What a ZIP archive is, by the names in it.
fn zipped(bytes: &[u8]) -> Result<Content, FileError> {
    let damaged = |error: &dyn std::fmt::Display| FileError::Damaged(error.to_string());
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let has = |part: &str| {
        archive
            .file_names()
            .flatten()
            .any(|name| name.contains(part))
    };
    if has("xl/workbook.xml") {
        return Ok(Content::Workbook);
    }
    // Some programs name the workbook otherwise; its place is said in the relations.
    if has("xl/worksheets/") && !has(".bin") {
        return Ok(Content::Workbook);
    }
    let kind = if has("xl/workbook.bin") {
        WrongKind::BinaryExcel
    } else if has("word/document.xml") {
        WrongKind::Document
    } else if has("Index/Document.iwa") || has("Index.zip") {
        WrongKind::Numbers
    } else if archive.index_for_name("mimetype").is_some() {
        WrongKind::OpenDocument
    } else {
        WrongKind::Archive
    };
    Err(kind.into())
}

fn text(bytes: &[u8]) -> (String, Encoding) {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return eight_bit(rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return sixteen_bit(rest, Encoding::Utf16Le);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return sixteen_bit(rest, Encoding::Utf16Be);
    }
    // Commas, digits and line ends have a zero byte in UTF-16, on one side only.
    let begin = &bytes[..bytes.len().min(4_096)];
    let zeros = |side: usize| {
        begin
            .iter()
            .skip(side)
            .step_by(2)
            .filter(|it| **it == 0)
            .count()
    };
    match (zeros(0), zeros(1)) {
        (0, high) if high * 20 > begin.len() => sixteen_bit(bytes, Encoding::Utf16Le),
        (high, 0) if high * 20 > begin.len() => sixteen_bit(bytes, Encoding::Utf16Be),
        _ => eight_bit(bytes),
    }
}

fn sixteen_bit(bytes: &[u8], encoding: Encoding) -> (String, Encoding) {
    let decoder = match encoding {
        Encoding::Utf16Be => UTF_16BE,
        _ => UTF_16LE,
    };
    // A last odd byte is what is left of a cut-off sign.
    let whole = &bytes[..bytes.len() & !1];
    let (text, _) = decoder.decode_without_bom_handling(whole);
    (text.into_owned(), encoding)
}

fn eight_bit(bytes: &[u8]) -> (String, Encoding) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), Encoding::Utf8);
    }
    let is_utf8 = |line: &[u8]| !line.is_ascii() && std::str::from_utf8(line).is_ok();
    let lines = || bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r'));
    if lines().any(is_utf8) {
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
        for line in lines() {
            match std::str::from_utf8(line) {
                Ok(line) => text.push_str(line),
                Err(_) => text.push_str(&WINDOWS_1252.decode_without_bom_handling(line).0),
            }
        }
        return (text, Encoding::Mixed);
    }
    let (decoder, encoding) = if bytes.contains(&b'\r') && !bytes.contains(&b'\n') {
        (MACINTOSH, Encoding::Macintosh)
    } else {
        (WINDOWS_1252, Encoding::Windows1252)
    };
    let (text, _) = decoder.decode_without_bom_handling(bytes);
    (text.into_owned(), encoding)
}

/// Line ends of old Macs become the usual ones, so that lines can be counted.
fn newlines(text: String) -> String {
    if text.contains('\r') && !text.contains('\n') {
        text.replace('\r', "\n")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str, encoding: Encoding) {
        let Ok(Content::Text(text, found)) = content(bytes) else {
            panic!("{bytes:?} is no text");
        };
        assert_eq!((text.as_str(), found), (expected, encoding));
    }

    fn wide(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn text_is_read_as_it_was_written() {
        check(b"bib\n7", "bib\n7", Encoding::Utf8);
        check("\u{feff}bib;Ré".as_bytes(), "bib;Ré", Encoding::Utf8);
        check(b"bib\nRen\xe9\n", "bib\nRené\n", Encoding::Windows1252);
        check(b"bib\n\x80 9\n", "bib\n€ 9\n", Encoding::Windows1252);
        check(b"bib\rRen\x8e\r", "bib\nRené\n", Encoding::Macintosh);
        check(
            b"Ren\xe9\r\nZo\xc3\xab\r\n",
            "René\r\nZoë\r\n",
            Encoding::Mixed,
        );
        let text = "bib;Имя\n7;Ана\n";
        check(&wide(text, u16::to_le_bytes), text, Encoding::Utf16Le);
        check(&wide(text, u16::to_be_bytes), text, Encoding::Utf16Be);
        let marked = format!("\u{feff}{text}");
        check(&wide(&marked, u16::to_le_bytes), text, Encoding::Utf16Le);
        check(&wide(&marked, u16::to_be_bytes), text, Encoding::Utf16Be);
    }

    #[track_caller]
    fn refuse(bytes: &[u8], kind: WrongKind) {
        assert_eq!(content(bytes).err(), Some(FileError::WrongKind(kind)));
    }

    #[test]
    fn what_is_no_table_is_named() {
        refuse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", WrongKind::OldExcel);
        let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....".to_vec();
        locked.extend(wide("EncryptedPackage", u16::to_le_bytes));
        refuse(&locked, WrongKind::Locked);
        refuse(b"%PDF-1.7", WrongKind::Pdf);
        refuse(b"\x1f\x8b\x08", WrongKind::Archive);
        refuse(b"  <html><table>", WrongKind::WebPage);
        refuse(b"\xef\xbb\xbf<!DOCTYPE html>", WrongKind::WebPage);
        refuse(b"<table><tr>", WrongKind::WebPage);
        refuse(
            b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
            WrongKind::ExcelXml,
        );
        refuse(b"[{\"bib\":7}]", WrongKind::Json);
        refuse(b"bib\0\0\0\0name\0", WrongKind::Binary);
        refuse(b"\x89PNG\r\n", WrongKind::Binary);
        assert_eq!(content(b" \r\n ").err(), Some(FileError::Empty));
        assert_eq!(content(b"").err(), Some(FileError::Empty));
    }
}
