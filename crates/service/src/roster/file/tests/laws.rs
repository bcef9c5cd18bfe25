//! What holds for any bytes: nothing panics, nothing is lost, what was written comes through.

use super::book::{Book, Cell::*};
use super::*;
use proptest::{collection::vec, prelude::*};

fn try_both(bytes: &[u8]) {
    let _ = parse(bytes, None, event_on(), &mut unwatched);
    let _ = parse_chips(bytes, &mut unwatched);
}

fn workbook() -> Vec<u8> {
    let rows: Vec<_> = (3..20)
        .map(|row| {
            (
                row,
                vec![
                    Number("7"),
                    Shared(0),
                    Date("31418"),
                    Text("A1"),
                    Flag(true),
                ],
            )
        })
        .collect();
    let header = vec![
        Text("Bib"),
        Text("Name"),
        Text("DOB"),
        Text("Chip"),
        Text("Private"),
    ];
    let rows: Vec<_> = [(1, header)].into_iter().chain(rows).collect();
    Book {
        shared: vec!["Ana Sol"],
        ..Book::of(&rows)
    }
    .bytes()
}

/// The same workbook with its parts not packed, so that a flipped byte reaches what reads them.
fn open_workbook() -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook())).unwrap();
    (0..archive.len())
        .map(|part| {
            let mut part = archive.by_index(part).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// Cells with what makes files hard to read.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9é ]{0,12}",
        "[\"',;|\t\n\r=+@#/-]{0,6}",
        "[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}",
        "\\PC{0,8}",
    ]
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..600)) {
        try_both(&bytes);
    }

    #[test]
    fn no_text_panics(rows in vec(vec(cell(), 0..6), 0..12), delimiter in "[,;\t|]") {
        let rows: Vec<String> = rows.iter().map(|row| row.join(&delimiter)).collect();
        try_both(rows.join("\n").as_bytes());
        try_both(format!("Bib{delimiter}Name{delimiter}DOB{delimiter}Sex{delimiter}Chip\n{}",
            rows.join("\n")).as_bytes());
    }

    #[test]
    fn no_damaged_workbook_panics(flips in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = workbook();
        for (at, value) in &flips {
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
        try_both(&bytes);
        let mut parts = open_workbook();
        for (at, value) in &flips {
            let part = at.index(parts.len());
            let bytes = &mut parts[part].1;
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
        try_both(&book::archive(parts));
    }

    /// What was written by a program that knows CSV comes out as it went in.
    #[test]
    fn people_come_through(
        people in vec(("[A-Za-zé' -]{0,10}[a-z]", "[A-Z][a-zü]{0,10}", "\\PC{0,20}"), 1..20),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        is_wide in any::<bool>(),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["Bib", "First Name", "Last Name", "Motto"]).unwrap();
        for (at, (first, last, motto)) in people.iter().enumerate() {
            let bib = (at + 1).to_string();
            writer.write_record([&bib, first, last, motto]).unwrap();
        }
        let mut bytes = writer.into_inner().unwrap();
        if is_wide {
            let text = String::from_utf8(bytes).unwrap();
            bytes = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes.splice(0..0, [0xff, 0xfe]);
        }
        let file = read(&bytes);
        prop_assert!(file.rejected.is_empty(), "{:?}", file.rejected);
        prop_assert_eq!(file.rows.len(), people.len());
        for (row, (first, last, motto)) in file.rows.iter().zip(&people) {
            prop_assert_eq!(&row.first_name, &fold::clean(first));
            prop_assert_eq!(&row.last_name, last);
            let kept = row.custom.get("Motto").map_or("", String::as_str);
            prop_assert_eq!(kept, &fold::clean(motto));
        }
    }

    /// A row is a person or a rejection, never both and never neither.
    #[test]
    fn no_row_is_lost(rows in vec(vec("[a-zA-Z0-9/ -]{0,6}", 4), 0..20)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["Bib", "Name", "Age", "Chip"]).unwrap();
        let mut expected = 0;
        for row in &rows {
            writer.write_record(row).unwrap();
            expected += usize::from(row.iter().any(|cell| !cell.trim().is_empty()));
        }
        let file = read(writer.into_inner().unwrap());
        prop_assert_eq!(file.rows.len() + file.rejected.len(), expected);
    }

    #[test]
    fn cleaning_twice_is_cleaning_once(text in "\\PC{0,20}") {
        let once = fold::clean(&text).into_owned();
        // An apostrophe of text may stand before another one.
        prop_assume!(!text.contains(['\'', '=']));
        prop_assert_eq!(fold::clean(&once), once.as_str());
    }
}
