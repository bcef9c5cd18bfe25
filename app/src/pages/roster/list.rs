//! The rows that the page has: windows of a list that stays with the server.

use super::as_it_comes;
use crate::{
    browser::effect,
    parts::Sort,
    rpc::roster::{RosterLine, RosterQuery, RosterWindow, SortBy, WINDOW_ROWS, roster_page},
};
use leptos::{prelude::*, task::spawn_local};
use model::EventId;
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// In the order of the table's columns.
const SORTS: [SortBy; 7] = [
    SortBy::Bib,
    SortBy::Name,
    SortBy::Race,
    SortBy::Gender,
    SortBy::Age,
    SortBy::City,
    SortBy::Team,
];

/// When to look for what was just altered. The server takes it in by itself, a moment later.
const LOOK_SOON_MS: [u64; 4] = [80, 300, 800, 1_600];

#[derive(Clone, Copy)]
pub(super) struct List {
    event: EventId,
    pub(super) query: RwSignal<String>,
    pub(super) sort: RwSignal<Sort>,
    pub(super) total: RwSignal<usize>,
    pub(super) found: RwSignal<usize>,
    windows: RwSignal<HashMap<usize, Vec<RosterLine>>>,
    revision: StoredValue<u64>,
    /// Counts lists: another query, or another roster.
    turn: RwSignal<u64>,
    asked: StoredValue<HashSet<usize>>,
}

impl List {
    pub(super) fn new(event: EventId, first: RosterWindow) -> Self {
        let windows = HashMap::from([(0, first.rows)]);
        Self {
            event,
            query: RwSignal::new(String::new()),
            sort: RwSignal::new(as_it_comes()),
            total: RwSignal::new(first.total),
            found: RwSignal::new(first.found),
            windows: RwSignal::new(windows),
            revision: StoredValue::new(first.revision),
            turn: RwSignal::new(0),
            asked: StoredValue::new(HashSet::from([0])),
        }
    }

    /// Asks anew whenever somebody searches or sorts.
    pub(super) fn follow(self) {
        Effect::new(move |before: Option<(String, Sort)>| {
            let now = (self.query.get(), self.sort.get());
            if before.is_some_and(|before| before != now) {
                self.begin_anew();
            }
            now
        });
    }

    /// The row at that place, which is asked for while it is drawn.
    pub(super) fn line(self, at: usize) -> Memo<Option<RosterLine>> {
        effect(move || {
            self.turn.track();
            self.want(at / WINDOW_ROWS);
        });
        Memo::new(move |_| self.windows.with(|windows| in_windows(windows, at)))
    }

    pub(super) fn at(self, at: usize) -> Option<RosterLine> {
        self.windows
            .with_untracked(|windows| in_windows(windows, at))
    }

    fn query_at(self, offset: usize, limit: usize) -> RosterQuery {
        let sort = self.sort.get_untracked();
        RosterQuery {
            text: self.query.get_untracked(),
            sort: (sort != as_it_comes())
                .then(|| SORTS.get(sort.column).map(|by| (*by, sort.descending)))
                .flatten(),
            offset,
            limit,
        }
    }

    fn want(self, window: usize) {
        let is_new = self.asked.try_update_value(|asked| asked.insert(window));
        if is_new != Some(true) {
            return;
        }
        let turn = self.turn.get_untracked();
        let query = self.query_at(window * WINDOW_ROWS, WINDOW_ROWS);
        spawn_local(async move {
            let page = roster_page(self.event, query).await;
            if self.turn.try_get_untracked() != Some(turn) {
                return;
            }
            match page {
                Ok(page) => self.take(window, page),
                // Asked again when it is drawn again, or at the next look.
                Err(_) => {
                    self.asked.try_update_value(|asked| asked.remove(&window));
                }
            }
        });
    }

    fn take(self, window: usize, page: RosterWindow) {
        let is_another = self.revision.get_value() != page.revision;
        self.revision.set_value(page.revision);
        set_if_other(self.total, page.total);
        self.windows.update(|windows| {
            windows.insert(window, page.rows);
        });
        set_if_other(self.found, page.found);
        if is_another && window != 0 {
            self.begin_anew();
        }
    }

    /// Rows stay as they are until the new ones come.
    fn begin_anew(self) {
        self.asked.set_value(HashSet::new());
        self.turn.update(|turn| *turn += 1);
        // Also where no row is drawn.
        self.want(0);
    }

    /// Whether the roster is another one by now.
    pub(super) fn look(self) {
        let query = self.query_at(0, 0);
        spawn_local(async move {
            let Ok(page) = roster_page(self.event, query).await else {
                return;
            };
            let known = self.revision.try_get_value();
            if known.is_some_and(|known| known != page.revision) {
                self.revision.set_value(page.revision);
                set_if_other(self.total, page.total);
                self.begin_anew();
            }
        });
    }

    /// After something was altered.
    pub(super) fn look_soon(self) {
        for ms in LOOK_SOON_MS {
            set_timeout(
                move || {
                    if self.turn.try_get_untracked().is_some() {
                        self.look();
                    }
                },
                Duration::from_millis(ms),
            );
        }
    }
}

fn in_windows(windows: &HashMap<usize, Vec<RosterLine>>, at: usize) -> Option<RosterLine> {
    let window = windows.get(&(at / WINDOW_ROWS))?;
    window.get(at % WINDOW_ROWS).cloned()
}

fn set_if_other(signal: RwSignal<usize>, value: usize) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}
