//! The template builder: a canvas, what can be done to it, and whom it is tried with.
//!
//! Owns what is where. What gestures and commands do is `editor`'s; what a template looks like,
//! `render`'s.

mod bar;
mod beside;
mod canvas;
mod desk;
mod fields;
mod inspector;
mod keeping;
mod layers;
mod local;
mod menu;
mod overlay;
mod palette;
mod play;
mod rail;
mod ruler;
mod runners;
mod slots;
mod stage;
mod strip;

use crate::{
    address,
    browser::effect,
    pages::Failure,
    parts::{Button, Skeleton, ToastHost, When},
    rpc::{
        RpcError,
        builder::{BuilderView, open_builder},
    },
};
use desk::Desk;
use leptos::{prelude::*, task::spawn_local};
use model::EventId;

#[component]
pub fn BuilderPage() -> impl IntoView {
    // It is of no use without a script, so nothing of it is drawn before one runs.
    let opened = RwSignal::new(None::<Result<BuilderView, RpcError>>);
    let event = address::event();
    let open = move || {
        let asked = event.zip(address::template());
        spawn_local(async move {
            let found = match asked {
                Some((event, template)) => open_builder(event, template).await,
                None => Err(RpcError::NotFound {
                    problem: "there is no such template".to_owned(),
                }),
            };
            opened.try_set(Some(found));
        });
    };
    effect(open);
    let body = move || match (opened.get(), event) {
        (Some(Ok(view)), Some(event)) => view! { <Whole event view/> }.into_any(),
        (Some(Err(error)), _) => view! {
            <main class="alone"><Failure error on_retry=move || open()/></main>
        }
        .into_any(),
        _ => view! { <main class="alone"><Skeleton lines=6/></main> }.into_any(),
    };
    view! {
        <div>
            {body}
            <ToastHost/>
        </div>
    }
}

#[component]
fn Whole(event: EventId, view: BuilderView) -> impl IntoView {
    let name = RwSignal::new(view.name.clone());
    effect(move || document().set_title(&format!("{} – Gantry", name.get())));
    let found = view.people;
    let desk = Desk::new(view);
    desk.keep();
    beside::open_windows(desk);
    let history = RwSignal::new(false);
    view! {
        <main class="builder" id="main">
            <bar::Bar desk event name history/>
            <rail::Rail desk/>
            <canvas::Canvas desk/>
            <inspector::Inspector desk/>
            <strip::Strip desk event found/>
            <Found desk/>
            // The windows' bundle draws here, once it has come.
            <div class="builder-windows"></div>
        </main>
        <palette::Palette desk/>
        <palette::History desk open=history/>
    }
    .into_any()
}

/// What an earlier visit could not save, where somebody else has saved since.
#[component]
fn Found(desk: Desk) -> impl IntoView {
    view! {
        <When holds=move || desk.found.read().is_some()>
            <div class="builder-found" role="alert">
                <p>
                    "Changes from an earlier visit in this browser were not saved, and the template
                     has been changed since."
                </p>
                <Button small=true on_press=move || desk.drop_found()>"Drop them"</Button>
                <Button
                    small=true
                    on_press=move || {
                        if let Some(unsaved) = desk.found.get_untracked() {
                            desk.take_up(unsaved);
                        }
                    }
                >
                    "Make them again"
                </Button>
            </div>
        </When>
    }
    .into_any()
}
