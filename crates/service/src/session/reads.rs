//! The reads of a session, each with what a screen would show of it.

use super::shown;
use crate::{
    Caller, Node, Right, ServiceError,
    ingest::{LivePath, LiveRead, live_path::Told},
    node::StreamRuntime,
    setup::{no_stream, scope_of_event},
    watch::RecentRead,
};
use model::{
    Arrival, BoardState, EventId, ReadKey, ReadKind, UnixMicros, WallTime,
    limits::READS_PAGE_MAX,
    session_view::{ReadMark, ReadsFrom, SessionKey, SessionRead},
    time::DAY_CS,
    timing_view::ReadStatus,
};
use std::{
    collections::{BTreeSet, HashSet},
    ops::Range,
};
use store::{PartnerScope, StoreError};

/// From 1970 to 9999: what clocks can tell.
const DAYS: Range<WallTime> = WallTime(0)..WallTime::from_day(2_932_896, 0);

/// A page of a session's reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionReads {
    /// The oldest first by the device's clock; those that came since, in the order in which they
    /// came. At most `READS_PAGE_MAX`: of more that came, the newest.
    pub reads: Vec<SessionRead>,
    /// Those of the reads that a screen at the session's points could show, in the same order.
    pub crossings: Vec<Arrival>,
    /// What such a screen shows before anybody has come. Left empty for what came since: whoever
    /// asks for it has had it.
    pub nobody: BoardState,
    /// Where the next page of stored ones begins. `None`: these are the last.
    pub next: Option<ReadMark>,
    /// To ask for what comes from now on.
    pub coming: u64,
}

/// Looks at one page of the journal, or, for what comes, at the memory.
pub async fn session_reads(
    node: &Node,
    caller: &Caller,
    event: EventId,
    key: SessionKey,
    from: ReadsFrom,
) -> Result<SessionReads, ServiceError> {
    if key.from < DAYS.start || DAYS.end < key.until || key.until <= key.from {
        return Err(ServiceError::invalid("session", "there are no such days"));
    }
    let store = node.store();
    let scope = scope_of_event(store, caller, event, Right::See).await?;
    let runtime = node.registry.stream(key.stream);
    let runtime = runtime.filter(|stream| stream.event == event);
    if runtime.is_none() {
        let known = store.streams(&scope, event).await?;
        if !known.iter().any(|stream| stream.id == key.stream) {
            return Err(no_stream(key.stream));
        }
    }
    // Before anything is looked at: what comes meanwhile is on the next page.
    let coming = node.watch.counter.last();
    let came = |after, up_to| -> Vec<Came> {
        let Some(runtime) = &runtime else {
            return Vec::new();
        };
        let watch = runtime.watch();
        let new = watch.reads(after, up_to).filter(|read| {
            // One that was altered since was given before.
            !read.duplicate && read.id > after && key.from <= read.wall && read.wall < key.until
        });
        new.cloned().map(Came::recent).collect()
    };
    let begin = ReadMark::before(key.from);
    let limit = READS_PAGE_MAX;
    let stored = match from {
        ReadsFrom::Coming(_) => Vec::new(),
        ReadsFrom::Last => {
            let last = store.last_reads_between(&scope, key.stream, begin, key.until, limit);
            last.await?
        }
        ReadsFrom::At(wall) => {
            let after = ReadMark::before(wall).max(begin);
            let page = store.reads_between(&scope, key.stream, after, key.until, limit);
            page.await?
        }
        ReadsFrom::After(mark) => {
            let page = store.reads_between(&scope, key.stream, mark.max(begin), key.until, limit);
            page.await?
        }
    };
    let is_full = stored.len() >= limit as usize;
    let next = match from {
        ReadsFrom::At(_) | ReadsFrom::After(_) => stored.last().map(|(mark, _)| *mark),
        ReadsFrom::Last | ReadsFrom::Coming(_) => None,
    };
    let mut reads: Vec<Came> = stored.into_iter().map(|(_, it)| Came::stored(it)).collect();
    match from {
        ReadsFrom::Coming(after) => reads = came(after, coming),
        // Those too that the journal does not have yet, and none that comes on the next page: some
        // were stored while it was looked at.
        ReadsFrom::Last => {
            let later = came(coming, u64::MAX);
            let later: HashSet<_> = later.iter().map(Came::arrival).collect();
            reads.retain(|read| !later.contains(&read.arrival()));
            let known: HashSet<_> = reads.iter().map(Came::mark).collect();
            let recent = came(0, coming).into_iter();
            let oldest = reads
                .first()
                .map_or(WallTime(i64::MIN), |read| read.live.key.wall);
            reads.extend(recent.filter(|read| {
                !known.contains(&read.mark()) && (!is_full || oldest <= read.live.key.wall)
            }));
            reads.sort_by_key(|read| read.live.key.wall);
        }
        ReadsFrom::At(_) | ReadsFrom::After(_) => {}
    }
    let mut page = SessionReads {
        next: next.filter(|_| is_full),
        coming,
        ..SessionReads::default()
    };
    let follows = matches!(from, ReadsFrom::Coming(_));
    if follows && reads.is_empty() {
        return Ok(page);
    }
    let surplus = reads.len().saturating_sub(limit as usize);
    reads.drain(..surplus);
    if let Some(runtime) = &runtime {
        note_places(node, &scope, runtime, &reads).await;
    }
    let until = UnixMicros((key.until.0 + DAY_CS).saturating_mul(10_000));
    let path = node.paths.of(node, &scope, event, until).await?;
    for read in &reads {
        page.add(&path, key, read);
    }
    if !follows {
        let nobody = path.nobody(event, node.clock.now());
        page.nobody = nobody.unwrap_or_default();
    }
    Ok(page)
}

/// The first read at a place may be asked for before the place is noted, which the node does beside
/// the reads. Without a point a screen would show nothing of it, and it is told only once.
async fn note_places(node: &Node, scope: &PartnerScope, stream: &StreamRuntime, reads: &[Came]) {
    let Some(event) = node.registry.event(stream.event) else {
        return;
    };
    let locations: BTreeSet<_> = reads.iter().map(|read| &read.live.key.location).collect();
    for location in locations {
        if event.point_of(stream, location).is_some() {
            continue;
        }
        // The node says in its log why not, and tries again with the next read.
        if let Err(StoreError::TooMany { .. }) = node
            .store()
            .ensure_location(scope, stream.id, location)
            .await
        {
            return;
        }
    }
}

impl SessionReads {
    fn add(&mut self, path: &LivePath, key: SessionKey, came: &Came) {
        let read = &came.live;
        let is_gun = came.kind == ReadKind::Gun;
        let told = path.told(key.stream, read);
        let Some(told) = told else { return };
        let Told {
            person, arrival, ..
        } = told;
        let status = if is_gun {
            ReadStatus::Gun
        } else if person.is_none() && told.ignored {
            ReadStatus::Ignored
        } else if person.is_none() {
            ReadStatus::Unknown
        } else if read.late {
            ReadStatus::Late
        } else {
            ReadStatus::New
        };
        let who = match &person {
            _ if is_gun => String::new(),
            Some((bib, name)) => format!("{bib} {name}"),
            None => shown(&read.key.tag),
        };
        let crossing = arrival.filter(|_| !is_gun).map(|arrival| {
            self.crossings.push(arrival);
            u32::try_from(self.crossings.len() - 1).unwrap_or(u32::MAX)
        });
        self.reads.push(SessionRead {
            wall: read.key.wall,
            at: told.at,
            time: told.time,
            place: shown(told.point.as_ref().unwrap_or(&read.key.location)),
            who: who.trim().to_owned(),
            status,
            simulated: read.simulated,
            crossing,
        });
    }
}

/// A read, from the journal or from memory.
struct Came {
    live: LiveRead,
    kind: ReadKind,
}

impl Came {
    fn stored(stored: store::StoredRead) -> Self {
        Self {
            live: LiveRead::of(&stored.read),
            kind: stored.read.kind,
        }
    }

    fn recent(read: RecentRead) -> Self {
        Self {
            live: LiveRead {
                key: ReadKey {
                    wall: read.wall,
                    location: read.place.to_string(),
                    tag: read.tag.to_string(),
                    reader: read.reader.to_string(),
                    // Tells nothing of whose it is and where.
                    antenna: String::new(),
                },
                received_at: read.received_at,
                late: read.late,
                simulated: read.simulated,
            },
            kind: read.kind,
        }
    }

    /// The same in the journal and in memory, and another of one that a device sent again.
    fn arrival(&self) -> ((WallTime, String, String), UnixMicros) {
        (self.mark(), self.live.received_at)
    }

    /// What is the same of it in the journal and in memory, also of one that was sent again.
    fn mark(&self) -> (WallTime, String, String) {
        let key = &self.live.key;
        (key.wall, key.location.clone(), key.tag.clone())
    }
}
