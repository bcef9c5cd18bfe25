//! Delimiters, headers, lines, refusals, progress and the file of rejected rows.

use super::*;

#[track_caller]
fn check(text: &str, delimiter: char, expected: &[(u64, &str, &str)]) {
    let file = read(text);
    let Source::Text {
        delimiter: found, ..
    } = file.source
    else {
        panic!("{text:?} is a text");
    };
    assert_eq!(found, delimiter, "{text:?}");
    assert!(file.rejected.is_empty(), "{text:?}: {:?}", file.rejected);
    let people: Vec<_> = file
        .rows
        .iter()
        .map(|row| {
            (
                row.line,
                row.bib.as_deref().unwrap_or("-"),
                row.last_name.as_str(),
            )
        })
        .collect();
    assert_eq!(people, expected, "{text:?}");
}

#[test]
fn delimiters_are_found() {
    let expected = &[(2, "7", "Sol"), (3, "8", "Ek")];
    check("Bib,First,Last\n7,Ana,Sol\n8,Bo,Ek\n", ',', expected);
    check("Bib;First;Last\n7;Ana;Sol\n8;Bo;Ek\n", ';', expected);
    check("Bib\tFirst\tLast\n7\tAna\tSol\n8\tBo\tEk", '\t', expected);
    check("Bib|First|Last\n7|Ana|Sol\n8|Bo|Ek", '|', expected);
    check("Bib;Name\n7;Sol, Ana\n8;Ek, Bo\n", ';', expected);
    check("Bib;Name;Time\n7;Ana Sol;1,5\n8;Bo Ek;2,5\n", ';', expected);
    check(
        "Bib,Name,Chip\n7,Ana Sol,A;B;C\n8,Bo Ek,D;E;F\n",
        ',',
        expected,
    );
    check("sep=;\nBib;Name\n7;Ana Sol\n", ';', &[(3, "7", "Sol")]);
    check(
        "\"sep=\t\"\r\nBib\tName\r\n7\tAna Sol\r\n",
        '\t',
        &[(3, "7", "Sol")],
    );
}

#[test]
fn lines_are_those_of_the_file() {
    let expected = &[(2, "7", "Sol"), (4, "8", "Ek")];
    check("Bib,Name\r\n7,Ana Sol\r\n\r\n8,Bo Ek\r\n", ',', expected);
    check("Bib,Name\n7,Ana Sol\n,\n8,Bo Ek", ',', expected);
    check("Bib,Name\r7,Ana Sol\r\r8,Bo Ek\r", ',', expected);
    check(
        "Bib,Name,Team\n7,Ana Sol,\"Hill\nRunners\"\n8,Bo Ek,\n",
        ',',
        expected,
    );
    check("\n\nBib,Name\n7,Ana Sol\n", ',', &[(4, "7", "Sol")]);
}

#[test]
fn quoted_cells_are_one_cell() {
    let row = one(
        "Bib,Name,Team",
        "7,\"Sol, Ana\",\"The \"\"Hill\"\"\r\nRunners\"",
    );
    assert_eq!(
        (row.first_name.as_str(), row.last_name.as_str()),
        ("Ana", "Sol")
    );
    assert_eq!(row.team, "The \"Hill\" Runners");
}

#[test]
fn the_header_may_stand_below_a_title() {
    let text = "Harbor Lights 10K,,\nExported on 12 May,,\n\nBib,First Name,Last Name\n7,Ana,Sol\n";
    let file = read(text);
    assert_eq!(file.header_line, 4);
    assert_eq!(file.rows[0].line, 5);
}

#[test]
fn a_header_in_an_unknown_language_is_left_to_a_person() {
    let error = refusal("Rajtszám,Versenyző,Város\n7,Sol Ana,Pau\n8,Ek Bo,Ed\n");
    assert!(matches!(&error, FileError::NoIdentity { found } if found.contains("Versenyző")));
}

#[test]
fn what_cannot_be_used_is_refused_with_what_to_do() {
    #[track_caller]
    fn check(text: &str, parts: &[&str]) {
        let error = refusal(text).to_string();
        for part in parts {
            assert!(error.contains(part), "{text:?}: {error}");
        }
    }
    check("", &["empty"]);
    check(" \r\n,,,\n", &["empty"]);
    check(
        "7,Ana,Sol\n8,Bo,Ek\n",
        &["no row names its columns", "7 | Ana | Sol"],
    );
    check("Bib,City\n7,Pau\n", &["holds a name", "Bib, City"]);
    check(
        "Name,City\nAna Sol,Pau\n",
        &["bib or a registration id", "Name, City"],
    );
    check("just some words\nwithout a table\n", &["no row names"]);
    let wide = format!(
        "Bib,Name{}\n7,Ana Sol,{}\n",
        ",x".repeat(300),
        "y,".repeat(300)
    );
    check(&wide, &["line 1", "columns"]);
    let open = format!("Bib,Name\n7,\"Ana Sol\n{}", "8,Bo Ek\n".repeat(9_000));
    check(&open, &["line 2", "quotation mark"]);
    let long = format!("Bib,Name\n{}", "7,Ana Sol\n".repeat(limits_rows() + 1));
    check(&long, &["rows", "split"]);
}

fn limits_rows() -> usize {
    crate::limits::ROSTER_ROWS_MAX
}

#[test]
fn the_reading_says_how_far_it_is_and_can_be_stopped() {
    let mut text = "Bib,Name\n".to_owned();
    for bib in 1..=2_500 {
        text.push_str(&format!("{bib},Ana Sol\n"));
    }
    let mut said = Vec::new();
    let file = parse(text.as_bytes(), None, event_on(), &mut |at| {
        said.push(at);
        ControlFlow::Continue(())
    });
    assert_eq!(file.unwrap().rows.len(), 2_500);
    let checked = |rows| Progress::Checked { rows, of: 2_500 };
    let expected = [
        Progress::Read { rows: 1_000 },
        Progress::Read { rows: 2_000 },
        checked(0),
        checked(1_000),
        checked(2_000),
    ];
    assert_eq!(said, expected);
    for stop_at in expected {
        let stopped = parse(text.as_bytes(), None, event_on(), &mut |at| {
            if at == stop_at {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!(stopped.unwrap_err(), FileError::Stopped);
    }
}

#[test]
fn the_rejected_rows_come_back_as_a_file() {
    let text = "Bib,First,Last,Age,Team\n7,Ana,Sol,30,\n,Bo,Ek,30,\"=1+1, A\"\n8,Cy,Fir,Pau,\n\
                9,Di\n";
    let file = read(text);
    assert_eq!(file.rejected.len(), 3);
    let csv = rejected_csv(&file.header, &file.rejected);
    let expected = "\u{feff}line,reason,Bib,First,Last,Age,Team\n\
        3,the bib is empty; give the person one,,Bo,Ek,30,\"'=1+1, A\"\n\
        4,\"the age \"\"Pau\"\" is no number of years; has a column shifted?\",8,Cy,Fir,Pau,\n\
        5,it has 2 columns and the header has 5; is there a delimiter too many or too few?,\
        9,Di,,,\n";
    assert_eq!(String::from_utf8(csv.clone()).unwrap(), expected);

    let again = read(&csv);
    assert_eq!(again.header_line, 1);
    assert_eq!(
        again.rows.len(),
        1,
        "the row that was only too short is good now"
    );
    assert!(
        again.rows[0].custom.is_empty(),
        "{:?}",
        again.rows[0].custom
    );
    let corrected = String::from_utf8(csv).unwrap().replace(",,Bo", ",17,Bo");
    let row = &read(corrected).rows[0];
    assert_eq!(
        (row.bib.as_deref(), row.team.as_str()),
        (Some("17"), "=1+1, A")
    );
}
