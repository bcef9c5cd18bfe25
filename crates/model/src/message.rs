//! The messages that displays choose from for the runner they feature, and the choice.
//!
//! The choice is made of nothing but the pool, the runner and the day, so that every screen shows
//! the same, also after a restart. Knows no template: bindings in a text are another's to fill in.

use crate::{MessageId, Participant, ParticipantId, ShowId, public::date_parts};
use serde::{Deserialize, Serialize};

/// One message of an event's pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolMessage {
    pub id: MessageId,
    /// The one show that has it; `None`: every show that has none of its own.
    pub show: Option<ShowId>,
    /// One line. Bindings such as `{first_name}` are left as they are.
    pub text: String,
    /// How often it comes beside one of weight 1.
    pub weight: u32,
    pub conditions: Conditions,
}

/// For whom a message is: for those of whom all of it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Conditions {
    /// Of that division; empty: of any.
    pub division: String,
    /// From that city; empty: from anywhere.
    pub city: String,
    /// Whose birthday it is.
    pub birthday: bool,
    /// Whose first race it is, by a column of the roster that says so.
    pub first_timer: bool,
}

impl Conditions {
    /// Whether it is for everybody.
    pub fn are_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether both ask for the same, in whatever spelling.
    pub fn same(&self, other: &Self) -> bool {
        is_same(&self.division, &other.division)
            && is_same(&self.city, &other.city)
            && (self.birthday, self.first_timer) == (other.birthday, other.first_timer)
    }

    fn hold(&self, facts: &Facts<'_>) -> bool {
        let asks = |wanted: &str, known: &str| wanted.is_empty() || is_same(wanted, known);
        asks(&self.division, facts.division)
            && asks(&self.city, facts.city)
            && (facts.birthday || !self.birthday)
            && (facts.first_timer || !self.first_timer)
    }
}

/// The message for a runner on a day, `2026-03-06`. A show that has messages of its own has none of
/// the event's. One that is for some runners comes before one that is for all; between several,
/// chance decides, the same each time. `None` where nothing fits: the template has its own words.
pub fn choose<'a>(
    pool: &'a [PoolMessage],
    show: ShowId,
    person: &Participant,
    day: &str,
) -> Option<&'a PoolMessage> {
    let own = Some(show).filter(|_| pool.iter().any(|message| message.show == Some(show)));
    let facts = Facts::of(person, day);
    let fitting = pool.iter().filter(|message| {
        let for_all = message.conditions.are_none();
        message.show == own && (for_all || facts.may_be_told && message.conditions.hold(&facts))
    });
    fitting.max_by_key(|message| {
        let luck = luck(person.id, message);
        // Ids last, so that the order of the pool never decides.
        (!message.conditions.are_none(), luck, message.id)
    })
}

/// What is known of a runner that a message may give away.
struct Facts<'a> {
    /// Whoever hides their name hides what they have in common with few, too.
    may_be_told: bool,
    division: &'a str,
    city: &'a str,
    birthday: bool,
    first_timer: bool,
}

impl<'a> Facts<'a> {
    fn of(person: &'a Participant, day: &str) -> Self {
        let grown = !person.is_under_age(day);
        Self {
            may_be_told: !person.private,
            division: &person.division,
            // Nobody learns from a screen where a child lives, or when it was born.
            city: if grown { person.public_city() } else { "" },
            birthday: grown && is_birthday(&person.birth_date, day),
            first_timer: is_first_timer(person),
        }
    }
}

/// Case and blanks around do not tell texts apart.
fn is_same(one: &str, other: &str) -> bool {
    folded(one).eq(folded(other))
}

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.trim().chars().flat_map(char::to_lowercase)
}

/// Whoever was born on 29 February has it on the 28th where there is no 29th.
fn is_birthday(birth_date: &str, day: &str) -> bool {
    let (Some((_, month, day_born)), Some((year, today_month, today))) =
        (date_parts(birth_date), date_parts(day))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let celebrated = match (month, day_born) {
        (2, 29) if !is_leap => (2, 28),
        other => other,
    };
    celebrated == (today_month, today)
}

/// What registration services call the column, in letters only.
const FIRST_TIMER_COLUMNS: [&str; 4] = ["firsttimer", "firsttime", "firstrace", "firstmarathon"];

const YES: [&str; 5] = ["yes", "y", "true", "1", "x"];

fn is_first_timer(person: &Participant) -> bool {
    person.custom.iter().any(|(column, value)| {
        let letters = column.chars().filter(|sign| sign.is_alphanumeric());
        let column: String = letters.flat_map(char::to_lowercase).collect();
        let value = value.trim();
        FIRST_TIMER_COLUMNS.contains(&column.as_str())
            && YES.iter().any(|yes| yes.eq_ignore_ascii_case(value))
    })
}

/// The best of as many draws as the message weighs. Each is of the runner and this message alone,
/// so one more message in the pool takes only the runners that it wins
/// (rendezvous hashing, Thaler and Ravishankar 1998).
fn luck(person: ParticipantId, message: &PoolMessage) -> u64 {
    let mut seed = 0;
    for id in [person.0, message.id.0] {
        let (high, low) = id.as_u64_pair();
        seed = mixed(mixed(seed ^ high) ^ low);
    }
    let draw = |ticket| mixed(seed.wrapping_add(STEP.wrapping_mul(u64::from(ticket))));
    (0..message.weight).map(draw).max().unwrap_or(0)
}

/// `SplitMix64`'s distance between two seeds, and its mixing of one (Steele, Lea, Flood 2014).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mixed(seed: u64) -> u64 {
    let seed = seed.wrapping_add(STEP);
    let seed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let seed = (seed ^ (seed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    seed ^ (seed >> 31)
}

#[cfg(test)]
mod tests;
