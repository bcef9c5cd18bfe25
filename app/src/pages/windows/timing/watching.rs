//! What a session's window does: follows what comes, plays what was, and shows somebody.
//!
//! Owns what was asked for and what of it is still wanted. When a read is due, `tape` says.

use super::{
    super::messages::{Ask, ask},
    tape::{Line, SPEEDS, Screen, Tape, lines},
};
use crate::{
    browser::{effect, now_us},
    pages::every,
    rpc::{
        RpcError,
        builder::Sample,
        sessions::{SessionPage, session_reads},
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    BoardState, UnixMicros, WallTime,
    session_view::{ReadsFrom, SessionKey, SessionRow, SessionState},
};

/// What comes is asked for so often.
const LOOK_AGAIN_MS: u64 = 1_000;

/// Between two looks at the tape.
const TICK_MS: u64 = 100;

/// Kept in the browser; older ones leave the list.
const LINES_MAX: usize = 200;

/// Where the reads come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// As they come, and the canvas stays as it is.
    Listed,
    /// As they come, and the canvas shows the newest.
    Followed,
    Played,
    Paused,
}

#[derive(Clone, Copy)]
pub(super) struct Watching {
    key: SessionKey,
    pub row: RwSignal<Option<SessionRow>>,
    pub mode: RwSignal<Mode>,
    pub speed: RwSignal<u32>,
    /// Numbered in the order in which they came here; the newest last.
    pub lines: RwSignal<Vec<(u64, Line)>>,
    pub problem: RwSignal<String>,
    /// Where the tape is, on the device's clock.
    pub at: RwSignal<i64>,
    numbered: StoredValue<u64>,
    coming: StoredValue<Option<u64>>,
    tape: StoredValue<Tape>,
    screen: StoredValue<Screen>,
    /// Answers to questions of before are thrown away.
    turn: StoredValue<u32>,
    asks: StoredValue<bool>,
    ticked_us: StoredValue<i64>,
}

/// On the canvas, and on no screen.
fn show(board: BoardState, at: Option<UnixMicros>) {
    ask(&Ask::Try(Box::new(Sample {
        label: String::new(),
        is_runner: false,
        at,
        board,
    })));
}

impl Watching {
    pub fn new(key: SessionKey, row: RwSignal<Option<SessionRow>>) -> Self {
        Self {
            key,
            row,
            mode: RwSignal::new(Mode::Listed),
            speed: RwSignal::new(SPEEDS[0]),
            lines: RwSignal::new(Vec::new()),
            problem: RwSignal::new(String::new()),
            at: RwSignal::new(key.from.0),
            numbered: StoredValue::new(0),
            coming: StoredValue::new(None),
            tape: StoredValue::new(Tape::default()),
            screen: StoredValue::new(Screen::default()),
            turn: StoredValue::new(0),
            asks: StoredValue::new(false),
            ticked_us: StoredValue::new(0),
        }
    }

    /// As long as the window shows it.
    pub fn go_on(self) {
        effect(move || self.look());
        every(LOOK_AGAIN_MS, move || self.look());
        every(TICK_MS, move || self.tick());
    }

    fn ask(self, from: ReadsFrom, take: impl FnOnce(Self, SessionPage) + 'static) {
        self.ask_boxed(from, Box::new(take));
    }

    /// Behind a pointer: each closure would bring its own copy of the code.
    fn ask_boxed(self, from: ReadsFrom, take: Box<dyn FnOnce(Self, SessionPage)>) {
        let event = self
            .row
            .with_untracked(|row| row.as_ref().map(|row| row.event));
        let Some(event) = event else { return };
        let turn = self.turn.get_value();
        self.asks.set_value(true);
        spawn_local(async move {
            let page = session_reads(event, self.key, from).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.asks.set_value(false);
            match page {
                Ok(page) => {
                    self.problem.set(String::new());
                    take(self, page);
                }
                Err(error) => self.failed(from, &error),
            }
        });
    }

    fn failed(self, from: ReadsFrom, error: &RpcError) {
        self.problem.set(error.sentence());
        match from {
            // Whoever presses Play goes on there.
            ReadsFrom::After(mark) => {
                self.tape
                    .update_value(|tape| tape.add(Vec::new(), Some(mark)));
                self.mode.set(Mode::Paused);
            }
            ReadsFrom::At(_) => self.mode.set(Mode::Listed),
            ReadsFrom::Last | ReadsFrom::Coming(_) => {}
        }
    }

    /// What was on the way is not wanted any more.
    fn turn(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.asks.set_value(false);
    }

    pub fn list(self, mode: Mode) {
        self.turn();
        self.mode.set(mode);
        self.coming.set_value(None);
        self.look();
    }

    fn look(self) {
        if self.asks.try_get_value() != Some(false) {
            return;
        }
        if !matches!(self.mode.get_untracked(), Mode::Listed | Mode::Followed) {
            return;
        }
        let is_over = |row: &SessionRow| row.state == SessionState::Ended;
        let coming = self.coming.get_value();
        if coming.is_some()
            && self
                .row
                .with_untracked(|row| row.as_ref().is_none_or(is_over))
        {
            return;
        }
        self.ask(
            coming.map_or(ReadsFrom::Last, ReadsFrom::Coming),
            |view, page| {
                let is_first = view.coming.get_value().is_none();
                view.coming.set_value(Some(page.coming));
                let new = view.taken(page, is_first);
                if is_first {
                    view.lines.set(Vec::new());
                }
                view.pass(new, view.mode.get_untracked() == Mode::Followed);
            },
        );
    }

    /// The lines of a page. `anew`: nobody was on the screen before.
    fn taken(self, page: SessionPage, anew: bool) -> Vec<Line> {
        let mut board = page.screen.board;
        let crossings = std::mem::take(&mut board.arrivals);
        if anew {
            self.screen.set_value(Screen::new(board));
        }
        lines(page.reads, &crossings)
    }

    /// They come into the list; the canvas shows the newest of them where it follows.
    fn pass(self, new: Vec<Line>, follows: bool) {
        if new.is_empty() {
            return;
        }
        let mut shown = None;
        self.screen.update_value(|screen| {
            for line in &new {
                let passed = screen.passed(line).map(|board| (board, line.read.at));
                shown = passed.or(shown.take());
            }
        });
        let mut number = self.numbered.get_value();
        self.lines.update(|lines| {
            for line in new {
                number += 1;
                lines.push((number, line));
            }
            lines.drain(..lines.len().saturating_sub(LINES_MAX));
        });
        self.numbered.set_value(number);
        if let Some((board, at)) = shown.filter(|_| follows) {
            let is_played = self.mode.get_untracked() == Mode::Played;
            show(board, is_played.then_some(at));
        }
    }

    /// The runner of a line, after those who came before them.
    pub fn press(self, number: u64) {
        let mut shown = None;
        let nobody = self.screen.with_value(Screen::emptied);
        self.lines.with_untracked(|lines| {
            let mut screen = nobody;
            for (_, line) in lines.iter().take_while(|(known, _)| *known <= number) {
                shown = screen.passed(line).map(|board| (board, line.read.at));
            }
        });
        if let Some((board, at)) = shown {
            if self.mode.get_untracked() == Mode::Played {
                self.mode.set(Mode::Paused);
            }
            if self.mode.get_untracked() == Mode::Followed {
                self.mode.set(Mode::Listed);
            }
            show(board, Some(at));
        }
    }

    // Playing

    pub fn play_from(self, at: WallTime) {
        self.turn();
        self.mode.set(Mode::Played);
        self.at.set(at.0);
        self.lines.set(Vec::new());
        self.tape.set_value(Tape::default());
        self.ask(ReadsFrom::At(at), move |view, page| {
            let next = page.next;
            let new = view.taken(page, true);
            view.tape.set_value(Tape::from(at, new, next));
            view.ticked_us.set_value(now_us());
        });
    }

    fn tick(self) {
        if self.mode.try_get_untracked() != Some(Mode::Played) {
            return;
        }
        let now = now_us();
        let passed_ms = (now - self.ticked_us.get_value()) / 1_000;
        self.ticked_us.set_value(now);
        let speed = self.speed.get_untracked();
        let asks = self.asks.get_value();
        let mut wants = None;
        let mut due = Vec::new();
        let mut is_over = false;
        self.tape.update_value(|tape| {
            // A tab that was asleep goes on where it was.
            due = tape.play(passed_ms.clamp(0, 1_000), speed);
            if !asks {
                wants = tape.wants();
            }
            is_over = tape.is_over(asks || wants.is_some());
        });
        let at = self.tape.with_value(Tape::at).0;
        if !asks || at > self.at.get_untracked() {
            self.at.set(at);
        }
        self.pass(due, true);
        if let Some(mark) = wants {
            self.ask(ReadsFrom::After(mark), |view, page| {
                let next = page.next;
                let new = view.taken(page, false);
                view.tape.update_value(|tape| tape.add(new, next));
            });
        } else if is_over {
            self.mode.set(Mode::Paused);
        }
    }

    /// Goes on, begins again at the end, or pauses.
    pub fn press_play(self, first: WallTime, last: WallTime) {
        match self.mode.get_untracked() {
            Mode::Played => self.mode.set(Mode::Paused),
            Mode::Paused if self.at.get_untracked() < last.0 => {
                self.ticked_us.set_value(now_us());
                self.mode.set(Mode::Played);
            }
            _ => self.play_from(first),
        }
    }
}
