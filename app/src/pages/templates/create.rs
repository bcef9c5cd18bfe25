//! A new template, and another name for one.

use super::Shared;
use crate::{
    address::go_to,
    browser::effect,
    pages::{Problem, Wrong, built_in_words, opened_by, send},
    parts::{Dialog, DialogFoot, SelectField, TextField, When, use_toasts},
    rpc::templates::{Beginning, create_template, rename_template},
};
use leptos::prelude::*;
use model::{
    BuiltIn, TemplateId,
    document::{Canvas, Subject},
};

/// What a new one begins as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    Blank,
    BuiltIn(BuiltIn),
    Own(TemplateId),
}

const SIZES: [(&str, &str); 6] = [
    ("1920x1080", "1920 × 1080, landscape"),
    ("1080x1920", "1080 × 1920, portrait"),
    ("3840x2160", "3840 × 2160, 4K"),
    ("1080x1080", "1080 × 1080, square"),
    ("1536x384", "1536 × 384, an LED strip"),
    ("1024x512", "1024 × 512, an LED wall"),
];

const SUBJECTS: [(&str, &str); 3] = [
    ("runner", "One runner at a time"),
    ("arrivals", "The last crossings"),
    ("nobody", "Nobody: clocks and messages"),
];

#[component]
pub(super) fn CreateDialog(shared: Shared) -> impl IntoView {
    let open = opened_by(shared.begins);
    let name = RwSignal::new(String::new());
    let size = RwSignal::new(SIZES[0].0.to_owned());
    let subject = RwSignal::new(SUBJECTS[0].0.to_owned());
    let (wrong, busy) = (Wrong::new(&["name"]), RwSignal::new(false));
    effect(move || {
        let Some(begins) = shared.begins.get() else {
            return;
        };
        wrong.clear();
        name.set(match begins {
            Begins::Blank => String::new(),
            Begins::BuiltIn(built_in) => built_in_words(built_in).to_owned(),
            Begins::Own(id) => {
                let known = shared.own(id).map(|one| one.name);
                known.map_or_else(String::new, |name| format!("{name}, copy"))
            }
        });
    });
    let create = move || {
        let Some(begins) = shared.begins.get_untracked() else {
            return;
        };
        let from = match begins {
            Begins::BuiltIn(built_in) => Beginning::BuiltIn(built_in),
            Begins::Own(id) => Beginning::Own(id),
            Begins::Blank => Beginning::Blank {
                canvas: canvas(&size.get_untracked()),
                subject: match &*subject.get_untracked() {
                    "arrivals" => Subject::Arrivals,
                    "nobody" => Subject::Nobody,
                    _ => Subject::Runner,
                },
            },
        };
        busy.set(true);
        let work = async move {
            let made = create_template(shared.event, name.get_untracked(), from).await;
            busy.set(false);
            made
        };
        send(wrong, work, move |id| {
            go_to(&format!("/events/{}/templates/{id}", shared.event));
        });
    };
    let foot = move || view! { <DialogFoot open verb="Create and open" busy on_press=create/> };
    let options = |of: &[(&str, &str)]| {
        let own = |(value, words): &(&str, &str)| ((*value).to_owned(), (*words).to_owned());
        Signal::stored(of.iter().map(own).collect::<Vec<_>>())
    };
    let (sizes, subjects) = (options(&SIZES), options(&SUBJECTS));
    let is_blank = move || shared.begins.get() == Some(Begins::Blank);
    view! {
        <Dialog id="new-template" title="New template" open foot>
            <TextField
                id="template-name"
                label="Name"
                value=name
                error=wrong.at("name")
                hint="Such as Finish arch 2027"
                autofocus=true
            />
            <When holds=is_blank>
                <SelectField id="template-size" label="Canvas" value=size options=sizes/>
                <SelectField id="template-subject" label="It shows" value=subject options=subjects/>
            </When>
            <Problem error=wrong.below()/>
        </Dialog>
    }
}

fn canvas(size: &str) -> Canvas {
    let sides = size.split_once('x');
    let sides = sides.and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let (width_px, height_px) = sides.unwrap_or((1_920, 1_080));
    Canvas {
        width_px,
        height_px,
    }
}

#[component]
pub(super) fn RenameDialog(shared: Shared) -> impl IntoView {
    let open = opened_by(shared.renames);
    let toasts = use_toasts();
    let name = RwSignal::new(String::new());
    let wrong = Wrong::new(&["name"]);
    effect(move || {
        if let Some(one) = shared.renames.get().and_then(|id| shared.own(id)) {
            wrong.clear();
            name.set(one.name);
        }
    });
    let rename = move || {
        let Some(id) = shared.renames.get_untracked() else {
            return;
        };
        let work = rename_template(id, name.get_untracked());
        send(wrong, work, move |()| {
            open.set(false);
            shared.reload.run(());
            toasts.done("Renamed.");
        });
    };
    let foot = move || view! { <DialogFoot open verb="Rename" on_press=rename/> };
    view! {
        <Dialog id="rename-template" title="Rename" open foot>
            <TextField
                id="template-new-name"
                label="Name"
                value=name
                error=wrong.at("name")
                autofocus=true
            />
            <Problem error=wrong.below()/>
        </Dialog>
    }
}
