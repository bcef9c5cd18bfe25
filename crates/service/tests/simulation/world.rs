//! The world of one seed: a device, a wire, a server that may crash, a clock that is ours.

mod times;

use super::{
    ledger::Ledger,
    server::{START, Server, Site},
};
use model::{
    BuiltIn, MonoMs, Participant, ReadKind, RundownOverrides, ShowMode, UnixMicros, WallTime,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use service::{
    authority::node_scope,
    ingest::{LiveInput, LiveRead},
    roster::RosterIndex,
};
use sim::{
    Course, Device, DeviceConfig, DeviceInput, DeviceOutput, Disconnects, Field, Knobs, PlainStart,
    Resume, Script, Stamp,
};
use std::{collections::VecDeque, sync::Arc};
use store::{
    Appended, BibRule, Location, NewDisplay, NewEvent, NewStream, OpenMode, PartnerScope, Protocol,
    RosterWrite, Store,
};
use timing::{
    StreamClock,
    ctp01::{ClientConfig, EventInfo, server::Input},
};

const RUNNERS: usize = 12;
const POINTS: [&str; 3] = [START, "10K", "FINISH"];
/// Streams of one event, below the store's limit.
const SEEDS_PER_EVENT: u64 = 200;
/// 2026-03-06T23:58:20Z: races cross midnight.
const BEGINS_AT: UnixMicros = UnixMicros(1_772_841_500_000_000);

/// From the beginning to the gun.
const LEAD_MS: u32 = 2_000;

/// The database all seeds share: each has a stream of its own.
pub struct Ground {
    store: Arc<dyn Store>,
    _folder: tempfile::TempDir,
    seeds: u64,
    site: Option<EventSite>,
    partner: PartnerScope,
}

#[derive(Clone)]
struct EventSite {
    event: model::EventId,
    points: Vec<(model::PointId, String)>,
    roster: Arc<RosterIndex>,
}

impl Ground {
    pub async fn new() -> Self {
        // Thousands of synced commits: in memory where the machine has a folder for that.
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let store = store::open(
            &Location::Sqlite(folder.path().join("db")),
            OpenMode::Migrate,
        )
        .await
        .unwrap();
        let partner = store.create_partner("Simulated Timing").await.unwrap();
        let partner = node_scope(partner);
        Self {
            store,
            _folder: folder,
            seeds: 0,
            site: None,
            partner,
        }
    }

    async fn event(&mut self) -> EventSite {
        if self.seeds.is_multiple_of(SEEDS_PER_EVENT) {
            self.site = Some(self.new_event().await);
        }
        self.seeds += 1;
        self.site.clone().expect("made above")
    }

    async fn new_event(&self) -> EventSite {
        let (store, scope) = (&*self.store, &self.partner);
        let new = NewEvent {
            name: format!("Race {}", self.seeds),
            date: "2026-03-06".to_owned(),
            timezone: "UTC".to_owned(),
        };
        let event = store.create_event(scope, new).await.unwrap();
        let people: Vec<_> = field()
            .runners
            .into_iter()
            .map(|runner| {
                RosterWrite::Add(Box::new(Participant {
                    bib: runner.bib,
                    first_name: runner.first_name,
                    last_name: runner.last_name,
                    ..Participant::new(store::new_participant_id())
                }))
            })
            .collect();
        store.import_roster(scope, event, &people).await.unwrap();
        let people = store.participants(scope, event).await.unwrap();
        let mut points = Vec::new();
        for name in POINTS {
            points.push((
                store.ensure_point(scope, event, name).await.unwrap(),
                name.to_owned(),
            ));
        }
        EventSite {
            event,
            points,
            roster: Arc::new(RosterIndex::new(people, BibRule::Auto)),
        }
    }
}

fn field() -> Field {
    Field::made_up(RUNNERS, Course::parse(&POINTS).unwrap(), 7).unwrap()
}

/// What one seed came to.
pub struct Outcome {
    pub featured: u64,
    pub crashes: u64,
}

pub struct World {
    seed: u64,
    tells: bool,
    rng: StdRng,
    store: Arc<dyn Store>,
    site: Site,
    clock: StreamClock,
    now: MonoMs,
    device: Device,
    may_lose: bool,
    hangs_up: bool,
    /// Whether things may still go wrong.
    faulty: bool,
    /// Segments on their way to the server.
    up: VecDeque<u8>,
    down: VecDeque<u8>,
    server: Option<Server>,
    ledger: Ledger,
    crashes: u64,
}

impl World {
    pub async fn new(ground: &mut Ground, seed: u64, tells: bool) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let event = ground.event().await;
        let (store, scope) = (Arc::clone(&ground.store), ground.partner);
        let new = NewStream {
            event: event.event,
            name: format!("seed {seed}"),
            protocol: Protocol::Ctp01,
            port: None,
        };
        let stream = store.create_stream(&scope, new).await.unwrap();
        let bound: Vec<_> = event.points.iter().skip(1).map(|(id, _)| *id).collect();
        let display = store
            .create_display(
                &scope,
                NewDisplay {
                    name: String::new(),
                    event: event.event,
                    mode: ShowMode::Results,
                    template: BuiltIn::Arrivals.into(),
                    rundown: RundownOverrides::default(),
                    stream,
                    points: bound.clone(),
                    expires_at: BEGINS_AT.plus_ms(1_000_000_000),
                },
            )
            .await
            .unwrap();
        let site = Site {
            scope,
            event: event.event,
            stream,
            show: display.show,
            code: display.code,
            points: event.points,
            bound,
            roster: event.roster,
            setup: times::setup(),
        };
        let knobs = knobs(&mut rng);
        let script = Script::new(&field(), &knobs, seed);
        // A device that knows only a bare start, and then forgets what was on the wire, may lose
        // reads; and so may one that has begun a new session, as it sends no older one by itself.
        let may_lose = script.sessions().len() > 1
            || (knobs.resume == Resume::Refused && knobs.plain_start == PlainStart::FromUnsent);
        let hangs_up = knobs.disconnects.is_some();
        let config = DeviceConfig {
            knobs,
            wall_start: WallTime(BEGINS_AT.0 / 10_000),
            client: ClientConfig {
                connection_name: Some(sim::device::connection_name(seed)),
                event: EventInfo {
                    name: "RACE1".to_owned(),
                    ..EventInfo::default()
                },
                ..client_config()
            },
        };
        if tells {
            eprintln!("{config:?}, {} sessions", script.sessions().len());
        }
        let zone = timing::parse_zone("UTC").unwrap();
        Self {
            seed,
            tells,
            rng,
            store,
            site,
            clock: StreamClock { zone, offset_ms: 0 },
            now: MonoMs(0),
            device: Device::new(script, config, seed),
            may_lose,
            hangs_up,
            faulty: true,
            up: VecDeque::new(),
            down: VecDeque::new(),
            server: None,
            ledger: Ledger::default(),
            crashes: 0,
        }
    }

    pub async fn run(mut self) -> Outcome {
        let faults_until = self.rng.random_range(200..1_200);
        for _ in 0..faults_until {
            self.step().await;
        }
        // No more faults: everything must come to rest, and be there.
        self.faulty = false;
        self.restore_clock().await;
        self.rest().await;
        if !self.may_lose {
            self.check_store().await;
        }
        self.check_times().await;
        // The operator's rewind brings what the device itself would not send again, and where
        // nothing was missing it brings nothing: no read, no frame.
        let published = self.ledger.published;
        self.rewind();
        self.rest().await;
        if !self.may_lose {
            assert_eq!(self.ledger.published, published, "a rewind made a frame");
        }
        // A rewind that the device itself breaks off is not gone on with.
        if !self.may_lose || !self.hangs_up {
            self.check_store().await;
        }
        Outcome {
            featured: self.ledger.features,
            crashes: self.crashes,
        }
    }

    async fn rest(&mut self) {
        let mut steps = 0_u32;
        while !self.is_at_rest() {
            self.calm_step().await;
            steps += 1;
            assert!(steps < 200_000, "seed {} does not come to rest", self.seed);
        }
    }

    fn rewind(&mut self) {
        self.tell("rewind");
        let outputs = self.device.apply(self.now, DeviceInput::Rewind);
        self.device_did(outputs);
    }

    fn tell(&self, what: &str) {
        if self.tells {
            eprintln!("{:>9} ms  {what}", self.now.0);
        }
    }

    fn at(&self) -> UnixMicros {
        BEGINS_AT.plus_ms(i64::try_from(self.now.0).unwrap())
    }

    async fn step(&mut self) {
        match self.rng.random_range(0..1_000) {
            0..8 => self.crash(),
            8..20 => self.cut(),
            20..26 => self.change_clock().await,
            26..30 => self.rewind(),
            _ => self.calm_step().await,
        }
    }

    async fn calm_step(&mut self) {
        if self.server.is_none() {
            self.start_server().await;
            return;
        }
        if !self.device.is_connected() {
            self.pass(10_000).await;
            self.connect();
            return;
        }
        match self.rng.random_range(0..100) {
            0..35 => self.deliver_up().await,
            35..60 => self.deliver_down(),
            60..75 => self.commit().await,
            _ => self.pass(1_500).await,
        }
    }

    async fn start_server(&mut self) {
        self.tell("server starts");
        let (site, clock) = (self.site.clone(), self.clock);
        let server = Server::start(&*self.store, site, clock, self.now, self.at()).await;
        self.server = Some(server);
        self.published();
    }

    fn connect(&mut self) {
        self.tell("device connects");
        let Some(server) = &mut self.server else {
            return;
        };
        server.accept(self.now);
        self.up.clear();
        self.down.clear();
        let outputs = self.device.apply(self.now, DeviceInput::Connected);
        self.device_did(outputs);
    }

    /// Some bytes reach the server, cut anywhere.
    async fn deliver_up(&mut self) {
        if self.server.is_none() || self.up.is_empty() {
            return;
        }
        let length = self.rng.random_range(1..=self.up.len());
        let bytes: Vec<u8> = self.up.drain(..length).collect();
        self.tell(&format!("  device: {:?}", String::from_utf8_lossy(&bytes)));
        let at = self.at();
        if let Some(server) = &mut self.server {
            server
                .input(&*self.store, self.now, at, Input::Bytes(&bytes))
                .await;
        }
        self.published();
    }

    fn deliver_down(&mut self) {
        if let Some(server) = &mut self.server {
            self.down.extend(server.outgoing.drain(..));
        }
        if self.down.is_empty() {
            return;
        }
        let length = self.rng.random_range(1..=self.down.len());
        let bytes: Vec<u8> = self.down.drain(..length).collect();
        self.tell(&format!("  server: {:?}", String::from_utf8_lossy(&bytes)));
        let outputs = self.device.apply(self.now, DeviceInput::Bytes(&bytes));
        self.device_did(outputs);
    }

    fn device_did(&mut self, outputs: Vec<DeviceOutput>) {
        for output in outputs {
            match output {
                DeviceOutput::Send(bytes) => self.up.extend(bytes),
                DeviceOutput::Hangup => {
                    self.tell("device hangs up");
                    // What is on the wire is lost as often as it arrives.
                    self.hang_up_server();
                }
            }
        }
    }

    fn hang_up_server(&mut self) {
        self.up.clear();
        self.down.clear();
        if let Some(server) = &mut self.server {
            server.hang_up();
        }
    }

    fn cut(&mut self) {
        if !self.device.is_connected() {
            return;
        }
        self.tell("cut");
        let outputs = self.device.apply(self.now, DeviceInput::Disconnected);
        self.device_did(outputs);
        self.hang_up_server();
    }

    fn crash(&mut self) {
        if self.server.is_none() {
            return;
        }
        self.cut();
        self.tell("crash");
        self.crashes += 1;
        self.server = None;
        // A wrong zone makes every read late, so whoever was featured was so under the right one.
        let clock = StreamClock {
            zone: timing::parse_zone("UTC").unwrap(),
            offset_ms: 0,
        };
        self.ledger.crash(|read_at| clock.wall_at(read_at));
    }

    /// One transaction of the journal; sometimes the crash comes right after it.
    async fn commit(&mut self) {
        let Some(server) = &mut self.server else {
            return;
        };
        if server.queue.is_empty() {
            return;
        }
        let length = self.rng.random_range(1..=server.queue.len());
        let entries: Vec<_> = server.queue.drain(..length).collect();
        let appended = self.store.append_reads(&entries).await.unwrap();
        let mut late = Vec::new();
        let mut new = 0;
        for (entry, appended) in entries.iter().zip(appended) {
            if let Appended::New { .. } = appended {
                new += 1;
                self.ledger.commit(entry.read.key());
                if entry.read.late && entry.read.kind == ReadKind::Tag {
                    late.push(LiveRead::of(&entry.read));
                }
            }
        }
        self.tell(&format!(
            "commit of {length}, {new} new, {} of them late",
            late.len()
        ));
        if self.faulty && self.rng.random_bool(0.01) {
            self.crash();
            return;
        }
        let (now, at, stream) = (self.now, self.at(), self.site.stream);
        if let Some(server) = &mut self.server {
            server.live(
                now,
                at,
                LiveInput::Reads {
                    stream,
                    reads: late,
                },
            );
        }
        self.published();
    }

    /// Time passes, at most to whatever is due first.
    async fn pass(&mut self, ms_max: u64) {
        let wanted = self.now.plus_ms(self.rng.random_range(1..=ms_max));
        let server_timer = self.server.as_ref().and_then(Server::next_timer);
        let due = [server_timer, self.device.next_timer()]
            .into_iter()
            .flatten()
            .min();
        self.now = due.map_or(wanted, |due| due.clamp(self.now, wanted));
        if self.device.next_timer().is_some_and(|due| due <= self.now) {
            let outputs = self.device.apply(self.now, DeviceInput::Timer);
            self.device_did(outputs);
        }
        if server_timer.is_some_and(|due| due <= self.now)
            && let Some(server) = &mut self.server
        {
            let at = BEGINS_AT.plus_ms(i64::try_from(self.now.0).unwrap());
            server.input(&*self.store, self.now, at, Input::Timer).await;
            server.live(self.now, at, LiveInput::Timer);
            self.published();
        }
    }

    /// A wrong zone is set, or the right one again: nothing of it is in a read's key.
    async fn change_clock(&mut self) {
        let zone = if self.rng.random_bool(0.5) {
            "Europe/Madrid"
        } else {
            "UTC"
        };
        self.tell(zone);
        self.set_zone(zone).await;
    }

    async fn restore_clock(&mut self) {
        self.set_zone("UTC").await;
    }

    async fn set_zone(&mut self, zone: &str) {
        self.clock = StreamClock {
            zone: timing::parse_zone(zone).unwrap(),
            offset_ms: 0,
        };
        let (now, at, clock) = (self.now, self.at(), self.clock);
        if let Some(server) = &mut self.server {
            server.set_clock(&*self.store, clock, now, at).await;
        }
        self.published();
    }

    fn published(&mut self) {
        let Some(server) = &mut self.server else {
            return;
        };
        for (publication, live) in server.publications.drain(..) {
            for crossing in &publication.featured {
                if self.tells {
                    eprintln!("{:>9} ms  featured {crossing:?}", self.now.0);
                }
            }
            self.ledger.publish(&publication, live.as_ref());
        }
    }

    fn is_at_rest(&self) -> bool {
        let quiet = self.up.is_empty() && self.down.is_empty() && self.device.is_done();
        let written = |server: &Server| server.queue.is_empty() && server.outgoing.is_empty();
        quiet && self.server.as_ref().is_some_and(written)
    }

    async fn check_store(&self) {
        let totals = self
            .store
            .stream_totals(&self.site.scope, self.site.stream)
            .await
            .unwrap();
        let stored = usize::try_from(totals.reads).unwrap();
        assert_eq!(
            stored,
            self.ledger.committed(),
            "the store holds other reads than it said"
        );
        let sent = usize::try_from(self.device.stats().distinct).unwrap();
        assert_eq!(
            stored, sent,
            "the device sent {sent} reads and {stored} are stored"
        );
    }
}

fn client_config() -> ClientConfig {
    ClientConfig::default()
}

fn knobs(rng: &mut StdRng) -> Knobs {
    let resume = match rng.random_range(0..4) {
        0 => Resume::Unnamed,
        1 => Resume::Refused,
        _ => Resume::Honored,
    };
    let plain_start = if rng.random_bool(0.7) {
        PlainStart::FromFirst
    } else {
        PlainStart::FromUnsent
    };
    Knobs {
        lead_ms: LEAD_MS,
        starters_per_s: 4.0,
        rate_per_s: Some(rng.random_range(0.3..6.0)),
        start_reads_max: 2,
        stray_share: 0.05,
        unknown_share: 0.02,
        test_tags: rng.random_bool(0.5),
        late_points: rng.random_range(0..2),
        gap_share: if rng.random_bool(0.3) { 0.1 } else { 0.0 },
        new_session_at_ms: rng
            .random_bool(0.3)
            .then(|| rng.random_range(1_000..40_000)),
        speed: 1.0,
        stamp: Stamp::Now,
        segment_lines_max: rng.random_range(1..8),
        partial_share: if rng.random_bool(0.5) { 0.3 } else { 0.0 },
        disconnects: rng.random_bool(0.4).then(|| Disconnects {
            every_ms: rng.random_range(5_000..60_000),
        }),
        resume,
        plain_start,
        ..Knobs::default()
    }
}
