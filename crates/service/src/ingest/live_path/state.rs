//! What a show's screens are told: what its template binds, and nothing beyond it (design §5.4).

use super::{ShowView, join::EventState};
use live::rundown::Rundown;
use model::{
    Arrival, BoardState, Participant, ParticipantId, ShowId, Texts, UnixMicros,
    document::{DataField, Letters, Pattern, Value},
    message::choose,
};
use std::collections::BTreeSet;

pub(super) fn bound(
    event: &EventState,
    show: &ShowView,
    rundown: &Rundown,
    at: UnixMicros,
) -> BoardState {
    let told = |mut arrival: Arrival, owner: ParticipantId, fields: &BTreeSet<DataField>| {
        if !fields.contains(&DataField::City) {
            arrival.city.clear();
        }
        arrival.more = more(event, show.show, owner, &arrival, fields);
        arrival
    };
    let needs = &show.design.needs;
    let features = show.design.takes_turns();
    let featured = rundown.featured().filter(|_| features);
    let runner =
        featured.map(|crossing| told(crossing.arrival(false), crossing.participant, &needs.runner));
    let listed = rundown.arrivals().iter().zip(rundown.owners());
    let arrivals: Vec<Arrival> = listed
        .take(needs.arrivals_max)
        .map(|(arrival, owner)| told(arrival.clone(), *owner, &needs.arrivals))
        .collect();
    let demo = featured.is_some_and(|crossing| crossing.simulated)
        || (!arrivals.is_empty() && rundown.demo());
    let has_time = |of: &Arrival| of.gun_time_ms.is_some() || of.chip_time_ms.is_some();
    let points = event.view.points.iter();
    let points = points.filter(|(point, _)| show.points.contains(point));
    BoardState {
        event: event.view.name.clone(),
        event_date: event.view.date.clone(),
        points: points.map(|(_, name)| name.clone()).collect(),
        // Until results are published, every time is.
        unofficial: runner.iter().chain(&arrivals).any(has_time),
        demo,
        runner,
        arrivals,
        races: if needs.races {
            event.book.clocks(&event.view.setup.races)
        } else {
            Vec::new()
        },
        utc_offset_s: needs.time_of_day.then(|| event.view.clock.utc_offset_s(at)),
    }
}

/// What else is bound: of the roster, and the message.
pub(super) fn more(
    event: &EventState,
    show: ShowId,
    owner: ParticipantId,
    arrival: &Arrival,
    fields: &BTreeSet<DataField>,
) -> Texts {
    let Some(person) = event.view.roster.person(owner) else {
        return Texts::default();
    };
    let day = arrival.read_time.split('T').next().unwrap_or_default();
    let own = [DataField::Bib, DataField::Name, DataField::City];
    let texts = fields.iter().filter(|field| !own.contains(field));
    let texts = texts.filter_map(|field| {
        let text = match field {
            DataField::Message => message(event, show, person, arrival, day),
            field => person.public_text(field, day),
        };
        (!text.is_empty()).then(|| (field.name().into_owned(), text))
    });
    Texts(texts.collect())
}

/// From the pool, with what it binds filled in. One whose braces are none of ours says them.
fn message(
    event: &EventState,
    show: ShowId,
    person: &Participant,
    arrival: &Arrival,
    day: &str,
) -> String {
    let Some(message) = choose(&event.view.messages, show, person, day) else {
        return String::new();
    };
    let Ok(pattern) = message.text.parse::<Pattern>() else {
        return message.text.clone();
    };
    pattern.filled(
        Letters::STD,
        &|binding| match &*person.public_text(&binding.field, day) {
            "" => BoardState::default().value(Some(arrival), &binding.field),
            text => Value::Text(text.to_owned()),
        },
    )
}
