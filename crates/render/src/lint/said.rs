//! What a text of a template says for the people of an event: each different text once, with how
//! many people it is of.
//!
//! Where a time stands it is as long as times get, and what may come and go, such as a chip time,
//! may be there and may not. Knows no size and no place.

use super::{
    Facts,
    place::{Need, Row},
};
use crate::{
    fit::Advances,
    limits::{LINT_ALL_FITS_MAX, LINT_PEOPLE_MAX, LINT_TEXTS_MAX, LINT_TEXTS_MIN},
};
use model::{
    Arrival, Font, RaceClock, Scene,
    document::{Binding, Case, Condition, DataField, Letters, Pattern, TextStyle, Value},
};
use std::{collections::HashMap, rc::Rc};

/// The longest that is usual, and a slow walker's pace.
const TIME_MS: u64 = 35_999_000;
const PACE_MS: u64 = 719_000;
const PACE_M: u32 = 1_000;

/// Where people are: nobody is featured while a display rests, but lists may have rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Nobody,
    People,
    Races,
}

/// The texts of an element.
#[derive(Default)]
pub(super) struct Said {
    pub texts: Vec<(String, u32)>,
    /// Whether there are no others: nothing is left to people who are not known yet.
    pub is_all: bool,
}

/// With how wide each is in thousandths of its size, the widest first.
pub(super) struct Wide {
    pub said: Rc<Said>,
    /// And which of the texts.
    pub widths: Vec<(u32, usize)>,
}

#[derive(PartialEq)]
struct Key<'a> {
    pattern: &'a Pattern,
    is_message: bool,
    whose: Whose,
    case: Option<Case>,
    whens: Vec<&'a Condition>,
}

/// Remembers what was worked out: many elements say the same.
pub(super) struct Texts<'a> {
    facts: &'a Facts<'a>,
    said: Vec<(Key<'a>, Rc<Said>)>,
    wide: HashMap<(usize, Font, i16), Rc<Wide>>,
    /// How many more texts may be worked out, but for a few of each element.
    pub left: usize,
    /// And how many broken into lines.
    pub fits_left: usize,
}

/// What an element says.
pub(super) struct Asked<'a, 'b> {
    pub pattern: &'a Pattern,
    pub is_message: bool,
    pub whose: Whose,
    pub style: &'a TextStyle,
    pub needs: &'b [Need<'a>],
}

impl Whose {
    pub fn of(row: Row, scene: &str) -> Self {
        match row {
            Row::Race => Self::Races,
            Row::None if scene == Scene::Resting.name() => Self::Nobody,
            Row::None | Row::Arrival => Self::People,
        }
    }
}

impl<'a> Texts<'a> {
    pub fn new(facts: &'a Facts<'a>) -> Self {
        Self {
            facts,
            said: Vec::new(),
            wide: HashMap::new(),
            left: LINT_TEXTS_MAX,
            fits_left: LINT_ALL_FITS_MAX,
        }
    }

    fn most(&self) -> usize {
        self.left.clamp(LINT_TEXTS_MIN, LINT_PEOPLE_MAX)
    }

    pub fn wide(&mut self, asked: &Asked<'a, '_>, font: Font) -> Rc<Wide> {
        let at = self.index(asked);
        let advances = self.facts.advances;
        let spacing_mem = asked.style.spacing_mem;
        let key = (at, font, spacing_mem);
        if let Some(known) = self.wide.get(&key) {
            return Rc::clone(known);
        }
        let said = Rc::clone(&self.said[at].1);
        let texts = said.texts.iter().enumerate().take(self.most());
        let mut widths: Vec<_> = texts
            .map(|(index, (text, _))| (width_mem(advances, font, spacing_mem, text), index))
            .collect();
        widths.sort_unstable_by(|a, b| b.cmp(a));
        self.left = self.left.saturating_sub(widths.len());
        let wide = Rc::new(Wide { said, widths });
        self.wide.insert(key, Rc::clone(&wide));
        wide
    }

    fn index(&mut self, asked: &Asked<'a, '_>) -> usize {
        let whens = asked.needs.iter().filter_map(|need| match need {
            Need::When(_, condition) => Some(*condition),
            Need::Row(_) => None,
        });
        let key = Key {
            pattern: asked.pattern,
            is_message: asked.is_message,
            whose: asked.whose,
            case: asked.style.case,
            whens: whens.collect(),
        };
        if let Some(at) = self.said.iter().position(|(known, _)| *known == key) {
            return at;
        }
        let said = said(self.facts, &key, self.most());
        let worked_out = said.texts.iter().map(|(_, count)| *count as usize);
        self.left = self.left.saturating_sub(worked_out.sum());
        self.said.push((key, Rc::new(said)));
        self.said.len() - 1
    }
}

pub(super) fn width_mem(advances: &Advances, font: Font, spacing_mem: i16, text: &str) -> u32 {
    let signs = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    let spaces = i32::from(spacing_mem).saturating_mul(signs);
    advances.width_mem(font, text).saturating_add_signed(spaces)
}

fn said(facts: &Facts<'_>, key: &Key<'_>, people_max: usize) -> Said {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut say = |pattern: &Pattern, of: Of<'_>| {
        if !key.whens.iter().all(|when| may(when, true, facts, of)) {
            return;
        }
        let value_of = |binding: &Binding| value(facts, of, &binding.field);
        let text = pattern.filled(Letters::STD, &value_of);
        let text = match key.case {
            Some(Case::Upper) => text.to_uppercase(),
            Some(Case::Lower) => text.to_lowercase(),
            None => text,
        };
        if !text.is_empty() {
            *counts.entry(text).or_default() += 1;
        }
    };
    let mut is_all = true;
    match key.whose {
        Whose::Nobody => say(key.pattern, Of::Nobody),
        Whose::Races => {
            let races = facts.board.races.iter();
            races.for_each(|race| say(key.pattern, Of::Race(race)));
        }
        Whose::People => {
            let mut bound = key.pattern.bindings().map(|binding| &binding.field);
            let mut is_personal = bound.any(is_personal);
            for when in &key.whens {
                when.fields(&mut |field| is_personal |= self::is_personal(field));
            }
            match facts.people {
                [] if is_personal => is_all = false,
                people if is_personal => {
                    let people = people.iter().take(people_max);
                    people.for_each(|one| say(key.pattern, Of::Person(one)));
                }
                people => {
                    let somebody = somebody(facts);
                    let one = people.first().unwrap_or(&somebody);
                    say(key.pattern, Of::Person(one));
                }
            }
        }
    }
    if key.is_message && key.whose == Whose::People {
        let longest = facts.people.iter().max_by_key(|one| one.name.len());
        for message in facts.messages {
            let own = || Pattern {
                pieces: vec![model::document::Piece::Text(message.clone())],
            };
            let pattern = message.parse().unwrap_or_else(|_| own());
            say(&pattern, longest.map_or(Of::Nobody, Of::Person));
        }
    }
    let mut texts: Vec<_> = counts.into_iter().collect();
    // The same each time, whatever the map's order.
    texts.sort_unstable();
    Said { texts, is_all }
}

/// Of whom nothing is known but where they are.
fn somebody(facts: &Facts<'_>) -> Arrival {
    Arrival {
        point: facts.board.points.first().cloned().unwrap_or_default(),
        ..Arrival::default()
    }
}

#[derive(Clone, Copy)]
enum Of<'a> {
    Nobody,
    Person(&'a Arrival),
    Race(&'a RaceClock),
}

fn value(facts: &Facts<'_>, of: Of<'_>, field: &DataField) -> Value {
    let person = match of {
        Of::Person(person) => Some(person),
        Of::Nobody | Of::Race(_) => None,
    };
    match (of, field) {
        (Of::Race(race), DataField::Race) => Value::Text(race.name.clone()),
        (Of::Person(_), DataField::GunTime | DataField::ChipTime | DataField::Time) => {
            Value::TimeMs(TIME_MS)
        }
        (Of::Person(_), DataField::Pace) => Value::Pace {
            ms: PACE_MS,
            distance_m: PACE_M,
        },
        (Of::Person(_), DataField::Message) => {
            let longest = facts.messages.iter().max_by_key(|text| text.len());
            Value::Text(longest.cloned().unwrap_or_default())
        }
        _ => facts.board.value(person, field),
    }
}

/// Whether the condition may come out so for them at some moment.
fn may(condition: &Condition, wanted: bool, facts: &Facts<'_>, of: Of<'_>) -> bool {
    let is = |field: &DataField, test: &dyn Fn(&str) -> bool| {
        comes_and_goes(field) || test(&value(facts, of, field).plain()) == wanted
    };
    match condition {
        Condition::Has(field) => is(field, &|text| !text.is_empty()),
        Condition::Lacks(field) => is(field, &str::is_empty),
        Condition::Is { field, text: other } => is(field, &|text| text.eq_ignore_ascii_case(other)),
        Condition::Not(other) => may(other, !wanted, facts, of),
        Condition::All(all) if wanted => all.iter().all(|one| may(one, true, facts, of)),
        Condition::All(all) => all.iter().any(|one| may(one, false, facts, of)),
        Condition::Any(any) if wanted => any.iter().any(|one| may(one, true, facts, of)),
        Condition::Any(any) => any.iter().all(|one| may(one, false, facts, of)),
    }
}

/// Whether nothing can ever fill a field there. Where nobody is known yet, anybody may.
pub(super) fn is_unfilled(facts: &Facts<'_>, whose: Whose, field: &DataField) -> bool {
    let lacks = |person: &Arrival| facts.board.value(Some(person), field).plain().is_empty();
    match whose {
        _ if is_of_event(field) || is_of_moment(field) => {
            *field == DataField::EventDate && facts.board.event_date.is_empty()
        }
        Whose::Races => *field != DataField::Race,
        Whose::Nobody => true,
        Whose::People if *field == DataField::Message => facts.messages.is_empty(),
        Whose::People if !is_personal(field) => false,
        Whose::People => !facts.people.is_empty() && facts.people.iter().all(lacks),
    }
}

/// Whether it is one person's own, and stays so.
fn is_personal(field: &DataField) -> bool {
    !comes_and_goes(field) && !is_of_event(field) && *field != DataField::Point
}

fn is_of_event(field: &DataField) -> bool {
    matches!(
        field,
        DataField::Event | DataField::EventDate | DataField::Points | DataField::Races
    )
}

/// Whether it is there for some people at some moments.
fn comes_and_goes(field: &DataField) -> bool {
    let is_of_crossing = matches!(
        field,
        DataField::Message
            | DataField::GunTime
            | DataField::ChipTime
            | DataField::Time
            | DataField::Pace
    );
    is_of_crossing || is_of_moment(field)
}

/// Whether it is a truth about the moment, or about the display.
fn is_of_moment(field: &DataField) -> bool {
    matches!(
        field,
        DataField::Late
            | DataField::Fresh
            | DataField::SeveralPoints
            | DataField::Started
            | DataField::Awaited
            | DataField::Unofficial
            | DataField::Demo
    )
}
