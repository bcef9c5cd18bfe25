//! Fields to choose from: a list, a tick, a file.

use super::field::{framed, note, note_id};
use super::{Glyph, Icon};
use leptos::{html::Input, prelude::*};

/// `options` are pairs of value and words.
/// `<SelectField id="race" label="Race" value=race options=vec![("5k".into(), "5K".into())]/>`
#[component]
pub fn SelectField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let choices = move || {
        let choice = |(key, words): (String, String)| {
            let is_chosen = {
                let key = key.clone();
                Signal::derive(move || value.with(|value| *value == key))
            };
            view! {
                <option value=key selected=is_chosen prop:selected=is_chosen>
                    {words}
                </option>
            }
        };
        options
            .get()
            .into_iter()
            .map(choice)
            .map(IntoAny::into_any)
            .collect_view()
    };
    let control = view! {
        <select
            id=id.clone()
            class="input"
            name=id.clone()
            required=required
            disabled=disabled
            aria-describedby=note_id(&id)
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:change:target=move |event| value.set(event.target().value())
        >
            {move || choices()}
        </select>
    };
    framed(&id, label, required, hint, error, control.into_any())
}

/// `<Checkbox id="bib-rule" label="The tag is the bib" checked=rule/>`
#[component]
pub fn Checkbox(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    checked: RwSignal<bool>,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="field tick" class:bad=move || error.with(Option::is_some)>
            <input
                id=id.clone()
                name=id.clone()
                type="checkbox"
                checked=checked.get_untracked()
                prop:checked=checked
                disabled=disabled
                aria-describedby=note_id(&id)
                on:change:target=move |event| checked.set(event.target().checked())
            />
            <label for=id.clone()>{label}</label>
            {note(&id, hint, error)}
        </div>
    }
    .into_any()
}

/// A place to drop a file on, or to press for the system's own choice of files.
/// The files are in `node.get()` when `on_pick` is called.
/// `<FileField id="roster" label="Roster" accept=".csv,.txt,.xlsx" node=input on_pick=read/>`
#[component]
pub fn FileField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    node: NodeRef<Input>,
    #[prop(into)] on_pick: Callback<()>,
    #[prop(optional, into)] accept: Option<String>,
    #[prop(optional)] multiple: bool,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let picked = RwSignal::new(String::new());
    let over = RwSignal::new(false);
    let control = view! {
        <div class="drop" class:over=over>
            <Icon glyph=Glyph::Upload/>
            <span class="drop-text">
                {move || match picked.get() {
                    none if none.is_empty() => "Drop a file here, or press to choose".to_owned(),
                    names => names,
                }}
            </span>
            <input
                node_ref=node
                id=id.clone()
                name=id.clone()
                type="file"
                accept=accept
                multiple=multiple
                disabled=disabled
                aria-describedby=note_id(&id)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:dragenter=move |_| over.set(true)
                on:dragleave=move |_| over.set(false)
                on:drop=move |_| over.set(false)
                on:change=move |_| {
                    picked.set(names(node));
                    on_pick.run(());
                }
            />
        </div>
    };
    framed(&id, label, false, hint, error, control.into_any())
}

fn names(node: NodeRef<Input>) -> String {
    let Some(files) = node.get_untracked().and_then(|input| input.files()) else {
        return String::new();
    };
    let names: Vec<String> = (0..files.length())
        .filter_map(|at| files.item(at))
        .map(|file| file.name())
        .collect();
    names.join(", ")
}
