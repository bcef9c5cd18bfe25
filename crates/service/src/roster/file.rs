//! Roster files: UTF-8 CSV with a header. Pure; the row's line goes with each complaint.

use crate::{ServiceError, limits};
use csv::{ByteRecord, ReaderBuilder};
use model::fold_tag;
use serde::Serialize;
use std::collections::HashMap;
use store::NewParticipant;

/// A row that did not go in, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Counted from 1, the header being line 1.
    pub line: u64,
    pub reason: String,
}

#[derive(Debug)]
pub struct RosterFile {
    /// Usable rows with their lines.
    pub rows: Vec<(u64, NewParticipant)>,
    pub rejected: Vec<Rejected>,
}

/// Which column holds what.
struct Columns {
    bib: usize,
    first_name: Option<usize>,
    last_name: Option<usize>,
    gender: Option<usize>,
    age: Option<usize>,
    city: Option<usize>,
    state: Option<usize>,
    country: Option<usize>,
    chips: Vec<usize>,
    count: usize,
}

/// Reads a whole roster file.
///
/// The header must have a column `bib`, and `first_name` or `last_name`; `gender`, `age`, `city`,
/// `state`, `country`, `chip`, `chip_2`, … are taken where they are; other columns are left.
pub fn parse(bytes: &[u8]) -> Result<RosterFile, ServiceError> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits::ROSTER_BYTES_MAX {
        let limit_mib = limits::ROSTER_BYTES_MAX >> 20;
        return Err(ServiceError::Roster(format!(
            "it is larger than {limit_mib} MiB; split it"
        )));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(ServiceError::Roster(
            "it is UTF-16; save it as CSV UTF-8".to_owned(),
        ));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader
        .byte_headers()
        .map_err(|error| ServiceError::Roster(error.to_string()))?;
    let columns = columns(header)?;

    let mut file = RosterFile {
        rows: Vec::new(),
        rejected: Vec::new(),
    };
    let mut line_of_bib = HashMap::new();
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(ServiceError::Roster(error.to_string())),
        }
        if file.rows.len() + file.rejected.len() >= limits::ROSTER_ROWS_MAX {
            let limit = limits::ROSTER_ROWS_MAX;
            return Err(ServiceError::Roster(format!(
                "it has over {limit} rows; split it"
            )));
        }
        let line = record.position().map_or(0, csv::Position::line);
        match person(&record, &columns) {
            Err(reason) => file.rejected.push(Rejected { line, reason }),
            Ok(person) => match line_of_bib.insert(fold_tag(&person.bib), line) {
                Some(first) => {
                    line_of_bib.insert(fold_tag(&person.bib), first);
                    let reason = format!("bib {} is on line {first} already", person.bib);
                    file.rejected.push(Rejected { line, reason });
                }
                None => file.rows.push((line, person)),
            },
        }
    }
    Ok(file)
}

fn columns(header: &ByteRecord) -> Result<Columns, ServiceError> {
    let names: Vec<String> = header
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .trim()
                .to_lowercase()
                .replace([' ', '-'], "_")
        })
        .collect();
    let find = |wanted: &str| names.iter().position(|name| name == wanted);
    let is_chip = |name: &str| {
        name == "chip"
            || name.strip_prefix("chip").is_some_and(|rest| {
                let digits = rest.trim_start_matches('_');
                !digits.is_empty() && digits.bytes().all(|sign| sign.is_ascii_digit())
            })
    };
    let found = names.join(", ");
    let Some(bib) = find("bib") else {
        return Err(ServiceError::Roster(format!(
            "its header has no column \"bib\"; name the column of race numbers so (found: {found})"
        )));
    };
    let (first_name, last_name) = (find("first_name"), find("last_name"));
    if first_name.is_none() && last_name.is_none() {
        return Err(ServiceError::Roster(format!(
            "its header has neither \"first_name\" nor \"last_name\" (found: {found})"
        )));
    }
    Ok(Columns {
        bib,
        first_name,
        last_name,
        gender: find("gender"),
        age: find("age"),
        city: find("city"),
        state: find("state"),
        country: find("country"),
        chips: (0..names.len())
            .filter(|column| is_chip(&names[*column]))
            .collect(),
        count: names.len(),
    })
}

fn person(record: &ByteRecord, columns: &Columns) -> Result<NewParticipant, String> {
    if record.len() != columns.count {
        return Err(format!(
            "it has {} columns and the header has {}; is there a comma too many or too few?",
            record.len(),
            columns.count
        ));
    }
    let field = |column: usize| -> Result<String, String> {
        let bytes = record.get(column).unwrap_or_default();
        let text = std::str::from_utf8(bytes)
            .map_err(|_| "it is no UTF-8; save the file as CSV UTF-8".to_owned())?
            .trim();
        if text.chars().count() > limits::ROSTER_FIELD_CHARS_MAX {
            let limit = limits::ROSTER_FIELD_CHARS_MAX;
            return Err(format!("a field has more than {limit} characters"));
        }
        if text.chars().any(char::is_control) {
            return Err("a field has a control character in it".to_owned());
        }
        Ok(text.to_owned())
    };
    let optional = |column: Option<usize>| column.map_or(Ok(String::new()), field);

    let bib = field(columns.bib)?;
    if bib.is_empty() {
        return Err("the bib is empty".to_owned());
    }
    let age_text = optional(columns.age)?;
    let age = match age_text.parse::<u16>() {
        _ if age_text.is_empty() => None,
        Ok(age) if age <= 130 => Some(age),
        _ => {
            return Err(format!(
                "the age {age_text:?} is no number of years; a shifted column?"
            ));
        }
    };
    let mut chips: Vec<String> = Vec::new();
    for column in &columns.chips {
        let text = field(*column)?;
        chips.extend(
            text.split([';', ' ', '|'])
                .filter(|chip| !chip.is_empty())
                .map(str::to_owned),
        );
    }
    if chips.len() > limits::CHIPS_PER_PARTICIPANT_MAX {
        return Err(format!(
            "it has more than {} chips",
            limits::CHIPS_PER_PARTICIPANT_MAX
        ));
    }
    let (first_name, last_name) = (optional(columns.first_name)?, optional(columns.last_name)?);
    if first_name.is_empty() && last_name.is_empty() {
        return Err("the name is empty".to_owned());
    }
    Ok(NewParticipant {
        bib,
        first_name,
        last_name,
        gender: optional(columns.gender)?,
        age,
        city: optional(columns.city)?,
        state: optional(columns.state)?,
        country: optional(columns.country)?,
        chips,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "bib,first_name,last_name,gender,age,city,state,country,chip\n";

    #[track_caller]
    fn check(rows: &str, bibs: &[&str], rejected: &[(u64, &str)]) {
        let file = parse(format!("{HEADER}{rows}").as_bytes()).unwrap();
        let found: Vec<_> = file
            .rows
            .iter()
            .map(|(_, person)| person.bib.as_str())
            .collect();
        assert_eq!(found, bibs);
        assert_eq!(file.rejected.len(), rejected.len(), "{:?}", file.rejected);
        for (row, (line, part)) in file.rejected.iter().zip(rejected) {
            assert_eq!(row.line, *line, "{row:?}");
            assert!(row.reason.contains(part), "{row:?}");
        }
    }

    #[test]
    fn rows_go_in_and_bad_ones_are_named() {
        check("7,Ana,Sol,F,30,Pau,,FRA,\n", &["7"], &[]);
        check("7,Ana,Sol,F,,Pau,,FRA,A1;A2\n", &["7"], &[]);
        check("7,Ana,Sol,F,30,\"Pau, Aquitaine\",,FRA,\n", &["7"], &[]);
        check(
            "7,Ana,Sol,F,30,Pau,,FRA\n8,Bo,Ek,M,1,Ed,,SWE,\n",
            &["8"],
            &[(2, "columns")],
        );
        check("7,Ana,Sol,F,Pau,30,,FRA,\n", &[], &[(2, "shifted")]);
        check(",Ana,Sol,F,30,Pau,,FRA,\n", &[], &[(2, "bib is empty")]);
        check("7,,,F,30,Pau,,FRA,\n", &[], &[(2, "name is empty")]);
        check(
            "7,A,B,F,1,C,,D,\n007,E,F,M,2,G,,H,\n",
            &["7"],
            &[(3, "line 2")],
        );
        check("7,A\u{7}na,Sol,F,30,Pau,,FRA,\n", &[], &[(2, "control")]);
    }

    #[test]
    fn a_row_that_is_no_utf8_is_rejected_alone() {
        let mut bytes = HEADER.as_bytes().to_vec();
        bytes.extend(b"7,Ren\xe9,Sol,M,30,Pau,,FRA,\n8,Bo,Ek,M,1,Ed,,SWE,\n");
        let file = parse(&bytes).unwrap();
        assert_eq!(file.rows.len(), 1);
        assert!(file.rejected[0].reason.contains("UTF-8"));
    }

    #[test]
    fn a_file_that_is_no_roster_is_refused_whole() {
        let check = |bytes: &[u8], part: &str| {
            let error = parse(bytes).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        check(b"name,number\nAna,7\n", "no column \"bib\"");
        check(b"bib,city\n7,Pau\n", "neither");
        check(b"\xff\xfeb\0i\0b\0", "UTF-16");
        check(b"", "no column");
    }

    #[test]
    fn a_header_may_be_in_capitals_with_blanks_and_a_byte_order_mark() {
        let file = parse("\u{feff}Bib,First Name,Last-Name,Chip 2\n7,Ana,Sol,X9\n".as_bytes());
        assert_eq!(file.unwrap().rows[0].1.chips, ["X9"]);
    }
}
