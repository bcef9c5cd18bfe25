//! Excel workbooks: values, sheets, and archives that mean harm.

use super::book::{Book, Cell::*, archive, sheet};
use super::*;

fn header() -> Vec<book::Cell> {
    vec![
        Text("Bib"),
        Text("Name"),
        Text("DOB"),
        Text("Chip"),
        Text("Private"),
        Text("Age"),
    ]
}

#[test]
fn values_of_a_sheet_become_text() {
    let file = read(
        Book {
            shared: vec!["Ana Sol", "Bo Ek"],
            ..Book::of(&[
                (1, vec![Text("Harbor Lights 10K")]),
                (3, header()),
                (
                    4,
                    vec![
                        Number("101.0"),
                        Shared(0),
                        Date("31418"),
                        Text("A1"),
                        Flag(true),
                    ],
                ),
                (
                    6,
                    vec![
                        Number("102"),
                        Shared(1),
                        Number("31418"),
                        Number("58001"),
                        Gap,
                        Error,
                    ],
                ),
                (7, vec![Gap, Gap, Gap]),
                (
                    8,
                    vec![
                        Text("'007"),
                        Text("Cy &amp; Fir"),
                        Text("6.1.1986"),
                        Gap,
                        Flag(false),
                    ],
                ),
            ])
        }
        .bytes(),
    );
    assert!(
        file.rejected.is_empty() && file.doubts.is_empty(),
        "{file:?}"
    );
    assert_eq!(file.header_line, 3);
    let rows: Vec<_> = file
        .rows
        .iter()
        .map(|row| {
            (
                row.line,
                row.bib.as_deref().unwrap(),
                &row.last_name[..],
                row.private,
            )
        })
        .collect();
    let expected = [
        (4, "101", "Sol", true),
        (6, "102", "Ek", false),
        (8, "007", "Fir", false),
    ];
    assert_eq!(rows, expected);
    for row in &file.rows {
        assert_eq!(row.birth_date.unwrap().to_string(), "1986-01-06", "{row:?}");
    }
    assert_eq!(file.rows[1].chips, ["58001"]);
}

#[test]
fn days_may_be_counted_from_1904() {
    let mut book = Book::of(&[
        (1, header()),
        (2, vec![Number("7"), Text("Ana Sol"), Date("29956")]),
        (3, vec![Number("8"), Text("Bo Ek"), Number("29956")]),
    ]);
    book.counts_from_1904 = true;
    for row in read(book.bytes()).rows {
        assert_eq!(row.birth_date.unwrap().to_string(), "1986-01-06");
    }
}

#[test]
fn what_excel_has_spoiled_is_rejected() {
    let rows = [
        (1, header()),
        (
            2,
            vec![
                Number("8"),
                Text("Bo Ek"),
                Gap,
                Number("300833201234567890"),
            ],
        ),
        (3, vec![Date("46085"), Text("Cy Fir")]),
    ];
    let rejected = read(Book::of(&rows).bytes()).rejected;
    assert_eq!(rejected.len(), 2, "{rejected:?}");
    assert!(
        rejected[0].reason.contains("lost its last digits"),
        "{rejected:?}"
    );
    assert!(
        rejected[1].reason.contains("date by a spreadsheet"),
        "{rejected:?}"
    );
}

#[test]
fn the_first_sheet_with_a_header_is_read_and_the_others_are_named() {
    let people = |name: &'static str| sheet(&[(1, header()), (2, vec![Number("7"), Text(name)])]);
    let book = Book {
        sheets: vec![
            ("Old", false, people("Bo Ek")),
            ("Empty", true, sheet(&[])),
            (
                "Read me",
                true,
                sheet(&[(1, vec![Text("Choose the next sheet")])]),
            ),
            ("10K", true, people("Ana Sol")),
            ("5K", true, people("Cy Fir")),
        ],
        ..Book::default()
    };
    let file = read(book.bytes());
    assert_eq!(file.rows[0].last_name, "Sol");
    let expected = Source::Workbook {
        sheet: "10K".to_owned(),
        other_sheets: ["Empty", "Read me", "5K", "Old"]
            .map(str::to_owned)
            .to_vec(),
        counts_from_1904: false,
    };
    assert_eq!(file.source, expected);
}

#[test]
fn archives_that_are_no_workbook_are_named() {
    #[track_caller]
    fn check(names: &[&str], kind: WrongKind) {
        let parts = names.iter().map(|name| ((*name).to_owned(), b"x".to_vec()));
        assert_eq!(
            refusal(archive(parts)),
            FileError::WrongKind(kind),
            "{names:?}"
        );
    }
    check(&["people.csv"], WrongKind::Archive);
    check(&["mimetype", "content.xml"], WrongKind::OpenDocument);
    check(
        &["xl/workbook.bin", "xl/worksheets/sheet1.bin"],
        WrongKind::BinaryExcel,
    );
    check(&["word/document.xml"], WrongKind::Document);
    check(&["Index/Document.iwa"], WrongKind::Numbers);
}

#[test]
fn workbooks_that_cannot_be_used_are_refused() {
    let check = |bytes: &[u8], part: &str| {
        let error = refusal(bytes).to_string();
        assert!(error.contains(part), "{error}");
    };
    let good = Book::of(&[(1, header()), (2, vec![Number("7"), Text("Ana Sol")])]).bytes();
    check(&good[..good.len() / 2], "damaged");
    check(
        &Book {
            sheets: vec![("A", true, sheet(&[]))],
            ..Book::default()
        }
        .bytes(),
        "empty",
    );
    let far = "<worksheet><sheetData><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row></sheetData>\
               </worksheet>";
    let wide = Book {
        sheets: vec![("A", true, far.to_owned())],
        ..Book::default()
    };
    check(&wide.bytes(), "columns");
    let back = sheet(&[(2, vec![Text("Bib")]), (1, vec![Text("Name")])]);
    check(
        &Book {
            sheets: vec![("A", true, back)],
            ..Book::default()
        }
        .bytes(),
        "damaged",
    );
    // A cell at the far end of a sheet takes no room.
    let low = sheet(&[
        (1, header()),
        (1_048_576, vec![Number("7"), Text("Ana Sol")]),
    ]);
    let low = read(
        Book {
            sheets: vec![("A", true, low)],
            ..Book::default()
        }
        .bytes(),
    );
    assert_eq!(low.rows[0].line, 1_048_576);
}

#[test]
fn a_small_archive_that_unpacks_to_a_huge_one_is_refused() {
    let mut book = Book::of(&[(1, header()), (2, vec![Number("7"), Text("Ana Sol")])]);
    book.extra = vec![
        ("xl/media/1.xml", vec![b' '; 600_000]),
        ("xl/media/2.xml", vec![b' '; 600_000]),
    ];
    let mut bytes = book.bytes();
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    assert_eq!(workbook::check_unpacked(&bytes, 2_000_000), Ok(()));
    let huge = Err(FileError::TooLargeUnpacked);
    assert_eq!(workbook::check_unpacked(&bytes, 1_000_000), huge);
    // The size that the archive's list of parts names of the first of them becomes a lie.
    let told = 600_000_u32.to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4)
        .filter(|at| bytes[*at..*at + 4] == told)
        .collect();
    assert!(places.len() >= 2, "{places:?}");
    for at in places {
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    assert!(workbook::check_unpacked(&bytes, 1_000_000).is_err());
}

#[test]
fn formats_that_would_fill_the_memory_are_refused() {
    let mut book = Book::of(&[(1, header()), (2, vec![Number("7"), Text("Ana Sol")])]);
    book.extra = vec![("xl/more/Styles.xml", vec![b' '; 9 << 20])];
    assert_eq!(refusal(book.bytes()), FileError::TooLargeUnpacked);
}
