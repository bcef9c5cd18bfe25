//! Long tables: of tens of thousands of rows only those in sight are in the page.
//!
//! Owns what is in sight and which row is active. It knows rows by their keys only: what a row
//! says is read by its cells, so a change of one row draws one row, and a new order moves rows.

use super::{
    When,
    table::{Column, Room, Sort, head},
};
use crate::browser::effect;
use leptos::{children::ViewFn, html, prelude::*};
use std::{hash::Hash, ops::Range, sync::Arc};
use wasm_bindgen::{JsCast, prelude::Closure};

/// What the server sends, and what is drawn until the browser has measured itself.
const ROWS_SERVED: usize = 40;
/// Drawn beyond each end of what is in sight, for fast fingers.
const ROWS_BEYOND: usize = 12;
/// What is drawn moves in steps of so many rows, not with every pixel.
const ROWS_STEP: usize = 8;

/// What identifies a row: an id, small to copy.
pub trait RowKey: Clone + Eq + Hash + Send + Sync + 'static {}
impl<K: Clone + Eq + Hash + Send + Sync + 'static> RowKey for K {}

/// ```text
/// <VirtualTable id="roster" caption="Roster" rows=shown_ids on_open=move |id| edit(id)
///     columns=vec![Column::number("Bib"), Column::text("Name")]
///     cells=move |id| { let row = row_signal(id); vec![
///         (move || row.get().bib).into_any(), (move || row.get().name).into_any()] }/>
/// ```
///
/// `rows` are the keys in their order; `cells` is called once for each row that comes into
/// sight and makes one view for each column. Arrow keys, PageUp, PageDown, Home and End move the
/// active row, Enter opens it.
#[component]
pub fn VirtualTable<K: RowKey>(
    #[prop(into)] id: String,
    /// For readers of screens.
    #[prop(into)]
    caption: Signal<String>,
    columns: Vec<Column>,
    #[prop(into)] rows: Signal<Vec<K>>,
    cells: impl Fn(K) -> Vec<AnyView> + Send + Sync + 'static,
    #[prop(optional)] sort: Option<RwSignal<Sort>>,
    /// The row that the keys move; the page may set and follow it.
    #[prop(optional)]
    active: Option<RwSignal<Option<K>>>,
    /// Pressed, or Enter on the active row.
    #[prop(optional, into)]
    on_open: Option<Callback<K>>,
    /// Keeps what somebody reads in its place while rows come in above it, as reads do.
    #[prop(optional)]
    hold: bool,
    /// Of the whole table, as CSS has it.
    #[prop(default = "max(20rem, 100dvh - 16rem)".to_owned(), into)]
    height: String,
    /// Stands over the place of the rows while there are none.
    #[prop(optional, into)]
    empty: Option<ViewFn>,
) -> impl IntoView {
    let sight = Sight::new(rows, active.unwrap_or_else(|| RwSignal::new(None)));
    sight.watch(hold);
    let count = Memo::new(move |_| rows.with(Vec::len));
    let tracks = |room| {
        let shown = columns.iter().filter(|column| column.room <= room);
        let widths: Vec<&str> = shown.map(|column| column.width.as_str()).collect();
        widths.join(" ")
    };
    let style = format!(
        "height:{height};--columns:{};--columns-wide:{};--columns-narrow:{}",
        tracks(Room::Widest),
        tracks(Room::Wide),
        tracks(Room::Narrow),
    );
    let row = RowMaker {
        id: id.clone(),
        sight,
        on_open,
        cells: Arc::new(cells),
        classes: columns.iter().map(cell_class).collect(),
    };
    let active_id = {
        let id = id.clone();
        move || sight.active_index().map(|at| format!("{id}-row-{at}"))
    };
    let column_count = columns.len();
    let heads = columns.into_iter().enumerate().map(|(at, column)| {
        let aria_sort = sort.filter(|_| column.is_sortable);
        let class = cell_class(&column);
        view! {
            <div
                role="columnheader"
                class=class
                aria-sort=move || aria_sort.map(|sort| sort.get().spoken(at))
            >
                {head(at, column, sort)}
            </div>
        }
    });
    let heads = heads.map(IntoAny::into_any).collect_view();
    view! {
        <div class="vtable" style=style>
            <div
                node_ref=sight.scroller
                id=id
                class="vtable-scroll"
                class:opens=on_open.is_some()
                role="grid"
                tabindex="0"
                aria-label=caption
                aria-rowcount=move || (count.get() + 1).to_string()
                aria-colcount=column_count.to_string()
                aria-activedescendant=active_id
                on:scroll=move |_| sight.measure()
                on:keydown=move |event| {
                    // Buttons inside have keys of their own.
                    if event.target() != event.current_target() {
                        return;
                    }
                    match event.key().as_str() {
                        "Enter" => sight.open(on_open),
                        key if sight.step(key) => event.prevent_default(),
                        _ => {}
                    }
                }
            >
                <div role="rowgroup" class="vtable-head">
                    <div role="row" class="vrow" aria-rowindex="1">{heads}</div>
                </div>
                <div
                    node_ref=sight.body
                    role="rowgroup"
                    class="vtable-body"
                    style=move || format!("height:calc(var(--row) * {})", count.get())
                >
                    <div
                        role="presentation"
                        style=move || {
                            let first = sight.drawn.get().start;
                            format!("transform:translateY(calc(var(--row) * {first}))")
                        }
                    >
                        <ForEnumerate
                            each=move || sight.drawn_keys()
                            key=|key| key.clone()
                            children=move |at, key| row.make(at, key)
                        />
                    </div>
                </div>
            </div>
            {empty.map(|empty| view! {
                <When holds=move || count.get() == 0>
                    <div class="vtable-empty">{empty.run()}</div>
                </When>
            })}
        </div>
    }
    .into_any()
}

fn cell_class(column: &Column) -> &'static str {
    match (column.is_number, column.room) {
        (false, Room::Narrow) => "cell",
        (true, Room::Narrow) => "cell number",
        (false, Room::Wide) => "cell wide-only",
        (true, Room::Wide) => "cell number wide-only",
        (false, Room::Widest) => "cell widest-only",
        (true, Room::Widest) => "cell number widest-only",
    }
}

struct RowMaker<K: RowKey> {
    id: String,
    sight: Sight<K>,
    on_open: Option<Callback<K>>,
    cells: Arc<dyn Fn(K) -> Vec<AnyView> + Send + Sync>,
    classes: Arc<[&'static str]>,
}

impl<K: RowKey> Clone for RowMaker<K> {
    fn clone(&self) -> Self {
        RowMaker {
            id: self.id.clone(),
            sight: self.sight,
            on_open: self.on_open,
            cells: self.cells.clone(),
            classes: self.classes.clone(),
        }
    }
}

impl<K: RowKey> RowMaker<K> {
    fn make(&self, at: ReadSignal<usize>, key: K) -> AnyView {
        let RowMaker {
            id, sight, on_open, ..
        } = self.clone();
        let index = move || sight.drawn.get().start + at.get();
        let is_active = {
            let key = key.clone();
            Signal::derive(move || sight.active.with(|active| active.as_ref() == Some(&key)))
        };
        let cells = (self.cells)(key.clone())
            .into_iter()
            .zip(self.classes.iter());
        let cells = cells.map(|(cell, class)| {
            view! {
                <div role="gridcell" class=*class>
                    {cell}
                </div>
            }
        });
        let cells = cells.map(IntoAny::into_any).collect_view();
        view! {
            <div
                role="row"
                class="vrow"
                class:active=is_active
                class:odd=move || index() % 2 == 1
                id=move || format!("{id}-row-{}", index())
                aria-rowindex=move || (index() + 2).to_string()
                aria-selected=move || is_active.get().to_string()
                on:click=move |event| {
                    if !is_control(&event) {
                        sight.active.set(Some(key.clone()));
                        if let Some(on_open) = on_open {
                            on_open.run(key.clone());
                        }
                    }
                }
            >
                {cells}
            </div>
        }
        .into_any()
    }
}

/// A press on a button or link in a cell is not one on its row.
fn is_control(event: &web_sys::MouseEvent) -> bool {
    let target = event
        .target()
        .and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.closest("a, button, input, label"), Ok(Some(_))))
}

/// Which rows are in sight, which of them are drawn, which one is active.
struct Sight<K: RowKey> {
    rows: Signal<Vec<K>>,
    active: RwSignal<Option<K>>,
    /// The first row to draw and how many, by what was measured last.
    wanted: RwSignal<(usize, usize)>,
    /// The same within the rows that there are now.
    drawn: Memo<Range<usize>>,
    /// The first row in sight, where the table is not at its start.
    top: StoredValue<Option<(K, usize)>>,
    scroller: NodeRef<html::Div>,
    body: NodeRef<html::Div>,
}

impl<K: RowKey> Clone for Sight<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: RowKey> Copy for Sight<K> {}

/// In pixels, measured: the height of a row depends on density, zoom and the size of letters.
struct Measures {
    row: f64,
    /// Of the rows, without the head.
    view: f64,
    scrolled: f64,
}

impl<K: RowKey> Sight<K> {
    fn new(rows: Signal<Vec<K>>, active: RwSignal<Option<K>>) -> Sight<K> {
        let wanted = RwSignal::new((0, ROWS_SERVED));
        let drawn = Memo::new(move |_| {
            let (first, count) = wanted.get();
            clipped(first, count, rows.with(Vec::len))
        });
        Sight {
            rows,
            active,
            wanted,
            drawn,
            top: StoredValue::new(None),
            scroller: NodeRef::new(),
            body: NodeRef::new(),
        }
    }

    /// Follows the sizes of the table and its rows, and the rows themselves.
    fn watch(self, hold: bool) {
        effect(move || {
            let (Some(scroller), Some(body)) = (self.scroller.get(), self.body.get()) else {
                return;
            };
            let told = Closure::<dyn FnMut()>::new(move || self.measure());
            let Ok(observer) = web_sys::ResizeObserver::new(told.as_ref().unchecked_ref()) else {
                return;
            };
            observer.observe(&scroller);
            observer.observe(&body);
            let held = StoredValue::new_local((observer, told));
            on_cleanup(move || held.with_value(|(observer, _)| observer.disconnect()));
        });
        effect(move || {
            self.rows.track();
            if hold {
                self.hold();
            }
            self.measure();
        });
    }

    fn measures(self) -> Option<Measures> {
        let (scroller, body) = (self.scroller.get_untracked()?, self.body.get_untracked()?);
        let count = self.rows.with_untracked(Vec::len);
        let row = body.get_bounding_client_rect().height() / f64::from(u32::try_from(count).ok()?);
        let view = f64::from(scroller.client_height() - body.offset_top());
        (row.is_finite() && row > 0.0 && view > 0.0).then(|| Measures {
            row,
            view,
            scrolled: f64::from(scroller.scroll_top()),
        })
    }

    fn measure(self) {
        let Some(Measures {
            row,
            view,
            scrolled,
        }) = self.measures()
        else {
            return;
        };
        let first = whole(scrolled / row);
        let in_sight = whole(view / row) + 2;
        let wanted = wanted(first, in_sight);
        if self
            .wanted
            .try_get_untracked()
            .is_some_and(|now| now != wanted)
        {
            self.wanted.set(wanted);
        }
        let key = self.rows.with_untracked(|rows| rows.get(first).cloned());
        self.top
            .set_value(key.filter(|_| first > 0).map(|key| (key, first)));
    }

    fn drawn_keys(self) -> Vec<K> {
        let drawn = self.drawn.get();
        self.rows
            .with(|rows| rows.get(drawn).map(<[K]>::to_vec).unwrap_or_default())
    }

    /// Moves by as many rows as came in above what is in sight.
    fn hold(self) {
        let (Some((key, was)), Some(measures), Some(scroller)) = (
            self.top.get_value(),
            self.measures(),
            self.scroller.get_untracked(),
        ) else {
            return;
        };
        let now = self
            .rows
            .with_untracked(|rows| rows.iter().position(|row| *row == key));
        if let Some(now) = now
            && now != was
        {
            let rows = pixels(now, measures.row) - pixels(was, measures.row);
            scroller.set_scroll_top(as_pixel(measures.scrolled + rows));
        }
    }

    /// Of the active row, where it is drawn.
    fn active_index(self) -> Option<usize> {
        let key = self.active.get()?;
        let drawn = self.drawn.get();
        let first = drawn.start;
        self.rows.with(|rows| {
            let at = rows.get(drawn)?.iter().position(|row| *row == key)?;
            Some(first + at)
        })
    }

    fn open(self, on_open: Option<Callback<K>>) {
        if let (Some(on_open), Some(key)) = (on_open, self.active.get_untracked()) {
            on_open.run(key);
        }
    }

    /// Moves the active row by a key; `false` where the key means nothing here.
    fn step(self, key: &str) -> bool {
        let Some(measures) = self.measures() else {
            return false;
        };
        let page = whole(measures.view / measures.row).saturating_sub(1).max(1);
        let now = self.active.with_untracked(|active| {
            let active = active.as_ref()?;
            self.rows
                .with_untracked(|rows| rows.iter().position(|row| row == active))
        });
        let last = self.rows.with_untracked(Vec::len).saturating_sub(1);
        let Some(to) = stepped(
            key,
            now,
            whole(measures.scrolled / measures.row),
            page,
            last,
        ) else {
            return false;
        };
        self.active
            .set(self.rows.with_untracked(|rows| rows.get(to).cloned()));
        if let Some(scroller) = self.scroller.get_untracked() {
            let top = pixels(to, measures.row);
            let bottom = top + measures.row - measures.view;
            let scrolled = measures.scrolled.clamp(bottom.min(top), top);
            scroller.set_scroll_top(as_pixel(scrolled));
            self.measure();
        }
        true
    }
}

/// Where a key leads from `now`, or from the first row in sight where no row is active.
fn stepped(key: &str, now: Option<usize>, top: usize, page: usize, last: usize) -> Option<usize> {
    let to = match (key, now) {
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowDown" | "ArrowUp" | "PageDown" | "PageUp", None) => top,
        ("ArrowDown", Some(now)) => now + 1,
        ("ArrowUp", Some(now)) => now.saturating_sub(1),
        ("PageDown", Some(now)) => now + page,
        ("PageUp", Some(now)) => now.saturating_sub(page),
        _ => return None,
    };
    Some(to.min(last))
}

fn wanted(first: usize, in_sight: usize) -> (usize, usize) {
    let start = first.saturating_sub(ROWS_BEYOND) / ROWS_STEP * ROWS_STEP;
    (start, in_sight + 2 * ROWS_BEYOND + ROWS_STEP)
}

fn clipped(first: usize, count: usize, len: usize) -> Range<usize> {
    // Rows may have gone since the browser was measured.
    let first = first.min(len.saturating_sub(count));
    first..len.min(first + count)
}

fn pixels(rows: usize, row: f64) -> f64 {
    rows as f64 * row
}

fn whole(rows: f64) -> usize {
    rows.max(0.0) as usize
}

/// Up: a row that is cut by a fraction of a pixel is not all there.
fn as_pixel(px: f64) -> i32 {
    px.ceil() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_within_the_rows() {
        let check = |key, now, expected| {
            assert_eq!(stepped(key, now, 40, 10, 99), expected, "{key} {now:?}");
        };
        check("ArrowDown", None, Some(40));
        check("ArrowDown", Some(98), Some(99));
        check("ArrowDown", Some(99), Some(99));
        check("ArrowUp", Some(0), Some(0));
        check("PageDown", Some(95), Some(99));
        check("PageUp", Some(15), Some(5));
        check("Home", Some(50), Some(0));
        check("End", None, Some(99));
        check("a", Some(50), None);
    }

    #[test]
    fn what_is_in_sight_is_drawn_wherever_the_table_stands() {
        for first in (0..30_000).step_by(7) {
            let (start, count) = wanted(first, 20);
            let range = clipped(start, count, 30_000);
            assert!(
                range.start <= first && first + 20 <= range.end.max(first + 20),
                "{first}"
            );
            assert!(range.len() <= 20 + 2 * ROWS_BEYOND + ROWS_STEP);
            assert!(range.end >= (first + 20).min(30_000), "{first} {range:?}");
        }
        assert_eq!(clipped(64, 52, 10), 0..10);
        assert_eq!(clipped(0, 52, 0), 0..0);
    }
}
