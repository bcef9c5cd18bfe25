//! One row by a mapping made ready: its fields, or why it cannot be used. Knows no other row.

use super::{
    column::{Column, Confidence, DateOrder, Mapping},
    dates::{self, Order},
    error::FileError,
    fold::{clean, is_placeholder},
    people::{Question, RosterRow},
    rejected::Doubt,
    table::{Row, Source, Table},
    values::{self, GenderLetters},
    words,
};
use crate::limits;
use chrono::{Datelike, NaiveDate};
use std::{borrow::Cow, collections::HashMap};

/// The mapping made ready to be followed row by row.
pub(super) struct Plan<'a> {
    header: &'a [String],
    /// Cells that a row of text has at least.
    width_min: usize,
    is_text: bool,
    counts_from_1904: bool,
    columns: HashMap<&'static str, usize>,
    chips: Vec<usize>,
    custom: Vec<(usize, String)>,
    letters: GenderLetters,
    date_order: DateOrder,
    event_year: i32,
    /// Nobody said anything in the column of consents: then it hides nobody.
    has_consents: bool,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        table: &'a Table,
        mapping: &mut Mapping,
        event_on: NaiveDate,
        questions: &mut Vec<Question>,
    ) -> Result<Self, FileError> {
        let columns = single_columns(mapping)?;
        check_enough(mapping)?;
        let cells = |column: Column| {
            let at = mapping.find(&column);
            table
                .rows
                .iter()
                .filter_map(move |row| Some((row.line, row.cells.get(at?)?)))
        };
        let letters = GenderLetters::of(cells(Column::Gender).map(|(_, text)| text.trim()));
        let (order, open) = dates::order(cells(Column::BirthDate));
        let has_consents = cells(Column::Public).any(|(_, text)| !clean(text).is_empty());
        let date_order = Self::date_order(mapping, order, open, questions);
        let mut chips: Vec<(u8, usize)> = Vec::new();
        let mut custom: Vec<(usize, String)> = Vec::new();
        for (at, column) in mapping.columns.iter().enumerate() {
            match &column.column {
                Column::Chip(number) => chips.push((*number, at)),
                Column::Custom(name) => custom.push((at, custom_name(name, &custom))),
                _ => {}
            }
        }
        chips.sort_unstable();
        Ok(Self {
            header: &table.header,
            width_min: table.named_columns,
            is_text: matches!(table.source, Source::Text { .. }),
            counts_from_1904: matches!(
                table.source,
                Source::Workbook {
                    counts_from_1904: true,
                    ..
                }
            ),
            columns,
            chips: chips.into_iter().map(|(_, at)| at).collect(),
            custom,
            letters,
            date_order,
            event_year: event_on.year(),
            has_consents,
        })
    }

    fn date_order(
        mapping: &mut Mapping,
        order: Order,
        open: Option<(u64, String)>,
        questions: &mut Vec<Question>,
    ) -> DateOrder {
        if let Order::Known(order) = order {
            return order;
        }
        let Some(at) = mapping.find(&Column::BirthDate) else {
            return DateOrder::DayFirst;
        };
        if let Some(order) = mapping.date_order {
            return order;
        }
        let header = mapping.columns[at].header.clone();
        if let Some(is_day_first) = words::told_day_first(&header) {
            return if is_day_first {
                DateOrder::DayFirst
            } else {
                DateOrder::MonthFirst
            };
        }
        // Lists with states are mostly American; it stays a question.
        let taken = match mapping.find(&Column::State) {
            Some(_) => DateOrder::MonthFirst,
            None => DateOrder::DayFirst,
        };
        mapping.columns[at].confidence = Confidence::Guess;
        let (line, example) = open.unwrap_or_default();
        questions.push(Question::DateOrder {
            header,
            line,
            example,
            taken,
        });
        taken
    }

    pub(super) fn person(&self, row: &Row, doubts: &mut Vec<Doubt>) -> Result<RosterRow, String> {
        self.check_width(row)?;
        let text = |column: Column| self.text(row, &column);
        let mut doubt = |reason: String| {
            doubts.push(Doubt {
                line: row.line,
                reason,
            });
        };
        let mut person = RosterRow {
            line: row.line,
            ..RosterRow::default()
        };
        let bib = text(Column::Bib)?;
        person.bib = values::bib(&bib);
        let id = text(Column::RegistrationId)?;
        person.registration_id = values::bib(&id);
        for value in [&bib, &id] {
            if let Some(what) = values::spoiled_by_spreadsheet(value) {
                return Err(format!(
                    "{value} {what}; format the column as text and enter it anew"
                ));
            }
        }
        if person.bib.is_none() && person.registration_id.is_none() {
            return Err("the bib is empty; give the person one".to_owned());
        }
        for column in &self.chips {
            let value = self.cell(row, *column)?;
            if let Some(what) = values::spoiled_by_spreadsheet(&value) {
                return Err(format!(
                    "chip {value} {what}; format the column as text and export it anew"
                ));
            }
            values::chips(&value, &mut person.chips);
        }
        if person.chips.len() > limits::CHIPS_PER_PARTICIPANT_MAX {
            let limit = limits::CHIPS_PER_PARTICIPANT_MAX;
            return Err(format!(
                "it has more than {limit} chips; is that one person's column?"
            ));
        }
        (person.first_name, person.last_name) = self.name(row)?;
        if person.first_name.is_empty() && person.last_name.is_empty() {
            return Err("the name is empty; enter one".to_owned());
        }
        for (column, field) in [
            (Column::Race, &mut person.race),
            (Column::Wave, &mut person.wave),
            (Column::Division, &mut person.division),
            (Column::Team, &mut person.team),
            (Column::City, &mut person.city),
            (Column::State, &mut person.state),
            (Column::Country, &mut person.country),
            (Column::SayAs, &mut person.say_as),
        ] {
            let value = text(column)?;
            if !is_placeholder(&value) {
                *field = value.into_owned();
            }
        }
        let age = text(Column::Age)?;
        if !is_placeholder(&age) {
            person.age = Some(values::age(&age).ok_or_else(|| {
                format!("the age {age:?} is no number of years; has a column shifted?")
            })?);
        }
        let born = text(Column::BirthDate)?;
        person.birth_date = self.birth_date(&born, person.age);
        if person.birth_date.is_none() && !is_placeholder(&born) && !dates::is_nothing(&born) {
            doubt(format!(
                "the birth date {born:?} cannot be; it was left out; write it as 1990-12-31"
            ));
        }
        self.gender(row, &mut person)?;
        self.privacy(row, &mut person, &mut doubt)?;
        self.free_texts(row, &mut person, &mut doubt);
        Ok(person)
    }

    /// Cells too few or too many have shifted the others, unless they are empty ones at the end.
    fn check_width(&self, row: &Row) -> Result<(), String> {
        let count = row.cells.len();
        let has_more = row
            .cells
            .iter()
            .skip(self.header.len())
            .any(|cell| !cell.trim().is_empty());
        if !has_more && (count >= self.width_min || !self.is_text) {
            return Ok(());
        }
        let hint = if row.cells.iter().any(|cell| cell.contains('\n')) {
            "is a quotation mark left open?"
        } else {
            "is there a delimiter too many or too few?"
        };
        let wanted = self.width_min;
        Err(format!(
            "it has {count} columns and the header has {wanted}; {hint}"
        ))
    }

    fn text<'r>(&self, row: &'r Row, column: &Column) -> Result<Cow<'r, str>, String> {
        match self.columns.get(column.label()) {
            Some(at) => self.cell(row, *at),
            None => Ok(Cow::Borrowed("")),
        }
    }

    fn cell<'r>(&self, row: &'r Row, column: usize) -> Result<Cow<'r, str>, String> {
        let text = clean(row.cells.get(column).unwrap_or_default());
        let header = self.header.get(column).map_or("?", String::as_str);
        if text.len() > limits::ROSTER_FIELD_CHARS_MAX
            && text.chars().count() > limits::ROSTER_FIELD_CHARS_MAX
        {
            let limit = limits::ROSTER_FIELD_CHARS_MAX;
            return Err(format!(
                "the {header:?} has more than {limit} characters; shorten it"
            ));
        }
        if text.chars().any(char::is_control) {
            return Err(format!(
                "the {header:?} has a control character in it; save the file as CSV UTF-8"
            ));
        }
        Ok(text)
    }

    fn name(&self, row: &Row) -> Result<(String, String), String> {
        let first = self.text(row, &Column::FirstName)?;
        let last = self.text(row, &Column::LastName)?;
        let nothing = |name: &str| name.chars().all(|sign| matches!(sign, '-' | '.' | '?'));
        let own = |name: Cow<'_, str>| {
            if nothing(&name) {
                String::new()
            } else {
                name.into_owned()
            }
        };
        let (first, last) = (own(first), own(last));
        if !(first.is_empty() && last.is_empty()) {
            return Ok((first, last));
        }
        let Some(at) = self.columns.get(Column::FullName.label()) else {
            return Ok((first, last));
        };
        let full = own(self.cell(row, *at)?);
        let is_last_first = words::is_last_name_first(&self.header[*at]);
        Ok(values::split_name(&full, is_last_first))
    }

    fn birth_date(&self, text: &str, age: Option<u16>) -> Option<NaiveDate> {
        if self.is_text {
            return dates::birth_date(text, self.date_order, self.event_year, age);
        }
        dates::birth_date(text, self.date_order, self.event_year, age).or_else(|| {
            let date = dates::from_serial(text, self.counts_from_1904)?;
            let years = self.event_year - date.year();
            (0..=i32::from(limits::AGE_YEARS_MAX))
                .contains(&years)
                .then_some(date)
        })
    }

    fn gender(&self, row: &Row, person: &mut RosterRow) -> Result<(), String> {
        let text = self.text(row, &Column::Gender)?;
        if is_placeholder(&text) {
            return Ok(());
        }
        match values::gender(&text, self.letters) {
            Some(known) => person.gender = known.to_owned(),
            None => {
                let at = self.columns[Column::Gender.label()];
                let name = custom_name(&self.header[at], &self.custom);
                person.custom.insert(name, text.into_owned());
            }
        }
        Ok(())
    }

    /// What is not understood hides the name: that is put right in a minute, the opposite never.
    fn privacy(
        &self,
        row: &Row,
        person: &mut RosterRow,
        doubt: &mut impl FnMut(String),
    ) -> Result<(), String> {
        let text = self.text(row, &Column::Privacy)?;
        let hides = values::flag(&text);
        let consent = self.text(row, &Column::Public)?;
        // In a column of consents an empty cell is a box left open. "Hidden" is a no there.
        let allows = match values::flag(&consent) {
            _ if !self.has_consents => Some(true),
            Some(yes) => Some(yes && !consent.is_empty()),
            None => None,
        };
        for (known, text) in [(hides, &text), (allows, &consent)] {
            if known.is_none() {
                doubt(format!(
                    "whether {text:?} hides the name is not known, so it is hidden; write yes or no"
                ));
            }
        }
        person.private = hides.unwrap_or(true) || !allows.unwrap_or(false);
        Ok(())
    }

    fn free_texts(&self, row: &Row, person: &mut RosterRow, doubt: &mut impl FnMut(String)) {
        let mut free = |column: usize| -> String {
            let text = clean(row.cells.get(column).unwrap_or_default());
            let kept: String = text
                .chars()
                .filter(|sign| !sign.is_control())
                .take(limits::ROSTER_NOTE_CHARS_MAX)
                .collect();
            if kept.len() < text.len() {
                let header = &self.header[column];
                let limit = limits::ROSTER_NOTE_CHARS_MAX;
                doubt(format!(
                    "the {header:?} is longer than {limit} characters or has unreadable ones; \
                     those were left out"
                ));
            }
            kept
        };
        if let Some(at) = self.columns.get(Column::Note.label()) {
            person.note = free(*at);
        }
        for (at, name) in &self.custom {
            let value = free(*at);
            if !value.is_empty() {
                person.custom.insert(name.clone(), value);
            }
        }
    }
}

/// The place of each column of which there is one.
fn single_columns(mapping: &Mapping) -> Result<HashMap<&'static str, usize>, FileError> {
    let mut columns = HashMap::new();
    for (at, mapped) in mapping.columns.iter().enumerate() {
        if !mapped.column.is_single() {
            continue;
        }
        let what = mapped.column.label();
        if let Some(first) = columns.insert(what, at) {
            return Err(FileError::MappedTwice {
                what,
                first: mapping.columns[first].header.clone(),
                second: mapped.header.clone(),
            });
        }
    }
    Ok(columns)
}

fn check_enough(mapping: &Mapping) -> Result<(), FileError> {
    let has = |wanted: &[Column]| wanted.iter().any(|column| mapping.find(column).is_some());
    let found = || {
        let names = mapping.columns.iter().map(|column| column.header.as_str());
        let mut text = names
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        if let Some((end, _)) = text.char_indices().nth(limits::ROSTER_FIELD_CHARS_MAX) {
            text.truncate(end);
            text.push('…');
        }
        text
    };
    if !has(&[Column::Bib, Column::RegistrationId]) {
        return Err(FileError::NoIdentity { found: found() });
    }
    if !has(&[Column::FirstName, Column::LastName, Column::FullName]) {
        return Err(FileError::NoName { found: found() });
    }
    Ok(())
}

/// A name for a custom field that none before it has.
fn custom_name(header: &str, taken: &[(usize, String)]) -> String {
    let short: String = header
        .chars()
        .take(limits::ROSTER_CUSTOM_NAME_CHARS_MAX)
        .collect();
    let short = short.trim();
    let mut name = short.to_owned();
    let mut turn = 1;
    while taken.iter().any(|(_, other)| *other == name) {
        turn += 1;
        name = format!("{short} ({turn})");
    }
    name
}
