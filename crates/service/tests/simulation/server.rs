//! One run of the server: all that a crash takes away.

use model::{
    BuiltIn, Design, DisplayCode, EventId, MonoMs, PointId, ReadKey, ReadKind, RundownOverrides,
    ShowId, StreamId, UnixMicros,
};
use service::{
    ingest::{
        Intake, LiveInput, LivePath, LiveRead, Publication,
        live_path::{EventView, RaceSetup, ShowView, StreamView},
    },
    node::{StoredStream, starts_at},
    roster::RosterIndex,
};
use std::sync::Arc;
use store::{JournalEntry, PartnerScope, Store};
use timing::{
    StreamClock,
    ctp01::{
        UnknownReason,
        server::{Identity, Input, Output, ServerSession, StartPlan, StoredRead},
    },
};

/// The location over which everybody starts.
pub const START: &str = "START";

/// What every run of the server has in common.
#[derive(Clone)]
pub struct Site {
    pub scope: PartnerScope,
    pub event: EventId,
    pub stream: StreamId,
    pub show: ShowId,
    pub code: DisplayCode,
    pub points: Vec<(PointId, String)>,
    pub bound: Vec<PointId>,
    pub roster: Arc<RosterIndex>,
    pub setup: RaceSetup,
}

pub struct Server {
    site: Site,
    clock: StreamClock,
    intake: Intake,
    path: LivePath,
    session: Option<ServerSession>,
    name: Option<String>,
    /// Unjournalled reads, in order.
    pub queue: Vec<JournalEntry>,
    /// Bytes on their way to the device.
    pub outgoing: Vec<u8>,
    /// Bytes that a closed connection said goodbye with.
    pub closed: bool,
    /// With the live read that led to each, where one did.
    pub publications: Vec<(Publication, Option<ReadKey>)>,
}

impl Server {
    /// Starts over a store that an earlier run may have left.
    pub async fn start(
        store: &dyn Store,
        site: Site,
        clock: StreamClock,
        now: MonoMs,
        at: UnixMicros,
    ) -> Self {
        let stored = StoredStream::load(store, &site.scope, site.stream, &clock, at)
            .await
            .unwrap();
        let intake = Intake::new(site.stream, clock, stored.dates);
        let mut server = Self {
            clock,
            intake,
            path: LivePath::default(),
            session: None,
            name: None,
            queue: Vec::new(),
            outgoing: Vec::new(),
            closed: false,
            publications: Vec::new(),
            site,
        };
        let site = server.site.clone();
        let event = EventView {
            event: site.event,
            name: "Simulated".to_owned(),
            date: "2026-03-06".to_owned(),
            // Of the event, whatever the stream's is.
            clock: StreamClock {
                zone: timing::parse_zone("UTC").unwrap(),
                offset_ms: 0,
            },
            roster: site.roster,
            points: site.points,
            setup: site.setup,
            messages: Arc::default(),
        };
        server.live(now, at, LiveInput::Event(Box::new(event)));
        let view = StreamView {
            stream: site.stream,
            event: site.event,
            clock,
            locations: stored.locations.into_iter().collect(),
        };
        let (window, recent) = (stored.window, stored.recent);
        let starts = starts_at(store, &site.scope, &view, START, at)
            .await
            .unwrap();
        server.live(
            now,
            at,
            LiveInput::Stream {
                view,
                window,
                recent,
                starts,
            },
        );
        let show = ShowView {
            show: site.show,
            code: site.code,
            event: site.event,
            stream: site.stream,
            points: site.bound,
            design: Design::built_in(BuiltIn::Arrivals),
            rundown: RundownOverrides::default(),
        };
        server.live(now, at, LiveInput::Show(show));
        server
    }

    /// Zone or offset changed while reads flow, as the node does it.
    pub async fn set_clock(
        &mut self,
        store: &dyn Store,
        clock: StreamClock,
        now: MonoMs,
        at: UnixMicros,
    ) {
        let site = &self.site;
        let stored = StoredStream::load(store, &site.scope, site.stream, &clock, at)
            .await
            .unwrap();
        self.clock = clock;
        self.intake.set_clock(clock);
        let view = StreamView {
            stream: site.stream,
            event: site.event,
            clock,
            locations: stored.locations.into_iter().collect(),
        };
        let (window, recent) = (stored.window, stored.recent);
        let starts = Vec::new();
        self.live(
            now,
            at,
            LiveInput::Stream {
                view,
                window,
                recent,
                starts,
            },
        );
    }

    pub fn accept(&mut self, now: MonoMs) {
        self.session = Some(ServerSession::new(now));
        self.name = None;
        self.outgoing.clear();
        self.closed = false;
    }

    pub fn hang_up(&mut self) {
        self.session = None;
        self.outgoing.clear();
    }

    pub async fn input(
        &mut self,
        store: &dyn Store,
        now: MonoMs,
        at: UnixMicros,
        input: Input<'_>,
    ) {
        let Some(session) = &mut self.session else {
            return;
        };
        let mut work = session.apply(now, input);
        while !work.is_empty() {
            let mut further = Vec::new();
            for output in work {
                match output {
                    Output::Send(bytes) => self.outgoing.extend(bytes),
                    Output::Identified(identity) => {
                        let plan = self.plan(store, &identity).await;
                        if let Some(session) = &mut self.session {
                            further.extend(session.apply(now, Input::Start(plan)));
                        }
                    }
                    Output::Read(device) => {
                        let read = self.intake.take(device, self.name.as_deref(), true, at);
                        if !read.late && read.kind == ReadKind::Tag {
                            let reads = vec![LiveRead::of(&read)];
                            let stream = self.site.stream;
                            self.live(now, at, LiveInput::Reads { stream, reads });
                        }
                        self.queue.push(JournalEntry {
                            scope: self.site.scope,
                            read,
                        });
                    }
                    Output::Close(reason) => panic!("the server closed a good device: {reason}"),
                    Output::Unknown {
                        reason: UnknownReason::Refused,
                        ..
                    } => {}
                    Output::Unknown { raw, reason } => {
                        panic!("{reason:?}: {}", String::from_utf8_lossy(&raw))
                    }
                    Output::Greeted { .. }
                    | Output::Locations(_)
                    | Output::Stale
                    | Output::Heard => {}
                }
            }
            work = further;
        }
    }

    async fn plan(&mut self, store: &dyn Store, identity: &Identity) -> StartPlan {
        self.name.clone_from(&identity.connection_name);
        let Some(name) = &self.name else {
            return StartPlan::default();
        };
        let points = store
            .resume_points(&self.site.scope, self.site.stream, name)
            .await
            .unwrap();
        let resume = points.into_iter().map(|point| {
            let read = StoredRead {
                sequence: point.sequence,
                location: point.location.clone(),
                tag: point.tag,
                reader: point.reader,
                antenna: point.antenna,
                wall: point.wall,
            };
            (point.location, read)
        });
        StartPlan {
            resume: resume.collect(),
        }
    }

    pub fn live(&mut self, now: MonoMs, at: UnixMicros, input: LiveInput) {
        let live = match &input {
            LiveInput::Reads { reads, .. } => {
                let mut live = reads.iter().filter(|read| !read.late);
                let first = live.next().map(|read| read.key.clone());
                assert!(
                    live.next().is_none(),
                    "live reads are handed in one by one here"
                );
                first
            }
            _ => None,
        };
        if let Some(read) = &live {
            let instant = self.clock.instant_of(read.wall, at);
            assert!(
                at.ms_since(instant) <= 30_000,
                "a late read came as a live one: {read:?}"
            );
        }
        let outcome = self.path.apply(now, at, input);
        let with_live = |publication| (publication, live.clone());
        self.publications
            .extend(outcome.publications.into_iter().map(with_live));
    }

    pub fn next_timer(&self) -> Option<MonoMs> {
        let session = self.session.as_ref().and_then(ServerSession::next_timer);
        session.into_iter().chain(self.path.next_timer()).min()
    }
}
