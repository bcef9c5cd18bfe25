//! The running node: what it serves in memory, kept true to the store.
//!
//! Owns the journal, the live path, the hub and the connections. Listeners and sockets call it;
//! it knows neither.

mod designs;
mod follow;
mod load;
mod operate;
mod over;
mod recount;
mod registry;
mod route;
mod unknown;
mod vital;

use designs::Designs;
pub(crate) use load::clock;
pub use load::{StoredStream, starts_at};
use over::Over;
use recount::Recounts;
pub use registry::{DisplayEntry, EventEntry, Registry, StreamCounters, StreamRuntime};
pub use route::{Route, Routed};
pub use unknown::UnknownReads;
use vital::Vital;

use crate::{
    Accounts, Clock, ServiceError, gun,
    ingest::{
        ConnectionId, Connections, Journal, LiveInput, LiveRead, Writer,
        live_actor::{self, Command},
    },
    limits,
    metrics::{BackupReport, Held, Metrics},
    roster::Uploads,
    session::Paths,
    watch::{self as timing_watch, Source, Watch},
};
use live::{Shown, hub::Hub};
use model::{DisplayCode, Read, ReadKind, UnixMicros};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use store::{DeviceGun, Store, StoreError};
use timing::ctp01::{record::DeviceRead, server::StartPlan};
use tokio::sync::{mpsc, oneshot, watch};

pub struct Node {
    pub accounts: Accounts,
    pub clock: Clock,
    pub hub: Arc<Hub>,
    pub connections: Connections,
    pub journal: Journal,
    pub registry: Arc<Registry>,
    pub watch: Watch,
    pub uploads: Uploads,
    pub(crate) paths: Paths,
    store: Arc<dyn Store>,
    live: mpsc::Sender<Command>,
    metrics: Arc<Metrics>,
    /// Held while something is loaded: two loads of one thing at once could each undo the other.
    loading: tokio::sync::Mutex<()>,
    designs: tokio::sync::Mutex<Designs>,
    recounts: Arc<Recounts>,
    over: Over,
    vital: Vital,
    /// The number of the newest change that is taken up.
    followed: watch::Sender<u64>,
    /// Counts changes of streams and routes, so that connections and listeners look again.
    routes_changed: watch::Sender<u64>,
}

impl Node {
    /// Loads what is served and starts following the store. When it returns, the duplicate
    /// windows are loaded and listeners may be opened.
    pub async fn start(store: Arc<dyn Store>, clock: Clock) -> Result<Arc<Self>, ServiceError> {
        let epoch = u64::try_from(clock.started_at().0).unwrap_or(0);
        let hub = Arc::new(Hub::new(epoch));
        let registry = Arc::new(Registry::default());
        let metrics = Arc::new(Metrics::default());
        let (live, inputs) = mpsc::channel(limits::LIVE_INPUTS_MAX);
        let vital = Vital::default();
        let boards = live_actor::run(inputs, clock, Arc::clone(&hub), Arc::clone(&metrics));
        vital.spawn("the boards", boards);
        let writer = Writer {
            last_position: store.last_position().await?,
            store: store.clone(),
            clock,
            metrics: Arc::clone(&metrics),
            registry: Arc::clone(&registry),
            live: live.clone(),
        };
        let (journal, writer) = Journal::new(writer);
        vital.spawn("the journal", writer);
        let recounts = Arc::new(Recounts::default());
        let node = Arc::new(Self {
            accounts: Accounts::new(Arc::clone(&store), clock),
            clock,
            hub,
            connections: Connections::default(),
            journal,
            registry,
            watch: Watch::default(),
            uploads: Uploads::default(),
            paths: Paths::default(),
            store: Arc::clone(&store),
            live,
            metrics,
            loading: tokio::sync::Mutex::default(),
            designs: tokio::sync::Mutex::default(),
            recounts: Arc::clone(&recounts),
            over: Over::default(),
            vital,
            followed: watch::Sender::new(0),
            routes_changed: watch::Sender::new(0),
        });
        // The follower starts from before the load, so that nothing falls between the two.
        let last = store.last_change().await?;
        let follower = store.follow_changes(last).await?;
        node.load_all().await?;
        node.followed.send_replace(last);
        let following = follow::run(Arc::clone(&node), follower);
        node.vital.spawn("the following of changes", following);
        let recount = recount::run(recounts, store, Arc::clone(&node.registry));
        node.vital.spawn("the counting of unknown reads", recount);
        let looking = timing_watch::run(Arc::clone(&node));
        node.vital.spawn("the look for alarms", looking);
        Ok(node)
    }

    /// Waits until a part of the server that nothing works without has ended by a mistake in the
    /// program, and gives its name.
    pub async fn broken(&self) -> &'static str {
        self.vital.ended().await
    }

    /// Ends what goes on by itself, and then the store, which waits for the connections that this
    /// had.
    pub async fn close(&self) {
        self.vital.end();
        self.store.close().await;
    }

    pub fn routes_changed(&self) -> watch::Receiver<u64> {
        self.routes_changed.subscribe()
    }

    /// For a scrape by Prometheus, in the text format of OpenMetrics. Of backups it tells where the
    /// server makes them.
    pub fn metrics(&self, backups: Option<BackupReport>) -> String {
        self.metrics.text(Held {
            backups,
            journal_writes: self.journal.state().trouble.is_none(),
            journal_queue_bytes: self.journal.queue_bytes(),
            sockets: self.hub.sockets(),
            displays: self.hub.displays(),
            connections: self.connections.live_count(),
            unclaimed: self.connections.unclaimed_count(),
        })
    }

    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// What a display shows now. One that was made a moment ago by another process is looked up,
    /// so that its URL works as soon as it is printed.
    pub async fn shown(&self, code: &DisplayCode) -> Result<Option<Arc<Shown>>, ServiceError> {
        if let Some(shown) = self.hub.latest(code) {
            return Ok(Some(shown));
        }
        self.look_up(code).await?;
        Ok(self.hub.latest(code))
    }

    async fn look_up(&self, code: &DisplayCode) -> Result<(), ServiceError> {
        if self.over.contains(code) {
            return Ok(());
        }
        let Some((_, id)) = self.store.owner_of_code(code).await? else {
            return Ok(());
        };
        let _loading = self.loading.lock().await;
        // Whoever asked at the same time may have opened it, or found that it is over.
        if self.hub.latest(code).is_some() || self.over.contains(code) {
            return Ok(());
        }
        tracing::debug!(?code, display = %id, "a display is looked up");
        let loaded = self.load_displays().await;
        // It opens it; what was asked of it before is done by then.
        self.live_path_done().await;
        if self.hub.latest(code).is_some() {
            return Ok(());
        }
        // Only where all were loaded is it known to be over.
        loaded.map(|()| self.over.insert(code.clone()))
    }

    /// Waits until all that was changed before, by whomever, is what screens go by.
    async fn caught_up(&self) -> Result<(), ServiceError> {
        let last = self.store.last_change().await?;
        let mut followed = self.followed.subscribe();
        let patience = Duration::from_millis(limits::CATCHING_UP_MS_MAX);
        let caught_up = followed.wait_for(|seq| *seq >= last);
        let in_time = tokio::time::timeout(patience, caught_up).await.is_ok();
        if !in_time {
            return Err(StoreError::Busy.into());
        }
        self.live_path_done().await;
        Ok(())
    }

    /// Waits until the live path has done all that it was told before.
    async fn live_path_done(&self) {
        let (done, wait) = oneshot::channel();
        // It ends only with the node.
        if self.live.send(Command::CatchUp(done)).await.is_ok() {
            let _ = wait.await;
        }
    }

    /// Takes reads of a routed connection: dates them, and hands them to the live path and the
    /// journal. Waits only while the queue of unjournalled reads is at its limit.
    pub async fn take(
        self: &Arc<Self>,
        connection: ConnectionId,
        routed: &Routed,
        name: Option<&str>,
        reads: Vec<DeviceRead>,
        received_at: UnixMicros,
    ) {
        let runtime = &routed.runtime;
        let simulated = self.connections.is_simulator(connection);
        runtime.heard(received_at);
        let count = u64::try_from(reads.len()).unwrap_or(u64::MAX);
        self.recall_days(routed, &reads, received_at).await;
        let (reads, instants): (Vec<_>, Vec<_>) = {
            let mut intake = runtime.intake();
            let take = |device| {
                let read = intake.take(device, name, simulated, received_at);
                let instant = intake.clock().instant_of(read.wall, received_at);
                (read, instant)
            };
            reads.into_iter().map(take).unzip()
        };
        let newest = instants.last();
        self.connections.update(connection, |status| {
            status.reads += count;
            status.last_read_at = Some(received_at);
            status.clock_difference_ms = newest.map(|instant| received_at.ms_since(*instant));
        });
        let source = Source {
            connection,
            name,
            simulated,
        };
        let roster = self.registry.roster(runtime.event);
        let is_known = |read: &Read| {
            let roster = roster.as_ref();
            roster.is_some_and(|roster| roster.knows(&read.tag))
        };
        let first = runtime.watch().came(source, &reads, &instants, is_known);
        for read in &reads {
            self.note_location(routed, &read.location);
            if read.kind == ReadKind::Gun {
                self.note_gun(routed, read);
            }
        }
        let live: Vec<_> = reads
            .iter()
            .filter(|read| !read.late && read.kind == ReadKind::Tag)
            .map(LiveRead::of)
            .collect();
        if !live.is_empty() {
            let input = LiveInput::Reads {
                stream: runtime.id,
                reads: live,
            };
            // The live path ends only with the node.
            let _ = self.live.send(Command::Input(input)).await;
        }
        self.journal
            .push(Arc::clone(runtime), routed.scope, reads, first)
            .await;
    }

    /// Asks the store for the days of undated reads that are in memory no more, where there were
    /// so many (design §4 "Undated times").
    async fn recall_days(&self, routed: &Routed, reads: &[DeviceRead], received_at: UnixMicros) {
        let runtime = &routed.runtime;
        let mut told = false;
        loop {
            let (lines, may_guess) = {
                let intake = runtime.intake();
                let forgotten = |read| Some((read, intake.forgotten(read)?));
                let forgotten: Vec<_> = reads.iter().filter_map(forgotten).collect();
                let mut reads = forgotten.iter().map(|(read, _)| read);
                let may_guess = !reads.any(|read| intake.comes_late(read, received_at));
                let lines: Vec<_> = forgotten.into_iter().map(|(_, line)| line).collect();
                (lines, may_guess)
            };
            // While the journal cannot write, an answer is not likely either.
            if lines.is_empty() || may_guess && self.journal.state().trouble.is_some() {
                return;
            }
            let days = self
                .store
                .undated_days_of(&routed.scope, runtime.id, &lines);
            let patience = Duration::from_millis(limits::UNDATED_ANSWER_MS_MAX);
            match tokio::time::timeout(patience, days).await {
                Ok(Ok(days)) => {
                    let mut intake = runtime.intake();
                    days.iter().for_each(|day| intake.remember(day));
                    return;
                }
                Ok(Err(error)) if !std::mem::replace(&mut told, true) => {
                    tracing::warn!(%error, "the days of undated reads cannot be looked up");
                }
                Err(_) if !std::mem::replace(&mut told, true) => {
                    tracing::warn!("the days of undated reads take too long to look up");
                }
                Ok(Err(_)) | Err(_) => {}
            }
            if may_guess {
                return;
            }
            tokio::time::sleep(Duration::from_millis(limits::JOURNAL_RETRY_MS)).await;
        }
    }

    /// Keeps what a connection sent that nobody has proved to own: capped, expiring, shown to
    /// nobody but by count (design §4 "Whose is it").
    pub async fn quarantine(
        &self,
        peer: SocketAddr,
        port: u16,
        reads: &[DeviceRead],
        received_at: UnixMicros,
    ) {
        self.metrics
            .quarantined
            .inc_by(u64::try_from(reads.len()).unwrap_or(u64::MAX));
        let lines: Vec<_> = reads.iter().map(|read| read.raw.as_slice()).collect();
        let kept = self
            .store
            .quarantine(peer.ip(), port, &lines, received_at)
            .await;
        if let Err(error) = kept {
            tracing::warn!(%peer, %error, "reads of an unclaimed connection could not be kept");
        }
    }

    /// Remembers a location at its first sight, beside the reads and not before them.
    fn note_location(self: &Arc<Self>, routed: &Routed, location: &str) {
        if !routed.runtime.first_sight(location) {
            return;
        }
        let (node, scope) = (Arc::clone(self), routed.scope);
        let (runtime, location) = (Arc::clone(&routed.runtime), location.to_owned());
        tokio::spawn(async move {
            match node
                .store
                .ensure_location(&scope, runtime.id, &location)
                .await
            {
                Ok(_) => {}
                // Another try would end the same, and there is one with every read.
                Err(error @ StoreError::TooMany { .. }) => {
                    tracing::error!(
                        %error,
                        location,
                        "a new location cannot be remembered; its reads are stored and not shown"
                    );
                }
                Err(error) => {
                    tracing::warn!(%error, location, "a new location could not be remembered yet");
                    tokio::time::sleep(Duration::from_millis(limits::JOURNAL_RETRY_MS)).await;
                    runtime.forget_sight(&location);
                }
            }
        });
    }

    /// Remembers a gun that the device tells of for the first time, beside the reads as well.
    fn note_gun(self: &Arc<Self>, routed: &Routed, read: &Read) {
        let runtime = Arc::clone(&routed.runtime);
        let told = DeviceGun {
            event: runtime.event,
            device_key: gun::device_key(read),
            name: read.location.clone(),
            fired_at: runtime
                .intake()
                .clock()
                .instant_of(read.wall, read.received_at),
        };
        if !runtime.first_gun(&told.device_key) {
            return;
        }
        let (node, scope) = (Arc::clone(self), routed.scope);
        tokio::spawn(async move {
            let mut kept = None;
            loop {
                let now = node.clock.now();
                let tried = gun::keep(&*node.store, &scope, &told, &mut kept, now).await;
                let Err(error) = tried else { return };
                let gun = &told.device_key;
                if !gun::passes(&error) {
                    tracing::error!(%error, gun, "a gun cannot be kept; type its time in");
                    return;
                }
                tracing::warn!(%error, gun, "a gun could not be kept yet");
                tokio::time::sleep(Duration::from_millis(limits::JOURNAL_RETRY_MS)).await;
            }
        });
    }

    /// How a connection goes on where it left off (design §4 "Resume"). Empty where its identity
    /// is unsure.
    pub async fn start_plan(
        &self,
        connection: ConnectionId,
        routed: &Routed,
        name: Option<&str>,
    ) -> Result<StartPlan, ServiceError> {
        let stream = routed.runtime.id;
        let Some(name) = name else {
            return Ok(StartPlan::default());
        };
        if self.connections.name_is_held(stream, name, connection) {
            return Ok(StartPlan::default());
        }
        let points = self
            .store
            .resume_points(&routed.scope, stream, name)
            .await?;
        let resume = points.into_iter().map(|point| {
            let read = timing::ctp01::server::StoredRead {
                sequence: point.sequence,
                location: point.location.clone(),
                tag: point.tag,
                reader: point.reader,
                antenna: point.antenna,
                wall: point.wall,
            };
            (point.location, read)
        });
        Ok(StartPlan {
            resume: resume.collect(),
        })
    }
}
