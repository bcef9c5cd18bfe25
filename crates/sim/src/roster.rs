//! A field as CSV, both ways: the columns of a results file with splits, which the roster import
//! takes too.

use crate::{
    course::{Course, is_location},
    field::{Field, FieldError, Rejected, Runner},
    limits::{RUNNERS_MAX, SPLIT_MS_MAX},
};
use csv::{ByteRecord, ReaderBuilder, StringRecord, Trim, Writer};
use std::{
    collections::HashSet,
    io::{Read, Write},
};

const PERSON: [&str; 8] = [
    "bib",
    "first_name",
    "last_name",
    "gender",
    "age",
    "city",
    "state",
    "country",
];
const START: &str = "START";
const FINISH: &str = "FINISH";

/// A column that holds a time.
struct SplitColumn {
    column: usize,
    location: String,
}

impl Field {
    /// From a CSV with a `bib`, and seconds since the runner's own start in `split_<point>_s` and
    /// `finish_s`. Its points are START, each `<POINT>` in capitals, and FINISH; `wanted` picks
    /// among them. Rows that cannot be used are told apart and left out.
    pub fn from_csv(
        input: impl Read,
        wanted: Option<&[String]>,
    ) -> Result<(Self, Vec<Rejected>), FieldError> {
        let mut reader = ReaderBuilder::new().trim(Trim::None).from_reader(input);
        let header: Vec<String> = reader
            .byte_headers()?
            .iter()
            .map(|cell| {
                let cell = String::from_utf8_lossy(cell);
                cell.trim_start_matches('\u{feff}')
                    .trim()
                    .to_ascii_lowercase()
            })
            .collect();
        let columns = PERSON.map(|name| header.iter().position(|cell| cell == name));
        if columns[0].is_none() {
            return Err(FieldError::NoColumn("bib"));
        }
        let (course, splits) = course_of(&header, wanted)?;
        let mut field = Self {
            course,
            runners: Vec::new(),
        };
        let mut rejected = Vec::new();
        let mut bibs = HashSet::new();
        let mut record = ByteRecord::new();
        loop {
            let line = reader.position().line();
            let row = match reader.read_byte_record(&mut record) {
                Ok(false) => break,
                Ok(true) => parse_row(&record, &columns, &splits, field.course.has_start()),
                Err(error) if error.is_io_error() => return Err(error.into()),
                Err(error) => Err(error.to_string()),
            };
            let line = record.position().map_or(line, csv::Position::line);
            match row {
                Ok(runner) if bibs.contains(&runner.bib) => rejected.push(Rejected {
                    line,
                    reason: format!("bib {:?} was on an earlier line", runner.bib),
                }),
                Ok(_) if field.runners.len() == RUNNERS_MAX => {
                    return Err(FieldError::TooLarge(RUNNERS_MAX + 1));
                }
                Ok(runner) => {
                    bibs.insert(runner.bib.clone());
                    field.runners.push(runner);
                }
                Err(reason) => rejected.push(Rejected { line, reason }),
            }
        }
        Ok((field, rejected))
    }

    /// As CSV that `from_csv` and the roster import read.
    pub fn write_csv(&self, output: impl Write) -> Result<(), FieldError> {
        let mut writer = Writer::from_writer(output);
        let starts = usize::from(self.course.has_start());
        let timed = &self.course.points()[starts..];
        for name in PERSON {
            writer.write_field(name)?;
        }
        for (index, point) in timed.iter().enumerate() {
            let location = point.location.to_lowercase();
            if index + 1 == timed.len() {
                writer.write_field("finish_s")?;
            } else {
                writer.write_field(format!("split_{location}_s"))?;
            }
        }
        writer.write_record(None::<&[u8]>)?;
        for runner in &self.runners {
            let person = [
                &runner.bib,
                &runner.first_name,
                &runner.last_name,
                &runner.gender,
                &runner.age,
                &runner.city,
                &runner.state,
                &runner.country,
            ];
            for cell in person {
                writer.write_field(cell)?;
            }
            for split in &runner.splits_ms[starts..] {
                let seconds = split
                    .map(|ms| format!("{}.{:03}", ms / 1_000, ms % 1_000))
                    .unwrap_or_default();
                writer.write_field(seconds)?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush().map_err(csv::Error::from)?;
        Ok(())
    }
}

fn course_of(
    header: &[String],
    wanted: Option<&[String]>,
) -> Result<(Course, Vec<SplitColumn>), FieldError> {
    let mut timed: Vec<SplitColumn> = header
        .iter()
        .enumerate()
        .filter_map(|(column, name)| {
            let point = name.strip_prefix("split_")?.strip_suffix("_s")?;
            Some(SplitColumn {
                column,
                location: point.to_uppercase(),
            })
        })
        .collect();
    if let Some(column) = header.iter().position(|name| name == "finish_s") {
        timed.push(SplitColumn {
            column,
            location: FINISH.to_owned(),
        });
    }
    if timed.is_empty() {
        return Err(FieldError::NoSplits);
    }
    let mut names = vec![START.to_owned()];
    names.extend(timed.iter().map(|split| split.location.clone()));
    let Some(wanted) = wanted else {
        return Ok((Course::parse(&names)?, timed));
    };
    if let Some(missing) = wanted
        .iter()
        .find(|point| !names.iter().any(|name| name.eq_ignore_ascii_case(point)))
    {
        return Err(FieldError::NoPoint(missing.clone(), names.join(", ")));
    }
    let is_wanted = |location: &str| {
        wanted
            .iter()
            .any(|name| name.eq_ignore_ascii_case(location))
    };
    let course = Course::parse(&names)?.keep(is_wanted)?;
    timed.retain(|split| is_wanted(&split.location));
    Ok((course, timed))
}

fn parse_row(
    record: &ByteRecord,
    columns: &[Option<usize>; PERSON.len()],
    timed: &[SplitColumn],
    has_start: bool,
) -> Result<Runner, String> {
    let record = StringRecord::from_byte_record(record.clone())
        .map_err(|_| "the line is not UTF-8; save the file as UTF-8".to_owned())?;
    let [
        bib,
        first_name,
        last_name,
        gender,
        age,
        city,
        state,
        country,
    ] = columns.map(|column| {
        column
            .and_then(|column| record.get(column))
            .unwrap_or("")
            .trim()
            .to_owned()
    });
    if bib.is_empty() {
        return Err("there is no bib".to_owned());
    }
    if !is_location(&bib) {
        return Err(format!(
            "bib {bib:?} has a blank or one of , ; ~ |, which cannot be sent"
        ));
    }
    let mut splits_ms = Vec::with_capacity(timed.len() + 1);
    if has_start {
        splits_ms.push(Some(0));
    }
    let mut before = (0, START);
    for split in timed {
        let text = record.get(split.column).unwrap_or("").trim();
        let split_ms = parse_seconds(text)
            .map_err(|reason| format!("{} {text:?} {reason}", split.location))?;
        if let Some(split_ms) = split_ms {
            if split_ms < before.0 {
                return Err(format!("{} is before {}", split.location, before.1));
            }
            before = (split_ms, &split.location);
        }
        splits_ms.push(split_ms);
    }
    if splits_ms[usize::from(has_start)..]
        .iter()
        .all(Option::is_none)
        && !timed.is_empty()
    {
        return Err("there is no split and no finish".to_owned());
    }
    Ok(Runner {
        bib,
        first_name,
        last_name,
        gender,
        age,
        city,
        state,
        country,
        splits_ms,
    })
}

/// `4836.0` in milliseconds; nothing for an empty cell.
fn parse_seconds(text: &str) -> Result<Option<u32>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let seconds: f64 = text.parse().map_err(|_| "is not a number of seconds")?;
    let ms = (seconds * 1_000.0).round();
    if !(0.0..=SPLIT_MS_MAX as f64).contains(&ms) {
        return Err("is negative or longer than two weeks");
    }
    Ok(Some(ms as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
bib,first_name,last_name,city,split_5k_s,split_half_s,finish_s,place_overall
W2,Ada,Quill,Millbrook,1000.5,4000,8000.25,1
9,\"Fields, Jr.\",O'Dell,,1100,,8100,2
9,Again,Twice,,1100,,8100,2
10,Bo,Wick,,abc,,8100,3
11,Cy,Oakes,,1200,1100,8100,4
12,Di,Kestrel,,,,,
,No,Bib,,1,2,3,
1 3,Blank,Inbib,,1,2,3,
14,Too,Few
15,Ed,Quill,,1200,5000,-1,
16,Flo,Quill,,1200,5000,9000.5,5
";

    #[test]
    fn a_csv_gives_a_field_and_tells_what_it_left_out() {
        let (field, rejected) = Field::from_csv(FILE.as_bytes(), None).unwrap();
        let locations: Vec<_> = field
            .course
            .points()
            .iter()
            .map(|point| point.location.as_str())
            .collect();
        assert_eq!(locations, ["START", "5K", "HALF", "FINISH"]);
        let bibs: Vec<_> = field
            .runners
            .iter()
            .map(|runner| runner.bib.as_str())
            .collect();
        assert_eq!(bibs, ["W2", "9", "16"]);
        assert_eq!(
            field.runners[0].splits_ms,
            [Some(0), Some(1_000_500), Some(4_000_000), Some(8_000_250)]
        );
        assert_eq!(field.runners[1].splits_ms[2], None);
        assert_eq!(field.runners[1].first_name, "Fields, Jr.");
        let lines: Vec<_> = rejected.iter().map(|row| row.line).collect();
        assert_eq!(lines, [4, 5, 6, 7, 8, 9, 10, 11], "{rejected:?}");
        assert_eq!(rejected[1].reason, "5K \"abc\" is not a number of seconds");
        assert_eq!(rejected[2].reason, "HALF is before 5K");
    }

    #[test]
    fn points_can_be_picked() {
        let check = |wanted: &[&str], locations: &[&str], splits: &[Option<u32>]| {
            let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
            let (field, _) = Field::from_csv(FILE.as_bytes(), Some(&wanted)).unwrap();
            let got: Vec<_> = field
                .course
                .points()
                .iter()
                .map(|point| point.location.as_str())
                .collect();
            assert_eq!(got, locations);
            assert_eq!(field.runners[0].splits_ms, splits);
        };
        check(&["finish"], &["FINISH"], &[Some(8_000_250)]);
        check(
            &["START", "half"],
            &["START", "HALF"],
            &[Some(0), Some(4_000_000)],
        );
        let wanted = ["30K".to_owned()];
        let error = Field::from_csv(FILE.as_bytes(), Some(&wanted)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the file has no point \"30K\"; it has START, 5K, HALF, FINISH"
        );
    }

    #[test]
    fn a_file_that_is_no_such_csv_is_refused() {
        let check = |text: &str, part: &str| {
            let error = Field::from_csv(text.as_bytes(), None)
                .unwrap_err()
                .to_string();
            assert!(error.contains(part), "{error}");
        };
        check("", "no column \"bib\"");
        check("name,finish_s\nA,1\n", "no column \"bib\"");
        check("bib,name\n1,A\n", "split_<point>_s");
    }

    #[test]
    fn a_line_that_is_not_utf8_is_left_out_alone() {
        let bytes = b"\xef\xbb\xbfbib,first_name,finish_s\n1,Zo\xeb,10\n2,Zo\xc3\xab,11\n";
        let (field, rejected) = Field::from_csv(&bytes[..], None).unwrap();
        assert_eq!(field.runners.len(), 1);
        assert_eq!(field.runners[0].first_name, "Zoë");
        assert_eq!(rejected[0].line, 2);
    }

    #[test]
    fn a_made_up_field_comes_back_from_its_csv() {
        let course = Course::parse(&["START", "5K", "10K", "FINISH"]).unwrap();
        let field = Field::made_up(500, course, 11).unwrap();
        let mut file = Vec::new();
        field.write_csv(&mut file).unwrap();
        let (back, rejected) = Field::from_csv(&file[..], None).unwrap();
        // Those who stopped at the start have no split, so that their line cannot be timed.
        let stayed = |runner: &&Runner| runner.splits_ms[1..].iter().any(Option::is_some);
        let timed: Vec<_> = field.runners.iter().filter(stayed).collect();
        assert_eq!(rejected.len(), field.runners.len() - timed.len());
        assert_eq!(back.runners.len(), timed.len());
        for (back, made) in back.runners.iter().zip(timed) {
            assert_eq!(back.bib, made.bib);
            assert_eq!(back.first_name, made.first_name);
            assert_eq!(back.last_name, made.last_name);
            assert_eq!(back.city, made.city);
            assert_eq!(back.splits_ms[1..], made.splits_ms[1..]);
        }
    }
}
