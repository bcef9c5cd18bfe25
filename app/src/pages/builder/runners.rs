//! One after the other of the whole roster, to try the template with: the server has them.
//!
//! Owns whom of how many is wanted. Steps that come faster than answers count all the same; only
//! the answer to the last is shown.

use super::desk::Desk;
use crate::{
    browser::effect,
    format::count,
    parts::{Glyph, IconButton, SearchBox, Toasts, use_toasts},
    rpc::builder::{Runner, try_runner},
};
use editor::Trial;
use leptos::{prelude::*, task::spawn_local};
use model::EventId;

#[derive(Clone, Copy)]
pub(super) struct Runners {
    desk: Desk,
    event: EventId,
    search: RwSignal<String>,
    /// Whom, counted from 0, of how many that the search finds.
    at: RwSignal<usize>,
    found: RwSignal<usize>,
    asked: StoredValue<u64>,
    toasts: Toasts,
}

impl Runners {
    /// The first of all is shown already.
    pub(super) fn new(desk: Desk, event: EventId, found: usize) -> Self {
        let runners = Self {
            desk,
            event,
            search: RwSignal::new(String::new()),
            at: RwSignal::new(0),
            found: RwSignal::new(found),
            asked: StoredValue::new(0),
            toasts: use_toasts(),
        };
        let mut is_first = true;
        effect(move || {
            runners.search.track();
            if !std::mem::take(&mut is_first) {
                runners.ask(0);
            }
        });
        effect(move || match desk.trial.get() {
            Some(Trial::Next) => runners.step(1),
            Some(Trial::Previous) => runners.step(-1),
            _ => {}
        });
        runners
    }

    /// After the last comes the first.
    fn step(self, by: i32) {
        let found = i32::try_from(self.found.get_untracked()).unwrap_or(i32::MAX);
        if found == 0 {
            return;
        }
        let at = i32::try_from(self.at.get_untracked()).unwrap_or(0);
        let at = at.saturating_add(by).rem_euclid(found).unsigned_abs();
        self.ask(at as usize);
    }

    fn ask(self, at: usize) {
        self.at.set(at);
        self.asked.update_value(|asked| *asked += 1);
        let asked = self.asked.get_value();
        let text = self.search.get_untracked();
        spawn_local(async move {
            let answer = try_runner(self.event, text, at).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            match answer {
                Ok(Runner { at, found, sample }) => {
                    self.at.set(at);
                    self.found.set(found);
                    if let Some(sample) = sample {
                        self.desk.try_runner(sample);
                    }
                }
                Err(error) => self.toasts.error(error.sentence()),
            }
        });
    }

    /// `17 of 30,512`
    fn place(self) -> String {
        let found = self.found.get() as u64;
        let is_searched = self.search.with(|text| !text.trim().is_empty());
        match (found, is_searched) {
            (0, true) => "Nobody is found".to_owned(),
            (0, false) => "Nobody is on the roster".to_owned(),
            (_, true) => format!(
                "{} of {} found",
                count(self.at.get() as u64 + 1),
                count(found)
            ),
            (_, false) => format!("{} of {}", count(self.at.get() as u64 + 1), count(found)),
        }
    }

    pub(super) fn view(self) -> AnyView {
        let keys = move |event: leptos::ev::KeyboardEvent| {
            match &*event.key() {
                "ArrowDown" => self.step(1),
                "ArrowUp" => self.step(-1),
                _ => return,
            }
            event.prevent_default();
        };
        view! {
            <div class="builder-runners" role="group" aria-label="Runners" on:keydown=keys>
                <IconButton
                    icon=Glyph::ChevronLeft
                    label="The runner before"
                    on_press=move || self.step(-1)
                />
                <span class="builder-count" role="status">{move || self.place()}</span>
                <IconButton
                    icon=Glyph::ChevronRight
                    label="The next runner"
                    on_press=move || self.step(1)
                />
                <SearchBox
                    id="runner-search"
                    label="Find a runner"
                    placeholder="Bib or name"
                    query=self.search
                />
            </div>
        }
        .into_any()
    }
}
