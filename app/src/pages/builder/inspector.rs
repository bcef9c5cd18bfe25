//! What is selected, in numbers and choices; the canvas and its theme where nothing is.
//!
//! Owns which sections there are for which selection. Each asks the editor itself.

mod bound;
mod canvas;
mod completion;
mod fill;
mod kinds;
mod motion;
mod part;
mod picture;
mod place;
mod scenes;
mod text;
mod when;

use super::desk::Desk;
use crate::{browser::effect, parts::When};
use editor::Kind;
use leptos::{html, prelude::*};

#[component]
pub(super) fn Inspector(desk: Desk) -> impl IntoView {
    let none = desk.watch(|editor| editor.selection().is_empty());
    let chosen = desk.watch(|editor| editor.selection().to_vec());
    let panel = NodeRef::<html::Aside>::new();
    effect(move || {
        let _ = chosen.get();
        // What somebody else's settings were scrolled to says nothing of these.
        if let Some(panel) = panel.get() {
            panel.set_scroll_top(0);
        }
    });
    let section = move |kinds: &'static [Kind], content: fn(Desk) -> AnyView| {
        let holds = desk.watch(move |editor| {
            let selected = editor.selected();
            let of = |kind: Kind| kinds.contains(&kind);
            !selected.is_empty() && selected.iter().all(|one| of(Kind::of(&one.draw)))
        });
        view! { <When holds=move || holds.get()>{content(desk)}</When> }.into_any()
    };
    view! {
        <aside node_ref=panel class="inspector" aria-label="Inspector">
            <When
                holds=move || none.get()
                fallback=move || view! {
                    {place::section(desk)}
                    {section(&[Kind::Text, Kind::Message, Kind::Ticker], text::says)}
                    {section(&[Kind::QrCode], kinds::qr)}
                    {section(&[Kind::Clock], kinds::clock)}
                    {section(&[Kind::Ticker], kinds::ticker)}
                    {section(&[Kind::Text, Kind::Message, Kind::Clock, Kind::Ticker], text::style)}
                    {section(&[Kind::Rectangle, Kind::Ellipse], kinds::shape)}
                    {section(&[Kind::Image], kinds::image)}
                    {section(&[Kind::Sponsors], kinds::sponsors)}
                    {section(&[Kind::Arrivals, Kind::Races], kinds::rows)}
                    {when::section(desk)}
                    {motion::section(desk)}
                    {place::constraints(desk)}
                }
            >
                {canvas::section(desk)}
                {scenes::section(desk)}
                {canvas::theme(desk)}
            </When>
        </aside>
    }
    .into_any()
}
