//! What a read is, for somebody who looks at it beside the screens: by the same join, with all that
//! a template could bind, and on no show.

use super::{LivePath, LiveRead, join::join, state};
use model::{Arrival, BoardState, EventId, ShowId, StreamId, UnixMicros, document::DataField};
use std::collections::BTreeSet;

/// A read of a stream as the roster is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub at: UnixMicros,
    /// By the event's wall clock.
    pub time: String,
    /// The timing point's name.
    pub point: Option<String>,
    /// Bib and name, for the staff.
    pub person: Option<(String, String)>,
    /// Somebody said that its tag is nobody's.
    pub ignored: bool,
    /// As a public screen at that point may show it. `None`: no screen shows it.
    pub arrival: Option<Arrival>,
}

impl LivePath {
    /// `None` where the stream or its event is not known.
    pub fn told(&self, stream: StreamId, read: &LiveRead) -> Option<Told> {
        let stream = &self.streams.get(&stream)?.view;
        let event = self.events.get(&stream.event)?;
        let read_at = stream.clock.instant_of(read.key.wall, read.received_at);
        let person = event.who(&read.key.tag, read_at);
        let arrival = join(event, &self.streams, stream, read).map(|crossing| {
            let mut arrival = crossing.arrival(read.late);
            let own = person.map(|person| person.custom.keys().cloned());
            let fields: BTreeSet<DataField> = DataField::plain()
                .chain(own.into_iter().flatten().map(DataField::Custom))
                .collect();
            // No show has the event's id, so the message is one of the whole event's.
            let show = ShowId(stream.event.0);
            arrival.more = state::more(event, show, crossing.participant, &arrival, &fields);
            arrival
        });
        let point = event.view.point_of(stream, &read.key.location);
        Some(Told {
            at: read_at,
            time: event.view.clock.wall_at(read_at).to_string(),
            point: point.map(|(_, name)| name.clone()),
            person: person.map(|person| (person.bib.clone(), person.name())),
            ignored: event.is_ignored(&read.key.tag),
            arrival,
        })
    }

    /// What a screen says before anybody has come, at no point yet.
    pub fn nobody(&self, event: EventId, at: UnixMicros) -> Option<BoardState> {
        let event = self.events.get(&event)?;
        Some(BoardState {
            event: event.view.name.clone(),
            event_date: event.view.date.clone(),
            races: event.book.clocks(&event.view.setup.races),
            utc_offset_s: Some(event.view.clock.utc_offset_s(at)),
            ..BoardState::default()
        })
    }
}
