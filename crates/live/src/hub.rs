//! Every open display of this node, and the fan-out to its sockets.
//!
//! One channel per display holds its latest state and nothing else, so a slow socket misses states
//! and holds up nobody; another one carries the few commands. Knows no socket, no store, no clock.

use crate::{
    Published, Shown,
    frame::{self, Messages},
    limits,
};
use bytes::Bytes;
use model::socket::{Command, Screen, ServerMessage};
use model::{BoardState, Design, DisplayCode, UnixMicros};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tokio::sync::{broadcast, watch};

pub struct Hub {
    epoch: u64,
    /// One sequence for all displays: a code that ends and opens again never repeats a number, so
    /// no screen takes an old state for the present one.
    seq: AtomicU64,
    commands: AtomicU64,
    displays: RwLock<HashMap<DisplayCode, Arc<Display>>>,
    sockets: Arc<Seats>,
}

/// What a display is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    pub design: Arc<Design>,
    pub state: BoardState,
    /// When the newest read in it was received; where there is none, when the state was made.
    pub received_at: UnixMicros,
}

struct Display {
    /// Held while a state is made and sent, so that states go out in the order of their numbers.
    publishing: Mutex<()>,
    latest: watch::Sender<Published>,
    /// Encoded.
    commands: broadcast::Sender<Bytes>,
    sockets: Arc<Seats>,
    screens: Arc<Screens>,
    frames: AtomicU64,
}

/// One socket's place at a display. It counts as a socket until it is dropped.
pub struct Subscription {
    latest: watch::Receiver<Published>,
    commands: broadcast::Receiver<Bytes>,
    screens: Arc<Screens>,
    introduced: Option<Introduced>,
    _seats: [Seat; 2],
}

/// What a subscription brings.
#[derive(Clone, Debug)]
pub enum Heard {
    Published(Published),
    /// An encoded command, for every screen that watches.
    Command(Bytes),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayStatus {
    pub code: DisplayCode,
    pub sockets: usize,
    /// States published since the display was opened.
    pub frames: u64,
    pub seq: u64,
    pub sent_at: UnixMicros,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HubError {
    #[error("there is no such display; ask for its present address")]
    Unknown,
    #[error(
        "this server already has {} displays open; end one that nobody watches",
        limits::DISPLAYS_MAX
    )]
    DisplaysFull,
    #[error(
        "this display already has {} screens; close one or make a second display",
        limits::SOCKETS_PER_DISPLAY_MAX
    )]
    SocketsFull,
    #[error(
        "this server already has {} screens; try again later",
        limits::SOCKETS_MAX
    )]
    NodeFull,
    #[error(
        "a message on screens has at most {} characters; make it shorter",
        model::limits::MESSAGE_CHARS_MAX
    )]
    MessageTooLong,
}

impl Hub {
    /// `epoch` differs from that of every earlier run, and is at most `limits::EPOCH_MAX`.
    pub fn new(epoch: u64) -> Self {
        assert!(
            epoch <= limits::EPOCH_MAX,
            "a browser cannot hold the epoch {epoch}"
        );
        Self {
            epoch,
            seq: AtomicU64::new(0),
            commands: AtomicU64::new(0),
            displays: RwLock::default(),
            sockets: Seats::new(limits::SOCKETS_MAX),
        }
    }

    /// Opens a display. One that is open keeps its sockets, and they get what differs.
    pub fn open(
        &self,
        code: &DisplayCode,
        board: Board,
        sent_at: UnixMicros,
    ) -> Result<(), HubError> {
        let mut displays = self
            .displays
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if displays.contains_key(code) {
            drop(displays);
            return self.publish(code, board, sent_at).map(drop);
        }
        if displays.len() >= limits::DISPLAYS_MAX {
            return Err(HubError::DisplaysFull);
        }
        let shown = self.shown(board, sent_at, None);
        let display = Display {
            publishing: Mutex::default(),
            latest: watch::Sender::new(Published::Showing(Arc::new(shown))),
            commands: broadcast::Sender::new(limits::COMMANDS_WAITING_MAX),
            sockets: Seats::new(limits::SOCKETS_PER_DISPLAY_MAX),
            screens: Arc::default(),
            frames: AtomicU64::new(1),
        };
        displays.insert(code.clone(), Arc::new(display));
        Ok(())
    }

    /// Sends every socket of the display a frame, or a snapshot where the template is another one.
    /// A board that shows nothing new sends nothing: `Ok(false)`.
    pub fn publish(
        &self,
        code: &DisplayCode,
        board: Board,
        sent_at: UnixMicros,
    ) -> Result<bool, HubError> {
        let display = self.display(code).ok_or(HubError::Unknown)?;
        let _publishing = display.publishing();
        let Some(before) = display.showing() else {
            return Err(HubError::Unknown);
        };
        if before.design == board.design && before.state == board.state {
            return Ok(false);
        }
        let shown = Arc::new(self.shown(board, sent_at, Some(&before)));
        if display.sockets.taken() > 0 {
            // Made before anybody is woken, or the first two to wake would wait for each other.
            if shown.template_seq < shown.seq {
                shown.frame()
            } else {
                shown.snapshot()
            };
        }
        display.frames.fetch_add(1, Relaxed);
        display.latest.send_replace(Published::Showing(shown));
        Ok(true)
    }

    /// Tells all screens that watch the display now, and gives the number that their acks carry.
    /// A screen that comes later is not told.
    pub fn command(&self, code: &DisplayCode, command: Command) -> Result<u64, HubError> {
        if let Command::Message { text } = &command
            && text.chars().count() > model::limits::MESSAGE_CHARS_MAX
        {
            return Err(HubError::MessageTooLong);
        }
        let display = self.display(code).ok_or(HubError::Unknown)?;
        let id = self.commands.fetch_add(1, Relaxed) + 1;
        // It fails only where nobody watches, who then is not told.
        let _ = display
            .commands
            .send(frame::encode(&ServerMessage::Command { id, command }));
        Ok(id)
    }

    /// Switched off or expired: its sockets are told, and the code is unknown from now on.
    pub fn end(&self, code: &DisplayCode) {
        let ended = self
            .displays
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(code);
        if let Some(display) = ended {
            let _publishing = display.publishing();
            display.latest.send_replace(Published::Ended);
        }
    }

    pub fn subscribe(&self, code: &DisplayCode) -> Result<Subscription, HubError> {
        let display = self.display(code).ok_or(HubError::Unknown)?;
        let node = self.sockets.take().ok_or(HubError::NodeFull)?;
        let seat = display.sockets.take().ok_or(HubError::SocketsFull)?;
        Ok(Subscription {
            latest: display.latest.subscribe(),
            commands: display.commands.subscribe(),
            screens: Arc::clone(&display.screens),
            introduced: None,
            _seats: [seat, node],
        })
    }

    /// What the display shows now, for the page that a screen opens first.
    pub fn latest(&self, code: &DisplayCode) -> Option<Arc<Shown>> {
        self.display(code)?.showing()
    }

    /// Sockets of this node.
    pub fn sockets(&self) -> usize {
        self.sockets.taken()
    }

    /// Displays open on this node.
    pub fn displays(&self) -> usize {
        self.displays
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    pub fn status(&self, code: &DisplayCode) -> Option<DisplayStatus> {
        let display = self.display(code)?;
        let shown = display.showing()?;
        Some(DisplayStatus {
            code: code.clone(),
            sockets: display.sockets.taken(),
            frames: display.frames.load(Relaxed),
            seq: shown.seq,
            sent_at: shown.sent_at,
        })
    }

    /// The screens that watch the display and said hello, those that came first, first.
    pub fn screens(&self, code: &DisplayCode) -> Vec<Screen> {
        let display = self.display(code);
        display.map_or_else(Vec::new, |display| {
            display.screens.known().values().cloned().collect()
        })
    }

    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    fn display(&self, code: &DisplayCode) -> Option<Arc<Display>> {
        self.displays
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(code)
            .cloned()
    }

    fn shown(&self, board: Board, sent_at: UnixMicros, before: Option<&Shown>) -> Shown {
        let Board {
            design,
            state,
            received_at,
        } = board;
        let seq = self.seq.fetch_add(1, Relaxed) + 1;
        let same = before.filter(|before| before.design == design);
        Shown {
            epoch: self.epoch,
            seq,
            template_seq: same.map_or(seq, |before| before.template_seq),
            design,
            state,
            received_at,
            sent_at,
            messages: Messages::default(),
        }
    }
}

impl Display {
    fn publishing(&self) -> MutexGuard<'_, ()> {
        self.publishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn showing(&self) -> Option<Arc<Shown>> {
        match &*self.latest.borrow() {
            Published::Showing(shown) => Some(Arc::clone(shown)),
            Published::Ended => None,
        }
    }
}

impl Subscription {
    /// Tells the hub which screen this is, once it has said hello, and whenever it is another size.
    pub fn introduce(&mut self, screen: &Screen) {
        match &mut self.introduced {
            Some(known) if known.screen == *screen => {}
            Some(known) => known.alter(screen),
            None => self.introduced = Some(Screens::add(&self.screens, screen)),
        }
    }

    /// The latest, without waiting. It counts as seen.
    pub fn latest(&mut self) -> Published {
        self.latest.borrow_and_update().clone()
    }

    /// Waits until there is something unseen: the next command, or the latest state. After `Ended`
    /// it waits for ever. Nothing is lost if it is dropped before it is done.
    pub async fn next(&mut self) -> Heard {
        loop {
            tokio::select! {
                Ok(()) = self.latest.changed() => return Heard::Published(self.latest()),
                command = self.commands.recv() => match command {
                    Ok(command) => return Heard::Command(command),
                    // The oldest are gone: it goes on with those that are left.
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return self.last().await,
                },
            }
        }
    }

    /// The display is closed: its last state, if it is unseen, and then nothing any more.
    async fn last(&mut self) -> Heard {
        if self.latest.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        Heard::Published(self.latest())
    }
}

/// What the screens of a display are, in the order in which they came.
#[derive(Default)]
struct Screens {
    next: AtomicU64,
    known: Mutex<BTreeMap<u64, Screen>>,
}

/// One of them, until it is dropped.
struct Introduced {
    number: u64,
    /// As the others have it, so that nobody waits for them to compare it.
    screen: Screen,
    screens: Arc<Screens>,
}

impl Screens {
    fn add(screens: &Arc<Self>, screen: &Screen) -> Introduced {
        let number = screens.next.fetch_add(1, Relaxed);
        screens.known().insert(number, screen.clone());
        Introduced {
            number,
            screen: screen.clone(),
            screens: Arc::clone(screens),
        }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<u64, Screen>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Introduced {
    fn alter(&mut self, screen: &Screen) {
        self.screen = screen.clone();
        self.screens.known().insert(self.number, screen.clone());
    }
}

impl Drop for Introduced {
    fn drop(&mut self) {
        self.screens.known().remove(&self.number);
    }
}

/// A count with an end.
struct Seats {
    taken: AtomicUsize,
    max: usize,
}

struct Seat(Arc<Seats>);

impl Seats {
    fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            taken: AtomicUsize::new(0),
            max,
        })
    }

    fn take(self: &Arc<Self>) -> Option<Seat> {
        let next = |taken| (taken < self.max).then_some(taken + 1);
        self.taken.fetch_update(Relaxed, Relaxed, next).ok()?;
        Some(Seat(Arc::clone(self)))
    }

    fn taken(&self) -> usize {
        self.taken.load(Relaxed)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Relaxed);
    }
}
