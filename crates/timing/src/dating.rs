//! Dates for undated reads, the same each time the read is sent.
//!
//! A rewind after midnight sends times of day again. Dated by their arrival they would be new
//! reads of another day, so the day each one got is remembered here, from the store at first. A
//! book that does not hold all of them knows that, and says which reads it cannot date alone.

use crate::{
    clock::StreamClock,
    ctp01::{record::DeviceRead, time::DeviceTime},
    limits::DATED_READS_MAX,
};
use model::{UnixMicros, WallTime, read::key_hash};
use std::collections::{HashMap, VecDeque};

/// By what an undated read is known again.
#[derive(Clone, Copy)]
struct UndatedKey<'a> {
    location: &'a str,
    sequence: Option<u64>,
    tag: &'a str,
    time_text: &'a str,
    reader: &'a str,
}

impl<'a> From<&'a DeviceRead> for UndatedKey<'a> {
    fn from(read: &'a DeviceRead) -> Self {
        Self {
            location: &read.location,
            sequence: read.sequence,
            tag: &read.tag,
            time_text: &read.time_text,
            reader: &read.reader,
        }
    }
}

/// The four texts as one hash, beside the sequence: with 64 bits for reads of one sequence the
/// memory of half a million reads stays small, and a clash is out of the question.
type Slot = (i64, Option<u64>);

impl UndatedKey<'_> {
    fn slot(&self) -> Slot {
        (
            key_hash(self.location, self.tag, self.time_text, self.reader),
            self.sequence,
        )
    }
}

/// The days of one stream's undated reads.
#[derive(Clone, Debug)]
pub struct DateBook {
    days: HashMap<Slot, i32>,
    /// In order of arrival, for forgetting the oldest.
    order: VecDeque<Slot>,
    reads_max: usize,
    /// Whether there were reads that are not in it.
    lacks_some: bool,
}

impl Default for DateBook {
    fn default() -> Self {
        Self::with_limit(DATED_READS_MAX)
    }
}

impl DateBook {
    fn with_limit(reads_max: usize) -> Self {
        Self {
            days: HashMap::new(),
            order: VecDeque::new(),
            reads_max,
            lacks_some: false,
        }
    }

    /// The wall time of a read. One that came with its date keeps it; an undated one gets the day
    /// it had when it was first seen, else the one nearest to `received_at`, which is remembered.
    pub fn date(
        &mut self,
        read: &DeviceRead,
        clock: &StreamClock,
        received_at: UnixMicros,
    ) -> WallTime {
        let cs = match read.time {
            DeviceTime::Dated(wall) => return wall,
            DeviceTime::TimeOfDay { cs } => cs,
        };
        let key = UndatedKey::from(read);
        match self.day(key) {
            Some(day) => WallTime::from_day(day, cs),
            None => {
                let wall = clock.date(cs, received_at);
                self.remember(key, wall.day());
                wall
            }
        }
    }

    /// The day (since 1970-01-01) that a stored undated read has. Give stored reads oldest first;
    /// the first day given for a read stays.
    pub fn remember_stored(
        &mut self,
        location: &str,
        sequence: Option<u64>,
        tag: &str,
        time_text: &str,
        reader: &str,
        day: i64,
    ) {
        self.remember(
            UndatedKey {
                location,
                sequence,
                tag,
                time_text,
                reader,
            },
            day,
        );
    }

    /// To be told where older reads are stored than those it was given.
    pub fn lacks_older(&mut self) {
        self.lacks_some = true;
    }

    /// Whether the day of this read may be one that only the store knows. It is not remembered
    /// here, and not every read is.
    pub fn may_lack(&self, read: &DeviceRead) -> bool {
        let is_undated = matches!(read.time, DeviceTime::TimeOfDay { .. });
        self.lacks_some && is_undated && self.day(read.into()).is_none()
    }

    fn day(&self, key: UndatedKey<'_>) -> Option<i64> {
        self.days.get(&key.slot()).map(|day| i64::from(*day))
    }

    fn remember(&mut self, key: UndatedKey<'_>, day: i64) {
        let Ok(day) = i32::try_from(day) else {
            return;
        };
        let slot = key.slot();
        if self.days.contains_key(&slot) {
            return;
        }
        if self.order.len() >= self.reads_max
            && let Some(oldest) = self.order.pop_front()
        {
            self.days.remove(&oldest);
            self.lacks_some = true;
        }
        self.days.insert(slot, day);
        self.order.push_back(slot);
    }

    /// Reads remembered.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctp01::record::{self, Record};
    use chrono_tz::Tz;

    const HOUR_US: i64 = 3_600_000_000;
    /// 2025-06-01T23:00:00Z.
    const EVENING: UnixMicros = UnixMicros(1_748_818_800_000_000);

    fn read(line: &str) -> DeviceRead {
        match record::parse(line.as_bytes()) {
            Some(Ok(Record::Read(read))) => read,
            other => panic!("{line:?} is {other:?}"),
        }
    }

    fn after(hours: i64) -> UnixMicros {
        UnixMicros(EVENING.0 + hours * HOUR_US)
    }

    const CLOCK: StreamClock = StreamClock {
        zone: Tz::UTC,
        offset_ms: 0,
    };

    #[test]
    fn an_undated_rewind_after_midnight_adds_nothing() {
        let mut book = DateBook::default();
        let lines = [
            "CT01_33~1~FINISH~101~22:30:00.00~1~0F2A38~1",
            "CT01_33~2~FINISH~102~22:59:59.90~1~0F2A38~1",
            "CT01_33~3~FINISH~102~82799900~1~0F2A38~1",
        ];
        let dates = |book: &mut DateBook, at| {
            lines.map(|line| book.date(&read(line), &CLOCK, at).to_string())
        };
        let first = dates(&mut book, EVENING);
        assert_eq!(
            first,
            [
                "2025-06-01T22:30:00.00",
                "2025-06-01T22:59:59.90",
                "2025-06-01T22:59:59.90"
            ]
        );
        // By then the nearest 22:30 is that of the next evening.
        assert_eq!(
            CLOCK.date(8_100_000, after(15)).to_string(),
            "2025-06-02T22:30:00.00"
        );
        assert_eq!(dates(&mut book, after(15)), first);
        assert_eq!(dates(&mut book, after(240)), first);
        assert_eq!(book.len(), 3);
    }

    #[test]
    fn another_read_at_the_same_time_of_day_is_dated_by_itself() {
        let mut book = DateBook::default();
        let first = "CT01_33~1~FINISH~101~22:30:00.00~1~0F2A38~1";
        assert_eq!(book.date(&read(first), &CLOCK, EVENING).day(), 20_240);
        for other in [
            "CT01_33~2~FINISH~101~22:30:00.00~1~0F2A38~1",
            "CT01_33~1~START~101~22:30:00.00~1~0F2A38~1",
            "CT01_33~1~FINISH~102~22:30:00.00~1~0F2A38~1",
            "CT01_33~1~FINISH~101~22:30:00.0~1~0F2A38~1",
            "CT01_33~1~FINISH~101~22:30:00.00~1~0F2A39~1",
        ] {
            assert_eq!(
                book.date(&read(other), &CLOCK, after(24)).day(),
                20_241,
                "{other}"
            );
        }
        // Fields 6 and 8 are not part of it.
        let same = "CT01_33~1~FINISH~101~22:30:00.00~7~0F2A38~4";
        assert_eq!(book.date(&read(same), &CLOCK, after(24)).day(), 20_240);
    }

    #[test]
    fn stored_days_count_and_dated_reads_keep_their_date() {
        let mut book = DateBook::default();
        book.remember_stored("FINISH", Some(1), "101", "22:30:00.00", "0F2A38", 20_000);
        book.remember_stored("FINISH", Some(1), "101", "22:30:00.00", "0F2A38", 20_001);
        let undated = read("CT01_33~1~FINISH~101~22:30:00.00~1~0F2A38~1");
        assert_eq!(book.date(&undated, &CLOCK, EVENING).day(), 20_000);
        let dated = read("CT01_33~1~FINISH~101~2020-01-01T22:30:00.00~1~0F2A38~1");
        assert_eq!(
            book.date(&dated, &CLOCK, EVENING).to_string(),
            "2020-01-01T22:30:00.00"
        );
        assert_eq!(book.len(), 1);
    }

    #[test]
    fn the_oldest_is_forgotten_past_the_limit() {
        let mut book = DateBook::with_limit(2);
        for tag in ["1", "2", "3", "3"] {
            book.remember_stored("FINISH", None, tag, "22:30:00.00", "0F2A38", 20_000);
        }
        let day = |tag| {
            let key = UndatedKey {
                location: "FINISH",
                sequence: None,
                tag,
                time_text: "22:30:00.00",
                reader: "0F2A38",
            };
            book.day(key)
        };
        assert_eq!(
            [day("1"), day("2"), day("3")],
            [None, Some(20_000), Some(20_000)]
        );
        assert_eq!(book.len(), 2);
    }

    #[test]
    fn a_book_that_lacks_some_says_which_it_cannot_date_alone() {
        let known = read("CT01_33~1~FINISH~101~22:30:00.00~1~0F2A38~1");
        let other = read("CT01_33~2~FINISH~102~22:30:00.00~1~0F2A38~1");
        let dated = read("CT01_33~3~FINISH~103~2020-01-01T22:30:00.00~1~0F2A38~1");
        let check = |book: &DateBook, expected: [bool; 3]| {
            assert_eq!(
                [&known, &other, &dated].map(|read| book.may_lack(read)),
                expected
            );
        };
        let mut book = DateBook::with_limit(1);
        check(&book, [false; 3]);
        book.date(&known, &CLOCK, EVENING);
        check(&book, [false; 3]);
        book.date(&other, &CLOCK, EVENING);
        check(&book, [true, false, false]);
        book.date(&known, &CLOCK, EVENING);
        check(&book, [false, true, false]);

        let mut book = DateBook::default();
        book.lacks_older();
        book.date(&known, &CLOCK, EVENING);
        check(&book, [false, true, false]);
    }
}
