//! Files that somebody uploaded and has not decided on, or that go in at this moment. They are in
//! this node's memory, a few for each partner, and for a while.

use super::{
    Decision, Imported, Preview, Progress, Rejected, Table, apply,
    import::{event_on, remember, remembered},
    preview::{ReadFile, read_chips, read_roster},
    rejected_csv, unwatched,
};
use crate::{Caller, Node, Right, ServiceError, limits, setup::scope_of_event};
use model::{EventId, PartnerId, Race};
use std::{
    ops::ControlFlow,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use store::PartnerScope;

/// What was uploaded, for whoever may see the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UploadId(pub u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Roster,
    /// Bibs and chips alone.
    Chips,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has decided yet.
    Waiting,
    /// Read or written: so many rows of so many; 0 where nobody knows.
    Working {
        rows: usize,
        of: usize,
    },
    Done(Imported),
    /// Somebody stopped it; what had gone in by then stays.
    Stopped(Imported),
    /// With what to do.
    Failed(String),
}

#[derive(Default)]
pub struct Uploads {
    held: Mutex<Vec<Arc<Upload>>>,
}

struct Upload {
    id: UploadId,
    partner: PartnerId,
    event: EventId,
    kind: FileKind,
    bytes: Vec<u8>,
    came: Instant,
    stop: AtomicBool,
    rows: AtomicUsize,
    of: AtomicUsize,
    work: Mutex<Work>,
}

#[derive(Default)]
struct Work {
    read: Option<Arc<ReadFile>>,
    is_working: bool,
    /// How it ended, once it has.
    end: Option<Stage>,
}

impl Upload {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_old(&self) -> bool {
        !self.work().is_working && self.came.elapsed().as_millis() > limits::UPLOAD_MS_MAX.into()
    }

    /// Notes how far it is; breaks where somebody has stopped it.
    fn at(&self, rows: usize, of: usize) -> ControlFlow<()> {
        self.rows.store(rows, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

impl Uploads {
    fn held(&self) -> MutexGuard<'_, Vec<Arc<Upload>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, upload: Upload) -> Result<UploadId, ServiceError> {
        let mut held = self.held();
        held.retain(|it| !it.is_old());
        let of_partner = |it: &Arc<Upload>| it.partner == upload.partner;
        if held.iter().filter(|it| of_partner(it)).count() >= limits::UPLOADS_PER_PARTNER_MAX {
            // The oldest that nobody works on makes room.
            let oldest = held
                .iter()
                .position(|it| of_partner(it) && !it.work().is_working);
            held.remove(oldest.ok_or_else(too_many)?);
        }
        let bytes: usize = held.iter().map(|it| it.bytes.len()).sum();
        if bytes + upload.bytes.len() > limits::UPLOADS_BYTES_MAX {
            return Err(too_many());
        }
        let id = upload.id;
        held.push(Arc::new(upload));
        Ok(id)
    }

    fn of(&self, event: EventId, id: UploadId) -> Result<Arc<Upload>, ServiceError> {
        let mut held = self.held();
        held.retain(|it| !it.is_old());
        let found = held.iter().find(|it| it.id == id && it.event == event);
        found.cloned().ok_or_else(|| ServiceError::NotFound {
            what: "uploaded file",
            which: id.0.to_string(),
            hint: "files are kept for a quarter of an hour; choose it again",
        })
    }

    /// Drops what is older than it may be, later, also where nobody comes by any more.
    fn sweep_later(node: &Arc<Node>) {
        let node = Arc::downgrade(node);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(limits::UPLOAD_MS_MAX + 1_000)).await;
            if let Some(node) = node.upgrade() {
                node.uploads.held().retain(|it| !it.is_old());
            }
        });
    }
}

fn too_many() -> ServiceError {
    ServiceError::invalid(
        "file",
        "other files are being imported at this moment; try again when they are done",
    )
}

impl Node {
    /// Whether this caller may bring a file into the event, before its bytes are taken in.
    pub async fn may_upload(&self, caller: &Caller, event: EventId) -> Result<(), ServiceError> {
        scope_of_event(self.store(), caller, event, Right::Run).await?;
        Ok(())
    }

    pub async fn upload(
        self: &Arc<Self>,
        caller: &Caller,
        event: EventId,
        kind: FileKind,
        bytes: Vec<u8>,
    ) -> Result<UploadId, ServiceError> {
        let scope = scope_of_event(self.store(), caller, event, Right::Run).await?;
        let id = self.uploads.put(Upload {
            id: UploadId(rand::random()),
            partner: scope.partner(),
            event,
            kind,
            bytes,
            came: Instant::now(),
            stop: AtomicBool::new(false),
            rows: AtomicUsize::new(0),
            of: AtomicUsize::new(0),
            work: Mutex::default(),
        })?;
        Uploads::sweep_later(self);
        Ok(id)
    }

    /// What the file would do. `None` where it is read as it was last time, or as it is recognised.
    pub async fn preview(
        self: &Arc<Self>,
        caller: &Caller,
        event: EventId,
        id: UploadId,
        decision: Option<Decision>,
    ) -> Result<Preview, ServiceError> {
        let scope = scope_of_event(self.store(), caller, event, Right::Run).await?;
        let upload = self.uploads.of(event, id)?;
        let event_on = event_on(self.store(), &scope, event).await?;
        let remembered = remembered(self.store(), &scope, event).await?;
        let reading = Arc::clone(&upload);
        let read = move || {
            let mut watch = |progress: Progress| match progress {
                Progress::Read { rows } => reading.at(rows, 0),
                Progress::Checked { rows, of } => reading.at(rows, of),
            };
            match reading.kind {
                FileKind::Roster => read_roster(
                    &reading.bytes,
                    remembered.as_ref(),
                    decision.as_ref(),
                    event_on,
                    &mut watch,
                ),
                FileKind::Chips => {
                    let read = read_chips(&reading.bytes, &mut watch);
                    read.map(|(preview, read)| (preview, Some(read)))
                }
            }
        };
        let (mut preview, read) = off_thread(read).await??;
        if let Some(read) = read {
            let read = Arc::new(read);
            let present = self.store().participants(&scope, event).await?;
            let races = self.store().races(&scope, event).await?;
            let planned = Arc::clone(&read);
            let plan = move || planned.outcome(planned.plan(&present, &races));
            preview.outcome = Ok(off_thread(plan).await?);
            let mut work = upload.work();
            if !work.is_working {
                work.read = Some(read);
                work.end = None;
            }
        } else {
            upload.work().read = None;
        }
        Ok(preview)
    }

    /// Begins to bring the file in as it was previewed last; `make_races` makes those that it names
    /// and the event has not.
    pub async fn apply(
        self: &Arc<Self>,
        caller: &Caller,
        event: EventId,
        id: UploadId,
        make_races: bool,
    ) -> Result<(), ServiceError> {
        let scope = scope_of_event(self.store(), caller, event, Right::Run).await?;
        let upload = self.uploads.of(event, id)?;
        let read = {
            let mut work = upload.work();
            if work.is_working {
                return Ok(());
            }
            let read = work.read.clone().ok_or_else(|| {
                ServiceError::invalid("file", "look at what it would do first, then import it")
            })?;
            work.is_working = true;
            work.end = None;
            read
        };
        upload.stop.store(false, Ordering::Relaxed);
        let _ = upload.at(0, read.rows.len());
        let node = Arc::clone(self);
        tokio::spawn(async move {
            let end = match node.go_in(&scope, &upload, &read, make_races).await {
                Ok((imported, false)) => Stage::Done(imported),
                Ok((imported, true)) => Stage::Stopped(imported),
                Err(error) => Stage::Failed(error.to_string()),
            };
            let mut work = upload.work();
            work.is_working = false;
            work.end = Some(end);
        });
        Ok(())
    }

    async fn go_in(
        &self,
        scope: &PartnerScope,
        upload: &Upload,
        read: &Arc<ReadFile>,
        make_races: bool,
    ) -> Result<(Imported, bool), ServiceError> {
        let (store, event) = (self.store(), upload.event);
        let present = Arc::new(store.participants(scope, event).await?);
        let plan = |races: Vec<Race>| {
            let (read, present) = (Arc::clone(read), Arc::clone(&present));
            off_thread(move || read.plan(&present, &races))
        };
        let mut planned = plan(store.races(scope, event).await?).await?;
        if make_races && !planned.races.is_empty() {
            apply::make_races(store, scope, event, &planned.races).await?;
            planned = plan(store.races(scope, event).await?).await?;
        }
        let of = planned.writes.len();
        let mut stops = |rows: usize| upload.at(rows, of).is_break();
        let written = apply::write(store, scope, event, &planned, &mut stops).await?;
        if let Some(mapping) = &read.mapping {
            remember(store, scope, event, mapping).await?;
        }
        let mut rejected = read.rejected.clone();
        rejected.extend(planned.rejected);
        rejected.extend(written.rejected);
        rejected.sort_by_key(|row| row.line);
        let imported = Imported {
            imported: written.added,
            updated: written.updated,
            unchanged: planned.unchanged,
            rejected,
        };
        Ok((imported, written.is_stopped))
    }

    pub async fn upload_stage(
        &self,
        caller: &Caller,
        event: EventId,
        id: UploadId,
    ) -> Result<Stage, ServiceError> {
        scope_of_event(self.store(), caller, event, Right::Run).await?;
        let upload = self.uploads.of(event, id)?;
        let work = upload.work();
        Ok(match &work.end {
            Some(end) => end.clone(),
            None if work.is_working || work.read.is_none() => Stage::Working {
                rows: upload.rows.load(Ordering::Relaxed),
                of: upload.of.load(Ordering::Relaxed),
            },
            None => Stage::Waiting,
        })
    }

    /// Ends the reading or the writing of it at the next good place.
    pub async fn stop_upload(
        &self,
        caller: &Caller,
        event: EventId,
        id: UploadId,
    ) -> Result<(), ServiceError> {
        scope_of_event(self.store(), caller, event, Right::Run).await?;
        let upload = self.uploads.of(event, id)?;
        upload.stop.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// The rows that did not go in, or would not, as a file that can be put right and imported.
    pub async fn rejected_rows(
        self: &Arc<Self>,
        caller: &Caller,
        event: EventId,
        id: UploadId,
    ) -> Result<Vec<u8>, ServiceError> {
        let scope = scope_of_event(self.store(), caller, event, Right::Run).await?;
        let upload = self.uploads.of(event, id)?;
        let (read, end) = {
            let work = upload.work();
            (work.read.clone(), work.end.clone())
        };
        let Some(read) = read else {
            return Ok(rejected_csv(&[], &[]));
        };
        let rejected: Vec<Rejected> = match end {
            Some(Stage::Done(imported) | Stage::Stopped(imported)) => imported.rejected,
            _ => {
                let present = self.store().participants(&scope, event).await?;
                let races = self.store().races(&scope, event).await?;
                let plan = read.plan(&present, &races);
                let mut rejected = read.rejected.clone();
                rejected.extend(plan.rejected);
                rejected.sort_by_key(|row| row.line);
                rejected
            }
        };
        let file = move || {
            let table = Table::read(&upload.bytes, &mut unwatched).ok();
            let with_cells = |mut row: Rejected| {
                if let (true, Some(table)) = (row.cells.is_empty(), &table) {
                    row.cells = table.cells(row.line);
                }
                row
            };
            let rejected: Vec<_> = rejected.into_iter().map(with_cells).collect();
            rejected_csv(&read.header, &rejected)
        };
        off_thread(file).await
    }
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ServiceError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| {
        tracing::error!(%error, "reading a roster file failed");
        ServiceError::invalid("file", "reading it failed; the server's log says why")
    })
}
