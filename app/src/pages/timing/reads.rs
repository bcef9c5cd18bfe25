//! The reads as they come, joined to people.
//!
//! Rows that are there stay what they are: a read that alters writes into its own row.

use super::Shared;
use crate::{
    browser::effect,
    pages::every,
    parts::{
        Badge, Button, Column, EmptyState, Glyph, SearchBox, SelectField, Tone, VirtualTable, When,
    },
    rpc::timing::reads,
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    EventId, PointId,
    limits::READS_PAGE_MAX,
    timing_view::{ReadFilter, ReadRow, ReadStatus, ReadsPage, ReadsQuery},
};
use std::collections::HashMap;

const LOOK_AGAIN_MS: u64 = 1_000;

/// Kept in the browser; older ones leave the list.
const ROWS_MAX: usize = 1_000;

/// What is shown, and how it is gone on with.
#[derive(Clone, Copy)]
struct List {
    event: EventId,
    /// The newest first.
    ids: RwSignal<Vec<u64>>,
    rows: StoredValue<HashMap<u64, ArcRwSignal<ReadRow>>>,
    cursor: StoredValue<Option<u64>>,
    /// Answers to questions of before are thrown away.
    turn: StoredValue<u32>,
    asking: StoredValue<bool>,
    skipped: RwSignal<bool>,
    /// Something was answered, so that an empty list is empty.
    answered: RwSignal<bool>,
}

impl List {
    fn new(event: EventId) -> Self {
        Self {
            event,
            ids: RwSignal::new(Vec::new()),
            rows: StoredValue::new(HashMap::new()),
            cursor: StoredValue::new(None),
            turn: StoredValue::new(0),
            asking: StoredValue::new(false),
            skipped: RwSignal::new(false),
            answered: RwSignal::new(false),
        }
    }

    fn begin_again(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.asking.set_value(false);
        self.cursor.set_value(None);
        self.rows.update_value(HashMap::clear);
        self.skipped.set(false);
        self.answered.set(false);
        self.ids.set(Vec::new());
    }

    /// What was asked before is not taken any more; going on asks for it again. A list that is
    /// still empty is filled all the same.
    fn hold(self) {
        if self.cursor.get_value().is_some() {
            self.turn.update_value(|turn| *turn += 1);
            self.asking.set_value(false);
        }
    }

    fn look(self, mut query: ReadsQuery) {
        if self.asking.try_get_value() != Some(false) {
            return;
        }
        self.asking.set_value(true);
        let turn = self.turn.get_value();
        query.after = self.cursor.get_value();
        query.limit = READS_PAGE_MAX;
        spawn_local(async move {
            let page = reads(self.event, query).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.asking.set_value(false);
            if let Ok(page) = page {
                self.take(page);
            }
        });
    }

    fn take(self, page: ReadsPage) {
        let is_first = self.cursor.get_value().is_none();
        self.cursor.set_value(Some(page.cursor));
        if page.skipped && !is_first {
            self.skipped.set(true);
        }
        if !self.answered.get_untracked() {
            self.answered.set(true);
        }
        let mut new = Vec::new();
        self.rows.update_value(|rows| {
            for row in page.rows {
                match rows.get(&row.id) {
                    Some(known) => known.set(row),
                    None => {
                        new.push(row.id);
                        rows.insert(row.id, ArcRwSignal::new(row));
                    }
                }
            }
        });
        if new.is_empty() {
            return;
        }
        let mut gone = Vec::new();
        self.ids.update(|ids| {
            ids.extend(new);
            ids.sort_unstable_by(|a, b| b.cmp(a));
            if ids.len() > ROWS_MAX {
                gone = ids.split_off(ROWS_MAX);
            }
        });
        self.rows.update_value(|rows| {
            for id in gone {
                rows.remove(&id);
            }
        });
    }

    fn row(self, id: u64) -> Option<ArcRwSignal<ReadRow>> {
        self.rows.with_value(|rows| rows.get(&id).cloned())
    }
}

#[component]
pub(super) fn Reads(shared: Shared) -> impl IntoView {
    let list = List::new(shared.event);
    let paused = RwSignal::new(false);
    let point = RwSignal::new(String::new());
    let only = RwSignal::new("all".to_owned());
    let text = RwSignal::new(String::new());
    let query = Memo::new(move |_| ReadsQuery {
        point: point.with(|id| id.parse::<PointId>().ok()),
        only: match only.read().as_str() {
            "known" => ReadFilter::Known,
            "unknown" => ReadFilter::Unknown,
            "late" => ReadFilter::Late,
            _ => ReadFilter::All,
        },
        text: text.get(),
        ..ReadsQuery::default()
    });
    let is_open = Memo::new(move |_| shared.tab.with(|tab| tab == "reads"));
    let look = move || {
        if is_open.try_get_untracked() == Some(true) && !paused.get_untracked() {
            list.look(query.get_untracked());
        }
    };
    Effect::new(move |before: Option<ReadsQuery>| {
        let query = query.get();
        if before.is_some_and(|before| before != query) {
            list.begin_again();
            // What fits now is shown even while it is held.
            list.look(query.clone());
        }
        query
    });
    effect(move || {
        if is_open.get() {
            look();
        }
    });
    every(LOOK_AGAIN_MS, look);
    let points = Signal::derive(move || {
        let mut options = vec![(String::new(), "All points".to_owned())];
        shared.facts.with(|facts| {
            let points = facts.points.iter();
            options.extend(points.map(|it| (it.id.to_string(), it.name.clone())));
        });
        options
    });
    let kinds = [
        ("all", "All reads"),
        ("known", "Of participants"),
        ("unknown", "Of unknown tags"),
        ("late", "Late ones"),
    ];
    let kinds: Vec<_> = kinds
        .map(|(key, words)| (key.to_owned(), words.to_owned()))
        .into();
    let empty = move || {
        view! {
            <When holds=move || list.answered.get()>
            <When
                holds=move || query.with(|query| *query == ReadsQuery::default())
                fallback=|| view! {
                    <EmptyState icon=Glyph::Filter title="No read fits"
                        text="Choose another point or kind, or empty the search."/>
                }
            >
                <EmptyState icon=Glyph::Mat title="No read yet"
                    text="Reads appear here the moment a mat sends them, whether they are shown on a screen or not."/>
            </When>
            </When>
        }
    };
    view! {
        <div class="reads-tools">
            <SearchBox id="find-read" label="Find a read" query=text placeholder="Bib, name or tag"/>
            <SelectField id="reads-point" label="Point" value=point options=points/>
            <SelectField id="reads-only" label="Kind" value=only options=kinds/>
            <Button
                icon=Glyph::Pause
                on_press=move || {
                    paused.update(|on| *on = !*on);
                    if paused.get_untracked() {
                        list.hold();
                    }
                }
            >
                {move || if paused.get() { "Go on" } else { "Hold the list" }}
            </Button>
        </div>
        <p class="quiet reads-note" role="status">
            {move || match (paused.get(), list.skipped.get()) {
                (true, _) => "Held: nothing moves. What comes meanwhile is stored, and shown when you go on.",
                (false, true) => "More came than fits here; some are left out of this list, none is lost.",
                (false, false) => "",
            }}
        </p>
        <VirtualTable id="reads-list" caption="Reads, the newest first" rows=list.ids hold=true
            empty=empty height="max(20rem, 100dvh - 22rem)"
            columns=vec![
                Column::text("Time").width("minmax(5.75rem, 0.8fr)"),
                Column::text("Point").width("minmax(3.9rem, 0.7fr)"),
                Column::number("Bib").width("minmax(3.6rem, 0.4fr)"),
                Column::text("Name").width("minmax(0, 1.6fr)"),
                Column::text("").width("minmax(3.6rem, 0.8fr)"),
                Column::text("Tag").width("minmax(0, 0.9fr)").wide_only(),
                Column::text("Reader").width("6rem").widest_only(),
                Column::number("Number").width("5.5rem").widest_only(),
            ]
            cells=move |id| cells(list, id)/>
    }
}

fn cells(list: List, id: u64) -> Vec<AnyView> {
    let Some(row) = list.row(id) else {
        return (0..8).map(|_| ().into_any()).collect();
    };
    let text = |look: fn(&ReadRow) -> String| {
        let row = row.clone();
        view! { <span dir="auto">{move || row.with(look)}</span> }.into_any()
    };
    let status = row.clone();
    let marks = move || {
        let (status, simulated) = status.with(|row| (row.status, row.simulated));
        let (tone, word) = match status {
            ReadStatus::New => (Tone::Good, ""),
            ReadStatus::Gun => (Tone::Info, "gun"),
            ReadStatus::Ignored => (Tone::Neutral, "ignored"),
            ReadStatus::Duplicate => (Tone::Neutral, "duplicate"),
            ReadStatus::Unknown => (Tone::Bad, "unknown"),
            ReadStatus::Late => (Tone::Wait, "late"),
        };
        view! {
            {(!word.is_empty()).then(|| view! { <Badge tone=tone>{word}</Badge> })}
            {simulated.then(|| view! { <Badge tone=Tone::Info>"DEMO"</Badge> })}
        }
    };
    vec![
        text(|row| row.time.get(11..21).unwrap_or(&row.time).to_owned()),
        text(|row| row.point.clone()),
        text(|row| whose(row, |it| it.bib.clone())),
        text(|row| match (&row.person, row.status) {
            (Some(person), _) => person.name.clone(),
            (None, ReadStatus::Gun) => "Gun".to_owned(),
            (None, _) => format!("tag {}", row.tag),
        }),
        view! { <span class="read-marks">{move || marks()}</span> }.into_any(),
        text(|row| row.tag.clone()),
        text(|row| row.reader.clone()),
        text(|row| row.sequence.map(|it| it.to_string()).unwrap_or_default()),
    ]
}

fn whose(row: &ReadRow, look: fn(&model::timing_view::Whose) -> String) -> String {
    row.person.as_ref().map(look).unwrap_or_default()
}
