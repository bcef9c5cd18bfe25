//! Which days of a stream are one session. Pure.

use crate::limits;
use model::{PointId, StreamId, UnixMicros, WallTime, session_view::SessionKey, time::DAY_CS};
use std::collections::BTreeMap;
use store::SessionDay;

/// A timing point with its name and its place along the course, where a location is mapped to one.
pub(super) type Place = Option<(PointId, String, u32)>;

/// The days of one session together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub key: SessionKey,
    /// `None` before anything is read.
    pub reads: Option<SpanReads>,
    /// By their texts.
    pub locations: BTreeMap<String, Place>,
    /// As the device calls itself, of its newest read.
    pub connection: String,
    pub simulated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SpanReads {
    pub first: WallTime,
    pub last: WallTime,
    /// When the last one came.
    pub received_at: UnixMicros,
}

impl Span {
    fn of(day: &SessionDay) -> Self {
        let midnight = |day| WallTime::from_day(day, 0);
        Self {
            key: SessionKey {
                stream: day.stream.id,
                from: midnight(day.last.day()),
                until: midnight(day.last.day() + 1),
            },
            reads: Some(SpanReads {
                first: day.first,
                last: day.last,
                received_at: day.received_at,
            }),
            locations: (day.locations.iter())
                .map(|it| (it.location.clone(), it.point.clone()))
                .collect(),
            connection: day.connection.clone(),
            simulated: day.simulated,
        }
    }

    /// What a device that is connected and has read nothing yet will be in.
    pub fn empty(stream: StreamId, now: WallTime) -> Self {
        Self {
            key: SessionKey {
                stream,
                from: WallTime::from_day(now.day(), 0),
                until: WallTime::from_day(now.day() + 1, 0),
            },
            reads: None,
            locations: BTreeMap::new(),
            connection: String::new(),
            simulated: false,
        }
    }

    /// Whether a read at that time of the device's clock would be in it.
    pub fn goes_on_at(&self, now: WallTime) -> bool {
        let last = self.reads.map_or(self.key.from, |reads| reads.last);
        (self.key.from <= now && now < self.key.until)
            || (self.key.until <= now && now.0 - last.0 < limits::SESSION_GAP_CS)
    }

    /// Takes in the day before, where it is the same session.
    fn begins_on(&mut self, day: &SessionDay) -> bool {
        let first = self.reads.map_or(self.key.from, |reads| reads.first);
        let is_before = self.key.from.0 - DAY_CS == WallTime::from_day(day.last.day(), 0).0;
        if !is_before || first.0 - day.last.0 >= limits::SESSION_GAP_CS {
            return false;
        }
        let earlier = Self::of(day);
        self.key.from = earlier.key.from;
        if let Some(reads) = &mut self.reads {
            reads.first = day.first;
        }
        self.locations.extend(earlier.locations);
        true
    }
}

/// The sessions of one stream, the newest first, from its days in that order.
pub(super) fn spans(days: &[SessionDay]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for day in days {
        let is_in = spans.last_mut().is_some_and(|span| span.begins_on(day));
        if !is_in {
            spans.push(Span::of(day));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::EventId;
    use store::{SessionLocation, SessionStream};
    use uuid::Uuid;

    const HOUR_CS: i64 = 60 * 60 * 100;

    /// Hours of the first and the last read of a day.
    fn day((day, first, last): (i64, i64, i64)) -> SessionDay {
        SessionDay {
            stream: SessionStream {
                id: StreamId(Uuid::from_u128(1)),
                name: "Mats".to_owned(),
                timezone: None,
                offset_ms: 0,
                event: EventId(Uuid::from_u128(2)),
                event_name: "Run".to_owned(),
                event_timezone: "UTC".to_owned(),
            },
            first: WallTime::from_day(day, first * HOUR_CS),
            last: WallTime::from_day(day, last * HOUR_CS),
            received_at: UnixMicros(0),
            connection: format!("box {day}"),
            simulated: false,
            locations: vec![SessionLocation {
                location: format!("at {day}"),
                point: None,
            }],
        }
    }

    #[test]
    fn a_night_ends_a_session_and_a_race_into_it_does_not() {
        let check = |days: &[(i64, i64, i64)], expected: &[(i64, i64)]| {
            let days: Vec<_> = days.iter().map(|it| day(*it)).collect();
            let spans = spans(&days);
            let told: Vec<_> = spans
                .iter()
                .map(|span| (span.key.from.day(), span.key.until.day()))
                .collect();
            assert_eq!(told, expected, "{days:?}");
        };
        check(&[], &[]);
        check(&[(9, 8, 12)], &[(9, 10)]);
        check(&[(9, 8, 12), (8, 8, 12)], &[(9, 10), (8, 9)]);
        check(&[(9, 0, 3), (8, 20, 23)], &[(8, 10)]);
        check(&[(9, 0, 3), (7, 20, 23)], &[(9, 10), (7, 8)]);
        check(&[(9, 0, 3), (8, 0, 23), (7, 20, 22)], &[(7, 10)]);
    }

    #[test]
    fn what_two_days_have_is_put_together() {
        let days = [day((9, 0, 3)), day((8, 20, 23))];
        let [span] = &spans(&days)[..] else {
            panic!("one session")
        };
        let reads = span.reads.unwrap();
        assert_eq!((reads.first, reads.last), (days[1].first, days[0].last));
        assert_eq!(span.connection, "box 9");
        let locations: Vec<_> = span.locations.keys().map(String::as_str).collect();
        assert_eq!(locations, ["at 8", "at 9"]);
    }

    #[test]
    fn a_session_goes_on_while_a_read_would_be_in_it() {
        let span = spans(&[day((9, 8, 23))]).remove(0);
        let check = |on: i64, hour: i64, expected: bool| {
            let now = WallTime::from_day(on, hour * HOUR_CS);
            assert_eq!(span.goes_on_at(now), expected, "{now}");
        };
        check(9, 1, true);
        check(9, 23, true);
        check(10, 2, true);
        check(10, 9, false);
        check(8, 23, false);
    }
}
