//! What a column holds, and the mapping of a file's columns that can be kept and used again.

use super::fold::fold;
use std::collections::HashMap;

/// What a column is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "kebab-case")]
pub enum Column {
    RegistrationId,
    Bib,
    /// Chips, in the order of the numbers.
    Chip(u8),
    FirstName,
    LastName,
    FullName,
    Race,
    Wave,
    Division,
    Team,
    BirthDate,
    Age,
    Gender,
    City,
    State,
    Country,
    /// Yes: the name is hidden.
    Privacy,
    /// Yes: the name may be shown. The other way round than `Privacy`.
    Public,
    Note,
    SayAs,
    /// A field for templates, under this name.
    Custom(String),
    Ignored,
}

/// Those that only one column of a file can be, with the words by which a page calls them.
static SINGLE: [(&str, Column); 19] = [
    ("registration-id", Column::RegistrationId),
    ("bib", Column::Bib),
    ("first-name", Column::FirstName),
    ("last-name", Column::LastName),
    ("full-name", Column::FullName),
    ("race", Column::Race),
    ("wave", Column::Wave),
    ("division", Column::Division),
    ("team", Column::Team),
    ("birth-date", Column::BirthDate),
    ("age", Column::Age),
    ("gender", Column::Gender),
    ("city", Column::City),
    ("state", Column::State),
    ("country", Column::Country),
    ("privacy", Column::Privacy),
    ("public", Column::Public),
    ("note", Column::Note),
    ("say-as", Column::SayAs),
];

impl Column {
    /// By what a page calls it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Chip(_) => "chip",
            Self::Custom(_) => "custom",
            Self::Ignored => "ignored",
            single => {
                let mut words = SINGLE.iter();
                let found = words.find(|(_, column)| column == single);
                found.map_or("ignored", |(word, _)| *word)
            }
        }
    }

    /// What a page's word for the column with that header means; `chips` counts those so far.
    pub fn of_word(word: &str, header: &str, chips: &mut u8) -> Option<Self> {
        match word {
            "chip" => {
                *chips = chips.saturating_add(1);
                Some(Self::Chip(*chips))
            }
            "custom" => Some(Self::Custom(header.to_owned())),
            "ignored" => Some(Self::Ignored),
            word => {
                let mut words = SINGLE.iter();
                let found = words.find(|(it, _)| *it == word);
                found.map(|(_, column)| column.clone())
            }
        }
    }

    /// Whether only one column of a file can be it.
    pub(super) fn is_single(&self) -> bool {
        !matches!(self, Self::Chip(_) | Self::Custom(_) | Self::Ignored)
    }

    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::RegistrationId => "registration id",
            Self::Bib => "bib",
            Self::Chip(_) => "chip",
            Self::FirstName => "first name",
            Self::LastName => "last name",
            Self::FullName => "name",
            Self::Race => "race",
            Self::Wave => "wave",
            Self::Division => "division",
            Self::Team => "team",
            Self::BirthDate => "birth date",
            Self::Age => "age",
            Self::Gender => "gender",
            Self::City => "city",
            Self::State => "state",
            Self::Country => "country",
            Self::Privacy => "privacy",
            Self::Public => "consent to be shown",
            Self::Note => "note",
            Self::SayAs => "say-it-as",
            Self::Custom(_) => "custom field",
            Self::Ignored => "column left out",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    Sure,
    /// A person should look at it.
    Guess,
}

/// Which part of `3/4/1986` is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MappedColumn {
    /// As it stands in the file; may be empty.
    pub header: String,
    pub column: Column,
    pub confidence: Confidence,
}

/// A file's columns in its own order, and what else a person has decided about it.
///
/// It is kept per event, and fits the next file with the same headers in whatever order: columns
/// are found again by their names, and by their turn among columns of one name.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mapping {
    pub columns: Vec<MappedColumn>,
    /// Decided by a person; otherwise the dates themselves decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
}

/// How a header is known from one file to the next.
fn key(header: &str) -> String {
    let folded = fold(header);
    if folded.is_empty() {
        header.trim().to_owned()
    } else {
        folded
    }
}

impl Mapping {
    /// This mapping with what was decided earlier put over it. A column that is recognised as
    /// something that was then given to another one becomes a custom field.
    #[must_use]
    pub fn with_remembered(mut self, remembered: &Self) -> Self {
        let mut decided: HashMap<(String, usize), &MappedColumn> = HashMap::new();
        let mut turns: HashMap<String, usize> = HashMap::new();
        for column in &remembered.columns {
            let key = key(&column.header);
            let turn = turns.entry(key.clone()).or_default();
            decided.insert((key, *turn), column);
            *turn += 1;
        }
        turns.clear();
        let mut fresh = Vec::new();
        for (at, column) in self.columns.iter_mut().enumerate() {
            let key = key(&column.header);
            let turn = turns.entry(key.clone()).or_default();
            match decided.get(&(key, *turn)) {
                Some(earlier) => {
                    column.column = earlier.column.clone();
                    column.confidence = Confidence::Sure;
                }
                None => fresh.push(at),
            }
            *turn += 1;
        }
        for at in fresh {
            let column = &self.columns[at].column;
            let is_taken = column.is_single()
                && (0..self.columns.len()).any(|other| {
                    other != at && self.columns[other].column == self.columns[at].column
                });
            if is_taken {
                self.columns[at].column = Column::Custom(self.columns[at].header.clone());
            }
        }
        self.date_order = remembered.date_order.or(self.date_order);
        self
    }

    /// The first column that is this.
    pub(super) fn find(&self, wanted: &Column) -> Option<usize> {
        self.columns.iter().position(|it| it.column == *wanted)
    }

    /// Columns a person should look at.
    pub fn guesses(&self) -> impl Iterator<Item = &MappedColumn> {
        let columns = self.columns.iter();
        columns.filter(|column| column.confidence == Confidence::Guess)
    }
}
