//! Files of chips alone, in all their shapes.

use super::*;

#[track_caller]
fn check(text: &str, expected: &[(u64, &str, &[&str])], rejected: &[(u64, &str)]) {
    let file = parse_chips(text.as_bytes(), &mut unwatched).unwrap();
    let rows: Vec<_> = file
        .rows
        .iter()
        .map(|row| {
            let chips: Vec<&str> = row.chips.iter().map(String::as_str).collect();
            (row.line, row.bib.as_str(), chips)
        })
        .collect();
    let wanted: Vec<_> = expected
        .iter()
        .map(|(line, bib, it)| (*line, *bib, it.to_vec()))
        .collect();
    assert_eq!(rows, wanted, "{text:?}");
    assert_eq!(file.rejected.len(), rejected.len(), "{:?}", file.rejected);
    for (row, (line, part)) in file.rejected.iter().zip(rejected) {
        assert!(row.line == *line && row.reason.contains(part), "{row:?}");
    }
}

#[test]
fn chip_files_have_many_shapes() {
    let both: &[(u64, &str, &[&str])] = &[(2, "7", &["A7"]), (3, "8", &["A8"])];
    check("bib,chip\n7,A7\n8,A8\n", both, &[]);
    check("Chip;Bib\nA7;7\nA8;8\n", both, &[]);
    check("Tag\tRace No\nA7\t7\nA8\t8\n", both, &[]);
    check("No,Transponder\n7,A7\n8,A8\n", both, &[]);
    check("Bib,Code\n7,A7\n8,A8\n", both, &[]);
    check(
        "bib,chip,chip 2\n7,A7,B7\n8,A8,\n",
        &[(2, "7", &["A7", "B7"]), (3, "8", &["A8"])],
        &[],
    );
    check(
        "bib,chip\n7,A7\n8,A8\n007,B7\n",
        &[(2, "7", &["A7", "B7"]), (3, "8", &["A8"])],
        &[],
    );
}

#[test]
fn without_a_header_the_values_tell_or_it_is_asked() {
    check("7,A7\n8,A8\n", &[(1, "7", &["A7"]), (2, "8", &["A8"])], &[]);
    check(
        "0580071\t7\n0580082\t8\n",
        &[(1, "7", &["0580071"]), (2, "8", &["0580082"])],
        &[],
    );
    check("A7,7\nB7,7\n", &[(1, "7", &["A7", "B7"])], &[]);
    check("7,7\n8,8\n", &[(1, "7", &["7"]), (2, "8", &["8"])], &[]);
    for open in [
        "7,17\n8,18\n",
        "A7,B7\nA8,B8\n",
        "7,A7\n8,A7\n",
        "7\n8\n",
        "7,A7,B7\n8,A8,B8\n",
    ] {
        let error = parse_chips(open.as_bytes(), &mut unwatched).unwrap_err();
        assert!(
            matches!(error, FileError::ChipColumns { .. }),
            "{open:?}: {error}"
        );
    }
}

#[test]
fn what_cannot_be_is_rejected_with_its_line() {
    check(
        "bib,chip\n7,A7\n8,a7\n,A9\n9,\n10,5.8E+15\n7,B1 B2 B3 B4 B5 B6 B7 B8\n",
        &[(2, "7", &["A7"])],
        &[
            (3, "belongs to bib 7 on line 2"),
            (4, "bib is empty"),
            (5, "has no chip"),
            (6, "lost its last digits"),
            (7, "more than 8 chips"),
        ],
    );
}
