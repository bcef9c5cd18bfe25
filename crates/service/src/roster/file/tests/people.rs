//! From rows to people: each field, each reason to reject.

use super::*;

#[test]
fn rows_are_rejected_one_by_one_with_what_to_do() {
    const HEADER: &str = "bib,first_name,last_name,gender,age,city,state,country,chip\n";
    #[track_caller]
    fn check(rows: &str, bibs: &[&str], rejected: &[(u64, &str)]) {
        let file = read(format!("{HEADER}{rows}"));
        let found: Vec<_> = file
            .rows
            .iter()
            .filter_map(|row| row.bib.as_deref())
            .collect();
        assert_eq!(found, bibs);
        assert_eq!(file.rejected.len(), rejected.len(), "{:?}", file.rejected);
        for (row, (line, part)) in file.rejected.iter().zip(rejected) {
            assert_eq!(row.line, *line, "{row:?}");
            assert!(row.reason.contains(part), "{row:?}");
        }
    }
    check("7,Ana,Sol,F,30,Pau,,FRA,\n", &["7"], &[]);
    check("7,Ana,Sol,F,30,\"Pau, Aquitaine\",,FRA,\n", &["7"], &[]);
    check(
        "7,Ana,Sol,F,30,Pau,,FRA\n8,Bo,Ek,M,1,Ed,,SWE,\n",
        &["8"],
        &[(2, "columns")],
    );
    check("7,Ana,Sol,F,30,Pau,,FRA,,,\n", &["7"], &[]);
    check("7,Ana,Sol,F,30,Pau,,FRA,A1,x\n", &[], &[(2, "10 columns")]);
    check("7,\"Ana,Sol,F\n8,Bo\n", &[], &[(2, "quotation mark")]);
    check(",Ana,Sol,F,30,Pau,,FRA,\n", &[], &[(2, "bib is empty")]);
    check("7,,,F,30,Pau,,FRA,\n", &[], &[(2, "name is empty")]);
    check(
        "7,A,B,F,1,C,,D,\n007,E,F,M,2,G,,H,\n",
        &["7"],
        &[(3, "line 2")],
    );
    check(
        "7,A,B,F,1,C,,D,\n\n7,A,B,F,1,C,,D,\n",
        &["7"],
        &[(4, "same row as line 2")],
    );
    check("7,A\u{7}na,Sol,F,30,Pau,,FRA,\n", &[], &[(2, "control")]);
    check(
        "2026-03-04,A,B,F,1,C,,D,\n",
        &[],
        &[(2, "date by a spreadsheet")],
    );
    check(
        "7,A,B,F,1,C,,D,5.8E+15\n",
        &[],
        &[(2, "lost its last digits")],
    );
    check(
        "7,A,B,F,1,C,,D,A B C D E F G H I\n",
        &[],
        &[(2, "more than 8 chips")],
    );
    let long = "x".repeat(201);
    check(
        &format!("7,{long},B,F,1,C,,D,\n"),
        &[],
        &[(2, "200 characters")],
    );
    // More rows that are good keep the columns what they are.
    let good = "8,A,B,F,1,C,,D,\n9,A,B,F,1,C,,D,\n";
    check(
        &format!("{good}7,Ana,Sol,F,Pau,30,,FRA,\n"),
        &["8", "9"],
        &[(4, "shifted")],
    );
    check(
        &format!("{good}7,Ana,Sol,F,131,Pau,,FRA,\n"),
        &["8", "9"],
        &[(4, "131")],
    );
}

#[test]
fn bibs_are_as_they_are_worn() {
    let check = |cell: &str, expected: &str| {
        assert_eq!(
            one("Bib,Name", &format!("{cell},Ana Sol")).bib.as_deref(),
            Some(expected)
        );
    };
    check("101", "101");
    check("007", "007");
    check("101.0", "101");
    check("#101", "101");
    check("'101", "101");
    check("\u{a0}101\u{200b}", "101");
    check("W2", "W2");
    check("\"=\"\"007\"\"\"", "007");
}

#[test]
fn who_has_no_bib_yet_needs_a_registration_id() {
    let text = "Registration ID,Bib,Name\nr1,,Ana Sol\nr2,0,Bo Ek\nr3,-,Cy Fir\n,9,Di Oak\n\
                ,,Ed Yew\nr1,10,Flo Ash\n";
    let file = read(text);
    let ids: Vec<_> = file
        .rows
        .iter()
        .map(|row| (row.registration_id.as_deref(), row.bib.as_deref()))
        .collect();
    let expected = [
        (Some("r1"), None),
        (Some("r2"), None),
        (Some("r3"), None),
        (None, Some("9")),
    ];
    assert_eq!(ids, expected);
    let reasons: Vec<_> = file
        .rejected
        .iter()
        .map(|row| (row.line, row.reason.as_str()))
        .collect();
    assert_eq!(reasons[0], (6, "the bib is empty; give the person one"));
    let twice = "registration id r1 is on line 2 already; delete one of them";
    assert_eq!(reasons[1], (7, twice));
}

#[test]
fn full_names_are_split() {
    #[track_caller]
    fn check(name: &str, first: &str, last: &str) {
        let row = one("Bib;Name", &format!("7;{name}"));
        assert_eq!(
            (row.first_name.as_str(), row.last_name.as_str()),
            (first, last),
            "{name:?}"
        );
    }
    check("Ana Sol", "Ana", "Sol");
    check("Sol, Ana", "Ana", "Sol");
    check("Sol,Ana Lu", "Ana Lu", "Sol");
    check("Ana Lu Sol", "Ana Lu", "Sol");
    check("Jan van der Berg", "Jan", "van der Berg");
    check("Berg, Jan van der", "Jan van der", "Berg");
    check("Maria de la Cruz", "Maria", "de la Cruz");
    check("Ana 't Hooft", "Ana", "'t Hooft");
    check("José Ortega y Gasset", "José", "Ortega y Gasset");
    check("Ben Tarn Jr.", "Ben", "Tarn Jr.");
    check("Ben Tarn, Jr.", "Ben", "Tarn Jr.");
    check("Tarn, Ben, III", "Ben", "Tarn III");
    check("SOL Ana", "Ana", "SOL");
    check("VAN DER BERG Jan", "Jan", "VAN DER BERG");
    check("Ana SOL", "Ana", "SOL");
    check("ANA SOL", "ANA", "SOL");
    check("JP Morgen", "JP", "Morgen");
    check("Ada-Lou O'Neil-Quill", "Ada-Lou", "O'Neil-Quill");
    check("de Vries", "", "de Vries");
    check("Van Dawn", "Van", "Dawn");
    check("Ronja", "Ronja", "");
    check("Анна Соль", "Анна", "Соль");
    let row = one("Bib;Nom et prénom", "7;Sol Ana Lu");
    assert_eq!(
        (row.first_name.as_str(), row.last_name.as_str()),
        ("Ana Lu", "Sol")
    );
}

#[test]
fn genders_have_many_spellings() {
    #[track_caller]
    fn check(column: &[&str], expected: &[&str]) {
        let mut text = "Bib;Name;Gender\n".to_owned();
        for (at, gender) in column.iter().enumerate() {
            text.push_str(&format!("{};Ana Sol;{gender}\n", at + 1));
        }
        let file = read(text);
        let found: Vec<_> = file.rows.iter().map(|row| row.gender.as_str()).collect();
        assert_eq!(found, expected, "{column:?}");
    }
    check(&["M", "F", "X", ""], &["M", "F", "X", ""]);
    check(&["male", "Female", "Non-Binary"], &["M", "F", "X"]);
    check(&["M", "W", "D"], &["M", "F", "X"]);
    check(&["männlich", "weiblich", "divers"], &["M", "F", "X"]);
    check(&["H", "D"], &["M", "F"]);
    check(&["H", "M"], &["M", "F"]);
    check(&["H", "F"], &["M", "F"]);
    check(&["Hombre", "Mujer"], &["M", "F"]);
    check(&["Man", "Vrouw"], &["M", "F"]);
    check(&["1", "2", "9", "0"], &["M", "F", "X", ""]);
    check(&["F", "M", "prefer not to say", "N/A"], &["F", "M", "", ""]);
    let file = read("Bib,Name,Gender\n1,Ana Sol,F\n2,Bo Ek,M\n3,Cy Fir,Starlight\n");
    assert_eq!(file.rows[2].gender, "");
    assert_eq!(file.rows[2].custom["Gender"], "Starlight");
}

#[test]
fn birth_dates_are_read_in_the_order_of_their_column() {
    #[track_caller]
    fn check(header: &str, dates: &[&str], expected: &[&str], asked: bool) -> RosterFile {
        let mut text = format!("Bib;Name;{header}\n");
        for (at, date) in dates.iter().enumerate() {
            text.push_str(&format!("{};Ana Sol;{date}\n", at + 1));
        }
        let file = read(text);
        let found: Vec<_> = file
            .rows
            .iter()
            .map(|row| {
                row.birth_date
                    .map_or("-".to_owned(), |date| date.to_string())
            })
            .collect();
        assert_eq!(found, expected, "{dates:?}");
        assert_eq!(
            !file.questions.is_empty(),
            asked,
            "{dates:?}: {:?}",
            file.questions
        );
        file
    }
    check(
        "DOB",
        &["1986-01-06", "", "0000-00-00"],
        &["1986-01-06", "-", "-"],
        false,
    );
    check(
        "DOB",
        &["3/4/1986", "12/31/1990"],
        &["1986-03-04", "1990-12-31"],
        false,
    );
    check(
        "DOB",
        &["3/4/1986", "31/12/1990"],
        &["1986-04-03", "1990-12-31"],
        false,
    );
    check("DOB", &["3.4.1986"], &["1986-04-03"], false);
    check("DOB (MM/DD/YYYY)", &["3/4/1986"], &["1986-03-04"], false);
    check(
        "Geburtsdatum TT/MM/JJJJ",
        &["3/4/1986"],
        &["1986-04-03"],
        false,
    );
    let file = check(
        "DOB",
        &["5/5/1986", "3/4/1986"],
        &["1986-05-05", "1986-04-03"],
        true,
    );
    assert_eq!(
        file.questions,
        [Question::DateOrder {
            header: "DOB".to_owned(),
            line: 3,
            example: "3/4/1986".to_owned(),
            taken: DateOrder::DayFirst,
        }]
    );
    assert_eq!(file.mapping.columns[2].confidence, Confidence::Guess);
    let file = check(
        "DOB",
        &["31/12/1990", "12/31/1990", "30/4/1991"],
        &["1990-12-31", "-", "1991-04-30"],
        false,
    );
    assert_eq!(file.doubts[0].line, 3);
    assert!(
        file.doubts[0].reason.contains("12/31/1990"),
        "{:?}",
        file.doubts
    );
    // Answered by a person.
    let table = Table::read(b"Bib,Name,DOB\n7,Ana Sol,3/4/1986\n", &mut unwatched).unwrap();
    let mut mapping = table.mapping(None);
    mapping.date_order = Some(DateOrder::MonthFirst);
    let file = table.people(mapping, event_on(), &mut unwatched).unwrap();
    assert_eq!(file.rows[0].birth_date.unwrap().to_string(), "1986-03-04");
    assert!(file.questions.is_empty());
    // With states the list is taken for an American one, and it is asked.
    let file = read("Bib,Name,State,DOB\n7,Ana Sol,ME,3/4/86\n");
    assert_eq!(file.rows[0].birth_date.unwrap().to_string(), "1986-03-04");
    assert_eq!(file.questions.len(), 1);
}

#[test]
fn ages_are_whole_years() {
    let check = |cell: &str, expected: Option<u16>| {
        let file = read(format!("Bib,Name,Age\n1,Bo Ek,1\n7,Ana Sol,{cell}\n"));
        assert_eq!(
            file.rows.get(1).map(|row| row.age),
            Some(expected),
            "{cell:?}"
        );
    };
    check("40", Some(40));
    check("0", Some(0));
    check("130", Some(130));
    check("40.0", Some(40));
    check("40 yrs", Some(40));
    check("", None);
    check("-", None);
    check("n/a", None);
}

#[test]
fn names_are_hidden_when_somebody_may_have_wished_it() {
    #[track_caller]
    fn check(header: &str, cells: &[(&str, bool)], doubts: usize) {
        let mut text = format!("Bib;Name;{header}\n");
        for (at, (cell, _)) in cells.iter().enumerate() {
            text.push_str(&format!("{};Ana Sol;{cell}\n", at + 1));
        }
        let file = read(text);
        for (row, (cell, expected)) in file.rows.iter().zip(cells) {
            assert_eq!(row.private, *expected, "{header} {cell:?}");
        }
        assert_eq!(file.doubts.len(), doubts, "{:?}", file.doubts);
    }
    for yes in [
        "yes",
        "TRUE",
        "1",
        "x",
        "Anonymous",
        "private",
        "Hidden",
        "Y",
        "ja",
        "sí",
    ] {
        check("Privacy", &[(yes, true), ("", false)], 0);
    }
    for no in ["no", "FALSE", "0", "public", "N", "nein", ""] {
        check("Anonymous", &[(no, false), ("yes", true)], 0);
    }
    check("Private", &[("only to friends", true), ("no", false)], 1);
    check("Show name", &[("yes", false), ("no", true), ("", true)], 0);
    check("Show name", &[("", false), ("", false)], 0);
    let row = one(
        "Bib,First Name,Last Name,Name,Anonymous",
        "7,Ana,Sol,Ana Sol,yes",
    );
    assert!(row.private && row.custom.is_empty(), "{row:?}");
}

#[test]
fn chips_come_from_cells_and_columns() {
    let check = |header: &str, cells: &str, expected: &[&str]| {
        let row = one(&format!("Bib,Name,{header}"), &format!("7,Ana Sol,{cells}"));
        assert_eq!(row.chips, expected, "{cells:?}");
    };
    check("Chip", "A1", &["A1"]);
    check("Chip", "A1;A2|A3 A4", &["A1", "A2", "A3", "A4"]);
    check("Chip", "\"A1, A2\"", &["A1", "A2"]);
    check("Chip", "A1;a1;0A1", &["A1"]);
    check("Chip", "0", &[]);
    check("Chip", "58001.0", &["58001"]);
    check("Chip 1,Chip 2", "A1,A2", &["A1", "A2"]);
    check("Tag,Transponder", "A1,", &["A1"]);
    let file = read("Bib,Name,Chip\n7,Ana Sol,A1\n8,Bo Ek,a1;B1\n");
    assert_eq!(file.rows[1].chips, ["B1"]);
    assert_eq!(file.doubts.len(), 1);
    let reason = &file.doubts[0].reason;
    assert!(
        reason.contains("a1") && reason.contains("bib 7 on line 2"),
        "{reason}"
    );
}

#[test]
fn every_field_has_its_place() {
    let row = one(
        "Bib,First,Last,Race,Wave,Division,Team,City,State,Country,Announcer notes,\
         Pronunciation,Shirt,Shirt,,Blank",
        "7,Rene\u{301},Sol,10K,A,F 40-44,Hill,Pau,ME,FRA,Runs for two,re-NAY,M,L,odd,",
    );
    assert_eq!(row.first_name, "Ren\u{e9}");
    let texts = [
        &row.race,
        &row.wave,
        &row.division,
        &row.team,
        &row.city,
        &row.state,
    ];
    assert_eq!(texts, ["10K", "A", "F 40-44", "Hill", "Pau", "ME"]);
    let texts = [&row.country, &row.note, &row.say_as];
    assert_eq!(texts, ["FRA", "Runs for two", "re-NAY"]);
    let custom: Vec<_> = row
        .custom
        .iter()
        .map(|(name, value)| (&name[..], &value[..]))
        .collect();
    assert_eq!(
        custom,
        [("Shirt", "M"), ("Shirt (2)", "L"), ("column 15", "odd")]
    );
}

#[test]
fn long_answers_are_cut_and_lose_nobody() {
    let text = format!("Bib,Name,Story\n7,Ana Sol,{}\n", "é".repeat(3_000));
    let file = read(text);
    assert_eq!(file.rows[0].custom["Story"].chars().count(), 2_000);
    assert_eq!(file.doubts.len(), 1);
}
