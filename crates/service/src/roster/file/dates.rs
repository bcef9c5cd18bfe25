//! Birth dates in the ways people write them. Knows no column but the one it is given.

use super::{column::DateOrder, fold::fold};
use chrono::{Datelike, NaiveDate};

/// A date as written, before the order of its parts is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Clear {
        year: i32,
        month: u32,
        day: u32,
        is_short: bool,
    },
    /// `3/4/1986` or `3.4.86`.
    Open {
        first: u32,
        second: u32,
        year: i32,
        is_short: bool,
        has_dots: bool,
    },
}

/// Beginnings of the names of months, folded, in the languages known here.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fev"],
    &["mar", "maa", "mrt", "mrz"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mei", "mag", "maj"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "out", "ott"],
    &["nov"],
    &["dec", "dez", "des", "dic"],
];

fn month(word: &str) -> Option<u32> {
    if word.starts_with(|sign: char| sign.is_ascii_digit()) {
        return None;
    }
    let folded = fold(word);
    let is_it = |begins: &&[&str]| begins.iter().any(|begin| folded.starts_with(begin));
    let at = MONTHS.iter().position(is_it)?;
    u32::try_from(at + 1).ok()
}

fn written(text: &str) -> Option<Written> {
    let text = without_time(text.trim());
    let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let number = |word: &str| word.parse::<u32>().ok().filter(|_| digits(word));
    if text.len() == 8 && digits(text) {
        let (year, rest) = (number(&text[..4])?, number(&text[4..])?);
        return clear(year, rest / 100, rest % 100, 4);
    }
    let mut words = text
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty() && !matches!(*word, "de" | "of" | "del"));
    let parts = [words.next()?, words.next()?, words.next()?];
    if words.next().is_some() {
        return None;
    }
    let day = |word: &str| {
        let bare = word.trim_end_matches(|sign: char| sign.is_alphabetic());
        number(bare).filter(|_| word.len() < 5)
    };
    if let Some(month) = month(parts[1]) {
        if parts[0].len() == 4 {
            return clear(number(parts[0])?, month, number(parts[2])?, 4);
        }
        return clear(number(parts[2])?, month, day(parts[0])?, parts[2].len());
    }
    if let Some(month) = month(parts[0]) {
        return clear(number(parts[2])?, month, day(parts[1])?, parts[2].len());
    }
    let numbers = [number(parts[0])?, number(parts[1])?, number(parts[2])?];
    if parts[0].len() == 4 {
        return clear(numbers[0], numbers[1], numbers[2], 4);
    }
    let is_short = match parts[2].len() {
        2 => true,
        4 => false,
        _ => return None,
    };
    let fits = parts[..2].iter().all(|part| part.len() < 3)
        && numbers[..2].iter().all(|number| (1..=31).contains(number));
    fits.then(|| Written::Open {
        first: numbers[0],
        second: numbers[1],
        year: i32::try_from(numbers[2]).unwrap_or(i32::MAX),
        is_short,
        has_dots: text.contains('.'),
    })
}

fn clear(year: u32, month: u32, day: u32, year_digits: usize) -> Option<Written> {
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
    let fits = is_date && matches!(year_digits, 2 | 4);
    fits.then(|| Written::Clear {
        year: i32::try_from(year).unwrap_or(i32::MAX),
        month,
        day,
        is_short: year_digits == 2,
    })
}

/// Exports add midnight to a date: `1986-01-06T00:00:00`, `1/6/1986 12:00:00 AM`.
fn without_time(text: &str) -> &str {
    let at_t = text.get(10..).filter(|rest| rest.starts_with('T'));
    if at_t.is_some() {
        return &text[..10];
    }
    match text.split_once(' ') {
        Some((date, time)) if time.contains(':') && !date.is_empty() => date,
        _ => text,
    }
}

pub(super) fn looks_like_date(text: &str) -> bool {
    written(text).is_some()
}

/// The year, where it is written in full.
pub(super) fn year_of(text: &str) -> Option<i32> {
    match written(text)? {
        Written::Clear { year, is_short, .. } | Written::Open { year, is_short, .. } => {
            (!is_short).then_some(year)
        }
    }
}

/// What the dates of a column say about their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Told by the dates, or it makes no difference.
    Known(DateOrder),
    /// Every date can be read either way.
    Open,
}

/// The order of a column's dates, and the first one that could be read both ways.
pub(super) fn order<'a>(
    values: impl Iterator<Item = (u64, &'a str)>,
) -> (Order, Option<(u64, String)>) {
    let (mut day_first, mut month_first, mut dots) = (0_usize, 0_usize, 0_usize);
    let mut open = None;
    for (line, value) in values {
        let Some(Written::Open {
            first,
            second,
            has_dots,
            ..
        }) = written(value)
        else {
            continue;
        };
        if first > 12 && second <= 12 {
            day_first += 1;
        } else if second > 12 && first <= 12 {
            month_first += 1;
        } else if has_dots {
            dots += 1;
        } else if first != second && open.is_none() {
            open = Some((line, value.to_owned()));
        }
    }
    let order = if day_first > month_first {
        Order::Known(DateOrder::DayFirst)
    } else if month_first > 0 {
        Order::Known(DateOrder::MonthFirst)
    } else if dots > 0 || open.is_none() {
        // With dots the day goes first wherever dots are used.
        Order::Known(DateOrder::DayFirst)
    } else {
        Order::Open
    };
    (order, open)
}

/// Reads a birth date. Years of two digits are the latest that are not after the event's, or those
/// that fit the age.
pub(super) fn birth_date(
    text: &str,
    order: DateOrder,
    event_year: i32,
    age: Option<u16>,
) -> Option<NaiveDate> {
    let (year, month, day, is_short) = match written(text)? {
        Written::Clear {
            year,
            month,
            day,
            is_short,
        } => (year, month, day, is_short),
        Written::Open {
            first,
            second,
            year,
            is_short,
            ..
        } => match order {
            DateOrder::DayFirst => (year, second, first, is_short),
            DateOrder::MonthFirst => (year, first, second, is_short),
        },
    };
    let year = if is_short {
        century(year, event_year, age)
    } else {
        year
    };
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let years = event_year - date.year();
    (0..=i32::from(crate::limits::AGE_YEARS_MAX))
        .contains(&years)
        .then_some(date)
}

fn century(short: i32, event_year: i32, age: Option<u16>) -> i32 {
    let latest = event_year - (event_year - short).rem_euclid(100);
    match age {
        Some(age) if i32::from(age) > event_year - latest + 50 => latest - 100,
        _ => latest,
    }
}

/// A day as Excel counts it, in a cell that was not told to be a date.
pub(super) fn from_serial(text: &str, counts_from_1904: bool) -> Option<NaiveDate> {
    let days: u32 = text.parse().ok().filter(|_| text.len() < 6)?;
    let (year, month, day) = if counts_from_1904 {
        (1904, 1, 1)
    } else {
        (1899, 12, 30)
    };
    // A smaller number is a year.
    let days = (days > 2_200).then_some(days)?;
    NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(chrono::Days::new(days.into()))
}

/// What exports write for a birth date that they do not have.
pub(super) fn is_nothing(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte == b'0' || !byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::{DayFirst, MonthFirst};

    #[track_caller]
    fn check(text: &str, order: DateOrder, expected: Option<&str>) {
        let found = birth_date(text, order, 2026, None).map(|date| date.to_string());
        assert_eq!(found.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn dates_are_read_in_many_ways() {
        for text in [
            "1986-01-06",
            "1986/1/6",
            "1986.01.06",
            "19860106",
            "1986-01-06T00:00:00",
            "1986-01-06 00:00:00",
            "6 Jan 1986",
            "Jan 6, 1986",
            "January 6th, 1986",
            "06-Jan-86",
            "6. Januar 1986",
            "6 janvier 1986",
            "6 de enero de 1986",
            "6 gennaio 1986",
            "06.01.1986",
            "6/1/86",
            "1986-Jan-06",
        ] {
            check(text, DayFirst, Some("1986-01-06"));
        }
        for text in ["1/6/1986", "01/06/1986 12:00:00 AM", "1-6-86"] {
            check(text, MonthFirst, Some("1986-01-06"));
        }
        check("15 août 1990", DayFirst, Some("1990-08-15"));
        check("3. März 1990", DayFirst, Some("1990-03-03"));
        check("1 Oct 1990", DayFirst, Some("1990-10-01"));
        check("2 set 1990", DayFirst, Some("1990-09-02"));
        check("2 dezembro 1990", DayFirst, Some("1990-12-02"));
        check("31/12/1990", MonthFirst, None);
        check("30/02/1990", DayFirst, None);
        check("1/1/1800", DayFirst, None);
        check("1/1/2090", DayFirst, None);
        check("1986", DayFirst, None);
        check("12:30:00", DayFirst, None);
        check("M 40-44", DayFirst, None);
        check("1.2.3.4", DayFirst, None);
        check("1 o\u{2c65} 1990", DayFirst, None);
        check("\u{2c65}aa 1 1990", DayFirst, None);
        check("", DayFirst, None);
    }

    #[test]
    fn years_of_two_digits_lie_before_the_event() {
        let check = |text: &str, age: Option<u16>, year: i32| {
            let date = birth_date(text, DayFirst, 2026, age).unwrap();
            assert_eq!(date.year(), year, "{text:?} {age:?}");
        };
        check("1/1/26", None, 2026);
        check("1/1/27", None, 1927);
        check("1/1/99", None, 1999);
        check("1/1/20", Some(6), 2020);
        check("1/1/20", Some(105), 1920);
    }

    #[test]
    fn the_whole_column_tells_the_order() {
        let check = |values: &[&str], expected: Order, open: Option<&str>| {
            let lines = values.iter().enumerate();
            let (order, example) = order(lines.map(|(at, value)| (at as u64 + 2, *value)));
            assert_eq!(order, expected, "{values:?}");
            assert_eq!(example.as_ref().map(|(_, text)| text.as_str()), open);
        };
        check(
            &["3/4/1986", "31/4/1986"],
            Order::Known(DayFirst),
            Some("3/4/1986"),
        );
        check(
            &["3/4/1986", "4/31/1986"],
            Order::Known(MonthFirst),
            Some("3/4/1986"),
        );
        check(&["3/4/1986", "5/6/1986"], Order::Open, Some("3/4/1986"));
        check(&["3.4.1986", "5.6.1986"], Order::Known(DayFirst), None);
        check(&["4/4/1986"], Order::Known(DayFirst), None);
        check(&["1986-03-04", ""], Order::Known(DayFirst), None);
        check(
            &["31/4/86", "30/4/86", "4/30/86"],
            Order::Known(DayFirst),
            None,
        );
    }

    #[test]
    fn days_counted_by_excel_are_dates() {
        let check = |text: &str, from_1904: bool, expected: Option<&str>| {
            let found = from_serial(text, from_1904).map(|date| date.to_string());
            assert_eq!(found.as_deref(), expected, "{text:?}");
        };
        check("31418", false, Some("1986-01-06"));
        check("29956", true, Some("1986-01-06"));
        check("1986", false, None);
        check("Ana", false, None);
        check("1234567", false, None);
    }
}
