//! The roster: everybody in one table that is searched and repaired on race morning, and the files
//! that it comes from.

mod form;
mod import;
mod list;
mod person;

use crate::{
    browser::effect,
    format::count,
    pages::{OpenEvent, attempt, every, page_of},
    parts::{
        Button, ButtonKind, Column, EmptyState, Glyph, Page, SearchBox, Sort, Toasts, VirtualTable,
        When, use_toasts,
    },
    rpc::{
        event::undo,
        roster::{RosterHead, RosterLine, read_roster},
    },
};
use leptos::prelude::*;
use list::List;
use model::{DeedId, EventId, ParticipantId, WaveId};

/// Imports and other people alter it too, so the page looks again.
const LOOK_AGAIN_MS: u64 = 3_000;

#[component]
pub fn RosterPage() -> impl IntoView {
    page_of("Roster", read_roster, |head| {
        view! { <Body head/> }.into_any()
    })
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shared {
    event: EventId,
    list: List,
    waves: RwSignal<Vec<(WaveId, String)>>,
    toasts: Toasts,
}

impl Shared {
    /// Tells of something that was done by hand, with a way to take it back.
    fn told(self, text: impl Into<String>, deed: DeedId) {
        self.list.look_soon();
        let (event, toasts, list) = (self.event, self.toasts, self.list);
        toasts.done_with(text, "Undo", move || {
            attempt(toasts, undo(event, deed), move |_| {
                list.look_soon();
                toasts.done("Undone");
            });
        });
    }
}

/// Who is open in the dialog at the side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    New,
    Known(ParticipantId),
}

#[component]
fn Body(head: RosterHead) -> impl IntoView {
    let RosterHead { event, waves, page } = head;
    let id = event.id;
    let OpenEvent(open_event) = expect_context();
    effect(move || open_event.set(Some(event.clone())));
    let shared = Shared {
        event: id,
        list: List::new(id, page),
        waves: RwSignal::new(waves),
        toasts: use_toasts(),
    };
    let list = shared.list;
    list.follow();
    every(LOOK_AGAIN_MS, move || list.look());
    let opened = RwSignal::new(None::<Opened>);
    let importing = RwSignal::new(false);
    let add = move || opened.set(Some(Opened::New));
    let import = move || importing.set(true);
    let lead = Memo::new(move |_| match list.total.get() {
        0 => String::new(),
        1 => "1 participant".to_owned(),
        total => format!("{} participants", count(total as u64)),
    });
    let found = move || match (list.query.read().trim().is_empty(), list.found.get()) {
        (true, _) => String::new(),
        (false, 0) => "Nobody found".to_owned(),
        (false, found) => format!("{} found", count(found as u64)),
    };
    view! {
        <Page title="Roster" lead=lead>
            <When
                holds=move || list.total.get() != 0
                fallback=move || view! {
                    <EmptyState icon=Glyph::People title="No participant yet"
                        text="Import the list from your registration service: CSV, text with tabs or semicolons, or Excel (.xlsx), as it was exported. The columns are recognised by their names.">
                        <Button kind=ButtonKind::Primary icon=Glyph::Upload on_press=import>
                            "Import a file"
                        </Button>
                        <Button icon=Glyph::Plus on_press=add>"Add a participant"</Button>
                    </EmptyState>
                }
            >
                <div class="roster-head">
                    <SearchBox id="find" label="Find in the roster" query=list.query
                        placeholder="Bib, name, city, team or chip"/>
                    <p class="roster-found quiet" role="status">{move || found()}</p>
                    <div class="roster-tools">
                        <Button icon=Glyph::Upload on_press=import>"Import a file"</Button>
                        <Button icon=Glyph::Plus on_press=add>"Add a participant"</Button>
                    </div>
                </div>
                <Lines shared opened/>
            </When>
            <person::PersonDialog shared opened/>
            <import::ImportDialog shared open=importing/>
        </Page>
    }
}

#[component]
fn Lines(shared: Shared, opened: RwSignal<Option<Opened>>) -> impl IntoView {
    let list = shared.list;
    let rows = Memo::new(move |_| (0..list.found.get()).collect::<Vec<_>>());
    let columns = vec![
        Column::number("Bib")
            .sortable()
            .width("minmax(3.6rem, 0.6fr)"),
        Column::text("Name").sortable().width("minmax(9rem, 2.2fr)"),
        Column::text("Race")
            .sortable()
            .wide_only()
            .width("minmax(0, 1fr)"),
        Column::text("Gender").sortable().wide_only().width("6rem"),
        Column::number("Age").sortable().wide_only().width("4.5rem"),
        Column::text("City").sortable().wide_only(),
        Column::text("Team").sortable().widest_only(),
        Column::text("Chips").widest_only(),
        Column::text("").width("minmax(0, 0.8fr)"),
    ];
    let cells = move |at: usize| {
        let line = list.line(at);
        let text = move |part: fn(&RosterLine) -> String| {
            (move || line.with(|line| line.as_ref().map(part).unwrap_or_default())).into_any()
        };
        let state = move || {
            line.with(|line| {
                let line = line.as_ref()?;
                let (words, class) = match line {
                    _ if line.withdrawn => ("withdrawn", "badge wait"),
                    _ if line.private => ("hidden", "badge info"),
                    _ if line.edited => ("edited", "badge neutral"),
                    _ => return None,
                };
                Some(view! { <span class=class>{words}</span> })
            })
        };
        vec![
            text(|line| line.bib.clone()),
            text(|line| line.name.clone()),
            text(|line| line.race.clone()),
            text(|line| line.gender.clone()),
            text(|line| line.age.map(|age| age.to_string()).unwrap_or_default()),
            text(|line| line.city.clone()),
            text(|line| line.team.clone()),
            text(|line| line.chips.clone()),
            state.into_any(),
        ]
    };
    let open = move |at: usize| {
        if let Some(line) = list.at(at) {
            opened.set(Some(Opened::Known(line.id)));
        }
    };
    let nobody = move || {
        view! {
            <EmptyState icon=Glyph::Search title="Nobody is called so"
                text="Search for a part of the name, the bib or a chip; one wrong letter does no harm."/>
        }
    };
    view! {
        <VirtualTable id="roster" caption="Roster" rows=rows columns cells sort=list.sort
            on_open=open empty=nobody/>
    }
}

/// As the first column orders it, which is how it comes.
fn as_it_comes() -> Sort {
    Sort::by(0)
}
