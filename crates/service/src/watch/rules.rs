//! What is an alarm. Pure: one snapshot in, what is wrong out.
//!
//! A race director ignores a system that cries wolf, so each rule rather says nothing than what is
//! not so. What is needed to keep an alarm up is less than what raises it.

use super::{DiskRoom, PlaceSnapshot, Snapshot, StreamSnapshot};
use crate::{
    ingest::{ConnectionState, ConnectionStatus},
    limits,
};
use model::{
    PartnerId,
    alarm::{Candidate, Place, Trouble},
    limits::TAG_SHOWN_CHARS_MAX,
};
use timing::{Cause, WrongClock};

/// Somebody's trouble, or with `None` the trouble of all.
pub type Owned = (Option<PartnerId>, Trouble);

/// `stands` tells whether an alarm of that id is up already.
pub fn troubles(snapshot: &Snapshot, stands: impl Fn(&str) -> bool) -> Vec<Owned> {
    let mut found = Vec::new();
    for stream in &snapshot.streams {
        let mut own = Vec::new();
        own.extend(stream.wrong_clocks.iter().map(|wrong| {
            let offset_ms = offset_for(snapshot, stream, wrong);
            wrong_clock(stream, wrong, offset_ms)
        }));
        for place in &stream.places {
            own.extend(unknown_tags(stream, place, &stands));
            own.extend(readers_differ(stream, place, &stands));
            own.extend(silent(snapshot, stream, place));
        }
        own.extend(clients_gone(snapshot, stream));
        found.extend(
            own.into_iter()
                .map(|trouble| (Some(stream.partner), trouble)),
        );
    }
    found.extend(unclaimed(snapshot));
    let of_all = journal(snapshot, &stands).into_iter().chain(host(snapshot));
    found.extend(of_all.map(|trouble| (None, trouble)));
    found
}

/// For how long it has to be true before it is said, and untrue before it is taken back.
pub fn holds_ms(trouble: &Trouble) -> (i64, i64) {
    match trouble {
        Trouble::ReadersDiffer { .. } => (limits::READERS_DIFFER_HOLD_MS, 0),
        Trouble::ClientGone { .. } => (limits::GONE_HOLD_MS, 0),
        Trouble::Unclaimed { .. } | Trouble::ListenerClosed { .. } => {
            (limits::UNCLAIMED_HOLD_MS, 0)
        }
        Trouble::JournalRefused { .. } | Trouble::JournalFull | Trouble::JournalSlow { .. } => {
            (0, limits::JOURNAL_CLEAR_MS)
        }
        Trouble::WrongClock { .. }
        | Trouble::UnknownTags { .. }
        | Trouble::Silent { .. }
        | Trouble::DiskLow { .. }
        | Trouble::NoBackup { .. } => (0, 0),
    }
}

fn wrong_clock(stream: &StreamSnapshot, wrong: &WrongClock, offset_ms: Option<i64>) -> Trouble {
    let at = stream.places.iter();
    let at = at.clone().find(|place| place.location == wrong.location);
    let point = at.map_or(wrong.location.as_str(), |place| place.point.as_str());
    Trouble::WrongClock {
        place: place_of(stream, &wrong.location, point),
        difference_ms: wrong.difference_ms,
        zone: wrong.cause == Cause::Zone,
        effect: wrong.effect(),
        offset_ms,
    }
}

/// An offset is the whole stream's, so it is offered only where all that was heard lately is wrong
/// by the same.
fn offset_for(snapshot: &Snapshot, stream: &StreamSnapshot, wrong: &WrongClock) -> Option<i64> {
    let correction_ms = wrong.correction_ms();
    let mut heard = stream.places.iter().filter(|place| {
        let at = place.heard_at;
        at.is_some_and(|at| snapshot.now.ms_since(at) <= limits::DONE_MS)
    });
    let is_as_wrong = |place: &PlaceSnapshot| {
        let all = stream.wrong_clocks.iter();
        let mut here = all.filter(|wrong| wrong.location == place.location);
        here.any(|other| {
            let apart_ms = other.correction_ms().abs_diff(correction_ms);
            apart_ms <= timing::limits::WRONG_CLOCK_BAND_MS_MAX.unsigned_abs()
        })
    };
    heard
        .all(is_as_wrong)
        .then(|| stream.offset_ms.saturating_add(correction_ms))
}

fn unknown_tags(
    stream: &StreamSnapshot,
    place: &PlaceSnapshot,
    stands: impl Fn(&str) -> bool,
) -> Option<Trouble> {
    let tags = &place.tags;
    if (tags.of as usize) < limits::LAST_TAGS_MIN {
        return None;
    }
    let trouble = Trouble::UnknownTags {
        place: place_of(stream, &place.location, &place.point),
        unknown: tags.unknown,
        of: tags.of,
        tags: tags.newest.clone(),
        people: stream.people,
    };
    let percent_max = if stands(&trouble.id()) {
        limits::UNKNOWN_PERCENT_OVER
    } else {
        limits::UNKNOWN_PERCENT_MAX
    };
    (tags.unknown * 100 > tags.of * percent_max).then_some(trouble)
}

/// The two readers that are farthest apart.
fn readers_differ(
    stream: &StreamSnapshot,
    place: &PlaceSnapshot,
    stands: impl Fn(&str) -> bool,
) -> Option<Trouble> {
    let told = place.readers.iter();
    let told = told.filter_map(|reader| Some((reader.least_ms?, &reader.reader)));
    let (ahead_ms, ahead) = told.clone().min()?;
    let (behind_ms, behind) = told.max()?;
    let trouble = Trouble::ReadersDiffer {
        place: place_of(stream, &place.location, &place.point),
        behind: shown(behind),
        ahead: shown(ahead),
        difference_ms: behind_ms.saturating_sub(ahead_ms),
    };
    let differ_ms_max = if stands(&trouble.id()) {
        limits::READERS_DIFFER_MS_OVER
    } else {
        limits::READERS_DIFFER_MS_MAX
    };
    (behind_ms.saturating_sub(ahead_ms) > differ_ms_max).then_some(trouble)
}

/// A point that was reading steadily and has stopped.
///
/// It counts as reading where each of the five minutes before its last read had six new tags or
/// more. It counts as silent when twenty tags are missing at the pace of the quietest of these
/// minutes, 45 s at the least: a field that thins out, a pack that has passed and reads that come
/// in lots never get there. A start is left out, as it empties from one second to the next: a point
/// of that name, or one where a gun was fired within the hour. So is a stream that no connection
/// feeds or that the journal holds up, as that is an alarm of its own. After half an hour the race
/// is over, or somebody knows.
fn silent(snapshot: &Snapshot, stream: &StreamSnapshot, place: &PlaceSnapshot) -> Option<Trouble> {
    let pace = place.pace.filter(|_| !place.is_start)?;
    let is_silent = (pace.patience_ms()..=limits::SILENT_MS_MAX).contains(&pace.silent_ms);
    let mut feeding = live_of(snapshot, stream);
    let is_fed = feeding.any(|connection| {
        let locations = &connection.locations;
        connection.state == ConnectionState::Streaming
            && (locations.is_empty() || locations.contains(&place.location))
    });
    let journal_works = snapshot.journal.trouble.is_none() && !snapshot.journal.is_full;
    (is_silent && is_fed && journal_works).then(|| Trouble::Silent {
        place: place_of(stream, &place.location, &place.point),
        per_minute: pace.per_minute,
    })
}

/// Timing software that is away and was not done.
///
/// One that closed its connection in order is done where its last read was ten minutes ago, or
/// where it never had any. One that was lost is missed before its first read too, and until half an
/// hour after its last. Nobody needs to be told for longer than an hour.
fn clients_gone(snapshot: &Snapshot, stream: &StreamSnapshot) -> Vec<Trouble> {
    let was_needed = |status: &ConnectionStatus| {
        let Some(ended) = status.ended else {
            return false;
        };
        let read_ms = status.last_read_at.map(|at| ended.at.ms_since(at));
        let is_missed = match ended.by_device {
            true => read_ms.is_some_and(|ms| ms < limits::DONE_MS),
            false => read_ms.is_none_or(|ms| ms < limits::LOST_AFTER_READ_MS_MAX),
        };
        is_missed && snapshot.now.ms_since(ended.at) < limits::GONE_MS_MAX
    };
    let is_back = |gone: &ConnectionStatus| {
        let mut live = live_of(snapshot, stream);
        live.any(|live| {
            let has_name = gone.name.is_some() && gone.name == live.name;
            let has_all = |locations: &[String]| {
                let mut wanted = gone.locations.iter();
                wanted.all(|location| locations.contains(location))
            };
            has_name || (!gone.locations.is_empty() && has_all(&live.locations))
        })
    };
    let of_stream = snapshot.connections.iter();
    let gone = of_stream
        .filter(|status| status.stream == Some(stream.id))
        .filter(|status| was_needed(status) && !is_back(status));
    gone.map(|status| Trouble::ClientGone {
        event: stream.event,
        stream: stream.id,
        stream_name: stream.name.clone(),
        program: shown(&status.program),
        peer: status.peer.ip().to_canonical().to_string(),
        locations: shown_all(&status.locations),
        reason: status.note.clone().unwrap_or_default(),
    })
    .collect()
}

fn unclaimed(snapshot: &Snapshot) -> Vec<Owned> {
    let Some(partner) = snapshot.claimant else {
        return Vec::new();
    };
    let candidates = || {
        let shared = snapshot.streams.iter().filter(|stream| stream.shared);
        let own = shared.filter(|stream| stream.partner == partner);
        own.take(limits::CLAIM_CANDIDATES_MAX)
            .map(|stream| Candidate {
                stream: stream.id,
                name: stream.name.clone(),
                event: stream.event_name.clone(),
            })
    };
    let nobodys = snapshot.connections.iter();
    let nobodys = nobodys.filter(|status| status.state == ConnectionState::Unclaimed);
    let told = nobodys.map(|status| Trouble::Unclaimed {
        connection: status.id.0,
        program: shown(&status.program),
        peer: status.peer.ip().to_canonical().to_string(),
        locations: shown_all(&status.locations),
        streams: candidates().collect(),
    });
    told.map(|trouble| (Some(partner), trouble)).collect()
}

fn journal(snapshot: &Snapshot, stands: impl Fn(&str) -> bool) -> Vec<Trouble> {
    let journal = &snapshot.journal;
    let mut found = Vec::new();
    found.extend(
        journal
            .trouble
            .as_ref()
            .map(|reason| Trouble::JournalRefused {
                reason: reason.clone(),
            }),
    );
    found.extend(journal.is_full.then_some(Trouble::JournalFull));
    let slow = Trouble::JournalSlow {
        delay_ms: journal.delay_ms,
    };
    let delay_ms_max = if stands(&slow.id()) {
        limits::JOURNAL_DELAY_MS_OVER
    } else {
        limits::JOURNAL_DELAY_MS_MAX
    };
    // One that is refused is slow too, and said already.
    let is_slow = journal.trouble.is_none() && journal.delay_ms > delay_ms_max;
    found.extend(is_slow.then_some(slow));
    found
}

fn host(snapshot: &Snapshot) -> Vec<Trouble> {
    let host = &snapshot.host;
    let closed = host.listeners.iter();
    let mut found: Vec<_> = closed
        .map(|reason| Trouble::ListenerClosed {
            reason: reason.clone(),
        })
        .collect();
    if let Some(free_bytes) = host.disk_free_bytes
        && host.disk != DiskRoom::Enough
    {
        found.push(Trouble::DiskLow {
            free_bytes,
            nearly_full: host.disk == DiskRoom::NearlyFull,
        });
    }
    found.extend(
        host.backup_trouble
            .as_ref()
            .map(|reason| Trouble::NoBackup {
                reason: reason.clone(),
            }),
    );
    found
}

fn live_of<'a>(
    snapshot: &'a Snapshot,
    stream: &StreamSnapshot,
) -> impl Iterator<Item = &'a ConnectionStatus> {
    let id = stream.id;
    let live = snapshot.connections.iter();
    live.filter(move |status| status.stream == Some(id) && status.ended.is_none())
}

fn place_of(stream: &StreamSnapshot, location: &str, point: &str) -> Place {
    Place {
        event: stream.event,
        stream: stream.id,
        location: location.to_owned(),
        point: shown(point),
    }
}

/// What a device wrote is as long as it likes.
fn shown(text: &str) -> String {
    text.chars().take(TAG_SHOWN_CHARS_MAX).collect()
}

fn shown_all(texts: &[String]) -> Vec<String> {
    let few = texts.iter().take(limits::ALARM_LOCATIONS_MAX);
    few.map(|text| shown(text)).collect()
}

#[cfg(test)]
#[path = "rules/tests.rs"]
mod tests;
