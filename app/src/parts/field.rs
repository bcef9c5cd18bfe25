//! Fields to type into: label, control, and one line below for the hint or for what to do.
//!
//! Owns the frame round a control, which `choice` and `time_field` use too.

use leptos::{
    html::{ElementType, Input, Textarea},
    prelude::*,
};
use wasm_bindgen::JsCast;

/// What is typed. It chooses the keyboard of a phone and the control of the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextKind {
    #[default]
    Text,
    /// Digits only, without the browser's arrows: bibs, distances, ports.
    Number,
    /// `2026-11-20`
    Date,
    Email,
    Password,
    Url,
}

impl TextKind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Number => "text",
            Self::Date => "date",
            Self::Email => "email",
            Self::Password => "password",
            Self::Url => "url",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("decimal"),
            _ => None,
        }
    }
}

/// `<TextField id="event-name" label="Name" value=name error=name_error hint="As on the banner"/>`
///
/// `value` follows every key; `on_change` is called when the field is left changed. An error is
/// shown in place of the hint, so that nothing moves.
#[component]
pub fn TextField(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional)] kind: TextKind,
    #[prop(optional, into)] hint: Signal<String>,
    /// Says what to do: "Choose a date; the race list sorts by it".
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// In the posted form; the id where it is not given.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(default = "off".to_owned(), into)] autocomplete: String,
    /// Has the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    follow(node, value, |it| it.value(), |it, text| it.set_value(text));
    let control = view! {
        <input
            node_ref=node
            id=id.clone()
            class="input"
            name=name.unwrap_or_else(|| id.clone())
            type=kind.input_type()
            inputmode=kind.input_mode()
            value=value.get_untracked()
            placeholder=placeholder
            autocomplete=autocomplete
            autofocus=autofocus
            dir="auto"
            required=required
            disabled=disabled
            aria-describedby=note_id(&id)
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:input:target=move |event| value.set(event.target().value())
            on:change:target=move |event| {
                if let Some(on_change) = on_change {
                    on_change.run(event.target().value());
                }
            }
        />
    };
    framed(&id, label, required, hint, error, control.into_any())
}

/// `<TextArea id="note" label="Note" value=note rows=4/>`
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(default = 3)] rows: u32,
    #[prop(optional, into)] hint: Signal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<Textarea>::new();
    follow(node, value, |it| it.value(), |it, text| it.set_value(text));
    let control = view! {
        <textarea
            node_ref=node
            id=id.clone()
            class="input"
            name=id.clone()
            rows=rows.to_string()
            dir="auto"
            required=required
            disabled=disabled
            aria-describedby=note_id(&id)
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            on:input:target=move |event| value.set(event.target().value())
        >
            {value.get_untracked()}
        </textarea>
    };
    framed(&id, label, required, hint, error, control.into_any())
}

/// Label above, note below.
pub(super) fn framed(
    id: &str,
    label: Signal<String>,
    required: bool,
    hint: Signal<String>,
    error: Signal<Option<String>>,
    control: AnyView,
) -> AnyView {
    view! {
        <div class="field" class:bad=move || error.with(Option::is_some)>
            <label for=id.to_owned()>
                {label}
                {required.then(|| view! { <span class="required">"required"</span> })}
            </label>
            {control}
            {note(id, hint, error)}
        </div>
    }
    .into_any()
}

/// Hint or error. Its line is always there, so that an error moves nothing.
pub(super) fn note(id: &str, hint: Signal<String>, error: Signal<Option<String>>) -> AnyView {
    view! {
        <p class="note" id=note_id(id) aria-live="polite">
            {move || error.get().unwrap_or_else(|| hint.get())}
        </p>
    }
    .into_any()
}

pub(super) fn note_id(id: &str) -> String {
    format!("{id}-note")
}

/// Keeps a control and its signal the same. Done by hand and not with `prop:value`, which would
/// overwrite what somebody typed before the bundle was there.
pub(super) fn follow<E>(
    node: NodeRef<E>,
    value: RwSignal<String>,
    read: fn(&E::Output) -> String,
    write: fn(&E::Output, &str),
) where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    let served = value.get_untracked();
    Effect::new(move |met: Option<bool>| {
        let Some(control) = node.get() else {
            return false;
        };
        let text = value.get();
        let shown = read(&control);
        let is_first = met != Some(true);
        if is_first && text == served && shown != served {
            value.set(shown);
        } else if shown != text {
            write(&control, &text);
        }
        true
    });
}
