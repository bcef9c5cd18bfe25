//! From header and first values to a mapping: what each column is, and how sure that is. Pure; a
//! person may overrule all of it.

use super::{
    column::{Column, Confidence, MappedColumn, Mapping},
    dates,
    fold::{clean, fold, is_placeholder},
    table::{Row, Table},
    values,
    words::{self, Meaning, Word},
};
use crate::limits;
use std::collections::HashSet;

impl Table {
    /// What the columns are taken for; what was decided for an earlier file goes before.
    pub fn mapping(&self, remembered: Option<&Mapping>) -> Mapping {
        let sample = &self.rows[..self.rows.len().min(limits::ROSTER_SAMPLE_ROWS_MAX)];
        let fresh = recognise(&self.header, sample);
        match remembered {
            Some(remembered) => fresh.with_remembered(remembered),
            None => fresh,
        }
    }
}

/// A column while it is being decided.
struct Candidate<'a> {
    header: &'a str,
    word: Option<Word>,
    /// Of the sample, without those that say "nothing".
    values: Vec<String>,
    decided: Option<(Column, Confidence)>,
}

impl Candidate<'_> {
    fn means(&self, meaning: Meaning) -> bool {
        self.decided.is_none() && self.word.is_some_and(|word| word.meaning == meaning)
    }

    /// Whether most values fit. No value is no objection.
    fn mostly(&self, fits: impl Fn(&str) -> bool) -> bool {
        let count = self.values.iter().filter(|value| fits(value)).count();
        count * 2 >= self.values.len()
    }

    fn always(&self, fits: impl Fn(&str) -> bool) -> bool {
        !self.values.is_empty() && self.values.iter().all(|value| fits(value))
    }

    fn distinct(&self) -> usize {
        let values: HashSet<&str> = self.values.iter().map(String::as_str).collect();
        values.len()
    }

    fn is_unique(&self) -> bool {
        !self.values.is_empty() && self.distinct() == self.values.len()
    }
}

pub(super) fn recognise(header: &[String], sample: &[Row]) -> Mapping {
    let mut columns: Vec<Candidate<'_>> = header
        .iter()
        .enumerate()
        .map(|(at, header)| {
            let cells = sample.iter().filter_map(|row| row.cells.get(at));
            let values = cells.map(clean).filter(|value| !is_placeholder(value));
            Candidate {
                header,
                word: words::look_up(header),
                values: values.map(|value| value.into_owned()).collect(),
                decided: None,
            }
        })
        .collect();
    our_own_rejected_file(&mut columns);
    mistaken(&mut columns);
    for (meaning, column) in SINGLE {
        choose(&mut columns, meaning, column);
    }
    names(&mut columns);
    chips(&mut columns);
    doubtful(&mut columns);
    by_values(&mut columns);
    let columns = columns
        .into_iter()
        .enumerate()
        .map(|(at, it)| MappedColumn {
            header: it.header.to_owned(),
            column: it
                .decided
                .as_ref()
                .map_or_else(|| rest(at, &it), |(column, _)| column.clone()),
            confidence: it
                .decided
                .map_or(Confidence::Sure, |(_, confidence)| confidence),
        });
    Mapping {
        columns: columns.collect(),
        date_order: None,
    }
}

/// Meanings of which a file has one column, and what that is.
const SINGLE: [(Meaning, Column); 17] = [
    (Meaning::RegistrationId, Column::RegistrationId),
    (Meaning::Bib, Column::Bib),
    (Meaning::FirstName, Column::FirstName),
    (Meaning::LastName, Column::LastName),
    (Meaning::FullName, Column::FullName),
    (Meaning::Race, Column::Race),
    (Meaning::Wave, Column::Wave),
    (Meaning::Division, Column::Division),
    (Meaning::Team, Column::Team),
    (Meaning::BirthDate, Column::BirthDate),
    (Meaning::Age, Column::Age),
    (Meaning::Gender, Column::Gender),
    (Meaning::City, Column::City),
    (Meaning::State, Column::State),
    (Meaning::Country, Column::Country),
    (Meaning::Note, Column::Note),
    (Meaning::SayAs, Column::SayAs),
];

/// `line,reason,…` is what `rejected_csv` writes: the two are no part of the roster.
fn our_own_rejected_file(columns: &mut [Candidate<'_>]) {
    if let [line, reason, ..] = columns
        && (fold(line.header), fold(reason.header)) == ("line".to_owned(), "reason".to_owned())
    {
        for column in [line, reason] {
            column.decided = Some((Column::Ignored, Confidence::Sure));
        }
    }
}

/// Words are not believed where the values say otherwise: an "Age" of `F40-44` is a division.
fn mistaken(columns: &mut [Candidate<'_>]) {
    for column in columns {
        let fits: fn(&str) -> bool = match column.word.map(|word| word.meaning) {
            Some(Meaning::Age) => |value| values::age(value).is_some(),
            Some(Meaning::Gender) => values::is_gender,
            Some(Meaning::BirthDate) => |value| dates::looks_like_date(value),
            _ => continue,
        };
        if !column.mostly(fits) {
            let name = column.header.to_owned();
            column.decided = Some((Column::Custom(name), Confidence::Guess));
        }
    }
}

/// The best of the columns of a meaning: with a word that leaves no doubt, with values, with the
/// better word, and then the first.
fn choose(columns: &mut [Candidate<'_>], meaning: Meaning, column: Column) {
    let best = (0..columns.len())
        .filter(|at| columns[*at].means(meaning))
        .min_by_key(|at| {
            let it = &columns[*at];
            let word = it.word.expect("it has the meaning");
            // Of "race" and "event" one is the race weekend, the same in every row.
            let is_one_for_all = meaning == Meaning::Race && it.distinct() < 2;
            let has_no_values = it.values.is_empty();
            (!word.is_sure, has_no_values, is_one_for_all, word.order)
        });
    let Some(best) = best else { return };
    let is_sure = columns[best].word.is_some_and(|word| word.is_sure);
    columns[best].decided = Some((column, confidence(is_sure)));
}

fn confidence(is_sure: bool) -> Confidence {
    if is_sure {
        Confidence::Sure
    } else {
        Confidence::Guess
    }
}

fn has(columns: &[Candidate<'_>], wanted: &Column) -> bool {
    let mut decided = columns.iter().filter_map(|it| it.decided.as_ref());
    decided.any(|(column, _)| column == wanted)
}

/// "Name" beside a first name is the last name ("Name; Vorname"), beside a last name the first
/// ("Nombre; Apellidos"), beside both the same once more, and alone the whole.
fn names(columns: &mut [Candidate<'_>]) {
    let has_first = has(columns, &Column::FirstName);
    let has_last = has(columns, &Column::LastName);
    let column = match (has_first, has_last) {
        (true, true) => Column::Ignored,
        (true, false) => Column::LastName,
        (false, true) => Column::FirstName,
        (false, false) if has(columns, &Column::FullName) => Column::Ignored,
        (false, false) => Column::FullName,
    };
    if column == Column::Ignored {
        for it in columns.iter_mut().filter(|it| it.means(Meaning::Name)) {
            it.decided = Some((Column::Ignored, Confidence::Sure));
        }
    } else {
        choose(columns, Meaning::Name, column);
    }
    // A hidden person's name must not come back as a field of its own.
    if has(columns, &Column::FirstName) && has(columns, &Column::LastName) {
        for it in columns {
            if matches!(it.decided, Some((Column::FullName, _))) || it.means(Meaning::FullName) {
                it.decided = Some((Column::Ignored, Confidence::Sure));
            }
        }
    }
}

fn chips(columns: &mut [Candidate<'_>]) {
    let mut count = 0;
    for it in columns.iter_mut().filter(|it| it.means(Meaning::Chip)) {
        count += 1;
        let is_sure = it.word.is_some_and(|word| word.is_sure);
        it.decided = Some((Column::Chip(count), confidence(is_sure)));
    }
}

/// Words that mean several things, where the one meaning is still to be had and the values fit.
fn doubtful(columns: &mut [Candidate<'_>]) {
    for (meaning, column) in [
        (Meaning::Privacy, Column::Privacy),
        (Meaning::Public, Column::Public),
    ] {
        // "Public" may be the audience of a question: only yes and no make it the consent.
        let is_flag = |it: &Candidate<'_>| it.always(|value| values::flag(value).is_some());
        if meaning == Meaning::Privacy || columns.iter().any(|it| it.means(meaning) && is_flag(it))
        {
            choose(columns, meaning, column);
        }
    }
    for (meaning, column) in [
        (Meaning::Number, Column::Bib),
        (Meaning::Id, Column::RegistrationId),
    ] {
        if has(columns, &column) {
            continue;
        }
        let is_number =
            |value: &str| value.len() < 8 && value.bytes().all(|it| it.is_ascii_digit());
        let fits = |it: &Candidate<'_>| {
            it.means(meaning) && it.is_unique() && (meaning == Meaning::Id || it.mostly(is_number))
        };
        if let Some(it) = columns.iter_mut().find(|it| fits(it)) {
            it.decided = Some((column, Confidence::Guess));
        }
    }
    while let Some(at) = columns.iter().position(|it| it.means(Meaning::Category)) {
        let is_race = columns[at].mostly(values::is_distance) && !columns[at].values.is_empty();
        let column = if is_race && !has(columns, &Column::Race) {
            Column::Race
        } else if !is_race && !has(columns, &Column::Division) {
            Column::Division
        } else {
            Column::Custom(columns[at].header.to_owned())
        };
        columns[at].decided = Some((column, Confidence::Guess));
    }
}

/// Columns without a known word whose values speak for themselves.
fn by_values(columns: &mut [Candidate<'_>]) {
    if !has(columns, &Column::Gender) {
        let is_gender = |it: &Candidate<'_>| {
            it.decided.is_none()
                && it.word.is_none()
                && it.distinct() > 1
                && it.distinct() < 5
                && it.always(|value| {
                    let says = !fold(value).is_empty() && value.parse::<u8>().is_err();
                    says && values::is_gender(value)
                })
        };
        if let Some(it) = columns.iter_mut().find(|it| is_gender(it)) {
            it.decided = Some((Column::Gender, Confidence::Guess));
        }
    }
    if !has(columns, &Column::BirthDate) {
        // People are born over many years, and register within a few.
        let is_birth = |it: &Candidate<'_>| {
            let years: Vec<i32> = it
                .values
                .iter()
                .filter_map(|it| dates::year_of(it))
                .collect();
            it.decided.is_none()
                && it.word.is_none()
                && it.always(dates::looks_like_date)
                && years.len() == it.values.len()
                && years
                    .iter()
                    .max()
                    .zip(years.iter().min())
                    .is_some_and(|(a, b)| a - b >= 15)
        };
        if let Some(it) = columns.iter_mut().find(|it| is_birth(it)) {
            it.decided = Some((Column::BirthDate, Confidence::Guess));
        }
    }
}

/// What a column is that is nothing else.
fn rest(at: usize, it: &Candidate<'_>) -> Column {
    let is_contact = it.word.is_some_and(|word| word.meaning == Meaning::Contact);
    if is_contact || (it.header.is_empty() && it.values.is_empty()) {
        return Column::Ignored;
    }
    if it.header.is_empty() {
        return Column::Custom(format!("column {}", at + 1));
    }
    Column::Custom(it.header.to_owned())
}
