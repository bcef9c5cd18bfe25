//! The list of layers, the topmost first: chosen, dragged, called, locked and hidden.
//!
//! Owns which of them are in the page: only those that are seen, as there may be hundreds.

mod moving;

use super::{desk::Desk, slots::search_field, stage::LETTERS};
use crate::{
    browser::{effect, listen},
    parts::{Each, Glyph, Icon, truth},
};
use editor::{Command, Kind, Layer, Panel};
use leptos::{ev, html, prelude::*};
use model::document::Property;
use moving::Moving;
use web_sys::Event;

/// Rows in the page beyond those that are seen, on either side.
const SPARE_ROWS: usize = 8;

/// The first row that is seen, and how many are, where none is there to be measured.
const UNMEASURED: (usize, usize) = (0, 40);

#[component]
pub(super) fn Layers(desk: Desk) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let field = NodeRef::<html::Input>::new();
    let scroller = NodeRef::<html::Div>::new();
    let list = NodeRef::<html::Ul>::new();
    let seen = RwSignal::new(UNMEASURED);
    effect(move || {
        if desk.panel.get() == Some(Panel::LayerSearch)
            && let Some(field) = field.get()
        {
            // By then it is seen too.
            request_animation_frame(move || {
                let _ = field.focus();
            });
            desk.panel.set(None);
        }
    });
    let layers = desk.watch(move |editor| editor.layers_with(&search.read(), LETTERS));
    let selection = desk.watch(|editor| editor.selection().to_vec());
    let measure = move || {
        let Some((scroller, list)) = scroller.get_untracked().zip(list.get_untracked()) else {
            return;
        };
        // Only the style sheet says how high a row is: for fingers it is higher.
        let row = list.first_element_child();
        let row_px = row.map_or(0.0, |row| row.get_bounding_client_rect().height());
        let rows = |px: i32| (f64::from(px) / row_px) as usize;
        let now = if row_px > 0.0 {
            (
                rows(scroller.scroll_top()),
                rows(scroller.client_height()) + 1,
            )
        } else {
            UNMEASURED
        };
        if seen.get_untracked() != now {
            seen.set(now);
        }
    };
    effect(move || {
        layers.track();
        measure();
    });
    let span = move || {
        let (first, count) = seen.get();
        let all = layers.read().len();
        let from = first.saturating_sub(SPARE_ROWS).min(all);
        (from, (first + count + SPARE_ROWS).min(all).max(from), all)
    };
    let rows = move || {
        let (from, to, _) = span();
        let layers = layers.read();
        layers.get(from..to).unwrap_or_default().to_vec()
    };
    let room = |rows: usize| format!("--rows:{rows}");
    let above = move || room(span().0);
    let below = move || {
        let (_, to, all) = span();
        room(all - to)
    };
    let moving = Moving {
        desk,
        selection,
        dragged: RwSignal::new(None),
        aim: RwSignal::new(None),
    };
    effect(move || {
        if let Some(list) = list.get() {
            moving.hear(&list);
        }
        if let Some(scroller) = scroller.get() {
            listen(&scroller, "scroll", move |_: Event| measure());
        }
    });
    view! {
        <div class="builder-search">
            {search_field(field, "Search layers", search)}
        </div>
        <div node_ref=scroller class="layers">
            <div class="layers-room" style=above></div>
            <ul node_ref=list aria-label="Layers">
                <Each each=rows key=what_is_seen let(layer)>
                    {row(layer, moving)}
                </Each>
            </ul>
            <div class="layers-room" style=below></div>
        </div>
    }
    .into_any()
}

/// A row is made anew when it is another.
fn what_is_seen(layer: &Layer) -> (String, String, usize, bool, bool) {
    let Layer {
        id,
        name,
        depth,
        locked,
        hidden,
        ..
    } = layer;
    (id.clone(), name.clone(), *depth, *locked, *hidden)
}

fn row(layer: Layer, moving: Moving) -> AnyView {
    let Moving {
        desk, selection, ..
    } = moving;
    let Layer {
        id,
        depth,
        name,
        kind,
        locked,
        hidden,
        has_children,
        ..
    } = layer;
    let id = StoredValue::new(id);
    let is_chosen = move || id.with_value(|id| selection.read().contains(id));
    let choose = move |event: ev::MouseEvent| {
        let id = id.get_value();
        let mut ids = selection.get_untracked();
        let adds = event.shift_key() || event.ctrl_key() || event.meta_key();
        match ids.iter().position(|known| *known == id) {
            Some(index) if adds => drop(ids.remove(index)),
            None if adds => ids.push(id),
            _ => ids = vec![id],
        }
        desk.command(Command::Select(ids));
    };
    let switch = |label: String, icon: Glyph, holds: bool, other: Property| {
        let flip = move |_| desk.step(Some(Command::SetOf(vec![(id.get_value(), other.clone())])));
        view! {
            <button
                class="layer-switch"
                type="button"
                aria-label=label
                aria-pressed=move || truth(holds)
                on:click=flip
            >
                <Icon glyph=icon/>
            </button>
        }
        .into_any()
    };
    let lock = if locked { Glyph::Lock } else { Glyph::Unlock };
    let eye = if hidden { Glyph::EyeOff } else { Glyph::Eye };
    view! {
        <li
            class="layer"
            class:chosen=is_chosen
            class:is-hidden=hidden
            style=format!("--depth:{depth}")
            class:is-group=has_children
            draggable="true"
            data-id=id.get_value()
            data-drop=move || id.with_value(|id| moving.aimed(id))
        >
            <Icon glyph=glyph(kind)/>
            <button
                class="layer-name"
                type="button"
                dir="auto"
                aria-pressed=move || truth(is_chosen())
                on:click=choose
            >
                {name.clone()}
            </button>
            {switch(format!("Lock {name}"), lock, locked, Property::Locked(!locked))}
            {switch(format!("Hide {name}"), eye, hidden, Property::Hidden(!hidden))}
            <span class="layer-handle" aria-hidden="true">
                <Icon glyph=Glyph::Menu/>
            </span>
        </li>
    }
    .into_any()
}

pub(super) const fn glyph(kind: Kind) -> Glyph {
    match kind {
        Kind::Text => Glyph::Text,
        Kind::Message => Glyph::Message,
        Kind::Image => Glyph::Image,
        Kind::Rectangle => Glyph::Rectangle,
        Kind::Ellipse => Glyph::Ellipse,
        Kind::Arrivals => Glyph::List,
        Kind::Races => Glyph::Gun,
        Kind::Clock => Glyph::Clock,
        Kind::QrCode => Glyph::Qr,
        Kind::Sponsors => Glyph::Sponsors,
        Kind::Ticker => Glyph::Ticker,
        Kind::Group => Glyph::Group,
    }
}
