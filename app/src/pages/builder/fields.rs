//! What can be bound: fields in groups, each with what it says for whom the template is tried with.
//!
//! Owns the groups and their words. Which fields there are, `model` says.

use super::{desk::Desk, slots::search_field, stage::LETTERS};
use crate::{
    browser::{effect, listen},
    parts::Each,
};
use editor::{Brought, Command};
use leptos::{html, prelude::*};
use model::document::{Binding, DataField, Draw, Pattern, Piece, Property};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element, HtmlElement, KeyboardEvent};

const GROUPS: [(&str, &[DataField]); 4] = [
    (
        "Runner",
        &[
            DataField::Name,
            DataField::FirstName,
            DataField::LastName,
            DataField::Bib,
            DataField::City,
            DataField::State,
            DataField::Country,
            DataField::Division,
            DataField::Team,
            DataField::Gender,
            DataField::Age,
            DataField::Message,
        ],
    ),
    (
        "Times",
        &[
            DataField::Time,
            DataField::ChipTime,
            DataField::GunTime,
            DataField::Pace,
            DataField::Distance,
        ],
    ),
    (
        "Read",
        &[
            DataField::Race,
            DataField::Point,
            DataField::Late,
            DataField::Fresh,
        ],
    ),
    (
        "Event and display",
        &[
            DataField::Event,
            DataField::EventDate,
            DataField::Points,
            DataField::SeveralPoints,
            DataField::Races,
            DataField::Started,
            DataField::Awaited,
            DataField::Unofficial,
            DataField::Demo,
        ],
    ),
];

/// All of them, with the group that each is in.
pub(super) fn all(desk: Desk) -> Vec<(&'static str, DataField)> {
    let known = GROUPS
        .iter()
        .flat_map(|(group, fields)| fields.iter().map(|field| (*group, field.clone())));
    let own = desk.columns();
    let own = own
        .into_iter()
        .map(|name| ("Columns of the roster", DataField::Custom(name)));
    known.chain(own).collect()
}

/// The list, with a search.
#[component]
pub(super) fn Fields(desk: Desk) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let rows = move || {
        let wanted = (LETTERS.lower)(&search.read());
        let mut rows = Vec::new();
        let mut last = "";
        for (group, field) in all(desk) {
            let name = field.name().into_owned();
            if !(LETTERS.lower)(&name).contains(wanted.trim()) {
                continue;
            }
            let head = (group != last).then_some(group);
            last = group;
            rows.push((head, field, name));
        }
        rows
    };
    let list = NodeRef::<html::Ul>::new();
    effect(move || {
        if let Some(list) = list.get() {
            listen(&list, "dragstart", dragged);
            listen(&list, "keydown", pressed);
        }
    });
    view! {
        <div class="field-list">
            {search_field(NodeRef::new(), "Search fields", search)}
            <ul node_ref=list>
                <Each each=rows key=|row| row.2.clone() let(row)>
                    {line(desk, row)}
                </Each>
            </ul>
        </div>
    }
    .into_any()
}

fn line(desk: Desk, (head, field, name): (Option<&'static str>, DataField, String)) -> AnyView {
    let says = {
        let field = field.clone();
        move || desk.says(&field)
    };
    view! {
        {head.map(|head| view! { <li class="field-head">{head}</li> })}
        <li>
            // No `button`: Firefox drags none.
            <div
                role="button"
                tabindex="0"
                class="field-line"
                title="Put it into the selected text, or into a new one; or drag it onto the canvas"
                draggable="true"
                on:click=move |_| put(desk, &field)
            >
                <span class="field-name">{name}</span>
                <span class="field-says" dir="auto">{says}</span>
            </div>
        </li>
    }
    .into_any()
}

/// It is let go on the canvas, as the text that it is.
fn pressed(event: KeyboardEvent) {
    let line = event
        .target()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let ("Enter" | " ", Some(line)) = (&*event.key(), line) {
        event.prevent_default();
        line.click();
    }
}

fn dragged(event: DragEvent) {
    let line = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let name = line.and_then(|line| line.query_selector(".field-name").ok()?);
    let name = name
        .and_then(|name| name.text_content())
        .unwrap_or_default();
    if let Some(data) = event.data_transfer() {
        // It fails only once the drag is over.
        let _ = data.set_data("text/plain", &["{", &name, "}"].concat());
    }
}

/// At the end of the selected text, else as a new text.
fn put(desk: Desk, field: &DataField) {
    let bound = Piece::Bound(Binding {
        field: field.clone(),
        formats: Vec::new(),
        fallback: None,
    });
    let longer = desk.read(|editor| {
        let one = Desk::only(editor)?;
        let mut draw = one.draw.clone();
        let says = match &mut draw {
            Draw::Text(text) | Draw::Message(text) => &mut text.text,
            Draw::Ticker(ticker) => &mut ticker.text,
            _ => return None,
        };
        if !says.pieces.is_empty() {
            says.pieces.push(Piece::Text(" ".to_owned()));
        }
        says.pieces.push(bound.clone());
        // Two texts side by side are one.
        *says = says.to_string().parse().ok()?;
        Some(Property::Draw(draw))
    });
    if let Some(longer) = longer {
        desk.command(Command::Set(vec![longer]));
    } else {
        let pieces = vec![bound];
        desk.command(Command::Bring(Brought::Text(Pattern { pieces }), None));
    }
    desk.command(Command::Settle);
}
