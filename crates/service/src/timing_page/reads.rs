//! The reads of an event as they come, joined to people as the roster is at that moment.

use super::shown;
use crate::{
    Caller, Node, Right, ServiceError,
    node::{EventEntry, StreamRuntime},
    setup,
    watch::RecentRead,
};
use model::{
    EventId, ReadKind,
    limits::READS_PAGE_MAX,
    timing_view::{ReadFilter, ReadRow, ReadStatus, ReadsPage, ReadsQuery, Whose},
};
use std::sync::Arc;

/// The newest reads that fit the query and came, or were altered, after the last page.
pub async fn reads_after(
    node: &Node,
    caller: &Caller,
    event: EventId,
    query: &ReadsQuery,
) -> Result<ReadsPage, ServiceError> {
    setup::scope_of_event(node.store(), caller, event, Right::See).await?;
    // Before any stream is looked at: what comes meanwhile is on the next page.
    let cursor = node.watch.counter.last();
    let mut page = ReadsPage {
        cursor,
        ..ReadsPage::default()
    };
    let Some(entry) = node.registry.event(event) else {
        return Ok(page);
    };
    let mut found: Vec<(Arc<StreamRuntime>, RecentRead)> = Vec::new();
    for stream in node.registry.streams() {
        let wanted = query.stream.is_none_or(|wanted| wanted == stream.id);
        if stream.event != event || !wanted {
            continue;
        }
        let after = query.after.unwrap_or(0);
        let came: Vec<_> = stream.watch().reads(after, cursor).cloned().collect();
        found.extend(came.into_iter().map(|read| (Arc::clone(&stream), read)));
    }
    found.sort_by_key(|(_, read)| read.id);
    let limit = query.limit.clamp(1, READS_PAGE_MAX) as usize;
    let text = query.text.trim().to_lowercase();
    // From the newest on, until the page is full: only these are joined to people.
    for (stream, read) in found.iter().rev() {
        let Some(row) = fitting(&entry, stream, read, query, &text) else {
            continue;
        };
        if page.rows.len() == limit {
            page.skipped = true;
            break;
        }
        page.rows.push(row);
    }
    page.rows.reverse();
    Ok(page)
}

fn fitting(
    event: &EventEntry,
    stream: &StreamRuntime,
    read: &RecentRead,
    query: &ReadsQuery,
    text: &str,
) -> Option<ReadRow> {
    let point = event.point_of(stream, &read.place);
    if query.point.is_some() && query.point != point.as_ref().map(|(id, _)| *id) {
        return None;
    }
    let read_at = stream
        .intake()
        .clock()
        .instant_of(read.wall, read.received_at);
    let person = match read.kind {
        ReadKind::Tag => event.whose(&read.tag, read_at),
        ReadKind::Gun => None,
    };
    let status = if read.kind == ReadKind::Gun {
        ReadStatus::Gun
    } else if person.is_none() && event.is_ignored(&read.tag) {
        ReadStatus::Ignored
    } else if read.duplicate {
        ReadStatus::Duplicate
    } else if person.is_none() {
        ReadStatus::Unknown
    } else if read.late {
        ReadStatus::Late
    } else {
        ReadStatus::New
    };
    let is_tag = read.kind == ReadKind::Tag;
    let fits = match query.only {
        ReadFilter::All => true,
        ReadFilter::Known => person.is_some(),
        ReadFilter::Unknown => is_tag && person.is_none() && status != ReadStatus::Ignored,
        ReadFilter::Late => read.late,
    };
    if !fits {
        return None;
    }
    let person = person.map(|person| Whose {
        participant: person.id,
        bib: person.bib.clone(),
        name: person.name(),
    });
    let has_text = |found: &str| found.to_lowercase().contains(text);
    let named = person.as_ref();
    let shows_text = text.is_empty()
        || has_text(&read.tag)
        || named.is_some_and(|whose| has_text(&whose.bib) || has_text(&whose.name));
    if !shows_text {
        return None;
    }
    let clock = *stream.intake().clock();
    let instant = clock.instant_of(read.wall, read.received_at);
    Some(ReadRow {
        id: read.id,
        stream: stream.id,
        location: shown(&read.place),
        point: shown(point.as_ref().map_or(&*read.place, |(_, name)| name)),
        tag: shown(&read.tag),
        person,
        time: event.clock.wall_at(instant).to_string(),
        received_at: read.received_at,
        behind_ms: read.received_at.ms_since(instant),
        reader: shown(&read.reader),
        sequence: read.sequence,
        status,
        simulated: read.simulated,
    })
}
